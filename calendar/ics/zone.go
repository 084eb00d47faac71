package ics

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"kreds/calendar"
)

// ZoneName returns the IANA name that a TZID means by its name alone: an IANA name, a path that ends in one, such as
// /freeassociation.sourceforge.net/Europe/Berlin, or a Windows name, such as W. Europe Standard Time, each in whatever case.
// ok is false for everything else, and for "Local" and other names of the machine's own zone.
func ZoneName(tzid string) (iana string, ok bool) {
	tzid = cleanTZID(tzid)
	if name, ok := ianaName(tzid); ok {
		return name, true
	}
	name, ok := windowsZones[strings.ToLower(tzid)]
	return name, ok
}

// ianaName finds the IANA name that a TZID is, or ends with, in whatever case it is written.
func ianaName(tzid string) (string, bool) {
	segments := strings.Split(tzid, "/")
	candidates := []string{tzid}
	for n := min(3, len(segments)-1); n > 0; n-- {
		tail := strings.Join(segments[len(segments)-n:], "/")
		if n > 1 || strings.EqualFold(tail, "UTC") || strings.EqualFold(tail, "GMT") {
			candidates = append(candidates, tail)
		}
	}
	for _, name := range candidates {
		if name == "Z" {
			return "UTC", true
		}
		if iana, ok := calendar.ZoneName(name); ok {
			return iana, true
		}
	}
	return "", false
}

var (
	offsetName  = regexp.MustCompile(`^(?:UTC|GMT|Etc/GMT)?\s*([+-])(\d{1,2})(?::?(\d{2}))?$`) // GMT+0100, UTC-5, +01:00
	displayName = regexp.MustCompile(`^\((?:UTC|GMT)\s*(?:([+-])(\d{1,2})[:.](\d{2}))?\)`)     // (UTC+01:00) Amsterdam, Berlin
)

// offsetOf reads an offset of at most 14 hours out of a name.
func offsetOf(pattern *regexp.Regexp, name string) (seconds int, ok bool) {
	m := pattern.FindStringSubmatch(name)
	if m == nil {
		return 0, false
	}
	h, _ := strconv.Atoi(m[2])
	min, _ := strconv.Atoi(m[3])
	if seconds = h*3600 + min*60; m[1] == "-" {
		seconds = -seconds
	}
	return seconds, h <= 14 && min < 60
}

// zones resolves the TZIDs of objects. It remembers what it has loaded, and is for one goroutine.
type zones struct {
	owner    *time.Location // of the person
	calendar *time.Location // of the calendar; nil: it names none
	window   calendar.Interval
	loaded   map[string]*time.Location // by name; nil: unknown
}

func newZones(owner, cal *time.Location, window calendar.Interval) *zones {
	return &zones{owner: owner, calendar: cal, window: window, loaded: map[string]*time.Location{}}
}

// named loads the zone that find makes of a TZID.
func (z *zones) named(tzid string, find func(string) (string, bool)) *time.Location {
	loc, known := z.loaded[tzid]
	if !known {
		if name, ok := find(tzid); ok {
			loc, _ = calendar.LoadZone(name)
		}
		z.loaded[tzid] = loc
	}
	return loc
}

// scope is the zones of one object.
type scope struct {
	*zones
	object  *calendar.Object
	literal map[string]*time.Location // evaluated VTIMEZONEs by TZID; nil: not to be evaluated
	budget  *budget
	guessed bool // a TZID meant nothing, and another zone stands for it
}

func (z *zones) scope(o *calendar.Object, b *budget) *scope {
	return &scope{zones: z, object: o, literal: map[string]*time.Location{}, budget: b}
}

// location is the zone of a moment: the owner's for dates and floating times, else what its TZID means. In order: an IANA
// name, a path that ends in one, the X-LIC-LOCATION of the object's VTIMEZONE, a Windows name, the VTIMEZONE itself, an
// offset in the name. If all of that fails, the calendar's zone and then the owner's stand for it: the time is a guess, but
// it is not free.
func (s *scope) location(m calendar.Moment) *time.Location {
	switch m.Form {
	case calendar.UTC:
		return time.UTC
	case calendar.Date, calendar.Floating:
		return s.owner
	}
	tzid := cleanTZID(m.TZID)
	if loc := s.named(tzid, ianaName); loc != nil {
		return loc
	}
	zone := s.definition(tzid)
	if zone != nil && zone.Location != "" {
		if loc := s.named(cleanTZID(zone.Location), ianaName); loc != nil {
			return loc
		}
	}
	if name, ok := windowsZones[strings.ToLower(tzid)]; ok {
		if loc := s.named(name, ianaName); loc != nil {
			return loc
		}
	}
	if zone != nil {
		if loc := s.evaluated(*zone); loc != nil {
			return loc
		}
	}
	if seconds, ok := offsetOf(offsetName, tzid); ok {
		return time.FixedZone(tzid, seconds)
	}
	s.guessed = true
	if seconds, ok := offsetOf(displayName, tzid); ok {
		// The name tells the offset of the winter only: a zone at hand that has the same is the likelier one.
		for _, loc := range []*time.Location{s.calendar, s.owner} {
			if loc != nil && standardOffset(loc, s.window.Start) == seconds {
				return loc
			}
		}
		return time.FixedZone(tzid, seconds)
	}
	if s.calendar != nil {
		return s.calendar
	}
	return s.owner
}

func (s *scope) definition(tzid string) *calendar.Zone {
	for i, z := range s.object.Zones {
		if cleanTZID(z.TZID) == tzid {
			return &s.object.Zones[i]
		}
	}
	return nil
}

func (s *scope) evaluated(z calendar.Zone) *time.Location {
	loc, known := s.literal[z.TZID]
	if !known {
		from, to := s.years()
		loc, _ = evaluate(z, from, to, s.budget)
		s.literal[z.TZID] = loc
	}
	return loc
}

// years is the time for which a VTIMEZONE has to be right: the window and the beginnings of the events.
func (s *scope) years() (from, to time.Time) {
	from, to = s.window.Start.UTC(), s.window.End.UTC()
	for _, e := range s.object.Events {
		moments := []calendar.Moment{e.Start}
		if e.RecurrenceID != nil {
			moments = append(moments, *e.RecurrenceID)
		}
		for _, m := range moments {
			if at := asUTC(m.Wall); at.Before(from) {
				from = at
			} else if at.After(to) {
				to = at
			}
		}
	}
	return from.AddDate(-1, 0, 0), to.AddDate(1, 0, 0)
}

// instant is the moment on the time line (RFC 5545 §3.3.5).
func (s *scope) instant(m calendar.Moment) time.Time { return m.Wall.In(s.location(m)) }

// standardOffset is the offset that the zone has outside of summer time in the year of t.
func standardOffset(loc *time.Location, t time.Time) int {
	_, winter := time.Date(t.Year(), 1, 1, 0, 0, 0, 0, time.UTC).In(loc).Zone()
	_, summer := time.Date(t.Year(), 7, 1, 0, 0, 0, 0, time.UTC).In(loc).Zone()
	return min(winter, summer)
}
