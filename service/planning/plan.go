package planning

import (
	"context"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

type seenPlan = service.Seen[PlanSeen]

// PlanSeen is a plan with what can be told of it now.
type PlanSeen struct {
	supervision.Plan
	Sessions int
	Outdated bool                            // the cycle itself moved on since it was computed; calendars and people are judged at the publication
	Names    map[supervision.PersonID]string // of those who could not be placed
}

// ListPlans is a page of the plans that the actor may see, and whether there are more.
func (s *Service) ListPlans(ctx context.Context, actor supervision.Actor, f store.PlanFilter, p store.Page) (list []seenPlan, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		rows, err := tx.ListPlans(f, p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		plain, err := service.SeenAll(tx, store.Plans, "listPlans", rows, func(x supervision.Plan) supervision.UUID { return x.ID.Any() })
		if err != nil {
			return err
		}
		ids := make([]supervision.PlanID, len(plain))
		for i, x := range plain {
			ids[i] = x.Object.ID
		}
		about, err := tx.PlansNow(ids)
		if err != nil {
			return err
		}
		list = make([]seenPlan, len(plain))
		for i, x := range plain {
			list[i] = seenPlan{Object: planSeen(x.Object, about[x.Object.ID]), View: x.View}
		}
		return name(tx, list)
	})
	return list, more, err
}

// name adds the names of those whom plans could not place.
func name(tx *store.Tx, list []seenPlan) error {
	var people []supervision.PersonID
	for _, p := range list {
		for _, u := range p.Object.Unassigned {
			people = append(people, u.Mentor)
		}
	}
	names, err := tx.Names(people)
	for i := range list {
		list[i].Object.Names = names
	}
	return err
}

func planSeen(p supervision.Plan, now store.PlanNow) PlanSeen {
	return PlanSeen{Plan: p, Sessions: now.Sessions, Outdated: p.State == supervision.PlanDraft && p.Basis != now.Cycle}
}

// GetPlan returns one plan.
func (s *Service) GetPlan(ctx context.Context, actor supervision.Actor, id supervision.PlanID) (seen seenPlan, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		seen, err = s.plan(tx, id)
		return err
	})
	return seen, err
}

func (s *Service) plan(tx *store.Tx, id supervision.PlanID) (seen seenPlan, err error) {
	if seen.View, err = tx.See(store.Plans, "getPlan", id.Any()); err != nil {
		return seen, err
	}
	p, err := tx.Plan(id)
	if err != nil {
		return seen, err
	}
	about, err := tx.PlansNow([]supervision.PlanID{id})
	if err != nil {
		return seen, err
	}
	list := []seenPlan{{Object: planSeen(p, about[id]), View: seen.View}}
	err = name(tx, list)
	return list[0], err
}

// PlanSessionSeen is a session of a plan with the names of its people.
type PlanSessionSeen struct {
	supervision.PlanSession
	Kind     supervision.RoundKind
	TimeZone string
	Names    map[supervision.PersonID]string
}

// ListPlanSessions is a page of the sessions of a plan: all of them for the manager, their own for a supervisor.
func (s *Service) ListPlanSessions(ctx context.Context, actor supervision.Actor, id supervision.PlanID, p store.Page) (list []PlanSessionSeen, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		plan, err := s.plan(tx, id)
		if err != nil {
			return err
		}
		rows, err := tx.ListPlanSessions(id, p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		list, err = s.planSessions(tx, plan.Object.Cycle, rows)
		return err
	})
	return list, more, err
}

func (s *Service) planSessions(tx *store.Tx, cycle supervision.CycleID, rows []supervision.PlanSession) ([]PlanSessionSeen, error) {
	c, err := tx.Cycle(cycle)
	if err != nil {
		return nil, err
	}
	rounds, err := tx.Rounds(cycle)
	if err != nil {
		return nil, err
	}
	kind := map[supervision.RoundID]supervision.RoundKind{}
	for _, r := range rounds {
		kind[r.ID] = r.Kind
	}
	var people []supervision.PersonID
	for _, r := range rows {
		people = append(append(people, r.Supervisor), r.Mentors...)
	}
	names, err := tx.Names(people)
	if err != nil {
		return nil, err
	}
	list := make([]PlanSessionSeen, len(rows))
	for i, r := range rows {
		list[i] = PlanSessionSeen{PlanSession: r, Kind: kind[r.Round], TimeZone: c.TimeZone, Names: names}
	}
	return list, nil
}

// Pin is what is pinned of a plan session, with the plan's version: pins share its tag.
type Pin struct {
	Plan    supervision.PlanID
	Session supervision.PlanSessionID
	Pinned  supervision.Pinned
	Version int
}

// PutPin pins parts of a plan session, so that a run with this plan as its base keeps them (H34).
func (s *Service) PutPin(ctx context.Context, c service.Call, plan supervision.PlanID, session supervision.PlanSessionID, pinned supervision.Pinned) (service.Outcome[service.Seen[Pin]], error) {
	return service.Act(ctx, s.House, c, service.Step[service.Seen[Pin]]{
		May: func(tx *store.Tx) (service.Target, error) { return s.onPlanSession(tx, c.Operation, plan, session) },
		Act: func(tx *store.Tx) (seen service.Seen[Pin], err error) {
			p, x, err := s.planSession(tx, plan, session)
			if err != nil {
				return seen, err
			}
			seen = service.Seen[Pin]{Object: Pin{plan, session, x.Pinned, p.Object.Version}, View: p.View}
			if x.Pinned == pinned {
				return seen, nil // the step is already taken
			}
			if err := c.Tagged(p.Object.Version, p.View); err != nil {
				return seen, err
			}
			if err := changeable(p.Object.Plan); err != nil {
				return seen, err
			}
			x.Pinned = pinned
			if err := tx.PutPlanSession(x); err != nil {
				return seen, err
			}
			changed := p.Object.Plan
			err = tx.PutPlan(&changed)
			return service.Seen[Pin]{Object: Pin{plan, session, pinned, changed.Version}, View: p.View}, err
		},
	})
}

// onPlanSession asks the policy about an action on a session of a plan; a supervisor acts on their own only.
func (s *Service) onPlanSession(tx *store.Tx, a supervision.Action, plan supervision.PlanID, session supervision.PlanSessionID) (service.Target, error) {
	target := service.Target{Noun: store.Plans, ID: plan.Any()}
	if _, err := tx.May(store.Plans, a, plan.Any()); err != nil {
		return target, err
	}
	_, err := tx.May(store.PlanSessions, a, session.Any())
	return target, err
}

func (s *Service) planSession(tx *store.Tx, plan supervision.PlanID, session supervision.PlanSessionID) (seen seenPlan, x supervision.PlanSession, err error) {
	if seen, err = s.plan(tx, plan); err != nil {
		return seen, x, err
	}
	all, err := tx.PlanSessions(plan)
	for _, y := range all {
		if y.ID == session {
			return seen, y, nil
		}
	}
	if err == nil {
		err = supervision.Absent()
	}
	return seen, x, err
}

// changeable refuses changes of plans that are not drafts.
func changeable(p supervision.Plan) error {
	if p.State == supervision.PlanDraft {
		return nil
	}
	return supervision.Fault(supervision.Conflict, "plan-outdated", "The plan is %s and stays as it is. Run the planner again with it as base, or move the booked sessions.", p.State)
}
