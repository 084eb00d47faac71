package store

import "kreds/supervision"

type declaredRow struct {
	Of       owned                `gorm:"embedded"`
	PersonID supervision.PersonID `gorm:"primaryKey"`
	Grid     doc[supervision.Declaration]
	ValidTo  supervision.Date
	Version  int
}

func (declaredRow) TableName() string { return "declared_availability" }

// PutDeclared writes what a person declares over the version it has and raises it; version 0 is new.
func (tx *Tx) PutDeclared(p supervision.PersonID, d *supervision.Declaration) error {
	d.Version++
	return named(tx.put(&declaredRow{tx.owned(), p, docOf(*d), d.ValidTo, d.Version}, p.Any(), d.Version))
}

// Declared returns what a person declares; Absent when they declare nothing.
func (tx *Tx) Declared(p supervision.PersonID) (supervision.Declaration, error) {
	r, err := first[declaredRow](tx.from("declared_availability").Where("t.person_id = ?", p))
	d := r.Grid.v
	d.Version = r.Version
	return d, err
}

// Declarations returns what people declare; those who declare nothing are not in the answer.
func (tx *Tx) Declarations(people []supervision.PersonID) (map[supervision.PersonID]supervision.Declaration, error) {
	rows, err := many[declaredRow](tx.from("declared_availability").Where("t.person_id IN ?", ids(people)))
	m := map[supervision.PersonID]supervision.Declaration{}
	for _, r := range rows {
		m[r.PersonID] = r.Grid.v
	}
	return m, err
}
