package solve

import "slices"

// Group rounds whose groups form anew.

// fillRemix seats a pool of mentors in a round: in new groups, else in groups that have room. Whoever fits nowhere stays out.
func (st *state) fillRemix(r int, pool []int32, noise int64) {
	for len(pool) > 0 {
		if len(pool) >= st.Problem.Size.Min && !(noise > 0 && st.rng.chance(1, 4)) {
			if left, ok := st.openRemix(r, pool, noise); ok {
				pool = left
				continue
			}
		}
		st.joinRemix(r, pool[0], noise)
		pool = pool[1:]
	}
}

// groupSize says how many of n mentors the next group shall have, so that the rest can be split evenly.
func (m *model) groupSize(n int) int {
	s := m.Problem.Size
	least, most := (n+s.Max-1)/s.Max, n/s.Min
	groups := min(max((n+s.Target/2)/s.Target, least, 1), max(most, 1))
	return min(max((n+groups-1)/groups, s.Min), s.Max, poolMost)
}

// openRemix makes a group of the first mentor of the pool and others of it, and gives the rest of the pool.
func (st *state) openRemix(r int, pool []int32, noise int64) ([]int32, bool) {
	tried := none
	for n := st.groupSize(len(pool)); n >= st.Problem.Size.Min; n-- {
		li, ok := st.Rounds[r].Length(n)
		if !ok || li == tried {
			continue
		}
		tried = li
		near := pool[:min(len(pool), poolMost)]
		for k, m := range near {
			q := meeting{round: r, members: st.single(m), want: anything}
			copy(st.own[r][k], st.common(&q, li))
		}
		if g, ok := st.bestGroup(r, li, n, near, noise); ok {
			st.put(r, g.choice, g.members[:g.n], none)
			return slices.DeleteFunc(pool, func(m int32) bool { return slices.Contains(g.members[:g.n], m) }), true
		}
	}
	return nil, false
}

// gathering is a group in the making, with a supervisor and a start.
type gathering struct {
	choice
	members [poolMost]int32
	n       int
}

// startsLookedAt is about how many starts of one supervisor the making of a group looks at.
const startsLookedAt = 12

// bestGroup looks at some supervisors and starts, and gathers at each the mentors of the pool who cost least there.
func (st *state) bestGroup(r, li, n int, pool []int32, noise int64) (best gathering, found bool) {
	best.cost = noLimit
	for _, s := range st.look(pool[0], r, lookMost) {
		b := st.part[r]
		copy(b, st.own[r][0])
		b.And(st.opening(int(s), r, li))
		stride := 1 + 2*b.Count()/startsLookedAt
		skip := st.rng.n(stride)
		for i := range b.All() {
			if skip > 0 {
				skip--
				continue
			}
			skip = st.rng.n(stride)
			g, ok := st.gather(r, li, n, int(s), i, pool)
			if ok {
				g.cost -= st.gust(noise)
			}
			if ok && g.cost < best.cost {
				best, found = g, true
			}
		}
	}
	return best, found
}

// gather takes the first of the pool and those others whom it costs least to seat with a supervisor at a start.
func (st *state) gather(r, li, n, s, i int, pool []int32) (g gathering, ok bool) {
	g.choice = choice{supervisor: s, i: i, li: li}
	start := st.Rounds[r].Slot(i)
	var cost [poolMost]int64
	var able uint64
	for k, m := range pool {
		if st.own[r][k].Has(i) && st.Pairs.Leads(r, s).Has(int(m)) && st.Pairs.LeadsAt(s, int(m), start) {
			able |= 1 << k
			cost[k] = st.startCost(m, r, li, s, i) + st.sameCost(m, r, s) - st.price[missing]*st.priority[int(m)*st.rounds+r]
		}
	}
	if able&1 == 0 {
		return g, false
	}
	for next := 0; next >= 0; {
		g.members[g.n] = pool[next]
		g.n++
		g.cost += cost[next]
		able &^= 1 << next
		if next = none; g.n < n {
			next = st.nextMember(&g, pool, able, cost[:], start)
		}
	}
	if got, lawful := st.Rounds[r].Length(g.n); g.n < st.Problem.Size.Min || !lawful || got != li {
		return g, false
	}
	g.cost += st.composeCost(r, g.members[:g.n])
	if st.leads[s].load >= st.target[s] {
		g.cost += st.price[over]
	}
	if st.leads[s].led[int(st.Supervisors[s].Zone.Rounds[r].Day[i])-st.firstDay] == 0 {
		g.cost += st.price[day]
	}
	return g, true
}

// nextMember is the place in the pool of the one whom it costs least to add, none when nobody may join.
func (st *state) nextMember(g *gathering, pool []int32, able uint64, cost []int64, start int) int {
	least, at := int64(noLimit), none
	for k, m := range pool {
		if able&(1<<k) == 0 {
			continue
		}
		c, again := cost[k], false
		for _, o := range g.members[:g.n] {
			if st.Pairs.Apart(int(m), int(o), start) {
				c = noLimit
				break
			}
			again = again || st.kin[o] == st.kin[m]
		}
		if again {
			c += st.price[variety]
		}
		if c < least {
			g.members[g.n] = m
			if !st.field || st.shareLanguage(g.supervisor, g.members[:g.n+1]) {
				least, at = c, k
			}
		}
	}
	return at
}

// gust is a random gain at a temperature, 0 without.
func (st *state) gust(noise int64) int64 {
	if noise == 0 {
		return 0
	}
	return noise * gumbelSteps[st.rng.n(noiseLen)] / noiseUnit
}

// sameCost is what a supervisor costs a mentor beside the rounds before and after.
func (st *state) sameCost(m int32, r, s int) int64 {
	if !st.judged[same] {
		return 0
	}
	before, after := st.around(m, r)
	return st.price[same] * (differ(before, s) + differ(s, after))
}

// joinMost is how many groups a mentor looks at, where there are more.
const joinMost = 60

// joinRemix seats a mentor in a group of the round that has room: where it costs least at the group's own time, else in any
// group that can meet at another time.
func (st *state) joinRemix(r int, m int32, noise int64) bool {
	row := st.byRound[r]
	if len(row) == 0 {
		return false
	}
	offset, least, at := st.rng.n(len(row)), int64(noLimit), int32(none)
	for k := range min(len(row), joinMost) {
		id := row[(offset+k)%len(row)]
		x := &st.sessions[id]
		if !st.hasRoom(x) {
			continue
		}
		if cost, ok := st.joinCost(m, x); ok {
			if cost -= st.gust(noise); cost < least {
				least, at = cost, id
			}
		}
	}
	if at != none && st.join(m, at) {
		return true
	}
	for k := range min(len(row), 4) {
		if id := row[(offset+k)%len(row)]; st.hasRoom(&st.sessions[id]) && st.join(m, id) {
			return true
		}
	}
	return false
}

// hasRoom says whether one more may sit in a group.
func (st *state) hasRoom(x *session) bool {
	return !x.frozen && x.block == none && len(x.members) < st.Problem.Size.Max
}

// joinCost is what it costs to seat a mentor in a group at its time, in fine units.
func (st *state) joinCost(m int32, x *session) (int64, bool) {
	li, ok := st.Rounds[x.round].Length(len(x.members) + 1)
	if !ok || !st.Mentors[m].Times[x.round].Starts[li].Has(x.i) {
		return 0, false
	}
	if from, to := st.window(int(m), x.round, x.length); x.start < from || to < x.start {
		return 0, false
	}
	st.members = append(append(st.members[:0], x.members...), m)
	if !st.together(st.members) || !st.mayLead(x.round, x.supervisor, st.members) {
		return 0, false
	}
	return st.startCost(m, x.round, li, x.supervisor, x.i) + st.sameCost(m, x.round, x.supervisor) +
		st.composeCost(x.round, st.members) - st.composeCost(x.round, x.members), true
}

// join seats a mentor in a group, at the group's time if that is lawful.
func (st *state) join(m int32, id int32) bool {
	x := &st.sessions[id]
	return st.reseat(id, append(append(make([]int32, 0, len(x.members)+1), x.members...), m))
}

// reseat gives a session other members: at the same start if that is lawful, else at the best one of the same supervisor. On
// failure nothing is changed.
func (st *state) reseat(id int32, members []int32) bool {
	x := st.sessions[id]
	mark, f := len(st.journal), st.f
	st.remove(id)
	q := meeting{round: x.round, members: members, want: want{supervisor: x.supervisor, start: x.start, timed: true}}
	c, ok := st.choose(&q)
	if !ok {
		q.timed = false
		c, ok = st.choose(&q)
	}
	if !ok {
		st.rollback(mark, &f)
		return false
	}
	st.put(x.round, c, members, x.group)
	return true
}
