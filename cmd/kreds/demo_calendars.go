package main

import (
	"context"
	"crypto/subtle"
	"fmt"
	"net"
	"net/http"
	"strings"

	"kreds/calendar"
	"kreds/calendar/davserver"
	"kreds/instance/scenario"
	"kreds/internal/seal"
	"kreds/supervision"
)

// demoCalendars is the demo's CalDAV server: one calendar for each mentor and supervisor, filled with what else they have to
// do. Kreds reaches it over HTTP, like any other server.
type demoCalendars struct {
	store     davserver.Memory
	passwords map[string]string // by user: the external id
	server    *http.Server
	address   string
}

// openCalendars fills the calendars and serves them on a loopback port of their own.
func openCalendars(ctx context.Context, s scenario.Scenario) (*demoCalendars, error) {
	d := &demoCalendars{passwords: map[string]string{}}
	for _, p := range s.People {
		if !takesPart(s, p.ID) {
			continue
		}
		secret, _ := seal.Bearer("")
		d.passwords[p.ExternalID] = secret.Reveal()
		if err := d.store.Create(ctx, p.ExternalID, davserver.Calendar{Name: "work", Title: "Work"}); err != nil {
			return nil, err
		}
	}
	for _, m := range s.Meetings {
		text, err := eventOf(m)
		if err != nil {
			return nil, err
		}
		for _, id := range m.People {
			p, ok := s.Person(id)
			if _, has := d.passwords[p.ExternalID]; !ok || !has {
				continue
			}
			if _, err := d.store.Load(ctx, p.ExternalID, "work", text); err != nil {
				return nil, fmt.Errorf("the demo's meeting %s: %w", m.UID, err)
			}
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	d.address = l.Addr().String()
	d.server = &http.Server{Handler: davserver.New(davserver.Options{Store: &d.store, Authenticate: d.authenticate, Realm: "Kreds demo"})}
	go d.server.Serve(l) //nolint:errcheck // it ends when the demo ends
	return d, nil
}

func (d *demoCalendars) authenticate(_ context.Context, name, password string) (string, bool) {
	want, ok := d.passwords[name]
	return name, ok && subtle.ConstantTimeCompare([]byte(want), []byte(password)) == 1
}

// takesPart says whether somebody is a mentor or a supervisor of the cycle.
func takesPart(s scenario.Scenario, id supervision.PersonID) bool {
	for _, e := range s.Enrolments {
		if e.Mentor == id {
			return true
		}
	}
	for _, a := range s.Assignments {
		if a.Supervisor == id {
			return true
		}
	}
	return false
}

// eventOf is a meeting as a calendar object: a VEVENT on the clock of its zone (RFC 5545 §3.6.1).
func eventOf(m scenario.Meeting) ([]byte, error) {
	loc, err := calendar.LoadZone(m.Zone)
	if err != nil {
		return nil, err
	}
	stamp := m.On.Midnight(loc).UTC().Format("20060102T150405Z")
	local := func(minutes int) string {
		return fmt.Sprintf("%04d%02d%02dT%02d%02d00", m.On.Year, int(m.On.Month), m.On.Day, minutes/60, minutes%60)
	}
	lines := []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kreds//demonstration//EN", "BEGIN:VEVENT", "UID:" + m.UID, "DTSTAMP:" + stamp,
		"SUMMARY:Demo meeting", "DTSTART;TZID=" + m.Zone + ":" + local(m.From), "DTEND;TZID=" + m.Zone + ":" + local(m.To)}
	if rule := m.Rule(); rule != "" {
		lines = append(lines, "RRULE:"+rule)
	}
	lines = append(lines, "END:VEVENT", "END:VCALENDAR", "")
	return []byte(strings.Join(lines, "\r\n")), nil
}
