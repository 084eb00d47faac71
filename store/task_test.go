package store_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"kreds/store"
	"kreds/supervision"
)

// bell is a task that is rung as often as it is asked for, chime one that is rung once until it is answered.
type (
	bell struct {
		Of string `json:"of"`
	}
	chime struct {
		Of string `json:"of"`
	}
)

func (bell) Kind() string   { return "bell" }
func (chime) Kind() string  { return "chime" }
func (chime) Unique() bool  { return true }
func (chime) Queue() string { return "slow" }

func (h *house) rung(kind string) int {
	h.t.Helper()
	return h.number("SELECT count(*) FROM river_job WHERE kind = $1", kind)
}

func TestATaskIsRungExactlyIfItsCauseTookPlace(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		no := errors.New("no")
		if err := h.update(func(tx *store.Tx) error { return errors.Join(tx.Enqueue(bell{"a"}, chime{"a"}), no) }); !errors.Is(err, no) {
			t.Fatal(err)
		}
		if n := h.rung("bell") + h.rung("chime"); n != 0 {
			t.Errorf("%d tasks of a step that fell", n)
		}
		h.must(func(tx *store.Tx) error { return tx.Enqueue(bell{"a"}, bell{"a"}, chime{"a"}) })
		if h.rung("bell") != 2 || h.rung("chime") != 1 {
			t.Errorf("rung %d bells and %d chimes", h.rung("bell"), h.rung("chime"))
		}
		if n := h.number("SELECT count(*) FROM river_job WHERE kind = 'chime' AND queue = 'slow' OR kind = 'bell' AND queue = 'default'"); n != 3 {
			t.Errorf("%d of 3 tasks are in their queues", n)
		}
		if n := h.number("SELECT count(*) FROM river_job WHERE max_attempts = $1", store.Attempts); n != 3 {
			t.Errorf("%d of 3 tasks are tried %d times", n, store.Attempts)
		}
	})
}

func TestABellThatMayBeLostIsRungAgainUnlessItWaits(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		again := func(of string) { h.must(func(tx *store.Tx) error { return tx.EnqueueAgain(bell{of}) }) }
		again("a")
		again("a")
		again("b")
		if n := h.rung("bell"); n != 2 {
			t.Fatalf("%d bells wait, want one of each", n)
		}
		for _, c := range []struct {
			state string
			want  int
		}{{"retryable", 2}, {"running", 3}} {
			h.number("UPDATE river_job SET state = '" + c.state + "' WHERE kind = 'bell' RETURNING 1")
			again("a")
			if n := h.rung("bell"); n != c.want {
				t.Errorf("beside one that is %s there are %d bells, want %d", c.state, n, c.want)
			}
		}
	})
}

func TestAUniqueTaskIsRungOnceUntilItIsAnswered(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		ring := func(want int) {
			t.Helper()
			h.must(func(tx *store.Tx) error { return tx.Enqueue(chime{"a"}, chime{"a"}) })
			if n := h.rung("chime"); n != want {
				t.Errorf("%d chimes, want %d", n, want)
			}
		}
		state := func(s string) {
			t.Helper()
			if _, err := h.SQL().Exec("UPDATE river_job SET state = '" + s + "', finalized_at = CASE WHEN '" + s + "' = 'completed' THEN created_at END"); err != nil {
				t.Fatal(err)
			}
		}
		ring(1)
		for _, open := range []string{"running", "retryable", "scheduled", "available"} {
			state(open)
			ring(1)
		}
		state("completed")
		ring(2)
		h.must(func(tx *store.Tx) error { return tx.Enqueue(chime{"b"}) })
		if n := h.rung("chime"); n != 3 {
			t.Errorf("%d chimes after one of another thing, want 3", n)
		}
		ends := h.together(8, func(s *store.Store, i int) error {
			return s.Update(t.Context(), h.actor, func(tx *store.Tx) error { return tx.Enqueue(chime{"c"}) })
		})
		if n := h.rung("chime"); n != 4 || errors.Join(ends...) != nil {
			t.Errorf("%d chimes after many of one thing at once, want 4, %v", n, errors.Join(ends...))
		}
	})
}

// worker does the work of a bell in one Update that completes the job too; the first time it falls after both.
type worker struct {
	river.WorkerDefaults[bell]
	h     *house
	tries int
	fell  chan int // completed jobs and effects after the Update that fell, after the one that took place
}

func (w *worker) NextRetry(*river.Job[bell]) time.Time { return time.Now() }

func (w *worker) Work(ctx context.Context, job *river.Job[bell]) error {
	w.tries++
	finish := func(ctx context.Context, tx *sql.Tx) (err error) {
		if w.h.SQLite() {
			_, err = river.JobCompleteTx[*riversqlite.Driver](ctx, tx, job)
		} else {
			_, err = river.JobCompleteTx[*riverdatabasesql.Driver](ctx, tx, job)
		}
		return err
	}
	err := w.h.Update(store.WithJob(ctx, finish), w.h.actor, func(tx *store.Tx) error {
		o := supervision.Organisation{ID: id[supervision.OrganisationID](), Name: "worked"}
		if err := errors.Join(tx.PutOrganisation(&o), tx.FinishJob()); err != nil || w.tries > 1 {
			return err
		}
		return errors.New("fell")
	})
	w.fell <- w.h.number("SELECT (SELECT count(*) FROM river_job WHERE state = 'completed') * 10 + (SELECT count(*) FROM organisation WHERE name = 'worked')")
	return err
}

func TestAJobIsCompletedWithItsEffect(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		w := &worker{h: h, fell: make(chan int, 2)}
		all := river.NewWorkers()
		river.AddWorker(all, w)
		client, err := river.NewClient(h.JobDriver(), &river.Config{Queues: map[string]river.QueueConfig{"default": {MaxWorkers: 1}}, Workers: all,
			Logger: store.Quiet, FetchCooldown: 10 * time.Millisecond, FetchPollInterval: 20 * time.Millisecond, TestOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := client.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer client.Stop(context.WithoutCancel(t.Context()))
		h.must(func(tx *store.Tx) error { return errors.Join(tx.Enqueue(bell{"a"}), tx.FinishJob()) }) // outside of a job, nothing is finished
		for i, want := range []int{0, 11} {
			if got := <-w.fell; got != want {
				t.Errorf("after try %d: %d, want completed and effect %02d", i+1, got, want)
			}
		}
	})
}
