package planning

import (
	"context"
	"slices"
	"strconv"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// PutRounds replaces the rounds of a cycle, in order. A round that names its id keeps it; a round that has sessions stays, with
// its kind and grouping and in its order among them, because what people have in their calendars belongs to it.
func (s *Service) PutRounds(ctx context.Context, c service.Call, id supervision.CycleID, rounds []supervision.Round) (service.Outcome[seenCycle], error) {
	return service.Act(ctx, s.House, c, service.Step[seenCycle]{
		May: func(tx *store.Tx) (service.Target, error) { return on(tx, store.Cycles, "putRounds", id.Any()) },
		Act: func(tx *store.Tx) (seenCycle, error) {
			seen, err := s.locked(tx, id)
			if err != nil {
				return seen, err
			}
			before := seen.Object.Rounds
			after, err := s.identified(before, rounds, id)
			if err != nil {
				return seen, err
			}
			if service.Same(before, after) {
				return seen, nil // the step is already taken
			}
			if err := c.Tagged(seen.Object.Version, seen.View); err != nil {
				return seen, err
			}
			if err := stillOpen(seen.Object.Cycle); err != nil {
				return seen, err
			}
			if err := s.checkRounds(tx, seen.Object.Cycle, before, after); err != nil {
				return seen, err
			}
			if err := tx.PutRounds(id, after); err != nil {
				return seen, err
			}
			seen.Object.Rounds = after
			cycle := seen.Object.Cycle
			cycle.Format = supervision.FormatOf(stepsOf(after))
			return seen, s.putCycle(tx, &seen, cycle)
		},
	})
}

// identified gives rounds their places and, where they are new, their ids. The ids that are named are the cycle's own.
func (s *Service) identified(before, rounds []supervision.Round, cycle supervision.CycleID) ([]supervision.Round, error) {
	var f supervision.Faults
	own := map[supervision.RoundID]bool{}
	for _, r := range before {
		own[r.ID] = true
	}
	after := slices.Clone(rounds)
	steps := dated(stepsOf(after))
	for i := range after {
		r := &after[i]
		r.Cycle, r.Position, r.TemplateStep = cycle, i, steps[i]
		switch {
		case r.ID.IsZero():
			r.ID = service.New[supervision.RoundID](s.House)
		case own[r.ID]:
			own[r.ID] = false // each once
		default:
			f.Add("/rounds/"+strconv.Itoa(i)+"/id", "unknown-reference", "The cycle has no such round, or it stands here already. A new round has no id.")
		}
	}
	return after, f.Err()
}

// checkRounds judges rounds: what a template's steps must keep, windows in the cycle and the programme, and what sessions hold
// fast.
func (s *Service) checkRounds(tx *store.Tx, c supervision.Cycle, before, after []supervision.Round) error {
	var f supervision.Faults
	supervision.CheckSteps(stepsOf(after), &f, "/rounds")
	c.CheckWindows(after, &f, "/rounds")
	if err := f.Err(); err != nil {
		return err
	}
	programme, err := tx.Programme(c.Programme)
	if err != nil {
		return err
	}
	var outside []string
	for i, r := range after {
		if !programme.Span.Holds(r.Window.From) {
			outside = append(outside, "/rounds/"+strconv.Itoa(i)+"/open_on")
		}
		if !programme.Span.Holds(r.Window.To) {
			outside = append(outside, "/rounds/"+strconv.Itoa(i)+"/close_on")
		}
	}
	if len(outside) > 0 {
		return outsideProgramme("The programme lasts from "+programme.Span.From.String()+service.Until(programme.Span.To)+".", outside...)
	}
	sessions, err := tx.SessionsIn(c.ID)
	if err != nil {
		return err
	}
	return held(sessions, before, after)
}

// held refuses to take away, reorder or change the nature of rounds that have sessions. Cancelled sessions hold nothing.
func held(sessions []supervision.Session, before, after []supervision.Round) error {
	has := map[supervision.RoundID]int{}
	for _, x := range sessions {
		if x.State != supervision.Cancelled {
			has[x.Round]++
		}
	}
	last := -1
	for i, r := range before {
		n := has[r.ID]
		if n == 0 {
			continue
		}
		at := slices.IndexFunc(after, func(o supervision.Round) bool { return o.ID == r.ID })
		switch {
		case at < 0:
			return supervision.Fault(supervision.Conflict, "conflict", "Round %d has %d sessions and cannot be taken away. Name its id.", i+1, n)
		case after[at].Kind != r.Kind || after[at].Grouping != r.Grouping:
			return supervision.Fault(supervision.Conflict, "conflict", "Round %d has %d sessions and stays what it is. Change its window, or add a round.", i+1, n)
		case at < last:
			return supervision.Fault(supervision.Conflict, "conflict", "Round %d has %d sessions and stays after the rounds before it.", i+1, n)
		}
		last = at
	}
	return nil
}

func stepsOf(rounds []supervision.Round) []supervision.TemplateStep {
	steps := make([]supervision.TemplateStep, len(rounds))
	for i, r := range rounds {
		steps[i] = r.TemplateStep
	}
	return steps
}
