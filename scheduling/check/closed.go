package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kreds/scheduling"
)

// Groups that stay together: H20.

// In a closed group the same members and the same supervisor meet in all its rounds. Each session of a group is compared with
// the group's first one, and every group that meets at all meets in every closed round.
func closedGroupStays(h *hearing) {
	first := map[string]session{}
	meets := map[string]map[string]bool{} // group, round
	var groups []string
	for _, s := range h.closedSessions() {
		if s.Group == "" {
			h.find("the session of a closed round names no group", nil, s.index)
			continue
		}
		if meets[s.Group] == nil {
			first[s.Group], meets[s.Group] = s, map[string]bool{}
			groups = append(groups, s.Group)
		}
		meets[s.Group][s.Round] = true
		h.compare(first[s.Group], s)
	}
	for _, r := range h.problem.Rounds {
		for _, g := range groups {
			if closed(r) && !meets[g][r.ID] {
				h.miss(r.ID, fmt.Sprintf("group %s does not meet in round %s", g, r.ID), first[g].seats...)
			}
		}
	}
}

// compare finds who differs between two sessions of one closed group.
func (h *hearing) compare(first, s session) {
	for _, m := range first.seats {
		if !slices.Contains(s.seats, m) {
			h.find(fmt.Sprintf("%s is missing from group %s", m, s.Group), []string{m}, first.index, s.index)
		}
	}
	for _, m := range s.seats {
		if !slices.Contains(first.seats, m) {
			h.find(fmt.Sprintf("%s does not belong to group %s", m, s.Group), []string{m}, first.index, s.index)
		}
	}
	if s.Supervisor != first.Supervisor {
		h.find(fmt.Sprintf("group %s belongs to %s, not to %s", s.Group, first.Supervisor, s.Supervisor), []string{s.Supervisor}, first.index, s.index)
	}
}

// closedSessions are the sessions of closed rounds, by the order of the rounds and by start; their order in the plan is of no
// account.
func (h *hearing) closedSessions() []session {
	out := slices.DeleteFunc(slices.Clone(h.sessions), func(s session) bool { return s.round == nil || !closed(*s.round) })
	slices.SortStableFunc(out, func(a, b session) int {
		return cmp.Or(h.order[a.Round]-h.order[b.Round], a.Start-b.Start, strings.Compare(a.Supervisor, b.Supervisor),
			slices.Compare(slices.Sorted(slices.Values(a.seats)), slices.Sorted(slices.Values(b.seats))))
	})
	return out
}

func closed(r scheduling.Round) bool {
	return r.Kind == scheduling.Group && r.Grouping == scheduling.Closed
}
