package davserver_test

import (
	"errors"
	"strings"
	"testing"

	"kreds/calendar/davserver"
)

// readOnly is a Store that is no Writer.
type readOnly struct{ davserver.Store }

func TestReadOnlyStore(t *testing.T) {
	store := adasStore(t)
	if n, err := store.Load(t.Context(), "ada", "work", []byte(event("a"))); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	s := serve(t, readOnly{store}, "")
	if got := call(t, "GET", s.URL+work+"a.ics", ""); got.status != 200 || !strings.Contains(got.body, "UID:a") {
		t.Errorf("GET: %v", got)
	}
	for _, c := range [][2]string{{"PUT", work + "b.ics"}, {"PUT", work + "a.ics"}, {"DELETE", work + "a.ics"}, {"MKCOL", "/ada/calendars/new/"}} {
		body := ""
		if c[0] == "PUT" {
			body = event("b")
		}
		if got := call(t, c[0], s.URL+c[1], body); got.status != 403 {
			t.Errorf("%s %s: %d, want 403", c[0], c[1], got.status)
		}
	}
}

func TestLoad(t *testing.T) {
	store := adasStore(t)
	zone := "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nBEGIN:STANDARD\r\nDTSTART:19961027T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
	part := func(uid string, extra ...string) string {
		text := event(uid, extra...)
		return text[strings.Index(text, "BEGIN:VEVENT"):strings.Index(text, "END:VCALENDAR")]
	}
	stream := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n" + zone + part("one", "RRULE:FREQ=DAILY;COUNT=3") + part("two") +
		part("one", "RECURRENCE-ID:20260317T080000Z") + part("../../x") + "END:VCALENDAR\r\n"
	n, err := store.Load(t.Context(), "ada", "work", []byte(stream))
	if n != 3 || err != nil {
		t.Fatal(n, err)
	}
	list, err := store.Objects(t.Context(), "ada", "work")
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]int{}
	for _, o := range list {
		parts[o.UID] = strings.Count(string(o.Data), "BEGIN:VEVENT")
		if !strings.Contains(string(o.Data), "TZID:Europe/Berlin") || strings.Contains(o.Name, "/") || !strings.HasSuffix(o.Name, ".ics") || o.ETag == "" {
			t.Errorf("%s: %s", o.Name, o.Data)
		}
	}
	if parts["one"] != 2 || parts["two"] != 1 || parts["../../x"] != 1 {
		t.Errorf("events in the objects: %v", parts)
	}
	for _, bad := range []string{"", "hello", event(""), strings.Replace(event("z"), "DTSTAMP", "X-S", 1), stream + "BEGIN:VEVENT\r\n"} {
		if n, err := store.Load(t.Context(), "ada", "work", []byte(bad)); err == nil && n > 0 {
			t.Errorf("%.30q was loaded", bad)
		}
	}
	if _, err := store.Load(t.Context(), "ada", "none", []byte(event("z"))); !errors.Is(err, davserver.ErrNotFound) {
		t.Errorf("into no calendar: %v", err)
	}
	if after, err := store.Objects(t.Context(), "ada", "work"); err != nil || len(after) != len(list) {
		t.Errorf("%d objects after all, %v; want %d", len(after), err, len(list))
	}
}
