package roster

import (
	"context"

	"kreds/store"
	"kreds/supervision"
)

// AuditSeen is an entry of the audit with the name of who took the step.
type AuditSeen struct {
	supervision.Audit
	Name string
}

// ListAudit is a page of the audit: all of it for those who run the house, their own steps for everybody else.
func (s *Service) ListAudit(ctx context.Context, actor supervision.Actor, f store.AuditFilter, p store.Page) (list []AuditSeen, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		rows, err := tx.ListAudit(f, p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		people := make([]supervision.PersonID, len(rows))
		for i, a := range rows {
			people[i] = a.Actor.Person
		}
		names, err := tx.Names(people)
		list = make([]AuditSeen, len(rows))
		for i, a := range rows {
			list[i] = AuditSeen{a, names[a.Actor.Person]}
		}
		return err
	})
	return list, more, err
}
