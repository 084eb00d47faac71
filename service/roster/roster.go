// Package roster holds the use cases about who there is: tenants, organisations, people and their roles, reporting lines,
// pairs, tokens, imports, and what was done.
package roster

import (
	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// Service is the roster.
type Service struct{ *service.House }

// New returns the roster of a house.
func New(h *service.House) *Service { return &Service{h} }

// onTenant asks the policy about making something in the tenant.
func (s *Service) onTenant(tx *store.Tx, a supervision.Action, n store.Noun, more ...supervision.UUID) (service.Target, error) {
	_, err := tx.MayOn(a, append(more, tx.Tenant().Any())...)
	return service.Target{Noun: n}, err
}

// on asks the policy about an action on a row.
func on(tx *store.Tx, n store.Noun, a supervision.Action, id supervision.UUID) (service.Target, error) {
	_, err := tx.May(n, a, id)
	return service.Target{Noun: n, ID: id}, err
}

// known asks whether the actor may name these people: only those whom they see. at gives the pointer of each.
func (s *Service) known(tx *store.Tx, of []supervision.PersonID, at func(i int) string) error {
	ids := make([]supervision.UUID, len(of))
	for i, p := range of {
		ids[i] = p.Any()
	}
	seen, err := tx.Views(store.People, "getPerson", ids)
	if err != nil {
		return err
	}
	there, err := tx.People(of)
	if err != nil {
		return err
	}
	var f supervision.Faults
	for i, p := range of {
		if _, ok := there[p]; !ok || seen[ids[i]] == "" {
			f.Add(at(i), "unknown-person", "There is no such person whom you may name. Maybe the id is mistyped.")
		}
	}
	return f.Err()
}
