package caldav

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"time"

	"kreds/calendar"
	"kreds/internal/outbound"
)

// Provider opens CalDAV accounts. It may be used by several goroutines.
type Provider struct {
	// Now is the clock by which readings are dated; New sets it to time.Now.
	Now func() time.Time

	maker   *outbound.Maker
	gates   gates
	service services
}

// services finds what a domain says of its services in DNS (RFC 6764 §3 and §4).
type services interface {
	LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error)
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

var (
	_ calendar.Provider = (*Provider)(nil)
	_ calendar.Source   = (*account)(nil)
	_ calendar.Sink     = (*account)(nil)
	_ calendar.FreeBusy = (*account)(nil)
)

// New makes a provider whose calls go through one maker of guarded clients.
func New(m *outbound.Maker) *Provider {
	return &Provider{Now: time.Now, maker: m, service: m.Resolver()}
}

// Kind is "caldav".
func (p *Provider) Kind() string { return "caldav" }

// Open signs in and finds the account's calendars, from a URL or from a bare host name. The Source that it returns is a
// calendar.Sink and a calendar.FreeBusy too. A wrong password is asked once.
func (p *Provider) Open(ctx context.Context, a calendar.Account) (calendar.Source, error) {
	given, err := p.maker.CheckURL(a.URL)
	if err != nil {
		return nil, outside(err)
	}
	zone := time.UTC
	if a.Zone != "" {
		if zone, err = calendar.LoadZone(a.Zone); err != nil {
			return nil, fmt.Errorf("caldav: the owner's zone: %w", err)
		}
	}
	opened := &account{
		client: p.maker.Client(outbound.Options{Credentials: outbound.Basic(given, a.User, a.Password)}),
		gates:  &p.gates,
		key:    given.Host + "\n" + a.User,
		now:    p.Now,
		zone:   zone,
		emails: a.Emails,
	}
	if err := p.discover(ctx, opened, given, a.User); err != nil {
		return nil, err
	}
	return opened, nil
}

// at is another place on the same host.
func at(u *url.URL, path string) *url.URL {
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: path}
}
