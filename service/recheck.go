package service

import (
	"slices"

	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// atOnce is how many people one statement asks about; databases bound the number of its values.
const atOnce = 5000

// Recheck rings for the sessions ahead of these people, because something by which they are judged has changed. Each session
// is rung for by one of its people: its supervisor, where the change is about them too, so that one bell stands for many.
func Recheck(tx *store.Tx, people ...supervision.PersonID) error {
	about, rung := map[supervision.PersonID]bool{}, map[supervision.PersonID]bool{}
	for _, p := range people {
		about[p] = true
	}
	for part := range slices.Chunk(people, atOnce) {
		sessions, err := tx.SessionsOf(part, tx.Now())
		if err != nil {
			return err
		}
		for _, x := range sessions {
			in := x.People()
			if !x.State.Occupies() || x.Started(tx.Now()) || slices.ContainsFunc(in, func(p supervision.PersonID) bool { return rung[p] }) {
				continue
			}
			p := x.Supervisor
			if !about[p] {
				p = in[slices.IndexFunc(in, func(p supervision.PersonID) bool { return about[p] })]
			}
			rung[p] = true
			if err := tx.Enqueue(task.Recheck{Tenant: tx.Tenant(), Person: p}); err != nil {
				return err
			}
		}
	}
	return nil
}
