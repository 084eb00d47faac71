package solve

import (
	"slices"

	"kreds/scheduling"
	"kreds/scheduling/internal/prep"
)

// rescue makes room for somebody who lacks a session. What stands in the way is taken out, and seated again elsewhere.
func (st *state) rescue(noise int64) bool {
	r := st.lackingRound()
	if r == none {
		return false
	}
	m := draw(st.rng, st.lacking[r])
	switch {
	case st.Rounds[r].Kind == scheduling.Introduction:
		return st.moveDate(noise)
	case st.Rounds[r].Kind == scheduling.Individual:
		return st.rescueSolo(m, r, noise)
	case st.pins.blocked[int(m)*st.rounds+r]:
		return st.moveBlock(noise)
	}
	return st.rescueGroup(m, r, noise)
}

// lackingRound is a random round in which somebody lacks a session, none if there is no such round.
func (st *state) lackingRound() int {
	at, seen := none, 0
	for r, list := range st.lacking {
		if len(list) > 0 {
			if seen++; st.rng.chance(1, seen) {
				at = r
			}
		}
	}
	return at
}

// rescueGroup takes some groups apart around a mentor, and at times what else the mentor has; or it gathers a group around the
// mentor at a random time.
func (st *state) rescueGroup(m int32, r int, noise int64) bool {
	if st.closedAt[r] >= 0 {
		r = st.closed[0]
	}
	lengths := len(st.Rounds[r].Lengths)
	if leaders := st.leaders[r][m]; lengths > 0 && len(leaders) > 0 && st.rng.chance(1, 3) {
		s, li := int(draw(st.rng, leaders)), st.rng.n(lengths)
		free := st.part[r]
		copy(free, st.Mentors[m].Times[r].Starts[li])
		free.And(st.Supervisors[s].Times[r].Starts[li])
		i, ok := st.someStart(free)
		return ok && st.gatherAt(r, want{supervisor: s, start: st.Rounds[r].Slot(i), timed: true}, m, noise)
	}
	st.wanted(m, r)
	if st.rng.chance(1, 2) {
		st.dropSolos([]int32{m})
	}
	st.dissolve(r, st.rng.chance(1, 2), st.closedAt[r] < 0 && st.rng.chance(1, 2))
	st.refill(noise)
	return true
}

// someStart draws one of a set of starts; false when it is empty.
func (st *state) someStart(b prep.Bits) (int, bool) {
	n := b.Count()
	if n == 0 {
		return 0, false
	}
	k := st.rng.n(n)
	for i := range b.All() {
		if k == 0 {
			return i, true
		}
		k--
	}
	return 0, false
}

// rescueSolo seats a mentor at a random time at which the two would be free but for the plan; for a mentor who is pinned, at one
// that the pin leaves.
func (st *state) rescueSolo(m int32, r int, noise int64) bool {
	w, pinned := st.pins.solos[int(m)*st.rounds+r]
	if !pinned {
		w = anything
	}
	return st.seatSolo(m, r, w, pinned, noise)
}

// seatSolo seats a mentor at a random time that the wanted facts leave, and takes out what stands in the way: the mentor's other
// sessions, and those that the supervisor has then. When settled, the facts are the mentor's own pin.
func (st *state) seatSolo(m int32, r int, w want, settled bool, noise int64) bool {
	leaders := st.leadersThen(m, r, w, settled)
	if len(leaders) == 0 {
		return false
	}
	if id := st.at[int(m)*st.rounds+r]; id >= 0 && !st.drop(id) {
		return false
	}
	s := int(draw(st.rng, leaders))
	free := st.freeWith(m, r, s, w, settled)
	if free.Empty() {
		st.dropSolos([]int32{m})
		free = st.freeWith(m, r, s, w, settled)
	}
	if free.Empty() || st.rng.chance(1, 8) {
		st.dropGroups(m)
		free = st.freeWith(m, r, s, w, settled)
	}
	at, ok := st.someStart(free)
	if !ok {
		return false
	}
	if !st.clearTime(s, r, 0, at, w) {
		return false
	}
	if !(settled && w.pinnedLeader) && !st.Pairs.LeadsAt(s, int(m), st.Rounds[r].Slot(at)) {
		return false
	}
	st.put(r, choice{supervisor: s, i: at}, st.single(m), none)
	st.refill(noise)
	return true
}

// freeWith gives the starts that a mentor's other sessions leave for an individual session with a supervisor, whatever else the
// supervisor does.
func (st *state) freeWith(m int32, r, s int, w want, settled bool) prep.Bits {
	q := meeting{round: r, members: st.single(m), want: w, settled: settled}
	free := st.common(&q, 0)
	if !(w.pinnedLeader && w.pinnedStart) {
		free.And(st.Supervisors[s].Times[r].Starts[0])
	}
	return free
}

// dropGroups takes out the groups that a mentor is in.
func (st *state) dropGroups(m int32) {
	for r, id := range st.at[int(m)*st.rounds : (int(m)+1)*st.rounds] {
		if id >= 0 && st.Rounds[r].Kind == scheduling.Group {
			st.drop(id)
		}
	}
}

// clearTime takes out what keeps a supervisor from leading a session of a length at a start: what lies too near, and then, where
// a limit is reached, another session of the day or week. What w says is pinned.
func (st *state) clearTime(s, r, li, i int, w want) bool {
	round, who := &st.Rounds[r], st.Supervisors[s].Supervisor
	from, to := round.Slot(i)-who.Buffer, round.Slot(i)+round.Lengths[li]+who.Buffer
	for _, id := range slices.Clone(st.leads[s].list) {
		if x := &st.sessions[id]; x.start < to && from < x.start+x.length && st.at[int(x.members[0])*st.rounds+x.round] == id && !st.drop(id) {
			return false
		}
	}
	for range 3 {
		if st.openFor(s, r, li, w).Has(i) {
			return true
		}
		d := int(st.Supervisors[s].Zone.Rounds[r].Day[i])
		var near []int32
		for _, id := range st.leads[s].list {
			if other := st.dayOf(&st.sessions[id]); other == d || scheduling.FloorDiv(other, 7) == scheduling.FloorDiv(d, 7) && st.leads[s].led[d-st.firstDay] == 0 {
				near = append(near, id)
			}
		}
		if len(near) == 0 || !st.drop(draw(st.rng, near)) {
			return false
		}
	}
	return st.openFor(s, r, li, w).Has(i)
}
