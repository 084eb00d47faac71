package api

import (
	"context"

	"kreds/api/contract"
	"kreds/service"
	"kreds/service/planning"
	"kreds/store"
	"kreds/supervision"
)

func enrolmentJSON(s service.Seen[planning.EnrolmentSeen]) contract.Enrolment {
	e := s.Object
	return contract.Enrolment{
		ID: contract.ID(e.ID), Etag: tagOf(e.Version, s.View), CycleID: contract.ID(e.Cycle), Mentor: contract.PersonRef{ID: contract.ID(e.Mentor), Name: e.Name},
		State: contract.EnrolmentState(e.State), Endorsed: e.Endorsed, WithdrawnOn: NullIf(e.WithdrawnOn),
	}
}

// ListEnrolments answers GET /v1/enrolments.
func (h *Handlers) ListEnrolments(ctx context.Context, r contract.ListEnrolmentsRequestObject) (contract.ListEnrolmentsResponseObject, error) {
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	f := store.SeatFilter{Cycle: idOf[supervision.CycleID](r.Params.CycleID), Person: idOf[supervision.PersonID](r.Params.MentorID), State: words[string](items(r.Params.State))}
	rows, more, err := h.Planning.ListEnrolments(ctx, actorOf(ctx), f, p)
	if err != nil {
		return nil, err
	}
	cursor, err := next(ctx, h, rows, more, func(s service.Seen[planning.EnrolmentSeen]) supervision.UUID { return s.Object.ID.Any() })
	return contract.ListEnrolments200JSONResponse{Items: each(rows, enrolmentJSON), NextCursor: cursor}, err
}

// CreateEnrolment answers POST /v1/enrolments.
func (h *Handlers) CreateEnrolment(ctx context.Context, r contract.CreateEnrolmentRequestObject) (contract.CreateEnrolmentResponseObject, error) {
	b := r.Body
	out, err := h.Planning.CreateEnrolment(ctx, callOf(ctx), supervision.Enrolment{
		Cycle: supervision.CycleID(b.CycleID), Mentor: supervision.PersonID(b.MentorID), Endorsed: or(b.Endorsed, false),
	})
	if err != nil {
		return nil, err
	}
	j := enrolmentJSON(out.Value)
	return contract.CreateEnrolment201JSONResponse{Body: j, Headers: contract.CreateEnrolment201ResponseHeaders{
		ETag: j.Etag, Location: "/v1/enrolments/" + j.ID.String(), IdempotencyReplayed: replayed(out.Replayed),
	}}, nil
}

// UpdateEnrolment answers PATCH /v1/enrolments/{id}.
func (h *Handlers) UpdateEnrolment(ctx context.Context, r contract.UpdateEnrolmentRequestObject) (contract.UpdateEnrolmentResponseObject, error) {
	id, err := PathID[supervision.EnrolmentID](r.ID)
	if err != nil {
		return nil, err
	}
	out, err := h.Planning.UpdateEnrolment(ctx, callOf(ctx), id, func(e *supervision.Enrolment) {
		set(&e.Endorsed, r.Body.Endorsed)
		patch(&e.WithdrawnOn, r.Body.WithdrawnOn)
	})
	if err != nil {
		return nil, err
	}
	j := enrolmentJSON(out.Value)
	return contract.UpdateEnrolment200JSONResponse{Body: j, Headers: contract.UpdateEnrolment200ResponseHeaders{ETag: j.Etag}}, nil
}
