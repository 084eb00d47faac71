package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"kreds/service/task"
	"kreds/store"
)

const (
	// usualTime is what a task may take. Those that take longer say so themselves.
	usualTime = time.Minute
	// A reading asks a calendar for up to four minutes, and then keeps what came of it.
	readTime = 5 * time.Minute
	// A search ends by itself, at the latest after a day. Should its process die, the sweep rings long before that.
	solveTime = 25 * time.Hour
	// An import is one transaction, and on SQLite nobody else writes meanwhile. What takes longer than this has failed.
	importTime = 3 * time.Minute
	// rescueAfter is when a task counts as left behind by a process that died; those that take longer get their own time first.
	rescueAfter = 90 * time.Second
	// sweepEvery is how often lost bells are rung again.
	sweepEvery = time.Minute
	// stopTime is what running tasks get to end by themselves when the process stops.
	stopTime = 15 * time.Second
	// attempts is how often the engine tries what it rings itself: as often as what the store rings.
	attempts = store.Attempts
)

// How many tasks of a queue one process works at a time. Calendars wait for others; a search takes all processors by itself.
const (
	usualWorkers    = 8
	calendarWorkers = 8
	planWorkers     = 1
)

// Workers are the running workers of one process.
type Workers struct{ client *river.Client[*sql.Tx] }

// Start starts the workers on a database that is at the newest step. They work until Stop.
func Start(ctx context.Context, s *store.Store, w Work, log *slog.Logger) (*Workers, error) {
	client, err := river.NewClient(s.JobDriver(), &river.Config{
		Queues: map[string]river.QueueConfig{
			river.QueueDefault: {MaxWorkers: usualWorkers},
			task.Calendars:     {MaxWorkers: calendarWorkers},
			task.Plans:         {MaxWorkers: planWorkers},
		},
		Workers:              workers(s, w, log),
		PeriodicJobs:         []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(sweepEvery), sweepOnce, &river.PeriodicJobOpts{RunOnStart: true})},
		JobTimeout:           usualTime,
		RescueStuckJobsAfter: rescueAfter,
		FetchPollInterval:    pollEvery(s),
		MaxAttempts:          attempts,
		Logger:               slog.New(warnings{log.Handler()}),
	})
	if err != nil {
		return nil, fmt.Errorf("jobs: cannot set up the workers: %w", err)
	}
	// The workers outlive the context that asked for their start: Stop ends them, so that running tasks can finish.
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return nil, fmt.Errorf("jobs: cannot start the workers: %w. Maybe the database wants kreds migrate first", err)
	}
	return &Workers{client}, nil
}

// Stop takes no new tasks, waits for the running ones, and cancels those that take too long; another process goes on with them.
func (w *Workers) Stop(ctx context.Context) error {
	soft, cancel := context.WithTimeout(ctx, stopTime)
	defer cancel()
	err := w.client.Stop(soft)
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		err = w.client.StopAndCancel(context.WithoutCancel(ctx))
	}
	return err
}

func workers(s *store.Store, w Work, log *slog.Logger) *river.Workers {
	all := river.NewWorkers()
	add(all, s, log, w.Sync, bySweep, readTime)
	add(all, s, log, w.Deliver, bySweep, 0)
	add(all, s, log, w.Render, bySweep, 0)
	add(all, s, log, w.Refresh, byEngine, 0)
	add(all, s, log, w.Confirm, byEngine, 0)
	add(all, s, log, w.Recheck, byEngine, 0)
	add(all, s, log, w.Solve, byEngine, solveTime)
	add(all, s, log, w.Import, byEngine, importTime)
	add(all, s, log, w.Sweep, bySweep, 0)
	return all
}

func add[T river.JobArgs](to *river.Workers, s *store.Store, log *slog.Logger, do func(context.Context, T) error, r repeats, most time.Duration) {
	river.AddWorker(to, &worker[T]{do: do, repeats: r, most: most, sqlite: s.SQLite(), log: log})
}

// sweepOnce is one sweep; a second one is not rung for while the first has not been worked.
func sweepOnce() (river.JobArgs, *river.InsertOpts) {
	return task.Sweep{}, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByState: []rivertype.JobState{rivertype.JobStateAvailable,
		rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled}}}
}

// pollEvery is how often new tasks are looked for. PostgreSQL says when there are some; SQLite has to be asked.
func pollEvery(s *store.Store) time.Duration {
	if s.SQLite() {
		return 100 * time.Millisecond
	}
	return time.Second
}

// warnings lets the engine log what an operator has to see of the engine itself; how tasks end is logged by their worker.
type warnings struct{ slog.Handler }

func (w warnings) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && w.Handler.Enabled(ctx, l)
}
