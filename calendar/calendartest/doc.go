// Package calendartest proves that an implementation keeps the promises of package calendar's ports: TestSource, TestSink
// and TestFreeBusy each run one suite over it, whatever service is behind. Memory is a small service of its own that passes
// them, for tests of what is built on the ports.
//
// A suite changes calendars behind the implementation's back, as their owner's other programs do, through the Hand of an
// Account.
package calendartest

import (
	"strings"
	"testing"
	"time"

	"kreds/calendar"
)

// Account is a fresh account of the implementation under test, with one empty calendar.
type Account struct {
	Source calendar.Source
	Ref    string // of the calendar
	Hand   Hand
}

// Hand is the outside hand on the calendar of an Account. A nil field means that the service has no such thing; the suite
// then has no such case.
type Hand struct {
	Put    func(t *testing.T, e Event)           // creates the event, or replaces the one of that UID
	Get    func(t *testing.T, uid string) string // the event as it stands there
	Delete func(t *testing.T, uid string)        // removes it
	// Poison creates an object that cannot be read.
	Poison func(t *testing.T)
	// Forget returns a cursor that the service no longer knows.
	Forget func(t *testing.T, c calendar.Cursor) calendar.Cursor
	// Drop removes the whole calendar.
	Drop func(t *testing.T)
	// Occupy puts somebody else's event where the appointment of that UID would stand.
	Occupy func(t *testing.T, uid string)
	// Elsewhere puts an event with the UID at another place than the appointment would stand at. The service allows a UID
	// only once.
	Elsewhere func(t *testing.T, uid string)
}

// Event is an event as the owner's other programs write it: with texts that Kreds must not keep.
type Event struct {
	UID string
	calendar.Interval
	Rule        string // RRULE, "" for a single event
	Transparent bool
	Status      calendar.Status
	Alarm       bool // with a text too
}

// Secret is in every text of an Event: title, place, description, people. It must not come out of any implementation.
const Secret = "xyzzysecret"

const stamp = "20060102T150405Z"

// ICS is the event as a calendar object resource.
func (e Event) ICS() string {
	lines := []string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//calendartest//EN", "BEGIN:VEVENT", "UID:" + e.UID,
		"DTSTAMP:20260101T000000Z", "DTSTART:" + e.Start.UTC().Format(stamp), "DTEND:" + e.End.UTC().Format(stamp),
		"SUMMARY:" + Secret, "LOCATION:" + Secret, "DESCRIPTION:" + Secret, "ATTENDEE;CN=" + Secret + ":mailto:" + Secret + "@example.org",
	}
	if e.Rule != "" {
		lines = append(lines, "RRULE:"+e.Rule)
	}
	if e.Transparent {
		lines = append(lines, "TRANSP:TRANSPARENT")
	}
	if e.Status != "" {
		lines = append(lines, "STATUS:"+string(e.Status))
	}
	if e.Alarm {
		lines = append(lines, "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT15M", "DESCRIPTION:"+Secret, "END:VALARM")
	}
	return strings.Join(append(lines, "END:VEVENT", "END:VCALENDAR", ""), "\r\n")
}

// on is an hour of March 2026, in UTC.
func on(day, hour int) calendar.Interval {
	start := time.Date(2026, time.March, day, hour, 0, 0, 0, time.UTC)
	return calendar.Interval{Start: start, End: start.Add(time.Hour)}
}
