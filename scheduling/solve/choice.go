package solve

import (
	"math/bits"

	"kreds/scheduling/internal/prep"
)

// meeting asks for a supervisor and a start of one session of an individual or a group round, whose members are known.
type meeting struct {
	round   int
	members []int32
	want
	settled bool    // the members are pinned: whether they may sit together is not judged
	leaders []int32 // the supervisors to look at; nil: all who may lead the first member
	noise   int64   // the temperature of the draw, in fine units; 0: the best
}

// choice is a supervisor and a start, with what they cost in fine units: everything that depends on the two, and nothing that
// does not.
type choice struct {
	supervisor, i, li int
	cost              int64
}

// common gives the starts at which all members are free for a session of the length, beside their other sessions. The set
// belongs to the state until the next call for the round.
func (st *state) common(q *meeting, li int) prep.Bits {
	b := st.free[q.round]
	length := st.Rounds[q.round].Lengths[li]
	given := q.settled && q.pinnedStart
	if given {
		clear(b)
	} else {
		copy(b, st.Mentors[q.members[0]].Times[q.round].Starts[li])
		for _, m := range q.members[1:] {
			b.And(st.Mentors[m].Times[q.round].Starts[li])
		}
	}
	if q.timed {
		i, ok := st.Rounds[q.round].At(q.start)
		if ok && given {
			b.Set(i)
		}
		if !ok {
			clear(b)
		}
		b.Keep(i, i+1)
	}
	for _, m := range q.members {
		st.carve(b, int(m), q.round, length)
	}
	return b
}

// choose finds a supervisor and a start for a meeting: the best, or with noise a draw that prefers the good.
func (st *state) choose(q *meeting) (choice, bool) {
	li, ok := st.Rounds[q.round].Length(len(q.members))
	if !ok && q.settled {
		li = st.lengthIndex(q.round, len(q.members))
		ok = li >= 0
	}
	if !ok {
		return choice{}, false
	}
	return st.chooseFrom(q, li, st.common(q, li))
}

// lengthIndex is the place in Lengths of a pinned session of any size, none if it has no lawful length at all.
func (m *model) lengthIndex(r, size int) int {
	for li, length := range m.Rounds[r].Lengths {
		if length == m.lengthFor(r, size) {
			return li
		}
	}
	return none
}

// chooseFrom looks at the starts in free only.
func (st *state) chooseFrom(q *meeting, li int, free prep.Bits) (choice, bool) {
	best := choice{supervisor: none, li: li, cost: noLimit}
	if free.Empty() || !q.settled && st.Rounds[q.round].Place >= 0 && !st.together(q.members) {
		return best, false
	}
	if q.supervisor != none {
		if !(q.settled && q.pinnedLeader) && !st.mayLead(q.round, q.supervisor, q.members) {
			return best, false
		}
		st.scan(q, li, q.supervisor, free, &best)
		return best, best.supervisor != none
	}
	leaders := q.leaders
	if leaders == nil {
		leaders = st.leaders[q.round][q.members[0]]
	}
	for _, s := range leaders {
		if st.mayLead(q.round, int(s), q.members) {
			st.scan(q, li, int(s), free, &best)
		}
	}
	return best, best.supervisor != none
}

// together says whether the members may be in one group, as far as it does not depend on the time.
func (m *model) together(members []int32) bool {
	for i, a := range members {
		apart := m.Pairs.ApartFrom(int(a))
		for _, b := range members[:i] {
			if apart.Has(int(b)) {
				return false
			}
		}
	}
	return true
}

// mayLead says whether a supervisor may lead all the members, as far as it does not depend on the time: qualified, admitted,
// not dependent, and in a language that all share (in profile core: that each shares with the supervisor).
func (m *model) mayLead(r, s int, members []int32) bool {
	leads := m.Pairs.Leads(r, s)
	for _, i := range members {
		if !leads.Has(int(i)) {
			return false
		}
	}
	return !m.field || len(members) == 1 || m.shareLanguage(s, members)
}

func (m *model) shareLanguage(s int, members []int32) bool {
	for w, langs := range m.Supervisors[s].Langs {
		for _, i := range members {
			langs &= m.Mentors[i].Langs[w]
		}
		if langs != 0 {
			return true
		}
	}
	return false
}

// scan looks at all the starts at which a supervisor can lead the meeting, and keeps the best in best.
func (st *state) scan(q *meeting, li, s int, free prep.Bits, best *choice) {
	base := st.leaderCost(q, s)
	if base-q.noise*mostNoise >= best.cost {
		return
	}
	open := st.openFor(s, q.round, li, q.want)
	flags := st.Supervisors[s].Times[q.round].Flags[li]
	days := st.Supervisors[s].Zone.Rounds[q.round].Day
	led := st.leads[s].led
	limited := st.Pairs.Limited()
	salt := 0
	if q.noise > 0 {
		salt = st.rng.n(noiseLen)
	}
	for w, word := range free {
		for word &= open[w]; word != 0; word &= word - 1 {
			i := w*64 + bits.TrailingZeros64(word)
			cost := base + st.flagCost[flags[i]]
			if led[int(days[i])-st.firstDay] == 0 {
				cost += st.price[day]
			}
			for _, m := range q.members {
				cost += st.startCost(m, q.round, li, s, i)
			}
			if q.noise > 0 {
				cost -= q.noise * gumbelSteps[(i+salt)%noiseLen] / noiseUnit
			}
			if cost < best.cost && !(limited && !st.lawfulAt(q, s, st.Rounds[q.round].Slot(i))) {
				best.supervisor, best.i, best.cost = s, i, cost
			}
		}
	}
}

// leaderCost is what a supervisor costs at any start.
func (st *state) leaderCost(q *meeting, s int) int64 {
	cost := int64(0)
	if st.Rounds[q.round].Place < 0 {
		return 0
	}
	if st.leads[s].load >= st.target[s] {
		cost += st.price[over]
	}
	if st.judged[same] {
		for _, m := range q.members {
			before, after := st.around(m, q.round)
			cost += st.price[same] * (differ(before, s) + differ(s, after))
		}
	}
	return cost
}

// around are the supervisors of the mentor's sessions in the rounds before and after.
func (st *state) around(m int32, round int) (before, after int) {
	before, after = none, none
	for r, id := range st.at[int(m)*st.rounds : (int(m)+1)*st.rounds] {
		if id < 0 || r == round || st.Rounds[r].Place < 0 {
			continue
		}
		if r < round {
			before = st.sessions[id].supervisor
		} else {
			return before, st.sessions[id].supervisor
		}
	}
	return before, after
}

// startCost is what a start costs a member.
func (st *state) startCost(m int32, r, li, s, i int) int64 {
	who := &st.Mentors[m]
	f := who.Times[r].Flags[li][i]
	cost := st.flagCost[f]
	if st.Rounds[r].Place < 0 {
		return cost
	}
	if st.judged[spread] {
		cost += st.price[spread] * int64(who.Zone.Rounds[r].Off[i])
	}
	if f&prep.Inconvenient != 0 {
		cost += st.price[fair] * st.inc[m]
	}
	if st.judged[change] {
		cost += st.price[change] * st.changed(int(m), r, s, st.Rounds[r].Slot(i))
	}
	return cost
}

// lawfulAt looks at the pairs that are apart, and the supervisors who are dependent, for a time only.
func (st *state) lawfulAt(q *meeting, s, start int) bool {
	for i, a := range q.members {
		if !(q.settled && q.pinnedLeader) && !st.Pairs.LeadsAt(s, int(a), start) {
			return false
		}
		if q.settled || st.Rounds[q.round].Place < 0 { // pairs do not bind introductions
			continue
		}
		for _, b := range q.members[:i] {
			if st.Pairs.Apart(int(a), int(b), start) {
				return false
			}
		}
	}
	return true
}
