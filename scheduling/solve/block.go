package solve

import (
	"slices"

	"kreds/scheduling"
)

// Groups whose members are pinned.

// fillBlocks places every block that does not stand. What remains of a group that is partly frozen is placed round by round, as
// far as it goes; any other block is all or nothing.
func (st *state) fillBlocks(noise int64) {
	for i := range st.pins.blocks {
		st.fillBlock(i, noise)
	}
}

func (st *state) fillBlock(i int, noise int64) bool {
	b := &st.pins.blocks[i]
	if b.group != none || st.closedAt[b.rounds[0]] < 0 {
		ok := true
		for k := range b.rounds {
			ok = st.seatBlock(i, k, b.supervisor, b.group, noise) && ok
		}
		return ok
	}
	best, least := none, int64(noLimit)
	for s := range st.supervisors {
		if b.supervisor != none && s != b.supervisor {
			continue
		}
		mark, f := len(st.journal), st.f
		if !st.seatWhole(i, s, 0) {
			continue
		}
		if cost := fine*st.felt(&st.f) - st.gust(noise); cost < least {
			best, least = s, cost
		}
		st.rollback(mark, &f)
	}
	return best != none && st.seatWhole(i, best, noise)
}

// seatWhole places a block in all its rounds, or not at all.
func (st *state) seatWhole(i, s int, noise int64) bool {
	mark, f := len(st.journal), st.f
	st.labels++
	label := st.labels - 1
	for k := range st.pins.blocks[i].rounds {
		if !st.seatBlock(i, k, s, label, noise) {
			st.rollback(mark, &f)
			return false
		}
	}
	return true
}

// seatBlock places a block in one of its rounds, if it does not stand there.
func (st *state) seatBlock(i, k, s, label int, noise int64) bool {
	b := &st.pins.blocks[i]
	r := b.rounds[k]
	if st.at[int(b.members[0])*st.rounds+r] >= 0 {
		return true
	}
	q := meeting{round: r, members: b.members, want: b.wants[k], settled: true, noise: noise}
	if q.supervisor == none {
		q.supervisor, q.pinnedLeader = s, b.supervisor != none
	}
	c, ok := st.choose(&q)
	if !ok {
		return false
	}
	id := st.put(r, c, b.members, label)
	st.sessions[id].block = i
	return true
}

// moveBlock takes a block out of the plan and seats it anew.
func (st *state) moveBlock(noise int64) bool {
	if len(st.pins.blocks) == 0 {
		return false
	}
	i := st.rng.n(len(st.pins.blocks))
	for _, r := range st.pins.blocks[i].rounds {
		if id := st.at[int(st.pins.blocks[i].members[0])*st.rounds+r]; id >= 0 && st.sessions[id].block == i {
			st.remove(id)
		}
	}
	return st.fillBlock(i, noise)
}

// Sessions that are pinned without members.

// countUnkept counts the pins without members that no session keeps: those beyond the greatest matching of pins and sessions.
func (st *state) countUnkept() {
	if len(st.pins.seats) == 0 {
		return
	}
	st.f[unkept] = 0
	for r, seats := range st.pins.seats {
		st.f[unkept] += int64(len(seats) - len(st.keptBy(r)))
	}
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
	if x.frozen || x.block != none {
		return true
	}
	if len(x.members) != 1 {
		return false
	}
	_, pinned := st.pins.solos[int(x.members[0])*st.rounds+x.round]
	return pinned
}

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
		return st.settle(r, []int32{draw(st.rng, lacking)}, w, none, noise)
	}
	if len(st.byRound[r]) == 0 {
		return false
	}
	id := draw(st.rng, st.byRound[r])
	x := &st.sessions[id]
	if st.ownPin(x) {
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
