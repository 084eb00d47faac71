package api

import (
	"context"

	"kreds/api/contract"
	"kreds/service"
	"kreds/supervision"
)

func meetingJSON(s service.Seen[supervision.PairMeeting]) contract.PairMeeting {
	m := s.Object
	return contract.PairMeeting{
		ID: contract.ID(m.ID), Etag: tagOf(m.Version, s.View), PairID: contract.ID(m.Pair), MetOn: m.On, DurationMinutes: m.Minutes, Mode: contract.Mode(m.Mode),
	}
}

// ListPairMeetings answers GET /v1/pair-meetings.
func (h *Handlers) ListPairMeetings(ctx context.Context, r contract.ListPairMeetingsRequestObject) (contract.ListPairMeetingsResponseObject, error) {
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	p.Down = down(r.Params.Order, true)
	rows, more, err := h.Roster.ListMeetings(ctx, actorOf(ctx), idOf[supervision.PairID](r.Params.PairID), p)
	if err != nil {
		return nil, err
	}
	cursor, err := nextBy(ctx, h, rows, more, func(s service.Seen[supervision.PairMeeting]) position {
		return position{ID: s.Object.ID.Any(), On: s.Object.On}
	})
	return contract.ListPairMeetings200JSONResponse{Items: each(rows, meetingJSON), NextCursor: cursor}, err
}

// CreatePairMeeting answers POST /v1/pair-meetings.
func (h *Handlers) CreatePairMeeting(ctx context.Context, r contract.CreatePairMeetingRequestObject) (contract.CreatePairMeetingResponseObject, error) {
	b := r.Body
	out, err := h.Roster.CreateMeeting(ctx, callOf(ctx), supervision.PairMeeting{
		Pair: supervision.PairID(b.PairID), On: b.MetOn, Minutes: b.DurationMinutes, Mode: supervision.Mode(b.Mode),
	})
	if err != nil {
		return nil, err
	}
	j := meetingJSON(out.Value)
	return contract.CreatePairMeeting201JSONResponse{Body: j, Headers: contract.CreatePairMeeting201ResponseHeaders{
		ETag: j.Etag, Location: "/v1/pair-meetings/" + j.ID.String(), IdempotencyReplayed: replayed(out.Replayed),
	}}, nil
}

// DeletePairMeeting answers DELETE /v1/pair-meetings/{id}.
func (h *Handlers) DeletePairMeeting(ctx context.Context, r contract.DeletePairMeetingRequestObject) (contract.DeletePairMeetingResponseObject, error) {
	id, err := PathID[supervision.MeetingID](r.ID)
	if err != nil {
		return nil, err
	}
	return contract.DeletePairMeeting204Response{}, h.Roster.DeleteMeeting(ctx, callOf(ctx), id)
}
