package caldav_test

import (
	"net/netip"
	"net/url"
	"strconv"
	"testing"
	_ "time/tzdata" // the tests must not depend on the machine's zones

	"go.uber.org/goleak"

	"kreds/calendar"
	"kreds/calendar/caldav"
	"kreds/internal/outbound"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// provider makes a provider that may call servers of this machine at the given URLs, and nobody else.
func provider(t *testing.T, servers ...string) *caldav.Provider {
	t.Helper()
	var policy outbound.Policy
	for _, s := range servers {
		u, err := url.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		port, err := strconv.ParseUint(u.Port(), 10, 16)
		if err != nil {
			t.Fatal(err)
		}
		policy.Allow = append(policy.Allow, outbound.Allow{
			Plain: u.Scheme == "http", Host: u.Hostname(), Port: uint16(port), Net: netip.MustParsePrefix("127.0.0.1/32"),
		})
	}
	m := outbound.New(policy)
	t.Cleanup(m.Close)
	return caldav.New(m)
}

// open opens an account that must open.
func open(t *testing.T, p *caldav.Provider, a calendar.Account) calendar.Source {
	t.Helper()
	if a.Zone == "" {
		a.Zone = "Europe/Berlin"
	}
	source, err := p.Open(t.Context(), a)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return source
}
