package planning

import (
	"cmp"
	"context"
	"slices"

	"kreds/store"
	"kreds/supervision"
)

// Readiness is what a cycle has and lacks: its checklist, and a page of its people by name.
type Readiness struct {
	Cycle     supervision.CycleID
	Checklist []Item
	People    []Ready
}

// Ready is how far one person of a cycle is ready for it. A supervisor needs no preparation.
type Ready struct {
	Person     supervision.PersonID
	Name       string
	Supervises bool
	Prepared   bool
	Calendar   supervision.Health
}

// GetReadiness says what a cycle still lacks, by name, to those who manage it; and whether there are more people.
func (s *Service) GetReadiness(ctx context.Context, actor supervision.Actor, id supervision.CycleID, p store.Page) (out Readiness, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		if _, err := on(tx, store.Cycles, "getReadiness", id.Any()); err != nil {
			return err
		}
		c, err := tx.Cycle(id)
		if err != nil {
			return err
		}
		rounds, err := tx.Rounds(id)
		if err != nil {
			return err
		}
		out.Cycle = id
		if out.Checklist, err = checklist(tx, c, rounds); err != nil {
			return err
		}
		all, err := takingPart(tx, id)
		if err != nil {
			return err
		}
		rest := slices.DeleteFunc(all, func(r Ready) bool {
			return !p.After.IsZero() && r.compare(Ready{Name: p.Name, Person: supervision.PersonID(p.After)}) <= 0
		})
		if out.People, more = store.Cut(rest, p.Size); len(out.People) == 0 {
			return nil
		}
		return s.ready(tx, c, out.People)
	})
	return out, more, err
}

func (r Ready) compare(o Ready) int {
	return cmp.Or(cmp.Compare(r.Name, o.Name), r.Person.Compare(o.Person))
}

// takingPart lists who takes part in a cycle, by name.
func takingPart(tx *store.Tx, id supervision.CycleID) (all []Ready, err error) {
	enrolments, err := tx.EnrolmentsIn(id)
	if err != nil {
		return nil, err
	}
	assignments, err := tx.AssignmentsIn(id)
	if err != nil {
		return nil, err
	}
	var people []supervision.PersonID
	for _, e := range enrolments {
		if e.State == supervision.EnrolmentActive {
			people, all = append(people, e.Mentor), append(all, Ready{Person: e.Mentor})
		}
	}
	for _, a := range assignments {
		if a.State.Working() {
			people, all = append(people, a.Supervisor), append(all, Ready{Person: a.Supervisor, Supervises: true})
		}
	}
	names, err := tx.Names(people)
	for i := range all {
		all[i].Name = names[all[i].Person]
	}
	slices.SortFunc(all, Ready.compare)
	return all, err
}

// ready fills in how far people are ready.
func (s *Service) ready(tx *store.Tx, c supervision.Cycle, list []Ready) error {
	people := make([]supervision.PersonID, len(list))
	for i, r := range list {
		people[i] = r.Person
	}
	prepared, err := preparedIn(tx, c)
	if err != nil {
		return err
	}
	healths, err := tx.Healths(people)
	for i := range list {
		list[i].Prepared, list[i].Calendar = prepared[list[i].Person], healths[list[i].Person]
	}
	return err
}
