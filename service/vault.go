package service

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"strings"

	"kreds/internal/seal"
	"kreds/store"
	"kreds/supervision"
)

// DataKey returns the data key of an owner, made at its first use.
func (h *House) DataKey(tx *store.Tx, kind store.KeyOwner, owner supervision.UUID) (seal.DataKey, error) {
	id, wrapped, err := tx.DataKey(kind, owner)
	switch {
	case err == nil:
		return h.unwrap(id, wrapped)
	case supervision.KindOf(err) != supervision.NotFound:
		return seal.DataKey{}, err
	}
	id = New[supervision.DataKeyID](h)
	key, wrapped := h.Masters.NewDataKey(id)
	return key, tx.PutDataKey(id, kind, owner, wrapped)
}

// Open opens a sealed value at its place, with the key that it names.
func (h *House) Open(tx *store.Tx, p seal.Place, sealed []byte) ([]byte, error) {
	id, err := seal.KeyOf(sealed)
	if err != nil {
		return nil, internal(err)
	}
	wrapped, err := tx.DataKeyByID(id)
	if err != nil {
		return nil, err
	}
	key, err := h.unwrap(id, wrapped)
	if err != nil {
		return nil, err
	}
	plain, err := key.Open(p, sealed)
	return plain, internal(err)
}

func (h *House) unwrap(id supervision.DataKeyID, wrapped []byte) (seal.DataKey, error) {
	if len(wrapped) == 0 {
		return seal.DataKey{}, internal(errors.New("service: the data key was destroyed"))
	}
	key, err := h.Masters.DataKey(id, wrapped)
	return key, internal(err)
}

// MakeTenant makes a tenant with its data key and its delivery key.
func (h *House) MakeTenant(tx *store.Tx, t supervision.Tenant) error {
	id := New[supervision.DataKeyID](h)
	key, wrapped := h.Masters.NewDataKey(id)
	if err := tx.PutTenant(t, key.Seal(deliveryPlace(t.ID), h.Masters.Random())); err != nil {
		return err
	}
	return tx.PutDataKey(id, store.TenantKey, t.ID.Any(), wrapped)
}

func deliveryPlace(t supervision.TenantID) seal.Place {
	return seal.Place{Table: "tenant", Column: "delivery_key", Tenant: t}
}

// DeliveryName is the name under which a session stands in a person's calendar, everywhere and for ever: lower-case
// base32hex, unpadded, of 20 bytes of an HMAC under the tenant's delivery key. It tells nothing, and nobody can guess it.
type DeliveryName func(supervision.SessionID, supervision.PersonID) string

// DeliveryNames opens the tenant's delivery key.
func (h *House) DeliveryNames(tx *store.Tx) (DeliveryName, error) {
	_, sealed, err := tx.TenantOf()
	if err != nil {
		return nil, err
	}
	key, err := h.Open(tx, deliveryPlace(tx.Tenant()), sealed)
	if err != nil {
		return nil, err
	}
	return func(s supervision.SessionID, p supervision.PersonID) string {
		m := hmac.New(sha256.New, key)
		m.Write(s[:])
		m.Write(p[:])
		return strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(m.Sum(nil)[:20]))
	}, nil
}

func internal(err error) error {
	if err == nil {
		return nil
	}
	return &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: err}
}
