package scenario

import (
	"fmt"
	"time"

	"kreds/calendar"
	"kreds/supervision"
)

// Meeting is something else in people's calendars: once, or a series at the same time of the same weekday. It can be put into a
// calendar as one event, and its times are busy.
type Meeting struct {
	UID    string
	Zone   string           // IANA: of the clock by which it is held
	On     supervision.Date // the day of the first one
	From   int              // minutes after midnight
	To     int
	Every  int // weeks from one to the next
	Times  int // how many there are; 1: no series
	People []supervision.PersonID
}

// Rule is the RRULE of a series (RFC 5545 §3.8.5.3), empty for a single meeting.
func (m Meeting) Rule() string {
	if m.Times <= 1 {
		return ""
	}
	return fmt.Sprintf("FREQ=WEEKLY;INTERVAL=%d;COUNT=%d", m.Every, m.Times)
}

// Occurrences are the times of the meeting.
func (m Meeting) Occurrences() ([]calendar.Interval, error) {
	zone, err := calendar.LoadZone(m.Zone)
	if err != nil {
		return nil, err
	}
	var out []calendar.Interval
	for i := range m.Times {
		d := m.On.AddDays(7 * m.Every * i)
		out = append(out, calendar.Interval{Start: clock(d, m.From, zone), End: clock(d, m.To, zone)})
	}
	return out, nil
}

// clock is the instant at which a clock shows so many minutes after midnight of a day.
func clock(d supervision.Date, minutes int, zone *time.Location) time.Time {
	return calendar.Wall{Year: d.Year, Month: d.Month, Day: d.Day, Hour: minutes / 60, Min: minutes % 60}.In(zone)
}

// Busy is what the calendars of mentors and supervisors say, by person.
func (s Scenario) Busy() (map[supervision.PersonID][]calendar.Busy, error) {
	out := map[supervision.PersonID][]calendar.Busy{}
	for _, m := range s.Meetings {
		times, err := m.Occurrences()
		if err != nil {
			return nil, fmt.Errorf("scenario %s: meeting %s: %w", s.Name, m.UID, err)
		}
		for _, p := range m.People {
			for _, t := range times {
				out[p] = append(out[p], calendar.Busy{Interval: t, Kind: calendar.BusyTime})
			}
		}
	}
	for p, busy := range out {
		out[p] = calendar.Union(busy)
	}
	return out, nil
}
