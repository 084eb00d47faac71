package scheduling

// Plan is what a planner or a person proposes: sessions, and those who could not be placed.
type Plan struct {
	Sessions   []Session    `json:"sessions"`
	Unassigned []Unassigned `json:"unassigned"`
	Score      Score        `json:"score"`
	Bound      *float64     `json:"bound,omitempty"` // a lower bound of the soft score; nil: none was computed
	Seed       uint64       `json:"seed"`
	Iterations []int        `json:"iterations,omitempty"` // of each chain; the same numbers give the same plan
}

// Session is one session of a plan. Start and Dur are in slots.
type Session struct {
	Round      string   `json:"round"`
	Group      string   `json:"group,omitempty"` // closed grouping only: the group that meets
	Members    []string `json:"members"`
	Supervisor string   `json:"supervisor"`
	Start      int      `json:"start"`
	Dur        int      `json:"dur"`
	Mode       Mode     `json:"mode"`
}

// Span is the time of the session.
func (s Session) Span() Span { return Span{s.Start, s.Start + s.Dur} }

// Unassigned is a mentor without a session in a round, and why: the id of the rule that removed the last option, or
// Unexplained.
type Unassigned struct {
	Mentor, Round, Reason string
}

// Score compares plans: hard first, then medium, then soft; smaller is better.
type Score struct {
	Hard   int // violated ground rules
	Medium int // priority of the unassigned
	Soft   int // Σ weight · f
}

// Compare returns -1, 0 or +1 as s is better than, equal to or worse than o.
func (s Score) Compare(o Score) int {
	for _, d := range [3]int{s.Hard - o.Hard, s.Medium - o.Medium, s.Soft - o.Soft} {
		if d < 0 {
			return -1
		}
		if d > 0 {
			return 1
		}
	}
	return 0
}

// Violation is one broken rule. Session is an index into the plan, -1 when no session is at hand (somebody is missing).
// Subjects are ids of the instance: the offending person or pair.
type Violation struct {
	Rule     string   `json:"rule"`
	Round    string   `json:"round"`
	Session  int      `json:"session"`
	Subjects []string `json:"subjects"`
	Detail   string   `json:"detail"`
}
