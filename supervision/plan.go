package supervision

// Run is one run of the planner.
type Run struct {
	ID         RunID
	Cycle      CycleID
	Purpose    string // plan, replan
	Base       PlanID // of a replan
	Seed       uint64
	Chains     int
	Iterations []int // one for all chains, or one for each
	Deadline   int   // seconds; 0: none. It stops the run and never steers it.
	Weights    map[string]int
	State      RunState
	Plans      []PlanID
	Score      *Score
	Done       []int // iterations of each chain; a new run with these numbers gives the same plan
	EndedBy    string
	Stop       Stop // what a caller asked of a run that is under way
	FaultCode  string
	FaultText  string
	MadeBy     PersonID // zero: an integration
	MadeAt     Instant
	StartedAt  Instant
	FinishedAt Instant
	Version    int
}

// RunState is where a run stands.
type RunState string

const (
	RunQueued     RunState = "queued"
	RunRunning    RunState = "running"
	RunSucceeded  RunState = "succeeded"
	RunInfeasible RunState = "infeasible" // an answer, not a failure: somebody could not be placed
	RunStopped    RunState = "stopped"
	RunFailed     RunState = "failed"
)

// Active says whether the run is still under way.
func (s RunState) Active() bool { return s == RunQueued || s == RunRunning }

// Stop is what a caller asks of a running planner.
type Stop string

const (
	StopNone  Stop = ""
	StopKeep  Stop = "keep_best"
	StopClear Stop = "discard"
)

// Progress is how far a run is; a row of its own, so that a run's tag changes with its state only.
type Progress struct {
	Run        RunID
	Iterations int
	Planned    int
	Score      *Score
	At         Instant
}

// Score compares plans: hard, then medium, then soft; smaller is better.
type Score struct {
	Hard   int `json:"hard"`
	Medium int `json:"medium"`
	Soft   int `json:"soft"`
}

// Plan is a plan that a run has found, and what people made of it.
type Plan struct {
	ID          PlanID
	Cycle       CycleID
	Run         RunID
	Number      int // in the cycle, from 1
	State       PlanState
	Score       Score
	Terms       []Term
	Unassigned  []Unplaced
	Unknown     int // sessions at times at which somebody's calendar is unknown or stale
	Basis       int // the cycle's version that it was computed for
	Put         int // at its publication: new sessions,
	Moved       int // moved ones,
	Gone        int // and cancelled ones
	MadeAt      Instant
	PublishedAt Instant
	Version     int
}

// PlanState is where a plan stands; a cycle has one published plan at most.
type PlanState string

const (
	PlanDraft      PlanState = "draft"
	PlanPublished  PlanState = "published"
	PlanSuperseded PlanState = "superseded"
)

// Term is what one wish costs in a plan.
type Term struct {
	Wish   string `json:"wish"`
	Value  int    `json:"value"`
	Weight int    `json:"weight"`
}

// Unplaced is a mentor without a session in a round, the rule that removed the most of the possibilities, and how many
// each rule removed.
type Unplaced struct {
	Mentor  PersonID      `json:"mentor"`
	Round   RoundID       `json:"round"`
	Rule    string        `json:"rule"`
	Removed []RuleRemoved `json:"removed,omitempty"`
}

// RuleRemoved counts the possibilities that a rule removes.
type RuleRemoved struct {
	Rule    string `json:"rule"`
	Options int    `json:"options"`
}

// PlanSession is one session of a plan. Session is the booked one, after publication.
type PlanSession struct {
	ID         PlanSessionID
	Plan       PlanID
	Round      RoundID
	Group      string // the closed group that meets, as the plan calls it
	Mentors    []PersonID
	Supervisor PersonID
	Start, End Instant
	Mode       Mode
	Pinned     Pinned
	Session    SessionID
	Unknown    int // calendars that are unknown or stale at that time
}

// Pinned says what of a plan session stays when the plan is run again (H34).
type Pinned struct {
	Members    bool
	Supervisor bool
	Start      bool
}

// Any says whether anything is pinned.
func (p Pinned) Any() bool { return p.Members || p.Supervisor || p.Start }
