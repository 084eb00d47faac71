package solve

import (
	"cmp"
	"fmt"
	"slices"

	"kreds/scheduling"
)

// plan writes the present plan as the planner's words say it, in a fixed order: sessions by start, supervisor and round, people
// by their place in the problem, groups numbered in the order of their first sessions.
func (st *state) plan() scheduling.Plan {
	out := scheduling.Plan{Sessions: []scheduling.Session{}, Unassigned: []scheduling.Unassigned{}}
	var ids []int32
	for _, row := range st.byRound {
		ids = append(ids, row...)
	}
	slices.SortFunc(ids, func(a, b int32) int {
		x, y := &st.sessions[a], &st.sessions[b]
		return cmp.Or(x.start-y.start, x.supervisor-y.supervisor, x.round-y.round, slices.Compare(x.members, y.members))
	})
	groups := map[int]string{}
	for _, id := range ids {
		x := &st.sessions[id]
		s := scheduling.Session{
			Round: st.Rounds[x.round].ID, Members: []string{}, Supervisor: st.Supervisors[x.supervisor].ID,
			Start: x.start, Dur: x.length, Mode: scheduling.Virtual,
		}
		if st.Rounds[x.round].InPerson {
			s.Mode = scheduling.InPerson
		}
		if st.closedAt[x.round] >= 0 {
			if groups[x.group] == "" {
				groups[x.group] = fmt.Sprintf("g%d", len(groups)+1)
			}
			s.Group = groups[x.group]
		}
		for _, m := range x.members {
			s.Members = append(s.Members, st.Mentors[m].ID)
		}
		out.Sessions = append(out.Sessions, s)
	}
	return out
}
