package planning

import (
	"context"
	"fmt"
	"slices"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// ProgrammeSeen is a programme with the name of its lead.
type ProgrammeSeen struct {
	supervision.Programme
	LeadName string
}

type seenProgramme = service.Seen[ProgrammeSeen]

// ListProgrammes is a page of the programmes that the actor may see, all or those of one organisation, and whether there are
// more.
func (s *Service) ListProgrammes(ctx context.Context, actor supervision.Actor, of supervision.OrganisationID, p store.Page) (list []seenProgramme, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		rows, err := tx.ListProgrammes(of, p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		plain, err := service.SeenAll(tx, store.Programmes, "listProgrammes", rows, func(p supervision.Programme) supervision.UUID { return p.ID.Any() })
		if err != nil {
			return err
		}
		list, err = s.programmesLed(tx, plain...)
		return err
	})
	return list, more, err
}

// GetProgramme returns one programme.
func (s *Service) GetProgramme(ctx context.Context, actor supervision.Actor, id supervision.ProgrammeID) (seen seenProgramme, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		seen, err = s.programme(tx, id)
		return err
	})
	return seen, err
}

func (s *Service) programme(tx *store.Tx, id supervision.ProgrammeID) (seen seenProgramme, err error) {
	view, err := tx.See(store.Programmes, "getProgramme", id.Any())
	if err != nil {
		return seen, err
	}
	p, err := tx.Programme(id)
	if err != nil {
		return seen, err
	}
	list, err := s.programmesLed(tx, service.Seen[supervision.Programme]{Object: p, View: view})
	return list[0], err
}

func (s *Service) programmesLed(tx *store.Tx, plain ...service.Seen[supervision.Programme]) ([]seenProgramme, error) {
	leads := make([]supervision.PersonID, len(plain))
	for i, p := range plain {
		leads[i] = p.Object.Lead
	}
	names, err := tx.Names(leads)
	list := make([]seenProgramme, len(plain))
	for i, p := range plain {
		list[i] = seenProgramme{Object: ProgrammeSeen{p.Object, names[p.Object.Lead]}, View: p.View}
	}
	return list, err
}

// CreateProgramme begins a programme; the caller becomes its lead. One that spans organisations is begun by those who manage
// the whole tenant.
func (s *Service) CreateProgramme(ctx context.Context, c service.Call, p supervision.Programme) (service.Outcome[seenProgramme], error) {
	return service.Act(ctx, s.House, c, service.Step[seenProgramme]{
		May: func(tx *store.Tx) (service.Target, error) {
			_, err := tx.MayOn("createProgramme", tx.Tenant().Any(), p.Organisation.Any())
			return service.Target{Noun: store.Programmes}, err
		},
		Act: func(tx *store.Tx) (seenProgramme, error) {
			p := p
			p.ID, p.Version, p.Lead = service.New[supervision.ProgrammeID](s.House), 0, tx.Actor().Person
			if err := checkProgramme(tx, &p); err != nil {
				return seenProgramme{}, err
			}
			if err := tx.PutProgramme(&p); err != nil {
				return seenProgramme{}, err
			}
			return s.programme(tx, p.ID)
		},
		Made: func(x seenProgramme) supervision.UUID { return x.Object.ID.Any() },
	})
}

// UpdateProgramme changes what the function changes. Its days hold those of its cycles.
func (s *Service) UpdateProgramme(ctx context.Context, c service.Call, id supervision.ProgrammeID, change func(*supervision.Programme)) (service.Outcome[seenProgramme], error) {
	return service.Act(ctx, s.House, c, service.Step[seenProgramme]{
		May: func(tx *store.Tx) (service.Target, error) {
			return on(tx, store.Programmes, "updateProgramme", id.Any())
		},
		Act: func(tx *store.Tx) (seenProgramme, error) {
			seen, err := s.programme(tx, id)
			if err != nil {
				return seen, err
			}
			before := seen.Object.Programme
			p := before
			change(&p)
			if service.Same(before, p) {
				return seen, nil // the step is already taken
			}
			if err := c.Tagged(before.Version, seen.View); err != nil {
				return seen, err
			}
			if err := checkProgramme(tx, &p); err != nil {
				return seen, err
			}
			if p.Organisation != before.Organisation {
				if _, err := tx.MayOn("createProgramme", tx.Tenant().Any(), p.Organisation.Any()); err != nil {
					return seen, err
				}
			}
			if p.Lead != before.Lead {
				if _, err := tx.See(store.People, "getPerson", p.Lead.Any()); err != nil {
					return seen, service.Unknown(err, "/lead_id", "unknown-person")
				}
			}
			cycles, err := tx.CyclesOf(id)
			if err != nil {
				return seen, err
			}
			if err := holdsCycles(tx, p, cycles); err != nil {
				return seen, err
			}
			if err := tx.PutProgramme(&p); err != nil {
				return seen, err
			}
			if err := s.programmeChanged(tx, before, p, cycles); err != nil {
				return seen, err
			}
			return s.programmeOf(tx, p, seen.View)
		},
	})
}

// programmeOf is a changed programme as its changer saw it: who has handed it over may see it no longer.
func (s *Service) programmeOf(tx *store.Tx, p supervision.Programme, view supervision.View) (seenProgramme, error) {
	list, err := s.programmesLed(tx, service.Seen[supervision.Programme]{Object: p, View: view})
	return list[0], err
}

// holdsCycles refuses days that would leave a cycle or a round outside. What is cancelled stands in nobody's way.
func holdsCycles(tx *store.Tx, p supervision.Programme, cycles []supervision.Cycle) error {
	for _, c := range cycles {
		if c.State == supervision.CycleCancelled {
			continue
		}
		rounds, err := tx.Rounds(c.ID)
		if err != nil {
			return err
		}
		days := []supervision.Days{c.Span}
		for _, r := range rounds {
			days = append(days, r.Window)
		}
		for _, d := range days {
			if !p.Span.Holds(d.From) || !p.Span.Holds(d.To) {
				return outsideProgramme(fmt.Sprintf("The cycle %q has days from %s to %s. Change its days and rounds first.", c.Name, d.From, d.To))
			}
		}
	}
	return nil
}

// outsideProgramme refuses days that the programme does not hold, at the members that name them.
func outsideProgramme(detail string, pointers ...string) error {
	e := supervision.Fault(supervision.Invalid, "outside-programme", "%s", detail)
	for _, p := range pointers {
		e = e.And(p, "range", "This lies outside of the programme's days.")
	}
	return e
}

// programmeChanged rings for the sessions of the programme if something has changed by which they are judged: its days (H13),
// and who manages it (H10).
func (s *Service) programmeChanged(tx *store.Tx, before, p supervision.Programme, cycles []supervision.Cycle) error {
	if before.Span == p.Span && before.Lead == p.Lead && before.Organisation == p.Organisation {
		return nil
	}
	for _, c := range cycles {
		if err := s.recheckCycle(tx, c.ID); err != nil {
			return err
		}
	}
	return nil
}

// recheckCycle rings for the sessions of a cycle.
func (s *Service) recheckCycle(tx *store.Tx, id supervision.CycleID) error {
	sessions, err := tx.SessionsIn(id)
	if err != nil {
		return err
	}
	var people []supervision.PersonID
	for _, x := range sessions {
		people = append(people, x.People()...)
	}
	slices.SortFunc(people, supervision.PersonID.Compare)
	return service.Recheck(tx, slices.Compact(people)...)
}

// leastK is the smallest number of people that a report may speak of.
const leastK = 5

func checkProgramme(tx *store.Tx, p *supervision.Programme) error {
	p.Name = service.Tidy(p.Name)
	if p.K < leastK {
		return supervision.Fault(supervision.Invalid, "k-too-low", "With %d people a report would speak of persons; choose %d or more.", p.K, leastK).
			And("/k", "range", "At least %d.", leastK)
	}
	var f supervision.Faults
	switch {
	case p.Span.To.IsZero() && p.Mode == supervision.Cohort:
		f.Add("/end_on", "required", "A cohort begins and ends together; name its last day. A network may be open.")
	case !p.Span.To.IsZero() && p.Span.To.Before(p.Span.From):
		f.Add("/end_on", "end-before-start", "%s lies before %s; both are whole days and included.", p.Span.To, p.Span.From)
	}
	if !p.Organisation.IsZero() {
		if _, err := tx.Organisation(p.Organisation); supervision.KindOf(err) == supervision.NotFound {
			f.Add("/organisation_id", "unknown-reference", "There is no such organisation.")
		} else if err != nil {
			return err
		}
	}
	return f.Err()
}
