package solve

import "slices"

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
