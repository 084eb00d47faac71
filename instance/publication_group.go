package instance

import (
	"cmp"
	"slices"

	"kreds/supervision"
)

// planned group is a closed group of the plan.
type plannedGroup struct {
	members    []supervision.PersonID
	supervisor supervision.PersonID
	sessions   []int // places in the plan
	row        int   // its match among the cycle's groups, -1 for none
}

// closedGroups are the plan's closed groups, by their first session. What the plan calls a group counts, never in what order.
func (m *matching) closedGroups() (groups []plannedGroup) {
	at := map[string]int{}
	for i, p := range m.plan {
		if r := m.round[p.Round]; r.Kind != supervision.KindGroup || r.Grouping != supervision.Closed {
			continue
		}
		k, known := at[p.Group]
		if !known || p.Group == "" {
			k = len(groups)
			at[p.Group] = k
			groups = append(groups, plannedGroup{row: -1})
		}
		g := &groups[k]
		g.members = sorted(append(g.members, p.Mentors...))
		g.supervisor = p.Supervisor // of the last session: an earlier one may be pinned with somebody who has left
		g.sessions = append(g.sessions, i)
	}
	return groups
}

// groups matches the plan's closed groups to the cycle's by the largest overlap of members, ties by the lower number.
func (m *matching) groups(out *Published, ids NewIDs) {
	rows := slices.DeleteFunc(slices.Clone(m.Groups), func(g supervision.Group) bool { return g.Cycle != m.Cycle.ID })
	slices.SortFunc(rows, func(x, y supervision.Group) int { return cmp.Or(x.Number-y.Number, x.ID.Compare(y.ID)) })
	number := 0
	for _, g := range rows {
		number = max(number, g.Number)
	}
	rows = slices.DeleteFunc(rows, func(g supervision.Group) bool { return g.State == supervision.GroupDissolved })

	planned := m.closedGroups()
	var pairs []overlap
	for i, g := range planned {
		for k, row := range rows {
			if n := shared(g.members, row.Members); n > 0 {
				pairs = append(pairs, overlap{i, k, n})
			}
		}
	}
	slices.SortFunc(pairs, overlap.compare)
	taken := make([]bool, len(rows))
	for _, o := range pairs {
		if planned[o.plan].row < 0 && !taken[o.row] {
			planned[o.plan].row, taken[o.row] = o.row, true
		}
	}
	for _, g := range planned {
		row := supervision.Group{Cycle: m.Cycle.ID, Number: number + 1, State: supervision.GroupOffered, MadeOn: m.today()}
		if g.row >= 0 {
			row = rows[g.row]
		}
		same := row.Supervisor == g.supervisor && slices.Equal(sorted(row.Members), g.members)
		row.Supervisor, row.Members = g.supervisor, g.members
		if !same && m.Language != nil {
			row.Language = m.Language(append(slices.Clone(g.members), g.supervisor))
		}
		switch {
		case g.row < 0:
			number++
			row.ID = ids.Group()
			out.GroupsMade = append(out.GroupsMade, row)
		case same:
			out.GroupsKept = append(out.GroupsKept, row)
		default:
			out.GroupsChanged = append(out.GroupsChanged, row)
		}
		for _, i := range g.sessions {
			m.group[i] = row.ID
		}
	}
	for k, row := range rows {
		if !taken[k] {
			row.State = supervision.GroupDissolved
			out.GroupsDissolved = append(out.GroupsDissolved, row)
		}
	}
}
