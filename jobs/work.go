package jobs

import (
	"context"
	"errors"

	"kreds/service"
	"kreds/service/booking"
	"kreds/service/calendars"
	"kreds/service/planning"
	"kreds/service/roster"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// Work is what the tasks do.
type Work struct {
	Sync    func(context.Context, task.Sync) error
	Refresh func(context.Context, task.Refresh) error
	Deliver func(context.Context, task.Deliver) error
	Render  func(context.Context, task.Render) error
	Confirm func(context.Context, task.Confirm) error
	Recheck func(context.Context, task.Recheck) error
	Solve   func(context.Context, task.Solve) error
	Import  func(context.Context, task.Import) error
	Sweep   func(context.Context, task.Sweep) error
}

// Of is the work of a house: each task calls its use case.
func Of(people *roster.Service, plans *planning.Service, sessions *booking.Service, outside *calendars.Service) Work {
	return Work{
		Sync: outside.Sync, Refresh: outside.Refresh, Deliver: outside.Deliver, Render: outside.Render,
		Confirm: sessions.Confirm, Recheck: sessions.Recheck,
		Solve: plans.Solve,
		Import: func(ctx context.Context, t task.Import) error {
			return people.RunImport(ctx, t.Tenant, t.Import)
		},
		Sweep: sweep(people.House, outside.Sweep, plans.Sweep, sessions.Sweep, people.Sweep),
	}
}

// sweep sweeps every tenant of the house. One that fails does not keep the others from being swept.
func sweep(h *service.House, each ...func(context.Context, supervision.TenantID) error) func(context.Context, task.Sweep) error {
	return func(ctx context.Context, _ task.Sweep) error {
		var tenants []supervision.Tenant
		err := h.Store.View(ctx, supervision.Actor{Kind: supervision.ByTask}, func(tx *store.Tx) (err error) {
			tenants, err = h.Store.Tenants(tx)
			return err
		})
		faults := []error{err}
		for _, t := range tenants {
			for _, do := range each {
				faults = append(faults, do(ctx, t.ID))
			}
		}
		return errors.Join(faults...)
	}
}
