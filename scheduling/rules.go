package scheduling

import "slices"

//go:generate go test -run TestConstraintsDocument . -update

// Judged says who judges a rule; a rule may have several judges.
type Judged uint8

const (
	// ByPlanner rules are the law of plans, pins, moves and slot searches (package check).
	ByPlanner Judged = 1 << iota
	// ByEligibility rules decide who takes part, when a cycle's problem is built.
	ByEligibility
	// ByConfirmation rules guard a confirmation: facts that time brings, such as acceptance and notice.
	ByConfirmation
	// Afterwards rules are judged, too, when a session that already took place is recorded: who may meet, never when.
	Afterwards
)

// String gives the letters of the judges: P, E, C, A.
func (j Judged) String() string {
	var out []byte
	for i, letter := range "PECA" {
		if j&(1<<i) != 0 {
			out = append(out, ' ', byte(letter))
		}
	}
	return string(out[min(len(out), 1):])
}

// Rule is one rule of the law. A plan that breaks it is not lawful.
type Rule struct {
	ID       string
	Theme    Theme
	Sentence string
	Judged   Judged
	Default  string // what holds where a cycle says nothing
	Change   string // what a cycle may change
	Never    bool   // never to be relaxed, by nobody
	Field    bool   // profile field judges it
	Core     bool   // profile core judges it
}

// Theme is the question that a rule answers.
type Theme string

const (
	WhoMeets    Theme = "Who may sit together"
	WhenTheyMay Theme = "When"
	BeforeSure  Theme = "Before it is confirmed"
)

// Rules gives the whole law in the order of the ids, also what others than the planner judge and what is not built yet.
func Rules() []Rule { return slices.Clone(rules) }

// RuleByID finds a rule.
func RuleByID(id string) (Rule, bool) {
	for _, r := range rules {
		if r.ID == id {
			return r, true
		}
	}
	return Rule{}, false
}

// Rules are the ids that the profile judges, in the order of the list. Every profile but core is judged as field.
func (p Profile) Rules() []string {
	return ruleIDs(func(r Rule) bool { return p == ProfileCore && r.Core || p != ProfileCore && r.Field })
}

// RecordedRules are the ids that a session which already took place is judged by.
func RecordedRules() []string {
	return ruleIDs(func(r Rule) bool { return r.Judged&Afterwards != 0 })
}

// ClaimRules are the ids that a publication's judge looks at under the lock, where the whole law was checked just before:
// what other claims may have changed meanwhile. H35 counts once it is built.
func ClaimRules() []string { return []string{"H15", "H17", "H18", "H32", "H33", "H35"} }

func ruleIDs(keep func(Rule) bool) []string {
	var ids []string
	for _, r := range rules {
		if keep(r) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

const (
	planner    = ByPlanner
	afterwards = ByPlanner | Afterwards
)

// rules is the law. The sentences are the ones that a person reads in a refusal, an explanation and docs/constraints.md.
var rules = []Rule{
	{"H01", WhoMeets, "A group session has 3 to 5 mentors; the supervisor is not counted.", afterwards, "3..5, target 4", "narrower only", true, true, true},
	{"H02", WhoMeets, "An individual session has exactly one mentor and one supervisor.", afterwards, "–", "no", true, true, true},
	{"H03", WhenTheyMay, "Everybody is free for the whole session; tentative counts as busy.", planner, "yes", "yes", false, true, true},
	{"H04", WhenTheyMay, "The session lies inside each person's working hours on their own local day.", planner, "Mon–Fri 08:00–17:00, extended 07:00–20:00 by opt-in", "per person", false, true, true},
	{"H05", WhoMeets, "Nobody sits in a group with their own direct manager or report.", afterwards, "on", "no", true, true, true},
	{"H06", WhoMeets, "Nobody sits in a group with a manager up to `d` steps above them.", afterwards, "d = 2", "d ≥ 2", true, true, true},
	{"H07", WhoMeets, "No mentor sits in a group with a manager (≤ d) of one of their mentees.", afterwards, "d = 2", "d ≥ 2", true, true, true},
	{"H08", WhoMeets, "No mentor sits in a group with somebody whose manager (≤ d) is their mentee (reverse mentoring).", afterwards, "d = 2", "d ≥ 2", true, true, true},
	{"H09", WhoMeets, "Nobody sits in a group with their own mentee or mentor.", afterwards, "on", "no", true, true, true},
	{"H10", WhoMeets, "A supervisor stands outside every supervisee's reporting line at any depth, is no manager of their mentees, no party of their pairs, and is not HR or sponsor; not the programme manager either.", afterwards, "on", "the programme-manager part only, with every mentor's acceptance", true, true, true},
	{"H11", WhenTheyMay, "Preparation (introduction, training or recorded equivalent) ends at least a day before a mentor's first session; in a plan the introduction precedes all rounds.", ByPlanner | ByConfirmation, "≥ 1 day", "kind only", true, true, false},
	{"H12", BeforeSure, "The ground rules in force are accepted by all members.", ByConfirmation, "on", "no", true, false, false},
	{"H13", WhenTheyMay, "A mentor's first session comes after the first pair meeting, or 14 days after the pair's start; the last lies inside the programme (+30 days for a closing).", planner, "on", "days", false, true, false},
	{"H14", BeforeSure, "A confirmation comes at least the notice before the session; a change under 48 h counts as late.", ByConfirmation, "group 14 d, individual 7 d", "≥ 2 d; shorter when all its parties agree", false, false, false},
	{"H15", WhenTheyMay, "A supervisor's sessions are at least the buffer apart and stay within the day's and week's limits (number and hours).", planner, "15 min; ≤ 5 and ≤ 6 h a local day; week: none", "yes", false, true, true},
	{"H16", WhenTheyMay, "Nothing lies on a holiday of a participant's organisation or in a blackout of the cycle.", planner, "none built in", "yes", false, true, false},
	{"H17", WhenTheyMay, "A mentor has at most one supervision session a local day.", planner, "1", "yes", false, true, false},
	{"H18", WhenTheyMay, "Consecutive sessions of one mentor start at least the shortest gap apart (introductions not counted).", planner, "14 d", "≥ 7 d", false, true, true},
	{"H19", WhenTheyMay, "An in-person session is on an in-person day, at one site, with travel buffers; no hybrid.", planner, "60 min", "yes", false, false, false},
	{"H20", WhoMeets, "In a closed group the same members and the same supervisor meet in all its rounds.", planner, "on (cohort), off (network)", "by mode", false, true, false},
	{"H21", WhoMeets, "Only mentors and one supervisor take part in individual and group sessions; an introduction may also be opened by the programme manager.", afterwards, "on", "no", true, true, false},
	{"H22", WhoMeets, "Two people of whom one put the other on the avoid list, or declared a relationship with effect *avoid*, are not in one group.", afterwards, "≤ 2 avoid entries each", "count", true, true, true},
	{"H23", WhoMeets, "Organisations on the competitors' list are not mixed in one group.", afterwards, "empty list", "yes", true, true, true},
	{"H24", BeforeSure, "Every mentor has accepted the session's present revision; silence is no answer (a cycle may declare silence as consent in its published criteria).", ByConfirmation, "5 working days to answer", "days", false, false, false},
	{"H25", WhenTheyMay, "An individual session lasts 60 minutes, a group session 30 minutes for each contracted member (3→90, 4→120, 5→150).", planner, "–", "45–90 / 75–180", false, true, false},
	{"H26", WhoMeets, "All members of a group and their supervisor share a language; so do the two of an individual session.", planner, "on", "no", true, true, true},
	{"H27", BeforeSure, "Nobody's calendar is unknown or stale: a plan may propose such a time with a warning, nobody confirms it.", ByConfirmation, "on", "no", false, false, false},
	{"H28", BeforeSure, "Over the cycle every member can present once: rounds × cases ≥ size.", ByEligibility, "–", "yes", false, false, false},
	{"H29", BeforeSure, "The mentor has a living pair (network: a meeting in the last 60 days).", ByEligibility, "on", "days", false, false, false},
	{"H30", WhenTheyMay, "Each mentor has exactly one session in each round, or stands in the list of the unassigned with a reason.", planner, "on", "no", false, true, true},
	{"H31", WhenTheyMay, "A session starts on the start step and lies wholly inside its round's window.", planner, "30 min; window from the template: target ± 14 d", "yes", false, true, true},
	{"H32", WhenTheyMay, "Nobody is in two sessions at once.", planner, "on", "no", false, true, true},
	{"H33", WhenTheyMay, "A mentor's rounds come in the template's order, and not further apart than the longest gap.", planner, "no longest gap", "yes", false, true, true},
	{"H34", WhenTheyMay, "What is pinned stays: any of members, supervisor and start of a session, in any combination.", planner, "–", "–", false, true, true},
	{"H35", WhenTheyMay, "At any time a site hosts no more sessions than it has rooms.", planner, "unlimited", "yes", false, false, false},
	{"H36", WhoMeets, "The supervisor has the round's qualification and is admitted to the organisation of every member.", afterwards, "no demand", "yes", false, true, true},
	{"H37", WhoMeets, "The organisation rule holds: `same` (one organisation), `mixed` (at most q of each), or `any`.", planner, "any", "yes", false, false, false},
}
