package ics

import (
	"context"
	"errors"
	"slices"
	"time"

	"kreds/calendar"
)

// Options says for whom and for when events are expanded.
type Options struct {
	Window   calendar.Interval     // only what overlaps it is returned
	Owner    *time.Location        // of the person: all-day and floating times are on their clock; required
	Calendar *time.Location        // of the calendar, for TZIDs that mean nothing; nil: it names none
	Own      func(uid string) bool // events that Kreds itself wrote are left out; nil: there are none
	Budget   Budget
}

// Budget bounds the work. A zero field stands for its default.
type Budget struct {
	Steps       int // of one event, each a day, a time, a date or an override that is looked at: 100,000
	Occurrences int // of one event: 5,000
	Total       int // steps of all events of one call of Busy: 500,000, which is a second or two
}

func (b Budget) orDefault() Budget {
	d := Budget{Steps: 100_000, Occurrences: 5_000, Total: 500_000}
	for _, f := range []struct{ have, def *int }{{&b.Steps, &d.Steps}, {&b.Occurrences, &d.Occurrences}, {&b.Total, &d.Total}} {
		if *f.have > 0 {
			*f.def = *f.have
		}
	}
	return d
}

// Expansion is when the events of an object, or of many, take their owner's time.
type Expansion struct {
	// Busy overlaps the window and is ordered by start. From Expand it is one interval for each occurrence, whole; from Busy
	// it is their union, clipped to the window.
	Busy []calendar.Busy
	// Guessed counts objects of which a TZID meant nothing, so that another zone stands for it.
	Guessed int
	// Unsupported counts objects whose recurrence could not be worked out, or not to its end. From where it could not be, the
	// time that it may take is calendar.UnknownTime.
	Unsupported int
	// Faulty counts objects that could not be read, or only in part.
	Faulty int
	// Steps is what the work cost of the Budget, for those who share one among several calls.
	Steps int
}

var errOptions = errors.New("ics: events cannot be expanded without the owner's zone and a window")

// Expand returns when the events of one object take their owner's time: everything that is not TRANSPARENT, cancelled or
// declined by the owner, each occurrence whole. An event without length takes none. Of what could not be read, the times that
// are known from before or in part are calendar.UnknownTime.
//
// The recurrence set is that of RFC 5545 §3.8.5: DTSTART, whether or not it fits the rule, the rules, and the RDATEs, less
// the EXDATEs and the instances that have an override of their own. RANGE=THISANDFUTURE moves, lengthens and cancels the
// instances that follow. An end given by DTEND keeps its distance in exact time, days of a DURATION and of all-day events
// follow the wall clock.
func Expand(o calendar.Object, opt Options) (Expansion, error) {
	x, err := newExpander(opt)
	if err != nil {
		return Expansion{}, err
	}
	e := x.object(&o)
	slices.SortStableFunc(e.Busy, func(a, b calendar.Busy) int { return a.Start.Compare(b.Start) })
	e.Steps = x.budget.Total - x.total
	return e, nil
}

// Busy returns when the events of many objects take their owner's time, as disjoint intervals of the window. It fails when
// ctx ends; what a spent Budget leaves over is calendar.UnknownTime instead.
func Busy(ctx context.Context, objects []calendar.Object, opt Options) (Expansion, error) {
	x, err := newExpander(opt)
	if err != nil {
		return Expansion{}, err
	}
	var all Expansion
	for i := range objects {
		if ctx.Err() != nil {
			return Expansion{}, ctx.Err()
		}
		if objects[i].UID != "" && opt.Own != nil && opt.Own(objects[i].UID) {
			continue
		}
		e := x.object(&objects[i])
		all.Guessed += e.Guessed
		all.Unsupported += e.Unsupported
		all.Faulty += e.Faulty
		if all.Busy = append(all.Busy, e.Busy...); len(all.Busy) > 100_000 {
			all.Busy = calendar.Union(all.Busy) // a person's day has only so many different parts
		}
	}
	all.Busy = calendar.Union(calendar.ClipAll(all.Busy, opt.Window))
	all.Steps = x.budget.Total - x.total
	return all, nil
}

// expander works through objects with one window and one budget.
type expander struct {
	zones  *zones
	window calendar.Interval
	budget Budget
	total  int // steps that are left
}

func newExpander(opt Options) (*expander, error) {
	if opt.Owner == nil || opt.Window.Empty() {
		return nil, errOptions
	}
	b := opt.Budget.orDefault()
	return &expander{newZones(opt.Owner, opt.Calendar, opt.Window), opt.Window, b, b.Total}, nil
}

func (x *expander) object(o *calendar.Object) (out Expansion) {
	if o.Fault != "" {
		out.Faulty = 1
	}
	zoneSteps := &budget{min(x.budget.Steps, x.total)}
	before := zoneSteps.steps
	s := &series{scope: x.zones.scope(o, zoneSteps)}
	for i := range o.Events {
		if o.Events[i].RecurrenceID != nil {
			s.overrides = append(s.overrides, s.override(&o.Events[i]))
		}
	}
	slices.SortStableFunc(s.overrides, func(a, b override) int { return a.of.Compare(b.of) })
	for i := range o.Events {
		s.limit = x.budget.Occurrences
		s.steps = &budget{min(x.budget.Steps, x.total)}
		left := s.steps.steps
		s.expand(&o.Events[i])
		x.total -= left - max(s.steps.steps, 0)
	}
	x.total -= before - max(zoneSteps.steps, 0)
	out.Busy = s.busy
	if o.Last != nil {
		for _, b := range x.object(o.Last).Busy {
			out.Busy = append(out.Busy, calendar.Busy{Interval: b.Interval, Kind: calendar.UnknownTime})
		}
	}
	if s.guessed {
		out.Guessed = 1
	}
	if s.unsupported {
		out.Unsupported = 1
	}
	return out
}

// kindOf says what an event does to its owner's time; "" is nothing.
func kindOf(e *calendar.Event) calendar.BusyKind {
	switch {
	case e.Transparent || e.Status == calendar.Cancelled || e.PartStat == calendar.Declined:
		return ""
	case e.Unclear:
		return calendar.UnknownTime
	case e.Status == calendar.TentativeStatus || e.PartStat == calendar.Tentatively || e.PartStat == calendar.NeedsAction:
		return calendar.TentativeTime
	}
	return calendar.BusyTime
}
