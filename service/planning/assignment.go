package planning

import (
	"context"
	"slices"
	"strconv"

	"kreds/instance"
	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// AssignmentSeen is a supervisor assignment with the name of its supervisor.
type AssignmentSeen struct {
	supervision.Assignment
	Name string
}

type seenAssignment = service.Seen[AssignmentSeen]

// ListAssignments is a page of the supervisor assignments that the actor may see, and whether there are more.
func (s *Service) ListAssignments(ctx context.Context, actor supervision.Actor, f store.SeatFilter, p store.Page) (list []seenAssignment, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		rows, err := tx.ListAssignments(f, p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		plain, err := service.SeenAll(tx, store.Assignments, "listSupervisorAssignments", rows, func(a supervision.Assignment) supervision.UUID { return a.ID.Any() })
		if err != nil {
			return err
		}
		list, err = s.assignmentsNamed(tx, plain...)
		return err
	})
	return list, more, err
}

func (s *Service) assignmentsNamed(tx *store.Tx, plain ...service.Seen[supervision.Assignment]) ([]seenAssignment, error) {
	people := make([]supervision.PersonID, len(plain))
	for i, a := range plain {
		people[i] = a.Object.Supervisor
	}
	names, err := tx.Names(people)
	list := make([]seenAssignment, len(plain))
	for i, a := range plain {
		list[i] = seenAssignment{Object: AssignmentSeen{a.Object, names[a.Object.Supervisor]}, View: a.View}
	}
	return list, err
}

// CreateAssignment assigns a supervisor to a cycle, active at once. One whose assignment has ended takes it up again.
func (s *Service) CreateAssignment(ctx context.Context, c service.Call, a supervision.Assignment) (service.Outcome[seenAssignment], error) {
	return service.Act(ctx, s.House, c, service.Step[seenAssignment]{
		May: func(tx *store.Tx) (service.Target, error) {
			_, err := tx.May(store.Cycles, "createSupervisorAssignment", a.Cycle.Any())
			return service.Target{Noun: store.Assignments}, service.Unknown(err, "/cycle_id", "unknown-reference")
		},
		Act: func(tx *store.Tx) (seenAssignment, error) {
			a := a
			// Nobody else enrols or assigns the same person meanwhile.
			if err := tx.LockPeople([]supervision.PersonID{a.Supervisor}); err != nil {
				return seenAssignment{}, service.Unknown(err, "/supervisor_id", "unknown-person")
			}
			now, err := assignable(tx, a)
			if err != nil {
				return seenAssignment{}, err
			}
			if a.ID, a.Version = now.ID, now.Version; a.ID.IsZero() {
				a.ID = service.New[supervision.AssignmentID](s.House)
			}
			a.State = supervision.AssignmentActive
			if err := tx.PutAssignment(&a); err != nil {
				return seenAssignment{}, err
			}
			if err := service.Recheck(tx, a.Supervisor); err != nil {
				return seenAssignment{}, err
			}
			list, err := s.assignmentsNamed(tx, service.Seen[supervision.Assignment]{Object: a, View: supervision.ViewManager})
			return list[0], err
		},
		Made: func(x seenAssignment) supervision.UUID { return x.Object.ID.Any() },
	})
}

// assignable refuses who cannot supervise in a cycle, and returns the assignment that has ended, if there is one. Offices that
// stand between a supervisor and every mentor are refused here (H10); whatever stands between two people is judged for each
// mentor, when it is planned.
func assignable(tx *store.Tx, a supervision.Assignment) (now supervision.Assignment, err error) {
	cycle, err := tx.Cycle(a.Cycle)
	if err != nil {
		return now, err
	}
	programme, err := tx.Programme(cycle.Programme)
	if err != nil {
		return now, err
	}
	days, ok := a.Valid.Clip(cycle.Span)
	if !ok {
		return now, supervision.Faulty("/from_on", "range", "These days lie outside of the cycle, which lasts from %s to %s.", cycle.Span.From, cycle.Span.To)
	}
	_, supervises, err := member(tx, programme, a.Supervisor, days, "/supervisor_id", supervision.RoleSupervisor, supervision.RoleLeadSupervisor)
	if err != nil {
		return now, err
	}
	roles, err := tx.RolesOf(a.Supervisor)
	if err != nil {
		return now, err
	}
	switch {
	case programme.Office(a.Supervisor, roles, days):
		return now, instance.NotPossible()
	case !supervises:
		return now, supervision.Fault(supervision.Invalid, "not-a-supervisor", "The person is no supervisor from %s to %s. Give them the role of a supervisor for these days first.", days.From, days.To)
	}
	if err := stillOpen(cycle); err != nil {
		return now, err
	}
	if err := admitted(tx, a.Admits); err != nil {
		return now, err
	}
	enrolments, err := tx.EnrolmentsIn(a.Cycle)
	if err != nil {
		return now, err
	}
	if slices.ContainsFunc(enrolments, func(e supervision.Enrolment) bool {
		return e.Mentor == a.Supervisor && e.State != supervision.EnrolmentWithdrawn
	}) {
		return now, supervision.Fault(supervision.Conflict, "conflict", "The person is a mentor of this cycle; nobody is both. Choose another supervisor.")
	}
	all, err := tx.AssignmentsIn(a.Cycle)
	if err != nil {
		return now, err
	}
	if i := slices.IndexFunc(all, func(o supervision.Assignment) bool { return o.Supervisor == a.Supervisor }); i >= 0 {
		if now = all[i]; now.State != supervision.AssignmentEnded {
			return now, supervision.Fault(supervision.Conflict, "already-assigned", "The supervisor's assignment to this cycle is %s.", now.State)
		}
	}
	return now, nil
}

// admitted asks whether the organisations to which a supervisor is admitted are there.
func admitted(tx *store.Tx, of []supervision.OrganisationID) error {
	var f supervision.Faults
	for i, o := range of {
		if _, err := tx.Organisation(o); supervision.KindOf(err) == supervision.NotFound && err != nil {
			f.Add("/admitted_organisation_ids/"+strconv.Itoa(i), "unknown-reference", "There is no such organisation.")
		} else if err != nil {
			return err
		}
	}
	return f.Err()
}
