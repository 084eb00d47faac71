package store

import (
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"kreds/supervision"
)

type deliveryRow struct {
	Of           owned                 `gorm:"embedded"`
	SessionID    supervision.SessionID `gorm:"primaryKey"`
	PersonID     supervision.PersonID  `gorm:"primaryKey"`
	UID          string                `gorm:"column:uid"`
	ConnectionID supervision.ConnectionID
	Ref          string
	Href         string
	ETag         string `gorm:"column:etag"`
	Sequence     int
	Shown        doc[supervision.Shown]
	Past         doc[[]supervision.Shown]
	ChangedAt    instant
	Wanted       int
	Done         int
	State        string
	Tries        int
	NextAt       instant
	Fault        string
}

func (deliveryRow) TableName() string { return "delivery" }

func (r deliveryRow) delivery() supervision.Delivery {
	return supervision.Delivery{Session: r.SessionID, Person: r.PersonID, UID: r.UID, Connection: r.ConnectionID, Ref: r.Ref, Href: r.Href, ETag: r.ETag,
		Sequence: r.Sequence, Shown: r.Shown.v, Past: r.Past.v, ChangedAt: r.ChangedAt.get(), Wanted: r.Wanted, Done: r.Done,
		State: supervision.DeliveryState(r.State), Tries: r.Tries, NextAt: r.NextAt.get(), Fault: r.Fault}
}

// PutDelivery writes how a session stands, or shall stand, in a person's calendar.
func (tx *Tx) PutDelivery(d supervision.Delivery) error {
	return tx.upsert(&deliveryRow{tx.owned(), d.Session, d.Person, d.UID, d.Connection, d.Ref, d.Href, d.ETag, d.Sequence, docOf(d.Shown), docOf(orEmpty(d.Past)),
		at(d.ChangedAt), d.Wanted, d.Done, string(d.State), d.Tries, at(d.NextAt), d.Fault})
}

// Delivery returns one; Absent when the session was never to stand in the person's calendar.
func (tx *Tx) Delivery(s supervision.SessionID, p supervision.PersonID) (supervision.Delivery, error) {
	r, err := first[deliveryRow](tx.from("delivery").Where("t.session_id = ? AND t.person_id = ?", s, p))
	return r.delivery(), err
}

// LockDelivery is Delivery, and nobody else changes it until the transaction ends.
func (tx *Tx) LockDelivery(s supervision.SessionID, p supervision.PersonID) (supervision.Delivery, error) {
	r, err := first[deliveryRow](tx.locking(tx.from("delivery").Where("t.session_id = ? AND t.person_id = ?", s, p)))
	return r.delivery(), err
}

// DeliveriesOf lists the deliveries of sessions.
func (tx *Tx) DeliveriesOf(sessions []supervision.SessionID) ([]supervision.Delivery, error) {
	rows, err := many[deliveryRow](tx.from("delivery").Where("t.session_id IN ?", ids(sessions)).Order("t.session_id, t.person_id"))
	return each(rows, err, deliveryRow.delivery)
}

// LockDeliveriesOf is DeliveriesOf, and nobody else changes them until the transaction ends.
func (tx *Tx) LockDeliveriesOf(sessions []supervision.SessionID) ([]supervision.Delivery, error) {
	rows, err := many[deliveryRow](tx.locking(tx.from("delivery").Where("t.session_id IN ?", ids(sessions)).Order("t.session_id, t.person_id")))
	return each(rows, err, deliveryRow.delivery)
}

// DeliveriesTo lists the deliveries to a person.
func (tx *Tx) DeliveriesTo(p supervision.PersonID) ([]supervision.Delivery, error) {
	rows, err := many[deliveryRow](tx.from("delivery").Where("t.person_id = ?", p).Order("t.session_id"))
	return each(rows, err, deliveryRow.delivery)
}

// LockDeliveriesTo is DeliveriesTo, and nobody else changes them until the transaction ends.
func (tx *Tx) LockDeliveriesTo(p supervision.PersonID) ([]supervision.Delivery, error) {
	rows, err := many[deliveryRow](tx.locking(tx.from("delivery").Where("t.person_id = ?", p).Order("t.session_id")))
	return each(rows, err, deliveryRow.delivery)
}

// OwnNames lists the names under which sessions stand in a person's calendars, or may come to stand.
func (tx *Tx) OwnNames(p supervision.PersonID) (map[string]bool, error) {
	var names []string
	err := tx.from("delivery").Where("t.person_id = ?", p).Pluck("t.uid", &names).Error
	own := make(map[string]bool, len(names))
	for _, n := range names {
		own[n] = true
	}
	return own, classify(err)
}

// locking makes a query lock the rows that it reads; on SQLite the one writer is the lock.
func (tx *Tx) locking(q *gorm.DB) *gorm.DB {
	if tx.s.sqlite {
		return q
	}
	return q.Clauses(clause.Locking{Strength: "UPDATE"})
}

// DueDeliveries lists the deliveries with work undone whose time has come.
func (tx *Tx) DueDeliveries() ([]supervision.Delivery, error) {
	rows, err := many[deliveryRow](tx.from("delivery").Where("t.wanted <> t.done AND t.state <> 'diverged' AND (t.next_at IS NULL OR t.next_at <= ?)", at(tx.now)).
		Order("t.session_id, t.person_id"))
	return each(rows, err, deliveryRow.delivery)
}
