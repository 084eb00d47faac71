package service

import (
	"maps"
	"slices"

	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// keptLooks is how many former looks of a delivery are kept while nothing was written.
const keptLooks = 10

// Outside takes note that sessions look otherwise to the outside: for each of their people it raises the delivery and the
// feed, and rings for both, in the transaction of the change. former are the sessions as they were; people who no longer
// take part are told so. What the outside sees is time, state and whether one meets in person; a change of anything else
// changes nothing there.
func (h *House) Outside(tx *store.Tx, now, former []supervision.Session) error {
	name, err := h.DeliveryNames(tx)
	if err != nil {
		return err
	}
	of := make([]supervision.SessionID, len(now))
	for i, s := range now {
		of[i] = s.ID
	}
	rows, err := tx.LockDeliveriesOf(of)
	if err != nil {
		return err
	}
	type key struct {
		s supervision.SessionID
		p supervision.PersonID
	}
	standing := map[key]supervision.Delivery{}
	for _, d := range rows {
		standing[key{d.Session, d.Person}] = d
	}
	left := map[key]bool{}
	for _, s := range former {
		for _, p := range s.People() {
			left[key{s.ID, p}] = true
		}
	}
	agendas := map[supervision.PersonID]bool{}
	raise := func(s supervision.Session, p supervision.PersonID, absent bool) error {
		shown := supervision.Shown{Start: s.Start, End: s.End, State: s.State, InPerson: s.Mode == supervision.InPerson, Absent: absent}
		d, ok := standing[key{s.ID, p}]
		if ok && d.Shown.Equal(shown) {
			return nil
		}
		if ok {
			d.Sequence++
			d.Past = append(d.Past, d.Shown)
			d.Past = d.Past[max(0, len(d.Past)-keptLooks):]
		} else {
			d = supervision.Delivery{Session: s.ID, Person: p, UID: name(s.ID, p)}
		}
		d.Shown, d.ChangedAt = shown, tx.Now()
		d.Wanted++
		if d.State != supervision.DeliveryDiverged { // of which the reason is kept too: it is left alone until the two agree
			d.State, d.Fault = supervision.DeliveryPending, ""
		}
		d.Tries, d.NextAt = 0, supervision.Instant{}
		agendas[p] = true
		if err := tx.PutDelivery(d); err != nil {
			return err
		}
		return tx.Enqueue(task.Deliver{Tenant: tx.Tenant(), Session: s.ID, Person: p})
	}
	for _, s := range now {
		for _, p := range s.People() {
			delete(left, key{s.ID, p})
			if err := raise(s, p, false); err != nil {
				return err
			}
		}
		for _, d := range rows {
			if k := (key{d.Session, d.Person}); d.Session == s.ID && left[k] {
				if err := raise(s, d.Person, true); err != nil {
					return err
				}
			}
		}
	}
	for _, p := range slices.SortedFunc(maps.Keys(agendas), supervision.PersonID.Compare) {
		if err := tx.WantAgenda(p); err != nil {
			return err
		}
		if err := tx.Enqueue(task.Render{Tenant: tx.Tenant(), Person: p}); err != nil {
			return err
		}
	}
	return nil
}
