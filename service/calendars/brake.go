package calendars

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kreds/calendar"
)

// The mass-change brake. A service that by mistake lists nothing must not make its people free: an answer that takes away
// more than massChange events, or all of them, is not kept unless the owner asked for the reading. Deletions that a service
// tells one by one may empty a calendar of up to smallCalendar events.
const (
	massChange    = 50
	smallCalendar = 5
)

// vanishes says whether an answer takes away too much. What can no longer be read is not there any more.
func (r *reading) vanishes(had, now []calendar.Object, whole bool) bool {
	id := func(o calendar.Object) string {
		if o.UID != "" {
			return "uid " + o.UID // the same event may come back under another href
		}
		return "href " + o.Href
	}
	stays, readable := map[string]bool{}, map[string]bool{}
	left := 0
	for _, o := range now {
		stays[id(o)] = true
		if o.Fault == "" {
			readable[id(o)] = true
			if !r.own[o.UID] {
				left++
			}
		}
	}
	gone := 0
	for _, o := range had {
		if !r.own[o.UID] && (!stays[id(o)] || o.Fault == "" && !readable[id(o)]) {
			gone++
		}
	}
	return gone > massChange || left == 0 && gone > 0 && (whole || gone > smallCalendar)
}

// missing looks after calendars that count and that the account no longer lists: they are dropped only when the service says
// of them that they are gone.
func (r *reading) missing(ctx context.Context, source calendar.Source, infos []calendar.Info, objects map[string][]calendar.Object) {
	for _, c := range r.connection.Calendars {
		listed := slices.ContainsFunc(infos, func(i calendar.Info) bool { return i.Ref == c.Ref })
		if listed || !c.Counts && !c.Written {
			continue
		}
		_, err := source.Changes(ctx, c.Ref, r.known.cursors[c.Ref].Position, nil)
		if errors.Is(err, calendar.ErrGone) || errors.Is(err, calendar.ErrNotFound) {
			continue
		}
		if err == nil {
			err = fmt.Errorf("calendars: the account hides one of its calendars: %w", calendar.ErrProtocol)
		}
		r.fail(err)
		r.calendars = append(r.calendars, c)
		if c.Counts {
			objects[c.Ref] = r.objects[c.Ref]
		}
	}
}
