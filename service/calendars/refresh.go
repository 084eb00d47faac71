package calendars

import (
	"context"
	"errors"
	"sync"

	"kreds/service"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// Refresh reads the calendars of a session's people once more, all at the same time, and then rings for the confirmation of
// the revision if it still stands. A calendar that does not answer holds nothing up: the confirmation judges how old its
// last reading is.
func (s *Service) Refresh(ctx context.Context, t task.Refresh) error {
	var connections []supervision.ConnectionID
	err := s.Store.View(ctx, service.Task(t.Tenant), func(tx *store.Tx) error {
		x, stands, err := standing(tx, t)
		if err != nil || !stands {
			return err
		}
		all, err := tx.ConnectionsOf(x.People())
		for _, c := range all {
			if c.State != supervision.ConnectionRevoked {
				connections = append(connections, c.ID)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	reading, cancel := context.WithTimeout(ctx, refreshTime)
	defer cancel()
	var all sync.WaitGroup
	for _, id := range connections {
		all.Go(func() {
			if err := s.refresh(reading, t, id); err != nil && !gaveUp(ctx, err) {
				s.Log.Error("a calendar was not refreshed", "connection", id, "error", err)
			}
		})
	}
	all.Wait()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return s.Store.Update(ctx, service.Task(t.Tenant), func(tx *store.Tx) error {
		_, stands, err := standing(tx, t)
		if err == nil && stands {
			err = tx.Enqueue(task.Confirm(t))
		}
		if err != nil {
			return err
		}
		return tx.FinishJob()
	})
}

// standing says whether the revision of a session waits for its confirmation.
func standing(tx *store.Tx, t task.Refresh) (x supervision.Session, stands bool, err error) {
	x, err = tx.Session(t.Session)
	if notThere(err) {
		return x, false, nil
	}
	return x, err == nil && x.State == supervision.OnHold && x.Revision == t.Revision && !x.Started(tx.Now()), err
}

// refresh reads one connection from where the last reading stopped. What somebody else has read in between may be older than
// what is asked for, so it is then read again.
func (s *Service) refresh(ctx context.Context, t task.Refresh, id supervision.ConnectionID) error {
	for range rounds {
		k, there, err := s.lookAt(ctx, task.Sync{Tenant: t.Tenant, Connection: id})
		if err != nil || !there || !k.connection.Counts() {
			return err
		}
		r := s.read(ctx, k)
		if r.err != nil && errors.Is(r.err, context.Canceled) {
			return r.err
		}
		saved, cancel := saving(ctx)
		err = s.Store.Update(saved, service.Task(t.Tenant), func(tx *store.Tx) error { return s.keep(tx, r, nil, t.Session) })
		cancel()
		if !errors.Is(err, errMoved) {
			if notThere(err) {
				return nil
			}
			return err
		}
	}
	return nil
}
