package planning

import (
	"slices"

	"kreds/instance"
	"kreds/scheduling"
	"kreds/scheduling/check"
	"kreds/service"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// apply writes a decision: groups, sessions with their claim, placements, the plans and the cycle, and the bells.
func (s *Service) apply(tx *store.Tx, plan *supervision.Plan, do decision) error {
	for _, list := range [][]supervision.Group{do.GroupsMade, do.GroupsChanged, do.GroupsDissolved} {
		for _, g := range list {
			if err := tx.PutGroup(&g); err != nil {
				return err
			}
		}
	}
	claimed, now, err := s.claim(tx, do)
	if err != nil {
		return err
	}
	for _, list := range [][]supervision.Placement{do.PlacementsMade, do.PlacementsAgain} {
		for _, p := range list {
			if err := tx.PutPlacement(&p); err != nil {
				return err
			}
		}
	}
	for _, x := range do.sessions {
		x.Session = do.Named[x.ID]
		if err := tx.PutPlanSession(x); err != nil {
			return err
		}
	}
	if !do.cycle.Published.IsZero() {
		old, err := tx.Plan(do.cycle.Published)
		if err != nil {
			return err
		}
		old.State = supervision.PlanSuperseded
		if err := tx.PutPlan(&old); err != nil {
			return err
		}
	}
	plan.State, plan.PublishedAt = supervision.PlanPublished, tx.Now()
	plan.Put, plan.Moved, plan.Gone = len(do.Put), len(do.Move), len(do.Cancel)
	if err := tx.PutPlan(plan); err != nil {
		return err
	}
	do.cycle.Published, do.cycle.State = plan.ID, supervision.CycleRunning
	if err := tx.PutCycle(&do.cycle); err != nil {
		return err
	}
	if err := s.Outside(tx, now, do.former); err != nil {
		return err
	}
	return s.ring(tx, claimed)
}

// claim takes the time of all sessions that the publication puts, moves, holds again or cancels.
func (s *Service) claim(tx *store.Tx, do decision) (claimed []*supervision.Session, now []supervision.Session, err error) {
	for i := range do.Put {
		claimed = append(claimed, &do.Put[i])
	}
	for i := range do.Move {
		if err := tx.PutEarlierTime(do.Move[i].From, "publication"); err != nil {
			return nil, nil, err
		}
		claimed = append(claimed, &do.Move[i].To)
	}
	for i := range do.Hold {
		claimed = append(claimed, &do.Hold[i])
	}
	for i := range do.Cancel {
		claimed = append(claimed, &do.Cancel[i])
	}
	err = tx.Claim(claimed, func() error {
		var held []supervision.Session
		for _, x := range claimed {
			if x.State.Occupies() {
				held = append(held, *x)
			}
		}
		return judgeClaim(tx, do.cycle.ID, held)
	})
	for _, x := range claimed {
		now = append(now, *x)
	}
	return claimed, now, err
}

// judgeClaim asks, under the locks, the rules that another booking could have broken since the plan was judged.
func judgeClaim(tx *store.Tx, cycle supervision.CycleID, held []supervision.Session) error {
	if len(held) == 0 {
		return nil
	}
	facts, err := tx.FactsFor(cycle, held...)
	if err != nil {
		return err
	}
	one, err := instance.For(facts, held...)
	if err != nil {
		return &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: err}
	}
	report := check.Judge{Only: scheduling.ClaimRules(), At: one.At}.Check(one.Problem, &one.Plan)
	return instance.Refuse(report.Violations, one.Map, tx.Actor().Person)
}

// ring tells those who have to look: the people's sessions are checked once more on what changed in between, and sessions
// that wait for nobody are confirmed if they can be.
func (s *Service) ring(tx *store.Tx, claimed []*supervision.Session) error {
	var people []supervision.PersonID
	for _, x := range claimed {
		if !x.State.Occupies() {
			continue
		}
		people = append(people, x.People()...)
		if x.State == supervision.OnHold && x.Answered() {
			if err := tx.Enqueue(task.Refresh{Tenant: tx.Tenant(), Session: x.ID, Revision: x.Revision}); err != nil {
				return err
			}
		}
	}
	slices.SortFunc(people, supervision.PersonID.Compare)
	return service.Recheck(tx, slices.Compact(people)...)
}
