package planning

import (
	"context"
	"time"

	"kreds/service"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// Sweep rings again for the runs that a dead worker left behind, and lets those leave whose day of withdrawal has come. A run
// whose bell waits for a free worker is not rung for again.
func (s *Service) Sweep(ctx context.Context, tenant supervision.TenantID) error {
	return s.Store.Update(ctx, service.Task(tenant), func(tx *store.Tx) error {
		if err := s.withdraw(tx); err != nil {
			return err
		}
		stalled, err := tx.StalledRuns(tx.Now().Add(-time.Minute))
		if err != nil {
			return err
		}
		for _, r := range stalled {
			if err := tx.EnqueueAgain(task.Solve{Tenant: tenant, Run: r}); err != nil {
				return err
			}
		}
		return nil
	})
}
