package api

import (
	"context"

	"kreds/api/contract"
	"kreds/service"
	"kreds/service/roster"
	"kreds/store"
	"kreds/supervision"
)

func roleJSON(s service.Seen[roster.RoleSeen]) contract.RoleAssignment {
	a := s.Object
	programme, organisation := roleSubjects(a.RoleAssignment)
	return contract.RoleAssignment{
		ID: contract.ID(a.ID), Etag: tagOf(a.Version, s.View), Person: contract.PersonRef{ID: contract.ID(a.Person), Name: a.Name}, Role: contract.Role(a.Role),
		ProgrammeID: NullIf(programme), OrganisationID: NullIf(organisation), ValidFrom: NullIf(a.Valid.From), ValidTo: NullIf(a.Valid.To),
	}
}

// ListRoleAssignments answers GET /v1/role-assignments.
func (h *Handlers) ListRoleAssignments(ctx context.Context, r contract.ListRoleAssignmentsRequestObject) (contract.ListRoleAssignmentsResponseObject, error) {
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	rows, more, err := h.Roster.ListRoles(ctx, actorOf(ctx), store.RoleFilter{
		Person: idOf[supervision.PersonID](r.Params.PersonID), Role: supervision.Role(or(r.Params.Role, "")),
		Programme: idOf[supervision.ProgrammeID](r.Params.ProgrammeID), Organisation: idOf[supervision.OrganisationID](r.Params.OrganisationID),
	}, p)
	if err != nil {
		return nil, err
	}
	cursor, err := next(ctx, h, rows, more, func(s service.Seen[roster.RoleSeen]) supervision.UUID { return s.Object.ID.Any() })
	return contract.ListRoleAssignments200JSONResponse{Items: each(rows, roleJSON), NextCursor: cursor}, err
}

// CreateRoleAssignment answers POST /v1/role-assignments.
func (h *Handlers) CreateRoleAssignment(ctx context.Context, r contract.CreateRoleAssignmentRequestObject) (contract.CreateRoleAssignmentResponseObject, error) {
	b := r.Body
	a := supervision.RoleAssignment{
		Person: supervision.PersonID(b.PersonID), Role: supervision.Role(b.Role), Scope: supervision.ScopeTenant, Subject: actorOf(ctx).Tenant.Any(),
		Valid: supervision.Days{From: day(b.ValidFrom), To: day(b.ValidTo)},
	}
	switch {
	case b.ProgrammeID != nil && b.OrganisationID != nil:
		return nil, supervision.Faulty("/organisation_id", "not-both", "A role holds in a programme or in an organisation; without both, everywhere.")
	case b.ProgrammeID != nil:
		a.Scope, a.Subject = supervision.ScopeProgramme, supervision.UUID(*b.ProgrammeID)
	case b.OrganisationID != nil:
		a.Scope, a.Subject = supervision.ScopeOrganisation, supervision.UUID(*b.OrganisationID)
	}
	out, err := h.Roster.CreateRole(ctx, callOf(ctx), a)
	if err != nil {
		return nil, err
	}
	j := roleJSON(out.Value)
	return contract.CreateRoleAssignment201JSONResponse{Body: j, Headers: contract.CreateRoleAssignment201ResponseHeaders{
		ETag: j.Etag, Location: "/v1/role-assignments/" + j.ID.String(), IdempotencyReplayed: replayed(out.Replayed),
	}}, nil
}

// UpdateRoleAssignment answers PATCH /v1/role-assignments/{id}.
func (h *Handlers) UpdateRoleAssignment(ctx context.Context, r contract.UpdateRoleAssignmentRequestObject) (contract.UpdateRoleAssignmentResponseObject, error) {
	id, err := PathID[supervision.RoleID](r.ID)
	if err != nil {
		return nil, err
	}
	out, err := h.Roster.UpdateRole(ctx, callOf(ctx), id, func(a *supervision.RoleAssignment) {
		patch(&a.Valid.From, r.Body.ValidFrom)
		patch(&a.Valid.To, r.Body.ValidTo)
	})
	if err != nil {
		return nil, err
	}
	j := roleJSON(out.Value)
	return contract.UpdateRoleAssignment200JSONResponse{Body: j, Headers: contract.UpdateRoleAssignment200ResponseHeaders{ETag: j.Etag}}, nil
}
