package check

import (
	"fmt"
	"slices"

	"kreds/scheduling"
)

// What comes before a mentor's first session and after the last: H11, H13.

// Preparation (introduction, training or recorded equivalent) ends at least a day before a mentor's first session; in a plan the
// introduction precedes all rounds.
func preparedFirst(h *hearing) {
	for _, m := range h.problem.Mentors {
		var introductions []occasion
		var first *occasion
		for _, o := range h.occasions[m.ID] {
			switch {
			case o.session < 0: // a preparation outside of the plan is told by PreparedAt
			case !o.counts():
				introductions = append(introductions, o)
			case first == nil:
				first = &o
			}
		}
		if first == nil {
			continue
		}
		due := first.From - scheduling.SlotsPerDay
		prepared := m.PreparedAt != nil && *m.PreparedAt <= due
		for _, o := range introductions {
			if o.To > due {
				h.find(fmt.Sprintf("the introduction of %s ends at %d, less than a day before the first session at %d", m.ID, o.To, first.From),
					[]string{m.ID}, o.session, first.session)
			} else {
				prepared = true
			}
		}
		if late := slices.ContainsFunc(introductions, func(o occasion) bool { return o.To > due }); !prepared && !late {
			h.find(fmt.Sprintf("%s is not prepared a day before the first session at %d", m.ID, first.From), []string{m.ID}, first.session)
		}
	}
}

// A mentor's first session comes after the first pair meeting, or 14 days after the pair's start; the last lies inside the
// programme (+30 days for a closing). The problem says both as the earliest start and the latest end.
func insideProgramme(h *hearing) {
	for _, s := range h.sessions {
		if s.kind == scheduling.Introduction {
			continue
		}
		for _, id := range s.seats {
			m := h.mentors[id]
			if m == nil {
				continue
			}
			if m.Earliest != nil && s.span.From < *m.Earliest {
				h.find(fmt.Sprintf("%s may start at %d, the session starts at %d", id, *m.Earliest, s.span.From), []string{id}, s.index)
			}
			if m.Latest != nil && s.span.To > *m.Latest {
				h.find(fmt.Sprintf("%s must end by %d, the session ends at %d", id, *m.Latest, s.span.To), []string{id}, s.index)
			}
		}
	}
}
