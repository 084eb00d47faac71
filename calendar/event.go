package calendar

import "time"

// Object is what time needs of one calendar object resource (RFC 4791 §4.1): the events of one UID, a master and its
// overrides. It is what is kept of a foreign event; it can be stored as JSON.
type Object struct {
	Href   string  `json:"href"`
	ETag   string  `json:"etag,omitempty"` // as sent, quotes and W/ included; empty: the server gave none
	UID    string  `json:"uid,omitempty"`
	Events []Event `json:"events,omitempty"`
	Zones  []Zone  `json:"zones,omitempty"` // the VTIMEZONE components that came with the object
	Fault  string  `json:"fault,omitempty"` // why it, or a part of it, could not be read; never text of the event
	// Last is what was read of it before Fault came about. When it takes place now nobody knows: the times of Last are
	// UnknownTime, beside those that could be read.
	Last *Object `json:"last,omitempty"`
}

// Event is the time of one VEVENT (RFC 5545 §3.6.1).
type Event struct {
	Start        Moment    `json:"start"`                   // DTSTART
	End          *Moment   `json:"end,omitempty"`           // DTEND
	Duration     *Duration `json:"duration,omitempty"`      // DURATION
	Rules        []string  `json:"rules,omitempty"`         // RRULE values
	RDates       []Period  `json:"rdates,omitempty"`        // RDATE
	ExDates      []Moment  `json:"exdates,omitempty"`       // EXDATE
	RecurrenceID *Moment   `json:"recurrence_id,omitempty"` // RECURRENCE-ID: the event replaces that instance
	AndFuture    bool      `json:"and_future,omitempty"`    // RANGE=THISANDFUTURE
	Transparent  bool      `json:"transparent,omitempty"`   // TRANSP:TRANSPARENT
	Status       Status    `json:"status,omitempty"`        // STATUS
	PartStat     PartStat  `json:"partstat,omitempty"`      // of the calendar's owner, when the owner is an attendee
	Unclear      bool      `json:"unclear,omitempty"`       // a part of its time could not be read: it is UnknownTime, and a day long where the end is missing
	Unsupported  string    `json:"unsupported,omitempty"`   // why the recurrence is not expanded ("unsupported-recurrence")
}

// Form says how a Moment is bound to the time line.
type Form string

const (
	UTC      Form = "utc"      // …Z
	Zoned    Form = "zoned"    // TZID=…
	Floating Form = "floating" // neither: the wall clock of the owner's zone
	Date     Form = "date"     // VALUE=DATE: the owner's day
)

// Moment is a DATE or DATE-TIME value as it was written: a wall clock, how it is bound, and the TZID if there is one.
type Moment struct {
	Wall Wall   `json:"wall"`
	Form Form   `json:"form"`
	TZID string `json:"tzid,omitempty"`
}

// Duration is a DURATION value (RFC 5545 §3.3.6): nominal days, which follow the wall clock, and exact time.
type Duration struct {
	Days  int           `json:"days,omitempty"`
	Exact time.Duration `json:"exact,omitempty"`
}

// Period is a recurrence date: a start and, for VALUE=PERIOD, its own end or duration.
type Period struct {
	Start    Moment    `json:"start"`
	End      *Moment   `json:"end,omitempty"`
	Duration *Duration `json:"duration,omitempty"`
}

// Status is a STATUS value of RFC 5545 §3.8.1.11; empty and unknown values mean confirmed.
type Status string

const (
	Confirmed       Status = "CONFIRMED"
	TentativeStatus Status = "TENTATIVE"
	Cancelled       Status = "CANCELLED"
)

// PartStat is a PARTSTAT value of RFC 5545 §3.2.12; only DECLINED frees the time, TENTATIVE and NEEDS-ACTION make it
// tentative.
type PartStat string

const (
	Declined    PartStat = "DECLINED"
	Tentatively PartStat = "TENTATIVE"
	NeedsAction PartStat = "NEEDS-ACTION"
)

// Zone is a VTIMEZONE definition (RFC 5545 §3.6.5), kept because a TZID that is no IANA name means what the object says.
type Zone struct {
	TZID        string       `json:"tzid"`
	Location    string       `json:"location,omitempty"` // X-LIC-LOCATION
	Observances []Observance `json:"observances,omitempty"`
}

// Observance is a STANDARD or DAYLIGHT part of a Zone; offsets in seconds east of UTC.
type Observance struct {
	Start      Wall     `json:"start"`
	OffsetFrom int      `json:"from"`
	OffsetTo   int      `json:"to"`
	Rules      []string `json:"rules,omitempty"`
	RDates     []Wall   `json:"rdates,omitempty"`
}

// BusyKind is what a busy interval of a calendar is.
type BusyKind string

const (
	BusyTime      BusyKind = "busy"
	TentativeTime BusyKind = "tentative"
	UnknownTime   BusyKind = "unknown" // events may take it, but their recurrence cannot be worked out: not free
)

// Busy is an interval in which a calendar says that its owner is taken.
type Busy struct {
	Interval
	Kind BusyKind `json:"kind"`
}

// Appointment is the neutral event that Kreds writes into a person's calendar and feed for one session: what everybody may
// see who opens that calendar. It names no people, no topic and no link but the opaque one.
type Appointment struct {
	UID      string    // the delivery name; the resource is UID.ics
	Interval           // whole seconds
	Sequence int       // RFC 5545 §3.8.7.4: rises with each change visible outside
	Status   Status    // TENTATIVE on hold, CONFIRMED, CANCELLED
	Modified time.Time // DTSTAMP and LAST-MODIFIED: of the last change, not of the rendering
	URL      string    // opaque: takes its signed-in owner to the room, shows others nothing
	InPerson bool      // LOCATION "in person"
}
