package solve

import (
	"slices"

	"kreds/scheduling"
)

// Sessions that are pinned without members.

// countUnkept counts the pins that no session keeps, and the introduction rounds that lack a date. Pins without members are
// matched with sessions: those beyond the greatest matching are not kept.
func (st *state) countUnkept() {
	if !st.pins.any {
		return
	}
	n := int64(st.pins.hopeless)
	for _, p := range st.pins.named {
		if st.at[int(p.mentor)*st.rounds+p.round] < 0 {
			n++
		}
	}
	for r, seats := range st.pins.seats {
		n += int64(len(seats) - len(st.keptBy(r)))
	}
	for _, r := range st.introductions {
		n += st.unkeptDates(r)
	}
	st.f[unkept] = n
}

// unkeptDates counts the pinned dates of an introduction round that do not stand, and one more when any date does not (H30).
func (st *state) unkeptDates(r int) int64 {
	if len(st.byRound[r]) == st.Rounds[r].Dates {
		return 0
	}
	n := int64(1)
	for j, d := range st.pins.dates[r] {
		if d.pinned && st.dateSession(r, j) == none {
			n++
		}
	}
	return n
}

// keptBy matches the pins of a round with sessions: session to pin.
func (st *state) keptBy(r int) map[int32]int {
	kept := map[int32]int{}
	for pin := range st.pins.seats[r] {
		st.keep(r, pin, kept, map[int32]bool{})
	}
	return kept
}

// keep finds a session for a pin, moving other pins where it must (an augmenting path).
func (st *state) keep(r, pin int, kept map[int32]int, tried map[int32]bool) bool {
	w := st.pins.seats[r][pin]
	for _, id := range st.byRound[r] {
		x := &st.sessions[id]
		if tried[id] || st.ownPin(x) || w.supervisor != none && w.supervisor != x.supervisor || w.timed && w.start != x.start {
			continue
		}
		tried[id] = true
		if other, taken := kept[id]; !taken || st.keep(r, other, kept, tried) {
			kept[id] = pin
			return true
		}
	}
	return false
}

// ownPin says whether a session keeps a pin that names its members.
func (st *state) ownPin(x *session) bool {
	if x.frozen {
		return true
	}
	if x.block != none {
		b := &st.pins.blocks[x.block]
		return b.named[slices.Index(b.rounds, x.round)]
	}
	return len(x.members) == 1 && st.bound(x.members[0], x.round)
}

// bound says whether a pin binds a mentor in a round.
func (st *state) bound(m int32, r int) bool { return st.pins.blocked[int(m)*st.rounds+r] }

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

// moveTo seats somebody as a pin says: who lacks an individual session, or else those of a random session of the round.
func (st *state) moveTo(r int, w want, noise int64) bool {
	if lacking := st.lacking[r]; st.Rounds[r].Kind == scheduling.Individual && len(lacking) > 0 && st.rng.chance(1, 2) {
		m := draw(st.rng, lacking)
		return !st.bound(m, r) && st.settle(r, []int32{m}, w, none, noise)
	}
	if len(st.byRound[r]) == 0 {
		return false
	}
	id := draw(st.rng, st.byRound[r])
	x := &st.sessions[id]
	if st.ownPin(x) || x.block != none {
		return false
	}
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
	others := slices.DeleteFunc(slices.Clone(st.closed), func(o int) bool { return o == r })
	return st.settle(r, members, w, st.labels-1, noise) && st.meet(members, w.supervisor, others, st.labels-1, noise)
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
