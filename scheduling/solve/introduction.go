package solve

import (
	"slices"

	"kreds/scheduling"
)

// Introductions: exactly so many dates in a round, every mentor at one of them, as many as can come.

// introduce fills the dates of an introduction round that do not stand, then seats whoever still lacks one at a date that they
// can attend. It is false when somebody is left with sessions and without preparation.
func (st *state) introduce(r int, noise int64) bool {
	for j := range st.pins.dates[r] {
		if st.dateSession(r, j) == none {
			st.openDate(r, j, noise)
		}
	}
	st.attendDates(r)
	return !slices.ContainsFunc(st.lacking[r], st.orphaned)
}

// orphaned says whether a mentor has sessions, and nothing that prepares for them.
func (st *state) orphaned(m int32) bool {
	if !st.field {
		return false
	}
	first := noLimit
	for r, id := range st.at[int(m)*st.rounds : (int(m)+1)*st.rounds] {
		switch {
		case id < 0:
		case st.Rounds[r].Place < 0:
			return false
		default:
			first = min(first, st.sessions[id].start)
		}
	}
	at := st.Mentors[m].Mentor.PreparedAt
	return first < noLimit && (at == nil || *at > first-scheduling.SlotsPerDay)
}

// dateSession is the session of a date, none while it does not stand.
func (st *state) dateSession(r, j int) int32 {
	for _, id := range st.byRound[r] {
		if st.sessions[id].date == j {
			return id
		}
	}
	return none
}

// openDate places a date where most of those who lack an introduction can come, at the least cost. Where nobody lacks one, it
// takes over some of the people of another date.
func (st *state) openDate(r, j int, noise int64) {
	d := &st.pins.dates[r][j]
	pool := d.members
	if pool == nil {
		pool = st.unbound(r, st.lacking[r])
	}
	c, members := st.bestDate(r, d, pool, noise)
	if len(members) == 0 && d.members == nil {
		from := st.fullest(r)
		if from == none {
			return
		}
		pool = slices.Clone(st.sessions[from].members)
		if c, members = st.bestDate(r, d, pool, noise); len(members) == 0 {
			return
		}
		if len(members) == len(pool) {
			members = members[1:]
		}
		rest := slices.DeleteFunc(pool, func(m int32) bool { return slices.Contains(members, m) })
		st.resize(from, rest)
	}
	if len(members) == 0 {
		return
	}
	id := st.put(r, c, members, none)
	st.sessions[id].date = j
}

// unbound are those of a list whom no pin binds to a date.
func (st *state) unbound(r int, list []int32) []int32 {
	var out []int32
	for _, m := range list {
		if !st.pins.blocked[int(m)*st.rounds+r] {
			out = append(out, m)
		}
	}
	return out
}

// fullest is the date with most people, of those who may give some away; none if all have one.
func (st *state) fullest(r int) int32 {
	most, at := 1, int32(none)
	for _, id := range st.byRound[r] {
		if x := &st.sessions[id]; st.openTo(x) && len(x.members) > most {
			most, at = len(x.members), id
		}
	}
	return at
}

// openTo says whether whoever likes may come to an introduction.
func (st *state) openTo(x *session) bool {
	return !x.frozen && x.date != none && st.pins.dates[x.round][x.date].members == nil
}

// resize gives an introduction other members, at its time.
func (st *state) resize(id int32, members []int32) {
	x := st.sessions[id]
	st.remove(id)
	next := st.newSession(x.round, x.li, x.supervisor, x.start, members, none)
	st.sessions[next].date = x.date
	st.place(next)
}

// attendDates seats everybody who lacks an introduction at the date that costs them least, of those they can attend.
func (st *state) attendDates(r int) {
	more := map[int32][]int32{}
	for _, m := range st.unbound(r, st.lacking[r]) {
		if at := st.dateFor(r, m, more); at != none {
			more[at] = append(more[at], m)
		}
	}
	for _, id := range slices.Clone(st.byRound[r]) {
		if len(more[id]) > 0 {
			st.resize(id, append(slices.Clone(st.sessions[id].members), more[id]...))
		}
	}
}

// dateFor finds the date for one mentor; more are those who are about to come to a date.
func (st *state) dateFor(r int, m int32, more map[int32][]int32) int32 {
	least, at := int64(noLimit), int32(none)
	for _, id := range st.byRound[r] {
		x := &st.sessions[id]
		if !st.openTo(x) || x.i < 0 {
			continue
		}
		members := append(append(slices.Clone(x.members), more[id]...), m)
		if !st.mayLead(r, x.supervisor, members) || !st.Pairs.LeadsAt(x.supervisor, int(m), x.start) {
			continue
		}
		q := meeting{round: r, members: st.single(m), want: anything}
		if !st.common(&q, x.li).Has(x.i) {
			continue
		}
		if cost := st.startCost(m, r, x.li, x.supervisor, x.i); cost < least {
			least, at = cost, id
		}
	}
	return at
}

// moveDate takes a date of an introduction round out of the plan and finds another time for it: for the same people, or for
// whoever can come.
func (st *state) moveDate(noise int64) bool {
	if len(st.introductions) == 0 {
		return false
	}
	r := draw(st.rng, st.introductions)
	if len(st.pins.dates[r]) == 0 {
		return false
	}
	j := st.rng.n(len(st.pins.dates[r]))
	id := st.dateSession(r, j)
	if id == none {
		return st.introduce(r, noise)
	}
	members := slices.Clone(st.sessions[id].members)
	st.remove(id)
	if st.rng.chance(1, 2) {
		q := meeting{round: r, members: members, want: st.pins.dates[r][j].want, settled: st.pins.dates[r][j].members != nil, noise: noise}
		c, ok := st.choose(&q)
		if ok {
			st.sessions[st.put(r, c, members, none)].date = j
		}
		return ok
	}
	return st.introduce(r, noise)
}
