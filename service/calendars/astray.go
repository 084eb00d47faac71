package calendars

import (
	"path"
	"strings"

	"kreds/calendar"
	"kreds/calendar/ics"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// astray rings for the deliveries whose event a reading shows otherwise than it was left: moved or missing where it was as it
// should be, or as it should be again where its owner had moved or deleted it. It decides nothing: the delivery looks at what
// stands under the event's own name. What is over is its owner's to tidy away.
func astray(tx *store.Tx, c supervision.Connection, r reading) error {
	if len(r.deltas) == 0 {
		return nil
	}
	rows, err := tx.DeliveriesTo(c.Person)
	if err != nil {
		return err
	}
	seen := map[string]map[string]calendar.Object{}
	for ref, d := range r.deltas {
		seen[ref] = r.ourEvents(apply(r.objects[ref], d))
	}
	differs := func(d supervision.Delivery) bool {
		events, read := seen[d.Ref]
		if !read || d.Connection != c.ID || !r.own[d.UID] || d.Wanted != d.Done || !stands(d.Shown) || !d.Shown.End.After(tx.Now()) {
			return false
		}
		o, there := events[d.UID]
		at, readable := ics.When(o)
		switch agrees := there && readable && sameTime(d, calendar.Found{Interval: at}); d.State {
		case supervision.DeliveryDone:
			return !there || readable && !agrees && (o.ETag == "" || o.ETag != d.ETag)
		case supervision.DeliveryDiverged:
			return agrees && nameOf(o) == d.UID && target(c) == place{c.ID, d.Ref}
		}
		return false
	}
	for _, d := range rows {
		if !differs(d) {
			continue
		}
		now, err := tx.LockDelivery(d.Session, d.Person)
		if err != nil {
			return err
		}
		if !differs(now) {
			continue
		}
		now.Wanted++
		if now.State == supervision.DeliveryDone {
			now.State = supervision.DeliveryPending
		}
		if err := tx.PutDelivery(now); err != nil {
			return err
		}
		if err := tx.Enqueue(task.Deliver{Tenant: tx.Tenant(), Session: d.Session, Person: d.Person}); err != nil {
			return err
		}
	}
	return nil
}

// ourEvents finds our own events by their UIDs, those that cannot be read by their names.
func (r reading) ourEvents(objects []calendar.Object) map[string]calendar.Object {
	found := map[string]calendar.Object{}
	for _, o := range objects {
		uid := o.UID
		if uid == "" {
			uid = nameOf(o)
		}
		if r.own[uid] {
			found[uid] = o
		}
	}
	return found
}

// nameOf is the UID by which an object would be ours.
func nameOf(o calendar.Object) string { return strings.TrimSuffix(path.Base(o.Href), ".ics") }
