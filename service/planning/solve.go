package planning

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"time"

	"kreds/instance"
	"kreds/scheduling"
	"kreds/scheduling/check"
	"kreds/scheduling/solve"
	"kreds/service"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// progressEvery is how often a run writes how far it is, and looks whether it shall stop.
const progressEvery = time.Second

// Solve runs a run of the planner: facts and instance in one transaction, the search outside of any, the plan in another.
// Should the worker die, the run starts again elsewhere from the instance that was kept, and comes to the same plan.
func (s *Service) Solve(ctx context.Context, t task.Solve) error {
	actor := service.Task(t.Tenant)
	job, err := s.begin(ctx, actor, t.Run)
	if err != nil || job == nil {
		return err
	}
	result, err := s.search(ctx, actor, job)
	if ctx.Err() != nil {
		return ctx.Err() // the worker stops: the sweep rings for another
	}
	if err != nil {
		return s.fail(ctx, actor, t.Run, err)
	}
	return s.finish(ctx, actor, job, result)
}

// runJob is one run at work.
type runJob struct {
	run   supervision.Run
	built instance.Built
	basis int
}

// begin reads the facts of a queued run and keeps its instance; of one that a dead worker left behind it opens the one that
// was kept. It returns nil when there is nothing to do any more.
func (s *Service) begin(ctx context.Context, actor supervision.Actor, id supervision.RunID) (*runJob, error) {
	var job *runJob
	var invalid error
	err := s.Store.Update(ctx, actor, func(tx *store.Tx) error {
		job, invalid = nil, nil
		r, err := tx.Run(id)
		if err != nil {
			return err
		}
		if !r.State.Active() {
			return tx.FinishJob()
		}
		j := &runJob{run: r}
		sealed, mapping, basis, err := tx.Instance(id)
		switch {
		case err == nil:
			j.basis = basis
			if err := s.reopen(tx, j, sealed, mapping); err != nil {
				return err
			}
		case supervision.KindOf(err) != supervision.NotFound:
			return err
		default:
			if invalid = s.instantiate(tx, j); supervision.KindOf(invalid) == supervision.Internal && invalid != nil {
				return invalid
			}
		}
		if j.run.State == supervision.RunQueued && invalid == nil {
			j.run.State, j.run.StartedAt = supervision.RunRunning, tx.Now()
			if err := tx.PutRun(&j.run); err != nil {
				return err
			}
		}
		job = j
		return tx.PutProgress(supervision.Progress{Run: id, Planned: budget(j.run), At: tx.Now()})
	})
	if err == nil && invalid != nil {
		return nil, s.fail(ctx, actor, id, invalid)
	}
	return job, err
}

// instantiate builds the problem of a run from today's facts and keeps it.
func (s *Service) instantiate(tx *store.Tx, j *runJob) error {
	facts, err := tx.CycleFacts(j.run.Cycle)
	if err != nil {
		return err
	}
	j.basis = facts.Cycle.Version
	facts.Weights = j.run.Weights
	if !j.run.Base.IsZero() {
		base, err := tx.PlanSessions(j.run.Base)
		if err != nil {
			return err
		}
		for _, p := range base {
			if p.Pinned.Any() {
				facts.Pins = append(facts.Pins, p)
			}
		}
		if j.run.Purpose == "replan" {
			facts.Reference = base
		}
	}
	if j.built, err = instance.Build(facts); err != nil {
		return &supervision.Error{Kind: supervision.Invalid, Code: "invalid", Detail: err.Error()}
	}
	j.built.Problem.Seed = j.run.Seed
	var text bytes.Buffer
	if err := scheduling.Encode(&text, j.built.Problem); err != nil {
		return &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: err}
	}
	mapping, err := json.Marshal(j.built.Map)
	if err != nil {
		return &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: err}
	}
	key, err := s.DataKey(tx, store.TenantKey, tx.Tenant().Any())
	if err != nil {
		return err
	}
	return tx.PutInstance(j.run.ID, key.Seal(instancePlace(tx, j.run.ID), text.Bytes()), mapping, j.basis)
}

func (s *Service) reopen(tx *store.Tx, j *runJob, sealed, mapping []byte) error {
	text, err := s.Open(tx, instancePlace(tx, j.run.ID), sealed)
	if err != nil {
		return err
	}
	problem, err := scheduling.Decode(bytes.NewReader(text))
	if err != nil {
		return &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: err}
	}
	j.built = instance.Built{Problem: problem, Map: &instance.Mapping{}}
	if err := json.Unmarshal(mapping, j.built.Map); err != nil {
		return &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: err}
	}
	return nil
}

var errStop = errors.New("planning: a caller stopped the run")

// search runs the planner, outside of any transaction. Progress is a row; so is a caller's wish to stop.
func (s *Service) search(ctx context.Context, actor supervision.Actor, j *runJob) (solve.Result, error) {
	inner, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	if j.run.Deadline > 0 {
		var cancel context.CancelFunc
		inner, cancel = context.WithTimeout(inner, time.Duration(j.run.Deadline)*time.Second)
		defer cancel()
	}
	last := s.Now()
	result, err := solve.Solve(inner, j.built.Problem, solve.Options{
		Seed: j.run.Seed, Iterations: j.run.Iterations, Chains: j.run.Chains,
		Progress: func(p solve.Progress) {
			if now := s.Now(); now.Sub(last) >= progressEvery {
				last = now
				if s.note(ctx, actor, j, p) {
					stop(errStop)
				}
			}
		},
	})
	if err != nil {
		return result, &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: err}
	}
	return result, nil
}

// note writes how far a run is and says whether a caller wants it to stop. What cannot be written now is written next time.
func (s *Service) note(ctx context.Context, actor supervision.Actor, j *runJob, p solve.Progress) (stop bool) {
	err := s.Store.Update(ctx, actor, func(tx *store.Tx) error {
		r, err := tx.Run(j.run.ID)
		if err != nil {
			return err
		}
		stop = stopped(r) || !r.State.Active()
		return tx.PutProgress(supervision.Progress{Run: j.run.ID, Iterations: p.Iterations, Planned: budget(j.run), Score: scoreOf(p.Score), At: tx.Now()})
	})
	if err != nil {
		s.Log.WarnContext(ctx, "progress of a run was not written", "run", j.run.ID, "err", err)
	}
	return stop
}

func scoreOf(x scheduling.Score) *supervision.Score {
	return &supervision.Score{Hard: x.Hard, Medium: x.Medium, Soft: x.Soft}
}

// finish keeps the plan that a run has found and ends the run.
func (s *Service) finish(ctx context.Context, actor supervision.Actor, j *runJob, result solve.Result) error {
	report := check.Check(j.built.Problem, &result.Plan)
	sessions := j.built.Sessions(&result.Plan, func() supervision.PlanSessionID { return service.New[supervision.PlanSessionID](s.House) })
	countUnknown(j.built, sessions)
	return s.Store.Update(ctx, actor, func(tx *store.Tx) error {
		r, err := tx.Run(j.run.ID)
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

// countUnknown counts, for each session, the people whose calendar is unknown or stale at its time.
func countUnknown(b instance.Built, sessions []supervision.PlanSession) {
	busy := map[string][]scheduling.BusySpan{}
	for _, m := range b.Problem.Mentors {
		busy[m.ID] = m.Busy
	}
	for _, v := range b.Problem.Supervisors {
		busy[v.ID] = v.Busy
	}
	for i := range sessions {
		x := &sessions[i]
		from, _ := b.Map.Slot(x.Start)
		to, exact := b.Map.Slot(x.End)
		if !exact {
			to++
		}
		at := scheduling.Span{From: from, To: to}
		x.Unknown = 0
		for _, p := range append([]supervision.PersonID{x.Supervisor}, x.Mentors...) {
			name, _ := b.Map.Name(p)
			for _, t := range busy[name] {
				if (t.Kind == scheduling.Unknown || t.Kind == scheduling.Stale) && t.Overlaps(at) {
					x.Unknown++
					break
				}
			}
		}
	}
}

// fail ends a run that cannot be run, and says why.
func (s *Service) fail(ctx context.Context, actor supervision.Actor, id supervision.RunID, cause error) error {
	s.Log.ErrorContext(ctx, "a run of the planner failed", "run", id, "err", cause)
	return s.Store.Update(ctx, actor, func(tx *store.Tx) error {
		r, err := tx.Run(id)
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

// Sweep rings again for the runs that a dead worker left behind, and lets those leave whose day of withdrawal has come.
func (s *Service) Sweep(ctx context.Context, tenant supervision.TenantID) error {
	return s.Store.Update(ctx, service.Task(tenant), func(tx *store.Tx) error {
		if err := s.withdraw(tx); err != nil {
			return err
		}
		stalled, err := tx.StalledRuns(tx.Now().Add(-time.Minute))
		if err != nil {
			return err
		}
		for _, r := range stalled {
			if err := tx.Enqueue(task.Solve{Tenant: tenant, Run: r}); err != nil {
				return err
			}
		}
		return nil
	})
}
