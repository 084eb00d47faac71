package store_test

import (
	"fmt"

	"pgregory.net/rapid"

	"kreds/store"
	"kreds/supervision"
)

// shape draws a small tenant of any shape that the schema admits. Days are few, so that spans meet at their ends.
type shape struct {
	*rapid.T
	tenant        supervision.TenantID
	people        []supervision.PersonID
	organisations []supervision.OrganisationID
	programmes    []supervision.ProgrammeID
	cycles        []supervision.CycleID
}

func pick[T any](s *shape, what string, from ...T) T {
	return from[rapid.IntRange(0, len(from)-1).Draw(s.T, what)]
}

func (s *shape) many(what string, most int) int { return rapid.IntRange(0, most).Draw(s.T, what) }

// day is one of six days, or none.
func (s *shape) day(what string, open bool) supervision.Date {
	n := rapid.IntRange(0, 6).Draw(s.T, what)
	if n == 0 && open {
		return supervision.Date{}
	}
	return supervision.DateOf(start).AddDays(n)
}

// span is a span of days that does not end before it starts.
func (s *shape) span(what string, open bool) supervision.Days {
	d := supervision.Days{From: s.day(what+" from", open), To: s.day(what+" to", true)}
	if !d.To.IsZero() && d.To.Before(d.From) {
		d.To = d.From
	}
	return d
}

// some draws different people, at least one.
func (s *shape) some(what string, most int) []supervision.PersonID {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(s.people), 1, most, rapid.ID).Draw(s.T, what)
}

func (s *shape) build(tx *store.Tx) error {
	for _, part := range []func(*store.Tx) error{s.staff, s.bonds, s.frame, s.roles, s.meetings} {
		if err := part(tx); err != nil {
			return err
		}
	}
	return nil
}

func (s *shape) staff(tx *store.Tx) error {
	for i := range 2 {
		o := supervision.Organisation{ID: id[supervision.OrganisationID](), Name: fmt.Sprint(i), Kind: supervision.Company}
		if err := tx.PutOrganisation(&o); err != nil {
			return err
		}
		s.organisations = append(s.organisations, o.ID)
	}
	for i := range 5 {
		p := supervision.Person{ID: id[supervision.PersonID](), Email: fmt.Sprint(i), Organisation: pick(s, "organisation", s.organisations...)}
		if err := tx.PutPerson(&p); err != nil {
			return err
		}
		s.people = append(s.people, p.ID)
	}
	for range s.many("tokens", 2) {
		tok := supervision.Token{ID: id[supervision.TokenID](), Kind: supervision.IntegrationToken, MadeAt: start, ExpiresAt: start}
		if rapid.Bool().Draw(s.T, "personal") {
			tok.Kind, tok.Person = supervision.PersonalToken, pick(s, "owner", s.people...)
		}
		if rapid.Bool().Draw(s.T, "revoked") {
			tok.RevokedAt = start
		}
		hash := id[supervision.UUID]()
		if err := tx.PutToken(&tok, hash[:]); err != nil {
			return err
		}
	}
	return nil
}

func (s *shape) bonds(tx *store.Tx) error {
	for range s.many("lines", 4) {
		two := rapid.SliceOfNDistinct(rapid.SampledFrom(s.people), 2, 2, rapid.ID).Draw(s.T, "line")
		l := supervision.ReportingLine{ID: id[supervision.LineID](), Person: two[0], Manager: two[1], Kind: pick(s, "line kind", supervision.LineDirect, supervision.LineMatrix), Valid: s.span("line", true)}
		if err := tx.PutLine(&l); err != nil {
			return err
		}
	}
	for range s.many("pairs", 3) {
		p := supervision.Pair{ID: id[supervision.PairID](), Kind: pick(s, "pair kind", supervision.OneToOne, supervision.Reverse, supervision.Peer, supervision.PairGroup),
			Mentors: s.some("mentors", 2), Mentees: s.some("mentees", 3), Span: s.span("pair", false), State: pick(s, "pair state", supervision.PairPlanned,
				supervision.PairActive, supervision.PairPaused, supervision.PairEnded, supervision.PairUnwound, supervision.PairInformally)}
		if err := tx.PutPair(&p); err != nil {
			return err
		}
	}
	return nil
}

func (s *shape) frame(tx *store.Tx) error {
	t := supervision.Template{ID: id[supervision.TemplateID]()}
	if err := tx.PutTemplate(t); err != nil {
		return err
	}
	for range s.many("programmes", 2) {
		p := supervision.Programme{ID: id[supervision.ProgrammeID](), Span: s.span("programme", false), K: 5, Lead: pick(s, "lead", s.people...),
			Organisation: pick(s, "of", append(s.organisations, supervision.OrganisationID{})...)}
		if err := tx.PutProgramme(&p); err != nil {
			return err
		}
		s.programmes = append(s.programmes, p.ID)
		for range s.many("cycles", 2) {
			first := s.day("cycle", false)
			c := supervision.Cycle{ID: id[supervision.CycleID](), Programme: p.ID, Template: t.ID, Span: supervision.Days{From: first, To: first}, State: supervision.CycleRunning}
			if err := tx.PutCycle(&c); err != nil {
				return err
			}
			s.cycles = append(s.cycles, c.ID)
			if err := s.seats(tx, c.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *shape) seats(tx *store.Tx, c supervision.CycleID) error {
	for _, p := range s.some("enrolled", 3) {
		e := supervision.Enrolment{ID: id[supervision.EnrolmentID](), Cycle: c, Mentor: p, EnrolledOn: s.day("enrolled", false),
			State: pick(s, "enrolment", supervision.EnrolmentRequested, supervision.EnrolmentActive, supervision.EnrolmentWithdrawn)}
		if err := tx.PutEnrolment(&e); err != nil {
			return err
		}
	}
	for _, p := range s.some("assigned", 3) {
		a := supervision.Assignment{ID: id[supervision.AssignmentID](), Cycle: c, Supervisor: p, Share: 1, Valid: s.span("assignment", true), State: pick(s, "assignment",
			supervision.AssignmentProposed, supervision.AssignmentAccepted, supervision.AssignmentActive, supervision.AssignmentHanding, supervision.AssignmentEnded)}
		if err := tx.PutAssignment(&a); err != nil {
			return err
		}
	}
	return nil
}

func (s *shape) roles(tx *store.Tx) error {
	for range s.many("roles", 6) {
		r := supervision.RoleAssignment{ID: id[supervision.RoleID](), Person: pick(s, "holder", s.people...), Role: pick(s, "role", supervision.Roles()...), Valid: s.span("role", true)}
		switch scope := pick(s, "scope", supervision.ScopeTenant, supervision.ScopeOrganisation, supervision.ScopeProgramme); {
		case scope == supervision.ScopeProgramme && len(s.programmes) > 0:
			r.Scope, r.Subject = scope, pick(s, "programme", s.programmes...).Any()
		case scope == supervision.ScopeOrganisation:
			r.Scope, r.Subject = scope, pick(s, "in", s.organisations...).Any()
		default:
			r.Scope, r.Subject = supervision.ScopeTenant, s.tenant.Any()
		}
		if err := tx.PutRole(&r); err != nil {
			return err
		}
	}
	return nil
}

func (s *shape) meetings(tx *store.Tx) error {
	if len(s.cycles) == 0 {
		return nil
	}
	for range s.many("groups", 2) {
		g := supervision.Group{ID: id[supervision.GroupID](), Cycle: pick(s, "cycle", s.cycles...), Supervisor: pick(s, "supervisor", s.people...), Members: s.some("members", 3),
			State: pick(s, "group", supervision.GroupOffered, supervision.GroupActive, supervision.GroupDissolved), MadeOn: s.day("made", false)}
		if err := tx.PutGroup(&g); err != nil {
			return err
		}
	}
	for range s.many("sessions", 3) {
		x := supervision.Session{ID: id[supervision.SessionID](), Cycle: pick(s, "of", append(s.cycles, supervision.CycleID{})...), Kind: supervision.KindGroup,
			Supervisor: pick(s, "leader", s.people...), Start: start, End: start.AddDate(0, 0, 1), MadeOn: s.day("booked", false),
			State: pick(s, "session", supervision.Proposed, supervision.Completed, supervision.Cancelled, supervision.NoShow)}
		for _, p := range s.some("attend", 3) {
			x.Mentors = append(x.Mentors, supervision.Attendance{Person: p, Answer: supervision.Invited})
		}
		if err := tx.PutSession(&x); err != nil {
			return err
		}
	}
	return nil
}
