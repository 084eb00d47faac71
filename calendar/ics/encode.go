package ics

import (
	"bytes"
	"cmp"
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-ical"

	"kreds/calendar"
)

// What every event of ours says of itself, whoever looks.
const (
	Summary   = "Development session"
	inPerson  = "in person"
	productID = "-//Kreds//Kreds//EN"
	refresh   = "PT1H"
)

// FeedHead is what a feed says of itself.
type FeedHead struct {
	Name   string            // shown by clients beside the calendar
	Zone   string            // IANA: of the person whose sessions they are
	Window calendar.Interval // the time that the feed covers; the definition of the zone covers its years, one more before and five after
}

// EncodeFeed writes a person's sessions as a calendar to subscribe to, ordered by start: the same bytes for the same values.
// It is valid without any sessions, because it always holds the definition of the person's zone. Times are in UTC. Cancelled
// sessions are events with STATUS:CANCELLED, for as long as the caller keeps them in the list.
//
// A session that cannot be written, or whose UID came before, is left out and counted in skipped; it does not spoil the feed
// for its reader. It fails if the zone is not known or the window is empty.
func EncodeFeed(head FeedHead, sessions []calendar.Appointment) (feed []byte, skipped int, err error) {
	loc, err := calendar.LoadZone(head.Zone)
	if err != nil {
		return nil, 0, err
	}
	if head.Window.Empty() {
		return nil, 0, fmt.Errorf("ics: a feed from %s to %s covers no time", head.Window.Start, head.Window.End)
	}
	cal := newCalendar()
	setText(cal.Component, ical.PropName, head.Name) // RFC 7986 §5.1
	setText(cal.Component, "X-WR-CALNAME", head.Name)
	setText(cal.Component, "X-WR-TIMEZONE", head.Zone)
	interval := ical.NewProp(ical.PropRefreshInterval) // RFC 7986 §5.7: the VALUE is required
	interval.Params.Set(ical.ParamValue, string(ical.ValueDuration))
	interval.Value = refresh
	cal.Props.Set(interval)
	setText(cal.Component, "X-PUBLISHED-TTL", refresh)
	cal.Children = append(cal.Children, vtimezone(head.Zone, loc, head.Window.Start.UTC().Year()-1, head.Window.End.UTC().Year()+5))

	sessions = slices.Clone(sessions)
	slices.SortFunc(sessions, func(a, b calendar.Appointment) int {
		return cmp.Or(a.Start.Compare(b.Start), strings.Compare(a.UID, b.UID), b.Sequence-a.Sequence)
	})
	seen := map[string]bool{}
	for _, a := range sessions {
		event, err := sessionEvent(a)
		if err != nil || seen[a.UID] {
			skipped++
			continue
		}
		seen[a.UID] = true
		cal.Children = append(cal.Children, event)
	}
	feed, err = encode(cal)
	return feed, skipped, err
}

// EncodeAppointment writes a session as a calendar object resource (RFC 4791 §4.1): one event without METHOD, times in UTC.
// It fails if the UID, the time or the date of the last change is missing.
func EncodeAppointment(a calendar.Appointment) ([]byte, error) {
	event, err := sessionEvent(a)
	if err != nil {
		return nil, err
	}
	cal := newCalendar()
	cal.Children = append(cal.Children, event)
	return encode(cal)
}

// Invitation is what a mailed event has beside that of a calendar (RFC 5546, RFC 6047).
type Invitation struct {
	Organizer string // the deployment's own address
	Attendee  string // the recipient's, and nobody else's
}

// EncodeInvitation writes a session as the text/calendar part of a mail: METHOD:CANCEL for a cancelled one, else
// METHOD:REQUEST. The method is returned too, because the part's Content-Type has to name it (RFC 6047 §2.4). Nothing but a test
// calls this until sessions are told by mail, to people without a calendar of their own.
func EncodeInvitation(a calendar.Appointment, i Invitation) (data []byte, method string, err error) {
	event, err := sessionEvent(a)
	if err != nil {
		return nil, "", err
	}
	organizer, err := mailto(ical.PropOrganizer, i.Organizer)
	if err != nil {
		return nil, "", fmt.Errorf("ics: the organizer of an invitation: %w", err)
	}
	attendee, err := mailto(ical.PropAttendee, i.Attendee)
	if err != nil {
		return nil, "", fmt.Errorf("ics: the attendee of an invitation: %w", err)
	}
	attendee.Params.Set(ical.ParamParticipationStatus, "NEEDS-ACTION")
	attendee.Params.Set(ical.ParamRole, "REQ-PARTICIPANT")
	event.Props.Set(organizer)
	event.Props.Set(attendee)

	cal := newCalendar()
	if method = "REQUEST"; a.Status == calendar.Cancelled {
		method = "CANCEL"
	}
	setText(cal.Component, ical.PropMethod, method)
	cal.Children = append(cal.Children, event)
	data, err = encode(cal)
	return data, method, err
}

// mailto makes a property of an address; an address that could break out of its line is none.
func mailto(name, address string) (*ical.Prop, error) {
	a, err := mail.ParseAddress(address)
	if err != nil || a.Address != address {
		return nil, fmt.Errorf("it is no plain e-mail address")
	}
	p := ical.NewProp(name)
	p.Value = "mailto:" + strings.ReplaceAll(url.PathEscape(address), "%40", "@")
	return p, nil
}

// sessionEvent is the neutral event of a session.
func sessionEvent(a calendar.Appointment) (*ical.Component, error) {
	switch {
	case a.UID == "" || a.UID != clean([]byte(a.UID)):
		return nil, fmt.Errorf("ics: a session without a UID that can be written")
	case a.Empty():
		return nil, fmt.Errorf("ics: the session %s ends at %s, not after its start %s", a.UID, a.End, a.Start)
	case a.Modified.IsZero() || a.Sequence < 0:
		return nil, fmt.Errorf("ics: the session %s lacks its last change or its sequence", a.UID)
	}
	status := statusOf(a.Status)
	e := ical.NewComponent(ical.CompEvent)
	setText(e, ical.PropUID, a.UID)
	setTime(e, ical.PropDateTimeStamp, a.Modified)
	setTime(e, ical.PropLastModified, a.Modified)
	setTime(e, ical.PropDateTimeStart, a.Start)
	setTime(e, ical.PropDateTimeEnd, a.End)
	setText(e, ical.PropSequence, strconv.Itoa(a.Sequence))
	setText(e, ical.PropSummary, Summary)
	setText(e, ical.PropStatus, string(status))
	setText(e, ical.PropTransparency, "OPAQUE")
	if u, err := url.Parse(a.URL); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && isURI(u.String()) {
		e.Props.SetURI(ical.PropURL, u)
	}
	if a.InPerson {
		setText(e, ical.PropLocation, inPerson)
	}
	return e, nil
}

// isURI says whether s has only characters that a URI may have (RFC 3986 §2); net/url lets others pass in queries.
func isURI(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f })
}

// statusOf gives the status its default.
func statusOf(s calendar.Status) calendar.Status {
	if s == calendar.TentativeStatus || s == calendar.Cancelled {
		return s
	}
	return calendar.Confirmed
}

func newCalendar() *ical.Calendar {
	cal := ical.NewCalendar()
	setText(cal.Component, ical.PropVersion, "2.0")
	setText(cal.Component, ical.PropProductID, productID)
	setText(cal.Component, ical.PropCalendarScale, "GREGORIAN")
	return cal
}

// setText sets a value that is escaped as TEXT (RFC 5545 §3.3.11), on one line and without control characters.
func setText(c *ical.Component, name, value string) {
	p := ical.NewProp(name)
	value = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(value)
	lines := strings.Split(value, "\n")
	for i := range lines {
		lines[i] = clean([]byte(lines[i]))
	}
	p.SetText(strings.TrimSpace(strings.Join(lines, "\n")))
	p.Params = ical.Params{} // go-ical gives names that it does not know a VALUE, which some clients do not expect
	c.Props.Set(p)
}

func setTime(c *ical.Component, name string, t time.Time) {
	c.Props.SetDateTime(name, t.UTC())
}

func encode(cal *ical.Calendar) ([]byte, error) {
	var out bytes.Buffer
	if err := ical.NewEncoder(folder{&out}).Encode(cal); err != nil {
		return nil, fmt.Errorf("ics: a calendar that cannot be written: %w", err)
	}
	return out.Bytes(), nil
}
