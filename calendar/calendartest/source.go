package calendartest

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kreds/calendar"
	"kreds/calendar/ics"
)

// TestSource runs the suite of calendar.Source. newAccount is called once for each case.
func TestSource(t *testing.T, newAccount func(t *testing.T) Account) {
	for _, c := range []struct {
		name  string
		needs func(h Hand) bool // nil: always
		run   func(t *testing.T, a Account)
	}{
		{"lists its calendars in a stable order", nil, listsCalendars},
		{"reads everything at first", nil, readsEverything},
		{"keeps no text of events", nil, keepsNoText},
		{"tells nothing when nothing has changed", nil, tellsNothing},
		{"tells what was added, changed and deleted", nil, tellsChanges},
		{"reconciles with what the reader has", nil, reconciles},
		{"survives a forgotten cursor", func(h Hand) bool { return h.Forget != nil }, survivesForgottenCursor},
		{"takes a cursor that is none for a beginning", nil, takesNonsenseForBeginning},
		{"lets an unreadable object hide no other", func(h Hand) bool { return h.Poison != nil }, hidesNoOther},
		{"says that a calendar is gone", func(h Hand) bool { return h.Drop != nil }, saysGone},
		{"follows a random history", nil, followsHistory},
		{"serves several readers", nil, servesSeveral},
		{"stops when its caller does", nil, stops},
	} {
		a := newAccount(t)
		if c.needs == nil || c.needs(a.Hand) {
			t.Run(c.name, func(t *testing.T) { c.run(t, a) })
		}
	}
}

// reader keeps what it was told, as the service's tables do.
type reader struct {
	account Account
	objects map[string]calendar.Object // by href
	cursor  calendar.Cursor
}

func newReader(a Account) *reader { return &reader{account: a, objects: map[string]calendar.Object{}} }

func (r *reader) known() calendar.Known {
	known := calendar.Known{}
	for href, o := range r.objects {
		known[href] = o.ETag
	}
	return known
}

// read asks for changes, applies them and returns what it was told.
func (r *reader) read(t *testing.T) calendar.Delta {
	t.Helper()
	d, err := r.account.Source.Changes(t.Context(), r.account.Ref, r.cursor, r.known())
	if err != nil {
		t.Fatalf("Changes: %v", err)
	}
	r.apply(t, d)
	return d
}

func (r *reader) apply(t *testing.T, d calendar.Delta) {
	t.Helper()
	if d.Full {
		r.objects = map[string]calendar.Object{}
	}
	for _, o := range d.Objects {
		if o.Href == "" {
			t.Errorf("an object without href: %+v", o)
		}
		r.objects[o.Href] = o
	}
	for _, href := range d.Gone {
		delete(r.objects, href)
	}
	if d.Next == "" {
		t.Error("no cursor to go on from")
	}
	r.cursor = d.Next
}

// has checks that the reader has just these events.
func (r *reader) has(t *testing.T, want ...Event) {
	t.Helper()
	spell := map[string]string{}
	for _, e := range want {
		spell[e.UID] = e.Start.UTC().Format(time.RFC3339) + " " + e.Rule
	}
	got := map[string]string{}
	for href, o := range r.objects {
		if o.Fault != "" || len(o.Events) != 1 {
			t.Errorf("%s: %d events, fault %q", href, len(o.Events), o.Fault)
			continue
		}
		expanded, err := ics.Expand(o, ics.Options{Window: calendar.Interval{Start: time.Unix(0, 0), End: time.Unix(1<<32, 0)}, Owner: time.UTC})
		if err != nil {
			t.Fatal(err)
		}
		start := time.Time{}
		if len(expanded.Busy) > 0 {
			start = expanded.Busy[0].Start
		}
		if _, twice := got[o.UID]; twice {
			t.Errorf("%s is there twice", o.UID)
		}
		got[o.UID] = start.Format(time.RFC3339) + " " + strings.Join(o.Events[0].Rules, " ")
	}
	if d := cmp.Diff(spell, got); d != "" {
		t.Errorf("the reader has other events:\n%s", d)
	}
}

func put(t *testing.T, a Account, events ...Event) {
	t.Helper()
	for _, e := range events {
		a.Hand.Put(t, e)
	}
}

var (
	first  = Event{UID: "first", Interval: on(16, 8)}
	second = Event{UID: "second", Interval: on(17, 8), Rule: "FREQ=WEEKLY;COUNT=3"}
	third  = Event{UID: "third", Interval: on(18, 8)}
)
