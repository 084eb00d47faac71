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
	o := outside{tx: tx, name: name, standing: map[part]supervision.Delivery{}, agendas: map[supervision.PersonID]bool{}}
	for _, d := range rows {
		o.standing[part{d.Session, d.Person}] = d
	}
	left := map[supervision.SessionID][]supervision.PersonID{}
	for _, s := range former {
		left[s.ID] = s.People()
	}
	for _, s := range now {
		if err := o.session(s, left[s.ID]); err != nil {
			return err
		}
	}
	return o.ring()
}

// part is one person's part in a session.
type part struct {
	session supervision.SessionID
	person  supervision.PersonID
}

// outside is how sessions look to the outside, while they change.
type outside struct {
	tx       *store.Tx
	name     DeliveryName
	standing map[part]supervision.Delivery
	agendas  map[supervision.PersonID]bool // whose feed is another one now
}

// session shows a session to its people, and to those of its former people who had it before that it is not theirs any more.
func (o outside) session(s supervision.Session, former []supervision.PersonID) error {
	people := s.People()
	for _, p := range people {
		if err := o.raise(s, p, false); err != nil {
			return err
		}
	}
	for _, p := range former {
		if _, had := o.standing[part{s.ID, p}]; had && !slices.Contains(people, p) {
			if err := o.raise(s, p, true); err != nil {
				return err
			}
		}
	}
	return nil
}

// raise wants a session delivered to a person as it looks now, unless that is how it looks already.
func (o outside) raise(s supervision.Session, p supervision.PersonID, absent bool) error {
	shown := supervision.Shown{Start: s.Start, End: s.End, State: s.State, InPerson: s.Mode == supervision.InPerson, Absent: absent}
	d, there := o.standing[part{s.ID, p}]
	switch {
	case there && d.Shown.Equal(shown):
		return nil
	case there:
		d.Sequence++
		d.Past = append(d.Past, d.Shown)
		d.Past = d.Past[max(0, len(d.Past)-keptLooks):]
	default:
		d = supervision.Delivery{Session: s.ID, Person: p, UID: o.name(s.ID, p)}
	}
	d.Shown, d.ChangedAt = shown, o.tx.Now()
	d.Wanted++
	if d.State != supervision.DeliveryDiverged { // of which the reason is kept too: it is left alone until the two agree
		d.State, d.Fault = supervision.DeliveryPending, ""
	}
	d.Tries, d.NextAt = 0, supervision.Instant{}
	o.agendas[p] = true
	if err := o.tx.PutDelivery(d); err != nil {
		return err
	}
	return o.tx.Enqueue(task.Deliver{Tenant: o.tx.Tenant(), Session: s.ID, Person: p})
}

// ring wants the feeds of those anew for whom something looks otherwise.
func (o outside) ring() error {
	for _, p := range slices.SortedFunc(maps.Keys(o.agendas), supervision.PersonID.Compare) {
		if err := o.tx.WantAgenda(p); err != nil {
			return err
		}
		if err := o.tx.Enqueue(task.Render{Tenant: o.tx.Tenant(), Person: p}); err != nil {
			return err
		}
	}
	return nil
}
