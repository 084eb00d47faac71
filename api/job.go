package api

import (
	"context"

	"kreds/api/contract"
	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

func jobJSON(s service.Seen[supervision.Job]) contract.Job {
	x := s.Object
	j := contract.Job{
		ID: contract.ID(x.ID), Etag: tagOf(x.Version, s.View), Kind: contract.JobKind(x.Kind), State: contract.JobState(x.State), Progress: Null[int](nil),
		Result: Null[contract.JobResult](nil), Errors: []contract.WorkFault{}, Retryable: x.Retryable, CreatedAt: x.MadeAt, FinishedAt: NullIf(x.FinishedAt),
	}
	if x.FaultCode != "" {
		j.Errors = append(j.Errors, contract.WorkFault{Code: x.FaultCode, Detail: x.FaultText})
	}
	if j.State == contract.JobStateSucceeded {
		done := 100
		j.Progress = Null(&done)
		if x.Kind == string(contract.JobKindSync) {
			where := "/v1/calendar-connections/" + x.Subject.String()
			j.Result = Null(&contract.JobResult{Location: Null(&where)})
		}
	}
	return j
}

// ListJobs answers GET /v1/jobs.
func (h *Handlers) ListJobs(ctx context.Context, r contract.ListJobsRequestObject) (contract.ListJobsResponseObject, error) {
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	f := store.JobFilter{Kind: string(or(r.Params.Kind, "")), State: words[string](items(r.Params.State))}
	rows, more, err := h.Roster.ListJobs(ctx, actorOf(ctx), f, p)
	if err != nil {
		return nil, err
	}
	cursor, err := next(ctx, h, rows, more, func(s service.Seen[supervision.Job]) supervision.UUID { return s.Object.ID.Any() })
	return contract.ListJobs200JSONResponse{Items: each(rows, jobJSON), NextCursor: cursor}, err
}

// GetJob answers GET /v1/jobs/{id}.
func (h *Handlers) GetJob(ctx context.Context, r contract.GetJobRequestObject) (contract.GetJobResponseObject, error) {
	id, err := PathID[supervision.JobID](r.ID)
	if err != nil {
		return nil, err
	}
	s, err := h.Roster.GetJob(ctx, actorOf(ctx), id)
	if err != nil {
		return nil, err
	}
	j := jobJSON(s)
	return contract.GetJob200JSONResponse{Body: j, Headers: contract.GetJob200ResponseHeaders{ETag: j.Etag}}, nil
}
