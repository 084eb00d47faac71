package solve

import (
	"kreds/scheduling"
	"kreds/scheduling/internal/prep"
)

// account adds (sign +1) or takes away (-1) what a session counts beside the sessions of the plan, which do not hold it.
func (st *state) account(x *session, sign int64) {
	for _, m := range x.members {
		st.f[missing] -= sign * st.priority[int(m)*st.rounds+x.round]
		st.attend(&st.Mentors[m], x, sign)
	}
	leader := &st.Supervisors[x.supervisor]
	st.attend(leader, x, sign)
	l := &st.leads[x.supervisor]
	if st.judged[day] && l.led[st.dayOf(x)-st.firstDay] == 0 {
		st.f[day] += sign
	}
	if !st.counted(x) {
		return
	}
	if st.judged[over] && l.load >= st.target[x.supervisor] {
		st.f[over] += sign
	}
	for _, m := range x.members {
		st.itinerary(int(m), x, sign)
	}
	if st.Rounds[x.round].Kind == scheduling.Group {
		mixed := st.composition(x.round, x.members)
		for i, t := range composed {
			st.f[t] += sign * mixed[i]
		}
	}
}

// attend counts one person in a session.
func (st *state) attend(who *prep.Person, x *session, sign int64) {
	f := st.flags(who, x)
	st.f[times] += sign * st.flagTime[f]
	if f&prep.Unloved != 0 && st.judged[unloved] {
		st.f[unloved] += sign
	}
}

// itinerary counts a session among the others of a mentor.
func (st *state) itinerary(m int, x *session, sign int64) {
	r := &st.Rounds[x.round]
	if st.judged[spread] {
		if x.i >= 0 {
			st.f[spread] += sign * int64(st.Mentors[m].Zone.Rounds[x.round].Off[x.i])
		} else {
			st.f[spread] += sign * int64(st.Mentors[m].Zone.DaysOff(x.start, r.Round))
		}
	}
	if st.judged[fair] && st.flags(&st.Mentors[m], x)&prep.Inconvenient != 0 {
		st.f[fair] += sign * st.inc[m]
	}
	if st.judged[same] {
		before, after := st.neighbours(m, x.round, x.start)
		st.f[same] += sign * (differ(before, x.supervisor) + differ(x.supervisor, after) - differ(before, after))
	}
	if st.judged[change] {
		st.f[change] += sign * st.changed(m, x.round, x.supervisor, x.start)
	}
}

// neighbours are the supervisors of the mentor's sessions before and after a start, none where there is no session.
func (st *state) neighbours(m, round, start int) (before, after int) {
	before, after = none, none
	from, to := 0, 0
	for r, id := range st.at[m*st.rounds : (m+1)*st.rounds] {
		if id < 0 || r == round || st.Rounds[r].Place < 0 {
			continue
		}
		o := &st.sessions[id]
		if o.start < start {
			if before == none || o.start >= from {
				before, from = o.supervisor, o.start
			}
		} else if after == none || o.start < to {
			after, to = o.supervisor, o.start
		}
	}
	return before, after
}

// differ is 1 for two supervisors, 0 for one, or where one is missing.
func differ(a, b int) int64 {
	if a != b && a != none && b != none {
		return 1
	}
	return 0
}

// changed is f of change for a mentor who has a session then and there.
func (m *model) changed(mentor, r, supervisor, start int) int64 {
	was := &m.was[mentor*m.rounds+r]
	switch {
	case !was.known || was.supervisor == supervisor && was.start == start:
		return 0
	case min(was.start, start) < m.late:
		return 3
	}
	return 1
}

// composed are the terms that depend on who sits in a group, in the order of composition.
var composed = [...]term{size, variety, span, senior, mix}

// composition counts what a group of these members costs in a round. Where it meets is of no account; the members' other
// remix rounds are, for mix.
func (st *state) composition(r int, members []int32) (f [len(composed)]int64) {
	n := len(members)
	f[0] = int64(max(n-st.Problem.Size.Target, st.Problem.Size.Target-n))
	if n >= 5 && st.field && st.Problem.Credit == scheduling.HalfThenShare {
		f[0] += 2
	}
	least, most, novices := 0, 0, true
	for i, m := range members {
		for _, o := range members[:i] {
			if st.kin[o] == st.kin[m] {
				f[1]++
				break
			}
		}
		who := st.Mentors[m].Person
		if i == 0 || who.Seniority < least {
			least = who.Seniority
		}
		if i == 0 || who.Seniority > most {
			most = who.Seniority
		}
		novices = novices && who.Exp < 3
	}
	if st.judged[span] {
		f[2] = int64(max(0, most-least-2))
	}
	if st.judged[senior] && novices {
		f[3] = 1
	}
	if st.judged[mix] && st.closedAt[r] < 0 && len(st.remixed) > 1 {
		for i, a := range members {
			for _, b := range members[:i] {
				f[4] += st.metElsewhere(a, b, r)
			}
		}
	}
	return f
}

// metElsewhere is 1 when two mentors meet in another remix round too: each further meeting of a pair costs one.
func (st *state) metElsewhere(a, b int32, round int) int64 {
	for _, r := range st.remixed {
		if id := st.at[int(a)*st.rounds+r]; r != round && id >= 0 && id == st.at[int(b)*st.rounds+r] {
			return 1
		}
	}
	return 0
}

// composeCost is the energy of a composition, in fine units.
func (st *state) composeCost(r int, members []int32) int64 {
	cost := int64(0)
	for i, n := range st.composition(r, members) {
		cost += st.price[composed[i]] * n
	}
	return cost
}
