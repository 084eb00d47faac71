package solve

import (
	"kreds/scheduling"
	"kreds/scheduling/internal/prep"
)

// When people can meet beside what the plan holds already.

// opening gives the starts of a round at which a supervisor can lead one session more of the length. The set belongs to the
// state, and holds until the supervisor's sessions change.
func (st *state) opening(s, r, li int) prep.Bits {
	l := &st.leads[s]
	o := &l.open[r][li]
	if o.stamp == l.stamp {
		return o.bits
	}
	o.stamp = l.stamp
	copy(o.bits, st.Supervisors[s].Times[r].Starts[li])
	st.narrowLeader(o.bits, s, r, st.Rounds[r].Lengths[li])
	return o.bits
}

// openFor is opening for a session of which w is pinned: where supervisor and start are, only the rest of the plan is asked. The
// set belongs to the state until the next call for the round.
func (st *state) openFor(s, r, li int, w want) prep.Bits {
	if !w.pinnedLeader || !w.pinnedStart {
		return st.opening(s, r, li)
	}
	open := st.part[r]
	open.SetRange(0, st.Rounds[r].Len)
	st.narrowLeader(open, s, r, st.Rounds[r].Lengths[li])
	return open
}

// narrowLeader takes the starts at which a supervisor's sessions of the plan leave no room for one more: the buffer, the
// limits of days and weeks (H15, H32).
func (st *state) narrowLeader(b prep.Bits, s, r, length int) {
	round, l, who := &st.Rounds[r], &st.leads[s], st.Supervisors[s].Supervisor
	from, to := round.First-length-who.Buffer, round.Slot(round.Len)+who.Buffer
	lastDay, lastWeek := st.firstDay-1, 0
	for _, id := range l.list {
		x := &st.sessions[id]
		if x.start+x.length > from && x.start < to {
			b.ClearRange(round.From(x.start-length-who.Buffer+1), round.From(x.start+x.length+who.Buffer))
		}
		d := st.dayOf(x)
		if d == lastDay {
			continue
		}
		if st.full(l.days[d-st.firstDay], who.MaxDay, who.MaxDaySlots, length) {
			st.clearDays(b, s, r, d, d+1)
		}
		if w := scheduling.FloorDiv(d, 7); lastDay < st.firstDay || w != lastWeek {
			if st.full(l.weeks[w-st.firstWeek], who.MaxWeek, who.MaxWeekSlots, length) {
				st.clearDays(b, s, r, 7*w, 7*w+7)
			}
			lastWeek = w
		}
		lastDay = d
	}
}

// full says whether one session more would pass a limit. Profile core knows no limits of hours.
func (m *model) full(w work, sessions, slots *int, length int) bool {
	return sessions != nil && int(w.sessions)+1 > *sessions || m.field && slots != nil && int(w.slots)+length > *slots
}

// clearDays takes the starts of the supervisor's local days [from, to).
func (m *model) clearDays(b prep.Bits, s, r, from, to int) {
	runs := m.Supervisors[s].Zone.Rounds[r].Runs
	if len(runs) == 0 || to <= runs[0].Day || from > runs[len(runs)-1].Day {
		return
	}
	for _, run := range runs {
		if from <= run.Day && run.Day < to {
			b.ClearRange(run.From, run.To)
		}
	}
}

// window gives the slots [from, to] in which a session of a mentor may start, by their other individual and group sessions:
// order and gaps (H18, H33), not two at once (H32), preparation first (H11).
func (st *state) window(m, r, length int) (from, to int) {
	from, to = -noLimit, noLimit
	place := st.Rounds[r].Place
	prepared := false
	for o, id := range st.at[m*st.rounds : (m+1)*st.rounds] {
		if id < 0 || o == r {
			continue
		}
		x := &st.sessions[id]
		switch other := st.Rounds[o].Place; {
		case other < 0 && st.field:
			prepared = true
			from = max(from, x.start+x.length+scheduling.SlotsPerDay)
		case other < 0: // profile core: see carve
		case other < place:
			from = max(from, x.start+max(st.gap, x.length, 1))
			if other == place-1 {
				to = min(to, x.start+st.longest)
			}
		default:
			to = min(to, x.start-max(st.gap, length, 1))
			if other == place+1 {
				from = max(from, x.start-st.longest)
			}
		}
	}
	if st.field && !prepared && len(st.introductions) > 0 {
		if at := st.Mentors[m].Mentor.PreparedAt; at != nil {
			from = max(from, *at+scheduling.SlotsPerDay)
		} else {
			from = noLimit
		}
	}
	return from, to
}

// carve leaves in b the starts at which a mentor can have a session of the length in a round, by their other sessions.
func (st *state) carve(b prep.Bits, m, r, length int) {
	round := &st.Rounds[r]
	if round.Place < 0 {
		st.carveIntroduction(b, m, r, length)
		return
	}
	from, to := st.window(m, r, length)
	if from > to {
		clear(b)
		return
	}
	if from > round.First {
		b.ClearRange(0, round.From(min(from, round.Close)))
	}
	if to < round.Slot(round.Len-1) {
		b.ClearRange(round.From(max(to+1, round.First)), len(b)*64)
	}
	if st.gap < 2*scheduling.SlotsPerDay && st.field {
		st.carveDays(b, m, r)
	}
	if !st.field {
		st.carveOverlaps(b, m, r, length)
	}
}

// carveDays takes the local days on which a mentor has as many sessions as a day may have (H17).
func (st *state) carveDays(b prep.Bits, m, r int) {
	z := st.Mentors[m].Zone
	days := map[int]int{}
	for o, id := range st.at[m*st.rounds : (m+1)*st.rounds] {
		if id >= 0 && o != r && st.Rounds[o].Place >= 0 {
			days[z.Day(st.sessions[id].start)]++
		}
	}
	if len(days) == 0 {
		return
	}
	for _, t := range st.Mentors[m].Taken {
		if t.Kind != scheduling.Introduction {
			days[z.Day(t.From)]++
		}
	}
	for _, run := range z.Rounds[r].Runs {
		if days[run.Day] >= st.Problem.MaxPerDay {
			b.ClearRange(run.From, run.To)
		}
	}
}

// carveOverlaps takes the starts at which a mentor is in another session (H32).
func (st *state) carveOverlaps(b prep.Bits, m, r, length int) {
	round := &st.Rounds[r]
	for _, o := range st.introductions {
		if id := st.at[m*st.rounds+o]; id >= 0 && o != r {
			x := &st.sessions[id]
			b.ClearRange(round.From(x.start-length+1), round.From(x.start+x.length))
		}
	}
}

// carveIntroduction leaves the starts at which a mentor can be introduced: beside other introductions, and a day before the
// first session.
func (st *state) carveIntroduction(b prep.Bits, m, r, length int) {
	round := &st.Rounds[r]
	st.carveOverlaps(b, m, r, length)
	for o, id := range st.at[m*st.rounds : (m+1)*st.rounds] {
		if id < 0 || st.Rounds[o].Place < 0 {
			continue
		}
		x := &st.sessions[id]
		if st.field {
			b.ClearRange(round.From(x.start-scheduling.SlotsPerDay-length+1), len(b)*64)
		} else {
			b.ClearRange(round.From(x.start-length+1), round.From(x.start+x.length))
		}
	}
}
