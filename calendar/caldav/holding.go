package caldav

import (
	"maps"
	"net/url"
	"slices"

	"kreds/calendar"
)

// holding is what the reader has, by canonical URL: a server may escape one href in several ways, and the reader goes on
// knowing a resource by the first.
type holding struct {
	known calendar.Known
	hrefs map[string]string // the reader's own
	urls  map[string]*url.URL
}

func newHolding(collection *url.URL, known calendar.Known) *holding {
	h := &holding{known: known, hrefs: map[string]string{}, urls: map[string]*url.URL{}}
	for href := range known {
		if u, err := resolve(collection, href); err == nil {
			key := canonical(u)
			h.hrefs[key], h.urls[key] = href, u
		}
	}
	return h
}

func (h *holding) empty() bool { return len(h.known) == 0 }

// etag is the one that the reader has, if it has the resource.
func (h *holding) etag(key string) (string, bool) {
	href, ok := h.hrefs[key]
	return h.known[href], ok
}

// name is the href by which the reader knows a resource, or shall know it.
func (h *holding) name(collection, u *url.URL) string {
	if href, ok := h.hrefs[canonical(u)]; ok {
		return href
	}
	return nameFor(collection, u)
}

// names are the hrefs of resources, ordered. A reader that says what it has is not told of the end of anything else.
func (h *holding) names(collection *url.URL, gone map[string]*url.URL) []string {
	var list []string
	for _, key := range slices.Sorted(maps.Keys(gone)) {
		if _, has := h.hrefs[key]; has || h.empty() {
			list = append(list, h.name(collection, gone[key]))
		}
	}
	return list
}
