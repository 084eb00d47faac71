package roster

import (
	"context"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// Sweep forgets, in a tenant, what has been kept for its time: the results of calls and the stream of changes.
func (s *Service) Sweep(ctx context.Context, tenant supervision.TenantID) error {
	return s.Store.Update(ctx, service.Task(tenant), func(tx *store.Tx) error {
		if err := tx.ForgetKeys(); err != nil {
			return err
		}
		return tx.ForgetChanges()
	})
}
