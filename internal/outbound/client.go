package outbound

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"net/url"
)

// DefaultBody is how many octets of an answer a client takes when it was not told otherwise, counted after decompression.
const DefaultBody = 10 << 20

// maxRedirects is how many redirects one call follows.
const maxRedirects = 5

// Options are what a client is made with.
type Options struct {
	MaxBody     int64       // octets of one answer, counted after decompression; 0 means DefaultBody
	Credentials Credentials // shown where they may be; a call that leads elsewhere fails with ErrOrigin before it is made
}

// Client makes calls under its Maker's policy. It may be used by several goroutines.
type Client struct {
	maker   *Maker
	options Options
}

// Client makes a client.
func (m *Maker) Client(o Options) *Client {
	if o.MaxBody == 0 {
		o.MaxBody = DefaultBody
	}
	return &Client{maker: m, options: o}
}

// WithMaxBody returns a client that differs from c in how much of an answer it takes.
func (c *Client) WithMaxBody(octets int64) *Client {
	other := *c
	other.options.MaxBody = octets
	return &other
}

// reads are the methods that change nothing on a server (RFC 9110 §9.2.1, RFC 4918 §9.1, RFC 3253 §3.6): they follow
// redirects with method and body, and may be sent twice.
var reads = map[string]bool{
	http.MethodGet: true, http.MethodHead: true, http.MethodOptions: true, "PROPFIND": true, "REPORT": true,
}

// Do sends a request and returns the answer, whatever its status; the caller closes its body. Redirects of reads are
// followed up to five times, each judged anew, with method and body kept; a redirect of anything else is ErrRedirect. A read
// that finds its kept connection broken is sent once more on a new one. The whole call, the reading of the body included,
// ends after 30 seconds. Errors, also those of the body, are *Error, and name no address.
//
// The URL of the request is judged like any other. An answer's Request is the last one sent: relative references in the
// answer refer to its URL. Content-Encoding and Content-Length are gone from an answer that was inflated.
func (c *Client) Do(req *http.Request) (*http.Response, error) {
	caller := req.Context()
	ctx, cancel := context.WithCancelCause(caller)
	ctx, stop := context.WithTimeoutCause(ctx, totalTime, errTotal)
	end := func(cause error) { cancel(cause); stop() }
	resp, t, err := c.follow(ctx, req)
	if err != nil {
		kind := kindOf(err, ctx, caller)
		end(nil)
		c.maker.note(t, kind, err)
		return nil, &Error{Kind: kind, Host: t.host}
	}
	if err := c.take(resp, &call{ctx: ctx, caller: caller, end: end, host: t.host}); err != nil {
		return nil, err
	}
	return resp, nil
}

// follow sends the request and goes after its redirects.
func (c *Client) follow(ctx context.Context, req *http.Request) (*http.Response, target, error) {
	to := req.URL
	for hop := 0; ; hop++ {
		t, err := c.maker.judge(to)
		if err != nil {
			var e *Error
			if errors.As(err, &e) {
				t.host = e.Host
			}
			return nil, t, err
		}
		if c.options.Credentials.show != nil && !c.options.Credentials.mayReach(c.maker, t) {
			return nil, t, &Error{Kind: ErrOrigin}
		}
		resp, err := c.send(ctx, req, t, hop > 0)
		if err != nil {
			return nil, t, err
		}
		next, err := redirect(req.Method, resp)
		if next == nil && err == nil {
			return resp, t, nil
		}
		resp.Body.Close()
		if err == nil && hop == maxRedirects {
			err = &Error{Kind: ErrRedirect}
		}
		// A body that cannot be had again cannot be sent to another place.
		if err == nil && req.Body != nil && req.Body != http.NoBody && req.GetBody == nil {
			err = &Error{Kind: ErrRedirect}
		}
		if err != nil {
			return nil, t, err
		}
		to = next
	}
}

// redirect returns where an answer leads, nil when it is no redirect.
func redirect(method string, resp *http.Response) (*url.URL, error) {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	case http.StatusSeeOther:
		// See Other asks for a GET of something else (RFC 9110 §15.4.4), which is no answer to a PROPFIND.
		if method != http.MethodGet && method != http.MethodHead {
			return nil, &Error{Kind: ErrRedirect}
		}
	default:
		return nil, nil
	}
	if !reads[method] {
		return nil, &Error{Kind: ErrRedirect}
	}
	next, err := resp.Location()
	if err != nil {
		return nil, &Error{Kind: ErrRedirect}
	}
	if resp.Request.URL.Scheme == "https" && next.Scheme == "http" {
		return nil, &Error{Kind: ErrScheme}
	}
	return next, nil
}

// send makes one hop, and makes it again when a kept connection turns out to be broken.
func (c *Client) send(ctx context.Context, req *http.Request, t target, again bool) (*http.Response, error) {
	p := t.listed
	if p == nil {
		p = c.maker.ordinary
	}
	reused := false
	trace := &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) { reused = i.Reused }}
	out, err := c.prepare(httptrace.WithClientTrace(ctx, trace), req, t, again)
	if err != nil {
		return nil, err
	}
	resp, err := p.kept.RoundTrip(out)
	if err == nil || !reused || !reads[req.Method] || ctx.Err() != nil || kindOf(err, ctx, ctx) != ErrUnreachable {
		return resp, err
	}
	out, bodyErr := c.prepare(ctx, req, t, true)
	if bodyErr != nil {
		return nil, err
	}
	return p.fresh.RoundTrip(out)
}

// prepare makes the request of one hop. again: the body has been sent before.
func (c *Client) prepare(ctx context.Context, req *http.Request, t target, again bool) (*http.Request, error) {
	out := req.Clone(ctx)
	out.URL, out.Host = t.url, ""
	if again && req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, err
		}
		out.Body = body
	}
	// Only the client's own credentials are shown, since only those are judged.
	out.Header.Del("Authorization")
	out.Header.Del("Cookie")
	if c.options.Credentials.show != nil {
		c.options.Credentials.show(out.Header)
	}
	if out.Header.Get("User-Agent") == "" {
		out.Header.Set("User-Agent", "Kreds")
	}
	if out.Header.Get("Accept-Encoding") == "" {
		out.Header.Set("Accept-Encoding", "gzip")
	}
	return out, nil
}

// note tells the operator, who may see addresses, what the caller is not told.
func (m *Maker) note(t target, kind, err error) {
	level := m.log.Debug
	if errors.Is(kind, ErrRefusedAddress) {
		level = m.log.Warn
	}
	var ours *Error
	if errors.As(err, &ours) {
		level("outbound call refused", "host", t.host, "reason", kind.Error())
		return
	}
	level("outbound call failed", "host", t.host, "reason", kind.Error(), "cause", err.Error())
}
