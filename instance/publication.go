package instance

import (
	"cmp"
	"slices"

	"kreds/supervision"
)

// Publication is what a publication is decided from: a plan that was judged, and what exists of its cycle.
type Publication struct {
	Now        supervision.Instant
	Cycle      supervision.Cycle
	Rounds     []supervision.Round
	Plan       []supervision.PlanSession
	Sessions   []supervision.Session // of whatever state
	Groups     []supervision.Group   // dissolved ones, too: their numbers are not given again
	Placements []supervision.Placement
	// Language gives a language that a group's members and supervisor share; nil: a group has none.
	Language func(people []supervision.PersonID) string
}

// NewIDs makes the ids of what is new. They are asked for in an order that follows from the plan, not from the order of its list.
type NewIDs struct {
	Session   func() supervision.SessionID
	Group     func() supervision.GroupID
	Placement func() supervision.PlacementID
}

// Published is what a publication does; somebody else applies it. Sessions that come of it are on hold, and Put, Move and Hold are
// claimed together.
type Published struct {
	Put    []supervision.Session // new
	Move   []Moved               // another time, mode, supervisor or other members: they ask for answers anew
	Hold   []supervision.Session // had lost their hold and get it again as they were: only who had not accepted is asked
	Keep   []supervision.Session // stay as they are
	Cancel []supervision.Session // planned before, and not any more
	Pins   []supervision.Session // not to be changed by any plan, and named by this one

	// Named is the session of each plan session.
	Named map[supervision.PlanSessionID]supervision.SessionID

	GroupsMade      []supervision.Group
	GroupsKept      []supervision.Group
	GroupsChanged   []supervision.Group // other members, or another supervisor
	GroupsDissolved []supervision.Group

	PlacementsMade  []supervision.Placement
	PlacementsAgain []supervision.Placement // their group has changed, or they were withdrawn: proposed again
}

// Moved is a session before and after.
type Moved struct{ From, To supervision.Session }

// Publish matches a plan to what exists. Every plan session ends in one of Put, Move, Hold, Keep and Pins, and every session that
// may be matched in one of Move, Hold, Keep and Cancel. May be matched what was planned, is on hold, confirmed or proposed, and
// has not started.
//
// First the plan's groups are matched to the cycle's by the largest overlap of members; then individual sessions by round and
// mentor, those of closed groups by round and group, and introductions and remixed groups by the largest overlap of members in the
// round, ties by the earlier start. What has nobody in common is no match. A match keeps its id.
func Publish(p Publication, ids NewIDs) Published {
	m := newMatching(p)
	out := Published{Named: map[supervision.PlanSessionID]supervision.SessionID{}}
	m.pins(&out)
	m.groups(&out, ids)
	m.sessions()
	m.outcome(&out, ids)
	m.placements(&out, ids)
	return out
}

// matching is the plan and the cycle as they find each other.
type matching struct {
	Publication
	position map[supervision.RoundID]int
	round    map[supervision.RoundID]supervision.Round
	plan     []supervision.PlanSession // in a fixed order
	rows     []supervision.Session     // that may be matched, in a fixed order
	pinned   []supervision.SessionID   // by plan: the session that it is, zero for none
	row      []int                     // by plan: its match among rows, -1 for none
	taken    []bool                    // by rows
	group    []supervision.GroupID     // by plan: of closed rounds
}

func newMatching(p Publication) *matching {
	m := &matching{Publication: p, position: map[supervision.RoundID]int{}, round: map[supervision.RoundID]supervision.Round{}}
	for _, r := range p.Rounds {
		m.position[r.ID], m.round[r.ID] = r.Position, r
	}
	m.plan = slices.Clone(p.Plan)
	for i := range m.plan {
		m.plan[i].Mentors = sorted(m.plan[i].Mentors)
	}
	slices.SortFunc(m.plan, func(x, y supervision.PlanSession) int {
		return cmp.Or(m.position[x.Round]-m.position[y.Round], x.Start.Compare(y.Start), x.Supervisor.Compare(y.Supervisor),
			slices.CompareFunc(x.Mentors, y.Mentors, supervision.PersonID.Compare), x.ID.Compare(y.ID))
	})
	for _, s := range p.Sessions {
		if s.Cycle == p.Cycle.ID && movable(s, p.Now) {
			m.rows = append(m.rows, s)
		}
	}
	slices.SortFunc(m.rows, byTime)
	m.taken, m.group = make([]bool, len(m.rows)), make([]supervision.GroupID, len(m.plan))
	m.pinned, m.row = make([]supervision.SessionID, len(m.plan)), make([]int, len(m.plan))
	for i := range m.row {
		m.row[i] = -1
	}
	return m
}

// byTime is the order of sessions: by start, then by id.
func byTime(x, y supervision.Session) int {
	return cmp.Or(x.Start.Compare(y.Start), x.ID.Compare(y.ID))
}

// pins finds the plan sessions that stand already. A supervisor leads one session at a time, so round, supervisor and start say
// which it is. A recorded session may begin inside the slot at which the plan has it.
func (m *matching) pins(out *Published) {
	standing := slices.DeleteFunc(slices.Clone(m.Sessions), func(s supervision.Session) bool {
		return s.Cycle != m.Cycle.ID || !s.State.Standing() || movable(s, m.Now)
	})
	slices.SortFunc(standing, byTime)
	for i, p := range m.plan {
		at := slices.IndexFunc(standing, func(s supervision.Session) bool {
			return s.Round == p.Round && s.Supervisor == p.Supervisor && s.Start.Truncate(slot).Equal(p.Start.Truncate(slot))
		})
		if at < 0 {
			continue
		}
		m.pinned[i] = standing[at].ID
		out.Pins = append(out.Pins, standing[at])
		out.Named[p.ID] = standing[at].ID
		standing = slices.Delete(standing, at, at+1)
	}
}

// free says whether a plan session has still to find its match.
func (m *matching) free(i int) bool { return m.pinned[i].IsZero() && m.row[i] < 0 }

func (m *matching) match(plan, row int) { m.row[plan], m.taken[row] = row, true }

// sessions finds the session of each plan session that does not stand already.
func (m *matching) sessions() {
	var open []overlap
	for i, p := range m.plan {
		if !m.free(i) {
			continue
		}
		r := m.round[p.Round]
		for k, s := range m.rows {
			if s.Round != p.Round || m.taken[k] {
				continue
			}
			common := shared(p.Mentors, s.MentorIDs())
			switch {
			case r.Kind == supervision.KindIndividual:
				if common > 0 && len(p.Mentors) == 1 && len(s.Mentors) == 1 && m.free(i) {
					m.match(i, k)
				}
			case r.Kind == supervision.KindGroup && r.Grouping == supervision.Closed:
				if s.Group == m.group[i] && m.free(i) {
					m.match(i, k)
				}
			case common > 0:
				open = append(open, overlap{i, k, common})
			}
		}
	}
	// Rows and plan are by start, so their places break ties by the earlier one.
	slices.SortFunc(open, overlap.compare)
	for _, o := range open {
		if m.free(o.plan) && !m.taken[o.row] {
			m.match(o.plan, o.row)
		}
	}
}

// overlap is how many members a part of the plan and a row share.
type overlap struct{ plan, row, common int }

func (o overlap) compare(x overlap) int { return cmp.Or(x.common-o.common, o.row-x.row, o.plan-x.plan) }

// shared counts the people in both lists, each of which names nobody twice.
func shared(a, b []supervision.PersonID) (n int) {
	for _, p := range a {
		if slices.Contains(b, p) {
			n++
		}
	}
	return n
}

// sorted are the people in the order of their ids, each once.
func sorted(people []supervision.PersonID) []supervision.PersonID {
	out := slices.Clone(people)
	slices.SortFunc(out, supervision.PersonID.Compare)
	return slices.Compact(out)
}
