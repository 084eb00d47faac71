package calendar

import (
	"context"
	"time"
)

// Account is what a provider needs to reach somebody's calendars.
type Account struct {
	URL      string // as the person gave it; a bare host name will do for discovery
	User     string
	Password string   // never logged, never in an error
	Zone     string   // IANA: the owner's zone, for floating and all-day times
	Emails   []string // the owner's addresses, to find the own PARTSTAT
}

// Provider opens accounts of one kind of service ("caldav", "google", "ics").
type Provider interface {
	// Kind is the word by which connections name the provider.
	Kind() string
	// Open checks the account with the service and returns it ready for use. It fails with ErrAuth, ErrBlockedAddress,
	// ErrNotFound (no calendars there), ErrTransient and the rest of the taxonomy in errors.go.
	Open(ctx context.Context, a Account) (Source, error)
}

// Info describes one calendar of an account.
type Info struct {
	Ref         string // opaque to all but the provider: for CalDAV the collection's URL
	Name        string // its owner's name for it
	TimeZone    string // IANA, when the calendar names one; "" otherwise
	Writable    bool   // an appointment may be put there
	Transparent bool   // schedule-calendar-transp (RFC 6638 §9.1): does not block its owner
}

// Cursor is where a reader stopped; opaque. The zero Cursor asks for everything.
type Cursor string

// Delta is what has changed since a cursor.
type Delta struct {
	Objects []Object // new or changed
	Gone    []string // hrefs that no longer exist
	Next    Cursor   // where to go on
	Full    bool     // Objects is the whole calendar: what it does not name is gone
	// Unread are hrefs of Objects that the service names and does not give: by a failure, or with something in their place
	// that is no calendar. It may be otherwise the next time. They have a Fault and no ETag.
	Unread []string
}

// Known is what the reader has: the ETag of each href. A Source uses it to fetch only what differs.
type Known map[string]string

// Source reads the calendars of an account. Implementations may be used by several goroutines.
type Source interface {
	// Calendars lists the calendars that can hold events, in a stable order.
	Calendars(ctx context.Context) ([]Info, error)
	// Changes returns what has changed in one calendar since the cursor. A cursor that the service no longer knows is not
	// an error: the answer is Full. An object that cannot be read comes as an Object with Fault set, and hides no other. A
	// whole calendar of which nothing can be read is ErrProtocol. ErrGone: the calendar itself is gone.
	Changes(ctx context.Context, ref string, since Cursor, known Known) (Delta, error)
}

// FreeBusy answers which intervals of a window are taken, without events.
type FreeBusy interface {
	// Busy returns the taken intervals inside the window, clipped to it, ordered by start, and the time of the reading. What
	// cannot be told is an error, never a free time.
	Busy(ctx context.Context, ref string, window Interval) (intervals []Busy, asOf time.Time, err error)
}

// Placed tells where an appointment stands in a calendar.
type Placed struct {
	Href string
	ETag string // "" when the server gives none
}

// Found is an event that stands under an appointment's name, reduced to what can be compared.
type Found struct {
	Placed
	UID      string
	Interval Interval
	Sequence int
	Status   Status
	Ours     bool // the UID is the one asked for: the event is ours, moved or not
}

// Sink puts appointments into one calendar. All of it may be repeated: an appointment put twice is there once.
type Sink interface {
	// Find looks under the appointment's own name. ok is false when nothing stands there.
	Find(ctx context.Context, ref, uid string) (f Found, ok bool, err error)
	// Put writes the appointment: etag "" only where nothing stands yet (If-None-Match: *), else only over that version
	// (If-Match), where what its owner has added to an event of ours, such as another title or an alarm, is kept. It reads
	// back and returns what stands there now. ErrPrecondition: something else stands there;
	// ErrUIDConflict: the UID stands under another name.
	Put(ctx context.Context, ref string, a Appointment, etag string) (Placed, error)
	// Delete removes what stands under the name in that version. What is not there is deleted already.
	Delete(ctx context.Context, ref, uid, etag string) error
}
