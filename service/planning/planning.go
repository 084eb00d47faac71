// Package planning holds the use cases that lead from a programme to a published plan: programmes and how their mentors were
// prepared, templates, cycles with their rounds and people, and then runs, plans, publications and placements.
package planning

import (
	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// Service is planning.
type Service struct{ *service.House }

// New returns the planning of a house.
func New(h *service.House) *Service { return &Service{h} }

// on asks the policy about an action on a row.
func on(tx *store.Tx, n store.Noun, a supervision.Action, id supervision.UUID) (service.Target, error) {
	_, err := tx.May(n, a, id)
	return service.Target{Noun: n, ID: id}, err
}

// member finds the person whom a member of the body names as a part of a programme, and says whether they hold one of the roles
// there on some of the days. Whom the actor does not see they may name only if the programme has them by such a role: who runs
// a programme need not run the house.
func member(tx *store.Tx, p supervision.Programme, id supervision.PersonID, on supervision.Days, pointer string, roles ...supervision.Role) (who supervision.Person, has bool, err error) {
	unknown := supervision.Faulty(pointer, "unknown-person", "There is no such person whom you may name. Maybe the id is mistyped.")
	if who, err = tx.Person(id); err != nil {
		if supervision.KindOf(err) == supervision.NotFound {
			err = unknown
		}
		return who, false, err
	}
	held, err := tx.RolesOf(id)
	if err != nil {
		return who, false, err
	}
	if has = p.HasRole(who, held, on, roles...); has {
		return who, true, nil
	}
	if _, err = tx.See(store.People, "getPerson", id.Any()); supervision.KindOf(err) == supervision.NotFound && err != nil {
		err = unknown
	}
	return who, false, err
}
