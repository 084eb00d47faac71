package ics_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kreds/calendar"
	"kreds/calendar/ics"
)

// edited is a session of ours after its owner's program has been at it.
var edited = strings.ReplaceAll(`BEGIN:VCALENDAR
PRODID:-//Other//Other//EN
VERSION:2.0
X-WR-CALNAME:mine
BEGIN:VTIMEZONE
TZID:Europe/Copenhagen
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
CREATED:20260302T080000Z
UID:0123456789abcdefghijklmnopqrstuv
DTSTART;TZID=Europe/Copenhagen:20260317T100000
DURATION:PT90M
RRULE:FREQ=WEEKLY
SEQUENCE:9
SUMMARY:Circle with tea\, and a title that is long enough to be folded by what
  keeps it
LOCATION:Room 5
TRANSP:TRANSPARENT
X-LABEL;X-KIND="a:b;c":red
URL:https://elsewhere.example/
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-PT15M
DURATION:PT5M
URL:https://alarm.example/
DESCRIPTION:bring the notes
END:VALARM
END:VEVENT
BEGIN:VEVENT
UID:0123456789abcdefghijklmnopqrstuv
RECURRENCE-ID:20260324T090000Z
DTSTART:20260324T120000Z
DTEND:20260324T130000Z
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n")

func TestOverlayKeepsWhatItsOwnerAdded(t *testing.T) {
	got, err := ics.OverlayAppointment([]byte(edited), session())
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(`BEGIN:VCALENDAR
PRODID:-//Other//Other//EN
VERSION:2.0
X-WR-CALNAME:mine
BEGIN:VTIMEZONE
TZID:Europe/Copenhagen
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
DTEND:20260317T103000Z
DTSTAMP:20260301T120000Z
DTSTART:20260317T090000Z
LAST-MODIFIED:20260301T120000Z
SEQUENCE:2
STATUS:CONFIRMED
UID:0123456789abcdefghijklmnopqrstuv
URL:https://kreds.example/r/Xw3kPq0v
CREATED:20260302T080000Z
SUMMARY:Circle with tea\, and a title that is long enough to be folded by what
  keeps it
LOCATION:Room 5
TRANSP:TRANSPARENT
X-LABEL;X-KIND="a:b;c":red
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-PT15M
DURATION:PT5M
URL:https://alarm.example/
DESCRIPTION:bring the notes
END:VALARM
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n")
	if d := cmp.Diff(want, string(got)); d != "" {
		t.Error(d)
	}
	again, err := ics.OverlayAppointment(got, session())
	if err != nil || !bytes.Equal(again, got) {
		t.Errorf("written over itself it is other: %v\n%s", err, again)
	}
}

// TestOverlayOfOurOwn: over what we wrote ourselves it is what we would write anew, whatever has changed.
func TestOverlayOfOurOwn(t *testing.T) {
	first := session()
	standing, err := ics.EncodeAppointment(first)
	if err != nil {
		t.Fatal(err)
	}
	next := first
	next.InPerson, next.Status, next.Sequence, next.Interval = false, calendar.TentativeStatus, 3, between("2026-03-18T09:00", "2026-03-18T10:00")
	for _, a := range []calendar.Appointment{next, first} {
		got, err := ics.OverlayAppointment(standing, a)
		if err != nil {
			t.Fatal(err)
		}
		lint(t, got)
		want, _ := ics.EncodeAppointment(a)
		if d := cmp.Diff(sorted(want), sorted(got)); d != "" {
			t.Errorf("%s", d)
		}
	}
}

func sorted(data []byte) map[string]int {
	n := map[string]int{}
	for _, line := range strings.Split(string(data), "\r\n") {
		n[line]++
	}
	return n
}

// TestOverlayOfWhatCannotBeTakenApart is the neutral event, never less.
func TestOverlayOfWhatCannotBeTakenApart(t *testing.T) {
	a := session()
	want, err := ics.EncodeAppointment(a)
	if err != nil {
		t.Fatal(err)
	}
	event := "BEGIN:VEVENT\r\nUID:" + a.UID + "\r\nDTSTART:20260317T090000Z\r\n"
	for name, standing := range map[string]string{
		"nothing":         "",
		"a page":          "<html>sign in</html>",
		"another's event": strings.ReplaceAll(edited, "UID:0", "UID:1"),
		"an open event":   "BEGIN:VCALENDAR\r\n" + event + "END:VCALENDAR\r\n",
		"a crossed end":   "BEGIN:VCALENDAR\r\n" + event + "BEGIN:VALARM\r\nEND:VEVENT\r\nEND:VALARM\r\nEND:VCALENDAR\r\n",
		"an end too many": "END:VEVENT\r\n" + edited,
		"two of them":     "BEGIN:VCALENDAR\r\n" + event + "END:VEVENT\r\n" + event + "END:VEVENT\r\nEND:VCALENDAR\r\n",
	} {
		got, err := ics.OverlayAppointment([]byte(standing), a)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
	a.UID = ""
	if _, err := ics.OverlayAppointment([]byte(edited), a); err == nil {
		t.Error("a session that cannot be written was written")
	}
}

// FuzzOverlay: whatever stands there, what is written over it means the session.
func FuzzOverlay(f *testing.F) {
	f.Add([]byte(edited))
	f.Add([]byte(strings.ReplaceAll(edited, "\r\n", "\n")))
	f.Add([]byte(strings.ReplaceAll(edited, "\r\n", "\r")))
	f.Add([]byte("\xef\xbb\xbf" + edited))
	a := session()
	f.Fuzz(func(t *testing.T, standing []byte) {
		got, err := ics.OverlayAppointment(standing, a)
		if err != nil {
			t.Fatal(err)
		}
		if found, err := ics.DecodeFound(got, a.UID); err != nil || !ics.Same(a, found) {
			t.Errorf("it means %+v, %v:\n%s", found, err, got)
		}
	})
}
