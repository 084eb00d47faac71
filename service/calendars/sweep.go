package calendars

import (
	"context"
	"time"

	"kreds/service"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// readAfter is how old a reading gets before the sweep asks for another.
const readAfter = 10 * time.Minute

// Sweep rings for what is due in a tenant: connections that were read too long ago or whose work is undone, deliveries and
// feeds whose work is undone, each when its time has come. What has been rung for already is rung for once.
func (s *Service) Sweep(ctx context.Context, tenant supervision.TenantID) error {
	var due []store.Task
	err := s.Store.View(ctx, service.Task(tenant), func(tx *store.Tx) error {
		connections, err := tx.DueConnections(tx.Now().Add(-readAfter))
		if err != nil {
			return err
		}
		for _, c := range connections {
			due = append(due, task.Sync{Tenant: tenant, Connection: c.ID})
		}
		deliveries, err := tx.DueDeliveries()
		if err != nil {
			return err
		}
		for _, d := range deliveries {
			due = append(due, task.Deliver{Tenant: tenant, Session: d.Session, Person: d.Person})
		}
		agendas, err := tx.DueAgendas()
		for _, p := range agendas {
			due = append(due, task.Render{Tenant: tenant, Person: p})
		}
		return err
	})
	if err != nil || len(due) == 0 {
		return err
	}
	return s.Store.Update(ctx, service.Task(tenant), func(tx *store.Tx) error { return tx.Enqueue(due...) })
}
