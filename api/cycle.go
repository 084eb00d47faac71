package api

import (
	"context"
	"strconv"

	"github.com/oapi-codegen/nullable"

	"kreds/api/contract"
	"kreds/service"
	"kreds/service/planning"
	"kreds/store"
	"kreds/supervision"
)

// cycleJSON renders a cycle; its settings and its plan are for those who manage it.
func cycleJSON(s service.Seen[planning.CycleSeen]) contract.Cycle {
	c := s.Object
	j := contract.Cycle{
		ID: contract.ID(c.ID), Etag: tagOf(c.Version, s.View), ProgrammeID: contract.ID(c.Programme), TemplateID: contract.ID(c.Template), Name: c.Name,
		Format: contract.CycleFormat(c.Format), State: contract.CycleState(c.State), TimeZone: c.TimeZone, FromOn: c.Span.From, ToOn: c.Span.To, Rounds: roundsJSON(c.Rounds),
	}
	if s.View == supervision.ViewManager {
		settings := settingsJSON(c.Settings)
		j.Settings, j.PublishedPlanID = &settings, NullIf(c.Published.Any())
	}
	return j
}

func roundsJSON(rounds []supervision.Round) []contract.Round {
	n := 0
	return each(rounds, func(r supervision.Round) contract.Round {
		step := stepJSON(r.TemplateStep)
		j := contract.Round{
			ID: contract.ID(r.ID), N: Null[int](nil), Kind: step.Kind, Grouping: step.Grouping, DurationMinutes: step.DurationMinutes, DurationBySize: step.DurationBySize,
			Dates: step.Dates, Cases: step.Cases, Mode: *step.Mode, Site: NullIf(r.Site), Qualification: step.Qualification, Priority: max(1, r.Priority),
			OpenOn: r.Window.From, CloseOn: r.Window.To, TargetOn: NullIf(r.Target),
		}
		if r.Kind != supervision.KindIntroduction {
			n++
			j.N = nullable.NewNullableWithValue(n)
		}
		return j
	})
}

// roundOf reads a round at a pointer.
func roundOf(r contract.RoundSet, f *supervision.Faults, at string) supervision.Round {
	out := supervision.Round{
		ID: idOf[supervision.RoundID](r.ID), Priority: or(r.Priority, 1), Window: supervision.Days{From: r.OpenOn, To: r.CloseOn},
		TemplateStep: stepOf(contract.TemplateRound{Kind: r.Kind, Grouping: r.Grouping, DurationMinutes: r.DurationMinutes, DurationBySize: r.DurationBySize,
			Dates: r.Dates, Cases: r.Cases, Mode: r.Mode, Qualification: r.Qualification}, f, at),
	}
	patch(&out.Site, r.Site)
	patch(&out.Target, r.TargetOn)
	return out
}

// ListCycles answers GET /v1/cycles.
func (h *Handlers) ListCycles(ctx context.Context, r contract.ListCyclesRequestObject) (contract.ListCyclesResponseObject, error) {
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	p.Down = down(r.Params.Order, true)
	f := store.CycleFilter{Programme: idOf[supervision.ProgrammeID](r.Params.ProgrammeID), State: words[supervision.CycleState](items(r.Params.State))}
	rows, more, err := h.Planning.ListCycles(ctx, actorOf(ctx), f, p)
	if err != nil {
		return nil, err
	}
	cursor, err := nextBy(ctx, h, rows, more, func(s service.Seen[planning.CycleSeen]) position {
		return position{ID: s.Object.ID.Any(), On: s.Object.Span.From}
	})
	return contract.ListCycles200JSONResponse{Items: each(rows, cycleJSON), NextCursor: cursor}, err
}

// GetCycle answers GET /v1/cycles/{id}.
func (h *Handlers) GetCycle(ctx context.Context, r contract.GetCycleRequestObject) (contract.GetCycleResponseObject, error) {
	id, err := PathID[supervision.CycleID](r.ID)
	if err != nil {
		return nil, err
	}
	s, err := h.Planning.GetCycle(ctx, actorOf(ctx), id)
	if err != nil {
		return nil, err
	}
	j := cycleJSON(s)
	return contract.GetCycle200JSONResponse{Body: j, Headers: contract.GetCycle200ResponseHeaders{ETag: j.Etag}}, nil
}

// CreateCycle answers POST /v1/cycles.
func (h *Handlers) CreateCycle(ctx context.Context, r contract.CreateCycleRequestObject) (contract.CreateCycleResponseObject, error) {
	b := r.Body
	n := planning.NewCycle{Introductions: or(b.IntroductionDates, 0), Cycle: supervision.Cycle{
		Programme: supervision.ProgrammeID(b.ProgrammeID), Template: supervision.TemplateID(b.TemplateID), Name: b.Name, TimeZone: b.TimeZone,
		Span: supervision.Days{From: b.FromOn, To: b.ToOn}, Settings: supervision.Defaults(),
	}}
	if err := settingsFault(b.Settings); err != nil {
		return nil, err
	}
	changeSettings(&n.Settings, b.Settings)
	out, err := h.Planning.CreateCycle(ctx, callOf(ctx), n)
	if err != nil {
		return nil, err
	}
	j := cycleJSON(out.Value)
	return contract.CreateCycle201JSONResponse{Body: j, Headers: contract.CreateCycle201ResponseHeaders{
		ETag: j.Etag, Location: "/v1/cycles/" + j.ID.String(), IdempotencyReplayed: replayed(out.Replayed),
	}}, nil
}

// UpdateCycle answers PATCH /v1/cycles/{id}.
func (h *Handlers) UpdateCycle(ctx context.Context, r contract.UpdateCycleRequestObject) (contract.UpdateCycleResponseObject, error) {
	id, err := PathID[supervision.CycleID](r.ID)
	if err != nil {
		return nil, err
	}
	b := r.Body
	if err := settingsFault(b.Settings); err != nil {
		return nil, err
	}
	out, err := h.Planning.UpdateCycle(ctx, callOf(ctx), id, func(c *supervision.Cycle) {
		set(&c.Name, b.Name)
		set(&c.TimeZone, b.TimeZone)
		set(&c.Span.From, b.FromOn)
		set(&c.Span.To, b.ToOn)
		changeSettings(&c.Settings, b.Settings)
	})
	if err != nil {
		return nil, err
	}
	j := cycleJSON(out.Value)
	return contract.UpdateCycle200JSONResponse{Body: j, Headers: contract.UpdateCycle200ResponseHeaders{ETag: j.Etag}}, nil
}

// PutRounds answers PUT /v1/cycles/{id}/rounds.
func (h *Handlers) PutRounds(ctx context.Context, r contract.PutRoundsRequestObject) (contract.PutRoundsResponseObject, error) {
	id, err := PathID[supervision.CycleID](r.ID)
	if err != nil {
		return nil, err
	}
	var f supervision.Faults
	var rounds []supervision.Round
	for i, x := range r.Body.Rounds {
		rounds = append(rounds, roundOf(x, &f, "/rounds/"+strconv.Itoa(i)))
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	out, err := h.Planning.PutRounds(ctx, callOf(ctx), id, rounds)
	if err != nil {
		return nil, err
	}
	j := cycleJSON(out.Value)
	return contract.PutRounds200JSONResponse{Body: j, Headers: contract.PutRounds200ResponseHeaders{ETag: j.Etag}}, nil
}

// SetCycleState answers PUT /v1/cycles/{id}/state.
func (h *Handlers) SetCycleState(ctx context.Context, r contract.SetCycleStateRequestObject) (contract.SetCycleStateResponseObject, error) {
	id, err := PathID[supervision.CycleID](r.ID)
	if err != nil {
		return nil, err
	}
	c := callOf(ctx)
	c.Note = text(r.Body.Note)
	out, err := h.Planning.SetCycleState(ctx, c, id, supervision.CycleState(r.Body.State))
	if err != nil {
		return nil, err
	}
	j := cycleJSON(out.Value)
	return contract.SetCycleState200JSONResponse{Body: j, Headers: contract.SetCycleState200ResponseHeaders{ETag: j.Etag}}, nil
}
