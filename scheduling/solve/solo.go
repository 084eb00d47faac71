package solve

// lookMost is how many supervisors the search looks at for one session, where there are more.
const lookMost = 10

// insertSolo gives a mentor an individual session: the best, or with noise a draw.
func (st *state) insertSolo(m int32, r int, noise int64, look int) bool {
	c, ok := st.chooseSolo(m, r, noise, look)
	if ok {
		st.put(r, c, st.single(m), none)
	}
	return ok
}

func (st *state) chooseSolo(m int32, r int, noise int64, look int) (choice, bool) {
	q := meeting{round: r, members: st.single(m), want: anything, noise: noise}
	if w, pinned := st.pins.solos[int(m)*st.rounds+r]; pinned {
		q.want, q.settled = w, true
	} else {
		q.leaders = st.look(m, r, look)
	}
	return st.choose(&q)
}

// single gives a list of one. It belongs to the state until the next call.
func (st *state) single(m int32) []int32 {
	st.solo[0] = m
	return st.solo[:]
}

// put places a session as chosen.
func (st *state) put(r int, c choice, members []int32, group int) int32 {
	id := st.newSession(r, c.li, c.supervisor, st.Rounds[r].Slot(c.i), members, group)
	st.place(id)
	return id
}
