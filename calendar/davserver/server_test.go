package davserver_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	"kreds/calendar/davserver"
)

// serve starts a server with Ada's calendar "work" over a store.
func serve(t *testing.T, store davserver.Store, prefix string) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(davserver.New(davserver.Options{
		Store: store, Prefix: prefix,
		Authenticate: func(_ context.Context, name, password string) (string, bool) {
			users := map[string]string{"ada": "ada", "ada@example.org": "ada", "bob": "bob", "eve/../ada": "eve/../ada"}
			return users[name], password == "pw"
		},
	}))
	t.Cleanup(s.Close)
	return s
}

func adasStore(t *testing.T) *davserver.Memory {
	t.Helper()
	store := &davserver.Memory{}
	for _, user := range []string{"ada", "bob"} {
		if err := store.Create(t.Context(), user, davserver.Calendar{Name: "work", Title: "Work"}); err != nil {
			t.Fatal(err)
		}
	}
	return store
}

// answer is what a server said.
type answer struct {
	status int
	header http.Header
	body   string
}

// call sends a request as Ada; header is name, value, name, value.
func call(t *testing.T, method, url, body string, header ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth("ada", "pw")
	if method == http.MethodPut {
		req.Header.Set("Content-Type", "text/calendar")
	} else if body != "" {
		req.Header.Set("Content-Type", "application/xml")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(data)}
}

// event is an iCalendar object; extra lines go into the event.
func event(uid string, extra ...string) string {
	lines := append([]string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", "BEGIN:VEVENT", "UID:" + uid, "DTSTAMP:20260101T000000Z",
		"DTSTART:20260316T080000Z", "DTEND:20260316T090000Z"}, extra...)
	return strings.Join(append(lines, "END:VEVENT", "END:VCALENDAR", ""), "\r\n")
}

const work = "/ada/calendars/work/"

func TestWhoMayEnter(t *testing.T) {
	store := adasStore(t)
	s := serve(t, store, "")
	call(t, "PUT", s.URL+work+"a.ics", event("a"))
	if _, err := store.Load(t.Context(), "bob", "work", []byte(event("b"))); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, password, path string
		want                 int
	}{
		{"ada", "pw", work + "a.ics", 200},
		{"ada@example.org", "pw", work + "a.ics", 200}, // signs in by another name, as the callback says
		{"ada", "wrong", work + "a.ics", 401},
		{"", "", work + "a.ics", 401},
		{"eve/../ada", "pw", work + "a.ics", 401},
		{"bob", "pw", work + "a.ics", 404},
		{"bob", "pw", "/bob/../ada/calendars/work/a.ics", 404},
		{"bob", "pw", "/bob/calendars/work/a.ics", 404},
		{"bob", "pw", "/bob/calendars/work/b.ics", 200},
		{"bob", "pw", work + "b.ics", 404},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.URL.Path = c.path
		if c.name != "" {
			req.SetBasicAuth(c.name, c.password)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != c.want {
			t.Errorf("%s at %s: %d, want %d", c.name, c.path, resp.StatusCode, c.want)
		}
		if ask := resp.Header.Get("WWW-Authenticate"); (c.want == 401) != (ask != "") || strings.Contains(ask, "ada") {
			t.Errorf("%s at %s: asked by %q", c.name, c.path, ask)
		}
	}
}

func TestPreconditions(t *testing.T) {
	s := serve(t, adasStore(t), "")
	at := s.URL + work + "a.ics"
	for _, c := range []struct {
		method, body, header, value string
		want                        int
	}{
		{"PUT", event("a"), "If-Match", `"x"`, 412},
		{"PUT", event("a"), "If-Match", "*", 412},
		{"DELETE", "", "If-Match", `"x"`, 404},
		{"PUT", event("a"), "If-None-Match", "*", 201},
		{"PUT", event("a"), "If-None-Match", "*", 412},
		{"PUT", event("a", "SUMMARY:x"), "If-Match", "ETAG", 201},
		{"PUT", event("a"), "If-Match", `"x"`, 412},
		{"PUT", event("a"), "If-Match", `W/"x"`, 412},
		{"PUT", event("a"), "If-Match", "x", 412},
		{"DELETE", "", "If-Match", `"x"`, 412},
		{"DELETE", "", "If-Match", "x", 412},
		{"DELETE", "", "If-Match", "ETAG", 204},
		{"DELETE", "", "If-Match", "*", 404},
	} {
		if c.value == "ETAG" {
			c.value = call(t, "GET", at, "").header.Get("ETag")
		}
		if got := call(t, c.method, at, c.body, c.header, c.value); got.status != c.want {
			t.Errorf("%s with %s: %s: %d %s, want %d", c.method, c.header, c.value, got.status, got.body, c.want)
		}
	}
}

func TestWhatIsNotTaken(t *testing.T) {
	s := serve(t, adasStore(t), "")
	if got := call(t, "PUT", s.URL+work+"a.ics", event("a")); got.status != 201 || got.header.Get("ETag") == "" {
		t.Fatal(got)
	}
	deepXML := `<propfind xmlns="DAV:"><prop>` + strings.Repeat("<a>", 40) + strings.Repeat("</a>", 40) + "</prop></propfind>"
	for _, c := range []struct {
		what, method, path, body string
		want                     int
	}{
		{"a UID that stands elsewhere", "PUT", work + "b.ics", event("a"), 409},
		{"garbage", "PUT", work + "b.ics", "hello", 400},
		{"a line that go-ical panics on", "PUT", work + "b.ics", event("b", `X-A;B="c"`), 400},
		{"another one", "PUT", work + "b.ics", event("b", `X-A;B="c"d:e`), 400},
		{"deep nesting", "PUT", work + "b.ics", strings.Repeat("BEGIN:A\r\n", 100_000), 400},
		{"a method", "PUT", work + "b.ics", strings.Replace(event("b"), "VERSION:2.0", "VERSION:2.0\r\nMETHOD:REQUEST", 1), 409},
		{"two UIDs", "PUT", work + "b.ics", strings.Replace(event("b"), "END:VCALENDAR", "BEGIN:VEVENT\r\nUID:c\r\nDTSTAMP:20260101T000000Z\r\nEND:VEVENT\r\nEND:VCALENDAR", 1), 409},
		{"no DTSTAMP", "PUT", work + "b.ics", strings.Replace(event("b"), "DTSTAMP", "X-STAMP", 1), 409},
		{"too much", "PUT", work + "b.ics", event("b", "DESCRIPTION:"+strings.Repeat("x", 2<<20)), 413},
		{"no such calendar", "PUT", "/ada/calendars/none/b.ics", event("b"), 409},
		{"no place for events", "PUT", "/ada/b.ics", event("b"), 403},
		{"deep XML", "PROPFIND", work, deepXML, 400},
		{"a document type", "PROPFIND", work, `<!DOCTYPE x [<!ENTITY a "b">]><propfind xmlns="DAV:"><allprop/></propfind>`, 400},
		{"no XML", "REPORT", work, "hello <", 400},
		{"a whole calendar", "DELETE", work, "", 403},
		{"a calendar that is there", "MKCOL", work, "", 405},
		{"a calendar elsewhere", "MKCOL", "/ada/notes/", "", 403},
		{"an unknown report", "REPORT", work, `<D:sync-collection xmlns:D="DAV:"/>`, 400},
		{"no such event", "GET", work + "b.ics", "", 404},
		{"an event above", "GET", "/ada/calendars/", "", 404},
	} {
		if got := call(t, c.method, s.URL+c.path, c.body); got.status != c.want {
			t.Errorf("%s: %d %.200s, want %d", c.what, got.status, got.body, c.want)
		}
	}
}

func TestPrefixAndWellKnown(t *testing.T) {
	s := serve(t, adasStore(t), "/dav")
	if got := call(t, "PROPFIND", s.URL+"/.well-known/caldav", ""); got.status != 308 || got.header.Get("Location") != "/dav/ada/" {
		t.Errorf("well-known: %d %s", got.status, got.header.Get("Location"))
	}
	body := `<propfind xmlns="DAV:"><prop><resourcetype/><displayname/></prop></propfind>`
	for _, path := range []string{"/dav/ada/calendars", "/dav/ada/calendars/"} { // with and without the slash
		got := call(t, "PROPFIND", s.URL+path, body, "Depth", "1")
		if got.status != 207 || !strings.Contains(got.body, "/dav/ada/calendars/work/") || !strings.Contains(got.body, "Work") {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	if got := call(t, "PROPFIND", s.URL+"/ada/calendars/", body, "Depth", "1"); got.status != 404 {
		t.Errorf("outside of the prefix: %d", got.status)
	}
	if got := call(t, "PROPFIND", s.URL+"/davada/calendars/", body, "Depth", "1"); got.status != 404 {
		t.Errorf("beside the prefix: %d", got.status)
	}
}

// TestQueries: what recurs is always in the answer, and a rule that would cost any time costs none.
func TestQueries(t *testing.T) {
	store := adasStore(t)
	s := serve(t, store, "")
	for uid, extra := range map[string]string{
		"in": "SUMMARY:x", "weekly": "RRULE:FREQ=WEEKLY", "bomb": "RRULE:FREQ=SECONDLY;INTERVAL=2;BYSECOND=1", "out": "SUMMARY:y",
	} {
		text := event(uid, extra)
		if uid == "out" {
			text = strings.ReplaceAll(text, "20260316", "20270316")
		}
		if got := call(t, "PUT", s.URL+work+uid+".ics", text); got.status != 201 {
			t.Fatal(uid, got)
		}
	}
	begin := time.Now()
	got := call(t, "REPORT", s.URL+work, `<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/></D:prop>
		<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range start="20260316T000000Z" end="20260317T000000Z"/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>`, "Depth", "1")
	for uid, want := range map[string]bool{"in": true, "weekly": true, "bomb": true, "out": false} {
		if strings.Contains(got.body, "/"+uid+".ics") != want {
			t.Errorf("%s: in the answer %v, want %v", uid, !want, want)
		}
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
}

// TestForeignClient: python-caldav, which is no relative of ours, finds its way, writes, searches and deletes.
func TestForeignClient(t *testing.T) {
	const python = "/usr/bin/python3"
	if out, err := exec.CommandContext(t.Context(), python, "-c", "import caldav").CombinedOutput(); err != nil {
		t.Fatalf("python-caldav is not installed: run sh scripts/test-deps.sh, or apt-get install python3-caldav: %v: %s", err, out)
	}
	store := adasStore(t)
	s := serve(t, store, "")
	cmd := exec.CommandContext(t.Context(), python, "-c", `
import caldav, sys
from datetime import datetime, timezone
client = caldav.DAVClient(sys.argv[1], username="ada", password="pw")
principal = client.principal()
calendars = principal.calendars()
assert [str(c.url) for c in calendars] == [sys.argv[1] + "/ada/calendars/work/"], calendars
work = calendars[0]
work.save_event(sys.stdin.read())
events = work.events()
assert len(events) == 1, events
found = work.date_search(start=datetime(2026,3,16,tzinfo=timezone.utc), end=datetime(2026,3,17,tzinfo=timezone.utc), expand=False)
assert len(found) == 1, found
assert "UID:from-python" in found[0].data, found[0].data
missed = work.date_search(start=datetime(2026,3,18,tzinfo=timezone.utc), end=datetime(2026,3,19,tzinfo=timezone.utc), expand=False)
assert len(missed) == 0, missed
found[0].delete()
assert len(work.events()) == 0
print("done")
`, s.URL)
	cmd.Stdin = strings.NewReader(event("from-python"))
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.HasSuffix(string(out), "done\n") {
		t.Errorf("%v: %s", err, out)
	}
}
