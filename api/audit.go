package api

import (
	"context"

	"kreds/api/contract"
	"kreds/service/roster"
	"kreds/store"
	"kreds/supervision"
)

func auditJSON(a roster.AuditSeen) contract.AuditEntry {
	j := contract.AuditEntry{
		ID: contract.ID(a.ID), At: a.At, Actor: Null[contract.PersonRef](nil), Via: contract.AuditEntryVia(a.Actor.Kind), Action: string(a.Action),
		ObjectKind: NullIf(a.ObjectKind), ObjectID: NullIf(a.Object), Outcome: contract.AuditEntryOutcome(a.Outcome), RequestID: NullIf(a.Request), Note: NullIf(a.Note),
	}
	if !a.Actor.Person.IsZero() {
		j.Actor = Null(&contract.PersonRef{ID: contract.ID(a.Actor.Person), Name: a.Name})
	}
	return j
}

// ListAuditEntries answers GET /v1/audit-entries.
func (h *Handlers) ListAuditEntries(ctx context.Context, r contract.ListAuditEntriesRequestObject) (contract.ListAuditEntriesResponseObject, error) {
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	p.Down = down(r.Params.Order, true)
	rows, more, err := h.Roster.ListAudit(ctx, actorOf(ctx), store.AuditFilter{
		From: or(r.Params.From, supervision.Instant{}), To: or(r.Params.To, supervision.Instant{}), Person: idOf[supervision.PersonID](r.Params.ActorID),
		Object: idOf[supervision.UUID](r.Params.ObjectID), Action: supervision.Action(text(r.Params.Action)),
	}, p)
	if err != nil {
		return nil, err
	}
	cursor, err := nextBy(ctx, h, rows, more, func(a roster.AuditSeen) position { return position{ID: a.ID.Any(), At: a.At} })
	return contract.ListAuditEntries200JSONResponse{Items: each(rows, auditJSON), NextCursor: cursor}, err
}
