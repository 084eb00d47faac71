package planning

import (
	"context"
	"slices"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// EnrolmentSeen is an enrolment with the name of its mentor.
type EnrolmentSeen struct {
	supervision.Enrolment
	Name string
}

type seenEnrolment = service.Seen[EnrolmentSeen]

// ListEnrolments is a page of the enrolments that the actor may see, and whether there are more.
func (s *Service) ListEnrolments(ctx context.Context, actor supervision.Actor, f store.SeatFilter, p store.Page) (list []seenEnrolment, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		rows, err := tx.ListEnrolments(f, p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		plain, err := service.SeenAll(tx, store.Enrolments, "listEnrolments", rows, func(e supervision.Enrolment) supervision.UUID { return e.ID.Any() })
		if err != nil {
			return err
		}
		list, err = s.enrolmentsNamed(tx, plain...)
		return err
	})
	return list, more, err
}

func (s *Service) enrolmentsNamed(tx *store.Tx, plain ...service.Seen[supervision.Enrolment]) ([]seenEnrolment, error) {
	people := make([]supervision.PersonID, len(plain))
	for i, e := range plain {
		people[i] = e.Object.Mentor
	}
	names, err := tx.Names(people)
	list := make([]seenEnrolment, len(plain))
	for i, e := range plain {
		list[i] = seenEnrolment{Object: EnrolmentSeen{e.Object, names[e.Object.Mentor]}, View: e.View}
	}
	return list, err
}

// CreateEnrolment makes a mentor take part in a cycle. Made by whoever manages the cycle it is active at once, also where the
// mentor had asked for it, or had withdrawn; mentors themselves may ask to take part in the cycles of a network.
func (s *Service) CreateEnrolment(ctx context.Context, c service.Call, e supervision.Enrolment) (service.Outcome[seenEnrolment], error) {
	return service.Act(ctx, s.House, c, service.Step[seenEnrolment]{
		May: func(tx *store.Tx) (service.Target, error) {
			_, err := mayEnrol(tx, e)
			return service.Target{Noun: store.Enrolments}, err
		},
		Act: func(tx *store.Tx) (seenEnrolment, error) {
			view, err := mayEnrol(tx, e)
			if err != nil {
				return seenEnrolment{}, err
			}
			// Nobody else enrols or assigns the same person meanwhile.
			if err := tx.LockPeople([]supervision.PersonID{e.Mentor}); err != nil {
				return seenEnrolment{}, service.Unknown(err, "/mentor_id", "unknown-person")
			}
			state := supervision.EnrolmentActive
			if view == supervision.ViewOwner {
				state = supervision.EnrolmentRequested
				if e.Endorsed {
					return seenEnrolment{}, supervision.Faulty("/endorsed", "not-yours", "The mentor's organisation endorses, not the mentor.")
				}
			}
			now, err := s.enrollable(tx, e)
			if err != nil {
				return seenEnrolment{}, err
			}
			if now.State == supervision.EnrolmentActive || now.State == state {
				return seenEnrolment{}, supervision.Fault(supervision.Conflict, "already-enrolled", "The mentor is %s in this cycle already.", enrolmentWord(now.State))
			}
			again := now.State == supervision.EnrolmentWithdrawn
			if now.ID.IsZero() {
				now = supervision.Enrolment{ID: service.New[supervision.EnrolmentID](s.House), Cycle: e.Cycle, Mentor: e.Mentor}
			}
			now.State, now.Endorsed, now.EnrolledOn, now.WithdrawnOn = state, e.Endorsed, tx.Today(), supervision.Date{}
			return s.putEnrolment(tx, now, view, again && state == supervision.EnrolmentActive)
		},
		Made: func(x seenEnrolment) supervision.UUID { return x.Object.ID.Any() },
	})
}

func enrolmentWord(s supervision.EnrolmentState) string {
	if s == supervision.EnrolmentActive {
		return "enrolled"
	}
	return string(s)
}

// mayEnrol says as whom the actor enrols: as the cycle's manager, or as the mentor, whom a network's cycle is open to even
// before they take part in anything.
func mayEnrol(tx *store.Tx, e supervision.Enrolment) (supervision.View, error) {
	view, denied := tx.May(store.Cycles, "createEnrolment", e.Cycle.Any())
	if denied == nil {
		return view, nil
	}
	if e.Mentor == tx.Actor().Person {
		cycle, err := tx.Cycle(e.Cycle)
		if err != nil {
			return supervision.Deny, service.Unknown(err, "/cycle_id", "unknown-reference")
		}
		programme, err := tx.Programme(cycle.Programme)
		if err != nil {
			return supervision.Deny, err
		}
		if programme.Mode == supervision.Network {
			return tx.MayOn("createEnrolment/network", e.Mentor.Any())
		}
	}
	return supervision.Deny, service.Unknown(denied, "/cycle_id", "unknown-reference")
}

// enrollable refuses who cannot take part, and returns the enrolment that there is already, in whatever state; the zero
// Enrolment without one.
func (s *Service) enrollable(tx *store.Tx, e supervision.Enrolment) (now supervision.Enrolment, err error) {
	cycle, err := tx.Cycle(e.Cycle)
	if err != nil {
		return now, err
	}
	programme, err := tx.Programme(cycle.Programme)
	if err != nil {
		return now, err
	}
	_, mentors, err := member(tx, programme, e.Mentor, cycle.Span, "/mentor_id", supervision.RoleMentor)
	if err != nil {
		return now, err
	}
	if !mentors {
		return now, notAMentor("the cycle")
	}
	if err := stillOpen(cycle); err != nil {
		return now, err
	}
	all, err := tx.EnrolmentsIn(e.Cycle)
	if err != nil {
		return now, err
	}
	if i := slices.IndexFunc(all, func(o supervision.Enrolment) bool { return o.Mentor == e.Mentor }); i >= 0 {
		now = all[i]
	}
	assignments, err := tx.AssignmentsIn(e.Cycle)
	if err != nil {
		return now, err
	}
	if slices.ContainsFunc(assignments, func(a supervision.Assignment) bool {
		return a.Supervisor == e.Mentor && a.State != supervision.AssignmentEnded
	}) {
		return now, supervision.Fault(supervision.Conflict, "conflict", "The person is a supervisor of this cycle; nobody is both. Choose another cycle.")
	}
	if programme.Mode == supervision.Network {
		err = eligible(tx, cycle, e.Mentor)
	}
	return now, err
}

// eligible asks of a mentor in a network what a cohort takes for granted: a preparation, or a cycle that begins with one (H11),
// and a pair that lives on some day of the cycle (H29).
func eligible(tx *store.Tx, cycle supervision.Cycle, mentor supervision.PersonID) error {
	prepared, err := preparedIn(tx, cycle)
	if err != nil {
		return err
	}
	rounds, err := tx.Rounds(cycle.ID)
	if err != nil {
		return err
	}
	if !prepared[mentor] && !introduced(rounds) {
		return supervision.Fault(supervision.Conflict, "preparation-missing", "The mentor is not prepared, and the cycle has no introduction. Record a training or its equivalent first.")
	}
	pairs, err := tx.Pairs()
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(pairs, func(p supervision.Pair) bool { return p.Practised(mentor, cycle.Span) }) {
		return supervision.Fault(supervision.Conflict, "no-live-pair", "The mentor has no pair that lives on a day of the cycle, from %s to %s.", cycle.Span.From, cycle.Span.To)
	}
	return nil
}

// UpdateEnrolment endorses an enrolment, or sets the day from which on the mentor takes no part; without one, a withdrawal is
// taken back.
func (s *Service) UpdateEnrolment(ctx context.Context, c service.Call, id supervision.EnrolmentID, change func(*supervision.Enrolment)) (service.Outcome[seenEnrolment], error) {
	return service.Act(ctx, s.House, c, service.Step[seenEnrolment]{
		May: func(tx *store.Tx) (service.Target, error) {
			return on(tx, store.Enrolments, "updateEnrolment", id.Any())
		},
		Act: func(tx *store.Tx) (seenEnrolment, error) {
			look, err := tx.Enrolment(id)
			if err != nil {
				return seenEnrolment{}, err
			}
			if err := tx.LockPeople([]supervision.PersonID{look.Mentor}); err != nil {
				return seenEnrolment{}, err
			}
			view, err := tx.See(store.Enrolments, "listEnrolments", id.Any())
			if err != nil {
				return seenEnrolment{}, err
			}
			before, err := tx.Enrolment(id)
			if err != nil {
				return seenEnrolment{}, err
			}
			e := before
			change(&e)
			if service.Same(before, e) {
				list, err := s.enrolmentsNamed(tx, service.Seen[supervision.Enrolment]{Object: e, View: view})
				return list[0], err // the step is already taken
			}
			if err := c.Tagged(before.Version, view); err != nil {
				return seenEnrolment{}, err
			}
			if !e.WithdrawnOn.IsZero() && e.WithdrawnOn.Before(e.EnrolledOn) {
				return seenEnrolment{}, supervision.Faulty("/withdrawn_on", "end-before-start", "The mentor takes part from %s on.", e.EnrolledOn)
			}
			again := before.State == supervision.EnrolmentWithdrawn && (e.WithdrawnOn.IsZero() || tx.Today().Before(e.WithdrawnOn))
			if again {
				if _, err := s.enrollable(tx, e); err != nil {
					return seenEnrolment{}, err
				}
				e.State = supervision.EnrolmentActive
			}
			if !e.WithdrawnOn.IsZero() && !tx.Today().Before(e.WithdrawnOn) {
				e.State = supervision.EnrolmentWithdrawn
			}
			return s.putEnrolment(tx, e, view, again)
		},
	})
}

// putEnrolment writes an enrolment. A mentor who leaves gives up their placement, and one who comes back is asked about it
// again; their sessions are judged anew (H21).
func (s *Service) putEnrolment(tx *store.Tx, e supervision.Enrolment, view supervision.View, again bool) (seenEnrolment, error) {
	if err := tx.PutEnrolment(&e); err != nil {
		return seenEnrolment{}, err
	}
	if again || e.State == supervision.EnrolmentWithdrawn {
		if err := seat(tx, e); err != nil {
			return seenEnrolment{}, err
		}
		if err := service.Recheck(tx, e.Mentor); err != nil {
			return seenEnrolment{}, err
		}
	}
	list, err := s.enrolmentsNamed(tx, service.Seen[supervision.Enrolment]{Object: e, View: view})
	return list[0], err
}

// seat gives up a mentor's placement, or proposes it again.
func seat(tx *store.Tx, e supervision.Enrolment) error {
	all, err := tx.PlacementsIn(e.Cycle)
	if err != nil {
		return err
	}
	for _, p := range all {
		gone := e.State == supervision.EnrolmentWithdrawn
		if p.Mentor != e.Mentor || gone == (p.State == supervision.PlacementWithdrawn) {
			continue
		}
		if p.State = supervision.PlacementWithdrawn; !gone {
			p.State, p.ProposedAt, p.AnsweredAt = supervision.PlacementProposed, tx.Now(), supervision.Instant{}
		}
		return tx.PutPlacement(&p)
	}
	return nil
}

// withdraw takes those out of their cycles whose day of withdrawal has come.
func (s *Service) withdraw(tx *store.Tx) error {
	due, err := tx.DueWithdrawals()
	if err != nil {
		return err
	}
	for _, e := range due {
		e.State = supervision.EnrolmentWithdrawn
		if _, err := s.putEnrolment(tx, e, supervision.ViewManager, false); err != nil {
			return err
		}
	}
	return nil
}
