package calendars

import (
	"context"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// Connected is a connection as its readers see it, without its password.
type Connected struct {
	supervision.Connection
	Owner  supervision.PersonRef
	Health supervision.Health
	Push   string // how sessions get to its owner: none, write_back
}

type seenConnection = service.Seen[Connected]

// ListConnections is a page of the connections that the actor may see, and whether there are more.
func (s *Service) ListConnections(ctx context.Context, actor supervision.Actor, f store.ConnectionFilter, p store.Page) (list []seenConnection, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		rows, err := tx.ListConnections(f, p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		all, err := s.connected(tx, rows...)
		if err != nil {
			return err
		}
		list, err = service.SeenAll(tx, store.Connections, "listCalendarConnections", all, func(c Connected) supervision.UUID { return c.ID.Any() })
		return err
	})
	return list, more, err
}

// GetConnection returns one connection.
func (s *Service) GetConnection(ctx context.Context, actor supervision.Actor, id supervision.ConnectionID) (seen seenConnection, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		c, err := tx.Connection(id)
		if err != nil {
			return err
		}
		seen, err = s.seen(tx, c)
		return err
	})
	return seen, err
}

// seen is a connection as the actor sees it now.
func (s *Service) seen(tx *store.Tx, c supervision.Connection) (seen seenConnection, err error) {
	if seen.View, err = tx.See(store.Connections, "getCalendarConnection", c.ID.Any()); err != nil {
		return seen, err
	}
	all, err := s.connected(tx, c)
	if err == nil {
		seen.Object = all[0]
	}
	return seen, err
}

// connected adds what readers see beside the rows.
func (s *Service) connected(tx *store.Tx, rows ...supervision.Connection) ([]Connected, error) {
	var owners []supervision.PersonID
	for _, c := range rows {
		owners = append(owners, c.Person)
	}
	people, err := tx.People(owners)
	if err != nil {
		return nil, err
	}
	all, err := tx.ConnectionsOf(owners)
	if err != nil {
		return nil, err
	}
	written := map[supervision.PersonID]bool{}
	for _, c := range all {
		written[c.Person] = written[c.Person] || target(c) != (place{})
	}
	healths, err := tx.ConnectionHealths(owners)
	if err != nil {
		return nil, err
	}
	list := make([]Connected, len(rows))
	for i, c := range rows {
		c.Password = nil
		list[i] = Connected{Connection: c, Owner: people[c.Person].Ref(), Health: healths[c.ID], Push: "none"}
		if written[c.Person] {
			list[i].Push = "write_back"
		}
	}
	return list, nil
}

// DeleteConnection disconnects an account and removes what was read through it. What was written into its calendars stays
// there: without the password nobody can take it out.
func (s *Service) DeleteConnection(ctx context.Context, c service.Call, id supervision.ConnectionID) error {
	_, err := service.Act(ctx, s.House, c, service.Step[struct{}]{
		May: func(tx *store.Tx) (service.Target, error) {
			return on(tx, store.Connections, "deleteCalendarConnection", id.Any())
		},
		Act: func(tx *store.Tx) (none struct{}, err error) {
			x, _, err := s.lock(tx, id)
			if err != nil {
				return none, err
			}
			view, err := tx.See(store.Connections, "getCalendarConnection", id.Any())
			if err != nil {
				return none, err
			}
			if err := c.Tagged(x.Version, view); err != nil {
				return none, err
			}
			return none, s.disconnect(tx, x)
		},
	})
	return err
}

func (s *Service) disconnect(tx *store.Tx, x supervision.Connection) error {
	before, err := health(tx, x.Person)
	if err != nil {
		return err
	}
	jobs, err := tx.OpenJobs(x.ID.Any())
	if err != nil {
		return err
	}
	for _, j := range jobs {
		j.State, j.FinishedAt, j.FaultCode, j.FaultText = "failed", tx.Now(), "not-found", "The connection was deleted."
		if err := tx.PutJob(&j); err != nil {
			return err
		}
	}
	rows, err := tx.LockDeliveriesTo(x.Person)
	if err != nil {
		return err
	}
	for _, d := range rows {
		if d.Connection != x.ID {
			continue
		}
		d.Connection, d.Ref, d.Href, d.ETag = supervision.ConnectionID{}, "", "", ""
		if err := ring(tx, d); err != nil {
			return err
		}
	}
	if err := tx.DeleteConnection(x); err != nil {
		return err
	}
	return s.follow(tx, x.Person, before, true, supervision.SessionID{})
}
