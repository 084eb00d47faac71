package planning

import (
	"context"

	"kreds/internal/seal"
	"kreds/service"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

type seenRun = service.Seen[supervision.Run]

// The budget of a chain by default: so many iterations for each session that a mentor needs, whatever the machine, so that the
// same request gives the same plan. Small cycles get enough to settle, and large ones no more than some minutes' worth.
const (
	iterationsForASeat = 2_000
	leastIterations    = 100_000
	mostIterations     = 4_000_000
)

// iterationsFor is the budget of a chain for a cycle: by its active mentors, each of whom needs a session in each round.
func iterationsFor(tx *store.Tx, cycle supervision.CycleID) (int, error) {
	enrolments, err := tx.EnrolmentsIn(cycle)
	if err != nil {
		return 0, err
	}
	rounds, err := tx.Rounds(cycle)
	mentors := 0
	for _, e := range enrolments {
		if e.State == supervision.EnrolmentActive {
			mentors++
		}
	}
	return min(max(leastIterations, iterationsForASeat*mentors*len(rounds)), mostIterations), err
}

// ListRuns is a page of the runs that the actor may see, and whether there are more.
func (s *Service) ListRuns(ctx context.Context, actor supervision.Actor, f store.RunFilter, p store.Page) (list []seenRun, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		rows, err := tx.ListRuns(f, p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		list, err = service.SeenAll(tx, store.Runs, "listPlanRuns", rows, func(r supervision.Run) supervision.UUID { return r.ID.Any() })
		return err
	})
	return list, more, err
}

// GetRun returns one run.
func (s *Service) GetRun(ctx context.Context, actor supervision.Actor, id supervision.RunID) (seen seenRun, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		seen, err = s.run(tx, id)
		return err
	})
	return seen, err
}

func (s *Service) run(tx *store.Tx, id supervision.RunID) (seen seenRun, err error) {
	if seen.View, err = tx.See(store.Runs, "getPlanRun", id.Any()); err != nil {
		return seen, err
	}
	seen.Object, err = tx.Run(id)
	return seen, err
}

// Progress says how far a run is.
func (s *Service) Progress(ctx context.Context, actor supervision.Actor, id supervision.RunID) (r supervision.Run, p supervision.Progress, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		seen, err := s.run(tx, id)
		if err != nil {
			return err
		}
		r = seen.Object
		p, err = tx.Progress(id)
		if p.Planned == 0 {
			p.Planned = budget(r)
		}
		if p.At.IsZero() {
			p.At = r.MadeAt
		}
		return err
	})
	return r, p, err
}

// budget is the number of iterations of all chains.
func budget(r supervision.Run) int {
	n := 0
	for i := range r.Chains {
		n += r.Iterations[min(i, len(r.Iterations)-1)]
	}
	return n
}

// CreateRun asks for a plan of a cycle. The planner begins as soon as a worker is free.
func (s *Service) CreateRun(ctx context.Context, c service.Call, r supervision.Run) (service.Outcome[seenRun], error) {
	return service.Act(ctx, s.House, c, service.Step[seenRun]{
		May: func(tx *store.Tx) (service.Target, error) {
			_, err := tx.May(store.Cycles, "createPlanRun", r.Cycle.Any())
			return service.Target{Noun: store.Runs}, absentReference(err, "/cycle_id")
		},
		Act: func(tx *store.Tx) (seenRun, error) {
			r := r
			cycle, err := tx.LockCycle(r.Cycle)
			if err != nil {
				return seenRun{}, err
			}
			if !cycle.State.Open() {
				return seenRun{}, supervision.Fault(supervision.Conflict, "cycle-closed", "The cycle is %s; only cycles that are not over are planned.", cycle.State)
			}
			if err := s.base(tx, r); err != nil {
				return seenRun{}, err
			}
			if len(r.Iterations) == 0 {
				each, err := iterationsFor(tx, r.Cycle)
				if err != nil {
					return seenRun{}, err
				}
				r.Iterations = []int{each}
			}
			if len(r.Iterations) > 1 && len(r.Iterations) != r.Chains {
				return seenRun{}, supervision.Faulty("/iterations", "range", "There are %d numbers for %d chains; give one for all, or one for each.", len(r.Iterations), r.Chains)
			}
			r.ID, r.Version, r.State, r.MadeBy, r.MadeAt = service.New[supervision.RunID](s.House), 0, supervision.RunQueued, tx.Actor().Person, tx.Now()
			if err := tx.PutRun(&r); err != nil {
				return seenRun{}, err
			}
			if err := tx.Enqueue(task.Solve{Tenant: tx.Tenant(), Run: r.ID}); err != nil {
				return seenRun{}, err
			}
			return seenRun{Object: r, View: supervision.ViewManager}, nil
		},
		Made: func(x seenRun) supervision.UUID { return x.Object.ID.Any() },
	})
}

// base checks the plan that a run starts from.
func (s *Service) base(tx *store.Tx, r supervision.Run) error {
	if r.Base.IsZero() {
		if r.Purpose == "replan" {
			return supervision.Fault(supervision.Conflict, "base-plan-missing", "A replan needs base_plan_id, the plan that it keeps as far as it can.")
		}
		return nil
	}
	plan, err := tx.Plan(r.Base)
	if err != nil || plan.Cycle != r.Cycle {
		return absentReference(supervision.Absent(), "/base_plan_id")
	}
	return nil
}

// absentReference turns what is absent, and named by a member of the body, into a fault of that member.
func absentReference(err error, pointer string) error {
	return service.Unknown(err, pointer, "unknown-reference")
}

// CancelRun stops a run. keep says whether its best plan so far is kept.
func (s *Service) CancelRun(ctx context.Context, c service.Call, id supervision.RunID, keep bool) (service.Outcome[seenRun], error) {
	return service.Act(ctx, s.House, c, service.Step[seenRun]{
		May: func(tx *store.Tx) (service.Target, error) {
			_, err := tx.May(store.Runs, "cancelPlanRun", id.Any())
			return service.Target{Noun: store.Runs, ID: id.Any()}, err
		},
		Act: func(tx *store.Tx) (seenRun, error) {
			if _, err := tx.LockRun(id); err != nil {
				return seenRun{}, err
			}
			seen, err := s.run(tx, id)
			if err != nil {
				return seen, err
			}
			r := &seen.Object
			if !r.State.Active() || r.Stop != supervision.StopNone {
				return seen, nil // the step is already taken, or there is nothing to stop
			}
			if err := c.Tagged(r.Version, seen.View); err != nil {
				return seen, err
			}
			how := supervision.StopClear
			if keep {
				how = supervision.StopKeep
			}
			stop(tx, r, how)
			return seen, tx.PutRun(r)
		},
	})
}

// stop asks a run to end; one that has not begun has ended.
func stop(tx *store.Tx, r *supervision.Run, how supervision.Stop) {
	r.Stop = how
	if r.State == supervision.RunQueued {
		r.State, r.EndedBy, r.FinishedAt = supervision.RunStopped, "caller", tx.Now()
	}
}

// Instance returns what a run's planner was given, as a file of the published format. It holds busy time and conflict
// pairs: no role opens it, only a token with the scope plan.instance, and every reading is audited.
func (s *Service) Instance(ctx context.Context, c service.Call, id supervision.RunID) ([]byte, error) {
	out, err := service.Act(ctx, s.House, c, service.Step[[]byte]{
		May: func(tx *store.Tx) (service.Target, error) {
			_, err := tx.May(store.Runs, "getPlanRunInstance", id.Any())
			return service.Target{Noun: store.Runs, ID: id.Any()}, err
		},
		Act: func(tx *store.Tx) ([]byte, error) {
			sealed, _, _, err := tx.Instance(id)
			if err != nil {
				return nil, err // not begun: there is none yet
			}
			return s.Open(tx, instancePlace(tx, id), sealed)
		},
	})
	return out.Value, err
}

func instancePlace(tx *store.Tx, run supervision.RunID) seal.Place {
	return seal.Place{Table: "plan_instance", Column: "instance", Tenant: tx.Tenant(), Row: run}
}

// stopped says whether a caller stopped a run.
func stopped(r supervision.Run) bool {
	return r.Stop != supervision.StopNone
}
