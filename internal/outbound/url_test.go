package outbound_test

import (
	"errors"
	"strings"
	"testing"

	"kreds/internal/outbound"
)

func TestCheckURL(t *testing.T) {
	allowed, err := outbound.ParseAllow("http://nas.house:5232=10.0.0.0/8, dav.house:9443=10.1.2.3/32, http://[fd00::7]:80=fd00::/8")
	if err != nil {
		t.Fatal(err)
	}
	m := maker(t, outbound.Policy{Allow: allowed})
	for _, c := range []struct {
		raw, want string
		kind      error
	}{
		// What a person may give.
		{raw: "https://cal.example.org/dav/", want: "https://cal.example.org/dav/"},
		{raw: "  HTTPS://Cal.Example.ORG:443/dav#top ", want: "https://cal.example.org/dav"},
		{raw: "cal.example.org", want: "https://cal.example.org"},
		{raw: "cal.example.org:8443/dav/", want: "https://cal.example.org:8443/dav/"},
		{raw: "cal.example.org/dav/a%2Fb/", want: "https://cal.example.org/dav/a%2Fb/"},
		{raw: "webcal://example.org/feed.ics?k=1", want: "https://example.org/feed.ics?k=1"},
		{raw: "https://example.org./", want: "https://example.org/"},
		// 79: names in other scripts are called and shown as punycode, so that a look-alike shows.
		{raw: "https://exаmple.org/", want: "https://xn--exmple-4nf.org/"},
		{raw: "https://bücher.example/", want: "https://xn--bcher-kva.example/"},
		{raw: "https://example。org/", want: "https://example.org/"},
		// The operator's own servers.
		{raw: "http://nas.house:5232/ada/", want: "http://nas.house:5232/ada/"},
		{raw: "nas.house:5232", want: "http://nas.house:5232"},
		{raw: "webcal://nas.house:5232/x.ics", want: "http://nas.house:5232/x.ics"},
		{raw: "dav.house:9443", want: "https://dav.house:9443"},
		{raw: "http://[fd00::7]/", want: "http://[fd00::7]/"},
		{raw: "https://nas.house:5232/", want: "https://nas.house:5232/"}, // by https an ordinary host: where it leads decides
		{raw: "http://dav.house:9443/", kind: outbound.ErrScheme},
		// 76
		{raw: "file:///etc/passwd", kind: outbound.ErrScheme},
		{raw: "gopher://example.org/", kind: outbound.ErrScheme},
		{raw: "ftp://example.org/x.ics", kind: outbound.ErrScheme},
		{raw: "javascript:alert(1)", kind: outbound.ErrScheme},
		{raw: "mailto:ada@example.org", kind: outbound.ErrScheme},
		{raw: "http://example.org/", kind: outbound.ErrScheme},
		{raw: "//example.org/", kind: outbound.ErrURL},
		{raw: "https://", kind: outbound.ErrURL},
		{raw: "https:///path", kind: outbound.ErrURL},
		{raw: "", kind: outbound.ErrURL},
		{raw: "https://ada@example.org/", kind: outbound.ErrURL},
		{raw: "https://ada:pw@example.org/", kind: outbound.ErrURL},
		{raw: "https://example.org\r\n.evil/", kind: outbound.ErrURL},
		{raw: "https://exa mple.org/", kind: outbound.ErrURL},
		{raw: "https://a..b/", kind: outbound.ErrURL},
		{raw: "https://example.org/" + strings.Repeat("a", 2048), kind: outbound.ErrURL},
		{raw: "https://example.org/" + strings.Repeat(" ", 1000) + "x", kind: outbound.ErrURL},
		// 77
		{raw: "https://127.1/", kind: outbound.ErrRefusedAddress},
		{raw: "https://[::ffff:127.0.0.1]/", kind: outbound.ErrRefusedAddress},
		{raw: "https://0x7f000001/", kind: outbound.ErrRefusedAddress},
		{raw: "http://169.254.169.254/latest", kind: outbound.ErrRefusedAddress},
		{raw: "https://[fd00::1]/", kind: outbound.ErrRefusedAddress},
		{raw: "https://metadata.google.internal/", kind: outbound.ErrRefusedAddress},
		{raw: "https://printer.local/", kind: outbound.ErrRefusedAddress},
		{raw: "https://１２７.0.0.1/", kind: outbound.ErrRefusedAddress},
		// 78
		{raw: "https://example.org:22/", kind: outbound.ErrPort},
		{raw: "https://example.org:25/", kind: outbound.ErrPort},
		{raw: "example.org:6379", kind: outbound.ErrPort},
		{raw: "https://example.org:0/", kind: outbound.ErrPort},
		{raw: "https://example.org:99999/", kind: outbound.ErrPort},
	} {
		u, err := m.CheckURL(c.raw)
		if !errors.Is(err, c.kind) {
			t.Errorf("%q: error %v, want %v", c.raw, err, c.kind)
		}
		if err == nil && u.String() != c.want {
			t.Errorf("%q: %s, want %s", c.raw, u, c.want)
		}
	}
}

func TestParseAllow(t *testing.T) {
	list, err := outbound.ParseAllow(" caldav.intra:443=10.1.2.0/24,http://localhost:5232=127.0.0.1\nhttp://[::1]:8080=::1/128 https://Bücher.example:8443=192.168.0.0/16 ")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"caldav.intra:443=10.1.2.0/24", "http://localhost:5232=127.0.0.1/32", "http://[::1]:8080=::1/128",
		"xn--bcher-kva.example:8443=192.168.0.0/16",
	}
	for i, a := range list {
		if a.String() != want[i] {
			t.Errorf("entry %d: %s, want %s", i, a, want[i])
		}
	}
	if len(list) != len(want) {
		t.Errorf("%d entries, want %d", len(list), len(want))
	}
	if empty, err := outbound.ParseAllow("  "); err != nil || len(empty) != 0 {
		t.Errorf("an empty list: %v, %v", empty, err)
	}
}

func TestParseAllowReportsAllFaults(t *testing.T) {
	bad := []string{"nothing", "host=10.0.0.0/8", "host:x=10.0.0.0/8", "host:0=10.0.0.0/8", "host:443=10.0.0.0/33",
		"host:443=10.0.0.1/8", "ho st:443=", "ftp://host:21=10.0.0.0/8", ":443=10.0.0.0/8"}
	list, err := outbound.ParseAllow(strings.Join(append(bad, "good:443=10.0.0.0/8"), ","))
	if err == nil || list != nil {
		t.Fatalf("%v, %v", list, err)
	}
	for _, entry := range []string{"nothing", "host=10.0.0.0/8", "host:x=", "host:0=", "/33", "10.0.0.1/8", `"ho"`, `"st:443="`, "ftp://", `":443=`} {
		if !strings.Contains(err.Error(), entry) {
			t.Errorf("the error does not name %s:\n%v", entry, err)
		}
	}
	if strings.Contains(err.Error(), "good") {
		t.Errorf("the error names a good entry:\n%v", err)
	}
}

func FuzzCheckURL(f *testing.F) {
	for _, form := range forms {
		f.Add(strings.ReplaceAll(form.url, ":P", ":443"))
	}
	f.Add("webcal://example.org/x.ics")
	f.Add("host:8443/p")
	m := outbound.New(outbound.Policy{})
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := m.CheckURL(raw)
		if err != nil {
			return
		}
		// What passes is in the form that is called: https, no user, and passing again unchanged.
		if u.Scheme != "https" || u.User != nil || u.Host == "" {
			t.Fatalf("%q passed as %q", raw, u)
		}
		again, err := m.CheckURL(u.String())
		if err != nil || again.String() != u.String() {
			t.Fatalf("%q passed as %q, then %v, %v", raw, u, again, err)
		}
	})
}
