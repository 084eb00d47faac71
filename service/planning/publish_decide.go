package planning

import (
	"errors"
	"maps"
	"slices"

	"kreds/instance"
	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

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
			Step: &supervision.Step{From: string(do.cycle.State), To: string(supervision.CycleRunning), Allowed: service.Texts(do.cycle.State.Next())}}
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
