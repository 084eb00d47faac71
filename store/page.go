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
	Start supervision.Instant // lists by start or by time: of the row named
	Name  string              // lists by name: of the row named
	On    supervision.Date    // lists by day: of the row named
	Down  bool                // lists that can be turned: last first
}

// byID cuts a query to the page in the order of ids. It asks for one row more, by which the caller knows that there is more.
func (p Page) byID(q *gorm.DB) *gorm.DB {
	if !p.After.IsZero() {
		q = q.Where("t.id > ?", p.After)
	}
	return q.Order("t.id").Limit(p.Size + 1)
}

// byStart cuts a query to the page in the order of starts, byName in that of names, and byDay in that of a column of days; ids
// break ties.
func (p Page) byStart(q *gorm.DB) *gorm.DB { return p.by(q, "t.starts_at", at(p.Start)) }

func (p Page) byName(q *gorm.DB) *gorm.DB { return p.by(q, "t.name", p.Name) }

func (p Page) byDay(q *gorm.DB, column string) *gorm.DB { return p.by(q, column, p.On) }

func (p Page) by(q *gorm.DB, column string, value any) *gorm.DB {
	order, than := column+", t.id", ">"
	if p.Down {
		order, than = column+" DESC, t.id DESC", "<"
	}
	if !p.After.IsZero() {
		q = q.Where("("+column+" "+than+" ? OR "+column+" = ? AND t.id "+than+" ?)", value, value, p.After)
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
