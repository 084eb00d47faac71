package calendars

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/fnv"
	"time"

	"kreds/calendar"
	"kreds/supervision"
)

// fault is why a calendar could not be read or written, for its owner to see: a code of the catalogue and its words.
type fault struct {
	code string
	text string
	// refused: the password is wrong; nothing is asked again until there is another one.
	refused bool
	// lasting: asking again soon will not help.
	lasting bool
	// after is how long the service wants to be left alone.
	after time.Duration
	err   error // for the log
}

// errMassChange says that a reading would take away more than an ordinary day does.
var errMassChange = errors.New("calendars: the answer would remove too much")

// errTooMany says that an account has more calendars than can be shown.
var errTooMany = errors.New("calendars: the account has too many calendars")

// errNoProvider says that the installation no longer reads this kind of account.
var errNoProvider = errors.New("calendars: no provider of this kind")

// faultOf classifies what a provider said.
func faultOf(err error) fault {
	f := fault{err: err, lasting: true}
	var limited calendar.RateLimited
	switch {
	case errors.As(err, &limited):
		f.code, f.text = "calendar-unreachable", "The service asks to be left alone for a while. It is read again later."
		f.after, f.lasting = limited.After, false
	case errors.Is(err, calendar.ErrAuth):
		f.code, f.text = "calendar-password-refused", "The service refused the user name or the password. Give a new one, if need be an app password."
		f.refused = true
	case errors.Is(err, calendar.ErrForbidden):
		f.code, f.text = "calendar-forbidden", "The service does not allow this account to do it. Look at the rights of the calendar there."
	case errors.Is(err, calendar.ErrBlockedAddress):
		f.code, f.text = "outbound-address-refused", "The service leads to an address that is not called. Ask the operator to allow it."
	case errors.Is(err, calendar.ErrNotFound), errors.Is(err, calendar.ErrGone):
		f.code, f.text = "calendar-not-found", "There is no such calendar at this address any more. Check the address, or choose another calendar."
	case errors.Is(err, calendar.ErrTooLarge), errors.Is(err, errTooMany):
		f.code, f.text = "calendar-too-large", "The account holds more than can be read. Connect one that holds fewer calendars or events."
	case errors.Is(err, errForeign):
		f.code, f.text = "event-foreign", "Another event stands where ours belongs. It is left alone."
	case errors.Is(err, errMassChange):
		f.code, f.text = "calendar-mass-change", "The service suddenly names far fewer events. They are kept; if they are really gone, read the connection by hand."
	case errors.Is(err, calendar.ErrProtocol), errors.Is(err, calendar.ErrUnsupported), errors.Is(err, calendar.ErrInvalidData), errors.Is(err, errNoProvider):
		f.code, f.text = "calendar-not-understood", "What the service answers makes no sense to us. Check that the address is that of a calendar service."
	default:
		f.code, f.text = "calendar-unreachable", "The service does not answer properly. It is read again by itself."
		f.lasting = false
	}
	return f
}

// Waiting times between attempts.
const (
	firstWait = time.Minute
	longWait  = 6 * time.Hour
)

// wait is how long to leave a service alone after so many failures in a row: twice as long each time, and up to a fifth
// longer or shorter by the seed, so that those who failed together do not come again together.
func wait(tries int, seed [16]byte, atLeast time.Duration) time.Duration {
	d := longWait
	if tries < 10 {
		d = min(firstWait<<max(tries-1, 0), longWait)
	}
	h := fnv.New32a()
	h.Write(seed[:])
	h.Write(binary.BigEndian.AppendUint32(nil, uint32(tries)))
	d += d / 5 * time.Duration(int64(h.Sum32()%2001)-1000) / 1000
	return max(d, atLeast)
}

// gaveUp says whether the work ended because the house itself wanted it to end.
func gaveUp(ctx context.Context, err error) bool {
	return errors.Is(err, context.Canceled) && ctx.Err() != nil
}

// notThere says whether an object is gone, which ends work on it.
func notThere(err error) bool { return err != nil && supervision.KindOf(err) == supervision.NotFound }
