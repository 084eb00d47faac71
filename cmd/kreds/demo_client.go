package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"kreds/internal/outbound"
)

// client speaks to the API as anybody would, over HTTP with a token.
type client struct {
	ctx   context.Context
	maker *outbound.Maker
	base  string
	token string
	keys  func() string // makes idempotency keys
}

// object is a JSON object.
type object = map[string]any

// as is the same client with another token.
func (c client) as(token string) client {
	c.token = token
	return c
}

// do makes a request and returns the reply's body and tag. headers come in pairs. A refusal is an error in the words of the
// problem document.
func (c client) do(method, path string, body any, headers ...string) (object, string, error) {
	var in io.Reader
	media := "application/json"
	switch v := body.(type) {
	case nil:
	case string:
		in, media = bytes.NewReader([]byte(v)), "text/csv"
	default:
		text, err := json.Marshal(v)
		if err != nil {
			return nil, "", err
		}
		in = bytes.NewReader(text)
	}
	if method == http.MethodPatch {
		media = "application/merge-patch+json"
	}
	r, err := http.NewRequestWithContext(c.ctx, method, c.base+path, in)
	if err != nil {
		return nil, "", err
	}
	if in != nil {
		r.Header.Set("Content-Type", media)
	}
	if method == http.MethodPost {
		r.Header.Set("Idempotency-Key", c.keys())
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	home, err := c.maker.CheckURL(c.base)
	if err != nil {
		return nil, "", err
	}
	reply, err := c.maker.Client(outbound.Options{Credentials: outbound.Bearer(home, c.token)}).Do(r)
	if err != nil {
		return nil, "", err
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		return nil, "", err
	}
	var out object
	if len(text) > 0 {
		if err := json.Unmarshal(text, &out); err != nil {
			return nil, "", fmt.Errorf("%s %s answered %d and no JSON", method, path, reply.StatusCode)
		}
	}
	if reply.StatusCode >= 300 {
		return out, "", fmt.Errorf("%s %s answered %d %v: %v %v %v", method, path, reply.StatusCode, out["code"], out["detail"], out["errors"], out["reasons"])
	}
	return out, reply.Header.Get("ETag"), nil
}

// post makes or acts.
func (c client) post(path string, body any, headers ...string) (object, error) {
	out, _, err := c.do(http.MethodPost, path, body, headers...)
	return out, err
}

// put sets the part or the state of an object, whose tag is read first.
func (c client) put(path string, body any, of string) (object, error) {
	_, tag, err := c.do(http.MethodGet, of, nil)
	if err != nil {
		return nil, err
	}
	out, _, err := c.do(http.MethodPut, path, body, "If-Match", tag)
	return out, err
}

// patch changes an object, whose tag is read first.
func (c client) patch(path string, body any) (object, error) {
	_, tag, err := c.do(http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	out, _, err := c.do(http.MethodPatch, path, body, "If-Match", tag)
	return out, err
}

// get reads one object.
func (c client) get(path string) (object, error) {
	out, _, err := c.do(http.MethodGet, path, nil)
	return out, err
}

// all reads a list to its end.
func (c client) all(path string, filters url.Values) (list []object, err error) {
	q := url.Values{"page_size": {"200"}}
	for k, v := range filters {
		q[k] = v
	}
	for {
		page, err := c.get(path + "?" + q.Encode())
		if err != nil {
			return nil, err
		}
		for _, x := range page["items"].([]any) {
			list = append(list, x.(object))
		}
		cursor, ok := page["next_cursor"].(string)
		if !ok {
			return list, nil
		}
		q.Set("cursor", cursor)
	}
}

// str reads a text member.
func str(o object, member string) string {
	s, _ := o[member].(string)
	return s
}
