package seal

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// DataKey seals the values of one owner.
type DataKey struct {
	ID  [16]byte
	key []byte
}

// NewDataKey makes a data key with the id, and its wrapped form for the database.
func (m *Masters) NewDataKey(id [16]byte) (k DataKey, wrapped []byte) {
	k = DataKey{id, random(keyBytes)}
	return k, m.wrap(id, k.key)
}

// DataKey opens a wrapped data key.
func (m *Masters) DataKey(id [16]byte, wrapped []byte) (DataKey, error) {
	key, err := m.unwrap(id, wrapped)
	return DataKey{id, key}, err
}

// Rewrap wraps a data key by the newest master key; what it sealed stays as it is.
func (m *Masters) Rewrap(id [16]byte, wrapped []byte) ([]byte, error) {
	key, err := m.unwrap(id, wrapped)
	if err != nil {
		return nil, err
	}
	return m.wrap(id, key), nil
}

// Place is where a sealed value stands. It opens nowhere else.
type Place struct {
	Table, Column string
	Tenant        [16]byte
	Row           [16]byte
}

const sealVersion = 1

// Seal encrypts a value for its place: version, data key id, GCM.
func (k DataKey) Seal(p Place, plain []byte) []byte {
	head := append([]byte{sealVersion}, k.ID[:]...)
	return gcm(k.key).Seal(head, nil, plain, p.bind(k.ID))
}

// Open decrypts a value that stands at p.
func (k DataKey) Open(p Place, sealed []byte) ([]byte, error) {
	id, err := KeyOf(sealed)
	if err != nil {
		return nil, err
	}
	if id != k.ID {
		return nil, errors.New("seal: the value was sealed with another data key")
	}
	plain, err := gcm(k.key).Open(nil, nil, sealed[17:], p.bind(k.ID))
	if err != nil {
		return nil, fmt.Errorf("seal: a value of %s.%s does not open; it was changed, or moved to another row", p.Table, p.Column)
	}
	return plain, nil
}

// KeyOf names the data key by which a value was sealed.
func KeyOf(sealed []byte) (id [16]byte, err error) {
	if len(sealed) < 17 || sealed[0] != sealVersion {
		return id, errors.New("seal: a sealed value is in a form that this version does not know")
	}
	copy(id[:], sealed[1:17])
	return id, nil
}

// bind is the associated data: every part with its length, so that no two places are spelt alike.
func (p Place) bind(key [16]byte) []byte {
	var b []byte
	for _, part := range [][]byte{[]byte(p.Table), []byte(p.Column), p.Tenant[:], p.Row[:], key[:]} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(part)))
		b = append(b, part...)
	}
	return b
}
