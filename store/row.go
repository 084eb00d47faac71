package store

import (
	"fmt"
	"reflect"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"kreds/supervision"
)

// row is one row of a table.
type row interface{ TableName() string }

// owned is the part of the key that every row has.
type owned struct {
	Tenant supervision.TenantID `gorm:"primaryKey"`
}

func (tx *Tx) owned() owned { return owned{tx.actor.Tenant} }

// insert puts a new row.
func (tx *Tx) insert(r row) error { return classify(tx.db.Create(r).Error) }

// insertAll puts new rows in batches.
func insertAll[R row](tx *Tx, rows []R) error {
	if len(rows) == 0 {
		return nil
	}
	return classify(tx.db.CreateInBatches(rows, 200).Error)
}

// put writes a versioned row: version 1 is inserted, a higher one is written over the version before it. What it writes
// over must still be that version: a stale tag otherwise.
func (tx *Tx) put(r row, id supervision.UUID, version int) error {
	if version == 1 {
		if err := tx.insert(r); err != nil {
			return err
		}
		return tx.changed(r.TableName(), id, version, false)
	}
	columns, keys, err := tx.columns(r)
	if err != nil {
		return err
	}
	res := tx.db.Table(r.TableName()).Where(keys).Where("version = ?", version-1).Updates(columns)
	if res.Error != nil {
		return classify(res.Error)
	}
	if res.RowsAffected == 0 {
		return supervision.Fault(supervision.Conflict, "stale-tag", "Somebody changed this in the meantime. Read it again, decide, and send the change with a new key.")
	}
	return tx.changed(r.TableName(), id, version, false)
}

// overwrite writes a row that has no version over the one with its key; upsert also puts a new one.
func (tx *Tx) overwrite(r row) error {
	columns, keys, err := tx.columns(r)
	if err != nil {
		return err
	}
	return classify(tx.db.Table(r.TableName()).Where(keys).Updates(columns).Error)
}

func (tx *Tx) upsert(r row) error {
	columns, keys, err := tx.columns(r)
	if err != nil {
		return err
	}
	var on []clause.Column
	for k := range keys {
		on = append(on, clause.Column{Name: k})
	}
	set := make([]string, 0, len(columns))
	for c := range columns {
		set = append(set, c)
	}
	return classify(tx.db.Clauses(clause.OnConflict{Columns: on, DoUpdates: clause.AssignmentColumns(set)}).Create(r).Error)
}

// columns splits a row into the columns of its key and the others.
func (tx *Tx) columns(r row) (columns, keys map[string]any, err error) {
	stmt := &gorm.Statement{DB: tx.db}
	if err := stmt.Parse(r); err != nil {
		return nil, nil, fmt.Errorf("store: %s: %w", r.TableName(), err)
	}
	columns, keys = map[string]any{}, map[string]any{}
	v := reflect.Indirect(reflect.ValueOf(r))
	for _, f := range stmt.Schema.Fields {
		value, _ := f.ValueOf(tx.ctx, v)
		if f.PrimaryKey {
			keys[f.DBName] = value
		} else {
			columns[f.DBName] = value
		}
	}
	return columns, keys, nil
}

// from starts a query on a table under the alias t, within the tenant.
func (tx *Tx) from(table string) *gorm.DB {
	return tx.db.Table(table+" AS t").Where("t.tenant = ?", tx.actor.Tenant)
}

// first reads the one row of a query; Absent when there is none.
func first[R row](q *gorm.DB) (R, error) {
	var r R
	err := q.Select("t.*").Limit(1).Scan(&r)
	switch {
	case err.Error != nil:
		return r, classify(err.Error)
	case err.RowsAffected == 0:
		return r, supervision.Absent()
	}
	return r, nil
}

// many reads the rows of a query.
func many[R row](q *gorm.DB) ([]R, error) {
	var rows []R
	return rows, classify(q.Select("t.*").Scan(&rows).Error)
}

// each converts rows.
func each[R, T any](rows []R, err error, conv func(R) T) ([]T, error) {
	if err != nil {
		return nil, err
	}
	list := make([]T, len(rows))
	for i, r := range rows {
		list[i] = conv(r)
	}
	return list, nil
}

// remove deletes the rows of a table that a condition names.
func (tx *Tx) remove(table, cond string, args ...any) (int64, error) {
	res := tx.db.Exec("DELETE FROM "+table+" WHERE tenant = ? AND "+cond, append([]any{tx.actor.Tenant}, args...)...)
	return res.RowsAffected, classify(res.Error)
}

// count counts the rows of a query.
func count(q *gorm.DB) (int, error) {
	var n int64
	err := q.Count(&n).Error
	return int(n), classify(err)
}

// ids of a list of rows, for a condition IN; a database refuses an empty list.
func ids[K any](list []supervision.ID[K]) []supervision.ID[K] {
	if len(list) == 0 {
		return []supervision.ID[K]{{}}
	}
	return list
}
