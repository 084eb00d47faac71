package store

import "gorm.io/gorm"

// cut narrows a query on a table of seats, whose person stands in the column.
func (f SeatFilter) cut(q *gorm.DB, person string) *gorm.DB {
	if !f.Cycle.IsZero() {
		q = q.Where("t.cycle_id = ?", f.Cycle)
	}
	if !f.Person.IsZero() {
		q = q.Where("t."+person+" = ?", f.Person)
	}
	if len(f.State) > 0 {
		q = q.Where("t.state IN ?", f.State)
	}
	return q
}
