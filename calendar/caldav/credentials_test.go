package caldav_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kreds/calendar"
	"kreds/calendar/caldav"
	"kreds/internal/outbound"
)

// TestCredentialsGoNowhereElse: neither a home set nor an object nor a redirect on another server is asked for.
func TestCredentialsGoNowhereElse(t *testing.T) {
	elsewhere := newFake(t)
	lead := func(path, props string) func(http.ResponseWriter, *http.Request, string) bool {
		return func(w http.ResponseWriter, r *http.Request, _ string) bool {
			if r.URL.Path != path || r.Method != "PROPFIND" {
				return false
			}
			multistatus(w, response(path, strings.ReplaceAll(props, "ELSEWHERE", elsewhere.URL)))
			return true
		}
	}
	for name, spoil := range map[string]func(http.ResponseWriter, *http.Request, string) bool{
		"principal": lead("/", `<D:current-user-principal><D:href>ELSEWHERE/ada/</D:href></D:current-user-principal>`),
		"home set":  lead("/ada/", `<C:calendar-home-set><D:href>ELSEWHERE/ada/</D:href></C:calendar-home-set>`),
		"redirect": func(w http.ResponseWriter, r *http.Request, _ string) bool {
			http.Redirect(w, r, elsewhere.URL+r.URL.Path, http.StatusMovedPermanently)
			return true
		},
		"object": func(w http.ResponseWriter, r *http.Request, body string) bool {
			if !strings.Contains(body, "sync-collection") {
				return false
			}
			multistatus(w, response(elsewhere.URL+"/ada/c/a.ics", `<D:getetag>"1"</D:getetag>`),
				response(elsewhere.URL+"/ada/c/b.ics", `<D:getetag>"1"</D:getetag>`), "<D:sync-token>x</D:sync-token>")
			return true
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.put("a.ics", event("a"))
			f.put("b.ics", event("b"))
			f.spoil = spoil
			a := ada
			a.URL = f.URL
			// The other server may be called; it is the credentials that must not go there.
			source, err := provider(t, f.URL, elsewhere.URL).Open(t.Context(), a)
			if err == nil {
				_, err = source.Calendars(t.Context())
			}
			if err == nil {
				_, err = source.Changes(t.Context(), f.ref(), "", nil)
			}
			if !errors.Is(err, calendar.ErrBlockedAddress) {
				t.Errorf("%v, want ErrBlockedAddress", err)
			}
			if calls := elsewhere.calls(); len(calls) != 0 {
				t.Errorf("the other server was asked: %v", calls)
			}
		})
	}
}

// TestAbsoluteHrefs: on the same host they are what paths are; a server behind a proxy may even take itself for http.
func TestAbsoluteHrefs(t *testing.T) {
	f := newFake(t)
	secure := httptest.NewTLSServer(f)
	t.Cleanup(secure.Close)
	u, err := url.Parse(secure.URL)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	if err != nil {
		t.Fatal(err)
	}
	m := outbound.New(outbound.Policy{
		Allow:   []outbound.Allow{{Host: u.Hostname(), Port: uint16(port), Net: netip.MustParsePrefix("127.0.0.1/32")}},
		RootCAs: secure.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs,
	})
	t.Cleanup(m.Close)
	f.spoil = func(w http.ResponseWriter, r *http.Request, _ string) bool {
		switch {
		case r.Method == "PROPFIND" && r.URL.Path == "/":
			multistatus(w, response("/", `<D:current-user-principal><D:href>`+secure.URL+`/ada/</D:href></D:current-user-principal>`))
		case r.Method == "PROPFIND" && r.URL.Path == "/ada/" && r.Header.Get("Depth") == "0":
			multistatus(w, response("/", `<C:calendar-home-set><D:href>http://`+u.Hostname()+`/ada/</D:href></C:calendar-home-set>`))
		default:
			return false
		}
		return true
	}
	f.echo = func(name string) string { return "http://" + u.Host + "/ada/c/" + name }
	f.put("a.ics", event("a"))
	source := open(t, caldav.New(m), calendar.Account{URL: secure.URL, User: "ada", Password: "pw"})
	list, err := source.Calendars(t.Context())
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	d, err := source.Changes(t.Context(), list[0].Ref, "", nil)
	if err != nil || len(d.Objects) != 1 || d.Objects[0].Href != "/ada/c/a.ics" || d.Objects[0].UID != "a" {
		t.Errorf("%+v, %v", d, err)
	}
}

// TestTwoRequestsAtOnce: an account is asked twice at once at most, whoever opened it.
func TestTwoRequestsAtOnce(t *testing.T) {
	var mu sync.Mutex
	now, most := 0, 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		now++
		most = max(most, now)
		mu.Unlock()
		time.Sleep(5 * time.Millisecond) // so that requests that may meet do
		mu.Lock()
		now--
		mu.Unlock()
		multistatus(w, response("/", `<C:calendar-home-set><D:href>/</D:href></C:calendar-home-set>`))
	}))
	t.Cleanup(s.Close)
	p := provider(t, s.URL)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			source, err := p.Open(t.Context(), calendar.Account{URL: s.URL, User: "ada", Password: "pw"})
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := source.Calendars(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if most != 2 {
		t.Errorf("%d requests at once, want 2", most)
	}
}
