package solve

import (
	"slices"

	"kreds/scheduling/internal/prep"
)

// act is one change of the plan; was is the supervisor's stamp before it.
type act struct {
	session int32
	placed  bool
	was     uint64
}

// place puts a session into the plan. Its members have no session in the round.
func (st *state) place(id int32) {
	x := &st.sessions[id]
	l := &st.leads[x.supervisor]
	st.journal = append(st.journal, act{id, true, l.stamp})
	st.account(x, +1)
	st.include(id)
	st.stamp++
	l.stamp = st.stamp
}

// remove takes a session out of the plan.
func (st *state) remove(id int32) {
	x := &st.sessions[id]
	l := &st.leads[x.supervisor]
	st.journal = append(st.journal, act{id, false, l.stamp})
	st.exclude(id)
	st.account(x, -1)
	st.gone = append(st.gone, id)
	st.stamp++
	l.stamp = st.stamp
}

// rollback takes back every act since a mark of the journal, and with it the counts.
func (st *state) rollback(mark int, f *tally) {
	for i := len(st.journal) - 1; i >= mark; i-- {
		a := st.journal[i]
		if a.placed {
			st.exclude(a.session)
			st.gone = append(st.gone, a.session)
		} else {
			st.include(a.session)
			st.gone = slices.Delete(st.gone, slices.Index(st.gone, a.session), slices.Index(st.gone, a.session)+1)
		}
		st.leads[st.sessions[a.session].supervisor].stamp = a.was
	}
	st.journal = st.journal[:mark]
	st.f = *f
}

// commit makes what was done last.
func (st *state) commit() {
	for _, a := range st.journal {
		for _, m := range st.sessions[a.session].members {
			if !st.isDirty[m] {
				st.isDirty[m] = true
				st.dirty = append(st.dirty, m)
			}
		}
	}
	st.journal = st.journal[:0]
	st.reuse()
}

// reuse frees the rows of sessions that nothing can bring back.
func (st *state) reuse() {
	st.spare = append(st.spare, st.gone...)
	st.gone = st.gone[:0]
}

// include writes a session into everybody's time.
func (st *state) include(id int32) {
	x := &st.sessions[id]
	intro := st.Rounds[x.round].Place < 0
	for _, m := range x.members {
		k := int(m)*st.rounds + x.round
		st.at[k] = id
		st.unlack(k, m, x.round)
		if !intro && st.judged[fair] && st.flags(&st.Mentors[m], x)&prep.Inconvenient != 0 {
			st.inc[m]++
		}
	}
	x.in = int32(len(st.byRound[x.round]))
	st.byRound[x.round] = append(st.byRound[x.round], id)
	l := &st.leads[x.supervisor]
	at, _ := slices.BinarySearchFunc(l.list, x.start, func(o int32, start int) int { return st.sessions[o].start - start })
	l.list = slices.Insert(l.list, at, id)
	l.count(st.model, x, +1)
}

// exclude is the reverse of include.
func (st *state) exclude(id int32) {
	x := &st.sessions[id]
	intro := st.Rounds[x.round].Place < 0
	for _, m := range x.members {
		k := int(m)*st.rounds + x.round
		st.at[k] = none
		st.lackAt[k] = int32(len(st.lacking[x.round]))
		st.lacking[x.round] = append(st.lacking[x.round], m)
		if !intro && st.judged[fair] && st.flags(&st.Mentors[m], x)&prep.Inconvenient != 0 {
			st.inc[m]--
		}
	}
	row := st.byRound[x.round]
	last := row[len(row)-1]
	row[x.in] = last
	st.sessions[last].in = x.in
	st.byRound[x.round] = row[:len(row)-1]
	l := &st.leads[x.supervisor]
	at, _ := slices.BinarySearchFunc(l.list, x.start, func(o int32, start int) int { return st.sessions[o].start - start })
	for l.list[at] != id { // two pinned sessions may start at once
		at++
	}
	l.list = slices.Delete(l.list, at, at+1)
	l.count(st.model, x, -1)
}

// unlack takes a mentor from the list of those who lack a session in the round.
func (st *state) unlack(k int, m int32, r int) {
	row := st.lacking[r]
	at, last := st.lackAt[k], row[len(row)-1]
	row[at] = last
	st.lackAt[int(last)*st.rounds+r] = at
	st.lackAt[k] = none
	st.lacking[r] = row[:len(row)-1]
}
