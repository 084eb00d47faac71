package ics

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/emersion/go-ical"

	"kreds/calendar"
)

// unsupported is the reason that is kept when a recurrence is not expanded.
const unsupported = "unsupported-recurrence"

// vevent is what was read of one VEVENT. event is nil when the event's time is not known at all; fault then says why, and
// otherwise what is missing.
type vevent struct {
	uid      string
	sequence int
	event    *calendar.Event
	fault    error
	period   bool // of a VFREEBUSY, which may hold many
}

// event reads a VEVENT.
func (d *decoder) event(p part) vevent {
	c, lost, err := d.component(p)
	if err != nil {
		return vevent{fault: err}
	}
	v := vevent{uid: cleanUID(text(c, "UID"))}
	v.sequence, _ = strconv.Atoi(word(c, "SEQUENCE"))
	if v.sequence < 0 || v.sequence > 1<<31-1 {
		v.sequence = 0
	}
	if p.unclosed {
		v.fault = errUnclosed
	}
	e := calendar.Event{Transparent: word(c, "TRANSP") == "TRANSPARENT", PartStat: d.partStat(c)}
	switch s := calendar.Status(word(c, "STATUS")); s {
	case calendar.Confirmed, calendar.TentativeStatus, calendar.Cancelled:
		e.Status = s
	}
	d.outlook(c, &e)

	if err := d.times(c, lost, &e); err != nil {
		v.fault = err
	}
	if e.Start.Form == "" {
		return v
	}
	d.recurrence(c, lost, &e)
	v.event = &e
	return v
}

// times reads start, end and RECURRENCE-ID, and says what is lost of them. Without a start nothing is known of the event, and
// e has none. Otherwise it is unclear: an event without its end would look like one of no length, so it is taken for a day
// long; one that ends before it starts, for the time between; an instance of nobody knows which, for an event of its own.
func (d *decoder) times(c *ical.Component, lost []string, e *calendar.Event) (err error) {
	one := func(name string, fault error) *calendar.Moment {
		p := c.Props.Get(name)
		if p != nil {
			if m, e := parseMoment(p.Value, p.Params.Get("TZID")); e == nil {
				return &m
			}
		}
		if (p != nil || slices.Contains(lost, name)) && err == nil {
			err = fault
		}
		return nil
	}
	start := one("DTSTART", errNoStart)
	if err != nil {
		return err
	}
	if e.RecurrenceID = one("RECURRENCE-ID", errBadID); e.RecurrenceID != nil {
		e.AndFuture = strings.EqualFold(c.Props.Get("RECURRENCE-ID").Params.Get("RANGE"), "THISANDFUTURE")
	}
	switch {
	case start != nil:
		e.Start = *start
	case e.RecurrenceID != nil && e.Status == calendar.Cancelled:
		e.Start = *e.RecurrenceID // a cancelled instance needs no time of its own
	case err == nil:
		return errNoStart
	default:
		return err
	}
	day := &calendar.Duration{Days: 1}
	before := err
	if e.End = one("DTEND", errBadEnd); err != before {
		e.Duration = day
	}
	if e.End != nil && e.End.Form == e.Start.Form && e.End.TZID == e.Start.TZID && asUTC(e.End.Wall).Before(asUTC(e.Start.Wall)) {
		e.Start, *e.End = *e.End, e.Start
		err = errBackwards
	}
	if p := c.Props.Get("DURATION"); p != nil {
		length, bad := parseDuration(p.Value)
		if e.Duration = &length; bad != nil {
			e.Duration, err = day, errBadEnd
			if strings.HasPrefix(strings.TrimSpace(p.Value), "-") {
				err = errBackwards
			}
		}
	} else if slices.Contains(lost, "DURATION") {
		e.Duration, err = day, errBadEnd
	}
	e.Unclear = err != nil
	return err
}

// AddRecurrence reads content lines such as "RRULE:FREQ=DAILY" and "EXDATE;TZID=Europe/Berlin:20260317T090000" into an event,
// for services that give a recurrence in this form beside times of their own. Google Calendar's API is one; nothing but a test
// calls this until an adapter for it is built. What cannot be read or is not expanded makes
// the event's recurrence unsupported; other lines are nothing.
func AddRecurrence(e *calendar.Event, lines []string) {
	d := newDecoder(Limits{}.orDefault(8<<20), nil)
	p := part{name: "VEVENT"}
	for _, line := range lines {
		name, _, ok := split([]byte(line))
		switch {
		case !ok:
			e.Unsupported = unsupported
		case name == "RRULE" || name == "RDATE" || name == "EXDATE":
			p.lines = append(p.lines, clean([]byte(line)))
		}
	}
	c, lost, err := d.component(p)
	if err != nil {
		e.Unsupported = unsupported
		return
	}
	d.recurrence(c, lost, e)
}

// recurrence reads RRULE, RDATE and EXDATE. A lost RRULE or RDATE makes the recurrence unsupported; a lost EXDATE leaves an
// instance taken, which is the safe side.
func (d *decoder) recurrence(c *ical.Component, lost []string, e *calendar.Event) {
	if slices.Contains(lost, "RRULE") || slices.Contains(lost, "RDATE") {
		e.Unsupported = unsupported
	}
	for _, p := range c.Props["RRULE"] {
		text := cleanRule(p.Value)
		if text == "" {
			continue
		}
		if _, err := parseRule(text); err != nil {
			e.Unsupported = unsupported
			if text = bounds(text); text == "" {
				continue
			}
		}
		if len(e.Rules) < d.limits.Dates {
			e.Rules = append(e.Rules, text)
		}
	}
	for _, p := range c.Props["RDATE"] {
		dates, bad := parsePeriods(p)
		if room := d.limits.Dates - len(e.RDates); len(dates) > room {
			dates, bad = dates[:room], bad+1
			d.report.Cut = true
		}
		if bad > 0 {
			e.Unsupported = unsupported
		}
		e.RDates = append(e.RDates, dates...)
	}
	for _, p := range c.Props["EXDATE"] {
		dates, _ := parseMoments(p)
		if room := d.limits.Dates - len(e.ExDates); len(dates) > room {
			dates = dates[:room]
			d.report.Cut = true
		}
		e.ExDates = append(e.ExDates, dates...)
	}
}

// partStat finds the owner among the attendees. Of several entries the one that binds most counts.
func (d *decoder) partStat(c *ical.Component) calendar.PartStat {
	found := false
	least := calendar.Declined
	order := []calendar.PartStat{calendar.Declined, calendar.NeedsAction, calendar.Tentatively, ""}
	for _, p := range c.Props["ATTENDEE"] {
		address := strings.ToLower(strings.TrimSpace(p.Value))
		address = strings.TrimPrefix(address, "mailto:")
		if !slices.Contains(d.emails, strings.TrimSpace(address)) && !slices.Contains(d.emails, strings.ToLower(p.Params.Get("EMAIL"))) {
			continue
		}
		found = true
		stat := calendar.PartStat(strings.ToUpper(p.Params.Get("PARTSTAT")))
		switch stat {
		case calendar.Declined, calendar.Tentatively, calendar.NeedsAction:
		case "":
			stat = calendar.NeedsAction // the default of RFC 5545 §3.2.12
		default:
			stat = ""
		}
		if slices.Index(order, stat) > slices.Index(order, least) {
			least = stat
		}
	}
	if !found {
		return ""
	}
	return least
}

// outlook takes Microsoft's word for an event that says nothing in RFC 5545's.
func (d *decoder) outlook(c *ical.Component, e *calendar.Event) {
	switch word(c, "X-MICROSOFT-CDO-BUSYSTATUS") {
	case "FREE", "WORKINGELSEWHERE":
		e.Transparent = e.Transparent || c.Props.Get("TRANSP") == nil
	case "TENTATIVE":
		if e.Status == "" || e.Status == calendar.Confirmed {
			e.Status = calendar.TentativeStatus
		}
	}
}

// cleanUID returns a UID as it is, or a hash of one that is longer than any program makes.
func cleanUID(uid string) string {
	if len(uid) <= maxText {
		return uid
	}
	sum := sha256.Sum256([]byte(uid))
	return "sha256-" + hex.EncodeToString(sum[:])
}
