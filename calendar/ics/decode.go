package ics

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"kreds/calendar"
)

// Decode reads a stream of calendars, as an ICS address or an upload gives it, and returns one Object for each UID, in the
// order of the stream. Of each event it keeps only what time needs; emails are the addresses of the calendar's owner, by
// which the own PARTSTAT is found.
//
// Href and ETag of an object are made from its UID and from what was kept, so that they can be compared with those of an
// earlier reading; a caller that knows a resource's own replaces them. An event that cannot be read is an Object with a
// Fault and hides no other. An error means that nothing can be said of the calendar: calendar.ErrTooLarge,
// ErrNotCalendar, ErrTooDeep, or calendar.ErrTransient when reading from r failed.
func Decode(r io.Reader, limits Limits, emails []string) ([]calendar.Object, Report, error) {
	d := newDecoder(limits.orDefault(10<<20), emails)
	var events []vevent
	d.onEvent = func(v vevent) { events = append(events, v) }
	zones, err := d.run(r)
	if err != nil {
		return nil, d.report, err
	}

	var objects []calendar.Object
	at := map[string]int{}
	for _, v := range events {
		href := v.uid
		if href == "" {
			href = "no-uid-" + digest(v.event)[:32]
		}
		i, known := at[href]
		if !known {
			i = len(objects)
			at[href] = i
			objects = append(objects, calendar.Object{Href: href, UID: v.uid})
		}
		if !known || v.uid != "" {
			d.add(&objects[i], v)
		}
	}
	for i := range objects {
		o := &objects[i]
		o.Zones = used(o.Events, zones)
		o.ETag = `"` + digest(o) + `"`
	}
	return objects, d.report, nil
}

// DecodeObject reads one calendar object resource (RFC 4791 §4.1). What is wrong with it is told by Fault; the caller sets Href
// and ETag. An object without events, such as a task, is empty and has no Fault.
func DecodeObject(data []byte, limits Limits, emails []string) calendar.Object {
	d := newDecoder(limits.orDefault(8<<20), emails)
	var o calendar.Object
	first := true
	d.onEvent = func(v vevent) {
		if first {
			o.UID, first = v.uid, false
		} else if v.uid != o.UID && o.Fault == "" {
			o.Fault = errTwoUIDs.Error()
		}
		d.add(&o, v)
	}
	zones, err := d.run(bytes.NewReader(data))
	if err != nil {
		return calendar.Object{Fault: err.Error()}
	}
	o.Zones = used(o.Events, zones)
	if o.Fault == "" && d.report.Cut {
		o.Fault = "an object that breaks off or holds more than is read"
	}
	return o
}

// decoder is one reading of a stream.
type decoder struct {
	limits  Limits
	emails  []string // lower case
	report  Report
	onEvent func(vevent)
	onZone  func(calendar.Zone)

	in   *bufio.Reader
	text bytes.Buffer
}

func newDecoder(limits Limits, emails []string) *decoder {
	d := &decoder{limits: limits, in: newReader(), onEvent: func(vevent) {}, onZone: func(calendar.Zone) {}}
	for _, e := range emails {
		e = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(e)), "mailto:")
		if e != "" {
			d.emails = append(d.emails, e)
		}
	}
	return d
}

// run reads the stream, hands each event to onEvent, and returns the zones by their TZID that are not known by name.
func (d *decoder) run(r io.Reader) (map[string]calendar.Zone, error) {
	data, err := readAll(r, d.limits.Bytes)
	if err != nil {
		return nil, err
	}
	zones := map[string]calendar.Zone{}
	met, definitions := 0, 0
	s := &scanner{limits: d.limits, emails: d.emails}
	s.zone = func(tzid string) {
		if d.report.Zone == "" {
			d.report.Zone, _ = ZoneName(tzid)
		}
	}
	s.take = func(p part) {
		if p.name == "VTIMEZONE" {
			if definitions++; definitions > d.limits.Zones {
				return
			}
			if z, ok := d.timezone(p); ok {
				zones[z.TZID] = z
				d.onZone(z)
			} else {
				d.report.Rejected++
			}
			return
		}
		var found []vevent
		if p.name == "VFREEBUSY" {
			found = d.freebusy(p)
		} else {
			found = []vevent{d.event(p)}
		}
		for _, v := range found {
			if met++; met > d.limits.Events {
				d.report.Cut = true
				return
			}
			if v.event != nil {
				d.report.Events++
			}
			if v.fault != nil {
				d.report.Rejected++
			}
			d.onEvent(v)
		}
	}
	cut := s.scan(data)
	d.report.Cut = d.report.Cut || cut
	d.report.BadLines += s.badLines
	switch {
	case s.tooDeep && met+definitions == 0:
		return nil, fmt.Errorf("%w: more than %d", ErrTooDeep, d.limits.Depth)
	case s.calendars == 0:
		return nil, ErrNotCalendar
	}
	// A zone that is known by name needs no definition, and a false one would not be believed (RFC 5545 §3.2.19 leaves it open).
	maps.DeleteFunc(zones, func(tzid string, _ calendar.Zone) bool {
		_, known := ianaName(tzid)
		return known
	})
	return zones, nil
}

// add puts an event into its object.
func (d *decoder) add(o *calendar.Object, v vevent) {
	fault := func(err error) {
		if o.Fault == "" {
			o.Fault = err.Error()
		}
	}
	if v.fault != nil {
		fault(v.fault)
	}
	if v.event == nil {
		return
	}
	if len(o.Events) >= d.limits.Dates && !v.period {
		fault(errOverrides)
		d.report.Cut = true
		return
	}
	e := *v.event
	if recurs(e) && count(o.Events, recurs) >= maxMasters {
		e.Rules, e.RDates, e.Unsupported = nil, nil, unsupported
	}
	o.Events = append(o.Events, e)
}

// recurs says whether an event has a recurrence of its own that is to be worked out.
func recurs(e calendar.Event) bool { return len(e.Rules)+len(e.RDates) > 0 }

func count(events []calendar.Event, which func(calendar.Event) bool) (n int) {
	for _, e := range events {
		if which(e) {
			n++
		}
	}
	return n
}

// used is the zones that the events name: those of a whole stream would be too many to store with each of its objects.
func used(events []calendar.Event, zones map[string]calendar.Zone) (out []calendar.Zone) {
	if len(zones) == 0 {
		return nil
	}
	need := func(m *calendar.Moment) {
		if m == nil || m.Form != calendar.Zoned {
			return
		}
		z, ok := zones[m.TZID]
		if ok && !slices.ContainsFunc(out, func(have calendar.Zone) bool { return have.TZID == z.TZID }) {
			out = append(out, z)
		}
	}
	for i := range events {
		e := &events[i]
		need(&e.Start)
		need(e.End)
		need(e.RecurrenceID)
		for j := range e.RDates {
			need(&e.RDates[j].Start)
			need(e.RDates[j].End)
		}
		for j := range e.ExDates {
			need(&e.ExDates[j])
		}
	}
	return out
}

// digest names a value by its content.
func digest(v any) string {
	data, err := json.Marshal(v)
	if err != nil { // these are plain structs of strings and numbers
		panic(err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
