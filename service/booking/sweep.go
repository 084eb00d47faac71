package booking

import (
	"context"
	"time"

	"kreds/service"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// sweepEvery is how often a session that is ready and was refused is tried again by the sweep.
const sweepEvery = 15

// Sweep rings again for sessions on hold to which everybody has agreed, each at most every 15 minutes: the minute in which
// a session's turn comes follows from its id, so that nothing needs to be remembered.
func (s *Service) Sweep(ctx context.Context, tenant supervision.TenantID) error {
	return s.Store.Update(ctx, service.Task(tenant), func(tx *store.Tx) error {
		held, err := tx.HeldSessions()
		if err != nil {
			return err
		}
		minute := tx.Now().Unix() / int64(time.Minute/time.Second)
		for _, x := range held {
			if !x.Answered() || int64(x.ID[15])%sweepEvery != minute%sweepEvery {
				continue
			}
			if err := tx.Enqueue(task.Refresh{Tenant: tenant, Session: x.ID, Revision: x.Revision}); err != nil {
				return err
			}
		}
		return nil
	})
}
