package check

import (
	"fmt"
	"slices"
)

// The distance and the order of a mentor's sessions: H18, H33. Introductions don't count.

// Consecutive sessions of one mentor start at least the shortest gap apart (introductions not counted).
func shortestGap(h *hearing) {
	for _, m := range h.problem.Mentors {
		own := slices.DeleteFunc(slices.Clone(h.occasions[m.ID]), func(o occasion) bool { return !o.counts() })
		for i := 1; i < len(own); i++ {
			earlier, later := own[i-1], own[i]
			if later.From-earlier.From < h.problem.Gap.Min {
				h.find(fmt.Sprintf("sessions of %s start at %d and %d, at least %d slots apart are lawful", m.ID, earlier.From, later.From, h.problem.Gap.Min),
					[]string{m.ID}, earlier.session, later.session)
			}
		}
	}
}

// A mentor's rounds come in the template's order, and not further apart than the longest gap. The longest gap binds neighbouring
// rounds: whoever is unassigned in a round is not also late in the next one.
func roundsInOrder(h *hearing) {
	for _, m := range h.problem.Mentors {
		own := slices.DeleteFunc(slices.Clone(h.occasions[m.ID]), func(o occasion) bool {
			_, known := h.order[o.round]
			return !known || !o.counts()
		})
		for _, earlier := range own {
			for _, later := range own {
				steps := h.order[later.round] - h.order[earlier.round]
				if steps <= 0 {
					continue
				}
				apart := later.From - earlier.From
				if apart <= 0 {
					h.find(fmt.Sprintf("%s has round %s at %d, not after round %s at %d", m.ID, later.round, later.From, earlier.round, earlier.From),
						[]string{m.ID}, earlier.session, later.session)
				} else if longest := h.problem.Gap.Max; steps == 1 && longest != nil && apart > *longest {
					h.find(fmt.Sprintf("rounds %s and %s of %s start %d slots apart, %d at most", earlier.round, later.round, m.ID, apart, *longest),
						[]string{m.ID}, earlier.session, later.session)
				}
			}
		}
	}
}
