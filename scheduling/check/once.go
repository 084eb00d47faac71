package check

import (
	"fmt"
	"slices"

	"kreds/scheduling"
)

// Everybody once: H30, H32.

// Each mentor has exactly one session in each round, or stands in the list of the unassigned with a reason. An introduction
// round has exactly as many sessions as dates, none of them empty.
func onceEachRound(h *hearing) {
	seats := map[[2]string][]int{} // mentor, round: the sessions, once for each seat
	for _, s := range h.sessions {
		for _, m := range s.Members {
			seats[[2]string{m, s.Round}] = append(seats[[2]string{m, s.Round}], s.index)
			if h.core && h.mentors[m] == nil { // profile core does not judge H21
				h.find(fmt.Sprintf("%s is no mentor of the problem", m), []string{m}, s.index)
			}
		}
	}
	listed := map[[2]string]int{}
	for _, u := range h.plan.Unassigned {
		listed[[2]string{u.Mentor, u.Round}]++
		switch {
		case h.mentors[u.Mentor] == nil || h.rounds[u.Round] == nil:
			h.miss(u.Round, fmt.Sprintf("the unassigned %s in round %s is not of the problem", u.Mentor, u.Round), u.Mentor)
		case u.Reason == "":
			h.miss(u.Round, fmt.Sprintf("%s is unassigned in round %s without a reason", u.Mentor, u.Round), u.Mentor)
		}
	}
	for _, r := range h.problem.Rounds {
		for _, m := range h.problem.Mentors {
			key := [2]string{m.ID, r.ID}
			switch n := len(seats[key]) + listed[key]; {
			case n == 0:
				h.miss(r.ID, fmt.Sprintf("%s has no session in round %s and is not listed as unassigned", m.ID, r.ID), m.ID)
			case n > 1 && len(seats[key]) > 0:
				h.find(fmt.Sprintf("%s stands %d times in round %s", m.ID, n, r.ID), []string{m.ID}, seats[key]...)
			case n > 1:
				h.miss(r.ID, fmt.Sprintf("%s is listed as unassigned in round %s %d times", m.ID, r.ID, n), m.ID)
			}
		}
		if r.Kind == scheduling.Introduction {
			h.dates(r)
		}
	}
}

// dates judges the sessions of an introduction round.
func (h *hearing) dates(r scheduling.Round) {
	n := 0
	for _, s := range h.sessions {
		if s.Round != r.ID {
			continue
		}
		n++
		if len(s.seats) == 0 {
			h.find("nobody is invited to the introduction", nil, s.index)
		}
	}
	if n != r.Dates {
		h.miss(r.ID, fmt.Sprintf("round %s has %d introductions, %d are due", r.ID, n, r.Dates))
	}
}

// Nobody is in two sessions at once.
func oneAtATime(h *hearing) {
	ids := make([]string, 0, len(h.occasions))
	for id := range h.occasions {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		for i, later := range h.occasions[id] {
			for _, earlier := range h.occasions[id][:i] {
				if earlier.Overlaps(later.Span) {
					h.find(fmt.Sprintf("%s is in two sessions at once, %s and %s", id, slots(earlier.Span), slots(later.Span)), []string{id}, earlier.session, later.session)
				}
			}
		}
	}
}
