package api

import (
	"context"

	"kreds/api/contract"
	"kreds/service"
	"kreds/service/planning"
	"kreds/store"
	"kreds/supervision"
)

func assignmentJSON(s service.Seen[planning.AssignmentSeen]) contract.SupervisorAssignment {
	a := s.Object
	j := contract.SupervisorAssignment{
		ID: contract.ID(a.ID), Etag: tagOf(a.Version, s.View), CycleID: contract.ID(a.Cycle), Supervisor: contract.PersonRef{ID: contract.ID(a.Supervisor), Name: a.Name},
		Share: a.Share, Limits: Null[contract.SupervisorLimits](nil), Qualifications: list(a.Quals),
		AdmittedOrganisationIds: each(a.Admits, func(o supervision.OrganisationID) contract.ID { return contract.ID(o) }),
		FromOn:                  NullIf(a.Valid.From), ToOn: NullIf(a.Valid.To), State: contract.AssignmentState(a.State),
	}
	if a.Limits != nil {
		limits := limitsJSON(*a.Limits)
		j.Limits = Null(&limits)
	}
	return j
}

// ListSupervisorAssignments answers GET /v1/supervisor-assignments.
func (h *Handlers) ListSupervisorAssignments(ctx context.Context, r contract.ListSupervisorAssignmentsRequestObject) (contract.ListSupervisorAssignmentsResponseObject, error) {
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	f := store.SeatFilter{Cycle: idOf[supervision.CycleID](r.Params.CycleID), Person: idOf[supervision.PersonID](r.Params.SupervisorID), State: words[string](items(r.Params.State))}
	rows, more, err := h.Planning.ListAssignments(ctx, actorOf(ctx), f, p)
	if err != nil {
		return nil, err
	}
	cursor, err := next(ctx, h, rows, more, func(s service.Seen[planning.AssignmentSeen]) supervision.UUID { return s.Object.ID.Any() })
	return contract.ListSupervisorAssignments200JSONResponse{Items: each(rows, assignmentJSON), NextCursor: cursor}, err
}

// CreateSupervisorAssignment answers POST /v1/supervisor-assignments.
func (h *Handlers) CreateSupervisorAssignment(ctx context.Context, r contract.CreateSupervisorAssignmentRequestObject) (contract.CreateSupervisorAssignmentResponseObject, error) {
	b := r.Body
	a := supervision.Assignment{
		Cycle: supervision.CycleID(b.CycleID), Supervisor: supervision.PersonID(b.SupervisorID), Share: or(b.Share, 1), Quals: items(b.Qualifications),
		Admits: idsOf[supervision.OrganisationID](items(b.AdmittedOrganisationIds)), Valid: supervision.Days{From: day(b.FromOn), To: day(b.ToOn)},
	}
	if b.Limits != nil {
		limits := limitsOf(*b.Limits)
		a.Limits = &limits
	}
	out, err := h.Planning.CreateAssignment(ctx, callOf(ctx), a)
	if err != nil {
		return nil, err
	}
	j := assignmentJSON(out.Value)
	return contract.CreateSupervisorAssignment201JSONResponse{Body: j, Headers: contract.CreateSupervisorAssignment201ResponseHeaders{
		ETag: j.Etag, Location: "/v1/supervisor-assignments/" + j.ID.String(), IdempotencyReplayed: replayed(out.Replayed),
	}}, nil
}
