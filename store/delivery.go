package store

import (
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
		Sequence: r.Sequence, Shown: r.Shown.v, ChangedAt: r.ChangedAt.get(), Wanted: r.Wanted, Done: r.Done,
		State: supervision.DeliveryState(r.State), Tries: r.Tries, NextAt: r.NextAt.get(), Fault: r.Fault}
}

// PutDelivery writes how a session stands, or shall stand, in a person's calendar.
func (tx *Tx) PutDelivery(d supervision.Delivery) error {
	return tx.upsert(&deliveryRow{tx.owned(), d.Session, d.Person, d.UID, d.Connection, d.Ref, d.Href, d.ETag, d.Sequence, docOf(d.Shown), at(d.ChangedAt),
		d.Wanted, d.Done, string(d.State), d.Tries, at(d.NextAt), d.Fault})
}

// Delivery returns one; Absent when the session was never to stand in the person's calendar.
func (tx *Tx) Delivery(s supervision.SessionID, p supervision.PersonID) (supervision.Delivery, error) {
	r, err := first[deliveryRow](tx.from("delivery").Where("t.session_id = ? AND t.person_id = ?", s, p))
	return r.delivery(), err
}

// LockDelivery is Delivery, and nobody else changes it until the transaction ends.
func (tx *Tx) LockDelivery(s supervision.SessionID, p supervision.PersonID) (supervision.Delivery, error) {
	q := tx.from("delivery").Where("t.session_id = ? AND t.person_id = ?", s, p)
	if !tx.s.sqlite {
		q = q.Clauses(clause.Locking{Strength: "UPDATE"})
	}
	r, err := first[deliveryRow](q)
	return r.delivery(), err
}

// DeliveriesOf lists the deliveries of sessions.
func (tx *Tx) DeliveriesOf(sessions []supervision.SessionID) ([]supervision.Delivery, error) {
	rows, err := many[deliveryRow](tx.from("delivery").Where("t.session_id IN ?", ids(sessions)).Order("t.session_id, t.person_id"))
	return each(rows, err, deliveryRow.delivery)
}

// DeliveriesTo lists the deliveries to a person.
func (tx *Tx) DeliveriesTo(p supervision.PersonID) ([]supervision.Delivery, error) {
	rows, err := many[deliveryRow](tx.from("delivery").Where("t.person_id = ?", p).Order("t.session_id"))
	return each(rows, err, deliveryRow.delivery)
}

// DueDeliveries lists the deliveries with work undone whose time has come.
func (tx *Tx) DueDeliveries() ([]supervision.Delivery, error) {
	rows, err := many[deliveryRow](tx.from("delivery").Where("t.wanted <> t.done AND t.state <> 'diverged' AND (t.next_at IS NULL OR t.next_at <= ?)", at(tx.now)).
		Order("t.session_id, t.person_id"))
	return each(rows, err, deliveryRow.delivery)
}
