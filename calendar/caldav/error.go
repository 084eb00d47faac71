package caldav

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"kreds/calendar"
	"kreds/internal/outbound"
)

// failure is what a server answered instead of what was asked for. It names neither paths, which may hold names of people,
// nor anything that the server said in words of its own.
type failure struct {
	method    string
	status    int    // of the answer, or of a part of it
	condition string // the violated condition that the answer names (RFC 4918 §16)
	kind      error  // one of package calendar's errors
}

func (f *failure) Error() string {
	s := fmt.Sprintf("caldav: %s was answered %d", f.method, f.status)
	if f.condition != "" {
		s += " (" + f.condition + ")"
	}
	return s + ": " + f.kind.Error()
}

func (f *failure) Unwrap() error { return f.kind }

// protocol is an answer that makes no sense.
func protocol(method, what string) error {
	return fmt.Errorf("caldav: %s: %s: %w", method, what, calendar.ErrProtocol)
}

// outside puts an error of the outbound client into the calendar's words.
func outside(err error) error {
	if err == nil {
		return nil
	}
	kind := calendar.ErrTransient
	for _, c := range []struct{ from, to error }{
		{context.Canceled, context.Canceled},
		{outbound.ErrURL, calendar.ErrBlockedAddress},
		{outbound.ErrScheme, calendar.ErrBlockedAddress},
		{outbound.ErrPort, calendar.ErrBlockedAddress},
		{outbound.ErrRefusedAddress, calendar.ErrBlockedAddress},
		{outbound.ErrOrigin, calendar.ErrBlockedAddress},
		{outbound.ErrRedirect, calendar.ErrProtocol},
		{outbound.ErrEncoding, calendar.ErrProtocol},
		{outbound.ErrTooLarge, calendar.ErrTooLarge},
	} {
		if errors.Is(err, c.from) {
			kind = c.to
			break
		}
	}
	return fmt.Errorf("caldav: %w: %w", err, kind)
}

// conditions are the named preconditions of RFC 4791, 6578, 6638 and 3744 that mean more than their status.
var conditions = map[string]error{
	"no-uid-conflict":                   calendar.ErrUIDConflict,
	"unique-scheduling-object-resource": calendar.ErrUIDConflict,
	"valid-calendar-data":               calendar.ErrInvalidData,
	"valid-calendar-object-resource":    calendar.ErrInvalidData,
	"supported-calendar-data":           calendar.ErrInvalidData,
	"supported-calendar-component":      calendar.ErrInvalidData,
	"min-date-time":                     calendar.ErrInvalidData,
	"max-date-time":                     calendar.ErrInvalidData,
	"max-instances":                     calendar.ErrInvalidData,
	"max-resource-size":                 calendar.ErrTooLarge,
	"quota-not-exceeded":                calendar.ErrTooLarge,
	"sufficient-disk-space":             calendar.ErrTooLarge,
	"number-of-matches-within-limits":   calendar.ErrTooLarge,
	"supported-report":                  calendar.ErrUnsupported,
	"need-privileges":                   calendar.ErrForbidden,
	"valid-sync-token":                  errStale,
}

// errStale says that the server no longer knows a sync token. It stays inside of the package.
var errStale = errors.New("the sync token is not known")

// fails says what a status means. condition is the one that the answer names, "" for none.
func fails(method string, status int, condition string, after time.Duration) error {
	f := &failure{method: method, status: status, condition: condition, kind: calendar.ErrProtocol}
	writes := method == http.MethodPut || method == http.MethodDelete
	switch {
	case conditions[condition] != nil:
		f.kind = conditions[condition]
	case status == http.StatusUnauthorized:
		f.kind = calendar.ErrAuth
	case status == http.StatusForbidden:
		f.kind = calendar.ErrForbidden
	case status == http.StatusNotFound, status == http.StatusConflict && writes: // RFC 4918 §9.7.1: no parent
		f.kind = calendar.ErrNotFound
	case status == http.StatusGone:
		f.kind = calendar.ErrGone
	case status == http.StatusPreconditionFailed:
		f.kind = calendar.ErrPrecondition
	case status == http.StatusRequestEntityTooLarge, status == http.StatusInsufficientStorage:
		f.kind = calendar.ErrTooLarge
	case status == http.StatusMethodNotAllowed, status == http.StatusNotImplemented:
		f.kind = calendar.ErrUnsupported
	case status == http.StatusBadRequest, status == http.StatusUnsupportedMediaType, status == http.StatusUnprocessableEntity:
		if f.kind = calendar.ErrUnsupported; writes {
			f.kind = calendar.ErrInvalidData
		}
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable && after > 0:
		if after == 0 {
			after = time.Minute
		}
		f.kind = calendar.RateLimited{After: after}
	case status == http.StatusLocked, status/100 == 5:
		f.kind = calendar.ErrTransient
	}
	return f
}

// failed turns an answer that is no success into its error. It reads the body.
func (a *account) failed(method string, resp *http.Response) error {
	condition := ""
	if isXML(resp.Header) {
		condition = namedCondition(io.LimitReader(resp.Body, 64<<10))
	}
	return fails(method, resp.StatusCode, condition, a.retryAfter(resp.Header))
}

// retryAfter reads Retry-After (RFC 9110 §10.2.3), seconds or a date; 0 when there is none. It is bounded to a day.
func (a *account) retryAfter(h http.Header) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	after := time.Duration(0)
	if n, err := strconv.ParseInt(value, 10, 32); err == nil {
		after = time.Duration(n) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		after = at.Sub(a.now())
	}
	return min(max(after, 0), 24*time.Hour)
}

func isXML(h http.Header) bool {
	media, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	media = strings.ToLower(strings.TrimSpace(media))
	return media == "text/xml" || media == "application/xml"
}

// namedCondition finds the condition that an error document names (RFC 4918 §14.5): one that we know, else the first. What
// is no such document names none.
func namedCondition(r io.Reader) string {
	d := newDecoder(r)
	root, err := d.start()
	if err != nil || root.Name != (xml.Name{Space: nsDAV, Local: "error"}) {
		return ""
	}
	n, err := d.element(root)
	if err != nil {
		return ""
	}
	return n.condition()
}
