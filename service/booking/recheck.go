package booking

import (
	"context"
	"slices"
	"strings"

	"kreds/service"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// guardRules are judged at a confirmation and not by the law: what they refused stays noted until the next attempt.
var guardRules = []string{"H12", "H14", "H24", "H27"}

// Recheck asks whether the sessions of a person that lie ahead still keep the law, and flags those that do not with the
// rules that they break, and those of which somebody has moved or deleted the event. Nothing moves by itself.
func (s *Service) Recheck(ctx context.Context, t task.Recheck) error {
	var ahead []supervision.SessionID
	err := s.Store.View(ctx, service.Task(t.Tenant), func(tx *store.Tx) error {
		sessions, err := tx.SessionsOf([]supervision.PersonID{t.Person}, tx.Now())
		for _, x := range sessions {
			if x.State.Occupies() && !x.Started(tx.Now()) {
				ahead = append(ahead, x.ID)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range ahead {
		if err := s.recheck(ctx, t.Tenant, id); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) recheck(ctx context.Context, tenant supervision.TenantID, id supervision.SessionID) error {
	return s.Store.Update(ctx, service.Task(tenant), func(tx *store.Tx) error {
		x, err := s.lock(tx, id)
		if err != nil {
			return err
		}
		if !x.State.Occupies() || x.Started(tx.Now()) {
			return nil
		}
		facts, err := tx.FactsFor(x.Cycle, x)
		if err != nil {
			return err
		}
		one, err := caseOf(facts, x)
		if err != nil {
			return err
		}
		reasons := law(one)
		for _, r := range x.Attention {
			if slices.Contains(guardRules, r.Rule) && x.State == supervision.OnHold {
				reasons = append(reasons, r)
			}
		}
		outside, err := astray(tx, x)
		if err != nil {
			return err
		}
		reasons = append(reasons, outside...)
		slices.SortFunc(reasons, func(a, b supervision.Reason) int { return strings.Compare(a.Rule, b.Rule) })
		lifted := len(reasons) < len(x.Attention)
		if err := s.note(tx, x, reasons); err != nil {
			return err
		}
		if lifted && x.State == supervision.OnHold && x.Answered() {
			return tx.Enqueue(task.Refresh{Tenant: tenant, Session: id, Revision: x.Revision})
		}
		return nil
	})
}
