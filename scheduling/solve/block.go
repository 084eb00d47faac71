package solve

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
