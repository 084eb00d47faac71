package solve

import (
	"slices"

	"kreds/scheduling"
)

// move is one way to change a plan: it takes something out and seats it again. It is false when there was nothing to do, or
// when it failed half-way; the caller then takes everything back.
type move struct {
	name   string
	weight int
	run    func(st *state, noise int64) bool
}

// The first two moves are drawn when something is lacking.
const (
	rescueMove = iota
	seatMove
)

// moves are the ways that a problem leaves open, with how often each is drawn.
func (m *model) moves() []move {
	var out []move
	add := func(is bool, name string, weight int, run func(*state, int64) bool) {
		if is {
			out = append(out, move{name, weight, run})
		}
	}
	out = append(out, move{"rescue", 0, (*state).rescue}, move{"pinned seat", 0, (*state).keepSeat})
	solos, remixed, closed := len(m.solos) > 0, len(m.remixed) > 0, len(m.closed) > 0
	add(solos, "individual", 40, (*state).moveSolos)
	add(solos && m.rounds > 1, "mentor", 6, (*state).moveMentor)
	add(solos || remixed, "supervisor day", 8, (*state).moveLeaderDay)
	add(remixed, "group", 10, (*state).moveRemixed)
	add(remixed, "members", 16, (*state).moveMembers)
	add(remixed, "exchange", 16, (*state).exchangeMembers)
	add(remixed, "dissolve", 6, (*state).dissolveRemixed)
	add(closed, "closed group", 24, (*state).moveClosed)
	add(closed, "closed exchange", 24, (*state).exchangeClosed)
	add(closed, "closed member", 8, (*state).moveClosedMember)
	add(closed, "closed supervisor", 4, (*state).releadClosed)
	add(closed, "closed dissolve", 6, (*state).dissolveClosed)
	add(len(m.introductions) > 0, "date", 1, (*state).moveDate)
	add(len(m.pins.blocks) > 0, "pinned group", 4, (*state).moveBlock)
	return out
}

// moveSolos takes out a few individual sessions: at random, or of one supervisor about one time.
func (st *state) moveSolos(noise int64) bool {
	r := draw(st.rng, st.solos)
	id := st.random(r)
	if id == none {
		return false
	}
	k := 1 + st.rng.n(3)
	if s := st.sessions[id].supervisor; st.rng.chance(1, 2) {
		list := slices.Clone(st.leads[s].list)
		at := slices.Index(list, id)
		for _, o := range list[max(0, at-k/2):min(len(list), at+(k+1)/2+1)] {
			if st.Rounds[st.sessions[o].round].Kind == scheduling.Individual {
				st.drop(o)
			}
		}
	} else {
		st.drop(id)
		for range k - 1 {
			if o := st.random(draw(st.rng, st.solos)); o != none {
				st.drop(o)
			}
		}
	}
	st.refill(noise)
	return true
}

// moveMentor takes out all individual sessions of one mentor.
func (st *state) moveMentor(noise int64) bool {
	st.dropSolos([]int32{int32(st.rng.n(st.mentors))})
	if len(st.todo) == 0 {
		return false
	}
	st.refill(noise)
	return true
}

// moveLeaderDay takes out what a supervisor does on one day. Days with few sessions come up as often as full ones.
// Closed groups only look for another time.
func (st *state) moveLeaderDay(noise int64) bool {
	s := st.rng.n(st.supervisors)
	busy := st.someDay(s)
	if busy == noLimit {
		return false
	}
	apart := st.rng.chance(1, 2)
	for _, id := range slices.Clone(st.leads[s].list) {
		x := &st.sessions[id]
		switch {
		case st.dayOf(x) != busy || x.date != none || x.frozen || x.block != none:
		case x.group != none || st.Rounds[x.round].Kind == scheduling.Group && !apart:
			if !st.shift(id, noise) {
				return false
			}
		default:
			st.drop(id)
		}
	}
	st.refill(noise)
	return true
}

// someDay is a day on which a supervisor leads, noLimit if there is none.
func (st *state) someDay(s int) int {
	list := st.leads[s].list
	if len(list) == 0 {
		return noLimit
	}
	for range 8 {
		d := st.dayOf(&st.sessions[draw(st.rng, list)])
		if st.rng.chance(1, int(st.leads[s].led[d-st.firstDay])) {
			return d
		}
	}
	return st.dayOf(&st.sessions[list[0]])
}

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

// dissolveRemixed takes one to three groups apart, with or without the individual sessions of their members.
func (st *state) dissolveRemixed(noise int64) bool {
	r := draw(st.rng, st.remixed)
	solos := st.rng.chance(1, 2)
	for range 1 + st.rng.n(3) {
		if id := st.random(r); id != none {
			members := slices.Clone(st.sessions[id].members)
			if st.drop(id) && solos {
				st.dropSolos(members)
			}
		}
	}
	if len(st.todo) == 0 {
		return false
	}
	st.refill(noise)
	return true
}
