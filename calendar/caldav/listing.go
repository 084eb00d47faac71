package caldav

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"kreds/calendar"
)

// entry is one object resource of a collection, as a listing tells it.
type entry struct {
	url  *url.URL // its path as it was sent
	etag string
}

// listing is what a collection holds, or what has changed in it.
type listing struct {
	entries map[string]entry // by canonical URL
	order   []string         // of the entries, as they came
	gone    map[string]*url.URL
	next    cursor
}

func newListing() *listing {
	return &listing{entries: map[string]entry{}, gone: map[string]*url.URL{}}
}

// take puts one member of a multistatus into the listing. The collection itself and collections inside of it are not
// objects; a server that lists an object twice means it once.
func (l *listing) take(collection, base *url.URL, m *member) error {
	u, err := resolve(base, m.href)
	if err != nil {
		return protocol("the list of objects", "an href cannot be read")
	}
	if !sameOrigin(collection, u) {
		// Nothing is asked there: whoever is led elsewhere would be led with the account's password.
		return fmt.Errorf("caldav: the list of objects leads to another server: %w", calendar.ErrBlockedAddress)
	}
	key := canonical(u)
	switch {
	case key == canonical(collection), m.prop(nsDAV, "resourcetype").child(nsDAV, "collection") != nil:
		return nil
	case m.status == http.StatusNotFound || m.status == http.StatusGone:
		if _, listed := l.entries[key]; !listed {
			l.gone[key] = u
		}
		return nil
	case m.status >= http.StatusBadRequest:
		// It is there and cannot be told of: it is fetched by itself, and shown as unreadable if it is.
	}
	if _, twice := l.entries[key]; !twice {
		l.order = append(l.order, key)
	}
	delete(l.gone, key)
	l.entries[key] = entry{u, entityTag(m.prop(nsDAV, "getetag").value())}
	return nil
}

var (
	stateProps = []property{
		{nsDAV, "resourcetype"}, {nsDAV, "sync-token"}, {nsDAV, "supported-report-set"}, {nsServer, "getctag"},
		{nsCalDAV, "calendar-timezone-id"}, {nsCalDAV, "calendar-timezone"},
	}
	entryProps = []property{{nsDAV, "getetag"}, {nsDAV, "resourcetype"}}
)

// state is what a collection says of itself.
type state struct {
	syncs bool   // sync-collection is offered
	ctag  string // "" when there is none
	zone  string // IANA, "" when none is named
}

// state asks it. A collection that is not there is ErrGone.
func (a *account) state(ctx context.Context, collection *url.URL) (s state, err error) {
	err = a.propfind(ctx, collection, "0", stateProps, func(_ *url.URL, m *member) error {
		if m.status == http.StatusNotFound || m.status == http.StatusGone {
			return fails("PROPFIND", m.status, m.condition, 0)
		}
		s.syncs = s.syncs || m.prop(nsDAV, "sync-token").value() != ""
		if reports := m.prop(nsDAV, "supported-report-set"); reports != nil {
			for _, supported := range reports.kids {
				s.syncs = s.syncs || supported.child(nsDAV, "report").child(nsDAV, "sync-collection") != nil
			}
		}
		if tag := m.prop(nsServer, "getctag").value(); tag != "" {
			s.ctag = tag
		}
		if zone := zoneOf(m); zone != "" {
			s.zone = zone
		}
		return nil
	})
	if absent(err) {
		err = fmt.Errorf("caldav: %w", calendar.ErrGone)
	}
	return s, err
}

// list lists a whole collection by PROPFIND.
func (a *account) list(ctx context.Context, collection *url.URL, ctag string) (*listing, error) {
	l := newListing()
	err := a.propfind(ctx, collection, "1", entryProps, func(base *url.URL, m *member) error { return l.take(collection, base, m) })
	if absent(err) {
		err = fmt.Errorf("caldav: %w", calendar.ErrGone)
	}
	l.gone = map[string]*url.URL{} // a list names what is there
	l.next = newCursor("", ctag)
	return l, err
}

const maxRounds = 1000 // of one sync that the server gives in parts

// sync asks what has changed since a token, or for everything where token is "" (RFC 6578 §3.2). A server that gives only a
// part says so by 507 for the collection, and is asked on.
func (a *account) sync(ctx context.Context, collection *url.URL, token string) (*listing, error) {
	l := newListing()
	for range maxRounds {
		partial := false
		body := "<D:sync-collection" + namespaces + "><D:sync-token>" + escaped(token) + "</D:sync-token>" +
			"<D:sync-level>1</D:sync-level>" + propElement(entryProps) + "</D:sync-collection>"
		next, err := a.ask(ctx, "REPORT", collection, "0", body, func(base *url.URL, m *member) error {
			if m.status == http.StatusInsufficientStorage {
				partial = true
				return nil
			}
			if len(l.entries)+len(l.gone) > maxResponse {
				return fmt.Errorf("caldav: REPORT: more than %d members: %w", maxResponse, calendar.ErrTooLarge)
			}
			return l.take(collection, base, m)
		})
		if err != nil {
			return nil, err
		}
		if next == "" {
			return nil, protocol("REPORT", "the answer to sync-collection has no token")
		}
		l.next = newCursor(next, "")
		if !partial {
			return l, nil
		}
		if next == token {
			break
		}
		token = next
	}
	return nil, protocol("REPORT", "the parts of the answer to sync-collection do not end")
}

// refusesToken says whether an error of sync may mean that the token is no longer known: servers say so by 403 with
// valid-sync-token, by 400, 409, 410, 412, and by 500. What they mean is found out by reading everything.
func refusesToken(err error) bool {
	if errors.Is(err, errStale) {
		return true
	}
	var f *failure
	if !errors.As(err, &f) {
		return errors.Is(err, calendar.ErrProtocol)
	}
	var limited calendar.RateLimited
	return !errors.Is(err, calendar.ErrAuth) && !errors.As(err, &limited)
}
