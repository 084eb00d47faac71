package caldav_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"kreds/calendar"
)

// TestObjectsThatAreNotGiven are told apart from those that are broken: it may be otherwise the next time.
func TestObjectsThatAreNotGiven(t *testing.T) {
	status := func(code int) func(w http.ResponseWriter) { return func(w http.ResponseWriter) { w.WriteHeader(code) } }
	html := func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<html>sign in</html>")
	}
	for name, c := range map[string]struct {
		answer func(w http.ResponseWriter)
		unread int
	}{
		"500": {status(500), 1}, "503": {status(503), 1}, "403": {status(403), 1}, "423": {status(423), 1}, "418": {status(418), 1},
		"HTML": {html, 1}, "nothing": {status(200), 1},
		"too large": {status(413), 0},
		"no start":  {func(w http.ResponseWriter) { io.WriteString(w, strings.Replace(event("b"), "DTSTART", "X-START", 1)) }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.put("a.ics", event("a"))
			f.put("b.ics", event("b"))
			r := newReading(f)
			if d := r.read(); len(d.Unread) > 0 {
				t.Errorf("of a sound calendar %v was not read", d.Unread)
			}
			f.put("a.ics", event("a"))
			f.put("b.ics", event("b"))
			f.spoil = func(w http.ResponseWriter, q *http.Request, body string) bool {
				switch {
				case strings.Contains(body, "multiget"):
					w.WriteHeader(http.StatusNotImplemented)
				case strings.HasSuffix(q.URL.Path, "b.ics"):
					c.answer(w)
				default:
					return false
				}
				return true
			}
			d := r.read()
			if len(d.Unread) != c.unread || c.unread > 0 && d.Unread[0] != "/ada/c/b.ics" {
				t.Errorf("not read: %v, want %d", d.Unread, c.unread)
			}
			if o := r.objects["/ada/c/b.ics"]; o.Fault == "" || c.unread > 0 && o.ETag != "" {
				t.Errorf("it is told with the fault %q and the ETag %q", o.Fault, o.ETag)
			}
			f.spoil = nil
			r.cursor = "" // the next reconciliation asks for it again
			if d = r.read(); len(d.Unread) > 0 || c.unread > 0 && len(d.Objects) != 1 {
				t.Errorf("when the server is well again: %+v", d)
			}
		})
	}
}

// TestASignInPageIsNoCalendar: a server that answers everything with HTML tells nothing of any object.
func TestASignInPageIsNoCalendar(t *testing.T) {
	for _, tags := range []bool{true, false} {
		f := newFake(t)
		if f.noSync, f.noTag = true, true; !tags {
			f.etag = func(int) string { return "" }
		}
		for i := range 5 {
			f.put(fmt.Sprintf("e%d.ics", i), event(fmt.Sprintf("e%d", i)))
		}
		r := newReading(f)
		r.read()
		for i := range 5 {
			f.put(fmt.Sprintf("e%d.ics", i), event(fmt.Sprintf("e%d", i)))
		}
		f.spoil = func(w http.ResponseWriter, q *http.Request, _ string) bool {
			if q.Method == "REPORT" {
				w.WriteHeader(http.StatusNotImplemented)
			} else if q.Method == http.MethodGet {
				w.Header().Set("Content-Type", "text/html")
				io.WriteString(w, "<html>sign in</html>")
			} else {
				return false
			}
			return true
		}
		known := calendar.Known{}
		for href, o := range r.objects {
			known[href] = o.ETag
		}
		for name, from := range map[string]calendar.Cursor{"from where it stopped": r.cursor, "from the beginning": ""} {
			if d, err := r.source.Changes(t.Context(), f.ref(), from, known); !errors.Is(err, calendar.ErrProtocol) {
				t.Errorf("%s: %+v, %v, want ErrProtocol", name, d, err)
			}
			if d, err := r.source.Changes(t.Context(), f.ref(), from, nil); !errors.Is(err, calendar.ErrProtocol) {
				t.Errorf("%s, anew: %+v, %v, want ErrProtocol", name, d, err)
			}
		}
	}
}

// TestMoreEventsThanAnybodyHas: they are counted over all objects.
func TestMoreEventsThanAnybodyHas(t *testing.T) {
	f := newFake(t)
	head, rest, _ := strings.Cut(event("x"), "BEGIN:VEVENT")
	one := "BEGIN:VEVENT" + strings.TrimSuffix(rest, "END:VCALENDAR\r\n")
	big := head + strings.Repeat(one, 1000) + "END:VCALENDAR\r\n"
	for i := range 50 {
		f.put(fmt.Sprintf("e%d.ics", i), big)
	}
	r := newReading(f)
	if d := r.read(); len(d.Objects) != 50 || len(d.Objects[0].Events) != 1000 {
		t.Fatalf("%d objects", len(d.Objects))
	}
	f.put("one.ics", event("one"))
	if _, err := r.source.Changes(t.Context(), f.ref(), "", nil); !errors.Is(err, calendar.ErrTooLarge) {
		t.Errorf("50,001 events: %v, want ErrTooLarge", err)
	}
}
