package caldav

import (
	"context"
	"fmt"
	"net/url"

	"kreds/calendar"
)

// Changes implements calendar.Source. With the zero Cursor and a Known that is not empty it reconciles: the whole
// collection is listed, what differs from Known is fetched, and what Known names and the server does not is Gone. With the
// zero Cursor alone, and with a cursor that the server has forgotten, the answer is Full.
func (a *account) Changes(ctx context.Context, ref string, since calendar.Cursor, known calendar.Known) (calendar.Delta, error) {
	collection, err := collectionOf(ref)
	if err != nil {
		return calendar.Delta{}, err
	}
	have := newHolding(collection, known)
	switch at := decodeCursor(since); at.kind {
	case byToken:
		l, err := a.sync(ctx, collection, at.value)
		if err == nil {
			return a.since(ctx, collection, l, have)
		}
		if !refusesToken(err) {
			return calendar.Delta{}, err
		}
		return a.everything(ctx, collection, have)
	case byTag, byList:
		if have.empty() {
			return a.everything(ctx, collection, have)
		}
		s, err := a.state(ctx, collection)
		if err != nil {
			return calendar.Delta{}, err
		}
		if at.kind == byTag && s.ctag == at.value {
			return calendar.Delta{Next: since}, nil
		}
		return a.reconcile(ctx, collection, s, have)
	default:
		if have.empty() {
			return a.everything(ctx, collection, have)
		}
		s, err := a.state(ctx, collection)
		if err != nil {
			return calendar.Delta{}, err
		}
		return a.reconcile(ctx, collection, s, have)
	}
}

// since turns what sync-collection told into a delta. A server that has forgotten a token may answer it with the whole list
// and without a word of what is gone; it betrays itself by members that have not changed. Then the list decides.
func (a *account) since(ctx context.Context, collection *url.URL, l *listing, have *holding) (calendar.Delta, error) {
	for key, e := range l.entries {
		if etag, ok := have.etag(key); ok && etag == e.etag {
			s, err := a.state(ctx, collection)
			if err != nil {
				return calendar.Delta{}, err
			}
			whole, err := a.list(ctx, collection, s.ctag)
			if err != nil {
				return calendar.Delta{}, err
			}
			whole.next = l.next
			return a.differences(ctx, collection, whole, have)
		}
	}
	f, err := a.fetch(ctx, collection, l.all(), have)
	if err != nil {
		return calendar.Delta{}, err
	}
	for key, u := range l.gone {
		f.gone[key] = u
	}
	return f.delta(l.next), nil
}

// everything reads a collection whole.
func (a *account) everything(ctx context.Context, collection *url.URL, have *holding) (calendar.Delta, error) {
	s, err := a.state(ctx, collection)
	if err != nil {
		return calendar.Delta{}, err
	}
	l, err := a.whole(ctx, collection, s)
	if err != nil {
		return calendar.Delta{}, err
	}
	f, err := a.fetchAll(ctx, collection, l, l.all(), have)
	if err != nil {
		return calendar.Delta{}, err
	}
	d := f.delta(l.next)
	d.Gone, d.Full = nil, true
	return d, nil
}

// whole lists a collection, by sync-collection where that is offered and works, because it gives a token.
func (a *account) whole(ctx context.Context, collection *url.URL, s state) (*listing, error) {
	if s.syncs {
		l, err := a.sync(ctx, collection, "")
		if err == nil {
			l.gone = map[string]*url.URL{} // Radicale tells of the dead even to those who never knew them
			return l, nil
		}
		if !refusesToken(err) {
			return nil, err
		}
	}
	return a.list(ctx, collection, s.ctag)
}

// reconcile compares all that is there with what the reader has.
func (a *account) reconcile(ctx context.Context, collection *url.URL, s state, have *holding) (calendar.Delta, error) {
	l, err := a.whole(ctx, collection, s)
	if err != nil {
		return calendar.Delta{}, err
	}
	return a.differences(ctx, collection, l, have)
}

// differences fetches what the reader lacks of a whole listing.
func (a *account) differences(ctx context.Context, collection *url.URL, l *listing, have *holding) (calendar.Delta, error) {
	var differ []entry
	for _, key := range l.order {
		e := l.entries[key]
		if etag, ok := have.etag(key); !ok || etag == "" || etag != e.etag {
			differ = append(differ, e)
		}
	}
	f, err := a.fetchAll(ctx, collection, l, differ, have)
	if err != nil {
		return calendar.Delta{}, err
	}
	for key, u := range have.urls {
		if _, ok := l.entries[key]; !ok {
			f.gone[key] = u
		}
	}
	return f.delta(l.next), nil
}

// all is every entry, in the order in which they came.
func (l *listing) all() []entry {
	list := make([]entry, 0, len(l.order))
	for _, key := range l.order {
		list = append(list, l.entries[key])
	}
	return list
}

// collectionOf reads the ref of a calendar.
func collectionOf(ref string) (*url.URL, error) {
	u, err := url.Parse(ref)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("caldav: the calendar's reference is no URL: %w", calendar.ErrNotFound)
	}
	u.Host = withoutPort(u)
	return asCollection(u), nil
}
