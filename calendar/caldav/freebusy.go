package caldav

import (
	"context"
	"fmt"
	"time"

	"kreds/calendar"
	"kreds/calendar/ics"
)

// Busy implements calendar.FreeBusy. It reads the calendar and expands it here; a server's own free-busy report is not
// asked, since servers answer it too differently. All-day and floating events are on the owner's clock.
func (a *account) Busy(ctx context.Context, ref string, window calendar.Interval) ([]calendar.Busy, time.Time, error) {
	asOf := a.now().UTC()
	collection, err := collectionOf(ref)
	if err != nil {
		return nil, time.Time{}, err
	}
	s, err := a.state(ctx, collection)
	if err != nil {
		return nil, time.Time{}, err
	}
	l, err := a.whole(ctx, collection, s)
	if err != nil {
		return nil, time.Time{}, err
	}
	f, err := a.fetchAll(ctx, collection, l, l.all(), newHolding(collection, nil))
	if err != nil {
		return nil, time.Time{}, err
	}
	options := ics.Options{Window: window, Owner: a.zone}
	if s.zone != "" {
		if options.Calendar, err = calendar.LoadZone(s.zone); err != nil {
			options.Calendar = nil
		}
	}
	taken, err := ics.Busy(ctx, f.objects, options)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("caldav: %w", err)
	}
	if taken.Faulty > 0 {
		return nil, time.Time{}, fmt.Errorf("caldav: %d objects cannot be read, so nobody knows when they are: %w", taken.Faulty, calendar.ErrProtocol)
	}
	return taken.Busy, asOf, nil
}
