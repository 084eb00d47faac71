package planning

import (
	"context"
	"slices"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// SetCycleState takes a cycle to its next state. It is designed once its checklist is complete, cancelled with all that lies
// ahead of it, and closed when nothing does.
func (s *Service) SetCycleState(ctx context.Context, c service.Call, id supervision.CycleID, to supervision.CycleState) (service.Outcome[seenCycle], error) {
	return service.Act(ctx, s.House, c, service.Step[seenCycle]{
		May: func(tx *store.Tx) (service.Target, error) { return on(tx, store.Cycles, "setCycleState", id.Any()) },
		Act: func(tx *store.Tx) (seenCycle, error) {
			ahead, err := s.ahead(tx, id, to)
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
					Step:   &supervision.Step{From: string(cycle.State), To: string(to), Allowed: texts(cycle.State.Next())}}
			}
			switch to {
			case supervision.CycleDesigned:
				err = designable(tx, cycle, seen.Object.Rounds)
			case supervision.CycleClosed:
				err = nothingAhead(tx, id)
			case supervision.CycleCancelled:
				err = s.cancel(tx, ahead)
			}
			if err != nil {
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

// ahead locks, for a cycle that is to be cancelled, the people of its sessions and then the sessions, before the cycle itself
// is locked, and returns those that have not begun.
func (s *Service) ahead(tx *store.Tx, id supervision.CycleID, to supervision.CycleState) (ahead []supervision.Session, err error) {
	if to != supervision.CycleCancelled {
		return nil, nil
	}
	look, err := tx.SessionsIn(id)
	if err != nil {
		return nil, err
	}
	var people []supervision.PersonID
	var ids []supervision.SessionID
	for _, x := range look {
		people, ids = append(people, x.People()...), append(ids, x.ID)
	}
	slices.SortFunc(people, supervision.PersonID.Compare)
	if err := tx.LockPeople(slices.Compact(people)); err != nil {
		return nil, err
	}
	sessions, err := tx.LockSessions(ids)
	for _, x := range sessions {
		if (x.State.Occupies() || x.State == supervision.Proposed) && !x.Started(tx.Now()) {
			ahead = append(ahead, x)
		}
	}
	return ahead, err
}

// cancel takes sessions out of everybody's time and calendar.
func (s *Service) cancel(tx *store.Tx, ahead []supervision.Session) error {
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
	return s.Outside(tx, now, ahead)
}
