package ics

import (
	"time"

	"kreds/calendar"
)

// moments is the instances of one series that EXDATEs or RECURRENCE-IDs name. RFC 5545 wants them written like DTSTART; many
// programs write them otherwise, so each form means what it can only mean: an instant, a wall clock, or a whole day of the
// series.
type moments struct {
	instants map[int64]bool
	walls    map[time.Time]bool
	days     map[time.Time]bool
}

func newMoments() moments {
	return moments{map[int64]bool{}, map[time.Time]bool{}, map[time.Time]bool{}}
}

// add names one more instance of a series that begins at start.
func (m moments) add(s *scope, start, x calendar.Moment) {
	wall := asUTC(x.Wall)
	switch {
	case x.Form == calendar.Date, start.Form == calendar.Date && x.Form != calendar.UTC:
		m.days[midnight(wall)] = true
	case x.Form == calendar.Floating:
		m.walls[wall] = true
	default:
		m.instants[s.instant(x).Unix()] = true
		if start.Form == calendar.Date && wall.Equal(midnight(wall)) {
			m.days[wall] = true
		}
	}
}

// have says whether the instance at that wall clock of the series, which is that instant, is named.
func (m moments) have(wall, at time.Time) bool {
	return m.instants[at.Unix()] || m.walls[wall] || m.days[midnight(wall)]
}

// midnight is the beginning of the day of a wall clock that is written as UTC.
func midnight(wall time.Time) time.Time {
	return time.Date(wall.Year(), wall.Month(), wall.Day(), 0, 0, 0, 0, time.UTC)
}
