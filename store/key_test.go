package store_test

import (
	"errors"
	"testing"
	"time"

	"kreds/store"
	"kreds/supervision"
)

func call(p supervision.Person, key string, hash byte) store.CallKey {
	return store.CallKey{Principal: p.ID.Any(), Operation: "createOrganisation", Path: "/v1/organisations", Key: key, Hash: []byte{hash}}
}

// once makes an organisation under a key, and says what was replayed.
func once(s *store.Store, h *house, k store.CallKey) (replayed string, err error) {
	err = s.Update(h.t.Context(), h.actor, func(tx *store.Tx) error {
		row, stored, replay, err := tx.Once(k)
		if err != nil {
			return err
		}
		if replayed = string(stored); replay {
			return nil
		}
		o := supervision.Organisation{ID: id[supervision.OrganisationID](), Name: "made once"}
		if err := tx.PutOrganisation(&o); err != nil {
			return err
		}
		return tx.Keep(row, []byte(o.ID.String()))
	})
	return replayed, err
}

func (h *house) made() int {
	return h.number("SELECT count(*) FROM organisation WHERE name = 'made once'")
}

func TestAKeyActsOnceAndAnswersAgain(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		p := h.people(2)
		key := call(p[0], "k", 1)
		if first, err := once(h.Store, h, key); err != nil || first != "" {
			t.Fatalf("the first call replays %q, %v", first, err)
		}
		again, err := once(h.Store, h, key)
		if _, bad := supervision.ParseID[struct{}](again); err != nil || bad != nil {
			t.Errorf("the second call replays %q, %v", again, err)
		}
		other := key
		other.Hash = []byte{2}
		if _, err := once(h.Store, h, other); supervision.CodeOf(err) != "idempotency-key-reused" {
			t.Errorf("the key with another body: %v", err)
		}
		if n := h.made(); n != 1 {
			t.Errorf("%d effects of one key", n)
		}
	})
}

// A key is one principal's, for one operation on one path, in one tenant.
func TestAKeyIsNobodyElses(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		p := h.people(2)
		key := call(p[0], "k", 1)
		theirs, operation, path := key, key, key
		theirs.Principal, operation.Operation, path.Path = p[1].ID.Any(), "createPerson", "/v1/people"
		for _, k := range []store.CallKey{key, theirs, operation, path} {
			if replayed, err := once(h.Store, h, k); err != nil || replayed != "" {
				t.Errorf("%+v replays %q, %v", k, replayed, err)
			}
		}
		answers := map[string]bool{}
		for _, k := range []store.CallKey{key, theirs, operation, path} {
			replayed, err := once(h.Store, h, k)
			if err != nil || replayed == "" || answers[replayed] {
				t.Errorf("%+v, sent again, replays %q, %v", k, replayed, err)
			}
			answers[replayed] = true
		}
		h.actor = h.tenant("House B")
		if replayed, err := once(h.Store, h, key); err != nil || replayed != "" {
			t.Errorf("in another tenant it replays %q, %v", replayed, err)
		}
		if n := h.made(); n != 5 {
			t.Errorf("%d effects of five keys", n)
		}
	})
}

// Of many at once one acts; the others wait for it, and then answer as it did.
func TestAKeySentByManyAtOnceActsOnce(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		key := call(h.people(1)[0], "k", 1)
		var answers [8]string
		ends := h.together(len(answers), func(s *store.Store, i int) (err error) {
			answers[i], err = once(s, h, key)
			return err
		})
		if err := errors.Join(ends...); err != nil {
			t.Error(err)
		}
		different := map[string]int{}
		for _, a := range answers {
			different[a]++
		}
		if n := h.made(); n != 1 || len(different) != 2 || different[""] != 1 {
			t.Errorf("%d effects, answers %v", n, different)
		}
	})
}

// A step that falls before its end leaves its key unused; so does one whose place of work falls with it.
func TestAKeyOfAStepThatFellIsUnused(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		key := call(h.people(1)[0], "k", 1)
		fell := errors.New("fell")
		if err := h.update(func(tx *store.Tx) error { _, _, _, err := tx.Once(key); return errors.Join(err, fell) }); !errors.Is(err, fell) {
			t.Fatal(err)
		}
		other := key
		other.Hash = []byte{2}
		if replayed, err := once(h.Store, h, other); err != nil || replayed != "" {
			t.Errorf("the key of a step that fell replays %q, %v", replayed, err)
		}
		if n := h.made(); n != 1 {
			t.Errorf("%d effects", n)
		}
	})
}

// PostgreSQL lets a repeat wait two seconds and then tells it to come again. SQLite has one writer, for which a repeat waits
// like everybody else.
func TestARepeatDoesNotWaitForLong(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		if h.SQLite() {
			return
		}
		key := call(h.people(1)[0], "k", 1)
		second := h.second()
		h.must(func(tx *store.Tx) error {
			if _, _, _, err := tx.Once(key); err != nil {
				return err
			}
			_, err := once(second, h, key)
			var refused *supervision.Error
			if !errors.As(err, &refused) || refused.Code != "idempotency-key-in-use" || refused.RetryAfter <= 0 {
				t.Errorf("a repeat of a step that goes on: %v", err)
			}
			return nil
		})
		// What waits for anything else is not cut short.
		h.must(func(tx *store.Tx) error {
			if _, _, _, err := tx.Once(call(supervision.Person{ID: id[supervision.PersonID]()}, "k", 1)); err != nil {
				return err
			}
			var limit string
			err := store.SQLOf(tx).QueryRow("SHOW lock_timeout").Scan(&limit)
			if limit != "0" {
				t.Errorf("after the key, locks are waited for %q", limit)
			}
			return err
		})
	})
}

func TestAKeyIsForgottenAfterItsTime(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		key := call(h.people(1)[0], "k", 1)
		if _, err := once(h.Store, h, key); err != nil {
			t.Fatal(err)
		}
		h.now = start.Add(store.KeyAge)
		h.must(func(tx *store.Tx) error { return tx.ForgetKeys() })
		if replayed, err := once(h.Store, h, key); err != nil || replayed == "" {
			t.Errorf("at the end of its time the key replays %q, %v", replayed, err)
		}
		h.now = h.now.Add(time.Microsecond)
		if replayed, err := once(h.Store, h, key); err != nil || replayed != "" {
			t.Errorf("after its time the key replays %q, %v", replayed, err)
		}
		if n := h.made(); n != 2 {
			t.Errorf("%d effects", n)
		}
		h.now = h.now.Add(store.KeyAge + time.Microsecond)
		other := h.tenant("House B")
		h.must(func(tx *store.Tx) error { return tx.ForgetKeys() })
		if n := h.number("SELECT count(*) FROM call_key"); n != 0 {
			t.Errorf("%d keys are left, of %v and %v", n, h.actor.Tenant, other.Tenant)
		}
	})
}
