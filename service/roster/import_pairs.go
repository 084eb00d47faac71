package roster

import (
	"maps"
	"slices"

	"kreds/service"
	"kreds/supervision"
)

// pairs imports pairs by external id; new ones are planned. Pairs that are over stay so. A full list ends the living pairs with
// an external id that it does not name.
func (r *importing) pairs(rows []supervision.ImportRow) error {
	all, err := r.tx.Pairs()
	if err != nil {
		return err
	}
	f, err := r.rosterFacts()
	if err != nil {
		return err
	}
	off := charts{}
	if off.lines, err = r.tx.Lines(); err != nil {
		return err
	}
	there := map[string]supervision.Pair{}
	for _, p := range all {
		if p.ExternalID != "" {
			there[p.ExternalID] = p
		}
	}
	seen := map[string]int{}
	for _, in := range rows {
		x := r.read(in)
		key, _ := x.text("external_id")
		x.unique(seen, "external_id", key)
		before, exists := there[key]
		p := before
		x.fillPair(&p, f)
		if x.bad {
			continue
		}
		if off.oneLine(p, f.today) {
			x.warn("mentees", "one-line", "Mentor and mentee stand in one reporting line; mentoring is meant to be outside of it.")
		}
		r.pair(x, before, p, exists)
	}
	if r.Full {
		r.endPairs(there, seen)
	}
	return nil
}

func (r *importing) pair(x *row, before, p supervision.Pair, exists bool) {
	key := p.ExternalID
	switch {
	case exists && !living(before):
		r.Unchanged++
		r.IDs[key] = before.ID.Any()
		if !service.Same(before, p) {
			x.warn("external_id", "pair-over", "The pair is %s and stays as it is.", before.State)
		}
	case exists && service.Same(before, p):
		r.Unchanged++
		r.IDs[key] = p.ID.Any()
	case exists:
		r.IDs[key] = p.ID.Any()
		r.then(&r.Updated, func() error { return r.tx.PutPair(&p) }, append(before.People(), p.People()...)...)
	default:
		p.ID, p.State = service.New[supervision.PairID](r.house), supervision.PairPlanned
		r.IDs[key] = p.ID.Any()
		r.then(&r.Created, func() error { return r.tx.PutPair(&p) }, p.People()...)
	}
}

func living(p supervision.Pair) bool {
	return p.State == supervision.PairPlanned || p.State == supervision.PairActive || p.State == supervision.PairPaused
}

// fillPair reads a pair over what is there.
func (x *row) fillPair(p *supervision.Pair, f rosterFacts) {
	p.ExternalID, _ = x.text("external_id")
	p.Kind = one(x, "kind", supervision.OneToOne, supervision.OneToOne, supervision.Reverse, supervision.Peer, supervision.PairGroup)
	p.Mentors, p.Mentees = x.several(f, "mentors"), x.several(f, "mentees")
	if p.Kind == supervision.OneToOne || p.Kind == supervision.Reverse {
		for name, people := range map[string][]supervision.PersonID{"mentors": p.Mentors, "mentees": p.Mentees} {
			if len(people) > 1 {
				x.fault(name, "max-items", "A pair of the kind %s has one.", p.Kind)
			}
		}
	}
	for _, m := range p.Mentees {
		if !m.IsZero() && slices.Contains(p.Mentors, m) {
			x.fault("mentees", "same-person", "Nobody is their own mentor.")
		}
	}
	p.Span.From, _ = x.day("start_on")
	if to, given := x.day("end_on"); given {
		p.Span.To = to
	}
	if checkDays("", p.Span) != nil {
		x.fault("end_on", "end-before-start", "%s lies before %s; both are whole days and included.", p.Span.To, p.Span.From)
	}
}

// several reads a list of people by external id, in the order of ids.
func (x *row) several(f rosterFacts, name string) (people []supervision.PersonID) {
	keys := x.list(name)
	if len(keys) > 20 {
		x.fault(name, "max-items", "At most 20 are allowed.")
	}
	for _, key := range keys {
		p, ok := f.people[key]
		if !ok {
			x.fault(name, "unknown-person", "There is nobody with the external id %s. Import people first.", shown(key))
		}
		people = append(people, p.ID)
	}
	slices.SortFunc(people, supervision.PersonID.Compare)
	return people
}

// endPairs ends what a full list does not name.
func (r *importing) endPairs(there map[string]supervision.Pair, named map[string]int) {
	for _, key := range slices.Sorted(maps.Keys(there)) {
		p := there[key]
		if !living(p) {
			continue
		}
		r.base++
		if _, ok := named[key]; ok {
			continue
		}
		p.State = supervision.PairEnded
		endPair(&p, r.tx.Today())
		r.then(&r.Ended, func() error { return r.tx.PutPair(&p) }, p.People()...)
	}
}
