// Package calendars holds the use cases about people's own calendars: connecting them, reading when their owners are taken,
// declared availability, writing sessions into them, and feeds.
//
// # Reading
//
// A reading is three steps: a View gathers what is known, the provider is asked outside of any transaction, and one Update
// keeps what came of it. It is kept only where nobody else has read the same calendar in between; otherwise it is made
// again. What could not be read leaves the last reading as it was: it grows stale, then unknown, and never free.
//
// # Writing
//
// How a session shall stand in a calendar is a row, the delivery. Deliver compares it with what stands there, by the name
// that the row has had from the start, and may be run again at any point without putting anything there twice.
package calendars

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kreds/calendar"
	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// Service is the calendars.
type Service struct {
	*service.House
	// Providers are the kinds of accounts that can be connected, by the word of their connections.
	Providers map[string]calendar.Provider
	// CheckURL judges an address before it is kept. Its error says why it is not called by a method Code, as those of the
	// outbound client do.
	CheckURL func(raw string) error
}

// New returns the calendars of a house.
func New(h *service.House, providers map[string]calendar.Provider, checkURL func(raw string) error) *Service {
	return &Service{House: h, Providers: providers, CheckURL: checkURL}
}

// rounds is how often a task goes round again by itself when something has changed under its hands; then the sweep rings.
const rounds = 5

// The longest that outside calendars may keep a task waiting. The tasks themselves may take longer, so that what came of it
// can be kept.
const (
	readTime    = 4 * time.Minute
	refreshTime = 40 * time.Second
	deliverTime = 40 * time.Second
)

// on asks the policy about an action on a row.
func on(tx *store.Tx, n store.Noun, a supervision.Action, id supervision.UUID) (service.Target, error) {
	_, err := tx.May(n, a, id)
	return service.Target{Noun: n, ID: id}, err
}

// own asks the policy about making something for the actor themselves.
func own(tx *store.Tx, a supervision.Action, n store.Noun) (service.Target, error) {
	_, err := tx.MayOn(a, tx.Actor().Person.Any())
	return service.Target{Noun: n}, err
}

// addressFault words why an address is not kept.
func addressFault(err error) error {
	var coded interface{ Code() string }
	if errors.As(err, &coded) {
		switch coded.Code() {
		case "url-scheme":
			return supervision.Fault(supervision.Invalid, "url-scheme", "Give the address as https://host/path, without a user name in it.")
		case "port-not-allowed":
			return supervision.Fault(supervision.Invalid, "port-not-allowed", "Calendars are called at the ports 443, 8443, 8843, 5232, 8008 and 80. Ask the operator to allow another one.")
		}
	}
	return supervision.Fault(supervision.Invalid, "outbound-address-refused", "This address is not called. Give a public one, or ask the operator to allow it.")
}

// saving is a context in which the result of work may still be kept when the work itself has run out of time.
func saving(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
}

func internal(format string, args ...any) error {
	return &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: fmt.Errorf("calendars: "+format, args...)}
}
