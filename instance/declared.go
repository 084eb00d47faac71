package instance

import (
	"slices"
	"time"

	"kreds/calendar"
	"kreds/supervision"
)

// Declared gives a declaration the form in which calendars are merged: hours of each weekday, and the hours of the days
// that an exception touches.
func Declared(d supervision.Declaration) calendar.Declared {
	out := calendar.Declared{Zone: d.TimeZone}
	for _, w := range d.Weekly {
		out.Week[w.Weekday] = append(out.Week[w.Weekday], calendar.Hours{From: w.From, To: w.To})
	}
	touched := map[supervision.Date]bool{}
	for _, e := range d.Exceptions {
		for on := e.Start.On; !e.End.On.Before(on); on = on.AddDays(1) {
			touched[on] = true
		}
	}
	for on := range touched {
		hours := slices.Clone(out.Week[on.Weekday()])
		for _, e := range d.Exceptions {
			from, to := 0, 24*60
			if e.Start.On == on {
				from = e.Start.Minute
			} else if on.Before(e.Start.On) {
				continue
			}
			if e.End.On == on {
				to = e.End.Minute
			} else if e.End.On.Before(on) {
				continue
			}
			if from >= to {
				continue
			}
			if hours = without(hours, from, to); e.Available {
				hours = append(hours, calendar.Hours{From: from, To: to})
			}
		}
		slices.SortFunc(hours, func(a, b calendar.Hours) int { return a.From - b.From })
		out.Exceptions = append(out.Exceptions, calendar.Exception{On: calendar.Day{Year: on.Year, Month: on.Month, Day: on.Day}, Hours: hours})
	}
	slices.SortFunc(out.Exceptions, func(a, b calendar.Exception) int {
		return supervision.Date{Year: a.On.Year, Month: a.On.Month, Day: a.On.Day}.Compare(supervision.Date{Year: b.On.Year, Month: b.On.Month, Day: b.On.Day})
	})
	return out
}

// without takes [from, to) out of hours.
func without(hours []calendar.Hours, from, to int) (left []calendar.Hours) {
	for _, h := range hours {
		if h.From < from {
			left = append(left, calendar.Hours{From: h.From, To: min(h.To, from)})
		}
		if to < h.To {
			left = append(left, calendar.Hours{From: max(h.From, to), To: h.To})
		}
	}
	return left
}

// DeclaredReading is the declaration as a source for calendar.Merge: known up to its last day, unknown afterwards.
func DeclaredReading(d supervision.Declaration, window calendar.Interval) (calendar.Reading, error) {
	if !d.ValidTo.IsZero() {
		loc, err := calendar.LoadZone(d.TimeZone)
		if err != nil {
			return calendar.Reading{}, err
		}
		if end := d.ValidTo.AddDays(1).Midnight(loc).UTC(); end.Before(window.End) {
			window.End = end
		}
	}
	if window.Empty() {
		return calendar.Reading{Always: true, Covers: window}, nil
	}
	return Declared(d).Reading(window)
}

// Preferred lists the times of a window at which the person would rather meet (W06).
func Preferred(d supervision.Declaration, window calendar.Interval) ([]calendar.Interval, error) {
	loc, err := calendar.LoadZone(d.TimeZone)
	if err != nil {
		return nil, err
	}
	var out []calendar.Interval
	for day := supervision.DateOf(window.Start.In(loc)); !day.Midnight(loc).After(window.End); day = day.AddDays(1) {
		for _, w := range d.Weekly {
			if !w.Preferred || w.Weekday != day.Weekday() {
				continue
			}
			i := calendar.Interval{Start: clock(day, w.From).In(loc), End: clock(day, w.To).In(loc)}.Clip(window)
			if !i.Empty() {
				out = append(out, i)
			}
		}
	}
	return out, nil
}

// clock is what the wall shows so many minutes after midnight of a day; 1440 is midnight of the next.
func clock(day supervision.Date, minutes int) calendar.Wall {
	t := time.Date(day.Year, day.Month, day.Day, 0, minutes, 0, 0, time.UTC)
	return calendar.WallOf(t)
}
