package api

import (
	"context"
	"slices"
	"time"

	"kreds/api/contract"
	"kreds/service"
	"kreds/service/roster"
	"kreds/store"
	"kreds/supervision"
)

// personJSON renders a person: all of them to their manager and to themselves, to a supervisor what planning a talk takes.
func personJSON(s service.Seen[roster.PersonSeen]) contract.Person {
	p := s.Object
	j := contract.Person{
		ID: contract.ID(p.ID), Etag: tagOf(p.Version, s.View), Name: p.Name, TimeZone: p.TimeZone, WorkHours: each(p.WorkHours, workSpanJSON),
		ExtendedHours: p.Extended, Languages: list(p.Languages),
	}
	if s.View == supervision.ViewSupervisor {
		return j
	}
	email, organisation, roles := p.Email, contract.ID(p.Organisation), list(words[contract.Role](p.Roles))
	j.Email, j.OrganisationID, j.Roles = &email, &organisation, &roles
	j.ExternalID, j.Unit, j.Site = NullIf(p.ExternalID), NullIf(p.Unit), NullIf(p.Site)
	j.Seniority, j.Experience = NullIf(p.Seniority), NullIf(contract.Experience(p.Experience))
	return j
}

// contractDays are the weekdays as the contract names them, Sunday first as in package time.
var contractDays = []contract.Weekday{contract.WeekdaySun, contract.WeekdayMon, contract.WeekdayTue, contract.WeekdayWed, contract.WeekdayThu, contract.WeekdayFri, contract.WeekdaySat}

func workSpanJSON(s supervision.WorkSpan) contract.WorkHours {
	return contract.WorkHours{Weekday: contractDays[s.Weekday], FromTime: supervision.FormatClock(s.From), ToTime: supervision.FormatClock(s.To)}
}

// workHoursOf reads working hours; their form was checked at the door.
func workHoursOf(list []contract.WorkHours) supervision.WorkHours {
	var hours supervision.WorkHours
	for _, w := range list {
		from, _ := supervision.Clock(w.FromTime)
		to, _ := supervision.Clock(w.ToTime)
		hours = append(hours, supervision.WorkSpan{Weekday: time.Weekday(slices.Index(contractDays, w.Weekday)), From: from, To: to})
	}
	slices.SortFunc(hours, supervision.WorkSpan.Compare)
	return hours
}

// ListPeople answers GET /v1/people.
func (h *Handlers) ListPeople(ctx context.Context, r contract.ListPeopleRequestObject) (contract.ListPeopleResponseObject, error) {
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	p.Down = down(r.Params.Order, false)
	rows, more, err := h.Roster.ListPeople(ctx, actorOf(ctx), store.PersonFilter{
		Organisation: idOf[supervision.OrganisationID](r.Params.OrganisationID), ExternalID: text(r.Params.ExternalID), Role: supervision.Role(or(r.Params.Role, "")),
	}, p)
	if err != nil {
		return nil, err
	}
	cursor, err := nextBy(ctx, h, rows, more, func(s service.Seen[roster.PersonSeen]) position {
		return position{ID: s.Object.ID.Any(), Name: s.Object.Name}
	})
	return contract.ListPeople200JSONResponse{Items: each(rows, personJSON), NextCursor: cursor}, err
}

// GetPerson answers GET /v1/people/{id}.
func (h *Handlers) GetPerson(ctx context.Context, r contract.GetPersonRequestObject) (contract.GetPersonResponseObject, error) {
	id, err := PathID[supervision.PersonID](r.ID)
	if err != nil {
		return nil, err
	}
	s, err := h.Roster.GetPerson(ctx, actorOf(ctx), id)
	if err != nil {
		return nil, err
	}
	j := personJSON(s)
	return contract.GetPerson200JSONResponse{Body: j, Headers: contract.GetPerson200ResponseHeaders{ETag: j.Etag}}, nil
}

// CreatePerson answers POST /v1/people.
func (h *Handlers) CreatePerson(ctx context.Context, r contract.CreatePersonRequestObject) (contract.CreatePersonResponseObject, error) {
	b := r.Body
	out, err := h.Roster.CreatePerson(ctx, callOf(ctx), supervision.Person{
		ExternalID: text(b.ExternalID), Name: b.Name, Email: b.Email, Organisation: supervision.OrganisationID(b.OrganisationID), TimeZone: b.TimeZone,
		Languages: items(b.Languages), Unit: text(b.Unit), Site: text(b.Site), Seniority: or(b.Seniority, 0),
		Experience: supervision.Experience(or(b.Experience, "")), WorkHours: workHoursOf(items(b.WorkHours)), Extended: or(b.ExtendedHours, false),
	})
	if err != nil {
		return nil, err
	}
	j := personJSON(out.Value)
	return contract.CreatePerson201JSONResponse{Body: j, Headers: contract.CreatePerson201ResponseHeaders{
		ETag: j.Etag, Location: "/v1/people/" + j.ID.String(), IdempotencyReplayed: replayed(out.Replayed),
	}}, nil
}

// UpdatePerson answers PATCH /v1/people/{id}.
func (h *Handlers) UpdatePerson(ctx context.Context, r contract.UpdatePersonRequestObject) (contract.UpdatePersonResponseObject, error) {
	id, err := PathID[supervision.PersonID](r.ID)
	if err != nil {
		return nil, err
	}
	b := r.Body
	out, err := h.Roster.UpdatePerson(ctx, callOf(ctx), id, func(p *supervision.Person) {
		patch(&p.ExternalID, b.ExternalID)
		set(&p.Name, b.Name)
		set(&p.Email, b.Email)
		set(&p.Organisation, (*supervision.OrganisationID)(b.OrganisationID))
		set(&p.TimeZone, b.TimeZone)
		set(&p.Languages, b.Languages)
		patch(&p.Unit, b.Unit)
		patch(&p.Site, b.Site)
		patch(&p.Seniority, b.Seniority)
		if v, ok := Changed(b.Experience); ok {
			p.Experience = supervision.Experience(or(v, ""))
		}
		if b.WorkHours != nil {
			p.WorkHours = workHoursOf(*b.WorkHours)
		}
		set(&p.Extended, b.ExtendedHours)
	})
	if err != nil {
		return nil, err
	}
	j := personJSON(out.Value)
	return contract.UpdatePerson200JSONResponse{Body: j, Headers: contract.UpdatePerson200ResponseHeaders{ETag: j.Etag}}, nil
}
