package outbound_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"kreds/internal/outbound"
)

// visits notes which hosts saw which Authorization.
type visits struct {
	sync.Mutex
	seen []string
}

func (v *visits) note(r *http.Request) {
	v.Lock()
	defer v.Unlock()
	who := "nobody"
	if user, _, ok := r.BasicAuth(); ok {
		who = user
	}
	v.seen = append(v.seen, who+" at "+r.Host+r.URL.Path)
}

// TestCredentialsStayAtHome redirects from home to each place; the network is the test's own, so that names are what they
// say. The certificate of the test server is good for example.com and the hosts in it.
func TestCredentialsStayAtHome(t *testing.T) {
	allowed, err := outbound.ParseAllow("dav.house:443=10.0.0.0/8, cal.dav.house:443=10.0.0.0/8")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		home, to string
		want     error
	}{
		{"https://example.com/", "/principals/ada/", nil},
		{"https://example.com/", "https://example.com:443/x", nil},
		{"https://example.com/", "https://dav.example.com:8443/x", nil}, // same registrable domain, by https
		{"https://p1.example.com/", "https://p2.example.com/x", nil},
		{"https://example.com/", "https://example.com.evil.net/x", outbound.ErrOrigin},
		{"https://example.com/", "https://evil.net/x", outbound.ErrOrigin},
		{"https://ada.github.io/", "https://eve.github.io/x", outbound.ErrOrigin}, // github.io is a public suffix
		{"https://ada.co.uk/", "https://eve.co.uk/x", outbound.ErrOrigin},
		{"https://dav.house/", "https://cal.dav.house/x", outbound.ErrOrigin}, // allow-listed: same origin only
		{"https://9.9.9.9/", "https://9.9.9.8/x", outbound.ErrOrigin},
		{"https://9.9.9.9/", "https://9.9.9.9:8443/x", outbound.ErrOrigin},
	} {
		t.Run(c.home+" to "+c.to, func(t *testing.T) {
			var v visits
			s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				v.note(r)
				if r.URL.Path == "/" {
					http.Redirect(w, r, c.to, http.StatusMovedPermanently)
				}
			}))
			s.StartTLS()
			defer s.Close()
			m := maker(t, outbound.Policy{Allow: allowed})
			m.DialWith(func(ctx context.Context, network, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, s.Listener.Addr().String())
			})
			m.TrustAnybody()
			home, err := url.Parse(c.home)
			if err != nil {
				t.Fatal(err)
			}
			client := m.Client(outbound.Options{Credentials: outbound.Basic(home, "ada", "pw")})
			if err := get(t, client, c.home); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			for _, seen := range v.seen {
				if c.want != nil && strings.Contains(seen, "/x") {
					t.Errorf("the other place was called: %s", seen)
				}
				if !strings.HasPrefix(seen, "ada at") {
					t.Errorf("called without credentials: %s", seen)
				}
			}
			// The same, named by the caller instead of by a redirect.
			if !strings.HasPrefix(c.to, "/") {
				if err := get(t, client, c.to); !errors.Is(err, c.want) {
					t.Errorf("direct: %v, want %v", err, c.want)
				}
			}
		})
	}
}

// TestCredentialsNeverChangePort: on one host, another port is another origin. net/http would send them there.
func TestCredentialsNeverChangePort(t *testing.T) {
	var v visits
	other := serve(t, func(_ http.ResponseWriter, r *http.Request) { v.note(r) })
	home := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) })
	m := maker(t, outbound.Policy{Allow: append(allow(t, home), allow(t, other)...)})
	u, err := m.CheckURL(home.URL)
	if err != nil {
		t.Fatal(err)
	}
	c := m.Client(outbound.Options{Credentials: outbound.Basic(u, "ada", "pw")})
	if err := get(t, c, home.URL); !errors.Is(err, outbound.ErrOrigin) {
		t.Errorf("%v, want ErrOrigin", err)
	}
	if len(v.seen) != 0 {
		t.Errorf("called: %v", v.seen)
	}
	// Without credentials the redirect is an ordinary one, and what the caller set by hand is dropped.
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, home.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth("eve", "pw")
	resp, err := m.Client(outbound.Options{}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if len(v.seen) != 1 || !strings.HasPrefix(v.seen[0], "nobody") {
		t.Errorf("called: %v, want once and by nobody", v.seen)
	}
}

func TestCredentialsAreNotPrinted(t *testing.T) {
	u, _ := url.Parse("https://example.org")
	o := outbound.Options{Credentials: outbound.Basic(u, "ada", "hunter2")}
	for _, text := range []string{fmt.Sprintf("%v %+v %#v", o, o, o), fmt.Sprint(o.Credentials)} {
		if strings.Contains(text, "hunter2") {
			t.Error(text)
		}
	}
}

func TestABearerTokenIsShownToItsOriginOnly(t *testing.T) {
	var said []string
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { said = append(said, r.Header.Get("Authorization")) }))
	defer s.Close()
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the other place was called") }))
	defer other.Close()
	m := outbound.New(outbound.Policy{Allow: append(allow(t, s), allow(t, other)...)})
	home, err := m.CheckURL(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	c := m.Client(outbound.Options{Credentials: outbound.Bearer(home, "hunter2")})
	if err := get(t, c, s.URL); err != nil {
		t.Fatal(err)
	}
	if len(said) != 1 || said[0] != "Bearer hunter2" {
		t.Errorf("it was shown %q", said)
	}
	if err := get(t, c, other.URL); !errors.Is(err, outbound.ErrOrigin) {
		t.Errorf("%v, want %v", err, outbound.ErrOrigin)
	}
}
