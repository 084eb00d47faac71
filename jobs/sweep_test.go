package jobs_test

import (
	"database/sql"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"kreds/internal/seal"
	"kreds/jobs"
	"kreds/service"
	"kreds/service/booking"
	"kreds/service/calendars"
	"kreds/service/planning"
	"kreds/service/roster"
	"kreds/service/task"
	"kreds/store"
	"kreds/store/storetest"
	"kreds/supervision"
)

// h0 is when the clock of a sweep begins.
var h0 = time.Date(2027, 1, 4, 8, 0, 0, 0, time.UTC)

// What is kept for a time is forgotten after it, by the sweep: results of calls after 48 hours, changes after 30 days.
func TestTheSweepForgetsWhatHasHadItsTime(t *testing.T) {
	path, now := filepath.Join(t.TempDir(), "kreds.db"), h0
	clock := func() time.Time { return now }
	s, err := store.Open(t.Context(), store.Config{URL: path, Now: clock, NewID: storetest.NewID})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	masters, err := seal.Create(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	h := &service.House{Store: s, Masters: masters, Now: clock, NewID: storetest.NewID, Log: slog.New(slog.DiscardHandler)}
	people := roster.New(h)
	tenant, err := people.CreateTenant(t.Context(), "House A", "en")
	if err != nil {
		t.Fatal(err)
	}
	act := func() {
		t.Helper()
		err := s.Update(t.Context(), service.Command(tenant.ID), func(tx *store.Tx) error {
			if _, _, _, err := tx.Once(store.CallKey{Principal: h.NewID(), Operation: "createOrganisation", Path: "/v1/organisations", Key: "k", Hash: []byte{1}}); err != nil {
				return err
			}
			return tx.PutOrganisation(&supervision.Organisation{ID: service.New[supervision.OrganisationID](h), Name: "A"})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	work := jobs.Of(people, planning.New(h), booking.New(h), calendars.New(h, nil, nil))
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	swept := func(keys, changes int) {
		t.Helper()
		if err := work.Sweep(t.Context(), task.Sweep{}); err != nil {
			t.Fatal(err)
		}
		for table, want := range map[string]int{"call_key": keys, "change": changes} {
			var n int
			if err := db.QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil || n != want {
				t.Errorf("%v after the start %s has %d rows, want %d: %v", now.Sub(h0), table, n, want, err)
			}
		}
	}
	act()
	swept(1, 1+3) // with the built-in templates
	now = now.Add(store.KeyAge + time.Minute)
	act()
	swept(1, 2+3)
	now = now.Add(store.ChangeAge - time.Minute)
	swept(0, 1)
	now = now.Add(2 * time.Minute)
	swept(0, 0)
}
