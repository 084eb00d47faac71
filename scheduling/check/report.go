package check

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"kreds/scheduling"
)

// Report is the answer of the law. Score.Hard is the number of violations.
type Report struct {
	scheduling.Score
	Terms      map[string]int         // f of every wish that was judged, without its weight
	Rules      []string               // the rules that were judged
	Violations []scheduling.Violation // by rule, session and subjects
}

// Lawful says that no rule that was judged is broken.
func (r Report) Lawful() bool { return len(r.Violations) == 0 }

// reportJSON is the form in which a report is printed.
type reportJSON struct {
	Hard       int                    `json:"hard"`
	Medium     int                    `json:"medium"`
	Soft       int                    `json:"soft"`
	Terms      map[string]int         `json:"terms"`
	Rules      []string               `json:"rules"`
	Violations []scheduling.Violation `json:"violations"`
}

// MarshalJSON gives {"hard", "medium", "soft", "terms", "rules", "violations"}.
func (r Report) MarshalJSON() ([]byte, error) {
	return json.Marshal(reportJSON{r.Hard, r.Medium, r.Soft, maps.Clone(r.Terms),
		append([]string{}, r.Rules...), append([]scheduling.Violation{}, r.Violations...)})
}

// UnmarshalJSON takes what MarshalJSON gives.
func (r *Report) UnmarshalJSON(b []byte) error {
	var in reportJSON
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	*r = Report{scheduling.Score{Hard: in.Hard, Medium: in.Medium, Soft: in.Soft}, in.Terms, in.Rules, in.Violations}
	return nil
}

// finding is one broken rule with all the sessions of the plan that take part in it; the last one is the one to name.
type finding struct {
	rule     string
	round    string // where no session takes part
	sessions []int
	subjects []string
	detail   string
	pin      int // H34: two broken pins are two violations, whoever they name
}

// find notes that the rule at hand is broken by these sessions of the plan, the last one being the one to name. A session of
// -1 is a standing one outside of the plan; what such sessions do among themselves is nobody's violation.
func (h *hearing) find(detail string, subjects []string, sessions ...int) {
	sessions = slices.DeleteFunc(slices.Clone(sessions), func(i int) bool { return i < 0 })
	if len(sessions) == 0 {
		return
	}
	h.found = append(h.found, finding{rule: h.rule, sessions: sessions, subjects: subjects, detail: detail})
}

// miss notes that the rule at hand is broken in a round by something that is not there.
func (h *hearing) miss(round, detail string, subjects ...string) {
	h.found = append(h.found, finding{rule: h.rule, round: round, subjects: subjects, detail: detail})
}

// violations are the findings that count, one for each rule, session and offending person or pair.
func (h *hearing) violations() []scheduling.Violation {
	type key struct {
		rule, round, subjects string
		session, pin          int
	}
	var out []scheduling.Violation
	at := map[key]int{}
	for _, f := range h.found {
		named, counts := h.name(f)
		if !counts {
			continue
		}
		v := scheduling.Violation{Rule: f.rule, Round: f.round, Session: named, Subjects: append([]string{}, f.subjects...), Detail: f.detail}
		if named >= 0 {
			v.Round = h.plan.Sessions[named].Round
		}
		k := key{v.Rule, v.Round, strings.Join(v.Subjects, "\x00"), named, f.pin}
		if i, seen := at[k]; seen {
			if !strings.Contains(out[i].Detail, v.Detail) {
				out[i].Detail += "; " + v.Detail
			}
			continue
		}
		at[k] = len(out)
		out = append(out, v)
	}
	slices.SortStableFunc(out, func(a, b scheduling.Violation) int {
		return cmp.Or(strings.Compare(a.Rule, b.Rule), a.Session-b.Session, slices.Compare(a.Subjects, b.Subjects), strings.Compare(a.Round, b.Round))
	})
	return out
}

// name gives the session that a finding is reported at, -1 for none, and whether it counts before this judge: the last one at
// hand that is still to be decided.
func (h *hearing) name(f finding) (session int, counts bool) {
	if len(f.sessions) == 0 {
		return -1, h.judge.At == nil
	}
	undecided := slices.DeleteFunc(slices.Clone(f.sessions), func(i int) bool { return h.sessions[i].stands })
	if len(undecided) == 0 {
		return 0, false
	}
	if h.judge.At == nil {
		return undecided[len(undecided)-1], true
	}
	for _, i := range slices.Backward(append(slices.Clone(f.sessions), undecided...)) {
		if slices.Contains(h.judge.At, i) {
			return i, true
		}
	}
	return 0, false
}
