package solve

import (
	"slices"

	"kreds/scheduling"
	"kreds/scheduling/internal/prep"
)

// state is a plan in motion: the sessions, who sits in them, what that costs, and how to take back what was done.
//
// It changes by two acts only, place and remove, each of one session. Both keep the counts of every term exact. A session that
// is being removed keeps its row until commit, so that rollback can bring it back.
type state struct {
	*model
	rng random

	sessions []session
	spare    []int32 // rows of sessions to use again
	gone     []int32 // rows of sessions that were removed since the last commit

	at      []int32   // mentor · rounds + round: the session, or none
	lacking [][]int32 // by round: the mentors without a session
	lackAt  []int32   // mentor · rounds + round: the place in lacking, or none
	inc     []int64   // of each mentor: inconvenient sessions
	byRound [][]int32 // the sessions of each round
	leads   []leader
	stamp   uint64
	f       tally
	journal []act
	dirty   []int32 // mentors who were touched since the best plan was kept
	isDirty []bool
	labels  int // of closed groups, given so far

	scratch
}

// session is one session of the plan.
type session struct {
	round, supervisor int
	start, length     int // slots
	li, i             int // in Round.Lengths and on its grid; none for a pinned session that lies beside them
	members           []int32
	group             int   // label of a closed group, else none
	block             int   // of the pins: its members are pinned; else none
	date              int   // of an introduction round: the place in the pins' dates, else none
	frozen            bool  // pinned as a whole
	in                int32 // place in byRound
}

func newState(m *model, rng random) *state {
	st := &state{model: m, rng: rng, stamp: 1}
	st.at = make([]int32, m.mentors*m.rounds)
	st.lackAt = make([]int32, m.mentors*m.rounds)
	st.inc = make([]int64, m.mentors)
	st.isDirty = make([]bool, m.mentors)
	st.byRound = make([][]int32, m.rounds)
	st.lacking = make([][]int32, m.rounds)
	for r := range m.rounds {
		for i := range m.mentors {
			st.at[i*m.rounds+r] = none
			st.lackAt[i*m.rounds+r] = int32(i)
			st.lacking[r] = append(st.lacking[r], int32(i))
			st.f[missing] += m.priority[i*m.rounds+r]
		}
	}
	for s := range m.supervisors {
		st.leads = append(st.leads, newLeader(m, s))
	}
	st.scratch = newScratch(m)
	for _, fz := range m.pins.frozen {
		st.freeze(fz)
	}
	st.countUnkept()
	st.commit()
	return st
}

// freeze places a pinned session that no act will touch.
func (st *state) freeze(fz frozen) {
	st.labels = max(st.labels, fz.group+1)
	li := slices.Index(st.Rounds[fz.round].Lengths, fz.length)
	id := st.newSession(fz.round, li, fz.supervisor, fz.start, fz.members, fz.group)
	st.sessions[id].frozen = true
	st.place(id)
}

// newSession fills a row; place puts it into the plan. li may be none for a pinned session of another length.
func (st *state) newSession(r, li, s, start int, members []int32, group int) int32 {
	var id int32
	if n := len(st.spare); n > 0 {
		id = st.spare[n-1]
		st.spare = st.spare[:n-1]
	} else {
		id = int32(len(st.sessions))
		st.sessions = append(st.sessions, session{})
	}
	x := &st.sessions[id]
	length := 0
	if li >= 0 {
		length = st.Rounds[r].Lengths[li]
	} else {
		length = st.lengthFor(r, len(members))
	}
	*x = session{round: r, supervisor: s, start: start, length: length, li: li, i: none, members: append(x.members[:0], members...), group: group, block: none, date: none}
	if i, ok := st.Rounds[r].At(start); ok {
		x.i = i
	}
	slices.Sort(x.members)
	return id
}

// flags are what a session's time means to one of its people.
func (m *model) flags(who *prep.Person, x *session) prep.Flags {
	if x.i >= 0 && x.li >= 0 {
		if t := &who.Times[x.round]; t.Starts[x.li].Has(x.i) {
			return t.Flags[x.li][x.i]
		}
	}
	return m.FlagsAt(who, x.start, x.length)
}

// counted says whether a session is one of an individual or a group round.
func (m *model) counted(x *session) bool { return m.Rounds[x.round].Kind != scheduling.Introduction }
