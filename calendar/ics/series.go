package ics

import (
	"time"

	"kreds/calendar"
)

const (
	// slack covers everything by which a wall clock and UTC can be apart, twice.
	slack = 48 * time.Hour
	// farthest is how far an occurrence may reach, 73 years: two of them still fit into a time.Duration.
	farthest = time.Duration(1 << 61)
)

// series expands the events of one object.
type series struct {
	*scope
	steps     *budget
	limit     int        // occurrences that the event at hand may still have
	overrides []override // by the instant that they replace

	busy        []calendar.Busy
	unsupported bool
}

// override is an event with a RECURRENCE-ID.
type override struct {
	event *calendar.Event
	of    time.Time     // the instance that it replaces
	shift time.Duration // from there to its own start, on the wall clock
	len   length
}

func (s *series) override(e *calendar.Event) override {
	o := override{event: e, of: s.instant(*e.RecurrenceID), len: s.length(e.Start, e.End, e.Duration)}
	if e.Start.Form == e.RecurrenceID.Form && e.Start.TZID == e.RecurrenceID.TZID {
		o.shift = asUTC(e.Start.Wall).Sub(asUTC(e.RecurrenceID.Wall))
	} else {
		o.shift = s.instant(e.Start).Sub(o.of)
	}
	return o
}

// expand adds the time that one event takes.
func (s *series) expand(e *calendar.Event) {
	m := master{series: s, event: e, loc: s.location(e.Start), start: asUTC(e.Start.Wall)}
	m.length = s.length(e.Start, e.End, e.Duration)
	first := wallOf(m.start).In(m.loc)
	switch {
	case m.length.atMost() < 0: // its ends lie in two zones, and the later one is first
		s.backwards(e, m.length.end(m.start, m.loc, first), first)
		if recurs(*e) || e.Unsupported != "" {
			s.unknown(e, "", first, length{})
		}
	case e.RecurrenceID != nil:
		s.take(first, m.length.end(m.start, m.loc, first), kindOf(e))
		if len(e.Rules)+len(e.RDates) > 0 || e.Unsupported != "" {
			s.unknown(e, "", first, m.length) // RFC 5545 gives an override no recurrence of its own
		}
	default:
		m.expand(first)
	}
}

// take adds an interval, if it overlaps the window.
func (s *series) take(start, end time.Time, kind calendar.BusyKind) {
	i := calendar.Interval{Start: start.UTC(), End: end.UTC()}
	if kind != "" && !i.Empty() && i.Overlaps(s.window) {
		s.busy = append(s.busy, calendar.Busy{Interval: i, Kind: kind})
	}
}

// backwards adds the time between a start and an end that comes before it.
func (s *series) backwards(e *calendar.Event, end, start time.Time) {
	s.unsupported = true
	if kindOf(e) != "" {
		s.take(end, start, calendar.UnknownTime)
	}
}

// unknown adds the time that a recurrence may take which cannot be worked out: all of it from an instant on, to the end that
// the rule names, if it names one.
func (s *series) unknown(e *calendar.Event, text string, from time.Time, l length) {
	s.unsupported = true
	if kindOf(e) == "" {
		return
	}
	end := s.window.End
	if until, span, ok := lastOf(text); ok {
		last := from.Add(span)
		if until != nil {
			last = asUTC(until.Wall).Add(slack)
		}
		if last = l.end(last, time.UTC, last); last.Before(end) {
			end = last
		}
	}
	if from.Before(s.window.Start) {
		from = s.window.Start
	}
	s.take(from, end, calendar.UnknownTime)
}
