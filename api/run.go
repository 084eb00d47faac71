package api

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"kreds/api/contract"
	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

func scoreJSON(s *supervision.Score) *contract.Score {
	if s == nil {
		return nil
	}
	return &contract.Score{Hard: s.Hard, Medium: s.Medium, Soft: int64(s.Soft)}
}

func weightsJSON(w map[string]int) []contract.WishWeight {
	list := []contract.WishWeight{}
	for _, id := range slices.Sorted(maps.Keys(w)) {
		list = append(list, contract.WishWeight{Wish: id, Weight: w[id]})
	}
	return list
}

func (h *Handlers) runJSON(s service.Seen[supervision.Run]) contract.PlanRun {
	r := s.Object
	j := contract.PlanRun{
		ID: contract.ID(r.ID), Etag: tagOf(r.Version, s.View), CycleID: contract.ID(r.Cycle), Purpose: contract.RunPurpose(r.Purpose),
		BasePlanID: NullIf(r.Base.Any()), Seed: int64(r.Seed), Chains: r.Chains, Iterations: list(r.Iterations), DeadlineSeconds: NullIf(r.Deadline),
		Weights: weightsJSON(r.Weights), State: contract.RunState(r.State), PlanIds: []contract.ID{}, Score: Null(scoreJSON(r.Score)),
		Bound: Null[float64](nil), Gap: Null[float64](nil), IterationsDone: list(r.Done), EndedBy: NullIf(contract.PlanRunEndedBy(r.EndedBy)),
		Fault: Null[contract.WorkFault](nil), CreatedBy: Null[contract.PersonRef](nil), CreatedAt: r.MadeAt, StartedAt: NullIf(r.StartedAt), FinishedAt: NullIf(r.FinishedAt),
	}
	for _, p := range r.Plans {
		j.PlanIds = append(j.PlanIds, contract.ID(p))
	}
	if r.FaultCode != "" {
		j.Fault = Null(&contract.WorkFault{Code: r.FaultCode, Detail: r.FaultText})
	}
	return j
}

// ListPlanRuns answers GET /v1/plan-runs.
func (h *Handlers) ListPlanRuns(ctx context.Context, r contract.ListPlanRunsRequestObject) (contract.ListPlanRunsResponseObject, error) {
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	f := store.RunFilter{Cycle: supervision.CycleID(or(r.Params.CycleID, contract.ID{})), State: words[supervision.RunState](items(r.Params.State))}
	rows, more, err := h.Planning.ListRuns(ctx, actorOf(ctx), f, p)
	if err != nil {
		return nil, err
	}
	cursor, err := next(ctx, h, rows, more, func(s service.Seen[supervision.Run]) supervision.UUID { return s.Object.ID.Any() })
	return contract.ListPlanRuns200JSONResponse{Items: each(rows, h.runJSON), NextCursor: cursor}, err
}

// CreatePlanRun answers POST /v1/plan-runs.
func (h *Handlers) CreatePlanRun(ctx context.Context, r contract.CreatePlanRunRequestObject) (contract.CreatePlanRunResponseObject, error) {
	b := r.Body
	weights := map[string]int{}
	for _, w := range items(b.Weights) {
		weights[w.Wish] = w.Weight
	}
	out, err := h.Planning.CreateRun(ctx, callOf(ctx), supervision.Run{
		Cycle: supervision.CycleID(b.CycleID), Purpose: string(or(b.Purpose, contract.RunPurposePlan)), Base: supervision.PlanID(or(b.BasePlanID, supervision.UUID{})),
		Seed: uint64(or(b.Seed, 1)), Chains: or(b.Chains, 4), Iterations: items(b.Iterations), Deadline: or(b.DeadlineSeconds, 0), Weights: weights,
	})
	if err != nil {
		return nil, err
	}
	j := h.runJSON(out.Value)
	return contract.CreatePlanRun202JSONResponse{Body: j, Headers: contract.CreatePlanRun202ResponseHeaders{
		ETag: j.Etag, Location: "/v1/plan-runs/" + j.ID.String(), IdempotencyReplayed: replayed(out.Replayed),
	}}, nil
}

// GetPlanRun answers GET /v1/plan-runs/{id}.
func (h *Handlers) GetPlanRun(ctx context.Context, r contract.GetPlanRunRequestObject) (contract.GetPlanRunResponseObject, error) {
	id, err := PathID[supervision.RunID](r.ID)
	if err != nil {
		return nil, err
	}
	s, err := h.Planning.GetRun(ctx, actorOf(ctx), id)
	if err != nil {
		return nil, err
	}
	j := h.runJSON(s)
	return contract.GetPlanRun200JSONResponse{Body: j, Headers: contract.GetPlanRun200ResponseHeaders{ETag: j.Etag}}, nil
}

// GetPlanRunProgress answers GET /v1/plan-runs/{id}/progress.
func (h *Handlers) GetPlanRunProgress(ctx context.Context, r contract.GetPlanRunProgressRequestObject) (contract.GetPlanRunProgressResponseObject, error) {
	id, err := PathID[supervision.RunID](r.ID)
	if err != nil {
		return nil, err
	}
	run, p, err := h.Planning.Progress(ctx, actorOf(ctx), id)
	if err != nil {
		return nil, err
	}
	j := contract.GetPlanRunProgress200JSONResponse{
		State: contract.RunState(run.State), Iterations: int64(p.Iterations), IterationsPlanned: int64(p.Planned), Score: Null(scoreJSON(p.Score)),
		Bound: Null[float64](nil), Gap: Null[float64](nil), PlanID: Null[supervision.UUID](nil), AsOfAt: p.At,
	}
	if len(run.Plans) > 0 {
		first := run.Plans[0].Any()
		j.PlanID = Null(&first)
	}
	return j, nil
}

// CancelPlanRun answers POST /v1/plan-runs/{id}/cancellation.
func (h *Handlers) CancelPlanRun(ctx context.Context, r contract.CancelPlanRunRequestObject) (contract.CancelPlanRunResponseObject, error) {
	id, err := PathID[supervision.RunID](r.ID)
	if err != nil {
		return nil, err
	}
	out, err := h.Planning.CancelRun(ctx, callOf(ctx), id, or(r.Body.KeepBest, true))
	if err != nil {
		return nil, err
	}
	j := h.runJSON(out.Value)
	return contract.CancelPlanRun200JSONResponse{Body: j, Headers: contract.CancelPlanRun200ResponseHeaders{ETag: j.Etag, IdempotencyReplayed: replayed(out.Replayed)}}, nil
}

// GetPlanRunInstance answers GET /v1/plan-runs/{id}/instance.
func (h *Handlers) GetPlanRunInstance(ctx context.Context, r contract.GetPlanRunInstanceRequestObject) (contract.GetPlanRunInstanceResponseObject, error) {
	id, err := PathID[supervision.RunID](r.ID)
	if err != nil {
		return nil, err
	}
	text, err := h.Planning.Instance(ctx, callOf(ctx), id)
	return instanceFile(text), err
}

// instanceFile is the file as it was kept; it is not written anew.
type instanceFile json.RawMessage

// words turns the words of the contract into those of the field.
func words[T, S ~string](list []S) (out []T) {
	for _, w := range list {
		out = append(out, T(w))
	}
	return out
}
