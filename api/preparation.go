package api

import (
	"context"

	"kreds/api/contract"
	"kreds/service"
	"kreds/service/planning"
	"kreds/store"
	"kreds/supervision"
)

func preparationJSON(s service.Seen[planning.PreparationSeen]) contract.Preparation {
	p := s.Object
	return contract.Preparation{
		ID: contract.ID(p.ID), Etag: tagOf(p.Version, s.View), Person: contract.PersonRef{ID: contract.ID(p.Person), Name: p.Name},
		ProgrammeID: contract.ID(p.Programme), Kind: contract.PreparationKind(p.Kind), SessionID: NullIf(p.Session.Any()), CompletedOn: p.CompletedOn,
	}
}

// ListPreparations answers GET /v1/preparations.
func (h *Handlers) ListPreparations(ctx context.Context, r contract.ListPreparationsRequestObject) (contract.ListPreparationsResponseObject, error) {
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	f := store.PreparationFilter{Programme: idOf[supervision.ProgrammeID](r.Params.ProgrammeID), Person: idOf[supervision.PersonID](r.Params.PersonID)}
	rows, more, err := h.Planning.ListPreparations(ctx, actorOf(ctx), f, p)
	if err != nil {
		return nil, err
	}
	cursor, err := next(ctx, h, rows, more, func(s service.Seen[planning.PreparationSeen]) supervision.UUID { return s.Object.ID.Any() })
	return contract.ListPreparations200JSONResponse{Items: each(rows, preparationJSON), NextCursor: cursor}, err
}

// CreatePreparation answers POST /v1/preparations.
func (h *Handlers) CreatePreparation(ctx context.Context, r contract.CreatePreparationRequestObject) (contract.CreatePreparationResponseObject, error) {
	b := r.Body
	out, err := h.Planning.CreatePreparation(ctx, callOf(ctx), supervision.Preparation{
		Programme: supervision.ProgrammeID(b.ProgrammeID), Person: supervision.PersonID(b.PersonID), Kind: supervision.PreparationKind(b.Kind),
		Session: idOf[supervision.SessionID](b.SessionID), CompletedOn: b.CompletedOn,
	})
	if err != nil {
		return nil, err
	}
	j := preparationJSON(out.Value)
	return contract.CreatePreparation201JSONResponse{Body: j, Headers: contract.CreatePreparation201ResponseHeaders{
		ETag: j.Etag, Location: "/v1/preparations/" + j.ID.String(), IdempotencyReplayed: replayed(out.Replayed),
	}}, nil
}

// UpdatePreparation answers PATCH /v1/preparations/{id}.
func (h *Handlers) UpdatePreparation(ctx context.Context, r contract.UpdatePreparationRequestObject) (contract.UpdatePreparationResponseObject, error) {
	id, err := PathID[supervision.PreparationID](r.ID)
	if err != nil {
		return nil, err
	}
	b := r.Body
	out, err := h.Planning.UpdatePreparation(ctx, callOf(ctx), id, func(p *supervision.Preparation) {
		set(&p.Kind, (*supervision.PreparationKind)(b.Kind))
		patch((*supervision.UUID)(&p.Session), b.SessionID)
		set(&p.CompletedOn, b.CompletedOn)
	})
	if err != nil {
		return nil, err
	}
	j := preparationJSON(out.Value)
	return contract.UpdatePreparation200JSONResponse{Body: j, Headers: contract.UpdatePreparation200ResponseHeaders{ETag: j.Etag}}, nil
}
