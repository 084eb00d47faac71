package caldav_test

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kreds/calendar"
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
