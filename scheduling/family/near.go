package family

import (
	"fmt"
	"slices"

	"kreds/scheduling"
)

const plantTries = 500

// plant draws a lawful plan at random, before there is any busy time: groups of four in lawful pairs, then an individual
// session for each mentor. It starts again when it runs into a corner.
func (m *maker) plant() (*scheduling.Plan, error) {
	for range plantTries {
		d := draft{m: m, plan: &scheduling.Plan{Sessions: []scheduling.Session{}, Unassigned: []scheduling.Unassigned{}}}
		if d.groups() && d.solos() {
			return d.plan, nil
		}
	}
	return nil, fmt.Errorf("scheduling/family: no plan could be planted in %s with seed %d", m.name, m.p.Seed)
}

// draft is a plan in the making.
type draft struct {
	m    *maker
	plan *scheduling.Plan
}

// groups deals all mentors into groups of four, in shuffled order; a remainder makes some of them groups of five or three.
func (d *draft) groups() bool {
	m := d.m
	n := len(m.p.Mentors)
	count := (n + 2) / 4
	dealt := make([][]int, count)
	for _, i := range m.rng.Perm(n) {
		g := slices.IndexFunc(dealt, func(g []int) bool { return len(g) < (n+count-1)/count && d.fits(g, i) })
		if g < 0 {
			return false
		}
		dealt[g] = append(dealt[g], i)
	}
	for _, g := range dealt {
		if len(g) < m.p.Size.Min || !d.place(groupRound, g, coreGroupDur) {
			return false
		}
	}
	return true
}

// fits says whether a mentor may join the others: no forbidden pair, and some supervisor speaks with all of them.
func (d *draft) fits(group []int, i int) bool {
	for _, j := range group {
		if joined(d.m.p.Forbidden, d.m.p.Mentors[i].ID, d.m.p.Mentors[j].ID) {
			return false
		}
	}
	all := append(slices.Clone(group), i)
	return slices.ContainsFunc(d.m.p.Supervisors, func(s scheduling.Supervisor) bool { return d.speaks(s, all) })
}

func (d *draft) speaks(s scheduling.Supervisor, mentors []int) bool {
	for _, i := range mentors {
		if !slices.ContainsFunc(d.m.p.Mentors[i].Langs, func(l string) bool { return slices.Contains(s.Langs, l) }) {
			return false
		}
	}
	return true
}

// solos gives each mentor an individual session.
func (d *draft) solos() bool {
	for _, i := range d.m.rng.Perm(len(d.m.p.Mentors)) {
		if !d.place(individualRound, []int{i}, coreSoloDur) {
			return false
		}
	}
	return true
}

// place draws a supervisor and a start until both are lawful.
func (d *draft) place(round string, mentors []int, dur int) bool {
	m := d.m
	r := m.p.Rounds[slices.IndexFunc(m.p.Rounds, func(r scheduling.Round) bool { return r.ID == round })]
	for range plantTries {
		s := m.p.Supervisors[m.rng.IntN(len(m.p.Supervisors))]
		start := r.Open + m.p.StartStep*m.rng.IntN((r.Close-r.Open)/m.p.StartStep)
		span := scheduling.Span{From: start, To: start + dur}
		if span.To > r.Close || !d.speaks(s, mentors) || !works(s.Person, span) || !d.leads(s, span) {
			continue
		}
		if slices.ContainsFunc(mentors, func(i int) bool { return !d.attends(m.p.Mentors[i], span) }) {
			continue
		}
		session := scheduling.Session{Round: round, Supervisor: s.ID, Start: start, Dur: dur, Mode: scheduling.Virtual}
		for _, i := range mentors {
			session.Members = append(session.Members, mentorID(i))
		}
		slices.Sort(session.Members)
		d.plan.Sessions = append(d.plan.Sessions, session)
		return true
	}
	return false
}

// leads says whether a supervisor can lead one session more: buffer, sessions a day and sessions a week.
func (d *draft) leads(s scheduling.Supervisor, span scheduling.Span) bool {
	z, start := d.m.zone[s.ID], d.m.p.CycleStart
	dayOf := func(slot int) int { return scheduling.FloorDiv(slot+z.offset(start, slot), scheduling.SlotsPerDay) }
	day, today, thisWeek := dayOf(span.From), 0, 0
	for _, o := range d.plan.Sessions {
		if o.Supervisor != s.ID {
			continue
		}
		if (scheduling.Span{From: span.From - s.Buffer, To: span.To + s.Buffer}).Overlaps(o.Span()) {
			return false
		}
		if other := dayOf(o.Start); other == day {
			today++
		}
		if scheduling.FloorDiv(dayOf(o.Start), daysAWeek) == scheduling.FloorDiv(day, daysAWeek) {
			thisWeek++
		}
	}
	return today < *s.MaxDay && thisWeek < *s.MaxWeek
}

// attends says whether a mentor works then, and far enough from their other session.
func (d *draft) attends(mentor scheduling.Mentor, span scheduling.Span) bool {
	for _, o := range d.plan.Sessions {
		if !slices.Contains(o.Members, mentor.ID) {
			continue
		}
		if gap := span.From - o.Start; gap < d.m.p.Gap.Min || gap > *d.m.p.Gap.Max {
			return false
		}
	}
	return works(mentor.Person, span)
}

func works(p scheduling.Person, span scheduling.Span) bool {
	return slices.ContainsFunc(p.Work, func(w scheduling.Span) bool { return w.Contains(span) })
}

// times lists when each person of a plan is needed.
func times(plan *scheduling.Plan) map[string][]scheduling.Span {
	spans := map[string][]scheduling.Span{}
	for _, s := range plan.Sessions {
		for _, id := range append([]string{s.Supervisor}, s.Members...) {
			spans[id] = append(spans[id], s.Span())
		}
	}
	return spans
}
