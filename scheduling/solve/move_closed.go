package solve

import (
	"slices"

	"kreds/scheduling/internal/prep"
)

// moveClosed finds another time for one session of a closed group.
func (st *state) moveClosed(noise int64) bool {
	id := st.random(draw(st.rng, st.closed))
	return id != none && st.shift(id, noise)
}

// exchangeClosed lets two closed groups exchange a member each: a random one of a random group, and of those with whom both
// groups may have times in common the one with whom they are composed best. Sessions that the new members cannot attend find
// another time.
func (st *state) exchangeClosed(noise int64) bool {
	a := st.random(st.closed[0])
	if a == none {
		return false
	}
	x := &st.sessions[a]
	i := st.rng.n(len(x.members))
	st.commonStatic(st.part, x, i)
	row, least, b, k := st.byRound[st.closed[0]], int64(noLimit), int32(none), 0
	offset := st.rng.n(len(row))
	for o := range min(len(row), exchangeMost) {
		id := row[(offset+o)%len(row)]
		y := &st.sessions[id]
		if id == a || y.frozen || y.block != none {
			continue
		}
		for j, m := range y.members {
			if !st.Pairs.Leads(x.round, x.supervisor).Has(int(m)) || !st.meetsAll(st.part, m, x) {
				continue
			}
			left, right := exchanged(x.members, y.members, i, j)
			if !st.together(left) || !st.together(right) {
				continue
			}
			if st.commonStatic(st.free, y, j); !st.meetsAll(st.free, x.members[i], y) {
				continue
			}
			if cost := st.composeCost(x.round, left) + st.composeCost(y.round, right) - st.composeCost(y.round, y.members) - st.gust(noise); cost < least {
				least, b, k = cost, id, j
			}
		}
	}
	if b == none {
		return false
	}
	left, right := exchanged(x.members, st.sessions[b].members, i, k)
	return st.regroupBoth(a, b, left, right, noise)
}

// exchangeMost is how many groups an exchange looks at, where there are more.
const exchangeMost = 8

// commonStatic gives, by round, when the supervisor of a closed group and its members but the i-th are free, whatever else they
// do in the plan.
func (st *state) commonStatic(out []prep.Bits, x *session, i int) {
	for _, r := range st.closed {
		li, _ := st.Rounds[r].Length(len(x.members))
		copy(out[r], st.Supervisors[x.supervisor].Times[r].Starts[li])
		for k, m := range x.members {
			if k != i {
				out[r].And(st.Mentors[m].Times[r].Starts[li])
			}
		}
	}
}

// meetsAll says whether a mentor is free at one of the starts in every closed round.
func (st *state) meetsAll(starts []prep.Bits, m int32, x *session) bool {
	for _, r := range st.closed {
		li, ok := st.Rounds[r].Length(len(x.members))
		if !ok || !starts[r].Meets(st.Mentors[m].Times[r].Starts[li]) {
			return false
		}
	}
	return true
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
	st.dissolve(st.closed[0], st.rng.chance(1, 3), false)
	if len(st.todo) == 0 {
		return false
	}
	st.refill(noise)
	return true
}
