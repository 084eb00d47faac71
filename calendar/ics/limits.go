package ics

import (
	"errors"
	"fmt"

	"kreds/calendar"
)

// Limits bounds what Decode takes. A zero field stands for its default.
type Limits struct {
	Bytes  int64 // of the stream: 10 MiB, DecodeObject 8 MiB; more is calendar.ErrTooLarge
	Events int   // VEVENTs and busy periods: 50,000; what follows is left out, and the Report says that the list is cut
	Zones  int   // VTIMEZONEs: 50; what follows is left out
	Dates  int   // EXDATEs and RDATEs of one event, events of one UID: 1,000 each
	Depth  int   // of nested components: 8
}

// Limits that are no one's to change.
const (
	maxHead    = 1 << 10 // bytes before the colon of a line that is kept: go-ical copies a parameter once for each byte of it
	maxLine    = 1 << 20 // bytes of an unfolded line that is kept
	maxRule    = 1 << 10 // bytes of a recurrence rule
	maxText    = 255     // bytes of a UID or TZID that is kept as it is
	maxMasters = 20      // events of one UID that recur, of which there should be one; the recurrence of others is unsupported
	maxObserve = 200     // STANDARD and DAYLIGHT parts of a VTIMEZONE
)

func (l Limits) orDefault(bytes int64) Limits {
	d := Limits{Bytes: bytes, Events: 50_000, Zones: 50, Dates: 1_000, Depth: 8}
	if l.Bytes > 0 {
		d.Bytes = l.Bytes
	}
	for _, f := range []struct{ have, def *int }{{&l.Events, &d.Events}, {&l.Zones, &d.Zones}, {&l.Dates, &d.Dates}, {&l.Depth, &d.Depth}} {
		if *f.have > 0 {
			*f.def = *f.have
		}
	}
	return d
}

// Report counts what Decode met. It holds no text of any event.
type Report struct {
	Zone     string // the IANA name of X-WR-TIMEZONE; "": the stream names no zone that is known
	Events   int    // VEVENTs and periods of VFREEBUSYs that were read
	Rejected int    // components that could not be read, or only in part
	BadLines int    // lines that are no content lines; they are skipped
	Cut      bool   // the stream broke off or passed a limit: what it does not name need not be gone
}

// What Decode fails with; all of them are also one of the errors of package calendar.
var (
	// ErrNotCalendar: there is no VCALENDAR in the stream. It is often a page of HTML that asks for a password.
	ErrNotCalendar = fmt.Errorf("%w: no iCalendar stream; check the address", calendar.ErrProtocol)
	// ErrTooDeep: components are nested deeper than Limits.Depth, and nothing else is in the stream.
	ErrTooDeep = fmt.Errorf("%w: components are nested too deep", calendar.ErrProtocol)
)

// The faults of an event; they are kept with the object and shown, so they hold no text of the event.
var (
	errNoStart   = errors.New("an event without a readable DTSTART")
	errBadEnd    = errors.New("an event without a readable end")
	errBackwards = errors.New("an event that ends before it starts")
	errBadID     = errors.New("an event without a readable RECURRENCE-ID")
	errUnclosed  = errors.New("an event without an END")
	errSyntax    = errors.New("an event that is no iCalendar")
	errBusy      = errors.New("free/busy time that cannot be read")
	errTwoUIDs   = errors.New("events of more than one UID in one object")
	errOverrides = errors.New("more overrides than can be kept")
)
