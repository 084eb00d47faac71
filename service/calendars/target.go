package calendars

import (
	"slices"

	"kreds/service"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// place is one calendar of one connection.
type place struct {
	connection supervision.ConnectionID
	ref        string
}

// target is the calendar of a connection into which sessions are written; the zero place when there is none.
func target(c supervision.Connection) place {
	if k, ok := c.Target(); ok {
		return place{c.ID, k.Ref}
	}
	return place{}
}

// targetOf is the one calendar into which a person's sessions are written.
func targetOf(all []supervision.Connection) place {
	for _, c := range all {
		if t := target(c); t != (place{}) {
			return t
		}
	}
	return place{}
}

// chooseTarget makes the only writable calendar of a newly connected account the one into which sessions are written, unless
// the person has one already. Where there is a choice it is the owner's.
func chooseTarget(was supervision.Connection, now *supervision.Connection, all []supervision.Connection) {
	if len(was.Calendars) > 0 || targetOf(all) != (place{}) {
		return
	}
	only := -1
	for i, k := range now.Calendars {
		if k.Writable && only >= 0 {
			return
		}
		if k.Writable {
			only = i
		}
	}
	if only >= 0 {
		now.Calendars = slices.Clone(now.Calendars)
		now.Calendars[only].Written = true
	}
}

// raise asks for all of a person's sessions to be delivered anew, because the calendar into which they are written is
// another one now, or none: those that lie ahead, and those that stand somewhere. What its owner had moved or deleted is
// written anew, since they have chosen a calendar for it anew.
func raise(tx *store.Tx, p supervision.PersonID) error {
	rows, err := tx.LockDeliveriesTo(p)
	if err != nil {
		return err
	}
	for _, d := range rows {
		if d.Ref == "" && !d.Shown.End.After(tx.Now()) {
			continue
		}
		if d.State == supervision.DeliveryDiverged {
			d.Connection, d.Ref, d.Href, d.ETag = supervision.ConnectionID{}, "", "", ""
		}
		if err := ring(tx, d); err != nil {
			return err
		}
	}
	return nil
}

// ring asks for a delivery to be made, now.
func ring(tx *store.Tx, d supervision.Delivery) error {
	if d.State == supervision.DeliveryDiverged {
		if err := service.Recheck(tx, d.Person); err != nil {
			return err
		}
	}
	d.Wanted++
	d.State, d.Fault = supervision.DeliveryPending, ""
	d.Tries, d.NextAt = 0, supervision.Instant{}
	if err := tx.PutDelivery(d); err != nil {
		return err
	}
	return tx.Enqueue(task.Deliver{Tenant: tx.Tenant(), Session: d.Session, Person: d.Person})
}
