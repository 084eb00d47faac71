package calendars

import (
	"context"

	"kreds/calendar"
	"kreds/store"
	"kreds/supervision"
)

// Availability is a window of a person's own time, as the planner sees it.
type Availability struct {
	Person  supervision.PersonID
	Window  calendar.Interval
	AsOf    supervision.Instant // when it was put together
	Spans   []calendar.Span     // they fill the window without gaps
	Sources []Source
}

// Source is where a person's time is known from.
type Source struct {
	Kind       string // the connection's, or declared
	Connection supervision.ConnectionID
	Health     supervision.Health
	ReadAt     supervision.Instant
}

// GetAvailability returns a window of the actor's own time.
func (s *Service) GetAvailability(ctx context.Context, actor supervision.Actor, p supervision.PersonID, window calendar.Interval) (a Availability, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		if _, err := tx.May(store.People, "getAvailability", p.Any()); err != nil {
			return err
		}
		readings, err := tx.Readings([]supervision.PersonID{p}, window)
		if err != nil {
			return err
		}
		a = Availability{Person: p, Window: window, AsOf: tx.Now(), Spans: calendar.Merge(tx.Now(), window, readings[p])}
		connections, err := tx.ConnectionsOf([]supervision.PersonID{p})
		if err != nil {
			return err
		}
		healths, err := tx.ConnectionHealths([]supervision.PersonID{p})
		if err != nil {
			return err
		}
		for _, c := range connections {
			if c.Counts() {
				a.Sources = append(a.Sources, Source{c.Kind, c.ID, healths[c.ID], c.LastReadAt})
			}
		}
		d, err := tx.Declared(p)
		if notThere(err) {
			return nil
		}
		health := supervision.HealthKnown
		if !d.ValidTo.IsZero() && d.ValidTo.Before(tx.Today()) {
			health = supervision.HealthUnknown
		}
		a.Sources = append(a.Sources, Source{Kind: "declared", Health: health})
		return err
	})
	return a, err
}
