package outbound

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// Allow lets calls to one host and port through to the addresses of one network, private or not: the operator's word that
// this server belongs to the house. Nothing else permits plain http or a private address.
type Allow struct {
	Plain bool   // by http, not by https
	Host  string // lower-case ASCII name, or an IP address without brackets
	Port  uint16
	Net   netip.Prefix
}

// String gives the entry in the form that ParseAllow reads.
func (a Allow) String() string {
	scheme := ""
	if a.Plain {
		scheme = "http://"
	}
	host := a.Host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return fmt.Sprintf("%s%s:%d=%s", scheme, host, a.Port, a.Net)
}

// ParseAllow reads the operator's allow-list: entries [http://]host:port=CIDR, separated by commas or white space. An entry
// without http:// means https. A single address stands for the network that holds only it. All faulty entries are
// reported together; then no entry is returned.
func ParseAllow(list string) ([]Allow, error) {
	var entries []Allow
	var faults []error
	for _, word := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' || r == '\r' }) {
		entry, err := parseAllow(word)
		if err != nil {
			faults = append(faults, fmt.Errorf("allow-list entry %q: %w", word, err))
			continue
		}
		entries = append(entries, entry)
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return entries, nil
}

func parseAllow(word string) (Allow, error) {
	target, network, ok := strings.Cut(word, "=")
	if !ok {
		return Allow{}, errors.New("it has no =; write [http://]host:port=CIDR")
	}
	var a Allow
	if rest, ok := strings.CutPrefix(target, "http://"); ok {
		a.Plain, target = true, rest
	} else {
		target = strings.TrimPrefix(target, "https://")
	}
	colon := strings.LastIndex(target, ":")
	if colon < 0 {
		return Allow{}, errors.New("it names no port; write host:port=CIDR")
	}
	host, err := cleanHost(strings.TrimSuffix(strings.TrimPrefix(target[:colon], "["), "]"))
	if err != nil {
		return Allow{}, fmt.Errorf("%q is no host name and no address", target[:colon])
	}
	port, err := strconv.ParseUint(target[colon+1:], 10, 16)
	if err != nil || port == 0 {
		return Allow{}, fmt.Errorf("%q is no port; write a number from 1 to 65535", target[colon+1:])
	}
	a.Host, a.Port = host, uint16(port)
	if single, err := netip.ParseAddr(network); err == nil {
		network = single.Unmap().String() + "/" + strconv.Itoa(single.Unmap().BitLen())
	}
	a.Net, err = netip.ParsePrefix(network)
	if err != nil {
		return Allow{}, fmt.Errorf("%q is no network; write one like 10.1.2.0/24", network)
	}
	if a.Net != a.Net.Masked() {
		return Allow{}, fmt.Errorf("%s has bits set beyond its length; write %s", a.Net, a.Net.Masked())
	}
	return a, nil
}
