package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"kreds/jobs"
	"kreds/service/task"
	"kreds/store"
	"kreds/store/storetest"
	"kreds/supervision"
)

// house is a running house whose tasks do what a test says.
type house struct {
	t     *testing.T
	s     *store.Store
	work  jobs.Work
	actor supervision.Actor
	calls chan call
	ends  <-chan *river.Event
	log   *logbook
}

// call is a use case that was called.
type call struct {
	what    any
	attempt int
}

// running starts workers in which every task reports itself and succeeds, save those that a test sets.
func running(t *testing.T, s *store.Store, set func(*house)) *house {
	t.Helper()
	h := &house{t: t, s: s, calls: make(chan call, 100), log: &logbook{}, actor: supervision.Actor{Tenant: supervision.TenantID(storetest.NewID()), Kind: supervision.ByTask}}
	h.update(func(tx *store.Tx) error {
		return tx.PutTenant(supervision.Tenant{ID: h.actor.Tenant, Name: "House A", Language: "en"}, []byte("sealed"))
	})
	h.work = jobs.Work{
		Sync: report[task.Sync](h), Refresh: report[task.Refresh](h), Deliver: report[task.Deliver](h), Render: report[task.Render](h),
		Confirm: report[task.Confirm](h), Recheck: report[task.Recheck](h), Solve: report[task.Solve](h), Import: report[task.Import](h),
		Sweep: func(context.Context, task.Sweep) error { return nil },
	}
	if set != nil {
		set(h)
	}
	w, err := jobs.Start(t.Context(), s, h.work, slog.New(h.log))
	if err != nil {
		t.Fatal(err)
	}
	h.ends = w.Ends()
	t.Cleanup(func() {
		if err := w.Stop(context.Background()); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return h
}

func report[T any](h *house) func(context.Context, T) error {
	return func(_ context.Context, what T) error {
		h.calls <- call{what: what}
		return nil
	}
}

// failing reports each call and answers with the errors in turn, and then with nil.
func failing[T any](h *house, errs ...error) func(context.Context, T) error {
	n := 0
	return func(_ context.Context, what T) error {
		n++
		h.calls <- call{what, n}
		if n <= len(errs) {
			return errs[n-1]
		}
		return nil
	}
}

func (h *house) update(fn func(*store.Tx) error) {
	h.t.Helper()
	if err := h.s.Update(context.Background(), h.actor, fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) ring(tasks ...store.Task) {
	h.t.Helper()
	h.update(func(tx *store.Tx) error { return tx.Enqueue(tasks...) })
}

// heard waits for the next call.
func (h *house) heard() call {
	h.t.Helper()
	select {
	case c := <-h.calls:
		return c
	case <-time.After(30 * time.Second):
		h.t.Fatal("no task was worked")
		return call{}
	}
}

// ended waits until a task of a kind has ended, and says how it shall have.
func (h *house) ended(kind, state string) {
	h.t.Helper()
	for late := time.After(30 * time.Second); ; {
		select {
		case e := <-h.ends:
			if e.Job.Kind != kind {
				continue
			}
			if string(e.Job.State) != state {
				h.t.Fatalf("%s ended as %s, want %s", kind, e.Job.State, state)
			}
			return
		case <-late:
			h.t.Fatalf("%s has not ended", kind)
		}
	}
}

func id[I ~[16]byte]() I { return I(storetest.NewID()) }

func TestEveryTaskCallsItsUseCase(t *testing.T) {
	storetest.Both(t, time.Now, func(t *testing.T, s *store.Store) {
		h := running(t, s, nil)
		tenant := h.actor.Tenant
		for _, want := range []store.Task{
			task.Sync{Tenant: tenant, Connection: id[supervision.ConnectionID]()},
			task.Refresh{Tenant: tenant, Session: id[supervision.SessionID](), Revision: 2},
			task.Deliver{Tenant: tenant, Session: id[supervision.SessionID](), Person: id[supervision.PersonID]()},
			task.Render{Tenant: tenant, Person: id[supervision.PersonID]()},
			task.Confirm{Tenant: tenant, Session: id[supervision.SessionID](), Revision: 3},
			task.Recheck{Tenant: tenant, Person: id[supervision.PersonID]()},
			task.Solve{Tenant: tenant, Run: id[supervision.RunID]()},
			task.Import{Tenant: tenant, Import: id[supervision.ImportID]()},
		} {
			h.ring(want)
			if got := h.heard(); got.what != want {
				t.Errorf("rang %#v, heard %#v", want, got.what)
			}
		}
	})
}

func TestABellOfWhatDidNotTakePlaceIsNotHeard(t *testing.T) {
	storetest.Both(t, time.Now, func(t *testing.T, s *store.Store) {
		h := running(t, s, nil)
		nothing := errors.New("nothing took place")
		err := h.s.Update(t.Context(), h.actor, func(tx *store.Tx) error {
			if err := tx.Enqueue(task.Render{Tenant: h.actor.Tenant, Person: id[supervision.PersonID]()}); err != nil {
				return err
			}
			return nothing
		})
		if !errors.Is(err, nothing) {
			t.Fatal(err)
		}
		after := task.Render{Tenant: h.actor.Tenant, Person: id[supervision.PersonID]()}
		h.ring(after)
		if got := h.heard(); got.what != after {
			t.Errorf("heard %#v", got.what)
		}
	})
}

func TestWorkThatFailedIsRepeated(t *testing.T) {
	storetest.Both(t, time.Now, func(t *testing.T, s *store.Store) {
		h := running(t, s, func(h *house) {
			h.work.Confirm = failing[task.Confirm](h, errors.New("the database went away"))
		})
		h.ring(task.Confirm{Tenant: h.actor.Tenant, Session: id[supervision.SessionID](), Revision: 1})
		first, second := h.heard(), h.heard()
		if first.what != second.what || second.attempt != 2 {
			t.Errorf("heard %v, then %v", first, second)
		}
		if h.log.count("a task failed") != 1 {
			t.Errorf("the log says %q", h.log.lines())
		}
	})
}

// A repeat that the engine holds back would keep a new bell of the same task from being heard.
func TestWorkThatIsRungForBySweepsCanBeRungForAtOnceAfterAFailure(t *testing.T) {
	storetest.Both(t, time.Now, func(t *testing.T, s *store.Store) {
		h := running(t, s, func(h *house) {
			h.work.Sync = failing[task.Sync](h, errors.New("an outside fault"))
		})
		bell := task.Sync{Tenant: h.actor.Tenant, Connection: id[supervision.ConnectionID]()}
		h.ring(bell)
		h.heard()
		h.ended("sync", "cancelled")
		h.ring(bell)
		if c := h.heard(); c.attempt != 2 {
			t.Errorf("heard %v", c)
		}
	})
}

func TestWorkThatCannotSucceedEnds(t *testing.T) {
	for name, err := range map[string]error{
		"gone":      supervision.Absent(),
		"forbidden": supervision.Fault(supervision.Forbidden, "forbidden", "Not yours."),
		"invalid":   supervision.Fault(supervision.Invalid, "invalid", "Not so."),
	} {
		t.Run(name, func(t *testing.T) {
			h := running(t, storetest.SQLite(t, time.Now), func(h *house) { h.work.Recheck = failing[task.Recheck](h, err) })
			h.ring(task.Recheck{Tenant: h.actor.Tenant, Person: id[supervision.PersonID]()})
			h.heard()
			h.ended("recheck", "cancelled")
		})
	}
}

func TestAPanicEndsNothingButItsTask(t *testing.T) {
	storetest.Both(t, time.Now, func(t *testing.T, s *store.Store) {
		h := running(t, s, func(h *house) {
			h.work.Render = func(context.Context, task.Render) error { panic("a secret of a feed") }
		})
		h.ring(task.Render{Tenant: h.actor.Tenant, Person: id[supervision.PersonID]()})
		h.ended("render", "cancelled")
		recheck := task.Recheck{Tenant: h.actor.Tenant, Person: id[supervision.PersonID]()}
		h.ring(recheck)
		if got := h.heard(); got.what != recheck {
			t.Errorf("heard %v", got)
		}
		if h.log.contains("a secret of a feed") || h.log.count("a task panicked") != 1 {
			t.Errorf("the log says %q", h.log.lines())
		}
	})
}

func TestAJobIsCompletedInTheTransactionOfItsWork(t *testing.T) {
	storetest.Both(t, time.Now, func(t *testing.T, s *store.Store) {
		h := running(t, s, func(h *house) {
			h.work.Solve = func(ctx context.Context, what task.Solve) error {
				err := h.s.Update(ctx, h.actor, func(tx *store.Tx) error { return tx.FinishJob() })
				h.calls <- call{what: what}
				if err != nil {
					return err
				}
				return errors.New("what comes after the transaction changes nothing")
			}
		})
		h.ring(task.Solve{Tenant: h.actor.Tenant, Run: id[supervision.RunID]()})
		h.heard()
		h.ended("solve", "completed")
	})
}

func TestStopWaitsForWhatRuns(t *testing.T) {
	storetest.Both(t, time.Now, func(t *testing.T, s *store.Store) {
		begun, goOn, ended := make(chan bool), make(chan bool), make(chan bool, 1)
		h := &house{t: t, s: s, log: &logbook{}, actor: supervision.Actor{Tenant: id[supervision.TenantID](), Kind: supervision.ByTask}}
		h.update(func(tx *store.Tx) error {
			return tx.PutTenant(supervision.Tenant{ID: h.actor.Tenant, Name: "A", Language: "en"}, []byte("sealed"))
		})
		w, err := jobs.Start(t.Context(), s, jobs.Work{
			Import: func(ctx context.Context, _ task.Import) error {
				close(begun)
				<-goOn
				ended <- ctx.Err() == nil
				return nil
			},
			Sweep: func(context.Context, task.Sweep) error { return nil },
		}, slog.New(h.log))
		if err != nil {
			t.Fatal(err)
		}
		h.ring(task.Import{Tenant: h.actor.Tenant, Import: id[supervision.ImportID]()})
		<-begun
		stopped := make(chan error)
		go func() { stopped <- w.Stop(context.Background()) }()
		close(goOn)
		if err := <-stopped; err != nil {
			t.Fatal(err)
		}
		select {
		case whole := <-ended:
			if !whole {
				t.Error("the task was cancelled")
			}
		default:
			t.Error("stop did not wait")
		}
	})
}

func TestTheSweepComesByItself(t *testing.T) {
	storetest.Both(t, time.Now, func(t *testing.T, s *store.Store) {
		h := running(t, s, func(h *house) { h.work.Sweep = report[task.Sweep](h) })
		if got := h.heard(); got.what != (task.Sweep{}) {
			t.Errorf("heard %v", got)
		}
	})
}
