package roster

import (
	"context"
	"slices"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

type seenMeeting = service.Seen[supervision.PairMeeting]

// ListMeetings is a page of the meetings of the actor's own pairs, of one pair or of all, and whether there are more.
func (s *Service) ListMeetings(ctx context.Context, actor supervision.Actor, pair supervision.PairID, p store.Page) (list []seenMeeting, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		rows, err := tx.ListMeetings(pair, p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		list, err = service.SeenAll(tx, store.PairMeetings, "listPairMeetings", rows, func(m supervision.PairMeeting) supervision.UUID { return m.ID.Any() })
		return err
	})
	return list, more, err
}

// CreateMeeting notes that a pair met, or will meet. Its mentors do so; nobody notes what was said.
func (s *Service) CreateMeeting(ctx context.Context, c service.Call, m supervision.PairMeeting) (service.Outcome[seenMeeting], error) {
	return service.Act(ctx, s.House, c, service.Step[seenMeeting]{
		May: func(tx *store.Tx) (service.Target, error) {
			target := service.Target{Noun: store.PairMeetings}
			if _, err := tx.May(store.Pairs, "createPairMeeting", m.Pair.Any()); err != nil {
				return target, service.Unknown(err, "/pair_id", "unknown-reference")
			}
			return target, mentors(tx, "createPairMeeting", m.Pair)
		},
		Act: func(tx *store.Tx) (seenMeeting, error) {
			m := m
			m.ID, m.Version = service.New[supervision.MeetingID](s.House), 0
			p, err := tx.Pair(m.Pair)
			if err != nil {
				return seenMeeting{}, err
			}
			if !p.Span.Holds(m.On) {
				return seenMeeting{}, supervision.Faulty("/met_on", "range", "The pair lives from %s%s.", p.Span.From, service.Until(p.Span.To))
			}
			if tx.Today().AddDays(service.LongestAhead).Before(m.On) {
				return seenMeeting{}, supervision.Faulty("/met_on", "beyond-horizon", "Meetings are noted up to two years ahead.")
			}
			if err := tx.PutMeeting(&m); err != nil {
				return seenMeeting{}, err
			}
			return seenMeeting{Object: m, View: supervision.ViewOwner}, service.Recheck(tx, p.People()...) // H13
		},
		Made: func(x seenMeeting) supervision.UUID { return x.Object.ID.Any() },
	})
}

// mentors refuses the log of a pair to its mentees, who read it and do not write it. Peers are mentors of each other.
func mentors(tx *store.Tx, a supervision.Action, id supervision.PairID) error {
	p, err := tx.Pair(id)
	if err != nil {
		return err
	}
	if p.Kind == supervision.Peer || slices.Contains(p.Mentors, tx.Actor().Person) {
		return nil
	}
	return supervision.Denied(a)
}

// DeleteMeeting removes a meeting that was noted by mistake.
func (s *Service) DeleteMeeting(ctx context.Context, c service.Call, id supervision.MeetingID) error {
	_, err := service.Act(ctx, s.House, c, service.Step[struct{}]{
		May: func(tx *store.Tx) (service.Target, error) {
			target, err := on(tx, store.PairMeetings, "deletePairMeeting", id.Any())
			if err != nil {
				return target, err
			}
			m, err := tx.Meeting(id)
			if err != nil {
				return target, err
			}
			return target, mentors(tx, "deletePairMeeting", m.Pair)
		},
		Act: func(tx *store.Tx) (none struct{}, err error) {
			m, err := tx.Meeting(id)
			if err != nil {
				return none, err
			}
			if err := c.Tagged(m.Version, supervision.ViewOwner); err != nil {
				return none, err
			}
			if err := tx.DeleteMeeting(m); err != nil {
				return none, err
			}
			p, err := tx.Pair(m.Pair)
			if err != nil {
				return none, err
			}
			return none, service.Recheck(tx, p.People()...) // H13
		},
	})
	return err
}
