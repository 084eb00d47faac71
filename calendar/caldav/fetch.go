package caldav

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"kreds/calendar"
	"kreds/calendar/ics"
)

const batchSize = 50 // objects of one multiget: more is refused here and slow there

// maxEvents of one fetch: a calendar that holds more is not read.
const maxEvents = 50_000

// fetch reads objects: by multiget in batches, and one by one what a batch did not give. Nothing that one object does hides
// another: what cannot be read comes with a Fault.
func (a *account) fetch(ctx context.Context, collection *url.URL, entries []entry, have *holding) (*fetching, error) {
	f := &fetching{account: a, collection: collection, have: have, gone: map[string]*url.URL{}}
	for batch := range slices.Chunk(entries, batchSize) {
		if err := f.batch(ctx, batch); err != nil {
			return nil, err
		}
	}
	if f.down != nil && f.read == 0 {
		return nil, f.down // not one object could be read: it is the server, not the objects
	}
	return f, nil
}

// fetchAll is fetch for a whole listing of the collection, of which entries are what has to be read. A server that gives
// something else in place of every object there is, such as a page to sign in at, gives no calendar.
func (a *account) fetchAll(ctx context.Context, collection *url.URL, l *listing, entries []entry, have *holding) (*fetching, error) {
	f, err := a.fetch(ctx, collection, entries, have)
	if err == nil && f.nonsense > 1 && f.nonsense == len(l.entries) {
		return nil, protocol("GET", "no object of the collection is a calendar")
	}
	return f, err
}

// fetching is one fetch in progress, and what came of it.
type fetching struct {
	account    *account
	collection *url.URL
	have       *holding
	objects    []calendar.Object
	unread     []string            // hrefs among the objects that the server did not give
	gone       map[string]*url.URL // what is no longer there, by canonical URL
	noMultiget bool                // the server knows no multiget
	read       int                 // objects that came
	nonsense   int                 // of these, what is no calendar at all
	events     int
	down       error // the first failure of the server with an object
}

// delta is what came, with the cursor to go on from.
func (f *fetching) delta(next cursor) calendar.Delta {
	return calendar.Delta{Objects: f.objects, Gone: f.have.names(f.collection, f.gone), Next: next.encode(), Unread: f.unread}
}

func (f *fetching) batch(ctx context.Context, batch []entry) error {
	single := batch
	if !f.noMultiget && len(batch) > 1 {
		data, err := f.account.multiget(ctx, f.collection, batch)
		switch {
		case err == nil:
			single = nil
			for _, e := range batch {
				key := canonical(e.url)
				switch got, ok := data[key]; {
				case ok && got.gone:
					f.gone[key] = e.url
				case ok && got.data != "":
					if err := f.take(e, []byte(got.data), cmpTag(got.etag, e.etag)); err != nil {
						return err
					}
				default:
					single = append(single, e)
				}
			}
		case final(err):
			return err
		case errors.Is(err, calendar.ErrUnsupported):
			f.noMultiget = true
		}
	}
	for _, e := range single {
		if err := f.one(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// one reads a single object.
func (f *fetching) one(ctx context.Context, e entry) error {
	data, etag, err := f.account.get(ctx, e.url, http.Header{"Accept": {"text/calendar"}})
	switch {
	case err == nil:
		return f.take(e, data, cmpTag(e.etag, etag))
	case absent(err):
		f.gone[canonical(e.url)] = e.url
	case final(err):
		return err
	default:
		if f.down == nil {
			f.down = err
		}
		// Without an ETag it is asked for again at the next reconciliation.
		o := calendar.Object{Href: f.have.name(f.collection, e.url), Fault: faultOf(err)}
		f.objects = append(f.objects, o)
		if !errors.Is(err, calendar.ErrTooLarge) {
			f.unread = append(f.unread, o.Href)
		}
	}
	return nil
}

// cmpTag is the first that is not empty. What a listing says comes first where both do, because it is compared with
// listings; a body and its ETag from one answer belong together.
func cmpTag(first, second string) string {
	if first != "" {
		return first
	}
	return second
}

func (f *fetching) take(e entry, data []byte, etag string) error {
	o := ics.DecodeObject(data, ics.Limits{}, f.account.emails)
	o.Href, o.ETag = f.have.name(f.collection, e.url), etag
	f.read++
	if o.Fault == ics.ErrNotCalendar.Error() {
		f.nonsense++
		f.unread = append(f.unread, o.Href)
		o.ETag = ""
	}
	f.objects = append(f.objects, o)
	if f.events += len(o.Events); f.events > maxEvents {
		return fmt.Errorf("caldav: more than %d events: %w", maxEvents, calendar.ErrTooLarge)
	}
	return nil
}

// final says whether an error ends a reading, because the next request would meet it too: it speaks of the account or the
// way to the server, not of one resource.
func final(err error) bool {
	var limited calendar.RateLimited
	if errors.Is(err, calendar.ErrAuth) || errors.Is(err, calendar.ErrBlockedAddress) || errors.Is(err, context.Canceled) || errors.As(err, &limited) {
		return true
	}
	var f *failure
	return errors.Is(err, calendar.ErrTransient) && !errors.As(err, &f) // no answer at all
}

// faultOf says why an object could not be read, without any words of the server.
func faultOf(err error) string {
	var f *failure
	switch {
	case errors.Is(err, calendar.ErrTooLarge):
		return "an object that is too large"
	case errors.As(err, &f):
		return fmt.Sprintf("an object that the server answers with %d", f.status)
	}
	return "an object that the server does not give"
}

// given is what a multiget says of one object.
type given struct {
	data, etag string
	gone       bool
}

// multiget asks for several objects (RFC 4791 §7.9), by canonical URL. The properties come before the hrefs, as the DTD
// has it (§9.10); strict servers give no data otherwise. Hrefs are sent back as they came.
func (a *account) multiget(ctx context.Context, collection *url.URL, batch []entry) (map[string]given, error) {
	var body strings.Builder
	body.WriteString("<C:calendar-multiget" + namespaces + ">")
	body.WriteString(propElement([]property{{nsDAV, "getetag"}, {nsCalDAV, "calendar-data"}}))
	for _, e := range batch {
		body.WriteString("<D:href>" + escaped(e.url.EscapedPath()) + "</D:href>")
	}
	body.WriteString("</C:calendar-multiget>")
	found := map[string]given{}
	_, err := a.ask(ctx, "REPORT", collection, "1", body.String(), func(base *url.URL, m *member) error {
		u, err := resolve(base, m.href)
		if err != nil {
			return nil // it was not asked for
		}
		found[canonical(u)] = given{
			data: m.prop(nsCalDAV, "calendar-data").value(),
			etag: entityTag(m.prop(nsDAV, "getetag").value()),
			gone: m.status == http.StatusNotFound || m.status == http.StatusGone,
		}
		return nil
	})
	return found, err
}
