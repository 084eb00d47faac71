package caldav_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kreds/calendar"
)

var ada = calendar.Account{User: "ada", Password: "pw", Zone: "Europe/Berlin"}

func (f *fake) tryOpen(given string) (calendar.Source, error) {
	a := ada
	a.URL = given
	return provider(f.t, f.URL).Open(f.t.Context(), a)
}

// TestDiscovery finds the same calendars from wherever a server hides them.
func TestDiscovery(t *testing.T) {
	refuse := func(paths map[string]int) func(http.ResponseWriter, *http.Request, string) bool {
		return func(w http.ResponseWriter, r *http.Request, _ string) bool {
			status, ok := paths[r.URL.Path]
			if ok {
				w.WriteHeader(status)
			}
			return ok
		}
	}
	for name, c := range map[string]struct {
		path  string
		spoil func(http.ResponseWriter, *http.Request, string) bool
	}{
		"at the root":                   {"", nil},
		"at the principal":              {"/ada/", nil},
		"at a calendar":                 {"/ada/c/", nil},
		"at a place that knows nothing": {"/website/", nil},
		"where the root answers 405":    {"/ada/", refuse(map[string]int{"/": 405})},
		"where the root answers a website": {"/ada/", func(w http.ResponseWriter, r *http.Request, _ string) bool {
			if r.URL.Path == "/" || r.URL.Path == "/.well-known/caldav" {
				io.WriteString(w, "<!DOCTYPE html><html><body>welcome</body></html>")
				return true
			}
			return false
		}},
		"at a path that is known": {"", func(w http.ResponseWriter, r *http.Request, _ string) bool {
			switch r.URL.Path {
			case "/", "/.well-known/caldav":
				w.WriteHeader(http.StatusNotFound)
			case "/remote.php/dav/":
				multistatus(w, response(r.URL.Path, `<D:current-user-principal><D:href>/ada/</D:href></D:current-user-principal>`))
			default:
				return false
			}
			return true
		}},
		"with the calendars named at once": {"", func(w http.ResponseWriter, r *http.Request, _ string) bool {
			if r.URL.Path == "/" {
				multistatus(w, response("/", `<C:calendar-home-set><D:href>../ada</D:href></C:calendar-home-set>`))
				return true
			}
			return false
		}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.spoil = c.spoil
			source, err := f.tryOpen(f.URL + c.path)
			if err != nil {
				t.Fatal(err)
			}
			list, err := source.Calendars(t.Context())
			if err != nil || len(list) != 1 || list[0].Ref != f.ref() {
				t.Errorf("%+v, %v; want %s", list, err, f.ref())
			}
		})
	}
	for _, status := range []int{301, 302, 307, 308} {
		t.Run(fmt.Sprintf("by a redirect %d of the well-known address", status), func(t *testing.T) {
			f := newFake(t)
			f.spoil = func(w http.ResponseWriter, r *http.Request, _ string) bool {
				switch r.URL.Path {
				case "/.well-known/caldav":
					http.Redirect(w, r, "/dav", status)
				case "/dav":
					multistatus(w, response("/dav/", `<D:current-user-principal><D:href>/ada/</D:href></D:current-user-principal>`))
				case "/":
					w.WriteHeader(http.StatusNotFound)
				default:
					return false
				}
				return true
			}
			if _, err := f.tryOpen(f.URL); err != nil {
				t.Fatal(err)
			}
			want := []string{"PROPFIND /.well-known/caldav", "PROPFIND /dav", "PROPFIND /ada/"}
			if d := cmp.Diff(want, f.calls()); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestOpenFails says what stood in the way.
func TestOpenFails(t *testing.T) {
	status := func(code int, header ...string) func(http.ResponseWriter, *http.Request, string) bool {
		return func(w http.ResponseWriter, _ *http.Request, _ string) bool {
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(code)
			return true
		}
	}
	for name, c := range map[string]struct {
		spoil func(http.ResponseWriter, *http.Request, string) bool
		want  error
		most  int // requests
	}{
		"a wrong password, asked once":   {status(401, "WWW-Authenticate", `Basic realm="x"`), calendar.ErrAuth, 1},
		"told to wait":                   {status(429, "Retry-After", "120"), calendar.RateLimited{After: 2 * time.Minute}, 1},
		"told to wait until":             {status(503, "Retry-After", "Tue, 24 Nov 2026 12:10:00 GMT"), calendar.RateLimited{After: 10 * time.Minute}, 1},
		"told to wait, nobody knows how": {status(429), calendar.RateLimited{After: time.Minute}, 1},
		"down":                           {status(502), calendar.ErrTransient, 1},
		"nothing of CalDAV":              {status(404), calendar.ErrNotFound, 8},
		"forbidden everywhere":           {status(403), calendar.ErrNotFound, 8},
		"let in without belief": {func(w http.ResponseWriter, _ *http.Request, _ string) bool {
			multistatus(w, response("/", `<D:current-user-principal><D:unauthenticated/></D:current-user-principal>`))
			return true
		}, calendar.ErrAuth, 1},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.spoil = c.spoil
			p := provider(t, f.URL)
			p.Now = func() time.Time { return time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC) }
			a := ada
			a.URL = f.URL
			_, err := p.Open(t.Context(), a)
			if !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if n := len(f.calls()); n > c.most {
				t.Errorf("%d requests, want at most %d", n, c.most)
			}
			if err != nil && (strings.Contains(err.Error(), "pw") || strings.Contains(err.Error(), "ada")) {
				t.Errorf("the error tells too much: %v", err)
			}
		})
	}
	f := newFake(t)
	for given, want := range map[string]error{
		"file:///etc/passwd":        calendar.ErrBlockedAddress,
		"http://example.org/":       calendar.ErrBlockedAddress,
		"https://127.0.0.1/":        calendar.ErrBlockedAddress,
		"https://ada:pw@127.0.0.1/": calendar.ErrBlockedAddress,
	} {
		if _, err := f.tryOpen(given); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", given, err, want)
		}
	}
	if calls := f.calls(); len(calls) != 0 {
		t.Errorf("called: %v", calls)
	}
}

// dns is a zone file of services.
type dns struct {
	srv []*net.SRV
	txt []string
}

func (d dns) LookupSRV(_ context.Context, service, proto, name string) (string, []*net.SRV, error) {
	if service != "caldavs" || proto != "tcp" || name != "example.org" {
		return "", nil, errors.New("no such service")
	}
	return "", d.srv, nil
}

func (d dns) LookupTXT(_ context.Context, name string) ([]string, error) {
	if name != "_caldavs._tcp.example.org" || d.txt == nil {
		return nil, errors.New("no such text")
	}
	return d.txt, nil
}

func TestAnnouncedService(t *testing.T) {
	for _, c := range []struct {
		zone        dns
		given, want string
	}{
		{dns{}, "https://example.org", ""},
		{dns{srv: []*net.SRV{{Target: "dav.example.org.", Port: 443}}}, "https://example.org", "https://dav.example.org/.well-known/caldav"},
		{dns{srv: []*net.SRV{{Target: "dav.example.org.", Port: 8443}}, txt: []string{"x", "path=/cal/"}}, "https://example.org", "https://dav.example.org:8443/cal/"},
		{dns{srv: []*net.SRV{{Target: "dav.example.org.", Port: 443}}, txt: []string{"path=https://evil/"}}, "https://example.org", "https://dav.example.org/.well-known/caldav"},
		{dns{srv: []*net.SRV{{Target: ".", Port: 0}}}, "https://example.org", ""},
		{dns{srv: []*net.SRV{{Target: "dav.example.org.", Port: 443}}}, "https://example.org:8443", ""},
		{dns{srv: []*net.SRV{{Target: "dav.example.org.", Port: 443}}}, "https://9.9.9.9", ""},
	} {
		p := provider(t)
		p.AskDNS(c.zone)
		given, err := url.Parse(c.given)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if u := p.Announced(t.Context(), given); u != nil {
			got = u.String()
		}
		if got != c.want {
			t.Errorf("%s with %+v: %q, want %q", c.given, c.zone, got, c.want)
		}
	}
}
