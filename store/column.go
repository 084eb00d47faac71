package store

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"kreds/supervision"
)

// instant is an Instant in a column: timestamptz in PostgreSQL, microseconds since 1970 in SQLite, null for "not yet".
type instant struct{ t time.Time }

func at(t supervision.Instant) instant { return instant{supervision.At(t)} }

func (i instant) get() supervision.Instant { return i.t }

// GormDataType keeps GORM from guessing.
func (instant) GormDataType() string { return "instant" }

// GormValue gives the dialect's form.
func (i instant) GormValue(_ context.Context, db *gorm.DB) clause.Expr {
	switch {
	case i.t.IsZero():
		return gorm.Expr("NULL")
	case db.Dialector.Name() == "sqlite":
		return gorm.Expr("?", i.t.UnixMicro())
	}
	return gorm.Expr("?", i.t.UTC())
}

// Value must exist for GORM to take the type as one column; the dialect's form comes from GormValue.
func (i instant) Value() (driver.Value, error) {
	if i.t.IsZero() {
		return nil, nil
	}
	return i.t.UTC(), nil
}

// Scan takes either dialect's form.
func (i *instant) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		i.t = time.Time{}
	case int64:
		i.t = time.UnixMicro(v).UTC()
	case time.Time:
		i.t = v.UTC()
	default:
		return fmt.Errorf("store: cannot read an instant from %T", src)
	}
	return nil
}

// doc is a value kept as JSON: jsonb in PostgreSQL, text in SQLite.
type doc[T any] struct{ v T }

func docOf[T any](v T) doc[T] { return doc[T]{v} }

// GormDataType keeps GORM from guessing.
func (doc[T]) GormDataType() string { return "json" }

// Value gives the JSON text.
func (d doc[T]) Value() (driver.Value, error) {
	b, err := json.Marshal(d.v)
	return string(b), err
}

// Scan takes the JSON text.
func (d *doc[T]) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		var none T
		d.v = none
		return nil
	case string:
		return json.Unmarshal([]byte(v), &d.v)
	case []byte:
		return json.Unmarshal(v, &d.v)
	}
	return fmt.Errorf("store: cannot read JSON from %T", src)
}

// maybe is a text that is null when it is empty, so that it may be unique where it is given.
type maybe string

// GormDataType keeps GORM from guessing.
func (maybe) GormDataType() string { return "string" }

// Value gives null for the empty text.
func (m maybe) Value() (driver.Value, error) {
	if m == "" {
		return nil, nil
	}
	return string(m), nil
}

// Scan takes text or null.
func (m *maybe) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*m = ""
	case string:
		*m = maybe(v)
	case []byte:
		*m = maybe(v)
	default:
		return fmt.Errorf("store: cannot read a text from %T", src)
	}
	return nil
}
