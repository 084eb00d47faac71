package calendar

import (
	"fmt"
	"time"
)

// Declared is the availability that a person declares: a weekly grid of wall-clock hours in a zone, and days on which other
// hours hold. Outside of these hours the person is taken.
type Declared struct {
	Zone       string      `json:"zone"` // IANA
	Week       [7][]Hours  `json:"week"` // by time.Weekday: Sunday is 0
	Exceptions []Exception `json:"exceptions,omitempty"`
}

// Hours is the half-open part [From, To) of a day, in minutes on the wall clock after 00:00; To may be 1440.
type Hours struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Exception replaces the hours of one day; without hours the person is not available on it.
type Exception struct {
	On    Day     `json:"on"`
	Hours []Hours `json:"hours,omitempty"`
}

// Day is a date on the calendar.
type Day struct {
	Year  int        `json:"year"`
	Month time.Month `json:"month"`
	Day   int        `json:"day"`
}

// DayOf reads the date of t in t's own location.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day{y, m, d}
}

// wall is the clock that shows so many minutes after 00:00 of the day; 1440 is 00:00 of the next.
func (d Day) wall(minutes int) Wall {
	return Wall{d.Year, d.Month, d.Day, minutes / 60, minutes % 60, 0}
}

// Validate says what is wrong with the declaration: a zone that is not known, hours that are no part of a day, a date that
// does not exist or has two exceptions.
func (d Declared) Validate() error {
	if _, err := LoadZone(d.Zone); err != nil {
		return err
	}
	for day, hours := range d.Week {
		if err := validHours(hours); err != nil {
			return fmt.Errorf("calendar: %s: %w", time.Weekday(day), err)
		}
	}
	seen := map[Day]bool{}
	for _, e := range d.Exceptions {
		on := fmt.Sprintf("%04d-%02d-%02d", e.On.Year, e.On.Month, e.On.Day)
		if e.On != DayOf(time.Date(e.On.Year, e.On.Month, e.On.Day, 0, 0, 0, 0, time.UTC)) {
			return fmt.Errorf("calendar: the date %s does not exist", on)
		}
		if seen[e.On] {
			return fmt.Errorf("calendar: %s has two exceptions; put its hours into one", on)
		}
		seen[e.On] = true
		if err := validHours(e.Hours); err != nil {
			return fmt.Errorf("calendar: %s: %w", on, err)
		}
	}
	return nil
}

func validHours(hours []Hours) error {
	for _, h := range hours {
		if h.From < 0 || h.From >= h.To || h.To > 24*60 {
			return fmt.Errorf("hours from minute %d to minute %d are no part of a day; 0 ≤ from < to ≤ 1440 is", h.From, h.To)
		}
	}
	return nil
}

// Busy returns the part of the window that lies outside of the declared hours, ordered. Where the wall clock jumps over the
// beginning of some hours, they begin later by the length of the jump (RFC 5545 §3.3.5); where it jumps over their end, they
// end with the jump. A time that comes twice is meant the first time.
func (d Declared) Busy(window Interval) ([]Busy, error) {
	if err := d.Validate(); err != nil {
		return nil, err
	}
	if window.Empty() {
		return nil, nil
	}
	loc, err := LoadZone(d.Zone)
	if err != nil {
		return nil, err
	}
	other := map[Day][]Hours{}
	for _, e := range d.Exceptions {
		other[e.On] = e.Hours
	}
	var available []Interval
	first := DayOf(window.Start.In(loc))
	for t := time.Date(first.Year, first.Month, first.Day, 0, 0, 0, 0, time.UTC); ; t = t.AddDate(0, 0, 1) {
		day := DayOf(t)
		if day.wall(0).In(loc).After(window.End) {
			break
		}
		hours, excepted := other[day]
		if !excepted {
			hours = d.Week[t.Weekday()]
		}
		for _, h := range hours {
			i := Interval{day.wall(h.From).In(loc), day.wall(h.To).end(loc)}
			if i = i.Clip(window); !i.Empty() {
				available = append(available, i)
			}
		}
	}
	return Subtract([]Busy{{window, BusyTime}}, available), nil
}

// Reading returns the declaration as a source for Merge: always known, over the whole window.
func (d Declared) Reading(window Interval) (Reading, error) {
	busy, err := d.Busy(window)
	return Reading{Busy: busy, Covers: window, Always: true}, err
}

// end is In for the end of an interval: in a gap it is the moment of the jump.
func (w Wall) end(loc *time.Location) time.Time {
	t := w.In(loc)
	if asUTC := time.Date(w.Year, w.Month, w.Day, w.Hour, w.Min, w.Sec, 0, time.UTC); WallOf(t.In(loc)) != WallOf(asUTC) {
		jump, _ := t.In(loc).ZoneBounds()
		return jump.UTC()
	}
	return t
}
