package caldav

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"kreds/calendar"
	"kreds/internal/outbound"
)

// Limits of answers in octets, counted after decompression.
const (
	maxObject      = 8 << 20
	maxMultistatus = 32 << 20
)

// gates let through two requests of an account at once, whoever opened it: servers limit their clients, and one account
// must not keep the others waiting.
type gates struct {
	mu   sync.Mutex
	open map[string]*gate
}

type gate struct {
	slots chan struct{}
	users int
}

const perAccount = 2

// enter waits for a place; leave gives it back.
func (g *gates) enter(ctx context.Context, key string) (leave func(), err error) {
	g.mu.Lock()
	if g.open == nil {
		g.open = map[string]*gate{}
	}
	at := g.open[key]
	if at == nil {
		at = &gate{slots: make(chan struct{}, perAccount)}
		g.open[key] = at
	}
	at.users++
	g.mu.Unlock()
	done := func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if at.users--; at.users == 0 {
			delete(g.open, key)
		}
	}
	select {
	case at.slots <- struct{}{}:
		return func() { <-at.slots; done() }, nil
	case <-ctx.Done():
		done()
		return nil, ctx.Err()
	}
}

// account is one opened account.
type account struct {
	client *outbound.Client
	gates  *gates
	key    string // of the gate
	now    func() time.Time
	zone   *time.Location
	emails []string
	homes  []*url.URL // where the calendars are
	single *url.URL   // the calendar that was given, when it was one
}

// exchange sends a request, keeps the account's place while its answer is read, and hands the answer to read whatever its
// status. read makes no further calls.
func (a *account) exchange(req *http.Request, limit int64, read func(*http.Response) error) error {
	leave, err := a.gates.enter(req.Context(), a.key)
	if err != nil {
		return transient(err)
	}
	defer leave()
	resp, err := a.client.WithMaxBody(limit).Do(req)
	if err != nil {
		return outside(err)
	}
	defer resp.Body.Close()
	return read(resp)
}

// transient is an error of the caller's context.
func transient(err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	return errors.Join(calendar.ErrTransient, err)
}

// ask sends a PROPFIND or a REPORT and reads its multistatus member by member. base is the URL that hrefs in it refer to.
func (a *account) ask(ctx context.Context, method string, at *url.URL, depth, body string, each func(base *url.URL, m *member) error) (token string, err error) {
	req, err := http.NewRequestWithContext(ctx, method, at.String(), strings.NewReader(xml.Header+body))
	if err != nil {
		return "", protocol(method, "its URL cannot be asked")
	}
	req.Header.Set("Content-Type", "application/xml; charset=utf-8")
	req.Header.Set("Accept", "application/xml, text/xml")
	req.Header.Set("Depth", depth)
	err = a.exchange(req, maxMultistatus, func(resp *http.Response) error {
		if resp.StatusCode != http.StatusMultiStatus {
			return a.failed(method, resp)
		}
		token, err = readMultistatus(method, resp.Body, func(m *member) error { return each(resp.Request.URL, m) })
		return err
	})
	return token, err
}

// property names a property in a request.
type property struct{ space, local string }

var prefixes = map[string]string{nsDAV: "D", nsCalDAV: "C", nsServer: "S"}

const namespaces = ` xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:S="http://calendarserver.org/ns/"`

// propElement is a DAV:prop element that asks for properties.
func propElement(props []property) string {
	var b strings.Builder
	b.WriteString("<D:prop>")
	for _, p := range props {
		b.WriteString("<" + prefixes[p.space] + ":" + p.local + "/>")
	}
	b.WriteString("</D:prop>")
	return b.String()
}

// propfind asks for properties (RFC 4918 §9.1).
func (a *account) propfind(ctx context.Context, at *url.URL, depth string, props []property, each func(base *url.URL, m *member) error) error {
	_, err := a.ask(ctx, "PROPFIND", at, depth, "<D:propfind"+namespaces+">"+propElement(props)+"</D:propfind>", each)
	return err
}

// escaped is text inside of an element.
func escaped(s string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic(err) // a bytes.Buffer takes everything
	}
	return b.String()
}
