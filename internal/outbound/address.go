package outbound

import "net/netip"

// public says whether an address belongs to the public Internet. IPv4 is public unless it lies in a block that the IANA
// registry of special addresses (RFC 6890) keeps from global use; IPv6 is public only inside of 2000::/3, the one block
// that is given out (RFC 4291 §2.4), without its special parts. Forms that carry an IPv4 address inside of IPv6 are refused
// as a whole, since they would lead to that address.
func public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsValid() || !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() {
		return false
	}
	if a.Is6() && !givenOut.Contains(a) {
		return false
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

var givenOut = netip.MustParsePrefix("2000::/3")

// special are blocks that the methods of netip.Addr do not know.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),       // this network, RFC 791
	netip.MustParsePrefix("100.64.0.0/10"),   // between carriers, RFC 6598; some clouds keep their metadata here
	netip.MustParsePrefix("192.0.0.0/24"),    // IETF protocol assignments, RFC 6890
	netip.MustParsePrefix("192.0.2.0/24"),    // documentation, RFC 5737
	netip.MustParsePrefix("192.88.99.0/24"),  // 6to4 relays, RFC 7526
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks, RFC 2544
	netip.MustParsePrefix("198.51.100.0/24"), // documentation
	netip.MustParsePrefix("203.0.113.0/24"),  // documentation
	netip.MustParsePrefix("240.0.0.0/4"),     // reserved, RFC 1112
	netip.MustParsePrefix("2001::/23"),       // IETF protocol assignments, Teredo, ORCHID, benchmarks, RFC 2928
	netip.MustParsePrefix("2001:db8::/32"),   // documentation, RFC 3849
	netip.MustParsePrefix("2002::/16"),       // 6to4: an IPv4 address inside, RFC 3056
	netip.MustParsePrefix("3fff::/20"),       // documentation, RFC 9637
}
