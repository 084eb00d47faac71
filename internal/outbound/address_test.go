package outbound_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"kreds/internal/outbound"
)

// forms are the ways in which a URL may lead to this machine, to a cloud's metadata or out of http; P is a port.
var forms = []struct {
	url  string
	kind error
}{
	{"https://127.0.0.1:P/", outbound.ErrRefusedAddress},
	{"https://localhost:P/", outbound.ErrRefusedAddress},
	{"https://localhost.:P/", outbound.ErrRefusedAddress},
	{"https://[::1]:P/", outbound.ErrRefusedAddress},
	{"https://[::ffff:127.0.0.1]:P/", outbound.ErrRefusedAddress},
	{"https://[::ffff:7f00:1]:P/", outbound.ErrRefusedAddress},
	{"https://0.0.0.0:P/", outbound.ErrRefusedAddress},
	{"https://0:P/", outbound.ErrRefusedAddress},
	{"https://[::]:P/", outbound.ErrRefusedAddress},
	{"https://2130706433:P/", outbound.ErrRefusedAddress},
	{"https://0x7f000001:P/", outbound.ErrRefusedAddress},
	{"https://0177.0.0.1:P/", outbound.ErrRefusedAddress},
	{"https://127.1:P/", outbound.ErrRefusedAddress},
	{"https://127.0.0.1.:P/", outbound.ErrRefusedAddress},
	{"https://169.254.169.254:P/latest/meta-data/", outbound.ErrRefusedAddress},
	{"https://[fd00:ec2::254]:P/", outbound.ErrRefusedAddress},
	{"https://[64:ff9b::7f00:1]:P/", outbound.ErrRefusedAddress},
	{"https://[fe80::1%25lo]:P/", outbound.ErrRefusedAddress},
	{"https://100.100.100.200:P/", outbound.ErrRefusedAddress},
	{"file:///etc/passwd", outbound.ErrScheme},
	{"gopher://127.0.0.1:P/_x", outbound.ErrScheme},
	{"https://user:pw@127.0.0.1:P/", outbound.ErrURL},
	{"https://ⓛocalhost:P/", outbound.ErrRefusedAddress},
	{"https://127。0。0。1:P/", outbound.ErrRefusedAddress},
}

func TestInnerAddressesAreRefused(t *testing.T) {
	inner := watch(t, "127.0.0.1:0")
	location := ""
	door := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", location)
		w.WriteHeader(http.StatusFound)
	})
	// Whatever is looked up leads inside.
	m := maker(t, outbound.Policy{Allow: allow(t, door), Resolver: names(t, func(string) []string { return []string{"127.0.0.1"} })})
	m.LetPort(inner.port) // so that it is the address that is refused
	c := m.Client(outbound.Options{})
	if len(forms) != 24 {
		t.Fatalf("%d forms, want 24", len(forms))
	}
	for _, form := range forms {
		url := strings.ReplaceAll(form.url, ":P", fmt.Sprintf(":%d", inner.port))
		t.Run("check "+form.url, func(t *testing.T) {
			if _, err := m.CheckURL(url); !errors.Is(err, form.kind) {
				t.Errorf("CheckURL: %v, want %v", err, form.kind)
			}
		})
		t.Run("direct "+form.url, func(t *testing.T) {
			if err := get(t, c, url); !errors.Is(err, form.kind) {
				t.Errorf("%v, want %v", err, form.kind)
			}
		})
		t.Run("redirect "+form.url, func(t *testing.T) {
			location = url
			if err := get(t, c, door.URL); !errors.Is(err, form.kind) {
				t.Errorf("%v, want %v", err, form.kind)
			}
		})
		t.Run("dialer alone "+form.url, func(t *testing.T) {
			// Nothing but the dialer's judgement, by plain http too: it must hold by itself.
			for _, scheme := range []string{"https", "http"} {
				req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, strings.Replace(url, "https", scheme, 1), nil)
				if err != nil {
					t.Fatal(err)
				}
				if resp, err := m.Dialer().RoundTrip(req); err == nil {
					resp.Body.Close()
					t.Errorf("%s was let through", req.URL)
				}
			}
		})
	}
	inner.untouched(t)
}

func TestSpecialNetworksAreNotPublic(t *testing.T) {
	m := maker(t, outbound.Policy{})
	for _, addr := range []string{
		"10.1.2.3", "172.16.0.1", "192.168.1.1", "127.255.255.254", "0.1.2.3", "100.64.0.1", "100.127.255.255", "169.254.0.1",
		"192.0.0.9", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
		"239.255.255.255", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:10::1",
		"2001:20::1", "2001:2::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1", "fd12::1", "fe80::1",
		"fec0::1", "ff02::1",
	} {
		host := addr
		if netip.MustParseAddr(addr).Is6() {
			host = "[" + addr + "]"
		}
		if _, err := m.CheckURL("https://" + host + "/"); !errors.Is(err, outbound.ErrRefusedAddress) {
			t.Errorf("%s: %v, want it refused", addr, err)
		}
	}
	for _, addr := range []string{"8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.1", "172.32.0.1", "[2606:4700::1111]", "[2a01:4f8::1]"} {
		if _, err := m.CheckURL("https://" + addr + "/"); err != nil {
			t.Errorf("%s: %v, want it public", addr, err)
		}
	}
}

func TestOwnHostIsRefused(t *testing.T) {
	m := maker(t, outbound.Policy{Own: []string{"Kreds.Example.org", "9.9.9.9:8443", ":8080"}})
	for url, want := range map[string]error{
		"https://kreds.example.org/":      outbound.ErrRefusedAddress,
		"https://kreds.example.org.:8443": outbound.ErrRefusedAddress,
		"https://9.9.9.9:8443/":           outbound.ErrRefusedAddress,
		"https://9.9.9.9/":                nil,
		"https://example.org/":            nil,
	} {
		if _, err := m.CheckURL(url); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", url, err, want)
		}
	}
	// The operator may allow it, for one port.
	allowed, err := outbound.ParseAllow("kreds.example.org:8443=127.0.0.0/8")
	if err != nil {
		t.Fatal(err)
	}
	m = maker(t, outbound.Policy{Own: []string{"kreds.example.org"}, Allow: allowed})
	if _, err := m.CheckURL("https://kreds.example.org:8443/"); err != nil {
		t.Errorf("allow-listed own port: %v", err)
	}
	if _, err := m.CheckURL("https://kreds.example.org/"); !errors.Is(err, outbound.ErrRefusedAddress) {
		t.Errorf("another own port: %v", err)
	}
}

func TestOwnAddressesAreKnown(t *testing.T) {
	if !outbound.OnThisMachine(netip.MustParseAddr("127.0.0.1")) {
		t.Error("127.0.0.1 is not told for the machine's own")
	}
	if outbound.OnThisMachine(netip.MustParseAddr("8.8.8.8")) {
		t.Error("8.8.8.8 is told for the machine's own")
	}
}
