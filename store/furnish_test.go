package store_test

import (
	"time"

	"kreds/calendar"
	"kreds/store"
	"kreds/supervision"
)

// furniture is one thing of every kind in a tenant. The first three people are mentors, the fourth is their supervisor, the
// fifth manages the programme, the sixth is a mentee and managed by the seventh.
type furniture struct {
	Tenant       supervision.Tenant
	Organisation supervision.Organisation
	People       []supervision.Person
	Roles        []supervision.RoleAssignment
	Line         supervision.ReportingLine
	Pair         supervision.Pair
	Meeting      supervision.PairMeeting
	Token        supervision.Token
	Programme    supervision.Programme
	Template     supervision.Template
	Cycle        supervision.Cycle
	Round        supervision.Round
	Enrolment    supervision.Enrolment
	Assignment   supervision.Assignment
	Preparation  supervision.Preparation
	Connection   supervision.Connection
	Declaration  supervision.Declaration
	Run          supervision.Run
	Plan         supervision.Plan
	PlanSession  supervision.PlanSession
	Group        supervision.Group
	Placement    supervision.Placement
	Session      supervision.Session
	Delivery     supervision.Delivery
	Feed         supervision.Feed
	Agenda       store.Agenda
	Import       supervision.Import
	Job          supervision.Job
	DataKey      supervision.DataKeyID
	Call         store.CallKey
	KeyRow       store.KeyRow
	Cursor       store.Cursor
	Progress     supervision.Progress
}

// furnish puts one row into every table of the present tenant.
func (h *house) furnish(name string) *furniture {
	h.t.Helper()
	f := &furniture{Tenant: supervision.Tenant{ID: h.actor.Tenant, Name: name, Language: "en"}, People: h.people(7)}
	day, later := supervision.DateOf(start), start.AddDate(0, 0, 30)
	h.must(func(tx *store.Tx) (err error) {
		p := f.People
		person := func(i int) supervision.PersonID { return p[i].ID }
		f.Organisation, err = tx.Organisation(p[0].Organisation)
		if err != nil {
			return err
		}
		f.Line = supervision.ReportingLine{ID: id[supervision.LineID](), Person: person(5), Manager: person(6), Kind: supervision.LineDirect}
		f.Pair = supervision.Pair{ID: id[supervision.PairID](), ExternalID: "pair of " + name, Kind: supervision.OneToOne, Mentors: []supervision.PersonID{person(0)},
			Mentees: []supervision.PersonID{person(5)}, Span: supervision.Days{From: day}, State: supervision.PairActive}
		f.Meeting = supervision.PairMeeting{ID: id[supervision.MeetingID](), Pair: f.Pair.ID, On: day, Minutes: 45, Mode: supervision.Virtual}
		f.Token = supervision.Token{ID: id[supervision.TokenID](), Kind: supervision.PersonalToken, Name: "token of " + name, Prefix: "kreds_", Person: person(4),
			Scopes: supervision.PersonalScopes(), MadeAt: start, ExpiresAt: later}
		f.Programme = supervision.Programme{ID: id[supervision.ProgrammeID](), Name: "programme of " + name, Mode: supervision.Cohort, Scope: supervision.InternalScope,
			Purpose: "purpose of " + name, Span: supervision.Days{From: day}, K: 5, Lead: person(4), Organisation: f.Organisation.ID}
		f.Template = supervision.Template{ID: id[supervision.TemplateID](), Name: "template of " + name, Format: "individual",
			Steps: []supervision.TemplateStep{{Kind: supervision.KindIndividual, Minutes: 60}}}
		f.Cycle = supervision.Cycle{ID: id[supervision.CycleID](), Programme: f.Programme.ID, Template: f.Template.ID, Name: "cycle of " + name, Format: "individual",
			TimeZone: "Europe/Copenhagen", Span: supervision.Days{From: day, To: day.AddDays(200)}, State: supervision.CycleRunning, Settings: supervision.Defaults()}
		f.Round = supervision.Round{ID: id[supervision.RoundID](), Cycle: f.Cycle.ID, TemplateStep: f.Template.Steps[0], Window: f.Cycle.Span, Target: day.AddDays(100)}
		f.Enrolment = supervision.Enrolment{ID: id[supervision.EnrolmentID](), Cycle: f.Cycle.ID, Mentor: person(0), State: supervision.EnrolmentActive, EnrolledOn: day, WithdrawnOn: day}
		f.Assignment = supervision.Assignment{ID: id[supervision.AssignmentID](), Cycle: f.Cycle.ID, Supervisor: person(3), Share: 1, State: supervision.AssignmentActive}
		f.Preparation = supervision.Preparation{ID: id[supervision.PreparationID](), Programme: f.Programme.ID, Person: person(0), Kind: supervision.PreparedByTraining, CompletedOn: day}
		f.Connection = supervision.Connection{ID: id[supervision.ConnectionID](), Person: person(0), Kind: "caldav", Name: "calendar of " + name, URL: "https://calendar.example/",
			User: "user of " + name, Password: []byte("sealed for " + name), State: supervision.ConnectionDegraded, Wanted: 1}
		f.Declaration = supervision.Declaration{TimeZone: "Europe/Copenhagen", Weekly: []supervision.WeeklyTime{{WorkSpan: supervision.WorkSpan{Weekday: 1, From: 540, To: 600}}}}
		f.Run = supervision.Run{ID: id[supervision.RunID](), Cycle: f.Cycle.ID, Purpose: "plan", State: supervision.RunRunning, MadeBy: person(4), MadeAt: start}
		f.Progress = supervision.Progress{Run: f.Run.ID, Iterations: 3, Planned: 2, At: start}
		f.Plan = supervision.Plan{ID: id[supervision.PlanID](), Cycle: f.Cycle.ID, Run: f.Run.ID, State: supervision.PlanPublished, MadeAt: start}
		f.Group = supervision.Group{ID: id[supervision.GroupID](), Cycle: f.Cycle.ID, Supervisor: person(3), Members: []supervision.PersonID{person(0), person(1), person(2)},
			Language: "da", State: supervision.GroupActive, MadeOn: day}
		f.Session = *session(later, p[0], p[1], p[2], p[3])
		f.Session.Cycle, f.Session.Round, f.Session.Group, f.Session.Kind = f.Cycle.ID, f.Round.ID, f.Group.ID, supervision.KindGroup
		f.PlanSession = supervision.PlanSession{ID: id[supervision.PlanSessionID](), Plan: f.Plan.ID, Round: f.Round.ID, Group: "group of " + name, Mentors: f.Session.MentorIDs(),
			Supervisor: person(3), Start: f.Session.Start, End: f.Session.End, Mode: supervision.Virtual, Session: f.Session.ID}
		f.Placement = supervision.Placement{ID: id[supervision.PlacementID](), Cycle: f.Cycle.ID, Mentor: person(0), Group: f.Group.ID, State: supervision.PlacementProposed, ProposedAt: start}
		f.Delivery = supervision.Delivery{Session: f.Session.ID, Person: person(0), UID: "uid of " + name, State: supervision.DeliveryPending, Wanted: 1, ChangedAt: start,
			Shown: supervision.Shown{Start: f.Session.Start, End: f.Session.End, State: f.Session.State}}
		f.Feed = supervision.Feed{ID: id[supervision.FeedID](), Person: person(0), Name: "feed of " + name, State: "active", MadeAt: start}
		f.Agenda = store.Agenda{Person: person(0), Wanted: 2, Done: 1, Body: []byte("agenda of " + name), ETag: "etag", ChangedAt: start}
		f.Import = supervision.Import{ID: id[supervision.ImportID](), Kind: supervision.ImportPeople, State: supervision.ImportChecked, Actor: h.as(person(4)), MadeAt: start}
		f.Job = supervision.Job{ID: id[supervision.JobID](), Kind: "sync", Subject: f.Connection.ID.Any(), State: "queued", Person: person(4), MadeAt: start}
		f.DataKey = id[supervision.DataKeyID]()
		f.Call = store.CallKey{Principal: person(4).Any(), Operation: "createPerson", Path: "/v1/people", Key: "key of " + name, Hash: []byte{1}}
		f.Cursor = store.Cursor{Ref: "/home/", Position: "token of " + calendar.Cursor(name), FullAt: start}
		for _, r := range []supervision.RoleAssignment{
			{Person: person(4), Role: supervision.RoleProgrammeManager, Scope: supervision.ScopeTenant, Subject: f.Tenant.ID.Any()},
			{Person: person(3), Role: supervision.RoleSupervisor, Scope: supervision.ScopeProgramme, Subject: f.Programme.ID.Any()},
		} {
			r.ID = id[supervision.RoleID]()
			f.Roles = append(f.Roles, r)
		}
		return f.put(tx)
	})
	return f
}

// put writes the furniture in the order in which one thing refers to another.
func (f *furniture) put(tx *store.Tx) error {
	person := f.Enrolment.Mentor
	steps := []func() error{
		func() error { return tx.PutLine(&f.Line) }, func() error { return tx.PutPair(&f.Pair) }, func() error { return tx.PutMeeting(&f.Meeting) },
		func() error { return tx.PutToken(&f.Token, []byte("token hash of "+f.Tenant.Name)) }, func() error { return tx.PutProgramme(&f.Programme) },
		func() error { return tx.PutTemplate(f.Template) }, func() error { return tx.PutCycle(&f.Cycle) },
		func() error { return tx.PutRounds(f.Cycle.ID, []supervision.Round{f.Round}) }, func() error { return tx.PutEnrolment(&f.Enrolment) },
		func() error { return tx.PutAssignment(&f.Assignment) }, func() error { return tx.PutPreparation(&f.Preparation) },
		func() error { return tx.PutConnection(&f.Connection) }, func() error { _, err := tx.PutCursor(f.Connection.ID, f.Cursor); return err },
		func() error {
			return tx.PutDelta(f.Connection.ID, f.Cursor.Ref, calendar.Delta{Objects: []calendar.Object{{Href: "/home/1.ics", ETag: `"1"`, UID: "outside uid of " + f.Tenant.Name}}})
		},
		func() error {
			busy := calendar.Busy{Interval: calendar.Interval{Start: f.Session.Start.Add(2 * time.Hour), End: f.Session.Start.Add(3 * time.Hour)}, Kind: calendar.BusyTime}
			_, err := tx.PutBusy(person, f.Connection.ID.Any(), calendar.Reading{Busy: []calendar.Busy{busy}, AsOf: start,
				Covers: calendar.Interval{Start: start, End: f.Session.End.AddDate(0, 1, 0)}})
			return err
		},
		func() error { return tx.PutDeclared(person, &f.Declaration) }, func() error { return tx.PutRun(&f.Run) }, func() error { return tx.PutProgress(f.Progress) },
		func() error { return tx.PutInstance(f.Run.ID, []byte("sealed for "+f.Tenant.Name), []byte(`{}`), 1) }, func() error { return tx.PutPlan(&f.Plan) },
		func() error { return tx.PutPlanSessions([]supervision.PlanSession{f.PlanSession}) }, func() error { return tx.PutGroup(&f.Group) },
		func() error { return tx.PutPlacement(&f.Placement) },
		func() error { return tx.Claim([]*supervision.Session{&f.Session}, func() error { return nil }) },
		func() error { return tx.PutEarlierTime(f.Session, "why of "+f.Tenant.Name) }, func() error { return tx.PutDelivery(f.Delivery) },
		func() error { return tx.PutFeed(&f.Feed, []byte("feed hash of "+f.Tenant.Name)) }, func() error { return tx.PutAgenda(f.Agenda) },
		func() error { return tx.PutImport(&f.Import) }, func() error { return tx.PutJob(&f.Job) },
		func() error {
			return tx.PutDataKey(f.DataKey, store.PersonKey, person.Any(), []byte("wrapped for "+f.Tenant.Name))
		},
		func() error {
			var err error
			if f.KeyRow, _, _, err = tx.Once(f.Call); err != nil {
				return err
			}
			return tx.Keep(f.KeyRow, []byte("result for "+f.Tenant.Name))
		},
		func() error {
			return tx.PutHolidays(&f.Organisation, []supervision.Holiday{{On: f.Enrolment.EnrolledOn, Name: "holiday of " + f.Tenant.Name}})
		},
		func() error {
			return tx.Audit("createPerson", store.People, person.Any(), "done", supervision.UUID{}, "note of "+f.Tenant.Name)
		},
	}
	for i := range f.Roles {
		steps = append(steps, func() error { return tx.PutRole(&f.Roles[i]) })
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// as is a person of the present tenant, signed in.
func (h *house) as(p supervision.PersonID) supervision.Actor {
	return supervision.Actor{Tenant: h.actor.Tenant, Person: p, Kind: supervision.BySession}
}
