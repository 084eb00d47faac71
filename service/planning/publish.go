package planning

import (
	"context"
	"errors"

	"kreds/instance"
	"kreds/scheduling/check"
	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// errMoved: cycle or plan have another version than the one that was judged.
var errMoved = errors.New("planning: the cycle moved on while it was judged")

// Publish makes a plan the cycle's: its sessions are booked, moved or cancelled, all or none. The plan is judged again,
// on today's facts, outside of the transaction that writes; that one compares versions and asks, under the locks, the rules
// that another booking could have broken meanwhile. What changed in between otherwise is found by recheck.
func (s *Service) Publish(ctx context.Context, c service.Call, id supervision.PlanID) (out service.Outcome[seenPlan], err error) {
	const most = 3
	for try := 1; ; try++ {
		judged, err := s.judgePublication(ctx, c.Actor, id)
		if err != nil {
			return out, err
		}
		out, err = service.Act(ctx, s.House, c, service.Step[seenPlan]{
			May: func(tx *store.Tx) (service.Target, error) { return on(tx, store.Plans, "publishPlan", id.Any()) },
			Act: func(tx *store.Tx) (seenPlan, error) { return s.publish(tx, c, id, judged) },
		})
		if errors.Is(err, errMoved) && try < most {
			continue
		}
		if errors.Is(err, errMoved) {
			err = supervision.Fault(supervision.Conflict, "conflict", "The cycle keeps changing. Send the request again.")
		}
		return out, err
	}
}

// judged is what a publication was judged on, and by what it is refused.
type judged struct {
	plan    int // versions
	cycle   int
	refusal error
}

// judgePublication builds the problem anew and asks the law about the plan. A refusal is kept for later: the answer to a
// repeat, or to a step that is taken, comes first.
func (s *Service) judgePublication(ctx context.Context, actor supervision.Actor, id supervision.PlanID) (j judged, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		if _, err := tx.May(store.Plans, "publishPlan", id.Any()); err != nil {
			return err
		}
		plan, err := tx.Plan(id)
		if err != nil {
			return err
		}
		cycle, err := tx.Cycle(plan.Cycle)
		if err != nil {
			return err
		}
		j.plan, j.cycle = plan.Version, cycle.Version
		if plan.State != supervision.PlanDraft {
			return nil
		}
		sessions, err := tx.PlanSessions(id)
		if err != nil {
			return err
		}
		facts, err := tx.CycleFacts(plan.Cycle)
		if err != nil {
			return err
		}
		built, err := instance.Build(facts)
		if err != nil {
			j.refusal = outdated(err.Error())
			return nil
		}
		candidate := built.Plan(sessions, plan.Unassigned)
		report := check.Check(built.Problem, &candidate)
		if !report.Lawful() {
			j.refusal = outdated("")
			j.refusal.(*supervision.Error).Reasons = instance.Reasons(report.Violations, built.Map, actor.Person)
		}
		return nil
	})
	return j, err
}

func outdated(why string) error {
	if why == "" {
		why = "The plan no longer keeps every rule: the cycle or somebody's calendar has changed since it was computed."
	}
	return supervision.Fault(supervision.Conflict, "plan-outdated", "%s Run the planner again with this plan as base.", why)
}

// publish writes a publication.
func (s *Service) publish(tx *store.Tx, c service.Call, id supervision.PlanID, j judged) (seenPlan, error) {
	seen, err := s.plan(tx, id)
	if err != nil {
		return seen, err
	}
	plan := seen.Object.Plan
	switch plan.State {
	case supervision.PlanPublished:
		return seen, nil // the step is already taken
	case supervision.PlanSuperseded:
		return seen, outdated("Another plan was published after this one.")
	}
	if err := c.Tagged(plan.Version, seen.View); err != nil {
		return seen, err
	}
	if plan.Version != j.plan {
		return seen, errMoved
	}
	if j.refusal != nil {
		return seen, j.refusal
	}
	do, err := s.decide(tx, plan, j)
	if err != nil {
		return seen, err
	}
	if err := s.apply(tx, &plan, do); err != nil {
		return seen, err
	}
	seen.Object.Plan, seen.Object.Outdated = plan, false
	return seen, nil
}
