package calendar

import "time"

// Interval is the half-open interval [Start, End) of instants.
type Interval struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

// Empty says whether no instant lies in the interval.
func (i Interval) Empty() bool { return !i.Start.Before(i.End) }

// Overlaps says whether the two share an instant.
func (i Interval) Overlaps(o Interval) bool { return i.Start.Before(o.End) && o.Start.Before(i.End) }

// Contains says whether o lies wholly inside i.
func (i Interval) Contains(o Interval) bool { return !o.Start.Before(i.Start) && !o.End.After(i.End) }

// Clip returns the part of i that lies in w; it may be empty.
func (i Interval) Clip(w Interval) Interval {
	if i.Start.Before(w.Start) {
		i.Start = w.Start
	}
	if i.End.After(w.End) {
		i.End = w.End
	}
	return i
}

// Wall is a date and time on a clock on the wall, without a zone.
type Wall struct {
	Year  int
	Month time.Month
	Day   int
	Hour  int
	Min   int
	Sec   int
}

// WallOf reads the wall clock of t in t's own location.
func WallOf(t time.Time) Wall {
	return Wall{t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second()}
}

// In returns the instant at which a clock on the wall of loc shows w. RFC 5545 §3.3.5: where the wall clock jumps over w,
// the offset before the jump is used; where it shows w twice, the first time is meant. (time.Date answers otherwise in the
// second case.)
func (w Wall) In(loc *time.Location) time.Time {
	asUTC := time.Date(w.Year, w.Month, w.Day, w.Hour, w.Min, w.Sec, 0, time.UTC)
	// The offset in force a day before and a day after bracket any single transition near w.
	before, after := offset(asUTC.AddDate(0, 0, -1), loc), offset(asUTC.AddDate(0, 0, 1), loc)
	first := asUTC.Add(-time.Duration(before) * time.Second)
	second := asUTC.Add(-time.Duration(after) * time.Second)
	switch {
	case offset(first, loc) == before:
		return first.UTC() // w exists before the transition: the first of two in a fold
	case offset(second, loc) == after:
		return second.UTC()
	}
	return first.UTC() // a gap: the offset before it
}

// offset is loc's offset from UTC at t, in seconds.
func offset(t time.Time, loc *time.Location) int {
	_, o := t.In(loc).Zone()
	return o
}
