package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"reflect"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Task is a bell: it says that something may have to be done, never what is true. Kind is the engine's name for it.
type Task interface{ Kind() string }

// Unique tasks are rung once for the same arguments until they have been answered.
type Unique interface {
	Task
	Unique() bool
}

// Queued tasks are worked in a queue of their own, so that slow ones do not hold up the others.
type Queued interface {
	Task
	Queue() string
}

// Attempts is how often the engine tries a task: with its delays, for about a day. It is set where a task is rung.
const Attempts = 14

// Enqueue rings a bell in the transaction: it is heard exactly if the transaction commits.
func (tx *Tx) Enqueue(tasks ...Task) error {
	for _, t := range tasks {
		opts := &river.InsertOpts{MaxAttempts: Attempts}
		if u, ok := t.(Unique); ok && u.Unique() {
			opts.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending,
				rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled}}
		}
		if q, ok := t.(Queued); ok {
			opts.Queue = q.Queue()
		}
		if _, err := tx.s.jobs.InsertTx(tx.ctx, tx.sqlTx(), t, opts); err != nil {
			return classify(err)
		}
	}
	return nil
}

// mostBells is how many waiting bells of a kind are looked through.
const mostBells = 10_000

// EnqueueAgain rings a bell again that may have been lost, unless the same one waits to be heard. One that is being answered is
// no reason not to ring: whoever answers it may have died.
func (tx *Tx) EnqueueAgain(t Task) error {
	waiting, err := tx.s.jobs.JobListTx(tx.ctx, tx.sqlTx(), river.NewJobListParams().Kinds(t.Kind()).First(mostBells).
		States(rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateScheduled))
	if err != nil {
		return classify(err)
	}
	text, err := json.Marshal(t)
	if err != nil {
		return classify(err)
	}
	want, err := members(text)
	if err != nil {
		return classify(err)
	}
	for _, j := range waiting.Jobs {
		if has, wrong := members(j.EncodedArgs); wrong == nil && reflect.DeepEqual(has, want) {
			return nil
		}
	}
	return tx.Enqueue(t)
}

// members reads what a task says, whatever the order in which the database keeps it.
func members(text []byte) (m map[string]any, err error) {
	err = json.Unmarshal(text, &m)
	return m, err
}

type finishKey struct{}

// WithJob puts the running job into the context, so that the transaction that completes its work can complete it too.
func WithJob(ctx context.Context, finish func(context.Context, *sql.Tx) error) context.Context {
	return context.WithValue(ctx, finishKey{}, finish)
}

// FinishJob completes the running job in this transaction. Outside of a job it does nothing.
func (tx *Tx) FinishJob() error {
	finish, ok := tx.ctx.Value(finishKey{}).(func(context.Context, *sql.Tx) error)
	if !ok {
		return nil
	}
	if err := finish(tx.ctx, tx.sqlTx()); err != nil {
		if errors.Is(err, rivertype.ErrNotFound) {
			return nil // rescued by another process meanwhile
		}
		return classify(err)
	}
	return nil
}
