package supervision

import "time"

// Cycle is a series of supervision sessions for the mentors of a programme.
type Cycle struct {
	ID        CycleID
	Programme ProgrammeID
	Template  TemplateID
	Name      string
	Format    string // individual, group, combined: what its rounds are
	TimeZone  string // IANA: of windows, days and weeks
	Span      Days   // from_on..to_on
	State     CycleState
	Settings  Settings
	Published PlanID // the published plan, or zero
	Version   int
}

// CycleState is where a cycle stands.
type CycleState string

const (
	CycleDraft      CycleState = "draft"
	CycleDesigned   CycleState = "designed"
	CycleRunning    CycleState = "running"
	CyclePaused     CycleState = "paused"
	CycleClosing    CycleState = "closing"
	CycleClosed     CycleState = "closed"
	CycleAnonymised CycleState = "anonymised"
	CycleCancelled  CycleState = "cancelled"
)

// Next says which states a person may set next. A cycle runs by its first publication, not by anybody's word; only one that
// runs can be paused.
func (s CycleState) Next() []CycleState {
	switch s {
	case CycleDraft:
		return []CycleState{CycleDesigned, CycleCancelled}
	case CycleDesigned:
		return []CycleState{CycleDraft, CycleCancelled}
	case CycleRunning:
		return []CycleState{CyclePaused, CycleClosing, CycleCancelled}
	case CyclePaused:
		return []CycleState{CycleRunning, CycleClosing, CycleCancelled}
	case CycleClosing:
		return []CycleState{CycleClosed, CycleRunning}
	}
	return nil
}

// Open says whether the set-up of the cycle may still change and plans be made.
func (s CycleState) Open() bool {
	return s == CycleDraft || s == CycleDesigned || s == CycleRunning || s == CyclePaused
}

// RoundKind is the kind of a round and of its sessions.
type RoundKind string

const (
	KindIntroduction RoundKind = "introduction"
	KindIndividual   RoundKind = "individual"
	KindGroup        RoundKind = "group"
)

// Grouping says how the groups of a group round come about.
type Grouping string

const (
	Closed Grouping = "closed"
	Remix  Grouping = "remix"
)

// TemplateStep is what a template says of one round.
type TemplateStep struct {
	Kind     RoundKind   `json:"kind"`
	Grouping Grouping    `json:"grouping,omitempty"`
	Minutes  int         `json:"minutes,omitempty"` // of a session; group rounds may instead name
	BySize   map[int]int `json:"by_size,omitempty"` // minutes for each group size
	Dates    int         `json:"dates,omitempty"`   // introductions: exactly so many sessions
	Cases    int         `json:"cases,omitempty"`   // presented in one group session
	InPerson bool        `json:"in_person,omitempty"`
	Qual     string      `json:"qual,omitempty"` // what the supervisor must be qualified for (H36)
}

// Template is a sequence of rounds from which cycles are made; it never changes.
type Template struct {
	ID      TemplateID
	Name    string
	Format  string
	BuiltIn bool
	Steps   []TemplateStep
}

// Round is one step of a cycle with its window.
type Round struct {
	ID       RoundID
	Cycle    CycleID
	Position int // in the cycle, from 0
	TemplateStep
	Site     string
	Priority int
	Window   Days // open_on..close_on, in the cycle's zone
	Target   Date
}

// MinutesFor is how long a session of the round with so many mentors lasts.
func (r Round) MinutesFor(size int) int {
	if m, ok := r.BySize[size]; ok {
		return m
	}
	if r.Minutes > 0 {
		return r.Minutes
	}
	if r.Kind == KindGroup {
		return 30 * size
	}
	return 60
}

// Settings are what a cycle is planned and confirmed by. The zero value of a member means its default; Defaults fills them.
type Settings struct {
	Size          GroupSize      `json:"size"`
	GapMinDays    int            `json:"gap_min_days"`
	GapMaxDays    int            `json:"gap_max_days,omitempty"` // 0: no longest gap
	NoticeOne     int            `json:"notice_individual_days"`
	NoticeGroup   int            `json:"notice_group_days"`
	AnswerDays    int            `json:"answer_working_days"`
	StartStep     int            `json:"start_step_minutes"`
	Buffer        *int           `json:"buffer_minutes,omitempty"`
	Limits        Limits         `json:"limits"`
	ManagerSteps  int            `json:"manager_steps"`
	OrgRule       OrgRule        `json:"organisation_rule"`
	Credit        string         `json:"credit_rule"`
	SilenceCounts bool           `json:"silence_is_consent,omitempty"`
	Blackouts     []Blackout     `json:"blackouts,omitempty"`
	Weights       map[string]int `json:"weights,omitempty"`
	Lifted        []string       `json:"lifted_wishes,omitempty"`
}

// GroupSize bounds the groups, within 3 to 5 (H01).
type GroupSize struct {
	Min    int `json:"min"`
	Max    int `json:"max"`
	Target int `json:"target"`
}

// Limits is what a supervisor leads at most (H15); 0: no limit.
type Limits struct {
	DaySessions  int `json:"day_sessions,omitempty"`
	DayMinutes   int `json:"day_minutes,omitempty"`
	WeekSessions int `json:"week_sessions,omitempty"`
	WeekMinutes  int `json:"week_minutes,omitempty"`
}

// OrgRule says whose mentors meet in a group (H37).
type OrgRule struct {
	Kind    string `json:"kind"` // any, same, mixed
	MaxEach int    `json:"max_each,omitempty"`
}

// Blackout is a span of days without sessions (H16).
type Blackout struct {
	FromOn Date   `json:"from_on"`
	ToOn   Date   `json:"to_on"`
	Name   string `json:"name"`
}

// Defaults is what holds where a cycle says nothing.
func Defaults() Settings {
	buffer := 15
	return Settings{
		Size: GroupSize{3, 5, 4}, GapMinDays: 14, NoticeOne: 7, NoticeGroup: 14, AnswerDays: 5, StartStep: 30, Buffer: &buffer,
		Limits: Limits{DaySessions: 5, DayMinutes: 360}, ManagerSteps: 2, OrgRule: OrgRule{Kind: "any"}, Credit: "half_then_share",
	}
}

// Notice is how long before a session of a kind its confirmation must come (H14). Introductions count as group sessions.
func (s Settings) Notice(k RoundKind) time.Duration {
	days := s.NoticeGroup
	if k == KindIndividual {
		days = s.NoticeOne
	}
	return time.Duration(days) * 24 * time.Hour
}
