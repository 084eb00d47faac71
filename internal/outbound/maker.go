package outbound

import (
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Policy says what may be called. The zero Policy lets through https to public addresses, and nothing else.
type Policy struct {
	// Allow lets servers of the operator's own network through.
	Allow []Allow
	// Own are the names and listeners of this service, "host" or "host:port". It does not call itself, unless Allow names
	// the port. The addresses of the machine it runs on are its own in any case.
	Own []string
	// Log is the operator's log: what was refused and why, with addresses. nil: nobody is told.
	Log *slog.Logger
	// Resolver looks names up; nil is the system's.
	Resolver *net.Resolver
	// RootCAs are the authorities that servers' certificates are checked against; nil means the system's.
	RootCAs *x509.CertPool
}

// Maker makes clients that keep to one policy and share their connections. It may be used by several goroutines.
type Maker struct {
	log      *slog.Logger
	own      map[string]map[uint16]bool // host → ports; 0 stands for every port
	profiles map[origin]*profile
	ordinary *profile
	ports    map[uint16]bool // of ordinary hosts
	resolver *net.Resolver
}

// origin is a place in the sense of RFC 6454: scheme, host, port.
type origin struct {
	plain bool
	host  string
	port  uint16
}

// profile is what may be connected to on behalf of one kind of host, with its own pool of connections: one that was made
// to an allowed private address is never used for an ordinary host.
type profile struct {
	nets  []netip.Prefix  // nil: public addresses
	kept  *http.Transport // keeps connections alive
	fresh *http.Transport // makes a new connection for each request
}

// Limits of one call.
const (
	dialTime    = 5 * time.Second  // to connect, and again for the TLS handshake
	headerTime  = 10 * time.Second // from the request to the header of the answer
	totalTime   = 30 * time.Second // from the first byte to the last, redirects included
	idleTime    = 30 * time.Second // of a kept connection
	graceTime   = 10 * time.Second // of waiting for a body before its rate is judged
	bodyRate    = 1 << 10          // octets a second that a body must bring
	headerBytes = 64 << 10         // of an answer
)

// New makes a Maker. Entries of Own that are no host are left out: they name nothing that could be called.
func New(p Policy) *Maker {
	m := &Maker{log: p.Log, own: map[string]map[uint16]bool{}, profiles: map[origin]*profile{}, ports: ports, resolver: p.Resolver}
	if m.log == nil {
		m.log = slog.New(slog.DiscardHandler)
	}
	if m.resolver == nil {
		m.resolver = net.DefaultResolver
	}
	for _, o := range p.Own {
		m.addOwn(o)
	}
	m.ordinary = m.newProfile(nil, p.RootCAs)
	for _, a := range p.Allow {
		at := origin{a.Plain, a.Host, a.Port}
		if m.profiles[at] == nil {
			m.profiles[at] = m.newProfile([]netip.Prefix{}, p.RootCAs)
		}
		m.profiles[at].nets = append(m.profiles[at].nets, a.Net)
		m.log.Info("outbound allow-list", "entry", a.String())
	}
	return m
}

// Close closes the connections that no call uses. Clients of m may go on; they connect anew.
func (m *Maker) Close() {
	m.ordinary.close()
	for _, p := range m.profiles {
		p.close()
	}
}

// Resolver is what m looks names up with.
func (m *Maker) Resolver() *net.Resolver { return m.resolver }

func (m *Maker) addOwn(s string) {
	host, port := s, ""
	if h, p, err := net.SplitHostPort(s); err == nil {
		host, port = h, p
	}
	host, err := cleanHost(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"))
	if err != nil {
		return
	}
	if m.own[host] == nil {
		m.own[host] = map[uint16]bool{}
	}
	n, _ := strconv.ParseUint(port, 10, 16)
	m.own[host][uint16(n)] = true
}

// isOwn says whether host, a name or an address, is the service itself.
func (m *Maker) isOwn(host string, port uint16) bool {
	return m.own[host][0] || m.own[host][port]
}

func (m *Maker) newProfile(nets []netip.Prefix, roots *x509.CertPool) *profile {
	p := &profile{nets: nets}
	dialer := &net.Dialer{
		Timeout:  dialTime,
		Resolver: m.resolver,
		Control: func(_, address string, _ syscall.RawConn) error {
			if at, err := netip.ParseAddrPort(address); err == nil && m.permits(p, at) {
				return nil
			}
			return &refused{address}
		},
	}
	p.kept = &http.Transport{
		Proxy:                  nil, // a proxy would connect in our place, past the dialer's judgement
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    dialTime,
		ResponseHeaderTimeout:  headerTime,
		IdleConnTimeout:        idleTime,
		MaxIdleConnsPerHost:    2,
		MaxResponseHeaderBytes: headerBytes,
		DisableCompression:     true, // the client inflates by itself, and counts
	}
	p.fresh = p.kept.Clone()
	p.fresh.DisableKeepAlives = true
	return p
}

// permits decides about the address that is connected to, which is what counts whatever the name said before.
func (m *Maker) permits(p *profile, at netip.AddrPort) bool {
	addr := at.Addr().Unmap()
	if p.nets != nil {
		for _, n := range p.nets {
			if n.Contains(addr) {
				return true
			}
		}
		return false
	}
	return public(addr) && !m.isOwn(addr.String(), at.Port()) && !onThisMachine(addr)
}

// onThisMachine says whether an interface of this machine has the address. An address that cannot be told from the
// machine's own is taken for one.
func onThisMachine(addr netip.Addr) bool {
	locals, err := net.InterfaceAddrs()
	if err != nil {
		return true
	}
	for _, l := range locals {
		if n, err := netip.ParsePrefix(l.String()); err == nil && n.Addr().Unmap() == addr {
			return true
		}
	}
	return false
}

func (p *profile) close() {
	p.kept.CloseIdleConnections()
	p.fresh.CloseIdleConnections()
}
