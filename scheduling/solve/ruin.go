package solve

import (
	"slices"

	"kreds/scheduling"
)

// Taking sessions out, and seating those who then lack one.

// wanted notes that a mentor is to be seated in a round again. For closed rounds the first of them stands for all.
func (st *state) wanted(m int32, r int) {
	e := errand{m, r}
	if st.closedAt[r] >= 0 {
		e.round = st.closed[0]
	}
	if !slices.Contains(st.todo, e) {
		st.todo = append(st.todo, e)
	}
}

// drop takes a session out, a closed group as a whole, and notes who is to be seated again. Pinned sessions stay.
func (st *state) drop(id int32) bool {
	x := &st.sessions[id]
	if x.frozen || x.block != none || x.date != none {
		return false
	}
	if x.group == none {
		st.remove(id)
	} else {
		for _, o := range st.groupSessions(id) {
			st.remove(o)
		}
	}
	for _, m := range x.members {
		st.wanted(m, x.round)
	}
	return true
}

// dropSolos takes out the individual sessions of some mentors.
func (st *state) dropSolos(members []int32) {
	for _, m := range members {
		for _, r := range st.solos {
			if id := st.at[int(m)*st.rounds+r]; id >= 0 {
				st.drop(id)
			}
		}
	}
}

// refill seats everybody who is noted, and some of those who lacked a session before.
func (st *state) refill(noise int64) {
	for r := range st.rounds {
		if st.Rounds[r].Kind == scheduling.Introduction || st.closedAt[r] > 0 {
			continue
		}
		for range min(2, len(st.lacking[r])) {
			if m := draw(st.rng, st.lacking[r]); st.closedAt[r] < 0 && st.Rounds[r].Kind == scheduling.Individual || !st.pins.blocked[int(m)*st.rounds+r] {
				st.wanted(m, r)
			}
		}
	}
	shuffle(st.rng, st.todo)
	if len(st.closed) > 0 {
		st.fillClosed(st.pool(st.closed[0]), noise)
	}
	for _, r := range st.remixed {
		st.fillRemix(r, st.pool(r), noise)
	}
	for _, e := range st.todo {
		if st.Rounds[e.round].Kind == scheduling.Individual && st.at[int(e.mentor)*st.rounds+e.round] < 0 {
			st.insertSolo(e.mentor, e.round, noise, lookMost)
		}
	}
	st.todo = st.todo[:0]
}

// pool are those noted for a group round.
func (st *state) pool(r int) []int32 {
	list := st.pooling[:0]
	for _, e := range st.todo {
		if e.round == r && st.at[int(e.mentor)*st.rounds+r] < 0 {
			list = append(list, e.mentor)
		}
	}
	st.pooling = list
	return list
}

// shift finds another time for a session of the same members; a remixed group may change its supervisor.
func (st *state) shift(id int32, noise int64) bool {
	x := st.sessions[id]
	if x.frozen || x.block != none {
		return false
	}
	members := slices.Clone(x.members)
	q := meeting{round: x.round, members: members, want: anything, noise: noise}
	if x.group != none {
		q.supervisor = x.supervisor
	} else {
		q.leaders = slices.Clone(st.look(members[0], x.round, lookMost))
	}
	st.remove(id)
	c, ok := st.choose(&q)
	if ok {
		st.put(x.round, c, members, x.group)
	}
	return ok
}

// random is a random session of a round, none if it has none that may move.
func (st *state) random(r int) int32 {
	row := st.byRound[r]
	if len(row) == 0 {
		return none
	}
	if id := draw(st.rng, row); !st.sessions[id].frozen && st.sessions[id].block == none {
		return id
	}
	return none
}
