package calendar

import (
	"errors"
	"time"
)

// What can go wrong with an outside calendar. Providers wrap these with detail that names neither credentials nor the text
// of events; callers use errors.Is.
var (
	ErrAuth           = errors.New("calendar: the service refused the credentials")
	ErrForbidden      = errors.New("calendar: the service forbids this")
	ErrNotFound       = errors.New("calendar: not found")
	ErrGone           = errors.New("calendar: the calendar is gone")
	ErrPrecondition   = errors.New("calendar: something else stands there")
	ErrUIDConflict    = errors.New("calendar: the UID stands under another name")
	ErrInvalidData    = errors.New("calendar: the service refused the data")
	ErrUnsupported    = errors.New("calendar: the service does not support this")
	ErrTransient      = errors.New("calendar: the service did not answer properly")
	ErrTooLarge       = errors.New("calendar: the answer is too large")
	ErrBlockedAddress = errors.New("calendar: the address is not allowed")
	ErrProtocol       = errors.New("calendar: the answer makes no sense")
)

// RateLimited says that the service asks to be left alone for a while.
type RateLimited struct{ After time.Duration }

// Error says so.
func (e RateLimited) Error() string { return "calendar: the service asks to wait " + e.After.String() }
