package solve

import (
	"kreds/scheduling"
	"kreds/scheduling/internal/prep"
)

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

func newLeader(m *model, s int) leader {
	who := &m.Supervisors[s]
	l := leader{led: make([]int16, m.days), days: make([]work, m.days), weeks: make([]work, m.weeks), stamp: 1}
	for _, t := range who.Taken {
		day := who.Zone.Day(t.From) - m.firstDay
		week := scheduling.FloorDiv(who.Zone.Day(t.From), 7) - m.firstWeek
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

func (l *leader) count(m *model, x *session, sign int) {
	day := m.dayOf(x) - m.firstDay
	week := scheduling.FloorDiv(day+m.firstDay, 7) - m.firstWeek
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
