package api

import (
	"context"
	"strings"

	"github.com/oapi-codegen/nullable"

	"kreds/api/contract"
	"kreds/service"
	"kreds/service/booking"
	"kreds/service/calendars"
	"kreds/service/planning"
	"kreds/service/roster"
	"kreds/store"
	"kreds/supervision"
)

// Handlers answers the operations of the contract by the use cases. Each handler decodes, calls one use case, and renders.
type Handlers struct {
	Pages
	Roster    *roster.Service
	Planning  *planning.Service
	Booking   *booking.Service
	Calendars *calendars.Service
	Cursors   *Cursors
}

var _ contract.StrictServerInterface = (*Handlers)(nil)

type actorKey struct{}

// actorOf is who makes the request; the door put them there.
func actorOf(ctx context.Context) supervision.Actor {
	a, _ := ctx.Value(actorKey{}).(supervision.Actor)
	return a
}

// Identified is the door's Authenticate over the roster.
func Identified(r *roster.Service) Authenticate {
	return func(ctx context.Context, c Credential) (context.Context, Grant, error) {
		if c.Scheme == Session {
			return ctx, Grant{}, unauthenticated() // there is no sign-in yet
		}
		actor, err := r.Identify(ctx, string(c.Secret))
		if err != nil {
			return ctx, Grant{}, err
		}
		g := Grant{Scheme: PersonalToken, Tenant: actor.Tenant, Principal: actor.Viewer()}
		if actor.Kind == supervision.ByIntegration {
			g.Scheme = IntegrationToken
		}
		for _, s := range actor.Scopes {
			g.Scopes = append(g.Scopes, string(s))
		}
		return context.WithValue(ctx, actorKey{}, actor), g, nil
	}
}

// Admitted is the door's Admit over the roster: whether the caller could do this to anything at all.
func Admitted(r *roster.Service) func(context.Context, *Operation) error {
	return func(ctx context.Context, o *Operation) error {
		if len(o.Schemes) == 0 {
			return nil
		}
		return r.Admit(ctx, actorOf(ctx), supervision.Action(o.ID))
	}
}

// callOf is the call of an acting request.
func callOf(ctx context.Context) service.Call {
	e := EnvelopeOf(ctx)
	c := service.Call{Actor: actorOf(ctx), Key: e.Key, Hash: e.Hash[:], Match: e.Match, Request: e.RequestID}
	if e.Operation != nil {
		c.Operation, c.Path = supervision.Action(e.Operation.ID), e.Filters
	}
	return c
}

// replayed is the header of an answer that was given before.
func replayed(yes bool) *bool {
	if !yes {
		return nil
	}
	return &yes
}

// position is where a page of a list ended: in the order of ids, or of names, days or instants with ids to break ties.
type position struct {
	ID   supervision.UUID    `json:"id"`
	Name string              `json:"name,omitempty"`
	On   supervision.Date    `json:"on,omitzero"`
	At   supervision.Instant `json:"at,omitzero"`
}

// page reads page_size and cursor of a list.
func (h *Handlers) page(ctx context.Context, size *contract.PageSize) (store.Page, error) {
	p := store.Page{Size: 50}
	if size != nil {
		p.Size = int(*size)
	}
	var at position
	_, err := h.Cursors.Open(ctx, &at)
	p.After, p.Name, p.On, p.Start = at.ID, at.Name, at.On, at.At
	return p, err
}

// down says whether an order is that from the last to the first; otherwise is the order of a request that names none.
func down[O ~string](order *O, otherwise bool) bool {
	if order == nil {
		return otherwise
	}
	return strings.HasPrefix(string(*order), "-")
}

// next is the cursor after the last row of a page in the order of ids, null at the end.
func next[T any](ctx context.Context, h *Handlers, rows []T, more bool, id func(T) supervision.UUID) (nullable.Nullable[string], error) {
	return nextBy(ctx, h, rows, more, func(row T) position { return position{ID: id(row)} })
}

// nextBy is the cursor after the last row of a page in another order.
func nextBy[T any](ctx context.Context, h *Handlers, rows []T, more bool, at func(T) position) (nullable.Nullable[string], error) {
	if !more || len(rows) == 0 {
		return Null[string](nil), nil
	}
	c, err := h.Cursors.Seal(ctx, at(rows[len(rows)-1]))
	return Null(&c), err
}

// tagOf is the tag of an object in a view.
func tagOf(version int, v supervision.View) string {
	return supervision.Tag{Version: version, View: v}.String()
}
