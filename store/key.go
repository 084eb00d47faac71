package store

import (
	"bytes"
	"errors"
	"time"

	"gorm.io/gorm/clause"

	"kreds/supervision"
)

// KeyAge is how long the result of a call is kept for those who ask again.
const KeyAge = 48 * time.Hour

type callKeyRow struct {
	Of        owned            `gorm:"embedded"`
	Principal supervision.UUID `gorm:"primaryKey"`
	Operation string           `gorm:"primaryKey"`
	Path      string           `gorm:"primaryKey"`
	Key       string           `gorm:"primaryKey"`
	ID        supervision.UUID
	Hash      []byte
	Result    []byte
	MadeAt    instant
}

func (callKeyRow) TableName() string { return "call_key" }

// CallKey names one call of one principal.
type CallKey struct {
	Principal supervision.UUID
	Operation supervision.Action
	Path      string
	Key       string
	Hash      []byte // of the body
}

// KeyRow is the row under which a call's result is kept.
type KeyRow struct{ ID supervision.UUID }

// Once inserts the key row of a call, before any other lock. When there is one already it returns its sealed result: the
// call took place. A repeat that runs at the same time waits for the first: on PostgreSQL at most two seconds, then it is
// told to come again; on SQLite for the one writer.
func (tx *Tx) Once(k CallKey) (row KeyRow, stored []byte, replay bool, err error) {
	r := callKeyRow{tx.owned(), k.Principal, string(k.Operation), k.Path, k.Key, tx.s.newID(), k.Hash, nil, at(tx.now)}
	if !tx.s.sqlite {
		if err := tx.db.Exec("SET LOCAL lock_timeout = '2s'").Error; err != nil {
			return row, nil, false, classify(err)
		}
	}
	res := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&r)
	if err := classify(res.Error); errors.Is(err, errLocked) {
		return row, nil, false, &supervision.Error{Kind: supervision.Conflict, Code: "idempotency-key-in-use", RetryAfter: time.Second,
			Detail: "The same request is still being worked on. Send it again in a second."}
	} else if err != nil {
		return row, nil, false, err
	}
	if !tx.s.sqlite {
		if err := tx.db.Exec("SET LOCAL lock_timeout TO DEFAULT").Error; err != nil {
			return row, nil, false, classify(err)
		}
	}
	if res.RowsAffected == 1 {
		return KeyRow{r.ID}, nil, false, nil
	}
	old, err := first[callKeyRow](tx.from("call_key").Where("t.principal = ? AND t.operation = ? AND t.path = ? AND t.key = ?",
		k.Principal, string(k.Operation), k.Path, k.Key))
	if err != nil {
		if supervision.KindOf(err) == supervision.NotFound {
			return row, nil, false, errAgain // it was forgotten in between
		}
		return row, nil, false, err
	}
	if tx.now.Sub(old.MadeAt.get()) > KeyAge {
		if _, err := tx.remove("call_key", "id = ?", old.ID); err != nil {
			return row, nil, false, err
		}
		return tx.Once(k)
	}
	if !bytes.Equal(old.Hash, k.Hash) {
		return row, nil, false, supervision.Fault(supervision.Invalid, "idempotency-key-reused", "This Idempotency-Key was used with another body. Send a new key with a new intention.")
	}
	return KeyRow{old.ID}, old.Result, true, nil
}

// Keep stores the sealed result with the call's key, in the transaction of its effect.
func (tx *Tx) Keep(row KeyRow, sealed []byte) error {
	return classify(tx.db.Exec("UPDATE call_key SET result = ? WHERE tenant = ? AND id = ?", sealed, tx.actor.Tenant, row.ID).Error)
}

// ForgetKeys removes the keys of the tenant that are older than KeyAge.
func (tx *Tx) ForgetKeys() error {
	_, err := tx.remove("call_key", "made_at < ?", at(tx.now.Add(-KeyAge)))
	return err
}
