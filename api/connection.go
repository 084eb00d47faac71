package api

import (
	"context"
	"time"

	"kreds/api/contract"
	"kreds/internal/seal"
	"kreds/service"
	"kreds/service/calendars"
	"kreds/store"
	"kreds/supervision"
)

// connectionJSON renders a connection. An operator sees that it works, and nothing of what it holds.
func connectionJSON(s service.Seen[calendars.Connected]) contract.CalendarConnection {
	c := s.Object
	j := contract.CalendarConnection{
		ID: contract.ID(c.ID), Etag: tagOf(c.Version, s.View), Kind: contract.ConnectionKind(c.Kind), State: contract.ConnectionState(c.State),
		Health: contract.CalendarHealth(c.Health), LastReadAt: NullIf(c.LastReadAt),
	}
	if s.View == supervision.ViewHealth {
		return j
	}
	owner := contract.PersonRef{ID: contract.ID(c.Owner.ID), Name: c.Owner.Name}
	all := each(c.Calendars, func(k supervision.ConnectedCalendar) contract.ConnectedCalendar {
		return contract.ConnectedCalendar{Ref: k.Key, Name: k.Name, Counts: k.Counts, Writable: k.Writable, Written: k.Written,
			UnreadableCount: k.Unreadable, GuessedCount: k.Guessed, UnclearCount: k.Unclear}
	})
	push := contract.CalendarConnectionPush(c.Push)
	j.Person, j.Name, j.Calendars, j.Push = &owner, &c.Name, &all, &push
	j.URL, j.User, j.ConsentURL, j.Fault = NullIf(c.URL), NullIf(c.User), Null[string](nil), Null[contract.ConnectionFault](nil)
	if c.FaultCode != "" {
		j.Fault = Null(&contract.ConnectionFault{Code: c.FaultCode, Detail: c.FaultText, SinceAt: c.FaultSince})
	}
	return j
}

// ListCalendarConnections answers GET /v1/calendar-connections.
func (h *Handlers) ListCalendarConnections(ctx context.Context, r contract.ListCalendarConnectionsRequestObject) (contract.ListCalendarConnectionsResponseObject, error) {
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	f := store.ConnectionFilter{Person: idOf[supervision.PersonID](r.Params.PersonID), State: words[supervision.ConnectionState](items(r.Params.State))}
	rows, more, err := h.Calendars.ListConnections(ctx, actorOf(ctx), f, p)
	if err != nil {
		return nil, err
	}
	cursor, err := next(ctx, h, rows, more, func(s service.Seen[calendars.Connected]) supervision.UUID { return s.Object.ID.Any() })
	return contract.ListCalendarConnections200JSONResponse{Items: each(rows, connectionJSON), NextCursor: cursor}, err
}

// GetCalendarConnection answers GET /v1/calendar-connections/{id}.
func (h *Handlers) GetCalendarConnection(ctx context.Context, r contract.GetCalendarConnectionRequestObject) (contract.GetCalendarConnectionResponseObject, error) {
	id, err := PathID[supervision.ConnectionID](r.ID)
	if err != nil {
		return nil, err
	}
	s, err := h.Calendars.GetConnection(ctx, actorOf(ctx), id)
	if err != nil {
		return nil, err
	}
	j := connectionJSON(s)
	return contract.GetCalendarConnection200JSONResponse{Body: j, Headers: contract.GetCalendarConnection200ResponseHeaders{ETag: j.Etag}}, nil
}

// CreateCalendarConnection answers POST /v1/calendar-connections.
func (h *Handlers) CreateCalendarConnection(ctx context.Context, r contract.CreateCalendarConnectionRequestObject) (contract.CreateCalendarConnectionResponseObject, error) {
	b := r.Body
	out, err := h.Calendars.CreateConnection(ctx, callOf(ctx), calendars.NewConnection{
		Kind: string(b.Kind), Name: text(b.Name), URL: text(b.URL), User: text(b.User), Password: seal.NewSecret(text(b.Password)),
	})
	if err != nil {
		return nil, err
	}
	j := connectionJSON(out.Value)
	return contract.CreateCalendarConnection201JSONResponse{Body: j, Headers: contract.CreateCalendarConnection201ResponseHeaders{
		ETag: j.Etag, Location: "/v1/calendar-connections/" + j.ID.String(), IdempotencyReplayed: replayed(out.Replayed),
	}}, nil
}

// UpdateCalendarConnection answers PATCH /v1/calendar-connections/{id}.
func (h *Handlers) UpdateCalendarConnection(ctx context.Context, r contract.UpdateCalendarConnectionRequestObject) (contract.UpdateCalendarConnectionResponseObject, error) {
	id, err := PathID[supervision.ConnectionID](r.ID)
	if err != nil {
		return nil, err
	}
	b := r.Body
	change := calendars.ConnectionChange{Name: b.Name, User: b.User, Counting: b.Counting}
	if b.Password != nil {
		password := seal.NewSecret(*b.Password)
		change.Password = &password
	}
	if key, ok := Changed(b.WriteTo); ok {
		none := or(key, "")
		change.WriteTo = &none
	}
	out, err := h.Calendars.UpdateConnection(ctx, callOf(ctx), id, change)
	if err != nil {
		return nil, err
	}
	j := connectionJSON(out.Value)
	return contract.UpdateCalendarConnection200JSONResponse{Body: j, Headers: contract.UpdateCalendarConnection200ResponseHeaders{ETag: j.Etag}}, nil
}

// DeleteCalendarConnection answers DELETE /v1/calendar-connections/{id}.
func (h *Handlers) DeleteCalendarConnection(ctx context.Context, r contract.DeleteCalendarConnectionRequestObject) (contract.DeleteCalendarConnectionResponseObject, error) {
	id, err := PathID[supervision.ConnectionID](r.ID)
	if err != nil {
		return nil, err
	}
	return contract.DeleteCalendarConnection204Response{}, h.Calendars.DeleteConnection(ctx, callOf(ctx), id)
}

// SyncConnection answers POST /v1/calendar-connections/{id}/sync.
func (h *Handlers) SyncConnection(ctx context.Context, r contract.SyncConnectionRequestObject) (contract.SyncConnectionResponseObject, error) {
	id, err := PathID[supervision.ConnectionID](r.ID)
	if err != nil {
		return nil, err
	}
	out, err := h.Calendars.SyncConnection(ctx, callOf(ctx), id)
	if err != nil {
		return nil, err
	}
	j := jobJSON(out.Value)
	return contract.SyncConnection202JSONResponse{Body: j, Headers: contract.SyncConnection202ResponseHeaders{
		ETag: j.Etag, Location: "/v1/jobs/" + j.ID.String(), IdempotencyReplayed: replayed(out.Replayed),
	}}, nil
}

// GetReady answers GET /readyz: the database answers, and its schema is the program's.
func (h *Handlers) GetReady(ctx context.Context, _ contract.GetReadyRequestObject) (contract.GetReadyResponseObject, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := h.Calendars.Store.Ping(ctx); err != nil {
		return nil, err
	}
	if current, err := h.Calendars.Store.Current(ctx); err != nil || !current {
		return nil, &supervision.Error{Kind: supervision.Unavailable, Code: "unavailable", Err: err,
			Detail: "The database is not at the newest step. Run `kreds migrate`."}
	}
	return contract.GetReady200JSONResponse{State: contract.ReadyStateReady, Checks: []contract.ReadyCheck{{Name: "database", Ok: true}, {Name: "schema", Ok: true}}}, nil
}
