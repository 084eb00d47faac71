package calendars

import (
	"context"
	"errors"

	"kreds/service"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// SyncConnection asks for a connection to be read now. The job that it answers with ends with the reading. Its owner thereby
// vouches for the service: events that are gone all at once are believed to be gone.
func (s *Service) SyncConnection(ctx context.Context, c service.Call, id supervision.ConnectionID) (service.Outcome[service.Seen[supervision.Job]], error) {
	return service.Act(ctx, s.House, c, service.Step[service.Seen[supervision.Job]]{
		May: func(tx *store.Tx) (service.Target, error) {
			return on(tx, store.Connections, "syncConnection", id.Any())
		},
		Act: func(tx *store.Tx) (seen service.Seen[supervision.Job], err error) {
			x, err := tx.LockConnection(id)
			if err != nil {
				return seen, err
			}
			view, err := tx.See(store.Connections, "getCalendarConnection", id.Any())
			if err != nil {
				return seen, err
			}
			if err := c.Tagged(x.Version, view); err != nil {
				return seen, err
			}
			x.Wanted++
			if err := tx.PutConnectionWork(x); err != nil {
				return seen, err
			}
			job := supervision.Job{ID: service.New[supervision.JobID](s.House), Kind: "sync", Subject: id.Any(), Wanted: x.Wanted, State: "queued",
				Person: x.Person, MadeAt: tx.Now()}
			if err := tx.PutJob(&job); err != nil {
				return seen, err
			}
			if err := tx.Enqueue(task.Sync{Tenant: tx.Tenant(), Connection: id}); err != nil {
				return seen, err
			}
			seen.Object = job
			seen.View, err = tx.See(store.Jobs, "getJob", job.ID.Any())
			return seen, err
		},
	})
}

// Sync reads a connection, and keeps in one transaction what was read, that it was read, and that the task is done. If it was
// wanted again in the meantime, it goes round again, whatever came of the reading. A failure is noted on the connection with
// the time at which to try again; it is no error of the task.
func (s *Service) Sync(ctx context.Context, t task.Sync) error {
	reading, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	for range rounds {
		k, due, err := s.lookAt(ctx, t)
		if err != nil || !due {
			return err
		}
		r := s.read(reading, k)
		if r.err != nil && gaveUp(ctx, r.err) {
			return r.err
		}
		again, err := s.synced(ctx, t, r)
		if err != nil || !again || reading.Err() != nil {
			return err // without time left the sweep rings for what is wanted still
		}
	}
	return nil
}

// lookAt gathers what is known of the connection of a task; due is false when it is gone.
func (s *Service) lookAt(ctx context.Context, t task.Sync) (k known, due bool, err error) {
	err = s.Store.View(ctx, service.Task(t.Tenant), func(tx *store.Tx) error {
		c, err := tx.Connection(t.Connection)
		if err != nil {
			return err
		}
		k, err = s.look(tx, c)
		return err
	})
	if notThere(err) {
		return k, false, nil
	}
	return k, err == nil, err
}

// synced keeps a reading; again says that it was wanted once more, or has to be made again.
func (s *Service) synced(ctx context.Context, t task.Sync, r reading) (again bool, err error) {
	ctx, cancel := saving(ctx)
	defer cancel()
	err = s.Store.Update(ctx, service.Task(t.Tenant), func(tx *store.Tx) error {
		again = false
		err := s.keep(tx, r, func(c *supervision.Connection) error {
			if again = c.Wanted != r.connection.Wanted; again {
				c.Tries, c.NextAt = 0, supervision.Instant{} // what has been wanted since waits for no earlier failure
			}
			if r.err == nil {
				c.Done = r.connection.Wanted
			}
			return finishJobs(tx, *c, r.connection.Wanted)
		}, supervision.SessionID{})
		if err != nil || again {
			return err
		}
		return tx.FinishJob()
	})
	switch {
	case errors.Is(err, errMoved):
		return true, nil
	case notThere(err):
		return false, nil
	}
	return again, err
}

// finishJobs ends the jobs that asked for a reading up to the one that has been made.
func finishJobs(tx *store.Tx, c supervision.Connection, made int) error {
	jobs, err := tx.OpenJobs(c.ID.Any())
	if err != nil {
		return err
	}
	for _, j := range jobs {
		if j.Wanted > made {
			continue
		}
		j.State, j.FinishedAt = "succeeded", tx.Now()
		if c.FaultCode != "" {
			j.State, j.FaultCode, j.FaultText, j.Retryable = "failed", c.FaultCode, c.FaultText, c.State != supervision.ConnectionRevoked
		}
		if err := tx.PutJob(&j); err != nil {
			return err
		}
	}
	return nil
}
