package api

import (
	"context"

	"kreds/api/contract"
	"kreds/service"
	"kreds/service/planning"
	"kreds/supervision"
)

func programmeJSON(s service.Seen[planning.ProgrammeSeen]) contract.Programme {
	p := s.Object
	return contract.Programme{
		ID: contract.ID(p.ID), Etag: tagOf(p.Version, s.View), Name: p.Name, Mode: contract.ProgrammeMode(p.Mode), Scope: contract.ProgrammeScope(p.Scope),
		Integration: contract.ProgrammeIntegration(p.Integration), Setting: contract.ProgrammeSetting(p.Setting), Purpose: NullIf(p.Purpose),
		StrategicLink: NullIf(p.Strategic), StartOn: p.Span.From, EndOn: NullIf(p.Span.To), K: p.K,
		Lead: contract.PersonRef{ID: contract.ID(p.Lead), Name: p.LeadName}, OrganisationID: NullIf(p.Organisation.Any()), Goals: each(p.Goals, goalJSON),
	}
}

func goalJSON(g supervision.Goal) contract.ProgrammeGoal {
	return contract.ProgrammeGoal{Beneficiary: contract.ProgrammeGoalBeneficiary(g.Beneficiary), Statement: g.Statement, Indicator: NullIf(g.Indicator), Target: NullIf(g.Target)}
}

func goalOf(g contract.ProgrammeGoal) supervision.Goal {
	goal := supervision.Goal{Beneficiary: string(g.Beneficiary), Statement: g.Statement}
	patch(&goal.Indicator, g.Indicator)
	patch(&goal.Target, g.Target)
	return goal
}

// ListProgrammes answers GET /v1/programmes.
func (h *Handlers) ListProgrammes(ctx context.Context, r contract.ListProgrammesRequestObject) (contract.ListProgrammesResponseObject, error) {
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	p.Down = down(r.Params.Order, true)
	rows, more, err := h.Planning.ListProgrammes(ctx, actorOf(ctx), idOf[supervision.OrganisationID](r.Params.OrganisationID), p)
	if err != nil {
		return nil, err
	}
	cursor, err := nextBy(ctx, h, rows, more, func(s service.Seen[planning.ProgrammeSeen]) position {
		return position{ID: s.Object.ID.Any(), On: s.Object.Span.From}
	})
	return contract.ListProgrammes200JSONResponse{Items: each(rows, programmeJSON), NextCursor: cursor}, err
}

// GetProgramme answers GET /v1/programmes/{id}.
func (h *Handlers) GetProgramme(ctx context.Context, r contract.GetProgrammeRequestObject) (contract.GetProgrammeResponseObject, error) {
	id, err := PathID[supervision.ProgrammeID](r.ID)
	if err != nil {
		return nil, err
	}
	s, err := h.Planning.GetProgramme(ctx, actorOf(ctx), id)
	if err != nil {
		return nil, err
	}
	j := programmeJSON(s)
	return contract.GetProgramme200JSONResponse{Body: j, Headers: contract.GetProgramme200ResponseHeaders{ETag: j.Etag}}, nil
}

// CreateProgramme answers POST /v1/programmes.
func (h *Handlers) CreateProgramme(ctx context.Context, r contract.CreateProgrammeRequestObject) (contract.CreateProgrammeResponseObject, error) {
	b := r.Body
	out, err := h.Planning.CreateProgramme(ctx, callOf(ctx), supervision.Programme{
		Name: b.Name, Mode: supervision.ProgrammeMode(b.Mode), Scope: supervision.ProgrammeScope(or(b.Scope, contract.ProgrammeScopeInternal)),
		Integration: string(or(b.Integration, contract.ProgrammeIntegrationSeparate)), Setting: string(or(b.Setting, contract.ProgrammeSettingVirtual)),
		Purpose: text(b.Purpose), Strategic: text(b.StrategicLink), Span: supervision.Days{From: b.StartOn, To: day(b.EndOn)}, K: or(b.K, 5),
		Organisation: idOf[supervision.OrganisationID](b.OrganisationID), Goals: each(items(b.Goals), goalOf),
	})
	if err != nil {
		return nil, err
	}
	j := programmeJSON(out.Value)
	return contract.CreateProgramme201JSONResponse{Body: j, Headers: contract.CreateProgramme201ResponseHeaders{
		ETag: j.Etag, Location: "/v1/programmes/" + j.ID.String(), IdempotencyReplayed: replayed(out.Replayed),
	}}, nil
}

// UpdateProgramme answers PATCH /v1/programmes/{id}.
func (h *Handlers) UpdateProgramme(ctx context.Context, r contract.UpdateProgrammeRequestObject) (contract.UpdateProgrammeResponseObject, error) {
	id, err := PathID[supervision.ProgrammeID](r.ID)
	if err != nil {
		return nil, err
	}
	b := r.Body
	out, err := h.Planning.UpdateProgramme(ctx, callOf(ctx), id, func(p *supervision.Programme) {
		set(&p.Name, b.Name)
		set(&p.Mode, (*supervision.ProgrammeMode)(b.Mode))
		set(&p.Scope, (*supervision.ProgrammeScope)(b.Scope))
		set(&p.Integration, (*string)(b.Integration))
		set(&p.Setting, (*string)(b.Setting))
		patch(&p.Purpose, b.Purpose)
		patch(&p.Strategic, b.StrategicLink)
		set(&p.Span.From, b.StartOn)
		patch(&p.Span.To, b.EndOn)
		set(&p.K, b.K)
		set(&p.Lead, (*supervision.PersonID)(b.LeadID))
		patch((*supervision.UUID)(&p.Organisation), b.OrganisationID)
		if b.Goals != nil {
			p.Goals = each(*b.Goals, goalOf)
		}
	})
	if err != nil {
		return nil, err
	}
	j := programmeJSON(out.Value)
	return contract.UpdateProgramme200JSONResponse{Body: j, Headers: contract.UpdateProgramme200ResponseHeaders{ETag: j.Etag}}, nil
}
