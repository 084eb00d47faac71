package caldav_test

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kreds/calendar"
	"kreds/calendar/caldav"
)

// reading is a reader's copy of the fake's calendar.
type reading struct {
	f       *fake
	source  calendar.Source
	objects map[string]calendar.Object // by href
	cursor  calendar.Cursor
}

func newReading(f *fake) *reading {
	return &reading{f, f.source(), map[string]calendar.Object{}, ""}
}

func (r *reading) read() calendar.Delta {
	r.f.t.Helper()
	known := calendar.Known{}
	for href, o := range r.objects {
		known[href] = o.ETag
	}
	r.f.calls()
	d, err := r.source.Changes(r.f.t.Context(), r.f.ref(), r.cursor, known)
	if err != nil {
		r.f.t.Fatalf("Changes: %v", err)
	}
	if d.Full {
		clear(r.objects)
	}
	for _, o := range d.Objects {
		r.objects[o.Href] = o
	}
	for _, href := range d.Gone {
		delete(r.objects, href)
	}
	r.cursor = d.Next
	return d
}

// has checks which UIDs the reader has.
func (r *reading) has(uids ...string) {
	r.f.t.Helper()
	var got []string
	for _, o := range r.objects {
		got = append(got, o.UID)
	}
	slices.Sort(got)
	if d := cmp.Diff(uids, got); d != "" {
		r.f.t.Errorf("the reader has other events:\n%s", d)
	}
}

func (r *reading) hrefs() []string { return slices.Sorted(maps.Keys(r.objects)) }

func event(uid string) string { return single(uid).ICS() }

// TestForgottenTokens: servers tell in many ways that they do not know a token, and none of them may leave ghosts.
func TestForgottenTokens(t *testing.T) {
	answer := func(status int, body string) func(f *fake, w http.ResponseWriter) {
		return func(_ *fake, w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	for name, spoil := range map[string]func(f *fake, w http.ResponseWriter){
		"403 with valid-sync-token": answer(403, `<D:error xmlns:D="DAV:"><D:valid-sync-token/></D:error>`),
		"403 without a word":        answer(403, ""),
		"500":                       answer(500, "oops"),
		"409":                       answer(409, ""),
		"410":                       answer(410, ""),
		"412":                       answer(412, ""),
		"400":                       answer(400, ""),
		"200 with HTML":             answer(200, "<html><body>?</body></html>"),
		"207 without a token":       func(_ *fake, w http.ResponseWriter) { multistatus(w) },
		"the full list without tombstones": func(f *fake, w http.ResponseWriter) {
			multistatus(w, append(f.list(-1), fmt.Sprintf("<D:sync-token>urn:v:%d</D:sync-token>", f.version))...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.put("a.ics", event("a"))
			f.put("b.ics", event("b"))
			r := newReading(f)
			r.read()
			r.has("a", "b")
			f.remove("a.ics")
			f.put("c.ics", event("c"))
			f.spoil = func(w http.ResponseWriter, q *http.Request, body string) bool {
				if q.Method == "REPORT" && strings.Contains(body, "<D:sync-token>urn") {
					spoil(f, w)
					return true
				}
				return false
			}
			r.read()
			r.has("b", "c")
			f.spoil = nil
			f.remove("c.ics")
			r.read()
			r.has("b")
		})
	}
}

// TestETagsOfAllForms: whatever an ETag looks like it tells what has changed, and without any all is fetched each time.
func TestETagsOfAllForms(t *testing.T) {
	for name, form := range map[string]func(int) string{
		"strong":     func(v int) string { return strconv.Quote(strconv.Itoa(v)) },
		"weak":       func(v int) string { return fmt.Sprintf(`W/"%d"`, v) },
		"unquoted":   func(v int) string { return fmt.Sprint(v) },
		"a date":     func(v int) string { return fmt.Sprintf("2026-03-01T00:00:%02dZ", v) },
		"with quote": func(v int) string { return fmt.Sprintf(`"a"b%d"`, v) },
		"missing":    func(int) string { return "" },
		"a megabyte": func(v int) string { return strconv.Quote(strings.Repeat("x", 1<<20) + strconv.Itoa(v)) },
	} {
		for _, noSync := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, sync %v", name, !noSync), func(t *testing.T) {
				f := newFake(t)
				f.etag, f.noSync, f.noTag = form, noSync, true
				f.put("a.ics", event("a"))
				f.put("b.ics", event("b"))
				r := newReading(f)
				r.read()
				f.put("b.ics", event("b"))
				f.put("c.ics", event("c"))
				d := r.read()
				r.has("a", "b", "c")
				// Without ETags nobody can tell a list of changes from a list of everything.
				told := name != "missing" && name != "a megabyte"
				if want := map[bool]int{true: 2, false: 3}[told]; len(d.Objects) != want {
					t.Errorf("%d objects were sent, want %d", len(d.Objects), want)
				}
				for href, o := range r.objects {
					if version := f.objects[href[len("/ada/c/"):]].version; told && o.ETag != form(version) {
						t.Errorf("%s has ETag %q, want %q as sent", href, o.ETag, form(version))
					} else if !told && o.ETag != "" {
						t.Errorf("%s has ETag %.20q", href, o.ETag)
					}
				}
				f.remove("a.ics")
				r.cursor = "" // reconcile
				r.read()
				r.has("b", "c")
			})
		}
	}
}

// TestUnchangedTagSparesTheList: without sync-collection, an unchanged getctag ends the reading.
func TestUnchangedTagSparesTheList(t *testing.T) {
	f := newFake(t)
	f.noSync = true
	f.put("a.ics", event("a"))
	r := newReading(f)
	r.read()
	r.read()
	if calls := f.calls(); len(calls) != 1 {
		t.Errorf("nothing has changed, and it took %v", calls)
	}
	f.put("b.ics", event("b"))
	r.read()
	r.has("a", "b")
}

// TestPartialSync: a server gives what has changed in parts, each with a token and 507 for the collection.
func TestPartialSync(t *testing.T) {
	f := newFake(t)
	for i := range 10 {
		f.put(fmt.Sprintf("e%d.ics", i), event(fmt.Sprintf("e%d", i)))
	}
	f.spoil = func(w http.ResponseWriter, q *http.Request, body string) bool {
		if !strings.Contains(body, "sync-collection") {
			return false
		}
		_, rest, _ := strings.Cut(body, "<D:sync-token>")
		after := 0
		fmt.Sscanf(rest, "urn:v:%d", &after)
		parts := f.list(after)
		if len(parts) > 3 {
			parts = append(parts[:3], `<D:response><D:href>/ada/c/</D:href><D:status>HTTP/1.1 507 Insufficient Storage</D:status>`+
				`<D:error><D:number-of-matches-within-limits/></D:error></D:response>`, fmt.Sprintf("<D:sync-token>urn:v:%d</D:sync-token>", after+3))
		} else {
			parts = append(parts, fmt.Sprintf("<D:sync-token>urn:v:%d</D:sync-token>", f.version))
		}
		multistatus(w, parts...)
		return true
	}
	r := newReading(f)
	r.read()
	if len(r.objects) != 10 {
		t.Errorf("%d objects, want 10", len(r.objects))
	}
	// A server that never gets on is not asked for ever.
	f.spoil = func(w http.ResponseWriter, q *http.Request, body string) bool {
		if !strings.Contains(body, "sync-collection") {
			return false
		}
		multistatus(w, `<D:response><D:href>/ada/c/</D:href><D:status>HTTP/1.1 507 x</D:status></D:response><D:sync-token>urn:v:3</D:sync-token>`)
		return true
	}
	r.read()
	if len(r.objects) != 10 {
		t.Errorf("%d objects after all, want 10", len(r.objects))
	}
	if n := len(f.calls()); n > 10 {
		t.Errorf("%d requests to a server that does not get on", n)
	}
}

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

// TestGoneIsWhatTheReaderHad: an event that came and went between two readings is not told.
func TestGoneIsWhatTheReaderHad(t *testing.T) {
	f := newFake(t)
	f.put("a.ics", event("a"))
	r := newReading(f)
	r.read()
	f.put("b.ics", event("b"))
	f.remove("b.ics")
	if d := r.read(); len(d.Gone) != 0 || len(d.Objects) != 0 {
		t.Errorf("told: %+v", d)
	}
	f.remove("a.ics")
	if d := r.read(); len(d.Gone) != 1 || d.Gone[0] != "/ada/c/a.ics" {
		t.Errorf("told: %+v", d)
	}
}

func TestCanonical(t *testing.T) {
	for _, same := range [][]string{
		{"http://h/a%40b/c+d.ics", "http://h/a@b/c%2Bd.ics", "http://h/a@b/c%2bd.ics/"},
		{"http://h/x%2Fy.ics", "http://h/x%2fy.ics"},
		{"http://h/x/y.ics"},
		{"http://h/%C3%BC", "http://h/ü", "http://h/%c3%bc"},
		{"https://h/"},
	} {
		for _, form := range same {
			if got, want := caldav.Canonical(t, form), caldav.Canonical(t, same[0]); got != want {
				t.Errorf("%s is %s, want %s", form, got, want)
			}
			if other := "http://h/x/y.ics"; form != other && caldav.Canonical(t, form) == caldav.Canonical(t, other) {
				t.Errorf("%s is taken for %s", form, other)
			}
		}
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

// TestHrefsAreOneInAllForms: a server that escapes differently from answer to answer still means the same objects, and a
// slash that was escaped stays so.
func TestHrefsAreOneInAllForms(t *testing.T) {
	f := newFake(t)
	names := []string{"a@b+c.ics", "a b.ics", "ü.ics", "x%2Fy.ics"}
	forms := []map[string]string{
		{"a@b+c.ics": "a%40b%2Bc.ics", "a b.ics": "a%20b.ics", "ü.ics": "%C3%BC.ics", "x%2Fy.ics": "x%2Fy.ics"},
		{"a@b+c.ics": "a@b+c.ics", "a b.ics": "a%20b.ics", "ü.ics": "%c3%bc.ics", "x%2Fy.ics": "x%2fy.ics"},
	}
	turn := 0
	f.echo = func(name string) string {
		if name == "x/y.ics" {
			name = "x%2Fy.ics"
		}
		return []string{"/ada/c/", f.URL + "/ada/c/"}[turn] + forms[turn][name]
	}
	for _, name := range names {
		name = strings.ReplaceAll(name, "%2F", "/")
		f.put(name, event(name))
	}
	r := newReading(f)
	r.read()
	r.has("a b.ics", "a@b+c.ics", "x/y.ics", "ü.ics")
	hrefs := r.hrefs()
	turn = 1
	r.cursor = ""
	if d := r.read(); len(d.Objects) != 0 || len(d.Gone) != 0 {
		t.Errorf("another form of the same hrefs is told as %+v", d)
	}
	f.put("x/y.ics", event("x/y.ics"))
	f.remove("a b.ics")
	r.read()
	r.has("a@b+c.ics", "x/y.ics", "ü.ics")
	for _, href := range r.hrefs() {
		if !slices.Contains(hrefs, href) {
			t.Errorf("the reader knew %v, and is told %s", hrefs, href)
		}
	}
	if count(f.calls(), "GET /ada/c/x/y") > 0 {
		t.Error("an escaped slash was undone")
	}
}

// TestListingsSurviveBadMembers: members without status, with an odd status, doubled, and the collection itself.
func TestListingsSurviveBadMembers(t *testing.T) {
	f := newFake(t)
	f.noSync = true
	for _, n := range []string{"a", "b", "c", "d", "e"} {
		f.put(n+".ics", event(n))
	}
	f.spoil = func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if r.Method != "PROPFIND" || r.URL.Path != "/ada/c/" || r.Header.Get("Depth") != "1" {
			return false
		}
		multistatus(w,
			`<D:response><D:href>/ada/c</D:href><D:propstat><D:prop><D:getetag>"x"</D:getetag></D:prop></D:propstat></D:response>`,
			`<D:response><D:href>/ada/c/a.ics</D:href><D:propstat><D:prop><D:getetag>"1"</D:getetag><D:getlastmodified/></D:prop><D:status>HTTP/1.1 200</D:status></D:propstat></D:response>`,
			`<D:response><D:href>/ada/c/a.ics</D:href><D:propstat><D:prop><D:getetag>"1"</D:getetag></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>`,
			`<D:response><D:href>/ada/c/b.ics</D:href><D:propstat><D:prop><D:getetag/></D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat></D:response>`,
			`<D:response><D:href>/ada/c/c.ics</D:href><D:status>HTTP/1.1 500 oh</D:status></D:response>`,
			`<D:response><D:href>/ada/c/d.ics</D:href><D:href>/ada/c/e.ics</D:href><D:status>HTTP/1.1 200 OK</D:status></D:response>`,
			`<D:response><D:status>HTTP/1.1 200 OK</D:status></D:response>`,
			`<D:response><D:href>/ada/c/gone.ics</D:href><D:status>HTTP/1.1 404 Not Found</D:status></D:response>`,
			`<D:response><D:href>/ada/c/sub/</D:href><D:propstat><D:prop><D:resourcetype><D:collection/></D:resourcetype></D:prop></D:propstat></D:response>`,
			`<D:unheard-of/>`)
		return true
	}
	r := newReading(f)
	r.read()
	r.has("a", "b", "c", "d", "e")
}

// TestCalendarIsGone in whatever words.
func TestCalendarIsGone(t *testing.T) {
	for _, status := range []int{404, 410, 207} {
		for _, cursor := range []calendar.Cursor{"", "token urn:v:1", "tag ctag1", "list "} {
			f := newFake(t)
			source := f.source()
			f.spoil = func(w http.ResponseWriter, r *http.Request, _ string) bool {
				if status == 207 {
					multistatus(w, `<D:response><D:href>/ada/c/</D:href><D:status>HTTP/1.1 404 Not Found</D:status></D:response>`)
					return true
				}
				w.WriteHeader(status)
				return true
			}
			if _, err := source.Changes(t.Context(), f.ref(), cursor, calendar.Known{"/ada/c/a.ics": `"1"`}); !errors.Is(err, calendar.ErrGone) {
				t.Errorf("%d, cursor %q: %v, want ErrGone", status, cursor, err)
			}
		}
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
