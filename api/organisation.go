package api

import (
	"context"

	"kreds/api/contract"
	"kreds/service"
	"kreds/service/roster"
	"kreds/supervision"
)

func organisationJSON(s service.Seen[supervision.Organisation]) contract.Organisation {
	o := s.Object
	return contract.Organisation{
		ID: contract.ID(o.ID), Etag: tagOf(o.Version, s.View), ExternalID: NullIf(o.ExternalID), Name: o.Name,
		Kind: contract.OrganisationKind(o.Kind), Country: o.Country, TimeZone: o.TimeZone, CompetitorGroups: list(o.Competitors),
	}
}

// ListOrganisations answers GET /v1/organisations.
func (h *Handlers) ListOrganisations(ctx context.Context, r contract.ListOrganisationsRequestObject) (contract.ListOrganisationsResponseObject, error) {
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	p.Down = down(r.Params.Order, false)
	rows, more, err := h.Roster.ListOrganisations(ctx, actorOf(ctx), text(r.Params.ExternalID), p)
	if err != nil {
		return nil, err
	}
	cursor, err := nextBy(ctx, h, rows, more, func(s service.Seen[supervision.Organisation]) position {
		return position{ID: s.Object.ID.Any(), Name: s.Object.Name}
	})
	return contract.ListOrganisations200JSONResponse{Items: each(rows, organisationJSON), NextCursor: cursor}, err
}

// GetOrganisation answers GET /v1/organisations/{id}.
func (h *Handlers) GetOrganisation(ctx context.Context, r contract.GetOrganisationRequestObject) (contract.GetOrganisationResponseObject, error) {
	id, err := PathID[supervision.OrganisationID](r.ID)
	if err != nil {
		return nil, err
	}
	s, err := h.Roster.GetOrganisation(ctx, actorOf(ctx), id)
	if err != nil {
		return nil, err
	}
	o := organisationJSON(s)
	return contract.GetOrganisation200JSONResponse{Body: o, Headers: contract.GetOrganisation200ResponseHeaders{ETag: o.Etag}}, nil
}

// CreateOrganisation answers POST /v1/organisations.
func (h *Handlers) CreateOrganisation(ctx context.Context, r contract.CreateOrganisationRequestObject) (contract.CreateOrganisationResponseObject, error) {
	b := r.Body
	out, err := h.Roster.CreateOrganisation(ctx, callOf(ctx), supervision.Organisation{
		ExternalID: text(b.ExternalID), Name: b.Name, Kind: supervision.OrganisationKind(b.Kind), Country: b.Country, TimeZone: b.TimeZone,
		Competitors: items(b.CompetitorGroups),
	})
	if err != nil {
		return nil, err
	}
	o := organisationJSON(out.Value)
	return contract.CreateOrganisation201JSONResponse{Body: o, Headers: contract.CreateOrganisation201ResponseHeaders{
		ETag: o.Etag, Location: "/v1/organisations/" + o.ID.String(), IdempotencyReplayed: replayed(out.Replayed),
	}}, nil
}

// UpdateOrganisation answers PATCH /v1/organisations/{id}.
func (h *Handlers) UpdateOrganisation(ctx context.Context, r contract.UpdateOrganisationRequestObject) (contract.UpdateOrganisationResponseObject, error) {
	id, err := PathID[supervision.OrganisationID](r.ID)
	if err != nil {
		return nil, err
	}
	b := r.Body
	out, err := h.Roster.UpdateOrganisation(ctx, callOf(ctx), id, func(o *supervision.Organisation) {
		patch(&o.ExternalID, b.ExternalID)
		set(&o.Name, b.Name)
		set(&o.Kind, (*supervision.OrganisationKind)(b.Kind))
		set(&o.Country, b.Country)
		set(&o.TimeZone, b.TimeZone)
		set(&o.Competitors, b.CompetitorGroups)
	})
	if err != nil {
		return nil, err
	}
	o := organisationJSON(out.Value)
	return contract.UpdateOrganisation200JSONResponse{Body: o, Headers: contract.UpdateOrganisation200ResponseHeaders{ETag: o.Etag}}, nil
}

func holidaysJSON(s service.Seen[roster.Holidays]) contract.Holidays {
	h := contract.Holidays{Etag: tagOf(s.Object.Version, s.View), OrganisationID: contract.ID(s.Object.Organisation), Holidays: []contract.Holiday{}}
	for _, d := range s.Object.Days {
		h.Holidays = append(h.Holidays, contract.Holiday{HolidayOn: d.On, Name: d.Name})
	}
	return h
}

// GetHolidays answers GET /v1/organisations/{id}/holidays.
func (h *Handlers) GetHolidays(ctx context.Context, r contract.GetHolidaysRequestObject) (contract.GetHolidaysResponseObject, error) {
	id, err := PathID[supervision.OrganisationID](r.ID)
	if err != nil {
		return nil, err
	}
	s, err := h.Roster.GetHolidays(ctx, actorOf(ctx), id)
	if err != nil {
		return nil, err
	}
	j := holidaysJSON(s)
	return contract.GetHolidays200JSONResponse{Body: j, Headers: contract.GetHolidays200ResponseHeaders{ETag: j.Etag}}, nil
}

// PutHolidays answers PUT /v1/organisations/{id}/holidays.
func (h *Handlers) PutHolidays(ctx context.Context, r contract.PutHolidaysRequestObject) (contract.PutHolidaysResponseObject, error) {
	id, err := PathID[supervision.OrganisationID](r.ID)
	if err != nil {
		return nil, err
	}
	var days []supervision.Holiday
	for _, d := range r.Body.Holidays {
		days = append(days, supervision.Holiday{On: d.HolidayOn, Name: d.Name})
	}
	out, err := h.Roster.PutHolidays(ctx, callOf(ctx), id, days)
	if err != nil {
		return nil, err
	}
	j := holidaysJSON(out.Value)
	return contract.PutHolidays200JSONResponse{Body: j, Headers: contract.PutHolidays200ResponseHeaders{ETag: j.Etag}}, nil
}
