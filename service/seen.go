package service

import (
	"kreds/store"
	"kreds/supervision"
)

// SeenAll puts each object of a page into the view that the actor gets of it. An object that they stopped seeing between
// two statements of the snapshot cannot be; one without a view is left out.
func SeenAll[T any](tx *store.Tx, n store.Noun, a supervision.Action, list []T, id func(T) supervision.UUID) ([]Seen[T], error) {
	ids := make([]supervision.UUID, len(list))
	for i, o := range list {
		ids[i] = id(o)
	}
	views, err := tx.Views(n, a, ids)
	if err != nil {
		return nil, err
	}
	seen := make([]Seen[T], 0, len(list))
	for i, o := range list {
		if v, ok := views[ids[i]]; ok {
			seen = append(seen, Seen[T]{o, v})
		}
	}
	return seen, nil
}
