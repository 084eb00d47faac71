package scheduling

import "time"

// Slots of the 15-minute grid.
const (
	SlotsPerHour = 4
	SlotsPerDay  = 24 * SlotsPerHour
	SlotsPerWeek = 7 * SlotsPerDay
)

// Version is the version of the instance format that this package writes and reads.
const Version = 1

// Profile names the set of rules and wishes by which an instance is judged.
type Profile string

const (
	// ProfileField is the default of real cycles: every rule that is built, and the wishes W….
	ProfileField Profile = "field"
	// ProfileCore is the exact set for comparison with other solvers: fewer rules, ten terms.
	ProfileCore Profile = "core"
)

// Kind is the kind of a round, and of its sessions.
type Kind string

const (
	Introduction Kind = "introduction"
	Individual   Kind = "individual"
	Group        Kind = "group"
)

// Grouping says how the groups of a group round come about.
type Grouping string

const (
	// Closed groups keep their members and their supervisor through all closed rounds (H20).
	Closed Grouping = "closed"
	// Remix rounds form their groups anew.
	Remix Grouping = "remix"
)

// What is mixed in a group (W04).
const (
	MixUnit         = "unit"
	MixOrganisation = "organisation"
)

// The equivalence rules of credited time (W10).
const (
	ClockTime      = "clock"
	HalfThenShare  = "half_then_share"
	HalfThenThird  = "half_then_third"
	IndividualOnly = "individual_only"
)

// The organisation rules of groups (H37).
const (
	OrgAny   = "any"
	OrgSame  = "same"
	OrgMixed = "mixed"
)

// Mode of a session.
type Mode string

const (
	Virtual  Mode = "virtual"
	InPerson Mode = "in_person"
)

// BusyKind says what a taken interval of a calendar is. Busy and Tentative forbid a session (H03); Unknown and Stale do
// not: a plan may use them, a confirmation may not (H27).
type BusyKind string

const (
	Busy      BusyKind = "busy"
	Tentative BusyKind = "tentative"
	Unknown   BusyKind = "unknown"
	Stale     BusyKind = "stale"
)

// Span is the half-open interval of slots [From, To).
type Span struct{ From, To int }

// Contains says whether o lies wholly inside s.
func (s Span) Contains(o Span) bool { return s.From <= o.From && o.To <= s.To }

// Overlaps says whether the two share a slot.
func (s Span) Overlaps(o Span) bool { return s.From < o.To && o.From < s.To }

// BusySpan is an interval of a calendar with its kind.
type BusySpan struct {
	Span
	Kind BusyKind
}

// BlockedSpan is a holiday or a blackout, with the class of its reason ("holiday", "blackout").
type BlockedSpan struct {
	Span
	Reason string
}

// TakenSpan is a standing session outside of the problem. Round is an id of Problem.Rounds or empty.
type TakenSpan struct {
	Span
	Kind  Kind
	Round string
}

// Offset tells that from slot At on a person's local time is Offset slots ahead of UTC, until the next one of the list.
type Offset struct{ At, Offset int }

// Pair is two people who may not meet in the way that Rule says (an id, H05–H10, H22, H23), from slot From to slot To,
// half-open; a nil bound is open. In Problem.Forbidden A and B are mentors (not in one group); in Problem.Dependent A is a
// supervisor and B a mentor (never supervises).
type Pair struct {
	A, B string
	Rule string
	From *int
	To   *int
}

// Holds says whether the pair is forbidden at slot t.
func (p Pair) Holds(t int) bool {
	return (p.From == nil || *p.From <= t) && (p.To == nil || t < *p.To)
}

// Near is a distance between two mentors (W05): from A to a manager of B's mentee, in steps.
type Near struct {
	A, B  string
	Steps int
}

// Problem is one instance: everything the checker and the planner need, and no name.
//
// Decode and Encode read and write its JSON form, which is published as instance.schema.json and only grows; Validate says
// whether a problem has that form.
type Problem struct {
	Version    int            `json:"version"`
	Name       string         `json:"name"`
	Seed       uint64         `json:"seed"` // the generator's, information only
	Profile    Profile        `json:"profile"`
	Weights    map[string]int `json:"weights"` // overrides of the profile's weights, 0–100 in profile field
	Levels     []string       `json:"levels"`  // wishes lifted to a level of their own, most important first
	SlotMin    int            `json:"slot_min"`
	CycleStart time.Time      `json:"cycle_start"` // a Monday 00:00 UTC; slot 0
	Weeks      int            `json:"weeks"`
	StartStep  int            `json:"start_step"` // sessions start at multiples of it (H31)
	Now        int            `json:"now"`

	Rounds      []Round      `json:"rounds"`
	Mentors     []Mentor     `json:"mentors"`
	Supervisors []Supervisor `json:"supervisors"`

	Size         Size           `json:"size"`
	Gap          Gap            `json:"gap"`
	Forbidden    []Pair         `json:"forbidden"`
	Dependent    []Pair         `json:"dependent"`
	Mix          string         `json:"mix"`    // "unit" or "organisation" (W04)
	Credit       string         `json:"credit"` // the equivalence rule: clock, half_then_share, half_then_third, individual_only (W10)
	Near         []Near         `json:"near"`
	Events       []Span         `json:"events"`
	OrgRule      OrgRule        `json:"org_rule"`
	InPersonDays []Span         `json:"in_person_days"`
	Travel       int            `json:"travel"` // slots before and after an in-person session
	Rooms        map[string]int `json:"rooms"`  // rooms of each site; a site not named is unlimited
	MaxPerDay    int            `json:"max_per_day"`
	Pins         []Pin          `json:"pins"`
	Reference    *Plan          `json:"reference"`
	Freeze       int            `json:"freeze"` // slots from Now in which the reference is kept (W15)
}

// Round is one step of a cycle.
type Round struct {
	ID        string         `json:"id"`
	Kind      Kind           `json:"kind"`
	Grouping  Grouping       `json:"grouping,omitempty"` // group rounds only
	Open      int            `json:"open"`               // sessions lie inside [Open, Close) (H31)
	Close     int            `json:"close"`
	Target    int            `json:"target"`                // noon of the target day in the cycle's zone
	TargetDay *int           `json:"target_day,omitempty"`  // the target day, day 0 being that of CycleStart (W01); nil: see TargetFor
	Dur       int            `json:"dur,omitempty"`         // slots; or
	DurBySize map[string]int `json:"dur_by_size,omitempty"` // slots for each group size, "3": 6
	Dates     int            `json:"dates,omitempty"`       // introductions: exactly so many sessions (H30)
	Cases     int            `json:"cases,omitempty"`       // cases presented in each group session (H28)
	InPerson  bool           `json:"in_person"`
	Site      string         `json:"site"`
	Qual      string         `json:"qual"`     // the qualification its supervisor needs (H36); empty: none
	Priority  int            `json:"priority"` // 1 where a document is silent, as a mentor's
}

// Person is what is asked of mentors and supervisors alike.
type Person struct {
	ID        string        `json:"id"`
	Off       []Offset      `json:"off"` // sorted by slot; see OffsetAt
	Org       string        `json:"org"`
	Unit      string        `json:"unit"`
	Langs     []string      `json:"langs"`
	Exp       int           `json:"exp"` // novice 1, developing 3, reflective 5; 0 is not known
	Seniority int           `json:"seniority"`
	Site      string        `json:"site"`
	Work      []Span        `json:"work"` // working time, zone applied (H04)
	Blocked   []BlockedSpan `json:"blocked"`
	Busy      []BusySpan    `json:"busy"`
	Prefer    []Span        `json:"prefer"` // sessions start inside; none: any time is as good
	WishWith  []string      `json:"wish_with"`
	Taken     []TakenSpan   `json:"taken"`
}

// Mentor is a supervisee.
type Mentor struct {
	Person
	Earliest   *int     `json:"earliest"`    // the first individual or group session starts here or later (H13)
	Latest     *int     `json:"latest"`      // the last one ends here or earlier (H13)
	PreparedAt *int     `json:"prepared_at"` // end of a preparation that is already done (H11)
	Meetings   []int    `json:"meetings"`    // pair meetings (W08)
	Co         []string `json:"co"`          // co-mentors of one mentee group (W16)
	Priority   int      `json:"priority"`
}

// Supervisor leads sessions.
type Supervisor struct {
	Person
	Qual         []string `json:"qual"`
	Admits       []string `json:"admits"`         // organisations; empty: all (H36)
	MaxDay       *int     `json:"max_day"`        // sessions a local day; nil: no limit (H15)
	MaxDaySlots  *int     `json:"max_day_slots"`  // slots of sessions a local day
	MaxWeek      *int     `json:"max_week"`       // sessions an ISO week of the local day
	MaxWeekSlots *int     `json:"max_week_slots"` // slots of sessions a week
	Buffer       int      `json:"buffer"`         // slots between two sessions
	Share        int      `json:"share"`          // of the load, relative to the others (W19, over)
}

// Size bounds the groups (H01).
type Size struct {
	Min    int `json:"min"`
	Max    int `json:"max"`
	Target int `json:"target"`
}

// Gap bounds the distance between the starts of a mentor's consecutive sessions, in slots; introductions do not count.
type Gap struct {
	Min int  `json:"min"` // H18
	Max *int `json:"max"` // H33; nil: no longest gap
}

// OrgRule is the organisation rule of groups (H37).
type OrgRule struct {
	Kind string `json:"kind"` // any, same, mixed
	Q    int    `json:"q"`    // mixed: at most so many of one organisation
}

// Pin fixes any of members, supervisor and start of one session of a round (H34). It is kept when the round has a session
// that agrees with every field that is given; two pins need two sessions.
//
// A standing pin gives all three and is a session that exists: held, going on, or booked by hand. It was judged when it came
// about and the plan has no say in it, so that what the sessions of such pins break among themselves is no violation of the plan.
// False where a document is silent: then a pin is a wish, and the session that keeps it is judged as any other.
type Pin struct {
	Round      string   `json:"round"`
	Members    []string `json:"members,omitempty"` // the whole set
	Supervisor string   `json:"supervisor,omitempty"`
	Start      *int     `json:"start,omitempty"`
	Standing   bool     `json:"standing"`
}
