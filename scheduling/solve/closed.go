package solve

import "slices"

// Groups that stay together: the same members and the same supervisor in every closed round, or no group at all (H20).

// form makes sessions of these members in the rounds, all with one supervisor: the one that is given, else the one with whom
// the plan is best. It is all or nothing.
func (st *state) form(members []int32, supervisor int, rounds []int, noise int64) bool {
	if !st.together(members) {
		return false
	}
	if supervisor != none {
		st.labels++
		return st.mayLead(rounds[0], supervisor, members) && st.meet(members, supervisor, rounds, st.labels-1, noise)
	}
	best, least := none, int64(noLimit)
	for _, s := range slices.Clone(st.look(members[0], rounds[0], 4)) {
		if !st.mayLead(rounds[0], int(s), members) {
			continue
		}
		mark, f := len(st.journal), st.f
		if !st.meet(members, int(s), rounds, st.labels, 0) {
			continue
		}
		if cost := fine*st.felt(&st.f) - st.gust(noise); cost < least {
			best, least = int(s), cost
		}
		st.rollback(mark, &f)
	}
	st.labels++
	return best != none && st.meet(members, best, rounds, st.labels-1, noise)
}

// meet places a session in each round, one after the other. It is all or nothing.
func (st *state) meet(members []int32, supervisor int, rounds []int, label int, noise int64) bool {
	mark, f := len(st.journal), st.f
	for _, r := range rounds {
		q := meeting{round: r, members: members, want: want{supervisor: supervisor}, noise: noise}
		c, ok := st.choose(&q)
		if !ok {
			st.rollback(mark, &f)
			return false
		}
		st.put(r, c, members, label)
	}
	return true
}

// fillClosed seats a pool of mentors who have no group: in new groups, else in groups that have room. Whoever fits nowhere
// stays out of all closed rounds.
func (st *state) fillClosed(pool []int32, noise int64) {
	for len(pool) > 0 {
		if len(pool) >= st.Problem.Size.Min && !(noise > 0 && st.rng.chance(1, 4)) {
			if left, ok := st.openClosed(pool, noise); ok {
				pool = left
				continue
			}
		}
		st.joinClosed(pool[0], noise)
		pool = pool[1:]
	}
}

// openClosed makes a group of the first mentor of the pool and others of it, and gives the rest of the pool.
func (st *state) openClosed(pool []int32, noise int64) ([]int32, bool) {
	tried := none
	near := pool[:min(len(pool), poolMost)]
	for n := st.groupSize(len(pool)); n >= st.Problem.Size.Min; n-- {
		if tried != none && st.lastAlike(n, tried) { // gathering the larger group took whoever could come
			continue
		}
		if tried = n; !st.pooled(near, n) {
			continue
		}
		leaders := slices.Clone(st.look(pool[0], st.closed[0], 4))
		shuffle(st.rng, leaders)
		for _, s := range leaders {
			members, ok := st.gatherClosed(near, int(s), n, noise)
			if ok && st.form(members, int(s), st.closed, noise) {
				return slices.DeleteFunc(pool, func(m int32) bool { return slices.Contains(members, m) }), true
			}
		}
	}
	return nil, false
}

// lastAlike says whether groups of two sizes have the same lengths in every closed round.
func (m *model) lastAlike(a, b int) bool {
	return !slices.ContainsFunc(m.closed, func(r int) bool {
		x, okX := m.Rounds[r].Length(a)
		y, okY := m.Rounds[r].Length(b)
		return okX != okY || x != y
	})
}

// pooled works out when each of the pool is free in every closed round for a group of n; false when that size has no length.
func (st *state) pooled(pool []int32, n int) bool {
	for _, r := range st.closed {
		li, ok := st.Rounds[r].Length(n)
		if !ok {
			return false
		}
		for k, m := range pool {
			q := meeting{round: r, members: st.single(m), want: anything}
			copy(st.own[r][k], st.common(&q, li))
		}
	}
	return true
}

// gatherClosed adds to the first of the pool whoever leaves the group starts in common in every closed round, preferring
// those with whom it costs least.
func (st *state) gatherClosed(pool []int32, s, n int, noise int64) ([]int32, bool) {
	for _, r := range st.closed {
		li, _ := st.Rounds[r].Length(n)
		copy(st.part[r], st.own[r][0])
		st.part[r].And(st.opening(s, r, li))
		if st.part[r].Empty() {
			return nil, false
		}
	}
	first := st.closed[0]
	if !st.mayLead(first, s, pool[:1]) {
		return nil, false
	}
	st.members = append(st.members[:0], pool[0])
	able := uint64(1)<<len(pool) - 2
	for len(st.members) < n {
		least, at := int64(noLimit), none
		for k, m := range pool {
			if able&(1<<k) == 0 {
				continue
			}
			st.members = append(st.members, m)
			if !st.together(st.members) || !st.mayLead(first, s, st.members) {
				able &^= 1 << k
			} else if tight, ok := st.tightness(k); !ok {
				able &^= 1 << k
			} else if cost := st.composeCost(first, st.members)/int64(len(st.members)) + tight - st.gust(noise); cost < least {
				least, at = cost, k
			}
			st.members = st.members[:len(st.members)-1]
		}
		if at == none {
			break
		}
		able &^= 1 << at
		st.members = append(st.members, pool[at])
		for _, r := range st.closed {
			st.part[r].And(st.own[r][at])
		}
	}
	return slices.Clone(st.members), len(st.members) >= st.Problem.Size.Min
}

// tightness is high when a member of the pool leaves the group in the making few starts in some round; false when none.
func (st *state) tightness(k int) (int64, bool) {
	few := 8
	for _, r := range st.closed {
		count := 0
		own := st.own[r][k]
		for w, v := range st.part[r] {
			if v&own[w] != 0 {
				count++
			}
		}
		if count == 0 {
			return 0, false
		}
		few = min(few, count)
	}
	return int64(8-few) * st.price[missing] / 16, true
}

// joinClosed seats a mentor in the group where the plan stays best.
func (st *state) joinClosed(m int32, noise int64) bool {
	row := slices.Clone(st.byRound[st.closed[0]])
	if len(row) == 0 {
		return false
	}
	offset, least, at := st.rng.n(len(row)), int64(noLimit), int32(none)
	for k := range min(len(row), 8) {
		id := row[(offset+k)%len(row)]
		if !st.hasRoom(&st.sessions[id]) {
			continue
		}
		mark, f := len(st.journal), st.f
		if st.joinGroup(m, id) {
			if cost := fine*st.felt(&st.f) - st.gust(noise); cost < least {
				least, at = cost, id
			}
		}
		st.rollback(mark, &f)
	}
	return at != none && st.joinGroup(m, at)
}

// joinGroup seats a mentor in a group, which is one of the group's sessions.
func (st *state) joinGroup(m int32, id int32) bool {
	members := append(slices.Clone(st.sessions[id].members), m)
	return st.regroup(id, members)
}

// regroup gives a closed group other members, with the same supervisor. On failure nothing is changed.
func (st *state) regroup(id int32, members []int32) bool {
	if !st.together(members) || !st.mayLead(st.closed[0], st.sessions[id].supervisor, members) {
		return false
	}
	mark, f := len(st.journal), st.f
	sessions := st.groupSessions(id)
	label := st.labels
	st.labels++
	for _, o := range sessions {
		st.remove(o)
	}
	for _, o := range sessions {
		x := &st.sessions[o]
		r := x.round
		q := meeting{round: r, members: members, want: want{supervisor: x.supervisor, start: x.start, timed: true}}
		c, ok := st.choose(&q)
		if !ok {
			q.timed = false
			c, ok = st.choose(&q)
		}
		if !ok {
			st.rollback(mark, &f)
			return false
		}
		st.put(r, c, members, label)
	}
	return true
}

// groupSessions are the sessions of a closed group, given one of them, by round.
func (st *state) groupSessions(id int32) []int32 {
	x := &st.sessions[id]
	out := make([]int32, 0, len(st.closed))
	for _, r := range st.closed {
		if o := st.at[int(x.members[0])*st.rounds+r]; o >= 0 && st.sessions[o].group == x.group {
			out = append(out, o)
		}
	}
	return out
}
