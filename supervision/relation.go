package supervision

// RelationKind says how a viewer stands to a subject.
type RelationKind string

const (
	Self              RelationKind = "self"                 // a person to themselves, a token to itself
	SupervisorOf      RelationKind = "supervisor_of"        // a person
	GroupWith         RelationKind = "group_with"           // a person
	MentorOf          RelationKind = "mentor_of"            // a person
	MenteeOf          RelationKind = "mentee_of"            // a person
	ManagerOf         RelationKind = "manager_of"           // a person
	ManagerOfMenteeOf RelationKind = "manager_of_mentee_of" // a mentor
	MemberOf          RelationKind = "member_of"            // a group, a session
	Leads             RelationKind = "leads"                // a group, a session
	SupervisesIn      RelationKind = "supervises_in"        // a cycle
	TakesPartIn       RelationKind = "takes_part_in"        // a cycle, a programme
	Manages           RelationKind = "manages"              // a cycle, a programme
	Sponsors          RelationKind = "sponsors"             // a cycle, a programme
	HROf              RelationKind = "hr_of"                // a cycle, a programme
	ManagerIn         RelationKind = "programme_manager_in" // a tenant, an organisation
	HRIn              RelationKind = "hr_in"                // a tenant, an organisation
	OperatorIn        RelationKind = "operator_in"          // a tenant, an organisation
	IntegrationIn     RelationKind = "integration_in"       // a token to its tenant
)

// RelationKinds lists them all.
func RelationKinds() []RelationKind {
	return []RelationKind{Self, SupervisorOf, GroupWith, MentorOf, MenteeOf, ManagerOf, ManagerOfMenteeOf, MemberOf, Leads,
		SupervisesIn, TakesPartIn, Manages, Sponsors, HROf, ManagerIn, HRIn, OperatorIn, IntegrationIn}
}

// Relation says that on the days of its span the viewer stands so to the subject.
type Relation struct {
	Viewer  UUID
	Subject UUID
	Kind    RelationKind
	Valid   Days
}

// RelationFacts is what relations follow from, of one tenant.
type RelationFacts struct {
	Tenant      TenantID
	People      []Person
	Tokens      []Token
	Roles       []RoleAssignment
	Lines       Lines
	Pairs       []Pair
	Programmes  []Programme
	Cycles      []Cycle
	Enrolments  []Enrolment
	Assignments []Assignment
	Groups      []Group
	Sessions    []Session
}

// Relations derives every relation. It is the pure twin of the view `relation` in the migrations, which decides in
// production; a property test holds the two equal.
func Relations(f RelationFacts) []Relation {
	r := relating{f: f, out: map[Relation]bool{}}
	for _, p := range f.People {
		r.add(p.ID.Any(), p.ID.Any(), Self, Days{})
	}
	for _, t := range f.Tokens {
		if t.Kind == IntegrationToken && t.RevokedAt.IsZero() {
			r.add(t.ID.Any(), t.ID.Any(), Self, Days{})
			r.add(t.ID.Any(), f.Tenant.Any(), IntegrationIn, Days{})
		}
	}
	for _, l := range f.Lines {
		r.add(l.Manager.Any(), l.Person.Any(), ManagerOf, l.Valid)
	}
	r.pairs()
	r.cycles()
	r.roles()
	r.groups()
	list := make([]Relation, 0, len(r.out))
	for one := range r.out {
		list = append(list, one)
	}
	return list
}

type relating struct {
	f   RelationFacts
	out map[Relation]bool
}

func (r *relating) add(viewer, subject UUID, k RelationKind, valid Days) {
	r.out[Relation{viewer, subject, k, valid}] = true
}

func (r *relating) pairs() {
	for _, p := range r.f.Pairs {
		if p.State != PairPlanned && p.State != PairActive && p.State != PairPaused {
			continue
		}
		mentors, mentees := p.parties()
		for _, mentor := range mentors {
			for _, mentee := range mentees {
				if mentor == mentee {
					continue
				}
				r.add(mentor.Any(), mentee.Any(), MentorOf, p.Span)
				r.add(mentee.Any(), mentor.Any(), MenteeOf, p.Span)
				for _, l := range r.f.Lines {
					if l.Person != mentee {
						continue
					}
					if both, ok := l.Valid.Clip(p.Span); ok {
						r.add(l.Manager.Any(), mentor.Any(), ManagerOfMenteeOf, both)
					}
				}
			}
		}
	}
}

func (r *relating) cycles() {
	programme := map[CycleID]ProgrammeID{}
	for _, c := range r.f.Cycles {
		programme[c.ID] = c.Programme
	}
	both := func(viewer PersonID, c CycleID, k RelationKind, valid Days) {
		r.add(viewer.Any(), c.Any(), k, valid)
		r.add(viewer.Any(), programme[c].Any(), k, valid)
	}
	for _, e := range r.f.Enrolments {
		if e.State == EnrolmentActive {
			both(e.Mentor, e.Cycle, TakesPartIn, Days{From: e.EnrolledOn})
		}
	}
	for _, a := range r.f.Assignments {
		if a.State.Working() {
			both(a.Supervisor, a.Cycle, TakesPartIn, Days{To: a.Valid.To})
			r.add(a.Supervisor.Any(), a.Cycle.Any(), SupervisesIn, Days{To: a.Valid.To})
		}
	}
	for _, p := range r.f.Programmes {
		r.programme(p, p.Lead, Manages, Days{})
	}
}

// programme relates a viewer to a programme and to each of its cycles.
func (r *relating) programme(p Programme, viewer PersonID, k RelationKind, valid Days) {
	r.add(viewer.Any(), p.ID.Any(), k, valid)
	for _, c := range r.f.Cycles {
		if c.Programme == p.ID {
			r.add(viewer.Any(), c.ID.Any(), k, valid)
		}
	}
}

func (r *relating) roles() {
	for _, a := range r.f.Roles {
		in, of := a.Role.relations()
		if of != "" {
			for _, p := range r.f.Programmes {
				if a.Scope == ScopeTenant || a.Scope == ScopeOrganisation && p.Organisation.Any() == a.Subject ||
					a.Scope == ScopeProgramme && p.ID.Any() == a.Subject {
					r.programme(p, a.Person, of, a.Valid)
				}
			}
		}
		if in != "" && a.Scope != ScopeProgramme {
			r.add(a.Person.Any(), a.Subject, in, a.Valid)
		}
	}
}

// relations names what a role makes of its holder towards tenants and organisations, and towards programmes and cycles.
func (r Role) relations() (in, of RelationKind) {
	switch r {
	case RoleProgrammeManager, RoleLeadManager:
		return ManagerIn, Manages
	case RoleHR:
		return HRIn, HROf
	case RoleSponsor:
		return "", Sponsors
	case RoleOperator:
		return OperatorIn, ""
	}
	return "", ""
}

func (r *relating) groups() {
	type seat struct {
		cycle      CycleID
		supervisor PersonID
	}
	until := map[seat]Date{}
	working := map[seat]bool{}
	for _, a := range r.f.Assignments {
		if a.State.Working() {
			working[seat{a.Cycle, a.Supervisor}] = true
			until[seat{a.Cycle, a.Supervisor}] = a.Valid.To
		}
	}
	lead := func(c CycleID, supervisor PersonID, subject UUID, mentors []PersonID, from Date) {
		s := seat{c, supervisor}
		if !working[s] {
			return
		}
		span := Days{From: from, To: until[s]}
		r.add(supervisor.Any(), subject, Leads, span)
		for _, m := range mentors {
			r.add(supervisor.Any(), m.Any(), SupervisorOf, span)
		}
	}
	for _, g := range r.f.Groups {
		if g.State == GroupDissolved {
			continue
		}
		for _, m := range g.Members {
			r.add(m.Any(), g.ID.Any(), MemberOf, Days{From: g.MadeOn})
			for _, o := range g.Members {
				if o != m {
					r.add(m.Any(), o.Any(), GroupWith, Days{From: g.MadeOn})
				}
			}
		}
		lead(g.Cycle, g.Supervisor, g.ID.Any(), g.Members, g.MadeOn)
	}
	for _, s := range r.f.Sessions {
		for _, m := range s.Mentors {
			r.add(m.Person.Any(), s.ID.Any(), MemberOf, Days{From: s.MadeOn})
		}
		lead(s.Cycle, s.Supervisor, s.ID.Any(), s.MentorIDs(), s.MadeOn)
	}
}

// Working says whether the supervisor may lead sessions and see what they need for it.
func (s AssignmentState) Working() bool {
	return s == AssignmentAccepted || s == AssignmentActive || s == AssignmentHanding
}
