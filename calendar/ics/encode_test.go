package ics_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"
	"github.com/google/go-cmp/cmp"

	"kreds/calendar"
	"kreds/calendar/ics"
)

func session() calendar.Appointment {
	return calendar.Appointment{
		UID:      "0123456789abcdefghijklmnopqrstuv",
		Interval: between("2026-03-17T09:00", "2026-03-17T10:30"),
		Sequence: 2, Status: calendar.Confirmed,
		Modified: utc("2026-03-01T12:00"),
		URL:      "https://kreds.example/r/Xw3kPq0v",
		InPerson: true,
	}
}

func feedHead(zone string) ics.FeedHead {
	return ics.FeedHead{Name: "Development sessions", Zone: zone, Window: between("2026-01-01T00:00", "2027-04-01T00:00")}
}

func TestEncodeAppointment(t *testing.T) {
	got, err := ics.EncodeAppointment(session())
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(`BEGIN:VCALENDAR
CALSCALE:GREGORIAN
PRODID:-//Kreds//Kreds//EN
VERSION:2.0
BEGIN:VEVENT
DTEND:20260317T103000Z
DTSTAMP:20260301T120000Z
DTSTART:20260317T090000Z
LAST-MODIFIED:20260301T120000Z
LOCATION:in person
SEQUENCE:2
STATUS:CONFIRMED
SUMMARY:Development session
TRANSP:OPAQUE
UID:0123456789abcdefghijklmnopqrstuv
URL:https://kreds.example/r/Xw3kPq0v
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n")
	if d := cmp.Diff(want, string(got)); d != "" {
		t.Error(d)
	}
	lint(t, got)

	online := session()
	online.InPerson, online.URL, online.Status = false, "", calendar.TentativeStatus
	online.Start = online.Start.In(zone(t, "Europe/Berlin"))
	if got, err = ics.EncodeAppointment(online); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]bool{"LOCATION": false, "URL": false, "STATUS:TENTATIVE": true, "DTSTART:20260317T090000Z": true} {
		if bytes.Contains(got, []byte("\r\n"+line)) != want {
			t.Errorf("%s is there: %t, want %t", line, !want, want)
		}
	}
}

func TestEncodeAppointmentRefuses(t *testing.T) {
	for name, change := range map[string]func(*calendar.Appointment){
		"no UID":                 func(a *calendar.Appointment) { a.UID = "" },
		"a UID of two lines":     func(a *calendar.Appointment) { a.UID = "a\r\nATTENDEE:mailto:x@example.org" },
		"a UID that is no UTF-8": func(a *calendar.Appointment) { a.UID = "a\xff" },
		"no time":                func(a *calendar.Appointment) { a.End = a.Start },
		"no last change":         func(a *calendar.Appointment) { a.Modified = time.Time{} },
		"a negative sequence":    func(a *calendar.Appointment) { a.Sequence = -1 },
	} {
		a := session()
		change(&a)
		if data, err := ics.EncodeAppointment(a); err == nil {
			t.Errorf("%s: %s, want an error", name, data)
		}
		feed, skipped, err := ics.EncodeFeed(feedHead("Europe/Berlin"), []calendar.Appointment{a, session()})
		if err != nil || skipped != 1 || bytes.Count(feed, []byte("BEGIN:VEVENT")) != 1 {
			t.Errorf("%s: a feed with %d skipped and %v, want it without that session", name, skipped, err)
		}
	}
	for _, url := range []string{"javascript:alert(1)", "https://x/\r\nATTENDEE:mailto:x@example.org", "not a url", "//host/path", "mailto:x@example.org"} {
		a := session()
		a.URL = url
		data, err := ics.EncodeAppointment(a)
		if err != nil || bytes.Contains(data, []byte("URL")) || bytes.Contains(data, []byte("ATTENDEE")) {
			t.Errorf("the address %q: %s, %v, want an event without it", url, data, err)
		}
	}
}

func TestEncodeFeed(t *testing.T) {
	later, cancelled := session(), session()
	later.UID, later.Start, later.End = "later", later.Start.AddDate(0, 1, 0), later.End.AddDate(0, 1, 0)
	cancelled.UID, cancelled.Status, cancelled.Sequence = "cancelled", calendar.Cancelled, 3
	feed, skipped, err := ics.EncodeFeed(feedHead("Europe/Copenhagen"), []calendar.Appointment{later, session(), cancelled, session()})
	if err != nil || skipped != 1 {
		t.Fatalf("%d skipped, want the double one; %v", skipped, err)
	}
	lint(t, feed)
	want := strings.ReplaceAll(`BEGIN:VCALENDAR
CALSCALE:GREGORIAN
NAME:Development sessions
PRODID:-//Kreds//Kreds//EN
REFRESH-INTERVAL;VALUE=DURATION:PT1H
VERSION:2.0
X-PUBLISHED-TTL:PT1H
X-WR-CALNAME:Development sessions
X-WR-TIMEZONE:Europe/Copenhagen
BEGIN:VTIMEZONE
TZID:Europe/Copenhagen
BEGIN:STANDARD
DTSTART:20241027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20250330T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
`, "\n", "\r\n")
	if got := string(feed); !strings.HasPrefix(got, want) {
		t.Error(cmp.Diff(want, got[:min(len(got), len(want))]))
	}
	if strings.Contains(string(feed), "METHOD") {
		t.Error("a feed has no METHOD")
	}
	var order []string
	for line := range strings.SplitSeq(string(feed), "\r\n") {
		if strings.HasPrefix(line, "UID:") || strings.HasPrefix(line, "STATUS:") {
			order = append(order, line)
		}
	}
	if d := cmp.Diff([]string{"STATUS:CONFIRMED", "UID:" + session().UID, "STATUS:CANCELLED", "UID:cancelled", "STATUS:CONFIRMED", "UID:later"}, order); d != "" {
		t.Error(d)
	}

	again, _, _ := ics.EncodeFeed(feedHead("Europe/Copenhagen"), []calendar.Appointment{session(), cancelled, session(), later})
	if !bytes.Equal(feed, again) {
		t.Error("another order of the same sessions makes other bytes")
	}
}

func TestEncodeEmptyFeed(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "UTC", "Asia/Tokyo", "Africa/Casablanca", "Pacific/Apia", "Australia/Lord_Howe", "America/Santiago", "Europe/Dublin", "Asia/Kathmandu"} {
		feed, _, err := ics.EncodeFeed(feedHead(name), nil)
		if err != nil {
			t.Fatal(err)
		}
		lint(t, feed)
		cal, err := ical.NewDecoder(bytes.NewReader(feed)).Decode()
		if err != nil || len(cal.Children) != 1 || cal.Children[0].Name != ical.CompTimezone || len(cal.Children[0].Children) == 0 {
			t.Errorf("%s: %v\n%s", name, err, feed)
		}
		objects, report, err := ics.Decode(bytes.NewReader(feed), ics.Limits{}, nil)
		if err != nil || len(objects) != 0 || report != (ics.Report{Zone: name}) {
			t.Errorf("%s: %d objects, %+v, %v", name, len(objects), report, err)
		}
	}
	for name, head := range map[string]ics.FeedHead{
		"no zone":        {Name: "x", Window: feedHead("").Window},
		"a Windows zone": {Name: "x", Zone: "W. Europe Standard Time", Window: feedHead("").Window},
		"no window":      {Name: "x", Zone: "Europe/Berlin"},
	} {
		if _, _, err := ics.EncodeFeed(head, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// The definition of a zone in a feed says what the zone database says, all through the years that it covers, also where the rules
// changed in between: it is read back under a name that nobody knows, so that only its rules can tell.
func TestFeedZonesMeanTheirZones(t *testing.T) {
	for _, c := range []struct {
		zone string
		year int // in which the feed's window begins and ends
	}{
		{"Europe/Berlin", 2026}, {"America/New_York", 2026}, {"Australia/Lord_Howe", 2026}, {"Pacific/Apia", 2026}, {"Africa/Casablanca", 2026}, {"America/Santiago", 2026},
		{"Asia/Gaza", 2026}, {"Africa/Cairo", 2026}, {"Europe/Dublin", 2026}, {"Asia/Tokyo", 2026}, {"America/Nuuk", 2026}, {"Antarctica/Troll", 2026}, {"UTC", 2026},
		{"Europe/Moscow", 2007}, {"America/New_York", 2004}, {"Pacific/Apia", 2010}, {"Europe/Istanbul", 2013},
	} {
		window := calendar.Interval{Start: time.Date(c.year, 1, 1, 0, 0, 0, 0, time.UTC), End: time.Date(c.year, 12, 1, 0, 0, 0, 0, time.UTC)}
		feed, _, err := ics.EncodeFeed(ics.FeedHead{Zone: c.zone, Window: window}, nil)
		if err != nil {
			t.Fatal(err)
		}
		lint(t, feed)
		loc := zone(t, c.zone)
		var stream strings.Builder
		for at := window.Start.AddDate(-1, 0, 1); at.Year() < c.year+6; at = at.Add(35 * time.Hour) {
			stream.WriteString(vevent(fmt.Sprint(at.Unix()), "DTSTART;TZID=Somewhere:"+at.Format(stamp), "DURATION:PT1H"))
		}
		feed = bytes.ReplaceAll(feed, []byte("TZID:"+c.zone), []byte("TZID:Somewhere"))
		feed = bytes.Replace(feed, []byte("END:VCALENDAR"), []byte(stream.String()+"END:VCALENDAR"), 1)
		objects, _, err := ics.Decode(bytes.NewReader(feed), ics.Limits{}, nil)
		if err != nil || len(objects) < 1700 {
			t.Fatalf("%s: %d objects, %v", c.zone, len(objects), err)
		}
		for _, o := range objects {
			got, err := ics.Expand(o, ics.Options{Window: calendar.Interval{Start: window.Start.AddDate(-2, 0, 0), End: window.End.AddDate(7, 0, 0)}, Owner: time.UTC})
			if err != nil || got.Guessed > 0 || len(got.Busy) != 1 {
				t.Fatalf("%s: %+v, %v", c.zone, got, err)
			}
			if want := o.Events[0].Start.Wall.In(loc); !got.Busy[0].Start.Equal(want) {
				t.Fatalf("%s: %v is %s, want %s", c.zone, o.Events[0].Start.Wall, got.Busy[0].Start, want)
			}
		}
	}
}

func TestEncodeInvitation(t *testing.T) {
	who := ics.Invitation{Organizer: "kreds@example.org", Attendee: "ada+work@example.org"}
	data, method, err := ics.EncodeInvitation(session(), who)
	if err != nil || method != "REQUEST" {
		t.Fatalf("%s, %v", method, err)
	}
	lint(t, data)
	for _, line := range []string{"METHOD:REQUEST", "ORGANIZER:mailto:kreds@example.org", "ATTENDEE;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT:mailto:ada+work@example.org", "UID:" + session().UID} {
		if !strings.Contains(unfold(data), "\r\n"+line+"\r\n") {
			t.Errorf("%s is missing in\n%s", line, data)
		}
	}
	off := session()
	off.Status = calendar.Cancelled
	if data, method, err = ics.EncodeInvitation(off, who); err != nil || method != "CANCEL" || !bytes.Contains(data, []byte("\r\nMETHOD:CANCEL\r\n")) {
		t.Errorf("%s, %v\n%s", method, err, data)
	}
	for _, address := range []string{"", "ada", "Ada <ada@example.org>", "ada@example.org\r\nATTENDEE:mailto:x@example.org", "a@example.org,b@example.org"} {
		if _, _, err := ics.EncodeInvitation(session(), ics.Invitation{Organizer: "kreds@example.org", Attendee: address}); err == nil {
			t.Errorf("the attendee %q: no error", address)
		}
		if _, _, err := ics.EncodeInvitation(session(), ics.Invitation{Organizer: address, Attendee: "ada@example.org"}); err == nil {
			t.Errorf("the organizer %q: no error", address)
		}
	}
}

func TestDecodeFound(t *testing.T) {
	a := session()
	data, err := ics.EncodeAppointment(a)
	if err != nil {
		t.Fatal(err)
	}
	edit := func(pairs ...string) []byte { return []byte(strings.NewReplacer(pairs...).Replace(string(data))) }
	for _, c := range []struct {
		name string
		data []byte
		ours bool
		same bool
	}{
		{"as it was written", data, true, true},
		{"with another title, an alarm, and in another order", edit("SUMMARY:Development session", "BEGIN:VALARM\r\nTRIGGER:-PT5M\r\nEND:VALARM", "TRANSP:OPAQUE", "SUMMARY:Mine\r\nX-A:1"), true, true},
		{"in a zone", edit("DTSTART:20260317T090000Z", "DTSTART;TZID=Europe/Berlin:20260317T100000"), true, true},
		{"in a zone of its own", edit("BEGIN:VEVENT", definition("Office")+"BEGIN:VEVENT", "DTSTART:20260317T090000Z", "DTSTART;TZID=Office:20260317T050000"), true, true},
		{"with a duration", edit("DTEND:20260317T103000Z", "DURATION:PT1H30M"), true, true},
		{"without STATUS, which is the default", edit("STATUS:CONFIRMED\r\n", ""), true, true},
		{"moved", edit("DTSTART:20260317T090000Z", "DTSTART:20260317T093000Z"), true, false},
		{"shortened", edit("DTEND:20260317T103000Z", "DTEND:20260317T100000Z"), true, false},
		{"cancelled", edit("STATUS:CONFIRMED", "STATUS:CANCELLED"), true, false},
		{"an older version", edit("SEQUENCE:2", "SEQUENCE:1"), true, false},
		{"somebody else's", edit("UID:0123456789abcdefghijklmnopqrstuv", "UID:other"), false, false},
		{"beside somebody else's", edit("BEGIN:VEVENT", sound+"BEGIN:VEVENT"), true, true},
		{"below its own override", edit("BEGIN:VEVENT", vevent(a.UID, "RECURRENCE-ID:20260317T090000Z", "DTSTART:20260318T090000Z")+"BEGIN:VEVENT"), true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			found, err := ics.DecodeFound(c.data, a.UID)
			if err != nil {
				t.Fatal(err)
			}
			if found.Ours != c.ours || ics.Same(a, found) != c.same {
				t.Errorf("%+v is ours: %t, the same: %t; want %t, %t", found, found.Ours, ics.Same(a, found), c.ours, c.same)
			}
		})
	}
	for name, data := range map[string]string{"garbage": "garbage", "no event": head + foot, "an event without a time": head + vevent(a.UID) + foot} {
		if found, err := ics.DecodeFound([]byte(data), a.UID); err == nil {
			t.Errorf("%s: %+v, want an error", name, found)
		}
	}
}

// lint checks what no validator does: line ends, lengths, whole runes, and no control characters (RFC 5545 §3.1).
func lint(t testing.TB, data []byte) {
	t.Helper()
	if !bytes.HasSuffix(data, []byte("\r\n")) {
		t.Error("the last line has no end")
	}
	for i, line := range strings.Split(strings.TrimSuffix(string(data), "\r\n"), "\r\n") {
		switch {
		case len(line) > 75:
			t.Errorf("line %d has %d octets: %s", i+1, len(line), line)
		case !utf8.ValidString(line):
			t.Errorf("line %d cuts a rune: %q", i+1, line)
		case strings.ContainsFunc(line, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
			t.Errorf("line %d has a control character: %q", i+1, line)
		case strings.TrimSpace(line) == "":
			t.Errorf("line %d is empty", i+1)
		}
	}
}

func unfold(data []byte) string { return strings.ReplaceAll(string(data), "\r\n ", "") }

func TestFeedNamesAreEscaped(t *testing.T) {
	for _, name := range []string{
		"Ada; Bob, and \\ the \"rest\"", "line\r\nATTENDEE:mailto:evil@example.org", "cr\ralone", "nul\x00 and \x1b[31m", "bad \xff bytes",
		strings.Repeat("æøå 😀 ", 60), strings.Repeat("x", 500), "", "END:VCALENDAR", "tab\tkept",
	} {
		head := feedHead("Europe/Berlin")
		head.Name = name
		feed, _, err := ics.EncodeFeed(head, []calendar.Appointment{session()})
		if err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		lint(t, feed)
		cal, err := ical.NewDecoder(bytes.NewReader(feed)).Decode()
		if err != nil || len(cal.Children) != 2 || len(cal.Props) != 8 {
			t.Fatalf("%q: %v\n%s", name, err, feed)
		}
		if _, err := cal.Props.Text("NAME"); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}
