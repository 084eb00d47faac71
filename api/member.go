package api

import (
	"github.com/oapi-codegen/nullable"

	"kreds/api/contract"
	"kreds/supervision"
)

// The members of wire structs, one way or the other.

// each renders a list; it is never null.
func each[T, J any](rows []T, render func(T) J) []J {
	out := make([]J, len(rows))
	for i, r := range rows {
		out[i] = render(r)
	}
	return out
}

// list keeps a list from being null.
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

// items reads an optional list.
func items[T any](l *[]T) []T {
	if l == nil {
		return nil
	}
	return *l
}

// text reads an optional text.
func text(s *string) string { return or(s, "") }

// or reads an optional member.
func or[T any](v *T, otherwise T) T {
	if v == nil {
		return otherwise
	}
	return *v
}

// day reads an optional day.
func day(d *supervision.Date) supervision.Date { return or(d, supervision.Date{}) }

// idOf reads an optional id.
func idOf[I ~[16]byte](id *contract.ID) (out I) {
	if id != nil {
		out = I(*id)
	}
	return out
}

// idsOf reads a list of ids.
func idsOf[I ~[16]byte](list []contract.ID) []I {
	out := make([]I, len(list))
	for i, id := range list {
		out[i] = I(id)
	}
	return out
}

// set changes what a patch names; absent keeps.
func set[T any](into *T, v *T) {
	if v != nil {
		*into = *v
	}
}

// patch changes what a patch names; null clears.
func patch[T any](into *T, n nullable.Nullable[T]) {
	if v, ok := Changed(n); ok {
		var zero T
		*into = or(v, zero)
	}
}
