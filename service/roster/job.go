package roster

import (
	"context"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

type seenJob = service.Seen[supervision.Job]

// ListJobs is a page of the slow work that the actor asked for, and whether there is more.
func (s *Service) ListJobs(ctx context.Context, actor supervision.Actor, f store.JobFilter, p store.Page) (list []seenJob, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		rows, err := tx.ListJobs(f, p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		list, err = service.SeenAll(tx, store.Jobs, "listJobs", rows, func(j supervision.Job) supervision.UUID { return j.ID.Any() })
		return err
	})
	return list, more, err
}

// GetJob returns one job.
func (s *Service) GetJob(ctx context.Context, actor supervision.Actor, id supervision.JobID) (seen seenJob, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		if seen.View, err = tx.See(store.Jobs, "getJob", id.Any()); err != nil {
			return err
		}
		seen.Object, err = tx.Job(id)
		return err
	})
	return seen, err
}
