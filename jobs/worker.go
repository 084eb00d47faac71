package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"kreds/store"
	"kreds/supervision"
)

// repeats says what becomes of work that failed.
type repeats bool

const (
	byEngine repeats = true  // the engine repeats it, later each time
	bySweep  repeats = false // its row says when it is due again, and the sweep rings
)

// worker works one kind of task.
type worker[T river.JobArgs] struct {
	river.WorkerDefaults[T]
	do      func(context.Context, T) error
	repeats repeats
	most    time.Duration // 0: the engine's usual time
	sqlite  bool
	log     *slog.Logger
}

func (w *worker[T]) Timeout(*river.Job[T]) time.Duration { return w.most }

// Work calls the use case with the running job in the context, and decides what becomes of a failure.
func (w *worker[T]) Work(ctx context.Context, job *river.Job[T]) error {
	err := w.call(store.WithJob(ctx, func(ctx context.Context, tx *sql.Tx) error { return w.finish(ctx, tx, job) }), job.Args)
	switch kind := supervision.KindOf(err); {
	case err == nil:
		return nil
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		return err // the process stops; another one goes on
	case kind == supervision.NotFound:
		return river.JobCancel(err) // what it was about is gone
	case kind == supervision.Forbidden, kind == supervision.Invalid:
		w.log.Warn("a task ended", "task", job.Kind, "job", job.ID, "code", supervision.CodeOf(err))
		return river.JobCancel(err)
	default:
		w.log.Error("a task failed", "task", job.Kind, "job", job.ID, "attempt", job.Attempt, "error", err)
	}
	if w.repeats == bySweep {
		return river.JobCancel(err)
	}
	return err
}

// call calls the use case; a panic of it is a failure of this job and of nothing else.
func (w *worker[T]) call(ctx context.Context, args T) (err error) {
	defer func() {
		if p := recover(); p != nil {
			w.log.Error("a task panicked", "task", args.Kind(), "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			err = &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: errors.New("jobs: a task panicked; the log has its stack")}
		}
	}()
	return w.do(ctx, args)
}

// finish completes the job in a transaction of its work.
func (w *worker[T]) finish(ctx context.Context, tx *sql.Tx, job *river.Job[T]) (err error) {
	if w.sqlite {
		_, err = river.JobCompleteTx[*riversqlite.Driver](ctx, tx, job)
	} else {
		_, err = river.JobCompleteTx[*riverdatabasesql.Driver](ctx, tx, job)
	}
	return err
}
