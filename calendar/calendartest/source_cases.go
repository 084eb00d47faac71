package calendartest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kreds/calendar"
)

func listsCalendars(t *testing.T, a Account) {
	one, err := a.Source.Calendars(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	two, err := a.Source.Calendars(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(one, two); d != "" {
		t.Errorf("the second list differs from the first:\n%s", d)
	}
	refs := map[string]bool{}
	for _, i := range one {
		if refs[i.Ref] {
			t.Errorf("%s is listed twice", i.Ref)
		}
		refs[i.Ref] = true
	}
	if !refs[a.Ref] {
		t.Errorf("%s is not in the list: %v", a.Ref, one)
	}
}

func readsEverything(t *testing.T, a Account) {
	r := newReader(a)
	if d := r.read(t); !d.Full || len(d.Objects) != 0 {
		t.Errorf("an empty calendar: %+v", d)
	}
	put(t, a, first, second)
	r = newReader(a)
	if d := r.read(t); !d.Full || len(d.Gone) != 0 {
		t.Errorf("the first reading: full %v, gone %v", d.Full, d.Gone)
	}
	r.has(t, first, second)
}

func keepsNoText(t *testing.T, a Account) {
	put(t, a, first)
	r := newReader(a)
	d := r.read(t)
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(strings.ToLower(string(text)), Secret) {
		t.Errorf("text of an event came out: %s", text)
	}
}

func tellsNothing(t *testing.T, a Account) {
	put(t, a, first, second)
	r := newReader(a)
	r.read(t)
	for range 2 {
		if d := r.read(t); !d.Full && (len(d.Objects) > 0 || len(d.Gone) > 0) {
			t.Errorf("nothing has changed, and it tells %+v", d)
		}
		r.has(t, first, second)
	}
}

func tellsChanges(t *testing.T, a Account) {
	put(t, a, first, second)
	r := newReader(a)
	r.read(t)
	moved := first
	moved.Interval = on(16, 13)
	put(t, a, moved, third)
	a.Hand.Delete(t, second.UID)
	r.read(t)
	r.has(t, moved, third)
	put(t, a, second)
	a.Hand.Delete(t, third.UID)
	r.read(t)
	r.has(t, moved, second)
}

func reconciles(t *testing.T, a Account) {
	put(t, a, first, second)
	r := newReader(a)
	r.read(t)
	put(t, a, third)
	a.Hand.Delete(t, second.UID)
	r.cursor = "" // what it was told meanwhile is lost; what it has is not
	d := r.read(t)
	r.has(t, first, third)
	for _, o := range d.Objects {
		if !d.Full && o.UID == first.UID && o.ETag != "" {
			t.Error("an object that the reader has was sent again")
		}
	}
	r.read(t)
	r.has(t, first, third)
}

func survivesForgottenCursor(t *testing.T, a Account) {
	put(t, a, first, second)
	r := newReader(a)
	r.read(t)
	put(t, a, third)
	a.Hand.Delete(t, first.UID)
	r.cursor = a.Hand.Forget(t, r.cursor)
	r.read(t)
	r.has(t, second, third)
	a.Hand.Delete(t, third.UID)
	r.read(t)
	r.has(t, second)
}

func takesNonsenseForBeginning(t *testing.T, a Account) {
	put(t, a, first)
	r := newReader(a)
	r.cursor = "no cursor of anybody"
	if d := r.read(t); !d.Full {
		t.Errorf("not full: %+v", d)
	}
	r.has(t, first)
}

func hidesNoOther(t *testing.T, a Account) {
	put(t, a, first)
	a.Hand.Poison(t)
	put(t, a, second)
	r := newReader(a)
	d := r.read(t)
	faults := 0
	for _, o := range d.Objects {
		if o.Fault != "" {
			faults++
			delete(r.objects, o.Href)
			if strings.Contains(o.Fault, Secret) {
				t.Errorf("the fault tells text of the event: %s", o.Fault)
			}
		}
	}
	if faults != 1 {
		t.Errorf("%d objects with a fault, want 1", faults)
	}
	r.has(t, first, second)
}

func saysGone(t *testing.T, a Account) {
	put(t, a, first)
	r := newReader(a)
	r.read(t)
	a.Hand.Drop(t)
	for name, cursor := range map[string]calendar.Cursor{"with a cursor": r.cursor, "from the beginning": ""} {
		if _, err := a.Source.Changes(t.Context(), a.Ref, cursor, r.known()); !errors.Is(err, calendar.ErrGone) {
			t.Errorf("%s: %v, want ErrGone", name, err)
		}
	}
}

// followsHistory puts, moves and deletes events by a fixed pattern that meets every pair of steps.
func followsHistory(t *testing.T, a Account) {
	r := newReader(a)
	there := map[string]Event{}
	for step := range 14 {
		for n := range step%4 + 1 {
			uid := fmt.Sprintf("event%d", (step*step+3*n)%7)
			if _, ok := there[uid]; ok && (step+n)%3 == 0 {
				a.Hand.Delete(t, uid)
				delete(there, uid)
				continue
			}
			e := Event{UID: uid, Interval: on(1+step, n)}
			put(t, a, e)
			there[uid] = e
		}
		r.read(t)
		r.has(t, slices.Collect(maps.Values(there))...)
		if t.Failed() {
			t.Fatalf("at step %d", step)
		}
	}
}

func servesSeveral(t *testing.T, a Account) {
	put(t, a, first, second)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			d, err := a.Source.Changes(t.Context(), a.Ref, "", nil)
			if err != nil || len(d.Objects) != 2 {
				t.Errorf("%d objects, %v", len(d.Objects), err)
			}
			if _, err := a.Source.Calendars(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func stops(t *testing.T, a Account) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.Source.Changes(ctx, a.Ref, "", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Changes: %v, want context.Canceled", err)
	}
	if _, err := a.Source.Calendars(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Calendars: %v, want context.Canceled", err)
	}
}
