package scenario

import (
	"fmt"
	"slices"

	"kreds/calendar"
	"kreds/instance"
	"kreds/supervision"
)

// Scenario is a cycle with all that belongs to it, as facts.
type Scenario struct {
	Name          string // s1, s1a, …
	Tenant        supervision.Tenant
	Organisations []supervision.Organisation
	Holidays      map[supervision.OrganisationID][]supervision.Holiday
	People        []supervision.Person // mentors, mentees, managers, supervisors, and who runs the programme
	Roles         []supervision.RoleAssignment
	Lines         supervision.Lines
	Pairs         []supervision.Pair
	Programme     supervision.Programme
	Template      supervision.Template
	Cycle         supervision.Cycle
	Rounds        []supervision.Round
	Enrolments    []supervision.Enrolment
	Assignments   []supervision.Assignment
	Meetings      []Meeting // what else is in people's calendars
}

// Names lists the scenarios.
func Names() []string { return []string{"s1", "s1a", "s1b", "s2", "s3"} }

// Named gives the scenario of a name.
func Named(name string) (Scenario, error) {
	switch name {
	case "s1":
		return S1(Plain), nil
	case "s1a":
		return S1(FourReports), nil
	case "s1b":
		return S1(FiveReports), nil
	case "s2":
		return S2(), nil
	case "s3":
		return S3(), nil
	}
	return Scenario{}, fmt.Errorf("there is no scenario %.40q; there are %v", name, Names())
}

// Shift moves a scenario by whole weeks: its dates, holidays, blackouts and meetings. Clocks are moved where they are moved, so the
// same meeting may come at another time in UTC.
func (s Scenario) Shift(weeks int) Scenario {
	day := func(d supervision.Date) supervision.Date {
		if d.IsZero() {
			return d
		}
		return d.AddDays(7 * weeks)
	}
	days := func(d supervision.Days) supervision.Days { return supervision.Days{From: day(d.From), To: day(d.To)} }

	holidays := map[supervision.OrganisationID][]supervision.Holiday{}
	for o, list := range s.Holidays {
		for _, h := range list {
			holidays[o] = append(holidays[o], supervision.Holiday{On: day(h.On), Name: h.Name})
		}
	}
	s.Holidays = holidays
	s.Roles = each(s.Roles, func(r *supervision.RoleAssignment) { r.Valid = days(r.Valid) })
	s.Lines = each(s.Lines, func(l *supervision.ReportingLine) { l.Valid = days(l.Valid) })
	s.Pairs = each(s.Pairs, func(p *supervision.Pair) { p.Span, p.RulesOn = days(p.Span), day(p.RulesOn) })
	s.Programme.Span = days(s.Programme.Span)
	s.Cycle.Span = days(s.Cycle.Span)
	s.Cycle.Settings.Blackouts = each(s.Cycle.Settings.Blackouts, func(b *supervision.Blackout) { b.FromOn, b.ToOn = day(b.FromOn), day(b.ToOn) })
	s.Rounds = each(s.Rounds, func(r *supervision.Round) { r.Window, r.Target = days(r.Window), day(r.Target) })
	s.Enrolments = each(s.Enrolments, func(e *supervision.Enrolment) { e.EnrolledOn = day(e.EnrolledOn) })
	s.Assignments = each(s.Assignments, func(a *supervision.Assignment) { a.Valid = days(a.Valid) })
	s.Meetings = each(s.Meetings, func(m *Meeting) { m.On = day(m.On) })
	return s
}

// each is a copy of a list with each member changed.
func each[L ~[]T, T any](list L, change func(*T)) L {
	out := slices.Clone(list)
	for i := range out {
		change(&out[i])
	}
	return out
}

// Facts are the scenario as the planner's translator takes it, at an instant at which all calendars have just been read.
func (s Scenario) Facts(now supervision.Instant) (instance.Facts, error) {
	f := instance.Facts{
		Now: now, Cycle: s.Cycle, Rounds: s.Rounds, Programme: s.Programme,
		Organisations: s.Organisations, Holidays: s.Holidays, Lines: s.Lines, Pairs: s.Pairs,
	}
	window, err := instance.Window(s.Cycle, s.Rounds)
	if err != nil {
		return f, err
	}
	busy, err := s.Busy()
	if err != nil {
		return f, err
	}
	person := func(id supervision.PersonID) instance.Person {
		p, _ := s.Person(id)
		reading := calendar.Reading{Busy: busy[id], AsOf: now, Covers: window}
		return instance.Person{Person: p, Busy: calendar.Merge(now, window, []calendar.Reading{reading})}
	}
	for _, e := range s.Enrolments {
		f.Mentors = append(f.Mentors, instance.Mentor{Person: person(e.Mentor), Priority: 1})
	}
	for _, a := range s.Assignments {
		supervisor := instance.Supervisor{Person: person(a.Supervisor), Assignment: a}
		for _, r := range s.Roles {
			if r.Person == a.Supervisor {
				supervisor.Roles = append(supervisor.Roles, r)
			}
		}
		f.Supervisors = append(f.Supervisors, supervisor)
	}
	return f, nil
}

// Person finds somebody by id.
func (s Scenario) Person(id supervision.PersonID) (p supervision.Person, ok bool) {
	i := slices.IndexFunc(s.People, func(p supervision.Person) bool { return p.ID == id })
	if i < 0 {
		return p, false
	}
	return s.People[i], true
}

// Called finds somebody by external id.
func (s Scenario) Called(external string) (p supervision.Person, ok bool) {
	i := slices.IndexFunc(s.People, func(p supervision.Person) bool { return p.ExternalID == external })
	if i < 0 {
		return p, false
	}
	return s.People[i], true
}
