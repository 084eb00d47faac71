package family

import (
	"time"

	"kreds/scheduling"
)

// summer is a rule of daylight saving time, for the year 2027 in which all families lie.
type summer int

const (
	none     summer = iota
	european        // 28 March to 31 October, at 01:00 UTC everywhere
	american        // 14 March to 7 November, at 02:00 local standard and summer time
)

// zone is a zone as the generator knows it: base slots ahead of UTC in winter.
type zone struct {
	base int
	rule summer
}

// offsets lists the zone's offsets as an instance carries them, beginning a week before the cycle.
func (z zone) offsets(start time.Time) []scheduling.Offset {
	list := []scheduling.Offset{{At: -scheduling.SlotsPerWeek, Offset: z.base}}
	on, off := z.changes()
	if on.IsZero() {
		return list
	}
	for _, c := range []scheduling.Offset{
		{At: slotOf(start, on), Offset: z.base + scheduling.SlotsPerHour},
		{At: slotOf(start, off), Offset: z.base},
	} {
		if c.At <= list[0].At {
			list[0].Offset = c.Offset
			continue
		}
		list = append(list, c)
	}
	return list
}

// changes gives the instants at which summer time begins and ends; zero when the zone has none.
func (z zone) changes() (on, off time.Time) {
	switch z.rule {
	case european:
		return time.Date(2027, 3, 28, 1, 0, 0, 0, time.UTC), time.Date(2027, 10, 31, 1, 0, 0, 0, time.UTC)
	case american:
		base := time.Duration(z.base) * 15 * time.Minute
		return time.Date(2027, 3, 14, 2, 0, 0, 0, time.UTC).Add(-base),
			time.Date(2027, 11, 7, 1, 0, 0, 0, time.UTC).Add(-base)
	}
	return time.Time{}, time.Time{}
}

// at gives the slot at which the zone's clocks show the hour of the day, counted from the cycle's first day.
func (z zone) at(start time.Time, day, hour int) int {
	local := day*scheduling.SlotsPerDay + hour*scheduling.SlotsPerHour
	return local - z.offset(start, local-z.base)
}

// offset gives how far the zone is ahead of UTC at a slot.
func (z zone) offset(start time.Time, slot int) int {
	off := 0
	for i, o := range z.offsets(start) {
		if i == 0 || o.At <= slot {
			off = o.Offset
		}
	}
	return off
}

// slotOf counts an instant in slots from the cycle's start.
func slotOf(start, t time.Time) int { return int(t.Sub(start) / (15 * time.Minute)) }
