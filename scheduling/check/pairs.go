package check

import (
	"fmt"

	"kreds/scheduling"
)

// Who may not meet whom: H05 to H09, H22, H23 inside a group, H10 between supervisor and mentor. Where the pairs come from is
// decided once, outside; here they are opaque, and judged at the start of the session. A closed group is judged at each of its
// sessions.

// Nobody sits in a group with a person of a forbidden pair: their own manager or report (H05), a manager further up (H06), a
// manager of their mentee (H07), somebody whose manager is their mentee (H08), their mentee or mentor (H09), one they avoid
// (H22), a competitor (H23).
func forbiddenPairs(h *hearing) {
	for _, s := range h.of(scheduling.Group) {
		for i, a := range s.seats {
			for _, b := range s.seats[i+1:] {
				both := unordered(a, b)
				if held(h.forbidden[both], h.rule, s.Start) {
					h.find(fmt.Sprintf("%s and %s may not sit in one group", both[0], both[1]), both[:], s.index)
				}
			}
		}
	}
}

// A supervisor stands outside every supervisee's reporting line at any depth, is no manager of their mentees, no party of their
// pairs, and is not HR or sponsor; not the programme manager either.
func independentSupervisor(h *hearing) {
	for _, s := range h.sessions {
		for _, m := range s.seats {
			if held(h.dependent[pair{s.Supervisor, m}], h.rule, s.Start) {
				h.find(fmt.Sprintf("%s may not supervise %s", s.Supervisor, m), []string{s.Supervisor, m}, s.index)
			}
		}
	}
}

// held says whether one of the pairs holds at slot t by the rule.
func held(pairs []scheduling.Pair, rule string, t int) bool {
	for _, p := range pairs {
		if p.Rule == rule && p.Holds(t) {
			return true
		}
	}
	return false
}
