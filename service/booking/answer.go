package booking

import (
	"context"

	"kreds/service"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// AnswerSeen is one mentor's answer to a session.
type AnswerSeen struct {
	supervision.Attendance
	Session supervision.SessionID
	Name    string
}

// PutAnswer answers a revision of a session for oneself. An answer never confirms: the last acceptance rings for the
// calendars to be read again. A declined hold is released at once.
func (s *Service) PutAnswer(ctx context.Context, c service.Call, id supervision.SessionID, person supervision.PersonID, a supervision.Attendance) (service.Outcome[service.Seen[AnswerSeen]], error) {
	return service.Act(ctx, s.House, c, service.Step[service.Seen[AnswerSeen]]{
		May: func(tx *store.Tx) (service.Target, error) {
			target := service.Target{Noun: store.Sessions, ID: id.Any()}
			if _, err := tx.See(store.Sessions, "getSession", id.Any()); err != nil {
				return target, err
			}
			_, err := tx.MayOn("putAnswer", person.Any())
			return target, err
		},
		Act: func(tx *store.Tx) (service.Seen[AnswerSeen], error) { return s.answer(tx, c, id, person, a) },
	})
}

func (s *Service) answer(tx *store.Tx, c service.Call, id supervision.SessionID, person supervision.PersonID, a supervision.Attendance) (seen service.Seen[AnswerSeen], err error) {
	seen.View = supervision.ViewOwner
	x, err := s.lock(tx, id)
	if err != nil {
		return seen, err
	}
	now, in := x.Attendance(person)
	if !in {
		return seen, supervision.Absent() // supervisors do not answer
	}
	names, err := tx.Names([]supervision.PersonID{person})
	if err != nil {
		return seen, err
	}
	seen.Object = AnswerSeen{now, id, names[person]}
	if now.Answer == a.Answer && now.Revision == a.Revision && now.ShortNoticeOK == a.ShortNoticeOK && now.Answer != supervision.Invited {
		return seen, nil // the step is already taken
	}
	if err := c.Tagged(now.Version, seen.View); err != nil {
		return seen, err
	}
	if a.Revision != x.Revision {
		return seen, supervision.Fault(supervision.Conflict, "revision-changed", "The session is at revision %d now. Read it again and answer that one.", x.Revision)
	}
	if !x.State.Occupies() || x.Started(tx.Now()) {
		return seen, &supervision.Error{Kind: supervision.Conflict, Code: "invalid-transition", Detail: "The session no longer asks for answers.",
			Step: &supervision.Step{From: string(x.State), To: string(x.State), Allowed: []string{}}}
	}
	now.Answer, now.Revision, now.ShortNoticeOK, now.AnsweredAt = a.Answer, a.Revision, a.ShortNoticeOK, tx.Now()
	if err := tx.PutAttendance(id, &now); err != nil {
		return seen, err
	}
	seen.Object.Attendance = now
	for i := range x.Mentors {
		if x.Mentors[i].Person == person {
			x.Mentors[i] = now
		}
	}
	switch {
	case now.Answer == supervision.Declined:
		return seen, s.release(tx, x)
	case x.State == supervision.OnHold && x.Answered():
		return seen, tx.Enqueue(task.Refresh{Tenant: tx.Tenant(), Session: id, Revision: x.Revision})
	}
	return seen, nil
}

// lock locks a session after its people, and returns it. People who joined between the look and the lock make it run again.
func (s *Service) lock(tx *store.Tx, id supervision.SessionID) (supervision.Session, error) {
	look, err := tx.Session(id)
	if err != nil {
		return look, err
	}
	if err := tx.LockPeople(look.People()); err != nil {
		return look, err
	}
	list, err := tx.LockSessions([]supervision.SessionID{id})
	if err != nil {
		return look, err
	}
	if len(list) == 0 || len(list[0].People()) != len(look.People()) {
		return look, store.Again()
	}
	for i, p := range list[0].People() {
		if look.People()[i] != p {
			return look, store.Again()
		}
	}
	return list[0], nil
}

// release gives the time of a session free: it is proposed again, and cancelled outside.
func (s *Service) release(tx *store.Tx, x supervision.Session) error {
	if !x.State.Occupies() {
		return nil
	}
	former := x
	x.State = supervision.Proposed
	if err := tx.Claim([]*supervision.Session{&x}, func() error { return nil }); err != nil {
		return err
	}
	return s.Outside(tx, []supervision.Session{x}, []supervision.Session{former})
}
