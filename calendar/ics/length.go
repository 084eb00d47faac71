package ics

import (
	"math"
	"time"

	"kreds/calendar"
)

// length is how long an occurrence is: days on the wall clock first, then exact time (RFC 5545 §3.3.6).
type length struct {
	days  int
	exact time.Duration
}

// length of an event, from its first occurrence. Where both an end and a duration are given, which RFC 5545 forbids, the
// longer one counts. A date without an end is one day (§3.6.1), and so is a date that ends on itself.
func (s *scope) length(start calendar.Moment, end *calendar.Moment, duration *calendar.Duration) length {
	var l length
	if end != nil {
		l = s.between(start, *end)
	}
	if duration != nil {
		if d := (length{duration.Days, duration.Exact}); d.atMost() > l.atMost() {
			l = d
		}
	}
	if start.Form == calendar.Date && l.atMost() <= 0 {
		l = length{days: 1}
	}
	return l
}

func (s *scope) between(start, end calendar.Moment) length {
	if start.Form == calendar.Date && end.Form == calendar.Date {
		return length{days: seconds(asUTC(start.Wall), asUTC(end.Wall)) / 86400}
	}
	return length{exact: s.instant(end).Sub(s.instant(start))}
}

// end of an occurrence that begins at the wall clock in loc.
func (l length) end(wall time.Time, loc *time.Location, start time.Time) time.Time {
	if l.days != 0 {
		start = wallOf(wall.AddDate(0, 0, l.days)).In(loc)
	}
	return start.Add(l.exact)
}

// atMost is a duration that no occurrence is longer than by more than a day.
func (l length) atMost() time.Duration {
	const day = 24 * time.Hour
	if l.days > int(math.MaxInt64/day)/4 {
		return math.MaxInt64 / 2
	}
	return time.Duration(l.days)*day + min(l.exact, math.MaxInt64/4)
}
