package api

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/labstack/echo/v4"

	"kreds/supervision"
)

// door judges a request before its handler runs; see the package comment for the order.
type door struct {
	document     *Document
	catalogue    *Catalogue
	authenticate Authenticate
	admit        func(ctx context.Context, o *Operation) error
	leaked       func(ctx context.Context, s Secret)
	newID        func() supervision.UUID
	deadline     time.Duration
	origin       *http.CrossOriginProtection
}

// middleware is the door as echo takes it.
func (d *door) middleware(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		envelope := &Envelope{RequestID: d.newID(), Language: LanguageOf(c.Request())}
		ctx := WithEnvelope(c.Request().Context(), envelope)
		if o, known := d.document.Find(c.Request().Method, c.Path()); known {
			envelope.Operation = o
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, d.deadline)
			defer cancel()
		}
		c.SetRequest(c.Request().WithContext(ctx))
		c.Response().Header().Set("X-Request-Id", envelope.RequestID.String())
		defer tagged(c, &err)
		defer recovered(&err)
		if err := d.enter(c, envelope); err != nil {
			return err
		}
		return next(c)
	}
}

// recovered turns a panic into an internal error; its text is for the log alone.
func recovered(err *error) {
	switch r := recover(); r {
	case nil:
	case http.ErrAbortHandler:
		panic(r)
	default:
		*err = &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: fmt.Errorf("panic: %v\n%s", r, debug.Stack())}
	}
}

func (d *door) enter(c echo.Context, e *Envelope) error {
	if err := framing(c.Request()); err != nil {
		return err
	}
	path, o := c.Request().URL.Path, e.Operation
	inside := strings.HasPrefix(path, "/v1/") || path == "/v1"
	if o == nil && !inside {
		return nil // a page outside of the contract, or nothing: echo answers 404 or 405
	}
	if err := d.refuseLeaks(c.Request()); err != nil {
		return err
	}
	if o == nil || len(o.Schemes) > 0 {
		if err := d.identify(c, e); err != nil {
			return err
		}
	}
	if o == nil {
		return nil // the caller is known and may hear 404 or 405
	}
	if err := d.scope(c, e); err != nil {
		return err
	}
	if err := d.headers(c.Request(), e); err != nil {
		return err
	}
	tagReads(c)
	return d.content(c, e)
}

// framing refuses what no handler should have to think about.
func framing(r *http.Request) error {
	if !utf8.ValidString(r.URL.Path) || strings.ContainsFunc(r.URL.Path, unicode.IsControl) {
		return supervision.Fault(supervision.Malformed, "malformed-request", "The path is not well formed; encode it as RFC 3986 says.")
	}
	return nil
}

// refuseLeaks refuses a credential in the address, where logs would keep it, and hands it on to be flagged.
func (d *door) refuseLeaks(r *http.Request) error {
	if secret, leaks := inAddress(r); leaks {
		if d.leaked != nil {
			d.leaked(r.Context(), secret)
		}
		return &supervision.Error{Kind: supervision.Malformed, Code: "token-in-url"}
	}
	return nil
}

// identify finds out who is asking.
func (d *door) identify(c echo.Context, e *Envelope) error {
	credential, ok, err := presented(c.Request())
	if err != nil {
		return err
	}
	if !ok {
		return unauthenticated()
	}
	if credential.Scheme == Session && d.origin.Check(c.Request()) != nil {
		return supervision.Fault(supervision.Forbidden, "cross-origin", "The request carries a cookie and comes from another site.")
	}
	ctx, grant, err := d.authenticate(c.Request().Context(), credential)
	if err != nil {
		return err
	}
	e.Grant = grant
	c.SetRequest(c.Request().WithContext(ctx))
	return nil
}

// scope judges what the credential may do at all, before anything of the request is read.
func (d *door) scope(c echo.Context, e *Envelope) error {
	if err := e.Operation.admits(e.Grant); err != nil {
		return err
	}
	if d.admit != nil {
		return d.admit(c.Request().Context(), e.Operation)
	}
	return nil
}

// headers reads what the reply may be, the key, and the condition.
func (d *door) headers(r *http.Request, e *Envelope) (err error) {
	o := e.Operation
	if e.Accept, err = negotiate(strings.Join(r.Header.Values("Accept"), ","), o.accepts); err != nil {
		return err
	}
	if o.takes("Idempotency-Key") {
		if e.Key, err = readKey(r.Header); err != nil {
			return err
		}
		r.Header.Set("Idempotency-Key", e.Key)
	}
	if o.takes("If-Match") {
		if e.Match, err = readMatch(r.Header, o.takes("If-None-Match")); err != nil {
			return err
		}
		for _, name := range []string{"If-Match", "If-None-Match"} { // one line each, for the generated code
			if lines := r.Header.Values(name); len(lines) > 1 {
				r.Header.Set(name, strings.Join(lines, ", "))
			}
		}
	}
	return nil
}

// takes says whether the contract declares the header for the operation.
func (o *Operation) takes(header string) bool {
	return o.Operation.Parameters.GetByInAndName("header", header) != nil
}

// content judges parameters and body, all faults in one answer, and leaves the validated values for the generated code.
func (d *door) content(c echo.Context, e *Envelope) error {
	o, r := e.Operation, c.Request()
	text, media, err := readBody(o, r)
	if err != nil {
		return err
	}
	var value any
	var strict []finding
	switch {
	case media == "":
		r.Body, r.ContentLength = http.NoBody, 0
	case isJSON(media):
		if value, strict, err = decodeStrict(text); err != nil {
			return err
		}
	default:
		if err := checkPlain(text); err != nil {
			return err
		}
		r.Body = io.NopCloser(bytes.NewReader(text))
	}
	if err := checkPathParameters(c, o); err != nil {
		return err
	}
	in := &openapi3filter.RequestValidationInput{Request: r, Route: o.route}
	query, found, err := d.document.checkQuery(o, in, e.Language)
	if err != nil {
		return err
	}
	if isJSON(media) {
		schema := o.RequestBody.Value.Content.Get(media).Schema
		found = append(found, merge(d.document.checkBody(schema, value, e.Language), strict)...)
		r.Body = validated{value}
	}
	if err := d.catalogue.invalid(e.Language, found); err != nil {
		return err
	}
	e.Cursor, e.Filters = query.Get("cursor"), filtersOf(r.URL.Path, query)
	e.Hash = hashOf([]byte(media), []byte(e.Filters), text)
	return nil
}

// checkPathParameters answers 404 to an id that cannot be one, as to any other that is not there.
func checkPathParameters(c echo.Context, o *Operation) error {
	for _, ref := range slices.Concat(o.route.PathItem.Parameters, o.Operation.Parameters) {
		p := ref.Value
		if p.In == "path" && p.Schema.Value.MaxLength != nil && uint64(len(c.Param(p.Name))) > *p.Schema.Value.MaxLength {
			return supervision.Absent()
		}
	}
	return nil
}
