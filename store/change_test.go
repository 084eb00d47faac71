package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"kreds/store"
	"kreds/supervision"
)

// follow is an outsider who reads what is new: it numbers what is committed, then reads on from where it stood.
type follow struct {
	s     *store.Store
	actor supervision.Actor
	seen  []supervision.Change
}

func (f *follow) read(t *testing.T, most int) error {
	if err := f.s.Update(t.Context(), f.actor, (*store.Tx).NumberChanges); err != nil {
		return err
	}
	return f.s.View(t.Context(), f.actor, func(tx *store.Tx) error {
		var last int64
		if n := len(f.seen); n > 0 {
			last = f.seen[n-1].Position
		}
		more, err := tx.Changes(last, nil, most)
		f.seen = append(f.seen, more...)
		return err
	})
}

// dense checks that nothing was skipped and nothing given twice.
func (f *follow) dense(t *testing.T, want int) {
	t.Helper()
	objects := map[string]bool{}
	for i, c := range f.seen {
		if c.Position != int64(i+1) {
			t.Errorf("change %d has the position %d", i+1, c.Position)
		}
		objects[fmt.Sprint(c.Kind, c.Object, c.Revision)] = true
	}
	if len(f.seen) != want || len(objects) != want {
		t.Errorf("%d changes of %d objects, want %d", len(f.seen), len(objects), want)
	}
}

func organisation(s *store.Store, t *testing.T, a supervision.Actor) error {
	return s.Update(t.Context(), a, func(tx *store.Tx) error {
		return tx.PutOrganisation(&supervision.Organisation{ID: id[supervision.OrganisationID](), Name: "A"})
	})
}

// Several write in two tenants, and two read each, while it goes on. Every reader gets every change of its tenant, numbered
// from one without a hole.
func TestNoReaderMissesAChange(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		a, b := h.actor, h.tenant("House B")
		const each = 15
		readers := [4]follow{}
		ends := h.together(8, func(s *store.Store, i int) error {
			actor := []supervision.Actor{a, b}[i/2%2]
			if i >= 4 {
				readers[i-4] = follow{s: s, actor: actor}
			}
			for range each {
				if i < 4 {
					if err := organisation(s, t, actor); err != nil {
						return err
					}
				} else if err := readers[i-4].read(t, 3); err != nil {
					return err
				}
			}
			return nil
		})
		if err := errors.Join(ends...); err != nil {
			t.Fatal(err)
		}
		for i := range readers {
			for range 2 * each {
				if err := readers[i].read(t, 3); err != nil {
					t.Fatal(err)
				}
			}
			readers[i].dense(t, 2*each)
		}
	})
}

// A change that was written first and is committed last gets the later number: who has read the earlier one still meets it.
func TestALateCommitIsNotSkipped(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		early, late := follow{s: h.Store, actor: h.actor}, id[supervision.OrganisationID]()
		second := h.Store
		if !h.SQLite() {
			second = h.second()
		}
		between := func() {
			if err := errors.Join(organisation(second, t, h.actor), early.read(t, 10)); err != nil {
				t.Fatal(err)
			}
		}
		h.must(func(tx *store.Tx) error {
			if err := tx.PutOrganisation(&supervision.Organisation{ID: late, Name: "late"}); err != nil {
				return err
			}
			if !h.SQLite() { // which has one writer: nobody comes between
				between()
			}
			return nil
		})
		if h.SQLite() {
			between()
		} else if len(early.seen) != 1 || early.seen[0].Object == late.Any() {
			t.Errorf("before the late commit, %+v is seen", early.seen)
		}
		if err := early.read(t, 10); err != nil {
			t.Fatal(err)
		}
		early.dense(t, 2)
	})
}

func TestChangesSayWhatHasChangedAndNothingMore(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		no := errors.New("no")
		if err := h.update(func(tx *store.Tx) error {
			return errors.Join(tx.PutOrganisation(&supervision.Organisation{ID: id[supervision.OrganisationID]()}), no)
		}); !errors.Is(err, no) {
			t.Fatal(err)
		}
		f := h.furnish("House A")
		h.must(func(tx *store.Tx) error {
			f.Feed.Name = "renamed"
			return errors.Join(tx.PutFeed(&f.Feed, []byte("hash")), tx.DeleteMeeting(f.Meeting), tx.DeleteFeed(f.Feed))
		})
		reader := follow{s: h.Store, actor: h.actor}
		if err := reader.read(t, 1000); err != nil {
			t.Fatal(err)
		}
		var of []string
		for i, c := range reader.seen {
			if c.Position != int64(i+1) || !c.At.Equal(start) {
				t.Errorf("change %d: %+v", i+1, c)
			}
			if c.Object == f.Feed.ID.Any() || c.Object == f.Meeting.ID.Any() {
				of = append(of, fmt.Sprint(c.Kind, " ", c.Revision, " ", c.Gone))
			}
		}
		slices.Sort(of)
		if want := []string{"feed 1 false", "feed 2 false", "feed 3 true", "pair_meeting 1 false", "pair_meeting 2 true"}; !slices.Equal(of, want) {
			t.Errorf("changes %q, want %q", of, want)
		}
		h.view(func(tx *store.Tx) error {
			some, err := tx.Changes(0, []string{"feed"}, 2)
			if len(some) != 2 || some[0].Kind != "feed" || some[1].Kind != "feed" {
				t.Errorf("two of the feeds' changes: %+v", some)
			}
			return err
		})
	})
}

// Changes are forgotten after their time; positions go on where they were, also when nothing is left to read.
func TestChangesAreForgottenAfterTheirTime(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		reader := follow{s: h.Store, actor: h.actor}
		if err := errors.Join(organisation(h.Store, t, h.actor), organisation(h.Store, t, h.actor), reader.read(t, 10), organisation(h.Store, t, h.actor)); err != nil {
			t.Fatal(err)
		}
		count := func() int { return h.number("SELECT count(*) FROM change") }
		h.now = start.Add(store.ChangeAge)
		h.must((*store.Tx).ForgetChanges)
		if n := count(); n != 3 {
			t.Errorf("at the end of their time %d are left", n)
		}
		h.now = h.now.Add(time.Microsecond)
		h.must((*store.Tx).ForgetChanges)
		if n := count(); n != 1 {
			t.Errorf("after their time %d are left, want the last position", n)
		}
		if err := errors.Join(organisation(h.Store, t, h.actor), reader.read(t, 10)); err != nil {
			t.Fatal(err)
		}
		reader.dense(t, 3)
	})
}
