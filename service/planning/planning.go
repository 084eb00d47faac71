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
