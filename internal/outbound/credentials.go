package outbound

import (
	"net/http"
	"net/netip"
	"net/url"

	"golang.org/x/net/publicsuffix"
)

// Credentials are what a client shows to the place that they were given for. The zero Credentials are none.
type Credentials struct {
	home *url.URL
	show func(http.Header)
}

// Basic are a user name and a password (RFC 7617) for the origin of home, which is a URL as CheckURL returns it.
func Basic(home *url.URL, user, password string) Credentials {
	return Credentials{home: home, show: func(h http.Header) {
		r := http.Request{Header: h}
		r.SetBasicAuth(user, password)
	}}
}

// Bearer is a bearer token (RFC 6750) for the origin of home, which is a URL as CheckURL returns it.
func Bearer(home *url.URL, token string) Credentials {
	return Credentials{home: home, show: func(h http.Header) { h.Set("Authorization", "Bearer "+token) }}
}

// String shows nothing of them.
func (c Credentials) String() string { return "(credentials)" }

// GoString shows nothing of them.
func (c Credentials) GoString() string { return c.String() }

// mayReach says whether the credentials may be shown at t: at their own origin; or by https at another host of the same
// registrable domain, since providers spread one account over hosts. A name that the operator has allow-listed and an IP
// address have no domain whose owner could vouch for the other host: there it is the same origin only.
func (c Credentials) mayReach(m *Maker, t target) bool {
	home, err := m.judge(c.home)
	if err != nil {
		return false
	}
	if home.url.Scheme == t.url.Scheme && home.host == t.host && home.port == t.port {
		return true
	}
	if home.url.Scheme != "https" || t.url.Scheme != "https" || home.listed != nil || t.listed != nil {
		return false
	}
	if isAddress(home.host) || isAddress(t.host) {
		return false
	}
	ours, err := publicsuffix.EffectiveTLDPlusOne(home.host)
	if err != nil {
		return false
	}
	theirs, err := publicsuffix.EffectiveTLDPlusOne(t.host)
	return err == nil && ours == theirs
}

func isAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}
