package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"kreds/store"
	"kreds/supervision"
)

// second is another process on the same database, with the same clock.
func (h *house) second() *store.Store {
	h.t.Helper()
	s, err := store.Open(h.t.Context(), config(h.url, func() time.Time { return h.now }))
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { s.Close() })
	s.Watch(walls(h.t))
	return s
}

// together runs so many functions at once, half of them in another process, and returns how each ended.
func (h *house) together(n int, fn func(s *store.Store, i int) error) []error {
	stores, ends := []*store.Store{h.Store, h.second()}, make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { ends[i] = fn(stores[i%2], i) })
	}
	all.Wait()
	return ends
}

// codes counts how calls ended.
func codes(ends []error) map[string]int {
	m := map[string]int{}
	for _, err := range ends {
		m[supervision.CodeOf(err)]++
	}
	return m
}

func free() error { return nil }

func TestOneOfManyClaimsWins(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		p := h.people(13)
		ends := h.together(12, func(s *store.Store, i int) error {
			return s.Update(t.Context(), h.actor, func(tx *store.Tx) error {
				return tx.Claim([]*supervision.Session{session(start.Add(time.Duration(i)*time.Minute), p[i], p[12])}, free)
			})
		})
		if got := codes(ends); got["slot-taken"] != 11 || len(got) != 2 {
			t.Errorf("twelve claims on an hour of one supervisor ended as %v", ends)
		}
		h.occupied(1)
	})
}

// What no constraint knows, here one session a day, holds because the judge reads under the lock of the people.
func TestTheJudgeReadsUnderTheLock(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		p := h.people(9)
		full := errors.New("the day is full")
		ends := h.together(8, func(s *store.Store, i int) error {
			return s.Update(t.Context(), h.actor, func(tx *store.Tx) error {
				return tx.Claim([]*supervision.Session{session(start.Add(time.Duration(2*i)*time.Hour), p[i], p[8])}, func() error {
					if taken, err := tx.SessionsOf([]supervision.PersonID{p[8].ID}, start); err != nil || len(taken) > 0 {
						return errors.Join(full, err)
					}
					return nil
				})
			})
		})
		won := 0
		for _, err := range ends {
			if err == nil {
				won++
			} else if err.Error() != full.Error() {
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d sessions on a day that holds one", won)
		}
		h.occupied(1)
	})
}

// Many book, move and cancel sessions of the same few people. Nobody is ever in two places, time is held exactly by the
// sessions that are on hold, and nobody is in anybody's way so that a step must be taken twice: locks in one order.
func TestTurmoilLeavesNobodyInTwoPlaces(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		p := h.people(6)
		const workers, steps = 6, 12
		var calls, runs [workers]int
		ends := h.together(workers, func(s *store.Store, i int) error {
			dice := rand.New(rand.NewPCG(7, uint64(i)))
			mine := map[supervision.SessionID]bool{}
			for range steps {
				calls[i]++
				var claimed []*supervision.Session
				err := s.Update(t.Context(), h.actor, func(tx *store.Tx) error {
					runs[i]++
					claimed = nil
					for range 1 + dice.IntN(2) {
						order := dice.Perm(len(p))
						claimed = append(claimed, session(start.Add(time.Duration(dice.IntN(24))*30*time.Minute), p[order[0]], p[order[1]], p[order[2]]))
					}
					for old := range mine {
						x, err := tx.Session(old)
						if err != nil {
							return err
						}
						if x.Start, x.End = claimed[0].Start, claimed[0].End; dice.IntN(3) == 0 {
							x.State = supervision.Cancelled
						}
						claimed[0] = &x
						break
					}
					return tx.Claim(claimed, free)
				})
				if err != nil && supervision.CodeOf(err) != "slot-taken" {
					return err
				}
				for _, x := range claimed {
					if err == nil {
						mine[x.ID] = x.State.Occupies()
					}
					if !mine[x.ID] {
						delete(mine, x.ID)
					}
				}
			}
			return nil
		})
		if err := errors.Join(ends...); err != nil || calls != runs {
			t.Errorf("%v; %v calls took %v runs", err, calls, runs)
		}
		h.occupied(-1)
	})
}

// occupied checks that time is held exactly by the sessions that hold it, so many, or however many for -1, and that nobody is
// in two places.
func (h *house) occupied(sessions int) {
	h.t.Helper()
	held := 0
	h.view(func(tx *store.Tx) error {
		all, err := tx.AllSessions()
		people := 0
		for _, s := range all {
			if s.State.Occupies() {
				held++
				people += len(s.People())
			}
		}
		if rows := h.number("SELECT count(*) FROM occupancy o JOIN session s ON s.id = o.session_id AND s.starts_at = o.starts_at AND s.ends_at = o.ends_at"); rows != people {
			h.t.Errorf("%d rows of occupancy are as their sessions, %d people are in sessions", rows, people)
		}
		return err
	})
	if n := h.number("SELECT count(*) FROM occupancy a JOIN occupancy b ON a.person_id = b.person_id AND a.session_id < b.session_id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at"); n != 0 {
		h.t.Errorf("somebody is in two places %d times", n)
	}
	if sessions >= 0 && held != sessions || held == 0 {
		h.t.Errorf("%d sessions hold time, want %d", held, sessions)
	}
}

// number reads one number.
func (h *house) number(query string, args ...any) (n int) {
	h.t.Helper()
	if err := h.SQL().QueryRowContext(h.t.Context(), query, args...).Scan(&n); err != nil {
		h.t.Fatal(query, err)
	}
	return n
}

// The schema itself keeps people from being in two places, whatever the code does.
func TestTheLastGuardIsTheSchema(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		p := h.people(3)
		a, b := session(start, p[0], p[2]), session(start.Add(time.Hour), p[1], p[2])
		h.must(func(tx *store.Tx) error { return tx.Claim([]*supervision.Session{a, b}, free) })
		instant := func(at time.Time) any {
			if h.SQLite() {
				return at.UnixMicro()
			}
			return at
		}
		put := func(from, to time.Time) error {
			_, err := h.SQL().Exec("INSERT INTO occupancy (tenant, session_id, person_id, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5)",
				h.actor.Tenant, b.ID, p[0].ID, instant(from), instant(to))
			return err
		}
		for _, minutes := range [][2]int{{-30, 1}, {59, 90}, {10, 20}, {-30, 90}, {0, 60}} {
			if put(start.Add(time.Duration(minutes[0])*time.Minute), start.Add(time.Duration(minutes[1])*time.Minute)) == nil {
				t.Errorf("minutes %v are put over a session of minutes [0 60]", minutes)
			}
		}
		if err := put(start.Add(3*time.Hour), start.Add(2*time.Hour)); err == nil {
			t.Error("time is held that ends before it starts")
		}
		if err := put(start.Add(-30*time.Minute), start); err != nil {
			t.Errorf("what ends when the session starts is refused: %v", err)
		}
	})
}

func TestSessionsOfOneClaimMayChangePlaces(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		p := h.people(4)
		a, b := session(start, p[0], p[3]), session(start.Add(time.Hour), p[1], p[3])
		h.must(func(tx *store.Tx) error { return tx.Claim([]*supervision.Session{a, b}, free) })
		a.Start, a.End, b.Start, b.End = b.Start, b.End, a.Start, a.End
		h.must(func(tx *store.Tx) error { return tx.Claim([]*supervision.Session{a, b}, free) })
		h.occupied(2)
		c, d := session(start.Add(5*time.Hour), p[2]), session(start.Add(5*time.Hour), p[2])
		if err := h.update(func(tx *store.Tx) error { return tx.Claim([]*supervision.Session{c, d}, free) }); supervision.CodeOf(err) != "slot-taken" {
			t.Errorf("two sessions of one claim that clash: %v", err)
		}
		h.occupied(2)
		defer func() {
			if fmt.Sprint(recover()) != "store: a transaction makes one Claim" {
				t.Error("a transaction claims twice")
			}
		}()
		h.must(func(tx *store.Tx) error { return errors.Join(tx.Claim(nil, free), tx.Claim(nil, free)) })
	})
}
