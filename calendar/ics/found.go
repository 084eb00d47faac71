package ics

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"kreds/calendar"
)

// DecodeFound reads what stands under the name of an appointment, so that it can be compared with what was written. Servers
// rewrite times into zones and add lines; only what Same looks at is read. A master of several events speaks for all. Ours
// says whether the UID is the one asked for. It fails with calendar.ErrProtocol if no event can be read.
func DecodeFound(data []byte, uid string) (calendar.Found, error) {
	d := newDecoder(Limits{}.orDefault(8<<20), nil)
	var best *vevent
	d.onEvent = func(v vevent) {
		if v.event == nil || v.event.Unclear {
			return
		}
		better := best == nil || best.uid != uid && v.uid == uid ||
			(best.uid == v.uid && best.event.RecurrenceID != nil && v.event.RecurrenceID == nil)
		if better {
			best = &v
		}
	}
	zones, err := d.run(bytes.NewReader(data))
	if err != nil {
		return calendar.Found{}, err
	}
	if best == nil {
		return calendar.Found{}, fmt.Errorf("%w: what stands there is no event that can be read", calendar.ErrProtocol)
	}
	o := calendar.Object{Events: []calendar.Event{*best.event}}
	o.Zones = used(o.Events, zones)
	at, _ := When(o)
	return calendar.Found{
		UID:      best.uid,
		Interval: at,
		Sequence: best.sequence,
		Status:   statusOf(best.event.Status),
		Ours:     best.uid == uid,
	}, nil
}

// When is the time of the event that an object holds, of the master where it holds several, as DecodeFound tells it. ok is
// false when it holds none, or cannot be read.
func When(o calendar.Object) (at calendar.Interval, ok bool) {
	if o.Fault != "" || len(o.Events) == 0 {
		return at, false
	}
	if slices.ContainsFunc(o.Events, func(e calendar.Event) bool { return e.Unclear }) {
		return at, false
	}
	e := &o.Events[max(0, slices.IndexFunc(o.Events, func(e calendar.Event) bool { return e.RecurrenceID == nil }))]
	around := asUTC(e.Start.Wall)
	window := calendar.Interval{Start: around.AddDate(-1, 0, 0), End: around.AddDate(1, 0, 0)}
	s := newZones(time.UTC, nil, window).scope(&o, &budget{Budget{}.orDefault().Steps})
	start := s.instant(e.Start)
	end := s.length(e.Start, e.End, e.Duration).end(asUTC(e.Start.Wall), s.location(e.Start), start)
	return calendar.Interval{Start: start.UTC(), End: end.UTC()}, true
}

// Same says whether an event that was found means what the appointment does: UID, start, end, status and sequence.
func Same(a calendar.Appointment, f calendar.Found) bool {
	return a.UID == f.UID && a.Start.Truncate(time.Second).Equal(f.Interval.Start) && a.End.Truncate(time.Second).Equal(f.Interval.End) &&
		statusOf(a.Status) == statusOf(f.Status) && a.Sequence == f.Sequence
}
