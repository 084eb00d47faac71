package check

import (
	"fmt"
	"slices"

	"kreds/scheduling"
)

// Everybody's own time: H03, H04, H16. Who is unknown to the problem has no time of their own; H21, H30 and H36 speak of them.

// Everybody is free for the whole session; tentative counts as busy. Unknown and stale time may be planned, not confirmed.
func everybodyIsFree(h *hearing) {
	h.eachAttendance(func(s session, p *scheduling.Person) {
		for _, b := range p.Busy {
			if (b.Kind == scheduling.Busy || b.Kind == scheduling.Tentative) && b.Overlaps(s.span) {
				h.find(fmt.Sprintf("%s is %s during %s", p.ID, b.Kind, slots(b.Span)), []string{p.ID}, s.index)
			}
		}
	})
}

// The session lies inside each person's working hours on their own local day.
func insideWorkingHours(h *hearing) {
	h.eachAttendance(func(s session, p *scheduling.Person) {
		if !covered(s.span, p.Work) {
			h.find(fmt.Sprintf("%s does not work during all of %s", p.ID, slots(s.span)), []string{p.ID}, s.index)
		}
	})
}

// Nothing lies on a holiday of a participant's organisation or in a blackout of the cycle.
func nothingBlocked(h *hearing) {
	h.eachAttendance(func(s session, p *scheduling.Person) {
		for _, b := range p.Blocked {
			if b.Overlaps(s.span) {
				h.find(fmt.Sprintf("%s is blocked during %s (%s)", p.ID, slots(b.Span), b.Reason), []string{p.ID}, s.index)
			}
		}
	})
}

// eachAttendance calls f for every known person of every session, once.
func (h *hearing) eachAttendance(f func(session, *scheduling.Person)) {
	for _, s := range h.sessions {
		for _, id := range s.people() {
			if p := h.persons[id]; p != nil {
				f(s, p)
			}
		}
	}
}

// covered says whether the union of the intervals holds all of s.
func covered(s scheduling.Span, by []scheduling.Span) bool {
	by = slices.DeleteFunc(slices.Clone(by), func(b scheduling.Span) bool { return !b.Overlaps(s) })
	slices.SortFunc(by, func(a, b scheduling.Span) int { return a.From - b.From })
	reached := s.From
	for _, b := range by {
		if b.From > reached {
			return false
		}
		reached = max(reached, b.To)
	}
	return reached >= s.To
}

func slots(s scheduling.Span) string { return fmt.Sprintf("[%d, %d)", s.From, s.To) }
