package caldav_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"kreds/calendar"
)

// TestMultigetThatLeavesOut: what a batch does not give is fetched by itself, what has gone meanwhile is not.
func TestMultigetThatLeavesOut(t *testing.T) {
	f := newFake(t)
	for _, n := range []string{"a", "b", "c", "d"} {
		f.put(n+".ics", event(n))
	}
	r := newReading(f)
	r.read()
	for _, n := range []string{"a", "b", "c", "d"} {
		f.put(n+".ics", event(n))
	}
	f.spoil = func(w http.ResponseWriter, _ *http.Request, body string) bool {
		if !strings.Contains(body, "multiget") {
			return false
		}
		multistatus(w,
			response("/ada/c/a.ics", "<C:calendar-data>"+escape(event("a"))+"</C:calendar-data>"),
			response("/ada/c/b.ics", `<D:getetag>"v6"</D:getetag>`),
			`<D:response><D:href>/ada/c/c.ics</D:href><D:status>HTTP/1.1 404 Not Found</D:status></D:response>`)
		return true
	}
	r.read()
	r.has("a", "b", "d")
	calls := f.calls()
	if count(calls, "GET /ada/c/b.ics") != 1 || count(calls, "GET /ada/c/d.ics") != 1 || count(calls, "GET") != 2 {
		t.Errorf("requests: %v", calls)
	}
}

// TestOnePoisonedObject hides no other, whatever it does to the answers that it is in.
func TestOnePoisonedObject(t *testing.T) {
	deep := strings.Repeat("BEGIN:A\r\n", 100_000)
	const good = 120
	for name, c := range map[string]struct {
		data  string
		spoil func(w http.ResponseWriter, r *http.Request, body string) bool
	}{
		"a broken parameter": {data: "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;TZID=foo\r\nX-A;B=\"c\"d:e\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"},
		"HTML":               {data: "<html>sign in</html>"},
		"deep nesting":       {data: deep},
		"no start":           {data: strings.Replace(event("bad"), "DTSTART", "X-START", 1)},
		"bytes that are no UTF-8": {data: "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:nonsense\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
			spoil: func(w http.ResponseWriter, r *http.Request, body string) bool {
				if strings.Contains(body, "multiget") && strings.Contains(body, "bad.ics") {
					multistatus(w, response("/ada/c/bad.ics", "<C:calendar-data>\xff\xfe</C:calendar-data>"))
					return true
				}
				return false
			}},
		"500 for all that it is in": {data: "x", spoil: func(w http.ResponseWriter, r *http.Request, body string) bool {
			if strings.Contains(body, "bad.ics") || strings.HasSuffix(r.URL.Path, "bad.ics") {
				w.WriteHeader(http.StatusInternalServerError)
				return true
			}
			return false
		}},
		"403 for itself": {data: "x", spoil: func(w http.ResponseWriter, r *http.Request, body string) bool {
			if strings.Contains(body, "multiget") {
				w.WriteHeader(http.StatusNotImplemented)
				return true
			}
			if strings.HasSuffix(r.URL.Path, "bad.ics") {
				w.WriteHeader(http.StatusForbidden)
				return true
			}
			return false
		}},
		"too large": {data: "x", spoil: func(w http.ResponseWriter, r *http.Request, body string) bool {
			big := strings.NewReplacer("x", strings.Repeat("x", 1<<20))
			if strings.Contains(body, "multiget") && strings.Contains(body, "bad.ics") {
				multistatus(w, response("/ada/c/bad.ics", "<C:calendar-data>"+big.Replace(strings.Repeat("x", 33))+"</C:calendar-data>"))
				return true
			}
			if strings.HasSuffix(r.URL.Path, "bad.ics") {
				io.WriteString(w, big.Replace(strings.Repeat("x", 9)))
				return true
			}
			return false
		}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.put("bad.ics", c.data)
			for i := range good {
				f.put(fmt.Sprintf("e%03d.ics", i), event(fmt.Sprintf("e%03d", i)))
			}
			r := newReading(f)
			f.spoil = c.spoil
			d := r.read()
			faults := 0
			for _, o := range d.Objects {
				if o.Fault != "" {
					faults++
					if o.Href != "/ada/c/bad.ics" {
						t.Errorf("%s: %s", o.Href, o.Fault)
					}
				}
			}
			if faults != 1 || len(d.Objects) != good+1 {
				t.Errorf("%d objects, %d with a fault; want %d and 1", len(d.Objects), faults, good+1)
			}
		})
	}
}

// TestControlCharactersAreDropped: servers pass on what XML does not allow.
func TestControlCharactersAreDropped(t *testing.T) {
	f := newFake(t)
	f.put("a.ics", event("a"))
	f.put("b.ics", event("b"))
	f.spoil = func(w http.ResponseWriter, r *http.Request, body string) bool {
		if !strings.Contains(body, "multiget") {
			return false
		}
		multistatus(w,
			response("/ada/c/a.ics", "<C:calendar-data><![CDATA["+strings.Replace(event("a"), "SUMMARY:", "SUMMARY:\x00\x0b<b> ]] > \"", 1)+"]]></C:calendar-data>"),
			response("/ada/c/b.ics", "<C:calendar-data>"+strings.ReplaceAll(event("b"), "\r\n", "&#13;\n")+"</C:calendar-data>"))
		return true
	}
	r := newReading(f)
	r.read()
	r.has("a", "b")
	for _, o := range r.objects {
		if o.Fault != "" {
			t.Errorf("%s: %s", o.Href, o.Fault)
		}
	}
	if n := count(f.calls(), "GET"); n != 0 {
		t.Errorf("%d objects had to be fetched by themselves", n)
	}
}

// TestNothingIsKnownOfAServerThatIsDown: faults of all objects are no faults of objects.
func TestNothingIsKnownOfAServerThatIsDown(t *testing.T) {
	f := newFake(t)
	f.put("a.ics", event("a"))
	f.put("b.ics", event("b"))
	source := f.source()
	f.spoil = func(w http.ResponseWriter, r *http.Request, body string) bool {
		if strings.Contains(body, "multiget") || r.Method == http.MethodGet {
			w.WriteHeader(http.StatusBadGateway)
			return true
		}
		return false
	}
	if _, err := source.Changes(t.Context(), f.ref(), "", nil); !errors.Is(err, calendar.ErrTransient) {
		t.Errorf("%v, want ErrTransient", err)
	}
}

// TestLargeCalendar reads 5,000 objects within bounds.
func TestLargeCalendar(t *testing.T) {
	f := newFake(t)
	for i := range 5000 {
		f.put(fmt.Sprintf("e%04d.ics", i), event(fmt.Sprintf("e%04d", i)))
	}
	r := newReading(f)
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	d := r.read()
	runtime.GC()
	runtime.ReadMemStats(&after)
	if len(d.Objects) != 5000 || !d.Full {
		t.Errorf("%d objects", len(d.Objects))
	}
	if n := len(f.calls()); n != 102 { // the state, the list, and fifty objects at a time
		t.Errorf("%d requests, want 102", n)
	}
	t.Logf("%d MiB in use more than before, %d MiB allocated on the way", (int64(after.HeapInuse)-int64(before.HeapInuse))>>20, (after.TotalAlloc-before.TotalAlloc)>>20)
	if after.HeapInuse > before.HeapInuse+64<<20 {
		t.Errorf("%d MiB in use more than before", (after.HeapInuse-before.HeapInuse)>>20)
	}
}
