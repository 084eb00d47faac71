package api

import (
	"context"
	"fmt"

	"kreds/api/contract"
	"kreds/service"
	"kreds/service/booking"
	"kreds/store"
	"kreds/supervision"
)

func groupJSON(s service.Seen[booking.GroupSeen]) contract.Group {
	g := s.Object
	return contract.Group{
		ID: contract.ID(g.ID), Etag: tagOf(g.Version, s.View), CycleID: contract.ID(g.Cycle), Name: fmt.Sprintf("Group %d", g.Number), Form: contract.GroupFormClosed,
		State: contract.GroupState(g.State), Supervisor: personRef(g.Supervisor, g.Names), Members: personRefs(g.Members, g.Names), Language: NullIf(g.Language),
		TimeZone: g.TimeZone, Method: Null[contract.GroupMethod](nil),
	}
}

// ListGroups answers GET /v1/groups.
func (h *Handlers) ListGroups(ctx context.Context, r contract.ListGroupsRequestObject) (contract.ListGroupsResponseObject, error) {
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	f := store.GroupFilter{Cycle: supervision.CycleID(or(r.Params.CycleID, contract.ID{})), State: words[supervision.GroupState](items(r.Params.State))}
	rows, more, err := h.Booking.ListGroups(ctx, actorOf(ctx), f, p)
	if err != nil {
		return nil, err
	}
	cursor, err := next(ctx, h, rows, more, func(s service.Seen[booking.GroupSeen]) supervision.UUID { return s.Object.ID.Any() })
	return contract.ListGroups200JSONResponse{Items: each(rows, groupJSON), NextCursor: cursor}, err
}

// GetGroup answers GET /v1/groups/{id}.
func (h *Handlers) GetGroup(ctx context.Context, r contract.GetGroupRequestObject) (contract.GetGroupResponseObject, error) {
	id, err := PathID[supervision.GroupID](r.ID)
	if err != nil {
		return nil, err
	}
	s, err := h.Booking.GetGroup(ctx, actorOf(ctx), id)
	if err != nil {
		return nil, err
	}
	j := groupJSON(s)
	return contract.GetGroup200JSONResponse{Body: j, Headers: contract.GetGroup200ResponseHeaders{ETag: j.Etag}}, nil
}
