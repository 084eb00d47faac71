package supervision

import "slices"

// Connection is a person's calendar account.
type Connection struct {
	ID         ConnectionID
	Person     PersonID
	Kind       string // the provider's word: caldav, google, ics
	Name       string
	URL        string
	User       string
	Password   []byte // sealed; only service/calendars opens it
	State      ConnectionState
	Calendars  []ConnectedCalendar
	LastReadAt Instant // of the last reading of all its counting calendars
	FaultCode  string  // why it could not be read, a code of the catalogue
	FaultText  string
	FaultSince Instant
	Wanted     int // readings asked for
	Done       int // readings done
	Tries      int // failures in a row
	NextAt     Instant
	Version    int
}

// ConnectionState is where a connection stands.
type ConnectionState string

const (
	ConnectionPending  ConnectionState = "pending"
	ConnectionActive   ConnectionState = "active"
	ConnectionDegraded ConnectionState = "degraded"
	ConnectionRevoked  ConnectionState = "revoked"
)

// ConnectedCalendar is one calendar of an account. Ref is the provider's, Key the short name by which its owner chooses it.
type ConnectedCalendar struct {
	Key      string `json:"key"`
	Ref      string `json:"ref"`
	Name     string `json:"name"`
	TimeZone string `json:"time_zone,omitempty"`
	Counts   bool   `json:"counts"`
	Writable bool   `json:"writable"`
	Written  bool   `json:"written"`

	// Of a calendar that counts, as of its last reading: objects that could not be read, or only in part; those of which a
	// TZID meant nothing, so that another zone stands for it; those whose recurrence could not be worked out.
	Unreadable int `json:"unreadable,omitempty"`
	Guessed    int `json:"guessed,omitempty"`
	Unclear    int `json:"unclear,omitempty"`
	// GoneSince is when the service first said that there is no such calendar any more; zero while it lists it.
	GoneSince Instant `json:"gone_since,omitzero"`
}

// Counts says whether any calendar of the connection blocks its owner's time. Before the first look at the account, when no
// calendar is known yet, it does: what is not known is not free.
func (c Connection) Counts() bool {
	return len(c.Calendars) == 0 || slices.ContainsFunc(c.Calendars, func(k ConnectedCalendar) bool { return k.Counts })
}

// Target is the calendar into which sessions are written; ok is false when there is none.
func (c Connection) Target() (ConnectedCalendar, bool) {
	for _, k := range c.Calendars {
		if k.Written {
			return k, true
		}
	}
	return ConnectedCalendar{}, false
}

// Health is how far a person's or a source's busy time can be trusted.
type Health string

const (
	HealthKnown   Health = "known"
	HealthStale   Health = "stale"
	HealthUnknown Health = "unknown"
)

// Delivery is a session as it stands, or shall stand, in one person's own calendar.
type Delivery struct {
	Session    SessionID
	Person     PersonID
	UID        string // the delivery name
	Connection ConnectionID
	Ref        string // of the calendar it was put into
	Href       string
	ETag       string
	Sequence   int // RFC 5545 SEQUENCE: counts every change visible outside
	Shown      Shown
	Past       []Shown // former looks that may stand there still: what else is found was moved by its owner
	ChangedAt  Instant
	Wanted     int
	Done       int
	State      DeliveryState
	Tries      int
	NextAt     Instant
	Fault      string
}

// Shown is what the outside may see of a session; a change of it raises the sequence.
type Shown struct {
	Start    Instant      `json:"start"`
	End      Instant      `json:"end"`
	State    SessionState `json:"state"`
	InPerson bool         `json:"in_person,omitempty"`
	Absent   bool         `json:"absent,omitempty"` // the person has no part in it any more
}

// Equal says whether the outside would see no difference.
func (s Shown) Equal(o Shown) bool {
	return s.Start.Equal(o.Start) && s.End.Equal(o.End) && s.State == o.State && s.InPerson == o.InPerson && s.Absent == o.Absent
}

// DeliveryState is where a delivery stands.
type DeliveryState string

const (
	DeliveryPending  DeliveryState = "pending"
	DeliveryDone     DeliveryState = "done"
	DeliveryDiverged DeliveryState = "diverged" // the person moved or deleted it; we do not fight
	DeliveryFailed   DeliveryState = "failed"
)

// Feed is an address under which a calendar program reads its owner's sessions.
type Feed struct {
	ID         FeedID
	Person     PersonID
	Name       string
	State      string // active, revoked
	MadeAt     Instant
	LastReadAt Instant
	Version    int
}
