package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"kreds/supervision"
)

// Tx is a transaction of one tenant, taken by one actor.
type Tx struct {
	ctx   context.Context
	s     *Store
	db    *gorm.DB
	actor supervision.Actor
	now   supervision.Instant

	claimed bool // Claim has run
}

// Now is the instant at which the transaction began. All that it decides and writes is of that instant.
func (tx *Tx) Now() supervision.Instant { return tx.now }

// Today is the day of Now in UTC, for which relations are asked.
func (tx *Tx) Today() supervision.Date { return supervision.DateOf(tx.now) }

// Actor is who takes the step.
func (tx *Tx) Actor() supervision.Actor { return tx.actor }

// Tenant is whose rows the transaction sees.
func (tx *Tx) Tenant() supervision.TenantID { return tx.actor.Tenant }

type inUpdate struct{}

// View runs fn on one read-only snapshot.
func (s *Store) View(ctx context.Context, actor supervision.Actor, fn func(*Tx) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if !s.sqlite {
		opts.Isolation = sql.LevelRepeatableRead
	}
	return tooBusy(s.run(ctx, s.read, opts, actor, fn))
}

// Update runs fn in one transaction, from the start again when another transaction was in its way. An error on COMMIT
// means that nobody knows whether it took place: a caller who asks again under the same key learns it.
func (s *Store) Update(ctx context.Context, actor supervision.Actor, fn func(*Tx) error) error {
	if ctx.Value(inUpdate{}) != nil {
		panic("store: an Update inside an Update waits for itself")
	}
	ctx = context.WithValue(ctx, inUpdate{}, true)
	opts := &sql.TxOptions{}
	if !s.sqlite {
		opts.Isolation = sql.LevelReadCommitted
	}
	const most = 5
	for try := 1; ; try++ {
		err := s.run(ctx, s.write, opts, actor, fn)
		if !errors.Is(err, errAgain) || try == most {
			return tooBusy(err)
		}
	}
}

// tooBusy is what a caller is told when others were in the way for too long.
func tooBusy(err error) error {
	if errors.Is(err, errAgain) {
		return supervision.Fault(supervision.Unavailable, "unavailable", "Others are changing the same things; nothing was changed. Send the request again.")
	}
	return err
}

// errAgain: run the Update from the start.
var errAgain = errors.New("store: another transaction was in the way")

// Again makes the Update run from its start, for a use case that found that it locked too little.
func Again() error { return errAgain }

func (s *Store) run(ctx context.Context, db *gorm.DB, opts *sql.TxOptions, actor supervision.Actor, fn func(*Tx) error) (err error) {
	t := db.WithContext(ctx).Begin(opts)
	if t.Error != nil {
		return classify(t.Error)
	}
	defer func() {
		if p := recover(); p != nil {
			t.Rollback()
			panic(p)
		}
	}()
	tx := &Tx{ctx: ctx, s: s, db: t, actor: actor, now: supervision.At(s.now())}
	if err := fn(tx); err != nil {
		t.Rollback()
		return err
	}
	if err := classify(t.Commit().Error); err != nil {
		if errors.Is(err, errAgain) {
			return err
		}
		return &supervision.Error{Kind: supervision.Unavailable, Code: "unavailable",
			Detail: "The database did not say whether this took place. Send the same request with the same Idempotency-Key to learn it.", Err: err}
	}
	return nil
}

// sqlTx is the transaction for the job engine.
func (tx *Tx) sqlTx() *sql.Tx {
	t, ok := tx.db.Statement.ConnPool.(*sql.Tx)
	if !ok {
		panic(fmt.Sprintf("store: a transaction is a %T", tx.db.Statement.ConnPool))
	}
	return t
}
