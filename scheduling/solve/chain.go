package solve

import "slices"

// chain is one search of its own: a plan in motion, the best it has seen, and how far it has come. What it does in an iteration
// depends on the problem, the seed, its number and the number of the iteration alone.
type chain struct {
	*state
	number     int
	iterations int
	moves      []move
	settled    bool // there is nothing to move
	drawn      int  // the sum of the moves' weights
	energy     int64
	best       kept
	cycle      cycle
}

// kept is a plan at rest: for each mentor and round where the session is.
type kept struct {
	f     tally
	seats []seat // mentor · rounds + round
}

// seat is a mentor's session in a round; supervisor none: there is none.
type seat struct {
	supervisor int32
	start      int32
	group      int32
	date       int32
}

func newChain(m *model, seed uint64, number int) *chain {
	c := &chain{state: newState(m, newRandom(seed, number)), number: number, moves: m.moves()}
	for _, mv := range c.moves {
		c.drawn += mv.weight
	}
	c.build()
	c.energy = c.felt(&c.f)
	c.best.seats = make([]seat, m.mentors*m.rounds)
	for i := range c.best.seats {
		c.best.seats[i].supervisor = none
	}
	c.keep()
	c.settled = c.nothingToMove()
	c.cycle = newCycle(m)
	return c
}

// nothingToMove says whether everything is pinned, or nobody can be placed for want of rounds, mentors or supervisors.
func (c *chain) nothingToMove() bool {
	if c.supervisors == 0 || c.mentors == 0 || c.drawn == 0 {
		return true
	}
	for r := range c.rounds {
		if len(c.lacking[r]) > 0 || slices.ContainsFunc(c.byRound[r], func(id int32) bool { return !c.sessions[id].frozen }) {
			return false
		}
	}
	return true
}

// step is one iteration: a move, which is kept or taken back as annealing says.
func (c *chain) step() {
	heat := c.cycle.next()
	c.iterations++
	if c.cycle.fresh {
		c.restore()
	}
	before := c.f
	c.todo = c.todo[:0]
	k := c.pick()
	ok := c.moves[k].run(c.state, heat)
	c.countUnkept()
	if ok {
		if energy := c.felt(&c.f); c.accept(energy-c.energy, heat) {
			c.energy = energy
			c.commit()
			if c.better(&c.f, &c.best.f) {
				c.keep()
			}
			return
		}
	}
	c.rollback(0, &before)
	c.reuse()
}

// pick draws a move. While somebody lacks a session, or a pin is not kept, some of the draws go there.
func (c *chain) pick() int {
	if c.f[missing] > 0 && c.rng.chance(1, 4) {
		return rescueMove
	}
	if c.f[unkept] > int64(c.pins.hopeless) && c.rng.chance(1, 4) {
		return seatMove
	}
	k := c.rng.n(c.drawn)
	for i := range c.moves {
		if k -= c.moves[i].weight; k < 0 {
			return i
		}
	}
	return len(c.moves) - 1
}

// accept is Metropolis' rule, in whole numbers.
func (c *chain) accept(worse, heat int64) bool {
	return worse <= 0 || worse*fine*noiseUnit <= heat*waitSteps[c.rng.n(waitLen)]
}

// keep makes the present plan the best one. Only mentors who were touched since the last time are copied.
func (c *chain) keep() {
	c.best.f = c.f
	for _, m := range c.dirty {
		c.isDirty[m] = false
		for r := range c.rounds {
			k := int(m)*c.rounds + r
			c.best.seats[k] = seat{supervisor: none}
			if id := c.at[k]; id >= 0 {
				x := &c.sessions[id]
				c.best.seats[k] = seat{int32(x.supervisor), int32(x.start), int32(x.group), int32(x.date)}
			}
		}
	}
	c.dirty = c.dirty[:0]
}

// restore goes back to the best plan.
func (c *chain) restore() {
	for r := range c.rounds {
		for i := len(c.byRound[r]) - 1; i >= 0; i-- {
			if id := c.byRound[r][i]; !c.sessions[id].frozen {
				c.remove(id)
			}
		}
	}
	c.commit()
	type key struct {
		round             int
		supervisor, start int32
	}
	members := map[key][]int32{}
	var order []key
	for r := range c.rounds {
		for m := range c.mentors {
			k := m*c.rounds + r
			s := c.best.seats[k]
			if s.supervisor == none || c.at[k] >= 0 { // frozen
				continue
			}
			key := key{r, s.supervisor, s.start}
			if members[key] == nil {
				order = append(order, key)
			}
			members[key] = append(members[key], int32(m))
		}
	}
	for _, k := range order {
		c.revive(k.round, int(k.supervisor), int(k.start), members[k])
	}
	c.commit()
	c.countUnkept()
	c.energy = c.felt(&c.f)
}

// revive places a session of the best plan again.
func (c *chain) revive(r, s, start int, members []int32) {
	k := int(members[0])*c.rounds + r
	li, ok := c.Rounds[r].Length(len(members))
	if !ok {
		li = c.lengthIndex(r, len(members))
	}
	id := c.newSession(r, li, s, start, members, int(c.best.seats[k].group))
	c.sessions[id].date = int(c.best.seats[k].date)
	if b, is := c.pins.blockOf[k]; is {
		c.sessions[id].block = b
	}
	c.place(id)
}
