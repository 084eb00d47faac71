package caldav

import (
	"net/url"
	"strings"

	"kreds/calendar"
)

// resolve finds the URL that an href means: relative references are relative to the URL of the answer, not of the request
// (RFC 4918 §8.3). The path is kept as it was escaped. A server behind a proxy may take itself for an http server: an href
// that names its own host by http means the host as we reach it.
func resolve(base *url.URL, href string) (*url.URL, error) {
	if len(href) > maxHref {
		return nil, calendar.ErrProtocol
	}
	u, err := url.Parse(href)
	if err != nil {
		return nil, calendar.ErrProtocol
	}
	u = base.ResolveReference(u)
	if u.Scheme == "http" && base.Scheme == "https" && u.Hostname() == base.Hostname() {
		u.Scheme, u.Host = base.Scheme, base.Host
	}
	u.User, u.RawQuery, u.Fragment, u.RawFragment = nil, "", "", ""
	u.Host = withoutPort(u)
	return u, nil
}

// maxHref is the longest href that is taken, in octets.
const maxHref = 4096

// withoutPort returns the host in the one form in which hosts are compared: lower case, without the scheme's own port.
func withoutPort(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if u.Scheme == "https" {
		return strings.TrimSuffix(host, ":443")
	}
	return strings.TrimSuffix(host, ":80")
}

// canonical is the form in which two URLs are compared: servers escape one path in several ways. A slash that was escaped
// stays so, because it does not part segments; the one at the end does not matter.
func canonical(u *url.URL) string {
	segments := strings.Split(strings.TrimSuffix(u.EscapedPath(), "/"), "/")
	for i, s := range segments {
		if plain, err := url.PathUnescape(s); err == nil {
			segments[i] = url.PathEscape(plain)
		}
	}
	return u.Scheme + "://" + u.Host + strings.Join(segments, "/")
}

// asCollection returns the URL with the slash that collections have at their end; some servers insist on it.
func asCollection(u *url.URL) *url.URL {
	if strings.HasSuffix(u.EscapedPath(), "/") {
		return u
	}
	c := *u
	c.Path += "/"
	if c.RawPath != "" {
		c.RawPath += "/"
	}
	return &c
}

// sameOrigin says whether two URLs are at one place.
func sameOrigin(a, b *url.URL) bool { return a.Scheme == b.Scheme && withoutPort(a) == withoutPort(b) }

// nameFor is the href by which a reader knows a resource of a collection: its path, or its URL when it is at another place.
func nameFor(collection, u *url.URL) string {
	if sameOrigin(collection, u) {
		return u.EscapedPath()
	}
	return u.String()
}
