package solve

import "slices"

// moveRemixed finds another supervisor and time for a group, with or without the individual sessions of its members.
func (st *state) moveRemixed(noise int64) bool {
	id := st.random(draw(st.rng, st.remixed))
	if id == none {
		return false
	}
	if st.rng.chance(1, 3) {
		st.dropSolos(slices.Clone(st.sessions[id].members))
	}
	if !st.shift(id, noise) {
		return false
	}
	st.refill(noise)
	return true
}

// moveMembers takes one or two members out of one or two groups. A group that grows too small is dissolved.
func (st *state) moveMembers(noise int64) bool {
	r := draw(st.rng, st.remixed)
	for range 1 + st.rng.n(2) {
		id := st.random(r)
		if id == none {
			return false
		}
		members := slices.Clone(st.sessions[id].members)
		shuffle(st.rng, members)
		out := 1 + st.rng.n(2)
		if len(members)-out < st.Problem.Size.Min {
			out = 1
		}
		if len(members)-out < st.Problem.Size.Min || !st.reseat(id, members[out:]) {
			st.drop(id)
			continue
		}
		for _, m := range members[:out] {
			st.wanted(m, r)
		}
		if st.rng.chance(1, 4) {
			st.dropSolos(members[:out])
		}
	}
	st.refill(noise)
	return true
}

// exchangeMembers lets two groups of a round exchange one member each, at their times: a random member, and the one for whom it
// costs least.
func (st *state) exchangeMembers(noise int64) bool {
	r := draw(st.rng, st.remixed)
	a := st.random(r)
	if a == none {
		return false
	}
	x := st.sessions[a]
	i := st.rng.n(len(x.members))
	row, least, b, k := st.byRound[r], int64(noLimit), int32(none), 0
	offset := st.rng.n(len(row))
	for o := range min(len(row), joinMost) {
		id := row[(offset+o)%len(row)]
		y := &st.sessions[id]
		if id == a || y.frozen || y.block != none || !st.canAttend(x.members[i], y) {
			continue
		}
		for j := range y.members {
			if cost, ok := st.exchangeCost(&x, y, i, j); ok {
				if cost -= st.gust(noise); cost < least {
					least, b, k = cost, id, j
				}
			}
		}
	}
	if b == none {
		return false
	}
	y := st.sessions[b]
	left, right := exchanged(x.members, y.members, i, k)
	st.remove(a)
	st.remove(b)
	return st.again(&x, left, true, noise) && st.again(&y, right, true, noise)
}

// canAttend says at a glance whether a mentor could come to a group at its time.
func (st *state) canAttend(m int32, x *session) bool {
	if x.i < 0 || x.li < 0 || !st.Mentors[m].Times[x.round].Starts[x.li].Has(x.i) || !st.Pairs.Leads(x.round, x.supervisor).Has(int(m)) {
		return false
	}
	from, to := st.window(int(m), x.round, x.length)
	return from <= x.start && x.start <= to
}

// exchangeCost is what it costs that the i-th member of x and the j-th of y change places, in fine units.
func (st *state) exchangeCost(x, y *session, i, j int) (int64, bool) {
	a, b := x.members[i], y.members[j]
	if !st.canAttend(b, x) {
		return 0, false
	}
	cost := -st.composeCost(x.round, x.members) - st.composeCost(y.round, y.members)
	for _, side := range [...]struct {
		x    *session
		m, o int32
		i    int
	}{{x, b, a, i}, {y, a, b, j}} {
		st.members = append(st.members[:0], side.x.members...)
		st.members[side.i] = side.m
		if !st.together(st.members) {
			return 0, false
		}
		cost += st.composeCost(side.x.round, st.members) + st.seatCost(side.m, side.x) - st.seatCost(side.o, side.x)
	}
	return cost, true
}

// seatCost is what a mentor's seat in a session costs, in fine units.
func (st *state) seatCost(m int32, x *session) int64 {
	return st.startCost(m, x.round, x.li, x.supervisor, x.i) + st.sameCost(m, x.round, x.supervisor)
}

// exchanged gives the members of two groups after an exchange.
func exchanged(a, b []int32, i, j int) (left, right []int32) {
	left, right = slices.Clone(a), slices.Clone(b)
	left[i], right[j] = right[j], left[i]
	return left, right
}

// again places a session that was taken out with other members: at its old time, if it shall keep it and can, else at another.
func (st *state) again(x *session, members []int32, keep bool, noise int64) bool {
	q := meeting{round: x.round, members: members, noise: noise}
	var c choice
	ok := false
	if keep {
		q.want = want{supervisor: x.supervisor, start: x.start, timed: true}
		c, ok = st.choose(&q)
	}
	if !ok {
		q.want = anything
		if x.group != none {
			q.supervisor = x.supervisor
		}
		c, ok = st.choose(&q)
	}
	if ok {
		st.put(x.round, c, members, x.group)
	}
	return ok
}

// dissolveRemixed takes one to three groups apart, of one round or of several, with or without the individual sessions of their
// members.
func (st *state) dissolveRemixed(noise int64) bool {
	st.dissolve(draw(st.rng, st.remixed), st.rng.chance(1, 2), st.rng.chance(1, 2))
	if len(st.todo) == 0 {
		return false
	}
	st.refill(noise)
	return true
}

// dissolve takes one to three groups of a round apart; across: of other remix rounds too. With solos, their members' individual
// sessions as well.
func (st *state) dissolve(r int, solos, across bool) {
	for range 1 + st.rng.n(3) {
		if id := st.random(r); id != none {
			members := slices.Clone(st.sessions[id].members)
			if st.drop(id) && solos {
				st.dropSolos(members)
			}
		}
		if across && len(st.remixed) > 1 {
			r = draw(st.rng, st.remixed)
		}
	}
}
