package planning

import (
	"context"
	"errors"

	"kreds/scheduling"
	"kreds/scheduling/check"
	"kreds/scheduling/solve"
	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// finish keeps the plan that a run has found and ends the run. A caller may cancel it at the same moment: whoever locks the run
// first decides, and the other one sees it.
func (s *Service) finish(ctx context.Context, actor supervision.Actor, j *runJob, result solve.Result) error {
	report := check.Check(j.built.Problem, &result.Plan)
	sessions := j.built.Sessions(&result.Plan, func() supervision.PlanSessionID { return service.New[supervision.PlanSessionID](s.House) })
	return s.Store.Update(ctx, actor, func(tx *store.Tx) error {
		r, err := tx.LockRun(j.run.ID)
		if err != nil {
			return err
		}
		if !r.State.Active() {
			return tx.FinishJob() // somebody else finished it meanwhile
		}
		r.Done, r.EndedBy, r.FinishedAt, r.Score = result.Iterations, string(result.EndedBy), tx.Now(), scoreOf(report.Score)
		switch {
		case r.Stop != supervision.StopNone:
			r.State = supervision.RunStopped
		case result.EndedBy == solve.Caller:
			r.State, r.EndedBy = supervision.RunStopped, "deadline"
		case report.Score.Medium > 0 || report.Score.Hard > 0:
			r.State = supervision.RunInfeasible
		default:
			r.State = supervision.RunSucceeded
		}
		if r.Stop == supervision.StopClear {
			r.Score = nil
		} else {
			plan := s.planOf(j, &result, report, sessions)
			plan.MadeAt = tx.Now()
			if err := tx.PutPlan(&plan); err != nil {
				return err
			}
			for i := range sessions {
				sessions[i].Plan = plan.ID
			}
			if err := tx.PutPlanSessions(sessions); err != nil {
				return err
			}
			r.Plans = []supervision.PlanID{plan.ID}
		}
		if err := tx.PutRun(&r); err != nil {
			return err
		}
		total := 0
		for _, n := range result.Iterations {
			total += n
		}
		if err := tx.PutProgress(supervision.Progress{Run: r.ID, Iterations: total, Planned: budget(r), Score: r.Score, At: tx.Now()}); err != nil {
			return err
		}
		return tx.FinishJob()
	})
}

func (s *Service) planOf(j *runJob, result *solve.Result, report check.Report, sessions []supervision.PlanSession) supervision.Plan {
	plan := supervision.Plan{ID: service.New[supervision.PlanID](s.House), Cycle: j.run.Cycle, Run: j.run.ID, State: supervision.PlanDraft,
		Score: *scoreOf(report.Score), Terms: termsOf(j.built.Problem, report), Basis: j.basis}
	for _, x := range sessions {
		if x.Unknown > 0 {
			plan.Unknown++
		}
	}
	removed := map[[2]string][]supervision.RuleRemoved{}
	for _, u := range result.Unplaced {
		for _, n := range u.Removed {
			removed[[2]string{u.Mentor, u.Round}] = append(removed[[2]string{u.Mentor, u.Round}], supervision.RuleRemoved{Rule: n.Rule, Options: n.Options})
		}
	}
	plan.Unassigned = j.built.Map.Unplaced(result.Plan.Unassigned, func(mentor, round string) []supervision.RuleRemoved {
		return removed[[2]string{mentor, round}]
	})
	return plan
}

// termsOf lists what each wish costs, in the order of the list of wishes.
func termsOf(p *scheduling.Problem, report check.Report) (terms []supervision.Term) {
	for _, w := range p.Profile.Wishes() {
		if v, ok := report.Terms[w.ID]; ok {
			terms = append(terms, supervision.Term{Wish: w.ID, Value: v, Weight: p.Weight(w.ID)})
		}
	}
	return terms
}

// fail ends a run that cannot be run, and says why.
func (s *Service) fail(ctx context.Context, actor supervision.Actor, id supervision.RunID, cause error) error {
	s.Log.ErrorContext(ctx, "a run of the planner failed", "run", id, "err", cause)
	return s.Store.Update(ctx, actor, func(tx *store.Tx) error {
		r, err := tx.LockRun(id)
		if err != nil {
			return err
		}
		if !r.State.Active() {
			return tx.FinishJob()
		}
		r.State, r.FinishedAt, r.FaultCode, r.FaultText = supervision.RunFailed, tx.Now(), supervision.CodeOf(cause), "The planner failed; the log says why."
		if ours := new(supervision.Error); errors.As(cause, &ours) && ours.Kind == supervision.Invalid {
			r.FaultText = ours.Detail
		}
		if err := tx.PutRun(&r); err != nil {
			return err
		}
		return tx.FinishJob()
	})
}
