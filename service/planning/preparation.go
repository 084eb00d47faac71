package planning

import (
	"context"
	"slices"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// PreparationSeen is a preparation with the name of its mentor.
type PreparationSeen struct {
	supervision.Preparation
	Name string
}

type seenPreparation = service.Seen[PreparationSeen]

// ListPreparations is a page of the preparations that the actor may see, and whether there are more.
func (s *Service) ListPreparations(ctx context.Context, actor supervision.Actor, f store.PreparationFilter, p store.Page) (list []seenPreparation, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		rows, err := tx.ListPreparations(f, p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		plain, err := service.SeenAll(tx, store.Preparations, "listPreparations", rows, func(p supervision.Preparation) supervision.UUID { return p.ID.Any() })
		if err != nil {
			return err
		}
		list, err = s.preparationsNamed(tx, plain...)
		return err
	})
	return list, more, err
}

func (s *Service) preparationsNamed(tx *store.Tx, plain ...service.Seen[supervision.Preparation]) ([]seenPreparation, error) {
	people := make([]supervision.PersonID, len(plain))
	for i, p := range plain {
		people[i] = p.Object.Person
	}
	names, err := tx.Names(people)
	list := make([]seenPreparation, len(plain))
	for i, p := range plain {
		list[i] = seenPreparation{Object: PreparationSeen{p.Object, names[p.Object.Person]}, View: p.View}
	}
	return list, err
}

// CreatePreparation records that a mentor was prepared (H11). Whoever manages the programme does so, or the mentor's own
// supervisor.
func (s *Service) CreatePreparation(ctx context.Context, c service.Call, p supervision.Preparation) (service.Outcome[seenPreparation], error) {
	return service.Act(ctx, s.House, c, service.Step[seenPreparation]{
		May: func(tx *store.Tx) (service.Target, error) {
			target := service.Target{Noun: store.Preparations}
			if _, err := tx.See(store.Programmes, "getProgramme", p.Programme.Any()); err != nil {
				return target, service.Unknown(err, "/programme_id", "unknown-reference")
			}
			_, err := tx.MayOn("createPreparation", p.Programme.Any(), p.Person.Any())
			return target, err
		},
		Act: func(tx *store.Tx) (seenPreparation, error) {
			p := p
			p.ID, p.Version = service.New[supervision.PreparationID](s.House), 0
			programme, err := tx.Programme(p.Programme)
			if err != nil {
				return seenPreparation{}, err
			}
			_, mentors, err := member(tx, programme, p.Person, programme.Span, "/person_id", supervision.RoleMentor)
			if err != nil {
				return seenPreparation{}, err
			}
			if !mentors {
				return seenPreparation{}, notAMentor("the programme")
			}
			if err := checkPreparation(tx, programme, p); err != nil {
				return seenPreparation{}, err
			}
			view, err := tx.MayOn("createPreparation", p.Programme.Any(), p.Person.Any())
			if err != nil {
				return seenPreparation{}, err
			}
			return s.putPreparation(tx, p, view)
		},
		Made: func(x seenPreparation) supervision.UUID { return x.Object.ID.Any() },
	})
}

// UpdatePreparation corrects a preparation.
func (s *Service) UpdatePreparation(ctx context.Context, c service.Call, id supervision.PreparationID, change func(*supervision.Preparation)) (service.Outcome[seenPreparation], error) {
	return service.Act(ctx, s.House, c, service.Step[seenPreparation]{
		May: func(tx *store.Tx) (service.Target, error) {
			return on(tx, store.Preparations, "updatePreparation", id.Any())
		},
		Act: func(tx *store.Tx) (seenPreparation, error) {
			view, err := tx.See(store.Preparations, "listPreparations", id.Any())
			if err != nil {
				return seenPreparation{}, err
			}
			before, err := tx.Preparation(id)
			if err != nil {
				return seenPreparation{}, err
			}
			p := before
			change(&p)
			if service.Same(before, p) {
				list, err := s.preparationsNamed(tx, service.Seen[supervision.Preparation]{Object: p, View: view})
				return list[0], err // the step is already taken
			}
			if err := c.Tagged(before.Version, view); err != nil {
				return seenPreparation{}, err
			}
			programme, err := tx.Programme(p.Programme)
			if err != nil {
				return seenPreparation{}, err
			}
			if err := checkPreparation(tx, programme, p); err != nil {
				return seenPreparation{}, err
			}
			return s.putPreparation(tx, p, view)
		},
	})
}

// putPreparation writes a preparation and rings for its mentor's sessions, which may have waited for it.
func (s *Service) putPreparation(tx *store.Tx, p supervision.Preparation, view supervision.View) (seenPreparation, error) {
	if err := tx.PutPreparation(&p); err != nil {
		return seenPreparation{}, err
	}
	if err := service.Recheck(tx, p.Person); err != nil {
		return seenPreparation{}, err
	}
	list, err := s.preparationsNamed(tx, service.Seen[supervision.Preparation]{Object: p, View: view})
	return list[0], err
}

// checkPreparation judges a preparation: it is over, a training came before the programme began, and the session that it
// names was an introduction of the programme with this mentor.
func checkPreparation(tx *store.Tx, programme supervision.Programme, p supervision.Preparation) error {
	if tx.Today().Before(p.CompletedOn) {
		return supervision.Faulty("/completed_on", "range", "%s has not come yet; what is recorded is over.", p.CompletedOn)
	}
	if p.Kind == supervision.PreparedByTraining && programme.Span.From.Before(p.CompletedOn) {
		return supervision.Fault(supervision.Invalid, "training-after-start", "The programme began on %s, and the training ended on %s.", programme.Span.From, p.CompletedOn).
			And("/completed_on", "range", "A training lies before the programme's start.")
	}
	if p.Session.IsZero() {
		return nil
	}
	if p.Kind != supervision.PreparedByIntroduction {
		return supervision.Faulty("/session_id", "not-of-kind", "Only a preparation of the kind introduction names its session.")
	}
	unknown := supervision.Faulty("/session_id", "unknown-reference", "There is no introduction of this programme with this mentor that has that id.")
	x, err := tx.Session(p.Session)
	if err != nil {
		return service.Unknown(err, "/session_id", "unknown-reference")
	}
	if x.Kind != supervision.KindIntroduction || !slices.Contains(x.MentorIDs(), p.Person) {
		return unknown
	}
	cycle, err := tx.Cycle(x.Cycle)
	if err != nil || cycle.Programme != programme.ID {
		return service.Unknown(supervision.Absent(), "/session_id", "unknown-reference")
	}
	return nil
}

// notAMentor refuses somebody who holds no role of a mentor where one is asked for.
func notAMentor(where string) error {
	return supervision.Fault(supervision.Invalid, "not-a-mentor", "The person is no mentor on any day of %s. Give them the role of a mentor for these days first.", where)
}
