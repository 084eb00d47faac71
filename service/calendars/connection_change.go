package calendars

import (
	"context"
	"slices"
	"strconv"

	"kreds/internal/seal"
	"kreds/service"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// ConnectionChange is what an owner changes; nil members stay.
type ConnectionChange struct {
	Name     *string
	User     *string
	Password *seal.Secret
	Counting *[]string // keys of the calendars whose time counts
	WriteTo  *string   // key of the calendar into which sessions are written; "": none
}

// UpdateConnection changes a connection. Sessions are written into one calendar of all of a person's connections; choosing
// one ends the choice of another. What changes what is read rings for a reading.
func (s *Service) UpdateConnection(ctx context.Context, c service.Call, id supervision.ConnectionID, change ConnectionChange) (service.Outcome[seenConnection], error) {
	return service.Act(ctx, s.House, c, service.Step[seenConnection]{
		May: func(tx *store.Tx) (service.Target, error) {
			return on(tx, store.Connections, "updateCalendarConnection", id.Any())
		},
		Act: func(tx *store.Tx) (seen seenConnection, err error) {
			was, all, err := s.lock(tx, id)
			if err != nil {
				return seen, err
			}
			now, err := s.changed(tx, was, change)
			if err != nil {
				return seen, err
			}
			if now.Name == was.Name && now.User == was.User && change.Password == nil && slices.Equal(now.Calendars, was.Calendars) {
				return s.seen(tx, was) // the step is already taken
			}
			view, err := tx.See(store.Connections, "getCalendarConnection", id.Any())
			if err != nil {
				return seen, err
			}
			if err := c.Tagged(was.Version, view); err != nil {
				return seen, err
			}
			if err := s.apply(tx, was, &now, all); err != nil {
				return seen, err
			}
			return s.seen(tx, now)
		},
	})
}

// lock locks all connections of the person to whom one belongs, in the order of ids.
func (s *Service) lock(tx *store.Tx, id supervision.ConnectionID) (c supervision.Connection, all []supervision.Connection, err error) {
	first, err := tx.Connection(id)
	if err != nil {
		return first, nil, err
	}
	if all, err = tx.LockConnectionsOf(first.Person); err != nil {
		return first, nil, err
	}
	i := slices.IndexFunc(all, func(x supervision.Connection) bool { return x.ID == id })
	if i < 0 {
		return first, nil, supervision.Absent()
	}
	return all[i], all, nil
}

// changed is the connection as its owner wants it.
func (s *Service) changed(tx *store.Tx, c supervision.Connection, change ConnectionChange) (supervision.Connection, error) {
	if change.Name != nil {
		c.Name = *change.Name
	}
	if change.User != nil {
		c.User = *change.User
	}
	if change.Password != nil {
		var err error
		if c.Password, err = s.sealed(tx, c, *change.Password); err != nil {
			return c, err
		}
	}
	c.Calendars = slices.Clone(c.Calendars)
	has := func(key string) bool {
		return slices.ContainsFunc(c.Calendars, func(k supervision.ConnectedCalendar) bool { return k.Key == key })
	}
	var f supervision.Faults
	if change.Counting != nil {
		for i, key := range *change.Counting {
			if !has(key) {
				f.Add("/counting/"+strconv.Itoa(i), "unknown-reference", "The account has no calendar %q, or has not been read yet. Choose by `ref`.", key)
			}
		}
		for i, k := range c.Calendars {
			c.Calendars[i].Counts = slices.Contains(*change.Counting, k.Key)
		}
	}
	if change.WriteTo != nil {
		if *change.WriteTo != "" && !has(*change.WriteTo) {
			f.Add("/write_to", "unknown-reference", "The account has no calendar %q, or has not been read yet. Choose by `ref`.", *change.WriteTo)
		}
		for i, k := range c.Calendars {
			c.Calendars[i].Written = k.Key == *change.WriteTo
			if k.Key == *change.WriteTo && !k.Writable {
				return c, supervision.Fault(supervision.Conflict, "calendar-not-writable", "The calendar %q can only be read. Choose one whose `writable` is true.", k.Name)
			}
		}
	}
	return c, f.Err()
}

// apply writes a change and rings what follows from it.
func (s *Service) apply(tx *store.Tx, was supervision.Connection, now *supervision.Connection, all []supervision.Connection) error {
	signs := was.User != now.User || !slices.Equal(was.Password, now.Password)
	counts := !slices.EqualFunc(was.Calendars, now.Calendars, func(x, y supervision.ConnectedCalendar) bool { return x.Counts == y.Counts })
	if was.User != now.User {
		if err := tx.ForgetCalendars(now.ID, nil); err != nil { // another account: nothing of what was read is its
			return err
		}
	}
	if signs && now.State == supervision.ConnectionRevoked {
		now.State = supervision.ConnectionPending
		now.FaultCode, now.FaultText, now.FaultSince = "", "", supervision.Instant{}
	}
	if signs || counts {
		now.Wanted++
		now.Tries, now.NextAt = 0, supervision.Instant{}
	}
	if err := tx.PutConnection(now); err != nil {
		return err
	}
	if signs || counts {
		if err := tx.Enqueue(task.Sync{Tenant: tx.Tenant(), Connection: now.ID}); err != nil {
			return err
		}
	}
	if signs {
		if err := ringWaiting(tx, *now); err != nil {
			return err
		}
	}
	if target(was) == target(*now) {
		return nil
	}
	if target(*now) != (place{}) {
		if err := endOtherTargets(tx, *now, all); err != nil {
			return err
		}
	}
	return raise(tx, now.Person)
}

// endOtherTargets ends the choice of other connections' calendars.
func endOtherTargets(tx *store.Tx, chosen supervision.Connection, all []supervision.Connection) error {
	for _, o := range all {
		if o.ID == chosen.ID || target(o) == (place{}) {
			continue
		}
		o.Calendars = slices.Clone(o.Calendars)
		for i := range o.Calendars {
			o.Calendars[i].Written = false
		}
		if err := tx.PutConnection(&o); err != nil {
			return err
		}
	}
	return nil
}

// ringWaiting rings for the deliveries that waited for a password.
func ringWaiting(tx *store.Tx, c supervision.Connection) error {
	rows, err := tx.LockDeliveriesTo(c.Person)
	if err != nil {
		return err
	}
	for _, d := range rows {
		if d.Connection == c.ID && d.Wanted != d.Done && d.State != supervision.DeliveryDiverged {
			if err := ring(tx, d); err != nil {
				return err
			}
		}
	}
	return nil
}
