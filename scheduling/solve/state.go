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

// act is one change of the plan; was is the supervisor's stamp before it.
type act struct {
	session int32
	placed  bool
	was     uint64
}

// leader is what a supervisor does in the plan.
type leader struct {
	list  []int32 // sessions by start
	load  int64   // individual and group sessions
	led   []int16 // by day: the sessions of the plan
	days  []work  // by day, with the standing ones outside of the plan
	weeks []work
	stamp uint64 // another number for every change
	open  [][]opening
}

type work struct{ sessions, slots int32 }

// opening are the starts of a round at which a supervisor can lead one session more of a length, as of a stamp.
type opening struct {
	bits  prep.Bits
	stamp uint64
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
	for r := range m.rounds {
		st.f[unkept] += int64(len(m.pins.seats[r]))
	}
	for _, fz := range m.pins.frozen {
		st.freeze(fz)
	}
	st.commit()
	return st
}

func newLeader(m *model, s int) leader {
	who := &m.Supervisors[s]
	l := leader{led: make([]int16, m.days), days: make([]work, m.days), weeks: make([]work, m.weeks), stamp: 1}
	for _, t := range who.Taken {
		day := who.Zone.Day(t.From) - m.firstDay
		week := floorDiv(who.Zone.Day(t.From), 7) - m.firstWeek
		if 0 <= day && day < m.days {
			l.days[day].add(1, t.To-t.From)
		}
		if 0 <= week && week < m.weeks {
			l.weeks[week].add(1, t.To-t.From)
		}
	}
	for r := range m.Rounds {
		row := make([]opening, len(m.Rounds[r].Lengths))
		for li := range row {
			row[li].bits = prep.NewBits(m.Rounds[r].Len)
		}
		l.open = append(l.open, row)
	}
	return l
}

func (w *work) add(sessions, slots int) {
	w.sessions += int32(sessions)
	w.slots += int32(slots)
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

func (l *leader) count(m *model, x *session, sign int) {
	day := m.dayOf(x) - m.firstDay
	week := floorDiv(day+m.firstDay, 7) - m.firstWeek
	l.led[day] += int16(sign)
	l.days[day].add(sign, sign*x.length)
	l.weeks[week].add(sign, sign*x.length)
	if m.Rounds[x.round].Place >= 0 {
		l.load += int64(sign)
	}
}

// dayOf is the local day of a session for its supervisor.
func (m *model) dayOf(x *session) int {
	z := m.Supervisors[x.supervisor].Zone
	if x.i >= 0 {
		return int(z.Rounds[x.round].Day[x.i])
	}
	return z.Day(x.start)
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
