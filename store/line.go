package store

import (
	"encoding/binary"

	"kreds/supervision"
)

type lineRow struct {
	Of        owned              `gorm:"embedded"`
	ID        supervision.LineID `gorm:"primaryKey"`
	PersonID  supervision.PersonID
	ManagerID supervision.PersonID
	Kind      string
	ValidFrom supervision.Date
	ValidTo   supervision.Date
	Version   int
}

func (lineRow) TableName() string { return "reporting_line" }

func (r lineRow) line() supervision.ReportingLine {
	return supervision.ReportingLine{ID: r.ID, Person: r.PersonID, Manager: r.ManagerID, Kind: supervision.LineKind(r.Kind),
		Valid: supervision.Days{From: r.ValidFrom, To: r.ValidTo}, Version: r.Version}
}

// PutLine writes a reporting line over the version it has and raises it; version 0 is new.
func (tx *Tx) PutLine(l *supervision.ReportingLine) error {
	l.Version++
	return named(tx.put(&lineRow{tx.owned(), l.ID, l.Person, l.Manager, string(l.Kind), l.Valid.From, l.Valid.To, l.Version}, l.ID.Any(), l.Version))
}

// Line returns one reporting line.
func (tx *Tx) Line(id supervision.LineID) (supervision.ReportingLine, error) {
	r, err := first[lineRow](tx.from("reporting_line").Where("t.id = ?", id))
	return r.line(), err
}

// Lines lists every reporting line of the tenant: who stands above whom is a question about all of them.
func (tx *Tx) Lines() (supervision.Lines, error) {
	rows, err := many[lineRow](tx.from("reporting_line").Order("t.id"))
	return each(rows, err, lineRow.line)
}

// linesLock is added to the tenant's id, so that it is another advisory lock than those of other purposes.
const linesLock = 0x6c696e6573 // "lines"

// LockLines keeps everybody else of the tenant from changing reporting lines until the transaction ends: whether lines form a
// circle is a question about all of them. It is taken before people are locked. On SQLite the one writer is the lock.
func (tx *Tx) LockLines() error {
	if tx.s.sqlite {
		return nil
	}
	t := tx.actor.Tenant
	return classify(tx.db.Exec("SELECT pg_advisory_xact_lock(?)", int64(binary.BigEndian.Uint64(t[8:]))^linesLock).Error)
}

// LineFilter narrows a list of reporting lines.
type LineFilter struct {
	Person  supervision.PersonID
	Manager supervision.PersonID
}

// ListLines is a page of those that the actor may see.
func (tx *Tx) ListLines(f LineFilter, p Page) ([]supervision.ReportingLine, error) {
	q := tx.visible(tx.from("reporting_line"), Lines, "listReportingLines")
	if !f.Person.IsZero() {
		q = q.Where("t.person_id = ?", f.Person)
	}
	if !f.Manager.IsZero() {
		q = q.Where("t.manager_id = ?", f.Manager)
	}
	rows, err := many[lineRow](p.byID(q))
	return each(rows, err, lineRow.line)
}
