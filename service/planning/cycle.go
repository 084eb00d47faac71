package planning

import (
	"context"

	"kreds/calendar"
	"kreds/instance"
	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// CycleSeen is a cycle with its rounds in their order.
type CycleSeen struct {
	supervision.Cycle
	Rounds []supervision.Round
}

type seenCycle = service.Seen[CycleSeen]

// ListCycles is a page of the cycles that the actor may see, and whether there are more.
func (s *Service) ListCycles(ctx context.Context, actor supervision.Actor, f store.CycleFilter, p store.Page) (list []seenCycle, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		rows, err := tx.ListCycles(f, p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		plain, err := service.SeenAll(tx, store.Cycles, "listCycles", rows, func(c supervision.Cycle) supervision.UUID { return c.ID.Any() })
		if err != nil {
			return err
		}
		list, err = s.withRounds(tx, plain...)
		return err
	})
	return list, more, err
}

// GetCycle returns one cycle.
func (s *Service) GetCycle(ctx context.Context, actor supervision.Actor, id supervision.CycleID) (seen seenCycle, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		seen, err = s.cycle(tx, id)
		return err
	})
	return seen, err
}

func (s *Service) cycle(tx *store.Tx, id supervision.CycleID) (seen seenCycle, err error) {
	view, err := tx.See(store.Cycles, "getCycle", id.Any())
	if err != nil {
		return seen, err
	}
	c, err := tx.Cycle(id)
	if err != nil {
		return seen, err
	}
	list, err := s.withRounds(tx, service.Seen[supervision.Cycle]{Object: c, View: view})
	if err != nil {
		return seen, err
	}
	return list[0], nil
}

// locked is a cycle that nobody else changes until the transaction ends.
func (s *Service) locked(tx *store.Tx, id supervision.CycleID) (seen seenCycle, err error) {
	if _, err := tx.LockCycle(id); err != nil {
		return seen, err
	}
	return s.cycle(tx, id)
}

func (s *Service) withRounds(tx *store.Tx, plain ...service.Seen[supervision.Cycle]) ([]seenCycle, error) {
	ids := make([]supervision.CycleID, len(plain))
	for i, c := range plain {
		ids[i] = c.Object.ID
	}
	rounds, err := tx.Rounds(ids...)
	if err != nil {
		return nil, err
	}
	of := map[supervision.CycleID][]supervision.Round{}
	for _, r := range rounds {
		of[r.Cycle] = append(of[r.Cycle], r)
	}
	list := make([]seenCycle, len(plain))
	for i, c := range plain {
		list[i] = seenCycle{Object: CycleSeen{c.Object, of[c.Object.ID]}, View: c.View}
	}
	return list, nil
}

// NewCycle is what a cycle is made from.
type NewCycle struct {
	supervision.Cycle     // programme, template, name, zone, days and settings
	Introductions     int // how many dates the introduction has; 0: as the template says
}

// CreateCycle makes a draft from a template: its rounds get windows that spread them over the cycle's days.
func (s *Service) CreateCycle(ctx context.Context, c service.Call, n NewCycle) (service.Outcome[seenCycle], error) {
	return service.Act(ctx, s.House, c, service.Step[seenCycle]{
		May: func(tx *store.Tx) (service.Target, error) {
			_, err := tx.May(store.Programmes, "createCycle", n.Programme.Any())
			return service.Target{Noun: store.Cycles}, service.Unknown(err, "/programme_id", "unknown-reference")
		},
		Act: func(tx *store.Tx) (seenCycle, error) {
			cycle := n.Cycle
			cycle.ID, cycle.Version, cycle.State = service.New[supervision.CycleID](s.House), 0, supervision.CycleDraft
			programme, err := tx.Programme(cycle.Programme)
			if err != nil {
				return seenCycle{}, err
			}
			template, err := s.template(tx, cycle.Template)
			if err != nil {
				return seenCycle{}, service.Unknown(err, "/template_id", "unknown-reference")
			}
			cycle.Format = template.Object.Format
			if err := checkCycle(&cycle, programme); err != nil {
				return seenCycle{}, err
			}
			steps, err := offered(template.Object.Steps, n.Introductions)
			if err != nil {
				return seenCycle{}, err
			}
			if err := tx.PutCycle(&cycle); err != nil {
				return seenCycle{}, err
			}
			rounds := instance.Windows(cycle, programme, steps)
			for i := range rounds {
				rounds[i].ID = service.New[supervision.RoundID](s.House)
			}
			if err := tx.PutRounds(cycle.ID, rounds); err != nil {
				return seenCycle{}, err
			}
			return s.cycle(tx, cycle.ID)
		},
		Made: func(x seenCycle) supervision.UUID { return x.Object.ID.Any() },
	})
}

// offered gives the introductions of a template so many dates; 0 leaves the template's.
func offered(steps []supervision.TemplateStep, dates int) ([]supervision.TemplateStep, error) {
	steps = dated(steps)
	if dates == 0 {
		return steps, nil
	}
	found := false
	for i := range steps {
		if steps[i].Kind == supervision.KindIntroduction {
			steps[i].Dates, found = dates, true
		}
	}
	if !found {
		return nil, supervision.Faulty("/introduction_dates", "not-of-kind", "The template has no introduction. Choose another, or leave this out.")
	}
	return steps, nil
}

// UpdateCycle changes a cycle's name, zone, days and settings. While it is a draft its rounds may be left behind, so that days
// and windows can be moved one after the other; its checklist then says so.
func (s *Service) UpdateCycle(ctx context.Context, c service.Call, id supervision.CycleID, change func(*supervision.Cycle)) (service.Outcome[seenCycle], error) {
	return service.Act(ctx, s.House, c, service.Step[seenCycle]{
		May: func(tx *store.Tx) (service.Target, error) { return on(tx, store.Cycles, "updateCycle", id.Any()) },
		Act: func(tx *store.Tx) (seenCycle, error) {
			seen, err := s.locked(tx, id)
			if err != nil {
				return seen, err
			}
			before := seen.Object.Cycle
			cycle := before
			change(&cycle)
			if service.Same(before, cycle) {
				return seen, nil // the step is already taken
			}
			if err := c.Tagged(before.Version, seen.View); err != nil {
				return seen, err
			}
			if err := stillOpen(before); err != nil {
				return seen, err
			}
			programme, err := tx.Programme(cycle.Programme)
			if err != nil {
				return seen, err
			}
			if err := checkCycle(&cycle, programme); err != nil {
				return seen, err
			}
			if left := cycle.Apart(seen.Object.Rounds); len(left) > 0 && cycle.State != supervision.CycleDraft {
				r := seen.Object.Rounds[left[0]]
				return seen, supervision.Faulty("/from_on", "range", "Round %d lies from %s to %s, outside of these days. Change the rounds first, or set the cycle back to draft.",
					left[0]+1, r.Window.From, r.Window.To)
			}
			return seen, s.putCycle(tx, &seen, cycle)
		},
	})
}

// putCycle writes a changed cycle and rings for its sessions.
func (s *Service) putCycle(tx *store.Tx, seen *seenCycle, cycle supervision.Cycle) error {
	if err := tx.PutCycle(&cycle); err != nil {
		return err
	}
	seen.Object.Cycle = cycle
	return s.recheckCycle(tx, cycle.ID)
}

// stillOpen refuses changes of a cycle that is over.
func stillOpen(c supervision.Cycle) error {
	if c.State.Open() {
		return nil
	}
	return supervision.Fault(supervision.Conflict, "cycle-closed", "The cycle is %s; only cycles that are not over are changed.", c.State)
}

// checkCycle judges a cycle's days, zone and settings.
func checkCycle(c *supervision.Cycle, p supervision.Programme) error {
	c.Name = service.Tidy(c.Name)
	var f supervision.Faults
	if _, err := calendar.LoadZone(c.TimeZone); err != nil {
		f.Add("/time_zone", "unknown-zone", "%q is not an IANA time zone, for example Europe/Copenhagen.", c.TimeZone)
	}
	if c.Span.To.Before(c.Span.From) {
		f.Add("/to_on", "end-before-start", "%s lies before %s; both are whole days and included.", c.Span.To, c.Span.From)
	}
	if longest := c.Span.From.AddDays(service.LongestAhead - 1); longest.Before(c.Span.To) {
		f.Add("/to_on", "beyond-horizon", "A cycle lasts at most %d days, here to %s.", service.LongestAhead, longest)
	}
	c.Settings.Check(&f, "/settings")
	if err := f.Err(); err != nil {
		return err
	}
	var outside []string
	if !p.Span.Holds(c.Span.From) {
		outside = append(outside, "/from_on")
	}
	if !p.Span.Holds(c.Span.To) {
		outside = append(outside, "/to_on")
	}
	if len(outside) > 0 {
		return outsideProgramme("The programme lasts from "+p.Span.From.String()+service.Until(p.Span.To)+".", outside...)
	}
	return nil
}
