package api

import (
	"context"
	"time"

	"kreds/api/contract"
	"kreds/service"
	"kreds/service/booking"
	"kreds/store"
	"kreds/supervision"
)

// sessionJSON renders a session. An integration gets the logistics: when, how, where and in which state. Fellow members do
// not see who answered what, nor what stands against the session.
func sessionJSON(ctx context.Context, s service.Seen[booking.SessionSeen]) contract.Session {
	x := s.Object
	j := contract.Session{
		ID: contract.ID(x.ID), Etag: tagOf(x.Version, s.View), Start: x.Start, End: x.End, TimeZone: x.TimeZone, Mode: contract.Mode(x.Mode),
		Place: NullIf(x.Place), State: contract.SessionState(x.State), Revision: x.Revision,
	}
	runs := s.View == supervision.ViewManager || s.View == supervision.ViewSupervisor
	if x.State == supervision.NoShow && !runs {
		j.State = contract.SessionStateCompleted
	}
	if s.View == supervision.ViewLogistics {
		return j
	}
	kind, leader, mentors, planned := contract.SessionKind(x.Kind), personRef(x.Supervisor, x.Names), personRefs(x.MentorIDs(), x.Names), x.Planned
	delivery := contract.SessionDelivery("none")
	if x.Delivery != "" {
		delivery = contract.SessionDelivery(x.Delivery)
	}
	j.Kind, j.Supervisor, j.Mentors, j.Planned, j.Delivery = &kind, &leader, &mentors, &planned, &delivery
	j.CycleID, j.RoundID, j.GroupID = NullIf(x.Cycle.Any()), NullIf(x.Round.Any()), NullIf(x.Group.Any())
	j.HoldUntil, j.MyAnswer = Null[time.Time](nil), Null[contract.Answer](nil)
	if s.View != supervision.ViewManager {
		j.JoinURL = Null[string](nil) // the room is theirs who meet there
	}
	if a, ok := x.Attendance(actorOf(ctx).Person); ok {
		mine := answerJSON(x.ID, a, x.Names)
		j.MyAnswer = Null(&mine)
	}
	if runs {
		answers, attention := []contract.Answer{}, each(x.Attention, reasonJSON)
		for _, a := range x.Mentors {
			answers = append(answers, answerJSON(x.ID, a, x.Names))
		}
		j.Answers, j.Attention = &answers, &attention
	}
	return j
}

func answerJSON(session supervision.SessionID, a supervision.Attendance, names map[supervision.PersonID]string) contract.Answer {
	return contract.Answer{
		Etag: tagOf(a.Version, supervision.ViewOwner), SessionID: contract.ID(session), Person: personRef(a.Person, names), Answer: contract.AnswerValue(a.Answer),
		Revision: a.Revision, ShortNoticeOk: a.ShortNoticeOK, AnsweredAt: NullIf(a.AnsweredAt),
	}
}

// startPosition is where a page of a list by start ended.
type startPosition struct {
	Start time.Time        `json:"start"`
	ID    supervision.UUID `json:"id"`
}

// ListSessions answers GET /v1/sessions.
func (h *Handlers) ListSessions(ctx context.Context, r contract.ListSessionsRequestObject) (contract.ListSessionsResponseObject, error) {
	p := store.Page{Size: int(or(r.Params.PageSize, 50)), Down: or(r.Params.Order, "start") == "-start"}
	var at startPosition
	if _, err := h.Cursors.Open(ctx, &at); err != nil {
		return nil, err
	}
	p.Start, p.After = at.Start, at.ID
	rows, more, err := h.Booking.ListSessions(ctx, actorOf(ctx), store.SessionFilter{
		From: or(r.Params.From, time.Time{}), To: or(r.Params.To, time.Time{}), Cycle: supervision.CycleID(or(r.Params.CycleID, contract.ID{})),
		Group: supervision.GroupID(or(r.Params.GroupID, contract.ID{})), State: words[supervision.SessionState](items(r.Params.State)),
		Attention: or(r.Params.NeedsAttention, false), Mine: or(r.Params.Mine, false),
	}, p)
	if err != nil {
		return nil, err
	}
	out := contract.ListSessions200JSONResponse{NextCursor: Null[string](nil), Items: []contract.Session{}}
	for _, s := range rows {
		out.Items = append(out.Items, sessionJSON(ctx, s))
	}
	if more && len(rows) > 0 {
		last := rows[len(rows)-1].Object
		cursor, err := h.Cursors.Seal(ctx, startPosition{last.Start, last.ID.Any()})
		if err != nil {
			return nil, err
		}
		out.NextCursor = Null(&cursor)
	}
	return out, nil
}

// GetSession answers GET /v1/sessions/{id}.
func (h *Handlers) GetSession(ctx context.Context, r contract.GetSessionRequestObject) (contract.GetSessionResponseObject, error) {
	id, err := PathID[supervision.SessionID](r.ID)
	if err != nil {
		return nil, err
	}
	s, err := h.Booking.GetSession(ctx, actorOf(ctx), id)
	if err != nil {
		return nil, err
	}
	j := sessionJSON(ctx, s)
	return contract.GetSession200JSONResponse{Body: j, Headers: contract.GetSession200ResponseHeaders{ETag: j.Etag}}, nil
}

// PutAnswer answers PUT /v1/sessions/{id}/answers/{person_id}.
func (h *Handlers) PutAnswer(ctx context.Context, r contract.PutAnswerRequestObject) (contract.PutAnswerResponseObject, error) {
	id, err := PathID[supervision.SessionID](r.ID)
	if err != nil {
		return nil, err
	}
	person, err := PathID[supervision.PersonID](r.PersonID)
	if err != nil {
		return nil, err
	}
	b := r.Body
	out, err := h.Booking.PutAnswer(ctx, callOf(ctx), id, person, supervision.Attendance{
		Answer: supervision.Answer(b.Answer), Revision: b.Revision, ShortNoticeOK: or(b.ShortNoticeOk, false),
	})
	if err != nil {
		return nil, err
	}
	a := out.Value.Object
	j := answerJSON(a.Session, a.Attendance, map[supervision.PersonID]string{a.Person: a.Name})
	return contract.PutAnswer200JSONResponse{Body: j, Headers: contract.PutAnswer200ResponseHeaders{ETag: j.Etag}}, nil
}
