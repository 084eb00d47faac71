package store_test

import (
	"testing"

	"kreds/store"
	"kreds/supervision"
)

// held puts a session of two mentors and their supervisor.
func (h *house) held() (supervision.Session, []supervision.Person) {
	h.t.Helper()
	p := h.people(4)
	s := session(start, p[0], p[1], p[3])
	h.must(func(tx *store.Tx) error { return tx.Claim([]*supervision.Session{s}, func() error { return nil }) })
	return *s, p
}

func (h *house) session(id supervision.SessionID) (s supervision.Session) {
	h.t.Helper()
	h.view(func(tx *store.Tx) (err error) { s, err = tx.Session(id); return err })
	return s
}

// Occupancy follows by Claim alone: whatever would take other time is no matter of PutSession.
func TestASessionTakesOtherTimeByAClaimOnly(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		s, p := h.held()
		for name, change := range map[string]func(*supervision.Session){
			"later":              func(s *supervision.Session) { s.Start, s.End = s.End, s.End.Add(s.End.Sub(s.Start)) },
			"longer":             func(s *supervision.Session) { s.End = s.End.Add(1e9) },
			"another supervisor": func(s *supervision.Session) { s.Supervisor = p[2].ID },
			"one mentor more":    func(s *supervision.Session) { s.Mentors = append(s.Mentors, supervision.Attendance{Person: p[2].ID}) },
			"one mentor less":    func(s *supervision.Session) { s.Mentors = s.Mentors[:1] },
			"no longer on hold":  func(s *supervision.Session) { s.State = supervision.Cancelled },
			"a new one":          func(s *supervision.Session) { s.ID, s.Version = id[supervision.SessionID](), 0 },
		} {
			x := h.session(s.ID)
			change(&x)
			if err := h.update(func(tx *store.Tx) error { return tx.PutSession(&x) }); supervision.KindOf(err) != supervision.Internal {
				t.Errorf("%s: %v", name, err)
			}
		}
		h.must(func(tx *store.Tx) error {
			s.State, s.Attention = supervision.Confirmed, []supervision.Reason{{Rule: "H27"}}
			return tx.PutSession(&s)
		})
		stale := s
		stale.Version--
		stale.Start = stale.Start.Add(-1e9)
		if err := h.update(func(tx *store.Tx) error { return tx.PutSession(&stale) }); supervision.CodeOf(err) != "stale-tag" {
			t.Errorf("an earlier version: %v", err)
		}
	})
}

// A tag stands for one content: when a claim changes what a mentor has said, their part gets a new version, and no other does.
func TestAMentorsPartHasAVersionForEachContent(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		s, p := h.held()
		h.must(func(tx *store.Tx) error {
			a := s.Mentors[0]
			a.Answer, a.Revision, a.ShortNoticeOK, a.AnsweredAt = supervision.Declined, s.Revision, true, tx.Now()
			return tx.PutAttendance(s.ID, &a)
		})
		x := h.session(s.ID)
		said, other := x.Mentors[0].Version, x.Mentors[1].Version
		claim := func() supervision.Session {
			h.must(func(tx *store.Tx) error { return tx.Claim([]*supervision.Session{&x}, func() error { return nil }) })
			now := h.session(s.ID)
			for i, a := range x.Mentors {
				if now.Mentors[i] != a {
					t.Errorf("the claim says %+v and the database %+v", a, now.Mentors[i])
				}
			}
			x = now
			return now
		}
		x.Start, x.End = x.Start.Add(1e9), x.End.Add(1e9)
		if now := claim(); now.Mentors[0].Version != said || now.Mentors[1].Version != other {
			t.Errorf("nothing was said and the versions have become %d and %d", now.Mentors[0].Version, now.Mentors[1].Version)
		}
		x.Mentors[0].ShortNoticeOK = false
		if now := claim(); now.Mentors[0].Version != said+1 || now.Mentors[1].Version != other {
			t.Errorf("one part was changed and the versions have become %d and %d", now.Mentors[0].Version, now.Mentors[1].Version)
		}
		x.Mentors[0] = supervision.Attendance{Person: x.Mentors[0].Person, Answer: supervision.Invited, Version: x.Mentors[0].Version}
		x.Mentors = append(x.Mentors[:1], supervision.Attendance{Person: p[2].ID, Answer: supervision.Invited})
		if now := claim(); len(now.Mentors) != 2 || now.Mentors[0].Version != said+2 || now.Mentors[0].Answer != supervision.Invited || now.Mentors[1].Version != 1 {
			t.Errorf("they are %+v", now.Mentors)
		}
		x.Mentors[0].Version, x.Mentors[0].ShortNoticeOK = said, true
		if err := h.update(func(tx *store.Tx) error { return tx.Claim([]*supervision.Session{&x}, func() error { return nil }) }); supervision.CodeOf(err) != "stale-tag" {
			t.Errorf("over an earlier version: %v", err)
		}
	})
}
