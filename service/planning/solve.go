package planning

import (
	"context"
	"errors"
	"time"

	"kreds/scheduling"
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
