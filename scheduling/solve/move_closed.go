package solve

import "slices"

// moveClosed finds another time for one session of a closed group.
func (st *state) moveClosed(noise int64) bool {
	id := st.random(draw(st.rng, st.closed))
	return id != none && st.shift(id, noise)
}

// exchangeClosed lets two closed groups exchange a member each; every session that the new members cannot attend finds another
// time.
func (st *state) exchangeClosed(noise int64) bool {
	a, b := st.random(st.closed[0]), st.random(st.closed[0])
	if a == none || b == none || a == b || st.sessions[a].group == st.sessions[b].group {
		return false
	}
	left, right := exchanged(st.rng, st.sessions[a].members, st.sessions[b].members)
	return st.regroupBoth(a, b, left, right, noise)
}

// moveClosedMember moves a member from one closed group to another.
func (st *state) moveClosedMember(noise int64) bool {
	a, b := st.random(st.closed[0]), st.random(st.closed[0])
	if a == none || b == none || a == b || !st.hasRoom(&st.sessions[b]) || len(st.sessions[a].members) <= st.Problem.Size.Min {
		return false
	}
	left, right := slices.Clone(st.sessions[a].members), slices.Clone(st.sessions[b].members)
	i := st.rng.n(len(left))
	right = append(right, left[i])
	left = slices.Delete(left, i, i+1)
	return st.regroupBoth(a, b, left, right, noise)
}

// regroupBoth takes two closed groups out and forms two others, each with its supervisor, and at the old times where it can.
func (st *state) regroupBoth(a, b int32, left, right []int32, noise int64) bool {
	if !st.together(left) || !st.together(right) {
		return false
	}
	xs, ys := st.groupSessions(a), st.groupSessions(b)
	for _, id := range append(slices.Clone(xs), ys...) {
		st.remove(id)
	}
	st.labels += 2
	for i, list := range [...][]int32{xs, ys} {
		members := [...][]int32{left, right}[i]
		for _, id := range list {
			x := st.sessions[id]
			x.group = st.labels - 2 + i
			if !st.again(&x, members, st.rng.chance(3, 4), noise) {
				return false
			}
		}
	}
	return true
}

// releadClosed gives a closed group another supervisor, and its members' individual sessions new times.
func (st *state) releadClosed(noise int64) bool {
	id := st.random(st.closed[0])
	if id == none {
		return false
	}
	members := slices.Clone(st.sessions[id].members)
	for _, o := range st.groupSessions(id) {
		st.remove(o)
	}
	if st.rng.chance(3, 4) {
		st.dropSolos(members)
	}
	leaders := st.leaders[st.closed[0]][members[0]]
	if len(leaders) == 0 || !st.form(members, int(draw(st.rng, leaders)), st.closed, noise) {
		return false
	}
	st.refill(noise)
	return true
}

// dissolveClosed takes one to three closed groups apart, with or without the individual sessions of their members.
func (st *state) dissolveClosed(noise int64) bool {
	solos := st.rng.chance(1, 3)
	for range 1 + st.rng.n(3) {
		if id := st.random(st.closed[0]); id != none {
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
