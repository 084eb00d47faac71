package api

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/oapi-codegen/nullable"

	"kreds/api/contract"
	"kreds/service"
	"kreds/supervision"
)

func modeJSON(inPerson bool) contract.Mode {
	if inPerson {
		return contract.ModeInPerson
	}
	return contract.ModeVirtual
}

func stepJSON(s supervision.TemplateStep) contract.TemplateRound {
	mode := modeJSON(s.InPerson)
	return contract.TemplateRound{
		Kind: contract.RoundKind(s.Kind), Grouping: NullIf(contract.Grouping(s.Grouping)), DurationMinutes: NullIf(s.Minutes), DurationBySize: bySizeJSON(s.BySize),
		Dates: NullIf(s.Dates), Cases: NullIf(s.Cases), Mode: &mode, Qualification: NullIf(s.Qual),
	}
}

func bySizeJSON(minutes map[int]int) nullable.Nullable[[]contract.SizedDuration] {
	if len(minutes) == 0 {
		return Null[[]contract.SizedDuration](nil)
	}
	var list []contract.SizedDuration
	for _, size := range slices.Sorted(maps.Keys(minutes)) {
		list = append(list, contract.SizedDuration{Size: size, DurationMinutes: minutes[size]})
	}
	return Null(&list)
}

// stepOf reads a step at a pointer; two lengths for one size cannot both be meant.
func stepOf(r contract.TemplateRound, f *supervision.Faults, at string) supervision.TemplateStep {
	step := supervision.TemplateStep{Kind: supervision.RoundKind(r.Kind), InPerson: or(r.Mode, contract.ModeVirtual) == contract.ModeInPerson}
	if g, ok := Changed(r.Grouping); ok {
		step.Grouping = supervision.Grouping(or(g, ""))
	}
	patch(&step.Minutes, r.DurationMinutes)
	patch(&step.Dates, r.Dates)
	patch(&step.Cases, r.Cases)
	patch(&step.Qual, r.Qualification)
	sizes, _ := Changed(r.DurationBySize)
	for _, d := range items(sizes) {
		if step.BySize == nil {
			step.BySize = map[int]int{}
		}
		if _, twice := step.BySize[d.Size]; twice {
			f.Add(at+"/duration_by_size", "duplicate-items", "Size %d stands here twice.", d.Size)
		}
		step.BySize[d.Size] = d.DurationMinutes
	}
	return step
}

func templateJSON(s service.Seen[supervision.Template]) contract.CycleTemplate {
	t := s.Object
	return contract.CycleTemplate{ID: contract.ID(t.ID), Etag: tagOf(1, s.View), Name: t.Name, Format: contract.CycleFormat(t.Format), BuiltIn: t.BuiltIn, Rounds: each(t.Steps, stepJSON)}
}

// ListCycleTemplates answers GET /v1/cycle-templates.
func (h *Handlers) ListCycleTemplates(ctx context.Context, r contract.ListCycleTemplatesRequestObject) (contract.ListCycleTemplatesResponseObject, error) {
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	rows, more, err := h.Planning.ListTemplates(ctx, actorOf(ctx), p)
	if err != nil {
		return nil, err
	}
	cursor, err := next(ctx, h, rows, more, func(s service.Seen[supervision.Template]) supervision.UUID { return s.Object.ID.Any() })
	return contract.ListCycleTemplates200JSONResponse{Items: each(rows, templateJSON), NextCursor: cursor}, err
}

// GetCycleTemplate answers GET /v1/cycle-templates/{id}.
func (h *Handlers) GetCycleTemplate(ctx context.Context, r contract.GetCycleTemplateRequestObject) (contract.GetCycleTemplateResponseObject, error) {
	id, err := PathID[supervision.TemplateID](r.ID)
	if err != nil {
		return nil, err
	}
	s, err := h.Planning.GetTemplate(ctx, actorOf(ctx), id)
	if err != nil {
		return nil, err
	}
	j := templateJSON(s)
	return contract.GetCycleTemplate200JSONResponse{Body: j, Headers: contract.GetCycleTemplate200ResponseHeaders{ETag: j.Etag}}, nil
}

// CreateCycleTemplate answers POST /v1/cycle-templates.
func (h *Handlers) CreateCycleTemplate(ctx context.Context, r contract.CreateCycleTemplateRequestObject) (contract.CreateCycleTemplateResponseObject, error) {
	var f supervision.Faults
	t := supervision.Template{Name: r.Body.Name}
	for i, round := range r.Body.Rounds {
		t.Steps = append(t.Steps, stepOf(round, &f, "/rounds/"+strconv.Itoa(i)))
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	out, err := h.Planning.CreateTemplate(ctx, callOf(ctx), t)
	if err != nil {
		return nil, err
	}
	j := templateJSON(out.Value)
	return contract.CreateCycleTemplate201JSONResponse{Body: j, Headers: contract.CreateCycleTemplate201ResponseHeaders{
		ETag: j.Etag, Location: "/v1/cycle-templates/" + j.ID.String(), IdempotencyReplayed: replayed(out.Replayed),
	}}, nil
}
