package caldav

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/emersion/go-webdav"

	"kreds/calendar"
)

// resource is the way of go-webdav's client to one resource. It stands where that client expects an *http.Client and adds
// what it leaves out: the URL as the server escapes it, preconditions, Content-Length (Radicale refuses chunks), failures
// that are told inside of a 207, and the ETag as it was sent.
type resource struct {
	account *account
	at      *url.URL
	header  http.Header // sent beside what the client sends
	etag    string      // of the answer
}

// dav makes go-webdav's client for one resource.
func (a *account) dav(at *url.URL, header http.Header) (*webdav.Client, *resource, error) {
	r := &resource{account: a, at: at, header: header}
	client, err := webdav.NewClient(r, at.String())
	if err != nil {
		return nil, nil, fmt.Errorf("caldav: the resource cannot be named: %w", calendar.ErrProtocol)
	}
	return client, r, nil
}

// Do implements webdav.HTTPClient.
func (r *resource) Do(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		defer req.Body.Close() // also the writer's side of the pipe waits for it
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
	}
	out, err := http.NewRequestWithContext(req.Context(), req.Method, r.at.String(), bytes.NewReader(body))
	if err != nil {
		return nil, protocol(req.Method, "its URL cannot be called")
	}
	out.Header = req.Header.Clone()
	for name, values := range r.header {
		out.Header[name] = values
	}
	var answer *http.Response
	err = r.account.exchange(out, maxObject, func(resp *http.Response) error {
		if resp.StatusCode == http.StatusMultiStatus {
			if err := worst(req.Method, resp.Body); err != nil {
				return err
			}
		} else if resp.StatusCode/100 != 2 {
			return r.account.failed(req.Method, resp)
		}
		data, err := io.ReadAll(resp.Body)
		if err != nil {
			return outside(err)
		}
		r.etag = entityTag(resp.Header.Get("ETag"))
		answer = &http.Response{Status: resp.Status, StatusCode: resp.StatusCode, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(data))}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// get fetches a resource with its ETag. header may ask for a form of it.
func (a *account) get(ctx context.Context, at *url.URL, header http.Header) (data []byte, etag string, err error) {
	client, r, err := a.dav(at, header)
	if err != nil {
		return nil, "", err
	}
	body, err := client.Open(ctx, "")
	if err != nil {
		return nil, "", err
	}
	defer body.Close()
	data, err = io.ReadAll(body)
	return data, r.etag, err
}

// put writes a resource under a precondition.
func (a *account) put(ctx context.Context, at *url.URL, data []byte, header http.Header) error {
	header.Set("Content-Type", "text/calendar; charset=utf-8")
	client, _, err := a.dav(at, header)
	if err != nil {
		return err
	}
	w, err := client.Create(ctx, "")
	if err != nil {
		return err
	}
	_, writeErr := w.Write(data)
	if err := w.Close(); err != nil { // the answer of the server; a broken pipe is only its consequence
		return err
	}
	return writeErr
}

// remove deletes a resource under a precondition.
func (a *account) remove(ctx context.Context, at *url.URL, header http.Header) error {
	client, _, err := a.dav(at, header)
	if err != nil {
		return err
	}
	return client.RemoveAll(ctx, "")
}

// absent says whether an error means that nothing stands there.
func absent(err error) bool {
	return errors.Is(err, calendar.ErrNotFound) || errors.Is(err, calendar.ErrGone)
}
