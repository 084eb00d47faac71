package calendars_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kreds/calendar"
	"kreds/service/calendars"
	"kreds/supervision"
)

// TestAllEventsBecomeUnreadable: whatever the service gives in their place, it is not believed.
func TestAllEventsBecomeUnreadable(t *testing.T) {
	b := setup(t)
	ida := b.person("ida")
	for i := range 8 {
		b.event("home", fmt.Sprint("e", i), monday.Add(time.Duration(i)*time.Hour))
	}
	c := b.connect(ida)
	for i := range 8 {
		b.remote.Write("home", fmt.Sprint("e", i, ".ics"), "<html>sign in</html>")
	}
	for range 5 {
		b.now = b.now.Add(time.Minute)
		c = b.sync(c)
		if got := b.states(ida, monday, 8); got != strings.TrimSpace(strings.Repeat("busy ", 8)) || c.FaultCode != "calendar-mass-change" {
			t.Errorf("%s, %s: %s", c.State, c.FaultCode, got)
		}
	}
	// Even if its owner asks, the time is not free.
	if _, err := b.SyncConnection(t.Context(), b.as(ida), c.ID); err != nil {
		t.Fatal(err)
	}
	b.work()
	if got := b.states(ida, monday, 8); got != strings.TrimSpace(strings.Repeat("unknown ", 8)) {
		t.Errorf("after its owner's word: %s", got)
	}
}

// TestACalendarThatIsNotFoundOnceIsNotGone: it is gone when the service still says so hours later, or its owner does; of many
// events only its owner's word counts.
func TestACalendarThatIsNotFoundOnceIsNotGone(t *testing.T) {
	for _, c := range []struct {
		name   string
		events int
		after  string // of the morning, two hours later
		code   string
	}{{"a small calendar", 8, "free", ""}, {"a large one", 60, "busy", "calendar-mass-change"}} {
		t.Run(c.name, func(t *testing.T) {
			b := setup(t, "home", "work")
			ida := b.person("ida")
			for i := range c.events {
				b.event("work", fmt.Sprint("w", i), monday.Add(time.Duration(i%8)*time.Hour))
			}
			x := b.connect(ida)
			x = b.update(ida, x, calendars.ConnectionChange{WriteTo: text("c2")})
			b.work()
			lost := func(infos []calendar.Info) []calendar.Info { return infos[:1] }
			b.remote.lists = lost
			b.remote.reads = func(ref string) error {
				if ref == "work" {
					return fmt.Errorf("%w: 404", calendar.ErrNotFound)
				}
				return nil
			}
			for _, wait := range []time.Duration{0, 30 * time.Minute, 80 * time.Minute} {
				b.now = b.now.Add(wait)
				x = b.sync(x)
				if target, ok := x.Target(); b.states(ida, monday, 1) != "busy" || x.State != supervision.ConnectionDegraded || !ok || target.Ref != "work" {
					t.Errorf("after %v: %s, %s, written to %q", wait, x.State, b.states(ida, monday, 1), target.Ref)
				}
			}
			// Listed again in between, it begins anew.
			b.remote.lists, b.remote.reads = nil, nil
			if x = b.sync(x); x.State != supervision.ConnectionActive {
				t.Errorf("when it is back: %s, %s", x.State, x.FaultCode)
			}
			b.remote.Drop("work")
			b.now = b.now.Add(time.Hour)
			if x = b.sync(x); b.states(ida, monday, 1) != "busy" {
				t.Error("it was dropped at once when it was lost for the second time")
			}
			b.now = b.now.Add(2 * time.Hour)
			if x = b.sync(x); b.states(ida, monday, 1) != c.after || x.FaultCode != c.code {
				t.Errorf("two hours later: %s, want %s; %s, want %s", b.states(ida, monday, 1), c.after, x.FaultCode, c.code)
			}
			if c.code == "" {
				return
			}
			if _, err := b.SyncConnection(t.Context(), b.as(ida), x.ID); err != nil {
				t.Fatal(err)
			}
			b.work()
			if x = b.connection(x.ID); len(x.Calendars) != 1 || b.states(ida, monday, 1) != "free" {
				t.Errorf("after its owner's word: %d calendars, %s", len(x.Calendars), b.states(ida, monday, 1))
			}
		})
	}
}
