package outbound

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// maxURL is the longest URL that is called, in octets.
const maxURL = 2048

// ports are the ones that calendar servers and web servers listen on.
var ports = map[uint16]bool{80: true, 443: true, 5232: true, 8008: true, 8443: true, 8843: true}

// CheckURL judges a URL that a person gave, before anything is called, and returns it in the form that is called: with a
// lower-case ASCII host (names in other scripts as punycode) and without fragment or default port. A bare host, host:port
// or host/path means https, and webcal:// does too; where the allow-list has that host and port by http only, they mean
// http. What CheckURL lets through may still be refused when its name resolves. The error is an *Error: ErrURL, ErrScheme,
// ErrPort or ErrRefusedAddress.
func (m *Maker) CheckURL(raw string) (*url.URL, error) {
	raw = strings.TrimSpace(raw)
	if raw == "" || len(raw) > maxURL || strings.HasPrefix(raw, "//") {
		return nil, &Error{Kind: ErrURL}
	}
	open := false // whether the scheme is ours to choose
	switch scheme, rest, ok := strings.Cut(raw, "://"); {
	case ok && (strings.EqualFold(scheme, "webcal") || strings.EqualFold(scheme, "webcals")):
		raw, open = "https://"+rest, true
	case !ok && hasScheme(raw):
		return nil, &Error{Kind: ErrScheme}
	case !ok:
		raw, open = "https://"+raw, true
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, &Error{Kind: ErrURL}
	}
	target, err := m.judge(u)
	if open && target.listed == nil {
		plain := *u
		plain.Scheme = "http"
		if t, plainErr := m.judge(&plain); plainErr == nil { // only the allow-list lets plain http through
			target, err = t, nil
		}
	}
	if err != nil {
		return nil, err
	}
	if len(target.url.String()) > maxURL { // spaces and the like grow when they are escaped
		return nil, &Error{Kind: ErrURL, Host: target.host}
	}
	return target.url, nil
}

// hasScheme tells javascript:… and mailto:… from host:port.
func hasScheme(raw string) bool {
	before, after, ok := strings.Cut(raw, ":")
	if !ok || strings.ContainsAny(before, "/?#[") {
		return false
	}
	port, _, _ := strings.Cut(after, "/")
	_, err := strconv.ParseUint(port, 10, 16)
	return err != nil
}

// target is a URL that may be called, and by which entries of the allow-list.
type target struct {
	url    *url.URL
	host   string // as in url, without port
	port   uint16
	listed *profile // nil: an ordinary host, which must resolve to a public address
}

// judge decides by form alone whether a URL may be called: one that a person gave, one that a redirect leads to.
func (m *Maker) judge(raw *url.URL) (target, error) {
	if raw.Scheme != "http" && raw.Scheme != "https" {
		return target{}, &Error{Kind: ErrScheme}
	}
	if raw.User != nil || raw.Opaque != "" || raw.Host == "" || hasControl(raw.Host) || !utf8.ValidString(raw.Host) {
		return target{}, &Error{Kind: ErrURL}
	}
	host, err := cleanHost(raw.Hostname())
	if err != nil {
		return target{}, err
	}
	t := target{host: host, port: 443}
	if raw.Scheme == "http" {
		t.port = 80
	}
	standard := t.port
	if p := raw.Port(); p != "" {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil || n == 0 {
			return target{}, &Error{Kind: ErrPort, Host: host}
		}
		t.port = uint16(n)
	}
	clean := *raw
	clean.Fragment, clean.RawFragment = "", ""
	clean.Host = host
	if strings.Contains(host, ":") {
		clean.Host = "[" + host + "]"
	}
	if t.port != standard {
		clean.Host += ":" + strconv.Itoa(int(t.port))
	}
	t.url = &clean
	t.listed = m.profiles[origin{raw.Scheme == "http", host, t.port}]
	switch {
	case t.listed != nil:
		return t, nil
	case refusedName(host) || m.isOwn(host, t.port):
		return target{}, &Error{Kind: ErrRefusedAddress, Host: host}
	case raw.Scheme != "https":
		return target{}, &Error{Kind: ErrScheme, Host: host}
	case !m.ports[t.port]:
		return target{}, &Error{Kind: ErrPort, Host: host}
	}
	return t, nil
}

// cleanHost returns the one form of a host in which it is compared, resolved and shown: an IP address, or a lower-case
// ASCII name without a dot at its end. What other readers of URLs would take for a number of an address (0x7f000001,
// 127.1, 0177.0.0.1) is refused, not guessed.
func cleanHost(host string) (string, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		if addr.Zone() != "" {
			return "", &Error{Kind: ErrRefusedAddress, Host: host}
		}
		return addr.Unmap().String(), nil
	}
	name, err := idna.Lookup.ToASCII(strings.TrimSuffix(host, "."))
	if err != nil {
		return "", &Error{Kind: ErrURL}
	}
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	// What does not read the same a second time would be one host here and another one elsewhere.
	if again, err := idna.Lookup.ToASCII(name); err != nil || again != name || slices.Contains(strings.Split(name, "."), "") {
		return "", &Error{Kind: ErrURL}
	}
	if addr, err := netip.ParseAddr(name); err == nil {
		return addr.Unmap().String(), nil
	}
	if last := name[strings.LastIndex(name, ".")+1:]; isNumber(last) {
		return "", &Error{Kind: ErrRefusedAddress, Host: name}
	}
	return name, nil
}

// isNumber says whether a host that ends in this label is an IPv4 address to lenient readers.
func isNumber(label string) bool {
	base := 10
	if hex, ok := strings.CutPrefix(label, "0x"); ok {
		label, base = hex, 16
		if label == "" {
			return true
		}
	}
	for _, r := range label {
		if !(r >= '0' && r <= '9' || base == 16 && r >= 'a' && r <= 'f') {
			return false
		}
	}
	return label != ""
}

// refusedName says whether a host is an address that is not public, or a name that by its form leads into somebody's own
// network: RFC 6761 (localhost), RFC 6762 (local), RFC 8375 (home.arpa), and internal, which ICANN keeps for private use
// and clouds use for their metadata.
func refusedName(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return !public(addr)
	}
	for _, zone := range []string{"localhost", "local", "internal", "home.arpa"} {
		if host == zone || strings.HasSuffix(host, "."+zone) {
			return true
		}
	}
	return false
}

func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < 0x21 || r == 0x7f })
}
