package caldav_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"kreds/calendar"
	"kreds/calendar/caldav"
)

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
