package solve

import (
	"slices"

	"kreds/scheduling"
)

// Giving pins without members a session.

// keepSeat tries to give a pin without members a session: somebody's individual session, or a group, is moved there.
func (st *state) keepSeat(noise int64) bool {
	for r := range st.rounds {
		if len(st.pins.seats[r]) == 0 {
			continue
		}
		kept := map[int]bool{}
		for _, pin := range st.keptBy(r) {
			kept[pin] = true
		}
		for pin, w := range st.pins.seats[r] {
			if !kept[pin] {
				return st.moveTo(r, w, noise)
			}
		}
	}
	return false
}

// moveTo seats somebody as a pin says: a mentor of a round of individual sessions, a group that could meet then, or mentors of
// several groups who could.
func (st *state) moveTo(r int, w want, noise int64) bool {
	if st.Rounds[r].Kind == scheduling.Individual {
		m := st.candidate(r, w)
		return m != none && st.seatSolo(m, r, w, false, noise)
	}
	id := st.ableGroup(r, w)
	if id == none || w.timed && st.rng.chance(1, 2) {
		return w.timed && st.gatherAt(r, w, none, noise)
	}
	x := &st.sessions[id]
	members := slices.Clone(x.members)
	if x.group == none {
		st.remove(id)
		return st.settle(r, members, w, none, noise)
	}
	if w.supervisor == none {
		w.supervisor = x.supervisor
	}
	for _, o := range st.groupSessions(id) {
		st.remove(o)
	}
	st.labels++
	return st.settle(r, members, w, st.labels-1, noise) && st.meet(members, w.supervisor, st.closedBut(r), st.labels-1, noise)
}

// closedBut are the closed rounds without one of them.
func (m *model) closedBut(r int) []int {
	return slices.DeleteFunc(slices.Clone(m.closed), func(o int) bool { return o == r })
}

// candidate is a random mentor whom no pin binds in a round, and who could have a session there as a pin says, whatever else is
// planned; none if there is nobody. Who lacks one comes first about one time in two.
func (st *state) candidate(r int, w want) int32 {
	var able []int32
	for m := range int32(st.mentors) {
		if !st.bound(m, r) && len(st.leadersThen(m, r, w, false)) > 0 {
			able = append(able, m)
		}
	}
	if lacking := slices.DeleteFunc(slices.Clone(able), func(m int32) bool { return st.at[int(m)*st.rounds+r] >= 0 }); len(lacking) > 0 && st.rng.chance(1, 2) {
		able = lacking
	}
	if len(able) == 0 {
		return none
	}
	return draw(st.rng, able)
}

// leadersThen are the supervisors who could lead a mentor in a round as a pin says, whatever else is planned. When settled, the
// pin is the mentor's own.
func (st *state) leadersThen(m int32, r int, w want, settled bool) []int32 {
	if w.timed {
		i, ok := st.Rounds[r].At(w.start)
		if !ok || !(settled && w.pinnedStart) && !st.Mentors[m].Times[r].Starts[0].Has(i) {
			return nil
		}
	}
	if settled && w.pinnedLeader {
		return []int32{int32(w.supervisor)}
	}
	return slices.DeleteFunc(slices.Clone(st.leaders[r][m]), func(s int32) bool {
		return w.supervisor != none && int(s) != w.supervisor || !st.leadsThen(int(s), r, 0, w)
	})
}

// leadsThen says whether a supervisor could lead a session of a length as a pin says, whatever else is planned.
func (st *state) leadsThen(s, r, li int, w want) bool {
	i, ok := st.Rounds[r].At(w.start)
	return !w.timed || ok && (w.pinnedLeader && w.pinnedStart || st.Supervisors[s].Times[r].Starts[li].Has(i))
}

// ableGroup is a group of a round that could meet as a pin says, whatever else is planned, and that no pin binds; none if there
// is none.
func (st *state) ableGroup(r int, w want) int32 {
	row := st.byRound[r]
	if len(row) == 0 {
		return none
	}
	i, ok := st.Rounds[r].At(w.start)
	if w.timed && !ok {
		return none
	}
	offset := st.rng.n(len(row))
	for k := range row {
		id := row[(offset+k)%len(row)]
		x := &st.sessions[id]
		if x.frozen || x.block != none || w.supervisor != none && !st.mayLead(r, w.supervisor, x.members) {
			continue
		}
		if !w.timed || !slices.ContainsFunc(x.members, func(m int32) bool { return !st.Mentors[m].Times[r].Starts[x.li].Has(i) }) {
			return id
		}
	}
	return none
}

// gatherAt makes a group as a pin with a start says, of mentors who are free then, and takes apart the groups they were in. Where
// first is given, that mentor is one of them.
func (st *state) gatherAt(r int, w want, first int32, noise int64) bool {
	s := w.supervisor
	if s == none {
		s = st.rng.n(st.supervisors)
	}
	n := st.Problem.Size.Min + st.rng.n(st.Problem.Size.Max-st.Problem.Size.Min+1)
	li, lawful := st.Rounds[r].Length(n)
	i, ok := st.Rounds[r].At(w.start)
	if !ok || !lawful || !st.leadsThen(s, r, li, w) {
		return false
	}
	pool := st.freeAt(r, li, s, i)
	shuffle(st.rng, pool)
	if first != none {
		at := slices.Index(pool, first)
		if at < 0 {
			return false
		}
		pool[0], pool[at] = pool[at], pool[0]
	}
	pool = pool[:min(len(pool), 2*n, poolMost)]
	solos, groups := st.rng.chance(1, 2), st.closedAt[r] < 0 && st.rng.chance(1, 2)
	for _, m := range pool {
		if id := st.at[int(m)*st.rounds+r]; id >= 0 && !st.drop(id) {
			return false
		}
		if groups {
			st.dropGroups(m)
		}
	}
	if solos {
		st.dropSolos(pool)
	}
	if len(pool) < n || !st.clearTime(s, r, li, i, w) || !st.meetAt(r, li, n, s, i, pool, w, noise) {
		return false
	}
	st.refill(noise)
	return true
}

// freeAt are the mentors whom no pin binds in a round and whom a supervisor could lead at a start, whatever else is planned.
func (st *state) freeAt(r, li, s, i int) []int32 {
	var out []int32
	for m := range int32(st.mentors) {
		if !st.bound(m, r) && st.Pairs.Leads(r, s).Has(int(m)) && st.Mentors[m].Times[r].Starts[li].Has(i) {
			out = append(out, m)
		}
	}
	return out
}

// meetAt seats n of a pool, who have no group, with a supervisor at a start; in closed rounds also at other times in the others.
func (st *state) meetAt(r, li, n, s, i int, pool []int32, w want, noise int64) bool {
	if st.closedAt[r] < 0 {
		for k, m := range pool {
			q := meeting{round: r, members: st.single(m), want: anything}
			copy(st.own[r][k], st.common(&q, li))
		}
		g, ok := st.gather(r, li, n, s, i, pool)
		if ok {
			st.put(r, g.choice, g.members[:g.n], none)
		}
		return ok
	}
	if !st.pooled(pool, n) {
		return false
	}
	for k := range pool {
		st.own[r][k].Keep(i, i+1)
	}
	members, ok := st.gatherClosed(pool, s, n, noise)
	if !ok {
		return false
	}
	st.labels++
	w.supervisor = s
	return st.settle(r, members, w, st.labels-1, noise) && st.meet(members, s, st.closedBut(r), st.labels-1, noise)
}

// settle places a session as a pin says.
func (st *state) settle(r int, members []int32, w want, group int, noise int64) bool {
	q := meeting{round: r, members: members, want: w, noise: noise}
	if w.supervisor == none {
		q.leaders = st.leaders[r][members[0]]
	}
	c, ok := st.choose(&q)
	if ok {
		st.put(r, c, members, group)
	}
	return ok
}
