package planning

import (
	"context"
	"errors"
	"maps"
	"slices"

	"kreds/instance"
	"kreds/scheduling"
	"kreds/scheduling/check"
	"kreds/service"
	"kreds/service/task"
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
		report := check.Judge{Standing: check.Pinned(built.Problem, &candidate)}.Check(built.Problem, &candidate)
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

// decision is what a publication does.
type decision struct {
	cycle    supervision.Cycle
	sessions []supervision.PlanSession
	former   []supervision.Session // of the cycle, as they were
	instance.Published
}

// decide locks everybody who is concerned, the cycle, and says what is to be done.
func (s *Service) decide(tx *store.Tx, plan supervision.Plan, j judged) (do decision, err error) {
	if do.sessions, err = tx.PlanSessions(plan.ID); err != nil {
		return do, err
	}
	look, err := tx.SessionsIn(plan.Cycle)
	if err != nil {
		return do, err
	}
	people := map[supervision.PersonID]bool{}
	for _, x := range do.sessions {
		people[x.Supervisor] = true
		for _, m := range x.Mentors {
			people[m] = true
		}
	}
	var ids []supervision.SessionID
	for _, x := range look {
		ids = append(ids, x.ID)
		for _, p := range x.People() {
			people[p] = true
		}
	}
	if err := tx.LockPeople(slices.SortedFunc(maps.Keys(people), supervision.PersonID.Compare)); err != nil {
		return do, err
	}
	if do.former, err = tx.LockSessions(ids); err != nil {
		return do, err
	}
	if do.cycle, err = tx.LockCycle(plan.Cycle); err != nil {
		return do, err
	}
	if do.cycle.Version != j.cycle {
		return do, errMoved
	}
	if now, err := tx.SessionsIn(plan.Cycle); err != nil || len(now) != len(look) {
		return do, errors.Join(err, store.Again())
	}
	if do.cycle.State != supervision.CycleDesigned && do.cycle.State != supervision.CycleRunning {
		return do, &supervision.Error{Kind: supervision.Conflict, Code: "invalid-transition", Detail: "A plan is published once its cycle is designed. Set the cycle's state first; its checklist says what is missing.",
			Step: &supervision.Step{From: string(do.cycle.State), To: string(supervision.CycleRunning), Allowed: texts(do.cycle.State.Next())}}
	}
	rounds, err := tx.Rounds(plan.Cycle)
	if err != nil {
		return do, err
	}
	groups, err := tx.GroupsIn(plan.Cycle)
	if err != nil {
		return do, err
	}
	placements, err := tx.PlacementsIn(plan.Cycle)
	if err != nil {
		return do, err
	}
	who, err := tx.People(slices.SortedFunc(maps.Keys(people), supervision.PersonID.Compare))
	if err != nil {
		return do, err
	}
	do.Published = instance.Publish(instance.Publication{
		Now: tx.Now(), Cycle: do.cycle, Rounds: rounds, Plan: do.sessions, Sessions: do.former, Groups: groups, Placements: placements,
		Language: func(of []supervision.PersonID) string { return shared(who, of) },
	}, instance.NewIDs{
		Session:   func() supervision.SessionID { return service.New[supervision.SessionID](s.House) },
		Group:     func() supervision.GroupID { return service.New[supervision.GroupID](s.House) },
		Placement: func() supervision.PlacementID { return service.New[supervision.PlacementID](s.House) },
	})
	return do, nil
}

func texts[T ~string](list []T) (out []string) {
	for _, x := range list {
		out = append(out, string(x))
	}
	return out
}

// shared is the first language of the first person that all others have, too.
func shared(who map[supervision.PersonID]supervision.Person, of []supervision.PersonID) string {
	if len(of) == 0 {
		return ""
	}
	for _, l := range who[of[0]].Languages {
		if !slices.ContainsFunc(of[1:], func(p supervision.PersonID) bool { return !slices.Contains(who[p].Languages, l) }) {
			return l
		}
	}
	return ""
}

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
	people := map[supervision.PersonID]bool{}
	for _, x := range claimed {
		if !x.State.Occupies() {
			continue
		}
		for _, p := range x.People() {
			people[p] = true
		}
		if x.State == supervision.OnHold && x.Answered() {
			if err := tx.Enqueue(task.Refresh{Tenant: tx.Tenant(), Session: x.ID, Revision: x.Revision}); err != nil {
				return err
			}
		}
	}
	for _, p := range slices.SortedFunc(maps.Keys(people), supervision.PersonID.Compare) {
		if err := tx.Enqueue(task.Recheck{Tenant: tx.Tenant(), Person: p}); err != nil {
			return err
		}
	}
	return nil
}
