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
