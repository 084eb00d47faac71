package store

import (
	"gorm.io/gorm"

	"kreds/supervision"
)

// Page is a part of a list: at most Size rows after the one named. Lists are in the order of ids, which for version 7 is
// that of making, unless they say otherwise.
type Page struct {
	Size  int
	After supervision.UUID    // zero: from the start
	Start supervision.Instant // lists by start: of the row named
	Down  bool                // lists by start: latest first
}

// byID cuts a query to the page in the order of ids. It asks for one row more, by which the caller knows that there is more.
func (p Page) byID(q *gorm.DB) *gorm.DB {
	if !p.After.IsZero() {
		q = q.Where("t.id > ?", p.After)
	}
	return q.Order("t.id").Limit(p.Size + 1)
}

// byStart cuts a query to the page in the order of starts, ids breaking ties.
func (p Page) byStart(q *gorm.DB) *gorm.DB {
	order, than := "t.starts_at, t.id", ">"
	if p.Down {
		order, than = "t.starts_at DESC, t.id DESC", "<"
	}
	if !p.After.IsZero() {
		q = q.Where("(t.starts_at "+than+" ? OR t.starts_at = ? AND t.id "+than+" ?)", at(p.Start), at(p.Start), p.After)
	}
	return q.Order(order).Limit(p.Size + 1)
}

// Cut returns at most size rows of what a page gave, and whether there is more.
func Cut[T any](rows []T, size int) ([]T, bool) {
	if len(rows) > size {
		return rows[:size], true
	}
	return rows, false
}
