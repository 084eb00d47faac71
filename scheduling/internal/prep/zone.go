package prep

import (
	"fmt"

	"kreds/scheduling"
)

// Flags say what a start costs a person.
type Flags uint8

const (
	// NotPreferred starts lie outside of what the person prefers.
	NotPreferred Flags = 1 << iota
	// Unloved sessions touch the hours of W13.
	Unloved
	// Inconvenient sessions have a part outside the core hours, 09:00–17:00 local.
	Inconvenient
	// FlagSets is how many different Flags there are.
	FlagSets = 1 << iota
)

// Zone is the local time that people with the same offsets share.
type Zone struct {
	Rounds []ZoneRound

	clock        scheduling.Person // for its local time
	from, to     int               // the slots that the sums below cover
	unloved      []int32           // how many slots before each one lie in the hours of W13
	inconvenient []int32           // the same, outside the core hours
}

// ZoneRound tells the local days of a round's starts.
type ZoneRound struct {
	Day  []int32 // the local day of each start
	Off  []int32 // W01's f of each start: ⌊min(days off, 21)² / 49⌋
	Runs []Run   // the starts day by day
}

// Run is a row of starts [From, To) on one local day.
type Run struct{ Day, From, To int }

// zone gives the zone of a list of offsets; people with equal lists share it.
func (p *Prepared) zone(off []scheduling.Offset) *Zone {
	key := fmt.Sprint(off)
	if z := p.zones[key]; z != nil {
		return z
	}
	z := &Zone{clock: scheduling.Person{Off: off}}
	p.zones[key] = z
	z.to = p.Problem.Weeks * scheduling.SlotsPerWeek
	for _, r := range p.Rounds {
		z.from, z.to = min(z.from, r.Open), max(z.to, r.Close)
	}
	z.count()
	for _, r := range p.Rounds {
		z.Rounds = append(z.Rounds, z.round(r))
	}
	return z
}

// count sums the slots that cost, so that a session's flags are two differences.
func (z *Zone) count() {
	n := max(0, z.to-z.from)
	z.unloved, z.inconvenient = make([]int32, n+1), make([]int32, n+1)
	for i := range n {
		unloved, inconvenient := z.judge(z.from + i)
		z.unloved[i+1] = z.unloved[i] + count(unloved)
		z.inconvenient[i+1] = z.inconvenient[i] + count(inconvenient)
	}
}

// judge says whether a slot lies in the hours of W13, and outside the core hours.
func (z *Zone) judge(slot int) (unloved, inconvenient bool) {
	const monday, friday = 0, 4
	day, at := z.clock.LocalTime(slot)
	hour := at / scheduling.SlotsPerHour
	return hour == 12 || day == friday && hour >= 15 || day == monday && hour < 9, hour < 9 || hour >= 17
}

func (z *Zone) flags(start, length int) Flags {
	var f Flags
	if start < z.from || start+length > z.to { // a pinned session outside of all windows
		for slot := start; slot < start+length; slot++ {
			unloved, inconvenient := z.judge(slot)
			f |= when(unloved, Unloved) | when(inconvenient, Inconvenient)
		}
		return f
	}
	a, b := start-z.from, start+length-z.from
	return when(z.unloved[b] > z.unloved[a], Unloved) | when(z.inconvenient[b] > z.inconvenient[a], Inconvenient)
}

func (z *Zone) round(r Round) ZoneRound {
	zr := ZoneRound{Day: make([]int32, r.Len), Off: make([]int32, r.Len)}
	for i := range r.Len {
		slot := r.Slot(i)
		day := z.Day(slot)
		zr.Day[i], zr.Off[i] = int32(day), int32(z.DaysOff(slot, r.Round))
		if last := len(zr.Runs) - 1; last >= 0 && zr.Runs[last].Day == day {
			zr.Runs[last].To++
		} else {
			zr.Runs = append(zr.Runs, Run{day, i, i + 1})
		}
	}
	return zr
}

// Day is the local day of a slot.
func (z *Zone) Day(slot int) int { return z.clock.LocalDay(slot) }

// DaysOff is W01's f of a session of a round that starts at a slot: ⌊min(days off, 21)² / 49⌋.
func (z *Zone) DaysOff(start int, r *scheduling.Round) int {
	a, b := z.clock.LocalDay(start), z.clock.TargetFor(r)
	off := min(max(a-b, b-a), 21)
	return off * off / 49
}

func when(is bool, f Flags) Flags {
	if is {
		return f
	}
	return 0
}

func count(is bool) int32 {
	if is {
		return 1
	}
	return 0
}
