package api

import (
	"context"

	"kreds/api/contract"
	"kreds/service"
	"kreds/service/roster"
	"kreds/store"
	"kreds/supervision"
)

func lineJSON(s service.Seen[roster.LineSeen]) contract.ReportingLine {
	l := s.Object
	return contract.ReportingLine{
		ID: contract.ID(l.ID), Etag: tagOf(l.Version, s.View), Person: contract.PersonRef{ID: contract.ID(l.Person), Name: l.PersonName},
		Manager: contract.PersonRef{ID: contract.ID(l.Manager), Name: l.ManagerName}, Kind: contract.LineKind(l.Kind),
		ValidFrom: NullIf(l.Valid.From), ValidTo: NullIf(l.Valid.To),
	}
}

// ListReportingLines answers GET /v1/reporting-lines.
func (h *Handlers) ListReportingLines(ctx context.Context, r contract.ListReportingLinesRequestObject) (contract.ListReportingLinesResponseObject, error) {
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	f := store.LineFilter{Person: idOf[supervision.PersonID](r.Params.PersonID), Manager: idOf[supervision.PersonID](r.Params.ManagerID)}
	rows, more, err := h.Roster.ListLines(ctx, actorOf(ctx), f, p)
	if err != nil {
		return nil, err
	}
	cursor, err := next(ctx, h, rows, more, func(s service.Seen[roster.LineSeen]) supervision.UUID { return s.Object.ID.Any() })
	return contract.ListReportingLines200JSONResponse{Items: each(rows, lineJSON), NextCursor: cursor}, err
}

// CreateReportingLine answers POST /v1/reporting-lines.
func (h *Handlers) CreateReportingLine(ctx context.Context, r contract.CreateReportingLineRequestObject) (contract.CreateReportingLineResponseObject, error) {
	b := r.Body
	out, err := h.Roster.CreateLine(ctx, callOf(ctx), supervision.ReportingLine{
		Person: supervision.PersonID(b.PersonID), Manager: supervision.PersonID(b.ManagerID), Kind: supervision.LineKind(or(b.Kind, contract.LineKindLine)),
		Valid: supervision.Days{From: day(b.ValidFrom), To: day(b.ValidTo)},
	})
	if err != nil {
		return nil, err
	}
	j := lineJSON(out.Value)
	return contract.CreateReportingLine201JSONResponse{Body: j, Headers: contract.CreateReportingLine201ResponseHeaders{
		ETag: j.Etag, Location: "/v1/reporting-lines/" + j.ID.String(), IdempotencyReplayed: replayed(out.Replayed),
	}}, nil
}

// UpdateReportingLine answers PATCH /v1/reporting-lines/{id}.
func (h *Handlers) UpdateReportingLine(ctx context.Context, r contract.UpdateReportingLineRequestObject) (contract.UpdateReportingLineResponseObject, error) {
	id, err := PathID[supervision.LineID](r.ID)
	if err != nil {
		return nil, err
	}
	b := r.Body
	out, err := h.Roster.UpdateLine(ctx, callOf(ctx), id, func(l *supervision.ReportingLine) {
		set(&l.Kind, (*supervision.LineKind)(b.Kind))
		patch(&l.Valid.From, b.ValidFrom)
		patch(&l.Valid.To, b.ValidTo)
	})
	if err != nil {
		return nil, err
	}
	j := lineJSON(out.Value)
	return contract.UpdateReportingLine200JSONResponse{Body: j, Headers: contract.UpdateReportingLine200ResponseHeaders{ETag: j.Etag}}, nil
}
