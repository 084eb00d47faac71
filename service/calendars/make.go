package calendars

import (
	"context"
	"errors"

	"kreds/calendar"
	"kreds/supervision"
)

// result is what came of making a delivery.
type result struct {
	at       place // where it stands now, as far as is known; zero: nowhere
	placed   calendar.Placed
	diverged string // why it is left as its owner made it; a word for the log and the row
	err      error  // why it could not be made
}

// Why a delivery is left alone.
const (
	eventMoved   = "event-moved"
	eventRemoved = "event-removed"
	eventAway    = "event-elsewhere"
)

// make does what a delivery asks for, outside of any transaction. It may be run again at any point.
func (s *Service) make(ctx context.Context, o order) result {
	from := place{o.Connection, o.Ref}
	if o.Ref == "" {
		from = place{}
	}
	r := result{at: from, placed: calendar.Placed{Href: o.Href, ETag: o.ETag}}
	if o.State == supervision.DeliveryDiverged {
		return s.leave(ctx, o, r)
	}
	if from != (place{}) && (from != o.to || !stands(o.Shown)) {
		r = s.takeOut(ctx, o, r)
		switch {
		case r.diverged != "", r.err != nil && !forgets(o, r.err):
			return r
		case r.err != nil:
			s.Log.Warn("a session was left in a former calendar", "session", o.Session, "person", o.Person, "code", faultOf(r.err).code)
			r = result{}
		}
	}
	switch {
	case o.to == (place{}):
		return r
	case stands(o.Shown):
		return s.writeTo(ctx, o, r)
	case from == (place{}):
		// Nothing is known to stand there; but an earlier attempt may have been cut off after it had written.
		r.at = o.to
		r = s.takeOut(ctx, o, r)
		if r.err != nil {
			r.at = place{}
		}
	}
	return r
}

// forgets says whether a session that shall stand in another calendar is written there, though the former one does not let
// us take it out: when it refuses, or has been silent for as long as it takes to call the delivery failed. What stands there
// is then left to its owner, as when a connection is deleted. A session that shall stand nowhere waits for the former one.
func forgets(o order, err error) bool {
	if o.to == (place{}) || !stands(o.Shown) {
		return false
	}
	f := faultOf(err)
	return f.refused || f.lasting || o.Tries+1 >= failsAfter
}

// leave does not fight: what its owner has moved or deleted stays so, unless it means by now what the session does.
func (s *Service) leave(ctx context.Context, o order, r result) result {
	r.diverged = o.Fault
	if r.diverged == "" {
		r.diverged = eventMoved
	}
	at := r.at
	if at == (place{}) {
		at = o.to
	}
	if at == (place{}) {
		return r
	}
	sink, err := s.sink(ctx, o, at.connection)
	if err != nil {
		return r
	}
	f, there, err := sink.Find(ctx, at.ref, o.UID)
	switch {
	case errors.Is(err, calendar.ErrGone), err == nil && !there && !stands(o.Shown):
		return result{}
	case err == nil && there && f.Ours && stands(o.Shown) && sameTime(o.Delivery, f) && at == o.to:
		return s.writeTo(ctx, o, result{at: at, placed: f.Placed})
	}
	return r // also when the service does not answer: it is left as it is
}

func sameTime(d supervision.Delivery, f calendar.Found) bool {
	d.Past = nil
	return !moved(d, f)
}

// takeOut removes the event from where it stands.
func (s *Service) takeOut(ctx context.Context, o order, r result) result {
	sink, err := s.sink(ctx, o, r.at.connection)
	if err == nil {
		err = sink.Delete(ctx, r.at.ref, o.UID, r.placed.ETag)
	}
	if errors.Is(err, calendar.ErrPrecondition) {
		f, there, findErr := sink.Find(ctx, r.at.ref, o.UID)
		switch {
		case findErr != nil:
			err = findErr
		case !there || !f.Ours:
			err = nil // nothing of ours is there
		case moved(o.Delivery, f):
			r.diverged = eventMoved
			return r
		default: // its owner changed a word, or we wrote it and never heard so
			err = sink.Delete(ctx, r.at.ref, o.UID, f.ETag)
		}
	}
	if err != nil && !errors.Is(err, calendar.ErrGone) && !errors.Is(err, calendar.ErrNotFound) {
		r.err = err
		return r
	}
	return result{}
}

// writeTo puts the event where it shall stand, or over what we have written there before.
func (s *Service) writeTo(ctx context.Context, o order, r result) result {
	sink, err := s.sink(ctx, o, o.to.connection)
	if err != nil {
		r.err = err
		return r
	}
	a := appointment(o.Delivery, s.BaseURL)
	placed, err := sink.Put(ctx, o.to.ref, a, r.placed.ETag)
	for try := 0; errors.Is(err, calendar.ErrPrecondition) && try < 2; try++ {
		f, there, findErr := sink.Find(ctx, o.to.ref, o.UID)
		switch {
		case findErr != nil:
			r.err = findErr
			return r
		case !there && r.placed.ETag == "":
			placed, err = sink.Put(ctx, o.to.ref, a, "") // something stood there a moment ago
			continue
		case !there:
			r.diverged = eventRemoved
			return r
		case !f.Ours:
			r.err = errors.Join(errForeign, err)
			return r
		case moved(o.Delivery, f):
			r.at, r.placed, r.diverged = o.to, f.Placed, eventMoved
			return r
		case try > 0 && sameTime(o.Delivery, f):
			placed, err = f.Placed, nil // the service stores it otherwise than it was written; the time is right
		default: // its owner changed a word, or we wrote it and never heard so
			placed, err = sink.Put(ctx, o.to.ref, a, f.ETag)
		}
	}
	switch {
	case errors.Is(err, calendar.ErrUIDConflict):
		r.at, r.diverged = o.to, eventAway
	case err != nil:
		r.err = err
	default:
		r.at, r.placed = o.to, placed
	}
	return r
}

// errForeign says that somebody else's event stands under our name. It is never overwritten.
var errForeign = errors.New("calendars: another event stands under the name")
