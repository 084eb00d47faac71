package store

import (
	"maps"
	"slices"
	"time"

	"kreds/calendar"
	"kreds/instance"
	"kreds/supervision"
)

// CycleFacts reads everything that the problem of a whole cycle is built from, and the window of it.
func (tx *Tx) CycleFacts(id supervision.CycleID) (instance.Facts, error) {
	f, e, a, err := tx.frame(id)
	if err != nil {
		return f, err
	}
	window, err := instance.Window(f.Cycle, f.Rounds)
	if err != nil {
		return f, &supervision.Error{Kind: supervision.Invalid, Code: "invalid", Detail: "The cycle cannot be planned as it stands: " + err.Error()}
	}
	return f, tx.fill(&f, e, a, window)
}

// FactsFor reads what sessions of a cycle are judged by: their people, and the time around them.
func (tx *Tx) FactsFor(id supervision.CycleID, sessions ...supervision.Session) (instance.Facts, error) {
	f, enrolments, assignments, err := tx.frame(id)
	if err != nil || len(sessions) == 0 {
		return f, err
	}
	people := map[supervision.PersonID]bool{}
	window := calendar.Interval{Start: sessions[0].Start, End: sessions[0].End}
	for _, s := range sessions {
		for _, p := range s.People() {
			people[p] = true
		}
		if s.Start.Before(window.Start) {
			window.Start = s.Start
		}
		if s.End.After(window.End) {
			window.End = s.End
		}
	}
	enrolments = slices.DeleteFunc(enrolments, func(e supervision.Enrolment) bool { return !people[e.Mentor] })
	assignments = slices.DeleteFunc(assignments, func(a supervision.Assignment) bool { return !people[a.Supervisor] })
	window.Start, window.End = window.Start.AddDate(0, 0, -1), window.End.AddDate(0, 0, 1)
	return f, tx.fill(&f, enrolments, assignments, window)
}

// frame reads a cycle, its rounds and programme, and who takes part.
func (tx *Tx) frame(id supervision.CycleID) (f instance.Facts, e []supervision.Enrolment, a []supervision.Assignment, err error) {
	f.Now = tx.now
	if f.Cycle, err = tx.Cycle(id); err != nil {
		return f, nil, nil, err
	}
	if f.Rounds, err = tx.Rounds(id); err != nil {
		return f, nil, nil, err
	}
	if f.Programme, err = tx.Programme(f.Cycle.Programme); err != nil {
		return f, nil, nil, err
	}
	if e, err = tx.EnrolmentsIn(id); err != nil {
		return f, nil, nil, err
	}
	e = slices.DeleteFunc(e, func(e supervision.Enrolment) bool { return e.State != supervision.EnrolmentActive })
	if a, err = tx.AssignmentsIn(id); err != nil {
		return f, nil, nil, err
	}
	a = slices.DeleteFunc(a, func(a supervision.Assignment) bool { return !a.State.Working() })
	return f, e, a, nil
}

// fill reads the people, their time, and what binds them.
func (tx *Tx) fill(f *instance.Facts, enrolments []supervision.Enrolment, assignments []supervision.Assignment, window calendar.Interval) error {
	var everybody []supervision.PersonID
	for _, e := range enrolments {
		everybody = append(everybody, e.Mentor)
	}
	for _, a := range assignments {
		everybody = append(everybody, a.Supervisor)
	}
	people, err := tx.persons(everybody, window)
	if err != nil {
		return err
	}
	if err := tx.binding(f, people); err != nil {
		return err
	}
	if err := tx.mentors(f, enrolments, people); err != nil {
		return err
	}
	roles, err := tx.RolesOf(everybody...)
	if err != nil {
		return err
	}
	for _, a := range assignments {
		s := instance.Supervisor{Person: people[a.Supervisor], Assignment: a}
		for _, r := range roles {
			if r.Person == a.Supervisor {
				s.Roles = append(s.Roles, r)
			}
		}
		f.Supervisors = append(f.Supervisors, s)
	}
	// Standing sessions matter as far as the longest gap reaches; without one, as far as the shortest and the week's limits do.
	reach := time.Duration(max(f.Cycle.Settings.GapMaxDays, f.Cycle.Settings.GapMinDays, 14)) * 24 * time.Hour
	all, err := tx.SessionsOf(everybody, window.Start.Add(-reach))
	if err != nil {
		return err
	}
	last := window.End.Add(reach)
	for _, s := range all {
		if s.Start.Before(last) || s.Cycle == f.Cycle.ID {
			f.Standing = append(f.Standing, s)
		}
	}
	// A mentor's introduction counts wherever it lies (H11).
	return tx.introductions(f, everybody)
}

// persons reads people with their time in a window.
func (tx *Tx) persons(of []supervision.PersonID, window calendar.Interval) (map[supervision.PersonID]instance.Person, error) {
	rows, err := tx.People(of)
	if err != nil {
		return nil, err
	}
	readings, err := tx.Readings(of, window)
	if err != nil {
		return nil, err
	}
	declared, err := tx.Declarations(of)
	if err != nil {
		return nil, err
	}
	people := map[supervision.PersonID]instance.Person{}
	for id, p := range rows {
		x := instance.Person{Person: p, Busy: calendar.Merge(tx.now, window, readings[id])}
		if d, ok := declared[id]; ok {
			if x.Prefer, err = instance.Preferred(d, window); err != nil {
				return nil, &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: err}
			}
		}
		people[id] = x
	}
	return people, nil
}

// binding reads lines, pairs and organisations with their holidays.
func (tx *Tx) binding(f *instance.Facts, people map[supervision.PersonID]instance.Person) (err error) {
	if f.Lines, err = tx.Lines(); err != nil {
		return err
	}
	pairs, err := tx.Pairs()
	if err != nil {
		return err
	}
	for _, p := range pairs {
		with := func(id supervision.PersonID) bool { _, ok := people[id]; return ok }
		if slices.ContainsFunc(p.Mentors, with) || slices.ContainsFunc(p.Mentees, with) {
			f.Pairs = append(f.Pairs, p)
		}
	}
	in := map[supervision.OrganisationID]bool{}
	for _, p := range people {
		in[p.Organisation] = true
	}
	all, err := tx.Organisations()
	if err != nil {
		return err
	}
	for _, o := range all {
		if in[o.ID] {
			f.Organisations = append(f.Organisations, o)
		}
	}
	f.Holidays, err = tx.Holidays(slices.SortedFunc(maps.Keys(in), supervision.OrganisationID.Compare)...)
	return err
}

// mentors reads how those who are enrolled were prepared and when their pairs met.
func (tx *Tx) mentors(f *instance.Facts, enrolments []supervision.Enrolment, people map[supervision.PersonID]instance.Person) error {
	preparations, err := tx.PreparationsIn(f.Programme.ID)
	if err != nil {
		return err
	}
	var living []supervision.PairID
	for _, p := range f.Pairs {
		living = append(living, p.ID)
	}
	meetings, err := tx.MeetingsOf(living)
	if err != nil {
		return err
	}
	met := map[supervision.PersonID][]supervision.Date{}
	for _, m := range meetings {
		for _, p := range f.Pairs {
			if p.ID == m.Pair && p.State != supervision.PairUnwound && p.State != supervision.PairEnded {
				for _, mentor := range p.Mentors {
					met[mentor] = append(met[mentor], m.On)
				}
				if p.Kind == supervision.Peer {
					for _, mentor := range p.Mentees {
						met[mentor] = append(met[mentor], m.On)
					}
				}
			}
		}
	}
	for _, e := range enrolments {
		m := instance.Mentor{Person: people[e.Mentor], MetOn: met[e.Mentor]}
		for _, p := range preparations {
			if p.Person == e.Mentor && (m.PreparedOn.IsZero() || p.CompletedOn.Before(m.PreparedOn)) {
				m.PreparedOn = p.CompletedOn
			}
		}
		f.Mentors = append(f.Mentors, m)
	}
	return nil
}

// introductions adds the cycle's introductions of these people to the standing sessions.
func (tx *Tx) introductions(f *instance.Facts, people []supervision.PersonID) error {
	have := map[supervision.SessionID]bool{}
	for _, s := range f.Standing {
		have[s.ID] = true
	}
	rows, err := tx.sessions(many[sessionRow](tx.from("session").Where(`t.cycle_id = ? AND t.kind = 'introduction' AND EXISTS
		(SELECT 1 FROM attendance a WHERE a.tenant = t.tenant AND a.session_id = t.id AND a.person_id IN ?)`, f.Cycle.ID, ids(people)).Order("t.starts_at, t.id")))
	for _, s := range rows {
		if !have[s.ID] {
			f.Standing = append(f.Standing, s)
		}
	}
	return err
}
