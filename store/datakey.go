package store

import "kreds/supervision"

// KeyOwner says whose values a data key seals.
type KeyOwner string

const (
	TenantKey  KeyOwner = "tenant"
	PersonKey  KeyOwner = "person"
	SessionKey KeyOwner = "session"
)

type dataKeyRow struct {
	Of          owned                 `gorm:"embedded"`
	ID          supervision.DataKeyID `gorm:"primaryKey"`
	OwnerKind   KeyOwner
	Owner       supervision.UUID
	Wrapped     []byte
	DestroyedAt instant
}

func (dataKeyRow) TableName() string { return "data_key" }

// DataKey returns the wrapped data key of an owner; Absent when none was made.
func (tx *Tx) DataKey(kind KeyOwner, owner supervision.UUID) (supervision.DataKeyID, []byte, error) {
	r, err := first[dataKeyRow](tx.from("data_key").Where("t.owner_kind = ? AND t.owner = ?", kind, owner))
	return r.ID, r.Wrapped, err
}

// DataKeyByID returns a wrapped data key by the id that a sealed value names.
func (tx *Tx) DataKeyByID(id supervision.DataKeyID) ([]byte, error) {
	r, err := first[dataKeyRow](tx.from("data_key").Where("t.id = ?", id))
	return r.Wrapped, err
}

// PutDataKey keeps a new wrapped data key.
func (tx *Tx) PutDataKey(id supervision.DataKeyID, kind KeyOwner, owner supervision.UUID, wrapped []byte) error {
	err := tx.insert(&dataKeyRow{Of: tx.owned(), ID: id, OwnerKind: kind, Owner: owner, Wrapped: wrapped})
	if duplicate(err) {
		return errAgain // another transaction made one: run again with it
	}
	return err
}
