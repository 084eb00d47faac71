package booking

import (
	"context"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// ListSessions is a page of the sessions that the actor may see, by start, and whether there are more.
func (s *Service) ListSessions(ctx context.Context, actor supervision.Actor, f store.SessionFilter, p store.Page) (list []seenSession, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		rows, err := tx.ListSessions(f, p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		plain, err := service.SeenAll(tx, store.Sessions, "listSessions", rows, func(x supervision.Session) supervision.UUID { return x.ID.Any() })
		if err != nil {
			return err
		}
		list, err = s.about(tx, plain)
		return err
	})
	return list, more, err
}

// GetSession returns one session.
func (s *Service) GetSession(ctx context.Context, actor supervision.Actor, id supervision.SessionID) (seen seenSession, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		view, err := tx.See(store.Sessions, "getSession", id.Any())
		if err != nil {
			return err
		}
		x, err := tx.Session(id)
		if err != nil {
			return err
		}
		list, err := s.about(tx, []service.Seen[supervision.Session]{{Object: x, View: view}})
		if err == nil {
			seen = list[0]
		}
		return err
	})
	return seen, err
}
