package api

import (
	"context"

	"kreds/api/contract"
	"kreds/service/planning"
	"kreds/supervision"
)

func itemJSON(i planning.Item) contract.ChecklistStep {
	return contract.ChecklistStep{Rule: i.Rule, Ok: i.OK, Detail: i.Detail, Help: list(i.Help)}
}

// readyJSON renders how far somebody is ready. No ground rules are in force, so nobody can have accepted them.
func readyJSON(r planning.Ready) contract.ReadinessRow {
	j := contract.ReadinessRow{
		Person: contract.PersonRef{ID: contract.ID(r.Person), Name: r.Name}, Role: contract.ReadinessRowRoleMentor, Prepared: Null(&r.Prepared),
		RulesAccepted: Null[bool](nil), Calendar: contract.CalendarHealth(r.Calendar),
	}
	if r.Supervises {
		j.Role, j.Prepared = contract.ReadinessRowRoleSupervisor, Null[bool](nil)
	}
	return j
}

// GetReadiness answers GET /v1/cycles/{id}/readiness.
func (h *Handlers) GetReadiness(ctx context.Context, r contract.GetReadinessRequestObject) (contract.GetReadinessResponseObject, error) {
	id, err := PathID[supervision.CycleID](r.ID)
	if err != nil {
		return nil, err
	}
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	out, more, err := h.Planning.GetReadiness(ctx, actorOf(ctx), id, p)
	if err != nil {
		return nil, err
	}
	cursor, err := nextBy(ctx, h, out.People, more, func(r planning.Ready) position { return position{ID: r.Person.Any(), Name: r.Name} })
	return contract.GetReadiness200JSONResponse{
		CycleID: contract.ID(out.Cycle), Checklist: each(out.Checklist, itemJSON), Items: each(out.People, readyJSON), NextCursor: cursor,
	}, err
}
