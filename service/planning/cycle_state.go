package planning

import (
	"cmp"
	"context"
	"slices"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// SetCycleState takes a cycle to its next state. It is designed once its checklist is complete, cancelled with all that lies
// ahead of it, and closed when nothing does. From the day that it is closing nobody plans it on: a run that is under way ends
// without a plan.
func (s *Service) SetCycleState(ctx context.Context, c service.Call, id supervision.CycleID, to supervision.CycleState) (service.Outcome[seenCycle], error) {
	return service.Act(ctx, s.House, c, service.Step[seenCycle]{
		May: func(tx *store.Tx) (service.Target, error) { return on(tx, store.Cycles, "setCycleState", id.Any()) },
		Act: func(tx *store.Tx) (seenCycle, error) {
			look, err := s.ahead(tx, id, to)
			if err != nil {
				return seenCycle{}, err
			}
			seen, err := s.locked(tx, id)
			if err != nil || seen.Object.State == to {
				return seen, err // the step is already taken
			}
			cycle := seen.Object.Cycle
			if err := c.Tagged(cycle.Version, seen.View); err != nil {
				return seen, err
			}
			if !slices.Contains(cycle.State.Next(), to) {
				return seen, &supervision.Error{Kind: supervision.Conflict, Code: "invalid-transition",
					Detail: "A cycle that is " + string(cycle.State) + " does not become " + string(to) + ".",
					Step:   &supervision.Step{From: string(cycle.State), To: string(to), Allowed: service.Texts(cycle.State.Next())}}
			}
			switch to {
			case supervision.CycleDesigned:
				err = designable(tx, cycle, seen.Object.Rounds)
			case supervision.CycleClosed:
				err = nothingAhead(tx, id)
			case supervision.CycleCancelled:
				err = s.cancel(tx, id, look)
			}
			if err != nil {
				return seen, err
			}
			if err := stopRuns(tx, id, to); err != nil {
				return seen, err
			}
			cycle.State = to
			err = tx.PutCycle(&cycle)
			seen.Object.Cycle = cycle
			return seen, err
		},
	})
}

// designable refuses a cycle whose checklist is open.
func designable(tx *store.Tx, c supervision.Cycle, rounds []supervision.Round) error {
	items, err := checklist(tx, c, rounds)
	if err != nil {
		return err
	}
	e := supervision.Fault(supervision.Conflict, "checklist-open", "The cycle lacks what the reasons name.")
	for _, i := range items {
		if !i.OK {
			e.Reasons = append(e.Reasons, supervision.Reason{Rule: i.Rule, Detail: i.Detail, Help: i.Help})
		}
	}
	if len(e.Reasons) == 0 {
		return nil
	}
	return e
}

// nothingAhead refuses to close a cycle that still has sessions to come.
func nothingAhead(tx *store.Tx, id supervision.CycleID) error {
	sessions, err := tx.SessionsIn(id)
	n := 0
	for _, x := range sessions {
		if x.State.Occupies() && tx.Now().Before(x.End) {
			n++
		}
	}
	if err == nil && n > 0 {
		return supervision.Fault(supervision.Conflict, "conflict", "There are %d sessions to come. Close the cycle after the last of them.", n)
	}
	return err
}

// ahead locks, for a cycle that is to be cancelled, the people of its sessions and placements and then the sessions, before the
// cycle itself is locked.
func (s *Service) ahead(tx *store.Tx, id supervision.CycleID, to supervision.CycleState) ([]supervision.Session, error) {
	if to != supervision.CycleCancelled {
		return nil, nil
	}
	look, err := tx.SessionsIn(id)
	if err != nil {
		return nil, err
	}
	seats, err := tx.PlacementsIn(id)
	if err != nil {
		return nil, err
	}
	var people []supervision.PersonID
	var ids []supervision.SessionID
	for _, x := range look {
		people, ids = append(people, x.People()...), append(ids, x.ID)
	}
	for _, p := range seats {
		people = append(people, p.Mentor)
	}
	slices.SortFunc(people, supervision.PersonID.Compare)
	if err := tx.LockPeople(slices.Compact(people)); err != nil {
		return nil, err
	}
	return tx.LockSessions(ids)
}

// cancel takes what lies ahead out of everybody's time and calendar, and withdraws the placements. A publication that came
// between the look and the locks makes it run again.
func (s *Service) cancel(tx *store.Tx, id supervision.CycleID, locked []supervision.Session) error {
	if all, err := tx.SessionsIn(id); err != nil || len(all) != len(locked) {
		return cmp.Or(err, store.Again())
	}
	ahead := slices.DeleteFunc(locked, func(x supervision.Session) bool {
		return !x.State.Occupies() && x.State != supervision.Proposed || x.Started(tx.Now())
	})
	now, claimed := slices.Clone(ahead), make([]*supervision.Session, len(ahead))
	for i := range now {
		now[i].State, now[i].Attention = supervision.Cancelled, nil
		claimed[i] = &now[i]
	}
	if err := tx.Claim(claimed, func() error { return nil }); err != nil {
		return err
	}
	for i := range claimed {
		now[i] = *claimed[i]
	}
	if err := s.Outside(tx, now, ahead); err != nil {
		return err
	}
	return withdrawSeats(tx, id)
}

// withdrawSeats asks nobody about a seat in the cycle any more, and lets nobody keep one.
func withdrawSeats(tx *store.Tx, id supervision.CycleID) error {
	seats, err := tx.PlacementsIn(id)
	if err != nil {
		return err
	}
	for _, p := range seats {
		if p.State == supervision.PlacementWithdrawn {
			continue
		}
		p.State = supervision.PlacementWithdrawn
		if err := tx.PutPlacement(&p); err != nil {
			return err
		}
	}
	return nil
}

// stopRuns stops the run that is under way in a cycle that is planned no longer, and keeps no plan of it.
func stopRuns(tx *store.Tx, id supervision.CycleID, to supervision.CycleState) error {
	if to.Open() {
		return nil
	}
	runs, err := tx.LockActiveRuns(id)
	if err != nil {
		return err
	}
	for _, r := range runs {
		stop(tx, &r, supervision.StopClear)
		if err := tx.PutRun(&r); err != nil {
			return err
		}
	}
	return nil
}
