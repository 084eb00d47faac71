package calendars

import (
	"context"
	"slices"

	"kreds/calendar"
	"kreds/service"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// order is a delivery with what is needed to make it.
type order struct {
	supervision.Delivery
	to       place // where it shall stand; zero: nowhere
	accounts map[supervision.ConnectionID]opened
}

// opened is an account ready to be called.
type opened struct {
	kind    string
	account calendar.Account
	refused bool // its password is known to be wrong
}

// Deliver makes a session stand in a person's calendar as it shall: written, written over, or taken out. A failure is noted
// with the time at which to try again; it is no error of the task. What has been wanted anew in the meantime is made at once.
func (s *Service) Deliver(ctx context.Context, t task.Deliver) error {
	calling, cancel := context.WithTimeout(ctx, deliverTime)
	defer cancel()
	for range rounds {
		o, there, err := s.order(ctx, t)
		if err != nil || !there {
			return err
		}
		result := s.make(calling, o)
		if result.err != nil && gaveUp(ctx, result.err) {
			return result.err
		}
		again, err := s.delivered(ctx, t, o, result)
		if err != nil || !again || calling.Err() != nil {
			return err // without time left the sweep rings for what is wanted still
		}
	}
	return nil
}

// order gathers what is needed; there is false when there is nothing to deliver.
func (s *Service) order(ctx context.Context, t task.Deliver) (o order, there bool, err error) {
	err = s.Store.View(ctx, service.Task(t.Tenant), func(tx *store.Tx) error {
		d, err := tx.Delivery(t.Session, t.Person)
		if err != nil {
			return err
		}
		o = order{Delivery: d, accounts: map[supervision.ConnectionID]opened{}}
		all, err := tx.ConnectionsOf([]supervision.PersonID{t.Person})
		if err != nil {
			return err
		}
		o.to = targetOf(all)
		p, err := tx.Person(t.Person)
		if err != nil {
			return err
		}
		for _, c := range all {
			if c.ID != o.to.connection && c.ID != d.Connection {
				continue
			}
			a, _, err := s.account(tx, c, p)
			if err != nil {
				return err
			}
			o.accounts[c.ID] = opened{c.Kind, a, c.State == supervision.ConnectionRevoked}
		}
		return nil
	})
	if notThere(err) {
		return o, false, nil
	}
	return o, err == nil, err
}

// sink opens the calendars of a connection for writing.
func (s *Service) sink(ctx context.Context, o order, id supervision.ConnectionID) (calendar.Sink, error) {
	a, ok := o.accounts[id]
	if !ok {
		return nil, calendar.ErrGone
	}
	if a.refused {
		return nil, calendar.ErrAuth
	}
	provider, ok := s.Providers[a.kind]
	if !ok {
		return nil, errNoProvider
	}
	source, err := provider.Open(ctx, a.account)
	if err != nil {
		return nil, err
	}
	sink, ok := source.(calendar.Sink)
	if !ok {
		return nil, calendar.ErrUnsupported
	}
	return sink, nil
}

// delivered keeps what came of a delivery; again says that it is wanted otherwise by now.
func (s *Service) delivered(ctx context.Context, t task.Deliver, o order, r result) (again bool, err error) {
	ctx, cancel := saving(ctx)
	defer cancel()
	err = s.Store.Update(ctx, service.Task(t.Tenant), func(tx *store.Tx) error {
		again = false
		d, err := tx.LockDelivery(t.Session, t.Person)
		if err != nil {
			return err
		}
		d.Connection, d.Ref, d.Href, d.ETag = o.to.connection, r.at.ref, r.placed.Href, r.placed.ETag
		if r.at != (place{}) {
			d.Connection = r.at.connection
		}
		if again = d.Wanted != o.Wanted; again {
			if r.err == nil {
				d.Done = o.Wanted
			}
			d.Tries, d.NextAt = 0, supervision.Instant{} // what is wanted now waits for no earlier failure
			return tx.PutDelivery(d)
		}
		if r.err != nil {
			f := faultOf(r.err)
			s.Log.Warn("a session was not delivered", "session", t.Session, "person", t.Person, "code", f.code, "tries", d.Tries+1, "error", f.err)
			d.Tries++
			d.Fault, d.NextAt = f.code, supervision.At(tx.Now().Add(wait(d.Tries, t.Session, f.after)))
			if f.lasting || d.Tries >= failsAfter {
				d.State = supervision.DeliveryFailed
			}
			if err := tx.PutDelivery(d); err != nil {
				return err
			}
			return tx.FinishJob()
		}
		if o.State == supervision.DeliveryDiverged || r.diverged != "" {
			if err := service.Recheck(tx, t.Person); err != nil { // its people are told that it is astray, or is not any more
				return err
			}
		}
		d.Done, d.Tries, d.NextAt = o.Wanted, 0, supervision.Instant{}
		d.State, d.Fault, d.Past = supervision.DeliveryDone, "", nil
		if r.diverged != "" {
			d.State, d.Fault, d.Past = supervision.DeliveryDiverged, r.diverged, slices.Clone(o.Past)
		}
		if err := tx.PutDelivery(d); err != nil {
			return err
		}
		return tx.FinishJob()
	})
	if notThere(err) {
		return false, nil
	}
	return again, err
}

// failsAfter is after how many failures in a row a delivery is called failed, though it is tried again.
const failsAfter = 5
