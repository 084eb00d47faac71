package store_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kreds/store"
	"kreds/supervision"
)

func TestAnUpdateThatIsInTheWayRunsAgainAFewTimes(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		for _, c := range []struct {
			inTheWay, runs int
			code           string
		}{{0, 1, ""}, {2, 3, ""}, {4, 5, ""}, {5, 5, "unavailable"}, {100, 5, "unavailable"}} {
			runs := 0
			err := h.update(func(tx *store.Tx) error {
				if runs++; runs <= c.inTheWay {
					return store.Again()
				}
				return nil
			})
			if runs != c.runs || (err != nil) != (c.code != "") || err != nil && supervision.CodeOf(err) != c.code {
				t.Errorf("%d times in the way: %d runs, %v", c.inTheWay, runs, err)
			}
		}
	})
}

func TestAViewThatIsInTheWayIsToldToComeAgain(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		if err := h.View(t.Context(), h.actor, func(tx *store.Tx) error { return store.Again() }); supervision.CodeOf(err) != "unavailable" {
			t.Error(err)
		}
	})
}

// Two Updates that lock two people in opposite orders, which no step of the house does, wait for each other: one of them runs
// again, and both take place. On SQLite they never meet.
func TestADeadlockEndsInTwoUpdatesThatTakePlace(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		p := h.people(2)
		var met sync.WaitGroup
		met.Add(2)
		var runs atomic.Int32
		ends := h.together(2, func(s *store.Store, i int) error {
			first := true
			return s.Update(t.Context(), h.actor, func(tx *store.Tx) error {
				runs.Add(1)
				if err := tx.LockPeople([]supervision.PersonID{p[i].ID}); err != nil {
					return err
				}
				if first && !h.SQLite() {
					first = false
					met.Done()
					met.Wait()
				}
				if err := tx.LockPeople([]supervision.PersonID{p[1-i].ID}); err != nil {
					return err
				}
				x, err := tx.Person(p[0].ID)
				if err != nil {
					return err
				}
				x.Seniority++
				return tx.PutPerson(&x)
			})
		})
		if err := errors.Join(ends...); err != nil {
			t.Error(err)
		}
		// The one that had to give way may be back before the other has both locks, and meet it once more.
		if n := runs.Load(); !h.SQLite() && n < 3 {
			t.Errorf("%d runs, want one of the two again", n)
		}
		h.view(func(tx *store.Tx) error {
			x, err := tx.Person(p[0].ID)
			if x.Seniority != p[0].Seniority+2 {
				t.Errorf("seniority %d after two steps from %d", x.Seniority, p[0].Seniority)
			}
			return err
		})
	})
}

// A claim that looked at a session, and found another person in it once it had its locks, runs again: it then meets the new
// version, whose tag it does not know.
func TestAClaimThatLockedTooLittleRunsAgain(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		p := h.people(3)
		s := session(start, p[0], p[1])
		h.must(func(tx *store.Tx) error { return tx.Claim([]*supervision.Session{s}, free) })
		late, runs := make(chan error, 1), 0
		joined := *s
		joined.Mentors = append([]supervision.Attendance{{Person: p[2].ID, Answer: supervision.Invited}}, s.Mentors...)
		second := h.second()
		h.must(func(tx *store.Tx) error {
			return tx.Claim([]*supervision.Session{&joined}, func() error {
				go func() {
					late <- second.Update(t.Context(), h.actor, func(tx *store.Tx) error {
						runs++
						moved := *s
						moved.Start, moved.End = s.Start.Add(time.Hour), s.End.Add(time.Hour)
						return tx.Claim([]*supervision.Session{&moved}, free)
					})
				}()
				for !h.SQLite() && h.number("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()") == 0 {
					if err := t.Context().Err(); err != nil {
						return err
					}
				}
				return nil
			})
		})
		if err := <-late; supervision.CodeOf(err) != "stale-tag" {
			t.Errorf("the late claim ended with %v", err)
		}
		if want := map[bool]int{true: 1, false: 2}[h.SQLite()]; runs != want {
			t.Errorf("the late claim ran %d times, want %d", runs, want)
		}
		h.occupied(1)
	})
}

func TestWhatIsRolledBackLeavesNothing(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.people(1)
		before := h.dump(h.actor.Tenant)
		no := errors.New("no")
		some := func(tx *store.Tx) error {
			return tx.PutOrganisation(&supervision.Organisation{ID: id[supervision.OrganisationID](), Name: "B"})
		}
		if err := h.update(func(tx *store.Tx) error { return errors.Join(some(tx), no) }); !errors.Is(err, no) {
			t.Error(err)
		}
		func() {
			defer func() {
				if recover() != "out" {
					t.Error("a panic did not come through")
				}
			}()
			h.must(func(tx *store.Tx) error { some(tx); panic("out") })
		}()
		ctx, stop := context.WithCancel(t.Context())
		err := h.Update(ctx, h.actor, func(tx *store.Tx) error { stop(); return some(tx) })
		if supervision.KindOf(err) != supervision.Unavailable {
			t.Errorf("an Update whose caller has gone: %v", err)
		}
		if err := h.View(t.Context(), h.actor, some); err == nil {
			t.Error("a View has written")
		}
		for table, rows := range h.dump(h.actor.Tenant) {
			if rows != before[table] {
				t.Errorf("%s has changed: %s", table, rows)
			}
		}
	})
}

func TestAnUpdateInsideAnUpdateIsRefusedAtOnce(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		defer func() {
			if recover() == nil {
				t.Error("an Update ran inside another")
			}
		}()
		var inside context.Context
		h.must(func(tx *store.Tx) error { inside = store.ContextOf(tx); return nil })
		h.Update(inside, h.actor, func(tx *store.Tx) error { return nil })
	})
}

// A View is one snapshot: what others write while it runs is not in it.
func TestAViewSeesOneMoment(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.people(2)
		h.view(func(tx *store.Tx) error {
			before, err := tx.AllPeople()
			if err != nil {
				return err
			}
			x := before[0]
			x.Name = "Otherwise"
			h.must(func(tx *store.Tx) error { return tx.PutPerson(&x) })
			if after, err := tx.Person(x.ID); err != nil || after.Name != before[0].Name {
				t.Errorf("%q has become %q under a View, %v", before[0].Name, after.Name, err)
			}
			return nil
		})
	})
}
