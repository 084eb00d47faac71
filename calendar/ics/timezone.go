package ics

import (
	"strings"

	"github.com/emersion/go-ical"

	"kreds/calendar"
)

// timezone reads a VTIMEZONE (RFC 5545 §3.6.5). A definition that misses a part is none: a zone with half of its rules would
// place events at false times without telling.
func (d *decoder) timezone(p part) (z calendar.Zone, ok bool) {
	c, lost, err := d.component(p)
	if err != nil || len(lost) > 0 || p.unclosed || len(c.Children) > maxObserve {
		return z, false
	}
	z = calendar.Zone{TZID: cleanTZID(text(c, "TZID")), Location: cleanTZID(text(c, "X-LIC-LOCATION"))}
	if z.TZID == "" {
		return z, false
	}
	for _, child := range c.Children {
		o, ok := d.observance(child)
		if !ok {
			return z, false
		}
		z.Observances = append(z.Observances, o)
	}
	return z, len(z.Observances) > 0 || z.Location != ""
}

func (d *decoder) observance(c *ical.Component) (o calendar.Observance, ok bool) {
	start := c.Props.Get("DTSTART")
	if start == nil {
		return o, false
	}
	m, err := parseMoment(start.Value, "")
	if err != nil {
		return o, false
	}
	o.Start = m.Wall
	for _, f := range []struct {
		name string
		to   *int
	}{{"TZOFFSETFROM", &o.OffsetFrom}, {"TZOFFSETTO", &o.OffsetTo}} {
		p := c.Props.Get(f.name)
		if p == nil {
			return o, false
		}
		if *f.to, err = parseOffset(p.Value); err != nil {
			return o, false
		}
	}
	for _, p := range c.Props["RRULE"] {
		text := cleanRule(p.Value)
		if _, err := parseRule(text); err != nil || len(o.Rules) > 3 {
			return o, false
		}
		o.Rules = append(o.Rules, text)
	}
	for _, p := range c.Props["RDATE"] {
		dates, bad := parsePeriods(p)
		if bad > 0 || len(o.RDates)+len(dates) > d.limits.Dates {
			return o, false
		}
		for _, date := range dates {
			o.RDates = append(o.RDates, date.Start.Wall)
		}
	}
	return o, true
}

// CalendarZone returns the IANA name of the zone that a calendar object defines, as the value of the property
// calendar-timezone does (RFC 4791 §5.2.2), or "" if it is none that is known by name.
func CalendarZone(data []byte) string {
	found := ""
	d := newDecoder(Limits{Bytes: 1 << 20}.orDefault(1<<20), nil)
	d.onZone = func(z calendar.Zone) {
		for _, name := range []string{z.TZID, z.Location} {
			if iana, ok := ZoneName(name); ok && found == "" {
				found = iana
			}
		}
	}
	if _, err := d.run(strings.NewReader(string(data))); err != nil {
		return ""
	}
	if found == "" {
		found = d.report.Zone
	}
	return found
}
