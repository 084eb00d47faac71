package api

import (
	"context"
	"net/http"

	"kreds/api/contract"
	"kreds/instance"
	"kreds/scheduling"
	"kreds/service"
	"kreds/service/planning"
	"kreds/store"
	"kreds/supervision"
)

// VisitGetPlanRunInstanceResponse writes the file.
func (f instanceFile) VisitGetPlanRunInstanceResponse(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "application/json")
	_, err := w.Write(f)
	return err
}

// privateWishes rest on facts that not everybody may know; their cost is told as a band.
var privateWishes = map[string]bool{"W05": true, "W16": true, "W17": true}

// planJSON renders a plan. A supervisor sees neither score nor terms nor who could not be placed.
func planJSON(s service.Seen[planning.PlanSeen]) contract.Plan {
	p := s.Object
	j := contract.Plan{
		ID: contract.ID(p.ID), Etag: tagOf(p.Version, s.View), CycleID: contract.ID(p.Cycle), RunID: NullIf(p.Run.Any()), N: p.Number,
		State: contract.PlanState(p.State), CreatedAt: p.MadeAt, PublishedAt: NullIf(p.PublishedAt),
	}
	if s.View != supervision.ViewManager {
		return j
	}
	proven := false
	terms, unassigned, private := []contract.PlanTerm{}, []contract.Unassigned{}, 0
	for _, t := range p.Terms {
		if privateWishes[t.Wish] {
			private += t.Value * t.Weight
			continue
		}
		w, _ := scheduling.WishByID(t.Wish)
		terms = append(terms, contract.PlanTerm{Wish: t.Wish, Sentence: w.Sentence, Value: int64(t.Value), Weight: t.Weight, Cost: int64(t.Value * t.Weight)})
	}
	for _, u := range p.Unassigned {
		unassigned = append(unassigned, unassignedJSON(u, p.Names))
	}
	band := contract.PlanPrivateTerms("none")
	switch {
	case private > 1000:
		band = "high"
	case private > 100:
		band = "medium"
	case private > 0:
		band = "low"
	}
	j.Score, j.Bound, j.Gap, j.Proven = scoreJSON(&p.Score), Null[float64](nil), Null[float64](nil), &proven
	j.Terms, j.PrivateTerms, j.SessionCount, j.UnknownCount, j.Unassigned, j.Outdated = &terms, &band, &p.Sessions, &p.Unknown, &unassigned, &p.Outdated
	j.Put, j.Moved, j.Cancelled = Null[int](nil), Null[int](nil), Null[int](nil)
	if p.State != supervision.PlanDraft {
		j.Put, j.Moved, j.Cancelled = Null(&p.Put), Null(&p.Moved), Null(&p.Gone)
	}
	return j
}

// unassignedJSON says which rules took how many of the possibilities.
func unassignedJSON(u supervision.Unplaced, names map[supervision.PersonID]string) contract.Unassigned {
	rule, detail := instance.WhyUnplaced(u)
	return contract.Unassigned{Mentor: personRef(u.Mentor, names), RoundID: contract.ID(u.Round), Rule: NullIf(rule), Detail: detail}
}

func personRef(id supervision.PersonID, names map[supervision.PersonID]string) contract.PersonRef {
	return contract.PersonRef{ID: contract.ID(id), Name: names[id]}
}

func personRefs(ids []supervision.PersonID, names map[supervision.PersonID]string) []contract.PersonRef {
	return each(ids, func(id supervision.PersonID) contract.PersonRef { return personRef(id, names) })
}

// ListPlans answers GET /v1/plans.
func (h *Handlers) ListPlans(ctx context.Context, r contract.ListPlansRequestObject) (contract.ListPlansResponseObject, error) {
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	f := store.PlanFilter{Cycle: supervision.CycleID(or(r.Params.CycleID, contract.ID{})), Run: supervision.RunID(or(r.Params.RunID, contract.ID{})),
		State: words[supervision.PlanState](items(r.Params.State))}
	rows, more, err := h.Planning.ListPlans(ctx, actorOf(ctx), f, p)
	if err != nil {
		return nil, err
	}
	cursor, err := next(ctx, h, rows, more, func(s service.Seen[planning.PlanSeen]) supervision.UUID { return s.Object.ID.Any() })
	return contract.ListPlans200JSONResponse{Items: each(rows, planJSON), NextCursor: cursor}, err
}

// GetPlan answers GET /v1/plans/{id}.
func (h *Handlers) GetPlan(ctx context.Context, r contract.GetPlanRequestObject) (contract.GetPlanResponseObject, error) {
	id, err := PathID[supervision.PlanID](r.ID)
	if err != nil {
		return nil, err
	}
	s, err := h.Planning.GetPlan(ctx, actorOf(ctx), id)
	if err != nil {
		return nil, err
	}
	j := planJSON(s)
	return contract.GetPlan200JSONResponse{Body: j, Headers: contract.GetPlan200ResponseHeaders{ETag: j.Etag}}, nil
}

func pinnedJSON(p supervision.Pinned) contract.Pinned {
	return contract.Pinned{Members: p.Members, Supervisor: p.Supervisor, Start: p.Start}
}

func planSessionJSON(s planning.PlanSessionSeen) contract.PlanSession {
	return contract.PlanSession{
		ID: contract.ID(s.ID), PlanID: contract.ID(s.Plan), RoundID: contract.ID(s.Round), Kind: contract.SessionKind(s.Kind), Group: NullIf(s.Group),
		Mentors: personRefs(s.Mentors, s.Names), Supervisor: personRef(s.Supervisor, s.Names), Start: s.Start, End: s.End, TimeZone: s.TimeZone,
		Mode: contract.Mode(s.Mode), Pinned: pinnedJSON(s.Pinned), SessionID: NullIf(s.Session.Any()), UnknownCount: s.Unknown,
	}
}

// ListPlanSessions answers GET /v1/plans/{id}/sessions.
func (h *Handlers) ListPlanSessions(ctx context.Context, r contract.ListPlanSessionsRequestObject) (contract.ListPlanSessionsResponseObject, error) {
	id, err := PathID[supervision.PlanID](r.ID)
	if err != nil {
		return nil, err
	}
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	rows, more, err := h.Planning.ListPlanSessions(ctx, actorOf(ctx), id, p)
	if err != nil {
		return nil, err
	}
	cursor, err := next(ctx, h, rows, more, func(s planning.PlanSessionSeen) supervision.UUID { return s.ID.Any() })
	return contract.ListPlanSessions200JSONResponse{Items: each(rows, planSessionJSON), NextCursor: cursor}, err
}

// planPart reads the ids of a plan and of one of its sessions.
func planPart(plan, session string) (supervision.PlanID, supervision.PlanSessionID, error) {
	p, err := PathID[supervision.PlanID](plan)
	if err != nil {
		return p, supervision.PlanSessionID{}, err
	}
	s, err := PathID[supervision.PlanSessionID](session)
	return p, s, err
}

// PutPin answers PUT /v1/plans/{id}/pins/{plan_session_id}.
func (h *Handlers) PutPin(ctx context.Context, r contract.PutPinRequestObject) (contract.PutPinResponseObject, error) {
	plan, session, err := planPart(r.ID, r.PlanSessionID)
	if err != nil {
		return nil, err
	}
	b := r.Body
	out, err := h.Planning.PutPin(ctx, callOf(ctx), plan, session, supervision.Pinned{Members: or(b.Members, false), Supervisor: or(b.Supervisor, false), Start: or(b.Start, false)})
	if err != nil {
		return nil, err
	}
	p := out.Value.Object
	tag := tagOf(p.Version, out.Value.View)
	return contract.PutPin200JSONResponse{Headers: contract.PutPin200ResponseHeaders{ETag: tag},
		Body: contract.Pin{Etag: tag, PlanID: contract.ID(p.Plan), PlanSessionID: contract.ID(p.Session), Pinned: pinnedJSON(p.Pinned)}}, nil
}

// DeletePin answers DELETE /v1/plans/{id}/pins/{plan_session_id}.
func (h *Handlers) DeletePin(ctx context.Context, r contract.DeletePinRequestObject) (contract.DeletePinResponseObject, error) {
	plan, session, err := planPart(r.ID, r.PlanSessionID)
	if err != nil {
		return nil, err
	}
	out, err := h.Planning.PutPin(ctx, callOf(ctx), plan, session, supervision.Pinned{})
	if err != nil {
		return nil, err
	}
	return contract.DeletePin204Response{Headers: contract.DeletePin204ResponseHeaders{ETag: tagOf(out.Value.Object.Version, out.Value.View)}}, nil
}

func moveOf(m contract.PlanMove) planning.Move {
	move := planning.Move{Session: supervision.PlanSessionID(m.PlanSessionID), Start: or(m.Start, supervision.Instant{}), Supervisor: supervision.PersonID(or(m.SupervisorID, contract.ID{}))}
	if m.MentorIds != nil {
		move.Mentors = each(*m.MentorIds, func(id contract.ID) supervision.PersonID { return supervision.PersonID(id) })
	}
	return move
}

// MovePlanSession answers POST /v1/plans/{id}/moves.
func (h *Handlers) MovePlanSession(ctx context.Context, r contract.MovePlanSessionRequestObject) (contract.MovePlanSessionResponseObject, error) {
	id, err := PathID[supervision.PlanID](r.ID)
	if err != nil {
		return nil, err
	}
	out, err := h.Planning.MoveSession(ctx, callOf(ctx), id, moveOf(contract.PlanMove(*r.Body)))
	if err != nil {
		return nil, err
	}
	j := planJSON(out.Value)
	return contract.MovePlanSession200JSONResponse{Body: j, Headers: contract.MovePlanSession200ResponseHeaders{ETag: j.Etag, IdempotencyReplayed: replayed(out.Replayed)}}, nil
}

// CheckMoves answers POST /v1/plans/{id}/move-checks.
func (h *Handlers) CheckMoves(ctx context.Context, r contract.CheckMovesRequestObject) (contract.CheckMovesResponseObject, error) {
	id, err := PathID[supervision.PlanID](r.ID)
	if err != nil {
		return nil, err
	}
	verdicts, err := h.Planning.CheckMoves(ctx, callOf(ctx), id, each(r.Body.Moves, moveOf))
	if err != nil {
		return nil, err
	}
	return contract.CheckMoves200JSONResponse{Results: each(verdicts, verdictJSON)}, nil
}

func verdictJSON(v planning.Verdict) contract.MoveVerdict {
	j := contract.MoveVerdict{Ok: v.OK, Reasons: each(v.Reasons, reasonJSON), ScoreChange: Null[contract.ScoreChange](nil), OthersMoved: each(v.Others, func(p supervision.PersonRef) contract.PersonRef {
		return contract.PersonRef{ID: contract.ID(p.ID), Name: p.Name}
	})}
	if v.OK {
		j.ScoreChange = Null(&contract.ScoreChange{Hard: v.Change.Hard, Medium: v.Change.Medium, Soft: int64(v.Change.Soft)})
	}
	return j
}

// reasonJSON renders a rule that stands against something.
func reasonJSON(r supervision.Reason) contract.ProblemReason {
	j := contract.ProblemReason{Rule: r.Rule, Detail: r.Detail, Help: list(r.Help)}
	if r.Subject != "" {
		j.Subject = &r.Subject
	}
	return j
}

// PublishPlan answers POST /v1/plans/{id}/publication.
func (h *Handlers) PublishPlan(ctx context.Context, r contract.PublishPlanRequestObject) (contract.PublishPlanResponseObject, error) {
	id, err := PathID[supervision.PlanID](r.ID)
	if err != nil {
		return nil, err
	}
	out, err := h.Planning.Publish(ctx, callOf(ctx), id)
	if err != nil {
		return nil, err
	}
	j := planJSON(out.Value)
	return contract.PublishPlan200JSONResponse{Body: j, Headers: contract.PublishPlan200ResponseHeaders{ETag: j.Etag, IdempotencyReplayed: replayed(out.Replayed)}}, nil
}
