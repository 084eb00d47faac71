package calendars

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kreds/calendar"
)

// The mass-change brake. A service that by mistake lists nothing must not make its people free: an answer that takes away
// more than massChange events, or all of them, is not kept unless the owner asked for the reading. Deletions that a service
// tells one by one may empty a calendar of up to smallCalendar events. A calendar itself is gone when the service has said so
// twice, goneAfter apart; until then what was known of it stays.
const (
	massChange    = 50
	smallCalendar = 5
	goneAfter     = 2 * time.Hour
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

// missing looks after calendars that count, or are written into, and that the account no longer lists: they are dropped only
// when the service says of them that they are gone, and goes on saying so.
func (r *reading) missing(ctx context.Context, source calendar.Source, infos []calendar.Info, objects map[string][]calendar.Object) {
	for _, c := range r.connection.Calendars {
		listed := slices.ContainsFunc(infos, func(i calendar.Info) bool { return i.Ref == c.Ref })
		if listed || !c.Counts && !c.Written {
			continue
		}
		_, err := source.Changes(ctx, c.Ref, r.known.cursors[c.Ref].Position, nil)
		switch {
		case err == nil:
			err = fmt.Errorf("calendars: the account hides one of its calendars: %w", calendar.ErrProtocol)
		case !errors.Is(err, calendar.ErrGone) && !errors.Is(err, calendar.ErrNotFound):
		case r.trusted:
			continue
		case c.GoneSince.IsZero():
			c.GoneSince = r.at
		case r.at.Sub(c.GoneSince) < goneAfter:
		case r.foreign(c.Ref) > massChange:
			err = errMassChange
		default:
			continue
		}
		r.fail(err)
		r.calendars = append(r.calendars, c)
		if c.Counts {
			objects[c.Ref] = r.objects[c.Ref]
		}
	}
}

// foreign counts what is kept of a calendar that is not ours.
func (r *reading) foreign(ref string) (n int) {
	for _, o := range r.objects[ref] {
		if !r.own[o.UID] {
			n++
		}
	}
	return n
}
