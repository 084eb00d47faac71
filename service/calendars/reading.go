package calendars

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kreds/calendar"
	"kreds/calendar/ics"
	"kreds/store"
	"kreds/supervision"
)

// A calendar is compared as a whole with what is kept of it every so often, whatever its cursor says; sooner while the
// service does not give some of its objects, because it asks for these again.
const (
	fullEvery  = 24 * time.Hour
	retryEvery = time.Hour
)

// maxCalendars is how many calendars of an account are shown.
const maxCalendars = 100

// reading is what a provider told of a connection, before it is kept.
type reading struct {
	known
	listed    bool                            // the account told its calendars; without that nothing is to be kept
	calendars []supervision.ConnectedCalendar // of the account now
	cursors   []store.Cursor                  // where the calendars that were read stopped, each with the version it started from
	deltas    map[string]calendar.Delta
	uids      map[string]bool // of everything that may be busy time
	busy      []calendar.Busy
	err       error // why it is not whole
}

// read asks the provider, outside of any transaction. Calendars that cannot be read keep what was known of them, and hide no
// others.
func (s *Service) read(ctx context.Context, k known) reading {
	r := reading{known: k, deltas: map[string]calendar.Delta{}, uids: map[string]bool{}}
	source, infos, err := s.open(ctx, k)
	if err != nil {
		r.err = err
		return r
	}
	r.listed = true
	r.calendars = list(k.connection.Calendars, infos)
	if len(r.calendars) > maxCalendars {
		r.calendars, r.err = r.calendars[:maxCalendars], errTooMany
	}
	objects := map[string][]calendar.Object{}
	for _, c := range r.calendars {
		if c.Counts {
			objects[c.Ref] = r.changes(ctx, source, c)
		}
	}
	r.missing(ctx, source, infos, objects)
	if len(r.calendars) == 0 && r.err == nil {
		r.err = fmt.Errorf("calendars: the account has none: %w", calendar.ErrNotFound)
	}
	r.expand(ctx, objects)
	return r
}

// open signs in and lists the account's calendars.
func (s *Service) open(ctx context.Context, k known) (calendar.Source, []calendar.Info, error) {
	provider, ok := s.Providers[k.connection.Kind]
	if !ok {
		return nil, nil, errNoProvider
	}
	source, err := provider.Open(ctx, k.account)
	if err != nil {
		return nil, nil, err
	}
	infos, err := source.Calendars(ctx)
	return source, infos, err
}

// changes reads one calendar and returns all of its objects as they are now.
func (r *reading) changes(ctx context.Context, source calendar.Source, c supervision.ConnectedCalendar) []calendar.Object {
	had := r.objects[c.Ref]
	etags := make(calendar.Known, len(had))
	for _, o := range had {
		etags[o.Href] = o.ETag
	}
	from := r.known.cursors[c.Ref]
	from.Ref = c.Ref
	since := from.Position
	every := fullEvery
	if slices.ContainsFunc(had, withheld) {
		every = retryEvery
	}
	whole := from.Version == 0 || r.at.Sub(from.FullAt) >= every || r.connection.Tries > 0
	if whole {
		since = ""
	}
	d, err := source.Changes(ctx, c.Ref, since, etags)
	if err == nil && r.connection.Tries < patience {
		err = newlyWithheld(had, d)
	}
	if err != nil {
		r.fail(err)
		return had
	}
	remember(had, d.Objects)
	now := apply(had, d)
	switch {
	case countEvents(now) > maxEvents:
		r.fail(fmt.Errorf("calendars: more than %d events: %w", maxEvents, calendar.ErrTooLarge))
		return had
	case !r.trusted && r.vanishes(had, now, whole || d.Full):
		r.fail(errMassChange)
		return had
	}
	if from.Position = d.Next; whole || d.Full {
		from.FullAt = r.at
	}
	r.cursors = append(r.cursors, from)
	r.deltas[c.Ref] = d
	return now
}

// fail notes the first reason why the reading is not whole, or a better one: that a password is refused explains the rest.
func (r *reading) fail(err error) {
	if r.err == nil || errors.Is(err, calendar.ErrAuth) {
		r.err = err
	}
}

// apply is what is known of a calendar after a delta.
func apply(had []calendar.Object, d calendar.Delta) []calendar.Object {
	drop := map[string]bool{}
	for _, href := range d.Gone {
		drop[href] = true
	}
	for _, o := range d.Objects {
		drop[o.Href] = true
	}
	var now []calendar.Object
	for _, o := range had {
		if !d.Full && !drop[o.Href] {
			now = append(now, o)
		}
	}
	return append(now, d.Objects...)
}

// expandSteps is what working out all calendars of a reading may cost, in steps of ics.Budget.
const expandSteps = 500_000

// expand works out when the owner is taken. Our own events never take time. If the reading ends before all of it is worked
// out, nothing of it is kept: a part would look like free time.
func (r *reading) expand(ctx context.Context, objects map[string][]calendar.Object) {
	left := expandSteps
	for i, c := range r.calendars {
		r.calendars[i].Unreadable, r.calendars[i].Guessed, r.calendars[i].Unclear = 0, 0, 0
		if !c.Counts {
			continue
		}
		var zone *time.Location
		if c.TimeZone != "" {
			zone, _ = calendar.LoadZone(c.TimeZone)
		}
		for _, o := range objects[c.Ref] {
			r.uids[o.UID] = true
		}
		taken, err := ics.Busy(ctx, objects[c.Ref], ics.Options{Window: r.covers, Owner: r.zone, Calendar: zone,
			Own: func(uid string) bool { return r.own[uid] }, Budget: ics.Budget{Total: max(left, 1)}})
		if err != nil {
			r.fail(internal("expand: %w", err))
			r.listed = false
			return
		}
		left -= taken.Steps
		r.calendars[i].Unreadable, r.calendars[i].Guessed, r.calendars[i].Unclear = taken.Faulty, taken.Guessed, taken.Unsupported
		r.busy = append(r.busy, taken.Busy...)
	}
	r.busy = calendar.Union(r.busy)
}

// list brings what an account lists together with what its owner chose. A calendar that was not there before counts, unless
// the service says that it does not block its owner.
func list(had []supervision.ConnectedCalendar, infos []calendar.Info) []supervision.ConnectedCalendar {
	number := 0
	chosen := map[string]supervision.ConnectedCalendar{}
	for _, c := range had {
		chosen[c.Ref] = c
		var n int
		if _, err := fmt.Sscanf(c.Key, "c%d", &n); err == nil {
			number = max(number, n)
		}
	}
	var now []supervision.ConnectedCalendar
	for _, i := range infos {
		c, known := chosen[i.Ref]
		if !known {
			number++
			c = supervision.ConnectedCalendar{Key: fmt.Sprintf("c%d", number), Ref: i.Ref, Counts: !i.Transparent}
		}
		c.Name, c.Writable, c.TimeZone = shown(i.Name, c.Key), i.Writable, ""
		if _, err := calendar.LoadZone(i.TimeZone); err == nil {
			c.TimeZone = i.TimeZone
		}
		c.Written, c.GoneSince = c.Written && c.Writable, supervision.Instant{}
		now = append(now, c)
	}
	return now
}

// shown is a calendar's name on one line, in at most 200 characters.
func shown(name, otherwise string) string {
	name = strings.Join(strings.Fields(strings.ToValidUTF8(name, "")), " ")
	if r := []rune(name); len(r) > 200 {
		name = string(r[:200])
	}
	if name == "" {
		return otherwise
	}
	return name
}
