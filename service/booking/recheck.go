package booking

import (
	"context"
	"slices"
	"strings"
	"time"

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

// sweepEvery is how often a session that is ready and was refused is tried again by the sweep.
const sweepEvery = 15

// Sweep rings again for sessions on hold to which everybody has agreed, each at most every 15 minutes: the minute in which
// a session's turn comes follows from its id, so that nothing needs to be remembered.
func (s *Service) Sweep(ctx context.Context, tenant supervision.TenantID) error {
	return s.Store.Update(ctx, service.Task(tenant), func(tx *store.Tx) error {
		held, err := tx.HeldSessions()
		if err != nil {
			return err
		}
		minute := tx.Now().Unix() / int64(time.Minute/time.Second)
		for _, x := range held {
			if !x.Answered() || int64(x.ID[15])%sweepEvery != minute%sweepEvery {
				continue
			}
			if err := tx.Enqueue(task.Refresh{Tenant: tenant, Session: x.ID, Revision: x.Revision}); err != nil {
				return err
			}
		}
		return nil
	})
}
