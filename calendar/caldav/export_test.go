package caldav

import (
	"context"
	"io"
	"net"
	"net/url"
	"testing"
)

// AskDNS makes the provider ask something else than DNS for services.
func (p *Provider) AskDNS(s interface {
	LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error)
	LookupTXT(ctx context.Context, name string) ([]string, error)
}) {
	p.service = s
}

// Announced is where DNS says that a domain's CalDAV is.
func (p *Provider) Announced(ctx context.Context, given *url.URL) *url.URL {
	return p.announced(ctx, given)
}

// ReadMultistatus reads a document and returns how many members it has and its token.
func ReadMultistatus(r io.Reader) (members int, token string, err error) {
	token, err = readMultistatus("PROPFIND", r, func(*member) error { members++; return nil })
	return members, token, err
}

// Canonical is the form in which a URL is compared.
func Canonical(t *testing.T, raw string) string {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return canonical(u)
}
