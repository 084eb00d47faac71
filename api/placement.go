package api

import (
	"context"

	"kreds/api/contract"
	"kreds/service"
	"kreds/service/planning"
	"kreds/store"
	"kreds/supervision"
)

func placementJSON(s service.Seen[planning.PlacementSeen]) contract.Placement {
	p := s.Object
	j := contract.Placement{
		ID: contract.ID(p.ID), Etag: tagOf(p.Version, s.View), CycleID: contract.ID(p.Cycle), Mentor: contract.PersonRef{ID: contract.ID(p.Mentor), Name: p.Name},
		GroupID: NullIf(p.Group.Any()), State: contract.PlacementState(p.State), ProposedAt: p.ProposedAt, AnsweredAt: NullIf(p.AnsweredAt),
	}
	if s.View == supervision.ViewOwner {
		why := list(p.Why)
		j.Why = &why
	}
	if s.View == supervision.ViewOwner || s.View == supervision.ViewManager {
		j.Objection = NullIf(p.Text)
	}
	return j
}

// ListPlacements answers GET /v1/placements.
func (h *Handlers) ListPlacements(ctx context.Context, r contract.ListPlacementsRequestObject) (contract.ListPlacementsResponseObject, error) {
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	f := store.SeatFilter{Cycle: supervision.CycleID(or(r.Params.CycleID, contract.ID{})), Group: supervision.GroupID(or(r.Params.GroupID, contract.ID{})),
		State: words[string](items(r.Params.State))}
	rows, more, err := h.Planning.ListPlacements(ctx, actorOf(ctx), f, p)
	if err != nil {
		return nil, err
	}
	cursor, err := next(ctx, h, rows, more, func(s service.Seen[planning.PlacementSeen]) supervision.UUID { return s.Object.ID.Any() })
	return contract.ListPlacements200JSONResponse{Items: each(rows, placementJSON), NextCursor: cursor}, err
}

// GetPlacement answers GET /v1/placements/{id}.
func (h *Handlers) GetPlacement(ctx context.Context, r contract.GetPlacementRequestObject) (contract.GetPlacementResponseObject, error) {
	id, err := PathID[supervision.PlacementID](r.ID)
	if err != nil {
		return nil, err
	}
	s, err := h.Planning.GetPlacement(ctx, callOf(ctx), id)
	if err != nil {
		return nil, err
	}
	j := placementJSON(s)
	return contract.GetPlacement200JSONResponse{Body: j, Headers: contract.GetPlacement200ResponseHeaders{ETag: j.Etag}}, nil
}

// AcceptPlacement answers POST /v1/placements/{id}/acceptance.
func (h *Handlers) AcceptPlacement(ctx context.Context, r contract.AcceptPlacementRequestObject) (contract.AcceptPlacementResponseObject, error) {
	id, err := PathID[supervision.PlacementID](r.ID)
	if err != nil {
		return nil, err
	}
	out, err := h.Planning.Accept(ctx, callOf(ctx), id)
	if err != nil {
		return nil, err
	}
	j := placementJSON(out.Value)
	return contract.AcceptPlacement200JSONResponse{Body: j, Headers: contract.AcceptPlacement200ResponseHeaders{ETag: j.Etag, IdempotencyReplayed: replayed(out.Replayed)}}, nil
}

// ObjectToPlacement answers POST /v1/placements/{id}/objection.
func (h *Handlers) ObjectToPlacement(ctx context.Context, r contract.ObjectToPlacementRequestObject) (contract.ObjectToPlacementResponseObject, error) {
	id, err := PathID[supervision.PlacementID](r.ID)
	if err != nil {
		return nil, err
	}
	reason, _ := Changed(r.Body.Reason)
	out, err := h.Planning.Object(ctx, callOf(ctx), id, or(reason, ""))
	if err != nil {
		return nil, err
	}
	j := placementJSON(out.Value)
	return contract.ObjectToPlacement200JSONResponse{Body: j, Headers: contract.ObjectToPlacement200ResponseHeaders{ETag: j.Etag, IdempotencyReplayed: replayed(out.Replayed)}}, nil
}
