package roster

import (
	"context"
	"slices"
	"strconv"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// PairSeen is a pair with the names of its people, for how long it has met, and what its manager should know of it.
type PairSeen struct {
	supervision.Pair
	Names   map[supervision.PersonID]string
	Minutes int
	OneLine bool // mentor and mentee stand in one reporting line
}

type seenPair = service.Seen[PairSeen]

// ListPairs is a page of the pairs that the actor may see, and whether there are more.
func (s *Service) ListPairs(ctx context.Context, actor supervision.Actor, f store.PairFilter, p store.Page) (list []seenPair, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		rows, err := tx.ListPairs(f, p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		plain, err := service.SeenAll(tx, store.Pairs, "listPairs", rows, func(p supervision.Pair) supervision.UUID { return p.ID.Any() })
		if err != nil {
			return err
		}
		list, err = s.pairsSeen(tx, plain...)
		return err
	})
	return list, more, err
}

// GetPair returns one pair.
func (s *Service) GetPair(ctx context.Context, actor supervision.Actor, id supervision.PairID) (seen seenPair, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		seen, err = s.pair(tx, id)
		return err
	})
	return seen, err
}

func (s *Service) pair(tx *store.Tx, id supervision.PairID) (seen seenPair, err error) {
	view, err := tx.See(store.Pairs, "getPair", id.Any())
	if err != nil {
		return seen, err
	}
	p, err := tx.Pair(id)
	if err != nil {
		return seen, err
	}
	list, err := s.pairsSeen(tx, service.Seen[supervision.Pair]{Object: p, View: view})
	if err != nil {
		return seen, err
	}
	return list[0], nil
}

func (s *Service) pairsSeen(tx *store.Tx, plain ...service.Seen[supervision.Pair]) ([]seenPair, error) {
	var people []supervision.PersonID
	ids := make([]supervision.PairID, len(plain))
	managed := false
	for i, p := range plain {
		ids[i] = p.Object.ID
		people = append(people, p.Object.People()...)
		managed = managed || p.View == supervision.ViewManager
	}
	names, err := tx.Names(people)
	if err != nil {
		return nil, err
	}
	minutes, err := tx.MetMinutes(ids)
	if err != nil {
		return nil, err
	}
	off := charts{}
	if managed {
		if off.lines, err = tx.Lines(); err != nil {
			return nil, err
		}
	}
	list := make([]seenPair, len(plain))
	for i, p := range plain {
		x := PairSeen{Pair: p.Object, Names: map[supervision.PersonID]string{}, Minutes: minutes[p.Object.ID]}
		for _, who := range p.Object.People() {
			x.Names[who] = names[who]
		}
		x.OneLine = p.View == supervision.ViewManager && off.oneLine(p.Object, tx.Today())
		list[i] = seenPair{Object: x, View: p.View}
	}
	return list, nil
}

// CreatePair makes a pair, planned.
func (s *Service) CreatePair(ctx context.Context, c service.Call, p supervision.Pair) (service.Outcome[seenPair], error) {
	return service.Act(ctx, s.House, c, service.Step[seenPair]{
		May: func(tx *store.Tx) (service.Target, error) {
			people, err := tx.People(p.People())
			if err != nil {
				return service.Target{}, err
			}
			var of []supervision.UUID
			for _, x := range people {
				of = append(of, x.Organisation.Any())
			}
			return s.onTenant(tx, "createPair", store.Pairs, of...)
		},
		Act: func(tx *store.Tx) (seenPair, error) {
			p := p
			p.ID, p.Version, p.State = service.New[supervision.PairID](s.House), 0, supervision.PairPlanned
			if err := s.checkPair(tx, p, p.People()); err != nil {
				return seenPair{}, err
			}
			return s.putPair(tx, p, p.People())
		},
		Made: func(x seenPair) supervision.UUID { return x.Object.ID.Any() },
	})
}

// UpdatePair changes a pair's people and days.
func (s *Service) UpdatePair(ctx context.Context, c service.Call, id supervision.PairID, change func(*supervision.Pair)) (service.Outcome[seenPair], error) {
	return service.Act(ctx, s.House, c, service.Step[seenPair]{
		May: func(tx *store.Tx) (service.Target, error) { return on(tx, store.Pairs, "updatePair", id.Any()) },
		Act: func(tx *store.Tx) (seenPair, error) {
			seen, err := s.pair(tx, id)
			if err != nil {
				return seen, err
			}
			before := seen.Object.Pair
			p := before
			change(&p)
			slices.SortFunc(p.Mentors, supervision.PersonID.Compare)
			slices.SortFunc(p.Mentees, supervision.PersonID.Compare)
			if service.Same(before, p) {
				return seen, nil // the step is already taken
			}
			if err := c.Tagged(before.Version, seen.View); err != nil {
				return seen, err
			}
			former := before.People()
			if err := s.checkPair(tx, p, slices.DeleteFunc(p.People(), func(x supervision.PersonID) bool { return slices.Contains(former, x) })); err != nil {
				return seen, err
			}
			return s.putPair(tx, p, append(former, p.People()...))
		},
	})
}

// SetPairState begins, pauses or ends a pair. One that ends takes today as its last day, unless an earlier one is set.
func (s *Service) SetPairState(ctx context.Context, c service.Call, id supervision.PairID, to supervision.PairState) (service.Outcome[seenPair], error) {
	return service.Act(ctx, s.House, c, service.Step[seenPair]{
		May: func(tx *store.Tx) (service.Target, error) { return on(tx, store.Pairs, "setPairState", id.Any()) },
		Act: func(tx *store.Tx) (seenPair, error) {
			seen, err := s.pair(tx, id)
			if err != nil || seen.Object.State == to {
				return seen, err // the step is already taken
			}
			p := seen.Object.Pair
			if err := c.Tagged(p.Version, seen.View); err != nil {
				return seen, err
			}
			if !slices.Contains(p.State.Next(), to) {
				return seen, &supervision.Error{Kind: supervision.Conflict, Code: "invalid-transition",
					Detail: "A pair that is " + string(p.State) + " does not become " + string(to) + ".",
					Step:   &supervision.Step{From: string(p.State), To: string(to), Allowed: service.Texts(p.State.Next())}}
			}
			p.State = to
			endPair(&p, tx.Today())
			return s.putPair(tx, p, p.People())
		},
	})
}

// endPair gives a pair that is over its last day.
func endPair(p *supervision.Pair, today supervision.Date) {
	over := p.State == supervision.PairEnded || p.State == supervision.PairUnwound || p.State == supervision.PairInformally
	if over && !today.Before(p.Span.From) && (p.Span.To.IsZero() || today.Before(p.Span.To)) {
		p.Span.To = today
	}
}

func (s *Service) putPair(tx *store.Tx, p supervision.Pair, about []supervision.PersonID) (seenPair, error) {
	if err := tx.PutPair(&p); err != nil {
		return seenPair{}, err
	}
	if err := service.Recheck(tx, about...); err != nil {
		return seenPair{}, err
	}
	return s.pair(tx, p.ID)
}

// checkPair judges a pair; fresh are those of its people who have come into it.
func (s *Service) checkPair(tx *store.Tx, p supervision.Pair, fresh []supervision.PersonID) error {
	var f supervision.Faults
	if p.Kind == supervision.OneToOne || p.Kind == supervision.Reverse {
		if len(p.Mentors) > 1 {
			f.Add("/mentor_ids", "max-items", "A pair of the kind %s has one mentor.", p.Kind)
		}
		if len(p.Mentees) > 1 {
			f.Add("/mentee_ids", "max-items", "A pair of the kind %s has one mentee.", p.Kind)
		}
	}
	for i, m := range p.Mentees {
		if slices.Contains(p.Mentors, m) {
			f.Add("/mentee_ids/"+strconv.Itoa(i), "same-person", "Nobody is their own mentor.")
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	if err := checkDays("/end_on", p.Span); err != nil {
		return err
	}
	return s.known(tx, fresh, func(i int) string {
		if at := slices.Index(p.Mentors, fresh[i]); at >= 0 {
			return "/mentor_ids/" + strconv.Itoa(at)
		}
		return "/mentee_ids/" + strconv.Itoa(slices.Index(p.Mentees, fresh[i]))
	})
}

// charts keeps the charts of the days that were asked for: of many pairs most begin on the same few days.
type charts struct {
	lines supervision.Lines
	days  map[supervision.Date]supervision.Chart
}

func (c *charts) on(day supervision.Date) supervision.Chart {
	if c.days == nil {
		c.days = map[supervision.Date]supervision.Chart{}
	}
	chart, ok := c.days[day]
	if !ok {
		chart = c.lines.On(day)
		c.days[day] = chart
	}
	return chart
}

// oneLine says whether a mentor and a mentee of the pair stand in one reporting line, on its first day or today. That is no
// fault, but its manager should know: mentoring is meant to be outside of the line.
func (c *charts) oneLine(p supervision.Pair, today supervision.Date) bool {
	days := []supervision.Date{p.Span.From}
	if p.Span.Holds(today) {
		days = append(days, today)
	}
	for _, day := range days {
		chart := c.on(day)
		for _, a := range p.Mentors {
			up := chart.Above(a)
			for _, b := range p.Mentees {
				if up[b] > 0 || chart.Above(b)[a] > 0 {
					return true
				}
			}
		}
	}
	return false
}
