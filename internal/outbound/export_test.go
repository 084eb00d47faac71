package outbound

import (
	"context"
	"maps"
	"net"
	"net/http"
	"slices"
)

// LetPort adds a port to those of ordinary hosts, so that a test can prove that the address alone is refused.
func (m *Maker) LetPort(port uint16) {
	m.ports = maps.Clone(m.ports)
	m.ports[port] = true
}

// Dialer is the transport of ordinary hosts without the judgement of URLs that comes before it.
func (m *Maker) Dialer() http.RoundTripper { return m.ordinary.kept }

// DialWith makes every profile connect by dial: a network inside of the test. It takes the judgement of addresses away.
func (m *Maker) DialWith(dial func(ctx context.Context, network, address string) (net.Conn, error)) {
	for _, p := range m.all() {
		p.kept.DialContext, p.fresh.DialContext = dial, dial
	}
}

// TrustAnybody turns the check of certificates off, for tests in which the network is the test's own.
func (m *Maker) TrustAnybody() {
	for _, p := range m.all() {
		p.kept.TLSClientConfig.InsecureSkipVerify = true
		p.fresh.TLSClientConfig.InsecureSkipVerify = true
	}
}

// OnThisMachine is what tells the machine's own addresses, public ones too.
var OnThisMachine = onThisMachine

func (m *Maker) all() []*profile { return append(slices.Collect(maps.Values(m.profiles)), m.ordinary) }
