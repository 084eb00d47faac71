package caldav

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"kreds/calendar"
	"kreds/calendar/ics"
)

// Find implements calendar.Sink. What stands under the name and is no event that can be read is found too, as not ours.
func (a *account) Find(ctx context.Context, ref, uid string) (calendar.Found, bool, error) {
	at, _, err := placeOf(ref, uid)
	if err != nil {
		return calendar.Found{}, false, err
	}
	f, _, ok, err := a.look(ctx, at, uid)
	return f, ok, err
}

// Put implements calendar.Sink. An appointment that stands there already in this meaning is there: a Put that was repeated
// because its first answer was lost succeeds. Over an event of ours it changes what the appointment says; what its owner has
// added stays.
func (a *account) Put(ctx context.Context, ref string, p calendar.Appointment, etag string) (calendar.Placed, error) {
	at, collection, err := placeOf(ref, p.UID)
	if err != nil {
		return calendar.Placed{}, err
	}
	data, err := ics.EncodeAppointment(p)
	if err != nil {
		return calendar.Placed{}, fmt.Errorf("%w: %w", calendar.ErrInvalidData, err)
	}
	// Some servers ignore preconditions, so we look before.
	before, standing, stands, err := a.look(ctx, at, p.UID)
	switch {
	case err != nil:
		return calendar.Placed{}, err
	case stands && ics.Same(p, before):
		return before.Placed, nil
	case stands != (etag != "") || stands && before.ETag != etag:
		return calendar.Placed{}, a.orGone(ctx, collection, standsElse("PUT"))
	case stands:
		if data, err = ics.OverlayAppointment(standing, p); err != nil {
			return calendar.Placed{}, fmt.Errorf("%w: %w", calendar.ErrInvalidData, err)
		}
	}
	err = a.put(ctx, at, data, precondition(etag))
	switch {
	case errors.Is(err, calendar.ErrPrecondition), errors.Is(err, calendar.ErrTransient):
		// Lost in between, or done and the answer lost: what stands there tells.
		after, _, stands, lookErr := a.look(ctx, at, p.UID)
		if lookErr == nil && stands && ics.Same(p, after) {
			return after.Placed, nil
		}
		return calendar.Placed{}, err
	case err != nil:
		return calendar.Placed{}, a.orGone(ctx, collection, err)
	}
	after, _, stands, err := a.look(ctx, at, p.UID)
	switch {
	case err != nil:
		return calendar.Placed{}, err
	case !stands:
		return calendar.Placed{}, protocol("PUT", "the server says that the event is stored, and it is not there")
	case !ics.Same(p, after):
		return calendar.Placed{}, standsElse("PUT") // the server changed it, or somebody did at once
	}
	return after.Placed, nil
}

// Delete implements calendar.Sink. With an empty ETag it removes the event in whatever version, if it is ours.
func (a *account) Delete(ctx context.Context, ref, uid, etag string) error {
	at, collection, err := placeOf(ref, uid)
	if err != nil {
		return err
	}
	found, _, stands, err := a.look(ctx, at, uid)
	switch {
	case err != nil:
		return err
	case !stands:
		return nil
	case !found.Ours, etag != "" && found.ETag != etag:
		return standsElse("DELETE")
	}
	err = a.remove(ctx, at, precondition(found.ETag))
	switch {
	case err == nil, absent(err):
		return nil
	case errors.Is(err, calendar.ErrPrecondition), errors.Is(err, calendar.ErrTransient):
		if _, _, stands, lookErr := a.look(ctx, at, uid); lookErr == nil && !stands {
			return nil
		}
	}
	return a.orGone(ctx, collection, err)
}

// look fetches what stands at a place, and tells what it means. ok is false when nothing does.
func (a *account) look(ctx context.Context, at *url.URL, uid string) (f calendar.Found, data []byte, ok bool, err error) {
	data, etag, err := a.get(ctx, at, http.Header{
		"Accept":          {"text/calendar"},
		"Accept-Encoding": {"identity"}, // proxies weaken the ETag of what they compress
	})
	if absent(err) {
		return f, nil, false, nil
	}
	if err != nil {
		return f, nil, false, err
	}
	f, err = ics.DecodeFound(data, uid)
	if errors.Is(err, ics.ErrNotCalendar) {
		return f, nil, false, fmt.Errorf("caldav: GET: %w", err) // a page that asks for something, more likely than an event
	}
	if err != nil {
		f = calendar.Found{}
	}
	if etag == "" {
		etag = bodyTag(data)
	}
	f.Placed = calendar.Placed{Href: at.EscapedPath(), ETag: etag}
	return f, data, true, nil
}

// precondition is the header that makes a change depend on what stands there. An ETag that must not be sent has been
// compared just before.
func precondition(etag string) http.Header {
	switch {
	case etag == "":
		return http.Header{"If-None-Match": {"*"}}
	case strong(etag):
		return http.Header{"If-Match": {etag}}
	}
	return http.Header{}
}

// orGone looks whether a refusal means that the whole calendar is gone.
func (a *account) orGone(ctx context.Context, collection *url.URL, err error) error {
	if absent(err) || errors.Is(err, calendar.ErrForbidden) || errors.Is(err, calendar.ErrPrecondition) {
		if _, stateErr := a.state(ctx, collection); errors.Is(stateErr, calendar.ErrGone) {
			return stateErr
		}
	}
	return err
}

func standsElse(method string) error {
	return fmt.Errorf("caldav: %s: %w", method, calendar.ErrPrecondition)
}

// placeOf is where an appointment stands in a calendar.
func placeOf(ref, uid string) (at, collection *url.URL, err error) {
	collection, err = collectionOf(ref)
	if err != nil {
		return nil, nil, err
	}
	if uid == "" {
		return nil, nil, fmt.Errorf("caldav: an appointment without UID: %w", calendar.ErrInvalidData)
	}
	u := *collection
	u.RawPath = collection.EscapedPath() + url.PathEscape(uid) + ".ics"
	u.Path += uid + ".ics"
	return &u, collection, nil
}
