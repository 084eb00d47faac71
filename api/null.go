package api

import (
	"github.com/oapi-codegen/nullable"

	"kreds/supervision"
)

// Null is the member of a reply that may be null: nil is null. Every required member of that kind has to be set, since an
// unset one would be written as its zero value.
func Null[T any](v *T) nullable.Nullable[T] {
	if v == nil {
		return nullable.NewNullNullable[T]()
	}
	return nullable.NewNullableWithValue(*v)
}

// NullIf is null when v is the zero value of its type: an unset text, day or id.
func NullIf[T comparable](v T) nullable.Nullable[T] {
	var zero T
	if v == zero {
		return nullable.NewNullNullable[T]()
	}
	return nullable.NewNullableWithValue(v)
}

// Changed reads a member of a merge patch (RFC 7396): set says that it was sent, and a nil value that it is to be cleared.
func Changed[T any](n nullable.Nullable[T]) (v *T, set bool) {
	if !n.IsSpecified() {
		return nil, false
	}
	if value, err := n.Get(); err == nil {
		return &value, true
	}
	return nil, true
}

// PathID reads an id of a path. One that cannot be an id is as absent as any other: 404.
func PathID[I ~[16]byte](s string) (I, error) {
	id, err := supervision.ParseID[struct{}](s)
	if err != nil {
		return I{}, supervision.Absent()
	}
	return I(id), nil
}
