package instance

import (
	"fmt"
	"time"

	"kreds/calendar"
	"kreds/scheduling"
	"kreds/supervision"
)

// slot is the length of a slot.
const slot = 15 * time.Minute

const week = 7 * 24 * time.Hour

// frame lays slots over time.
type frame struct {
	start time.Time // slot 0, a Monday 00:00 UTC
	weeks int
	zone  *time.Location // of the cycle: its windows and days
}

// Window is the time that a problem of the cycle speaks of: whole weeks from a Monday 00:00 UTC, which hold the cycle's days and
// its rounds' windows. Busy time is wanted for it.
func Window(c supervision.Cycle, rounds []supervision.Round) (calendar.Interval, error) {
	f, err := newFrame(c, rounds)
	if err != nil {
		return calendar.Interval{}, err
	}
	return f.interval(), nil
}

func newFrame(c supervision.Cycle, rounds []supervision.Round) (frame, error) {
	zone, err := calendar.LoadZone(c.TimeZone)
	if err != nil {
		return frame{}, fmt.Errorf("instance: cycle %s: %w", c.ID, err)
	}
	days := c.Span
	if days.From.IsZero() || days.To.IsZero() || days.To.Before(days.From) {
		return frame{}, fmt.Errorf("instance: cycle %s has no first or no last day; maybe its template was never applied", c.ID)
	}
	for _, r := range rounds {
		if w := r.Window; w.From.IsZero() || w.To.IsZero() || w.To.Before(w.From) {
			return frame{}, fmt.Errorf("instance: round %d of cycle %s has no window, or one that ends before it begins", r.Position, c.ID)
		}
		if r.Window.From.Before(days.From) {
			days.From = r.Window.From
		}
		if days.To.Before(r.Window.To) {
			days.To = r.Window.To
		}
	}
	first, end := midnight(days.From, zone), midnight(days.To.AddDays(1), zone)
	monday := first.Truncate(24 * time.Hour) // time.Time counts its days from midnight UTC
	monday = monday.AddDate(0, 0, -(int(monday.Weekday())+6)%7)
	return frame{start: monday, weeks: int((end.Sub(monday) + week - 1) / week), zone: zone}, nil
}

// interval is the whole time of the frame.
func (f frame) interval() calendar.Interval {
	return calendar.Interval{Start: f.start, End: f.start.Add(time.Duration(f.weeks) * week)}
}

// floor is the slot in which t lies, ceil the first slot that begins at t or later.
func (f frame) floor(t time.Time) int {
	d := t.Sub(f.start)
	n := int(d / slot)
	if d%slot < 0 {
		n--
	}
	return n
}

func (f frame) ceil(t time.Time) int { return -(frame{start: t}).floor(f.start) }

// outwards is the slots that i touches, inwards those that lie wholly in it; the latter may be empty.
func (f frame) outwards(i calendar.Interval) scheduling.Span {
	return scheduling.Span{From: f.floor(i.Start), To: f.ceil(i.End)}
}

func (f frame) inwards(i calendar.Interval) scheduling.Span {
	return scheduling.Span{From: f.ceil(i.Start), To: f.floor(i.End)}
}

// at is the beginning of a slot.
func (f frame) at(n int) time.Time { return f.start.Add(time.Duration(n) * slot) }

// day is the slot at which a day begins in the cycle's zone.
func (f frame) day(d supervision.Date) int { return f.floor(midnight(d, f.zone)) }

// dayNumber counts the days from the Monday of slot 0 to d, whatever the zone.
func (f frame) dayNumber(d supervision.Date) int {
	return supervision.DateOf(f.start).DaysUntil(d)
}

// noon is 12:00 of a day in the cycle's zone.
func (f frame) noon(d supervision.Date) int { return f.floor(wall(d, 12*60).In(f.zone)) }

// days are the slots of a span of days in the cycle's zone; its ends are set.
func (f frame) days(s supervision.Days) scheduling.Span { return f.outwards(wholeDays(s, f.zone)) }

// midnight is the first instant of a day in a zone, also where the clocks jump over 00:00.
func midnight(d supervision.Date, zone *time.Location) time.Time { return wall(d, 0).In(zone) }

// wall is the clock that shows so many minutes after 00:00 of a day.
func wall(d supervision.Date, minutes int) calendar.Wall {
	return calendar.Wall{Year: d.Year, Month: d.Month, Day: d.Day, Hour: minutes / 60, Min: minutes % 60}
}

// wholeDays is the time of a span of days, both included, in a zone. Its ends are set.
func wholeDays(s supervision.Days, zone *time.Location) calendar.Interval {
	return calendar.Interval{Start: midnight(s.From, zone), End: midnight(s.To.AddDays(1), zone)}
}

// slotsOf rounds minutes up to slots.
func slotsOf(minutes int) int { return (minutes + 14) / 15 }
