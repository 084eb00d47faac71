package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"kreds/api/contract"
	"kreds/supervision"
)

// problemMedia is the media type of a refusal (RFC 9457).
const problemMedia = "application/problem+json"

// defaultRetryAfter is what 429 and 503 say when nobody knows better.
const defaultRetryAfter = 5 * time.Second

// silent are the codes whose every answer has the same words: more would tell what the caller may not know.
var silent = []string{"not-found", "unauthenticated", "placement-not-possible", "internal"}

// problems renders errors; it is the only place that does.
type problems struct {
	catalogue *Catalogue
	base      string // of problem types, without a slash at the end
	log       *slog.Logger
}

// handle is echo's HTTPErrorHandler.
func (p *problems) handle(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	envelope := EnvelopeOf(c.Request().Context())
	e := classify(err)
	problem := p.render(e, envelope)
	p.write(c, problem, e, envelope)

	level := slog.LevelInfo
	attrs := []any{"request_id", envelope.RequestID, "method", c.Request().Method, "route", c.Path(), "status", problem.Status, "code", problem.Code}
	if problem.Status >= 500 {
		level = slog.LevelError
		attrs = append(attrs, "error", err)
	}
	p.log.Log(c.Request().Context(), level, "refused", attrs...)
}

// classify makes any error that leaves a handler one of ours.
func classify(err error) *supervision.Error {
	var ours *supervision.Error
	var http *echo.HTTPError
	isOurs := errors.As(err, &ours)
	switch {
	case isOurs && ours.Kind != supervision.Internal:
		return ours
	case errors.Is(err, context.DeadlineExceeded):
		return &supervision.Error{Kind: supervision.Unavailable, Code: "timeout", Err: err}
	case errors.Is(err, context.Canceled):
		return &supervision.Error{Kind: supervision.Unavailable, Code: "unavailable", Err: err}
	case isOurs:
		return ours
	case errors.As(err, &http):
		return ofStatus(http.Code)
	}
	return &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: err}
}

// ofStatus classifies what echo itself answers; its words stay inside.
func ofStatus(status int) *supervision.Error {
	codes := map[int]struct {
		kind supervision.Kind
		code string
	}{
		http.StatusNotFound:              {supervision.NotFound, "not-found"},
		http.StatusMethodNotAllowed:      {supervision.NotFound, "method-not-allowed"},
		http.StatusUnauthorized:          {supervision.Unauthenticated, "unauthenticated"},
		http.StatusForbidden:             {supervision.Forbidden, "forbidden"},
		http.StatusRequestTimeout:        {supervision.Malformed, "request-timeout"},
		http.StatusRequestEntityTooLarge: {supervision.Malformed, "body-too-large"},
		http.StatusUnsupportedMediaType:  {supervision.Malformed, "content-type"},
		http.StatusTooManyRequests:       {supervision.Unavailable, "too-many-requests"},
		http.StatusServiceUnavailable:    {supervision.Unavailable, "unavailable"},
	}
	if c, ok := codes[status]; ok {
		return &supervision.Error{Kind: c.kind, Code: c.code}
	}
	if status >= 400 && status < 500 {
		return &supervision.Error{Kind: supervision.Malformed, Code: "malformed-request"}
	}
	return &supervision.Error{Kind: supervision.Internal, Code: "internal"}
}

func (p *problems) render(e *supervision.Error, envelope *Envelope) contract.Problem {
	code, entry := p.catalogue.Find(e)
	problem := contract.Problem{
		Type:      p.base + "/problems/" + code,
		Title:     entry.Title.In(envelope.Language),
		Status:    entry.Status,
		Detail:    entry.Next.In(envelope.Language),
		Instance:  "urn:uuid:" + envelope.RequestID.String(),
		Code:      code,
		Retryable: entry.Retryable,
	}
	if slices.Contains(silent, code) {
		return problem
	}
	if e.Detail != "" {
		problem.Detail = cut(e.Detail, 2000)
	}
	if len(e.Fields) > 0 {
		var fields []contract.ProblemField
		for _, f := range e.Fields[:min(len(e.Fields), maxFindings)] {
			fields = append(fields, contract.ProblemField{Pointer: some(f.Pointer), Parameter: some(f.Parameter), Code: f.Code, Detail: cut(f.Detail, 2000)})
		}
		problem.Errors = &fields
	}
	if len(e.Reasons) > 0 {
		var reasons []contract.ProblemReason
		for _, r := range e.Reasons[:min(len(e.Reasons), 200)] {
			reasons = append(reasons, contract.ProblemReason{Rule: r.Rule, Subject: some(r.Subject), Detail: cut(r.Detail, 2000), Help: orEmpty(r.Help)})
		}
		problem.Reasons = &reasons
	}
	if e.Step != nil {
		allowed := orEmpty(e.Step.Allowed)
		problem.From, problem.To, problem.Allowed = &e.Step.From, &e.Step.To, &allowed
	}
	return problem
}

func (p *problems) write(c echo.Context, problem contract.Problem, e *supervision.Error, envelope *Envelope) {
	h := c.Response().Header()
	for _, name := range []string{"ETag", "Location", "Content-Length", "Last-Modified"} {
		h.Del(name)
	}
	h.Set("Content-Type", problemMedia)
	h.Set("Content-Language", string(envelope.Language))
	h.Set("Cache-Control", "no-store")
	switch {
	case problem.Status == http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="kreds"`)
	case problem.Code == "insufficient-scope":
		h.Set("WWW-Authenticate", `Bearer realm="kreds", error="insufficient_scope"`)
	case problem.Code == "stale-tag" && e.Tag != "":
		h.Set("ETag", e.Tag)
	}
	after := e.RetryAfter
	if after <= 0 && (problem.Status == http.StatusTooManyRequests || problem.Status == http.StatusServiceUnavailable) {
		after = defaultRetryAfter
	}
	if after > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(after.Seconds()))))
	}
	c.Response().WriteHeader(problem.Status)
	if c.Request().Method == http.MethodHead {
		return
	}
	body, err := json.Marshal(problem)
	if err == nil {
		_, err = c.Response().Write(append(body, '\n'))
	}
	if err != nil { // the caller is gone
		p.log.DebugContext(c.Request().Context(), "a refusal was not delivered", "request_id", envelope.RequestID)
	}
}

// some is nil for an empty text.
func some(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// cut shortens a text to what the contract lets a member hold.
func cut(s string, length int) string {
	if r := []rune(strings.ToValidUTF8(s, "�")); len(r) > length {
		return string(r[:length-1]) + "…"
	}
	return s
}
