package planning

import (
	"context"

	"kreds/internal/seal"
	"kreds/service"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// PlacementSeen is a placement with the name of its mentor, and the objection's text where the reader may know it.
type PlacementSeen struct {
	supervision.Placement
	Name string
	Text string   // the reason of an objection
	Why  []string // facts about the mentor alone
}

type seenPlacement = service.Seen[PlacementSeen]

// ListPlacements is a page of the placements that the actor may see, and whether there are more.
func (s *Service) ListPlacements(ctx context.Context, actor supervision.Actor, f store.SeatFilter, p store.Page) (list []seenPlacement, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		rows, err := tx.ListPlacements(f, p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		plain, err := service.SeenAll(tx, store.Placements, "listPlacements", rows, func(x supervision.Placement) supervision.UUID { return x.ID.Any() })
		if err != nil {
			return err
		}
		list, err = s.placements(tx, plain)
		return err
	})
	return list, more, err
}

// GetPlacement returns one placement. The text of an objection is opened for its mentor, and for who runs the programme: then
// the audit notes who has read it.
func (s *Service) GetPlacement(ctx context.Context, c service.Call, id supervision.PlacementID) (seen seenPlacement, err error) {
	err = s.Store.View(ctx, c.Actor, func(tx *store.Tx) error {
		seen, err = s.placement(tx, id)
		return err
	})
	if err != nil || seen.View != supervision.ViewManager || len(seen.Object.Objection) == 0 {
		return seen, err
	}
	err = s.Store.Update(ctx, c.Actor, func(tx *store.Tx) error {
		if seen, err = s.placement(tx, id); err != nil || seen.View != supervision.ViewManager {
			return err
		}
		if seen.Object.Text, err = s.objection(tx, seen.Object.Placement); err != nil {
			return err
		}
		return tx.Audit(c.Operation, store.Placements, id.Any(), "done", c.Request, "")
	})
	return seen, err
}

func (s *Service) placement(tx *store.Tx, id supervision.PlacementID) (seenPlacement, error) {
	view, err := tx.See(store.Placements, "getPlacement", id.Any())
	if err != nil {
		return seenPlacement{}, err
	}
	p, err := tx.Placement(id)
	if err != nil {
		return seenPlacement{}, err
	}
	list, err := s.placements(tx, []service.Seen[supervision.Placement]{{Object: p, View: view}})
	if err != nil {
		return seenPlacement{}, err
	}
	seen := list[0]
	if view == supervision.ViewOwner {
		seen.Object.Text, err = s.objection(tx, p)
	}
	return seen, err
}

// objection opens the text of an objection; empty where there is none.
func (s *Service) objection(tx *store.Tx, p supervision.Placement) (string, error) {
	if len(p.Objection) == 0 {
		return "", nil
	}
	text, err := s.Open(tx, objectionPlace(tx, p.ID), p.Objection)
	return string(text), err
}

// placements adds names, and to one's own seat why one has it. Lists open no text.
func (s *Service) placements(tx *store.Tx, plain []service.Seen[supervision.Placement]) ([]seenPlacement, error) {
	var people []supervision.PersonID
	for _, p := range plain {
		people = append(people, p.Object.Mentor)
	}
	names, err := tx.Names(people)
	if err != nil {
		return nil, err
	}
	list := make([]seenPlacement, len(plain))
	for i, p := range plain {
		x := PlacementSeen{Placement: p.Object, Name: names[p.Object.Mentor]}
		if p.View == supervision.ViewOwner {
			if x.Why, err = s.why(tx, p.Object); err != nil {
				return nil, err
			}
		}
		list[i] = seenPlacement{Object: x, View: p.View}
	}
	return list, nil
}

func objectionPlace(tx *store.Tx, id supervision.PlacementID) seal.Place {
	return seal.Place{Table: "placement", Column: "objection", Tenant: tx.Tenant(), Row: id}
}

// why says why the mentor has this seat, in facts about the mentor alone.
func (s *Service) why(tx *store.Tx, p supervision.Placement) ([]string, error) {
	why := []string{"Your seat keeps every rule of the cycle's published criteria."}
	if p.Group.IsZero() {
		return why, nil
	}
	g, err := tx.Group(p.Group)
	if err != nil {
		return nil, err
	}
	why = append(why, "Your group has between three and five mentors.")
	if g.Language != "" {
		why = append(why, "You share the language of your group ("+g.Language+").")
	}
	return append(why, "Nobody in your group stands in your reporting line or in that of your mentees."), nil
}

// Accept accepts a placement, and with it the sessions that were published with it: those that are on hold and that the
// mentor has not answered yet. Sessions that are published or moved later ask each for themselves. No answer confirms
// anything; the last one rings for the calendars to be read again.
func (s *Service) Accept(ctx context.Context, c service.Call, id supervision.PlacementID) (service.Outcome[seenPlacement], error) {
	return service.Act(ctx, s.House, c, service.Step[seenPlacement]{
		May: func(tx *store.Tx) (service.Target, error) {
			return on(tx, store.Placements, "acceptPlacement", id.Any())
		},
		Act: func(tx *store.Tx) (seenPlacement, error) {
			look, err := tx.Placement(id)
			if err != nil {
				return seenPlacement{}, err
			}
			sessions, err := s.lockSeat(tx, look)
			if err != nil {
				return seenPlacement{}, err
			}
			seen, err := s.placement(tx, id)
			if err != nil || seen.Object.State == supervision.PlacementAccepted {
				return seen, err // the step is already taken
			}
			if err := c.Tagged(seen.Object.Version, seen.View); err != nil {
				return seen, err
			}
			if err := s.answerable(tx, seen.Object.Placement, supervision.PlacementAccepted); err != nil {
				return seen, err
			}
			seen.Object.State, seen.Object.AnsweredAt, seen.Object.Objection, seen.Object.Text = supervision.PlacementAccepted, tx.Now(), nil, ""
			if err := tx.PutPlacement(&seen.Object.Placement); err != nil {
				return seen, err
			}
			return seen, s.answer(tx, look.Mentor, sessions)
		},
	})
}

// answerable refuses an answer to a placement that is asked for no longer: the mentor has left the cycle, or it is over.
func (s *Service) answerable(tx *store.Tx, p supervision.Placement, to supervision.PlacementState) error {
	cycle, err := tx.Cycle(p.Cycle)
	if err != nil {
		return err
	}
	e := &supervision.Error{Kind: supervision.Conflict, Code: "invalid-transition", Step: &supervision.Step{From: string(p.State), To: string(to), Allowed: []string{}}}
	switch {
	case cycle.State == supervision.CycleClosed || cycle.State == supervision.CycleCancelled:
		e.Detail = "The cycle is " + string(cycle.State) + "; nothing of it is answered any more."
	case p.State == supervision.PlacementWithdrawn:
		e.Detail = "The mentor no longer takes part in the cycle."
	default:
		return nil
	}
	return e
}

// lockSeat locks a mentor, and then their planned sessions that lie ahead. Whoever books, moves or cancels a session locks its
// people first, so the list of a mentor who is locked stays as it is.
func (s *Service) lockSeat(tx *store.Tx, p supervision.Placement) ([]supervision.Session, error) {
	if err := tx.LockPeople([]supervision.PersonID{p.Mentor}); err != nil {
		return nil, err
	}
	all, err := tx.SessionsIn(p.Cycle)
	if err != nil {
		return nil, err
	}
	var of []supervision.SessionID
	for _, x := range all {
		if _, in := x.Attendance(p.Mentor); in && x.Planned && x.State == supervision.OnHold && !x.Started(tx.Now()) {
			of = append(of, x.ID)
		}
	}
	return tx.LockSessions(of)
}

// answer accepts the present revision of sessions for a mentor, and rings for those to which everybody has agreed.
func (s *Service) answer(tx *store.Tx, mentor supervision.PersonID, sessions []supervision.Session) error {
	for _, x := range sessions {
		a, _ := x.Attendance(mentor)
		if x.Kind == supervision.KindIntroduction || a.Accepts(x.Revision) {
			continue
		}
		if a.Answer == supervision.Declined && a.Revision == x.Revision {
			continue // answered for itself
		}
		a.Answer, a.Revision, a.AnsweredAt = supervision.Accepted, x.Revision, tx.Now()
		if err := tx.PutAttendance(x.ID, &a); err != nil {
			return err
		}
		for i := range x.Mentors {
			if x.Mentors[i].Person == mentor {
				x.Mentors[i] = a
			}
		}
		if x.Answered() {
			if err := tx.Enqueue(task.Refresh{Tenant: tx.Tenant(), Session: x.ID, Revision: x.Revision}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Object objects to a placement. The reason need not be given; the programme manager reads it.
func (s *Service) Object(ctx context.Context, c service.Call, id supervision.PlacementID, reason string) (service.Outcome[seenPlacement], error) {
	return service.Act(ctx, s.House, c, service.Step[seenPlacement]{
		May: func(tx *store.Tx) (service.Target, error) {
			return on(tx, store.Placements, "objectToPlacement", id.Any())
		},
		Act: func(tx *store.Tx) (seenPlacement, error) {
			look, err := tx.Placement(id)
			if err != nil {
				return seenPlacement{}, err
			}
			if err := tx.LockPeople([]supervision.PersonID{look.Mentor}); err != nil {
				return seenPlacement{}, err
			}
			seen, err := s.placement(tx, id)
			if err != nil || seen.Object.State == supervision.PlacementObjected && seen.Object.Text == reason {
				return seen, err // the step is already taken
			}
			if err := c.Tagged(seen.Object.Version, seen.View); err != nil {
				return seen, err
			}
			if err := s.answerable(tx, seen.Object.Placement, supervision.PlacementObjected); err != nil {
				return seen, err
			}
			seen.Object.State, seen.Object.AnsweredAt, seen.Object.Objection, seen.Object.Text = supervision.PlacementObjected, tx.Now(), nil, reason
			if reason != "" {
				key, err := s.DataKey(tx, store.PersonKey, look.Mentor.Any())
				if err != nil {
					return seen, err
				}
				seen.Object.Objection = key.Seal(objectionPlace(tx, id), []byte(reason))
			}
			return seen, tx.PutPlacement(&seen.Object.Placement)
		},
	})
}
