package api

import (
	"context"
	"strconv"

	"kreds/api/contract"
	"kreds/service"
	"kreds/service/roster"
	"kreds/store"
	"kreds/supervision"
)

// pairJSON renders a pair. Its people, their managers and whoever runs the programme see who they are; a supervisor sees an
// alias and how long the pair has met.
func pairJSON(s service.Seen[roster.PairSeen]) contract.Pair {
	p := s.Object
	j := contract.Pair{
		ID: contract.ID(p.ID), Etag: tagOf(p.Version, s.View), Alias: "pair " + strconv.Itoa(p.Number), Kind: contract.PairKind(p.Kind),
		State: contract.PairState(p.State), StartOn: p.Span.From, EndOn: NullIf(p.Span.To),
	}
	if s.View == supervision.ViewSupervisor || s.View == supervision.ViewOwner {
		j.MetMinutes = &p.Minutes
	}
	if s.View == supervision.ViewSupervisor {
		return j
	}
	mentors, mentees := personRefs(p.Mentors, p.Names), personRefs(p.Mentees, p.Names)
	j.Mentors, j.Mentees = &mentors, &mentees
	if s.View == supervision.ViewManager || s.View == supervision.ViewOwner {
		j.GroundRulesAgreedOn = NullIf(p.RulesOn)
	}
	if s.View == supervision.ViewManager {
		warnings := []contract.Warning{}
		if p.OneLine {
			warnings = append(warnings, contract.Warning{Pointer: Null[string](nil), Code: "one-line", Detail: "Mentor and mentee stand in one reporting line; mentoring is meant to be outside of it."})
		}
		j.ExternalID, j.Warnings = NullIf(p.ExternalID), &warnings
	}
	return j
}

// ListPairs answers GET /v1/pairs.
func (h *Handlers) ListPairs(ctx context.Context, r contract.ListPairsRequestObject) (contract.ListPairsResponseObject, error) {
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	f := store.PairFilter{Person: idOf[supervision.PersonID](r.Params.PersonID), State: words[supervision.PairState](items(r.Params.State))}
	rows, more, err := h.Roster.ListPairs(ctx, actorOf(ctx), f, p)
	if err != nil {
		return nil, err
	}
	cursor, err := next(ctx, h, rows, more, func(s service.Seen[roster.PairSeen]) supervision.UUID { return s.Object.ID.Any() })
	return contract.ListPairs200JSONResponse{Items: each(rows, pairJSON), NextCursor: cursor}, err
}

// GetPair answers GET /v1/pairs/{id}.
func (h *Handlers) GetPair(ctx context.Context, r contract.GetPairRequestObject) (contract.GetPairResponseObject, error) {
	id, err := PathID[supervision.PairID](r.ID)
	if err != nil {
		return nil, err
	}
	s, err := h.Roster.GetPair(ctx, actorOf(ctx), id)
	if err != nil {
		return nil, err
	}
	j := pairJSON(s)
	return contract.GetPair200JSONResponse{Body: j, Headers: contract.GetPair200ResponseHeaders{ETag: j.Etag}}, nil
}

// CreatePair answers POST /v1/pairs.
func (h *Handlers) CreatePair(ctx context.Context, r contract.CreatePairRequestObject) (contract.CreatePairResponseObject, error) {
	b := r.Body
	out, err := h.Roster.CreatePair(ctx, callOf(ctx), supervision.Pair{
		ExternalID: text(b.ExternalID), Kind: supervision.PairKind(b.Kind), Mentors: idsOf[supervision.PersonID](b.MentorIds),
		Mentees: idsOf[supervision.PersonID](b.MenteeIds), Span: supervision.Days{From: b.StartOn, To: day(b.EndOn)},
	})
	if err != nil {
		return nil, err
	}
	j := pairJSON(out.Value)
	return contract.CreatePair201JSONResponse{Body: j, Headers: contract.CreatePair201ResponseHeaders{
		ETag: j.Etag, Location: "/v1/pairs/" + j.ID.String(), IdempotencyReplayed: replayed(out.Replayed),
	}}, nil
}

// UpdatePair answers PATCH /v1/pairs/{id}.
func (h *Handlers) UpdatePair(ctx context.Context, r contract.UpdatePairRequestObject) (contract.UpdatePairResponseObject, error) {
	id, err := PathID[supervision.PairID](r.ID)
	if err != nil {
		return nil, err
	}
	b := r.Body
	out, err := h.Roster.UpdatePair(ctx, callOf(ctx), id, func(p *supervision.Pair) {
		patch(&p.ExternalID, b.ExternalID)
		set(&p.Kind, (*supervision.PairKind)(b.Kind))
		if b.MentorIds != nil {
			p.Mentors = idsOf[supervision.PersonID](*b.MentorIds)
		}
		if b.MenteeIds != nil {
			p.Mentees = idsOf[supervision.PersonID](*b.MenteeIds)
		}
		set(&p.Span.From, b.StartOn)
		patch(&p.Span.To, b.EndOn)
		patch(&p.RulesOn, b.GroundRulesAgreedOn)
	})
	if err != nil {
		return nil, err
	}
	j := pairJSON(out.Value)
	return contract.UpdatePair200JSONResponse{Body: j, Headers: contract.UpdatePair200ResponseHeaders{ETag: j.Etag}}, nil
}

// SetPairState answers PUT /v1/pairs/{id}/state.
func (h *Handlers) SetPairState(ctx context.Context, r contract.SetPairStateRequestObject) (contract.SetPairStateResponseObject, error) {
	id, err := PathID[supervision.PairID](r.ID)
	if err != nil {
		return nil, err
	}
	c := callOf(ctx)
	c.Note = text(r.Body.Note)
	out, err := h.Roster.SetPairState(ctx, c, id, supervision.PairState(r.Body.State))
	if err != nil {
		return nil, err
	}
	j := pairJSON(out.Value)
	return contract.SetPairState200JSONResponse{Body: j, Headers: contract.SetPairState200ResponseHeaders{ETag: j.Etag}}, nil
}
