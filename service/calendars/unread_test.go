package calendars_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"kreds/calendar"
	"kreds/calendar/calendartest"
	"kreds/service/calendars"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// late is a context that its test ends, as if its time had run out.
type late struct {
	context.Context
	over chan struct{}
}

func (l late) Done() <-chan struct{} { return l.over }

func (l late) Err() error {
	select {
	case <-l.over:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

// TestTimeRunsOutWhileEventsAreWorkedOut: half of a calendar is not what its owner is taken by.
func TestTimeRunsOutWhileEventsAreWorkedOut(t *testing.T) {
	b := setup(t)
	ida := b.person("ida")
	b.event("home", "dentist", monday.Add(time.Hour))
	c := b.connect(ida)
	b.event("home", "lunch", monday.Add(2*time.Hour))
	ctx := late{t.Context(), make(chan struct{})}
	b.remote.ends = func(ctx2 context.Context) { close(ctx.over); <-ctx2.Done() }
	if err := b.Sync(ctx, task.Sync{Tenant: b.house.Tenant, Connection: c.ID}); err != nil {
		t.Fatal(err)
	}
	c = b.connection(c.ID)
	if got := b.states(ida, monday, 3); got != "free busy free" || c.State != supervision.ConnectionDegraded || !c.LastReadAt.Equal(monday) {
		t.Errorf("%s: the morning is %s", c.State, got)
	}
	b.remote.ends = nil
	if c = b.sync(c); c.State != supervision.ConnectionActive {
		t.Errorf("afterwards it is %s", c.State)
	}
	if got := b.states(ida, monday, 3); got != "free busy busy" {
		t.Errorf("afterwards the morning is %s", got)
	}
}

// TestCalendarsShareTheWork: what one calendar costs is not there for the next, whose recurring time is then unknown.
func TestCalendarsShareTheWork(t *testing.T) {
	refs := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	b := setup(t, refs...)
	ida := b.person("ida")
	for _, ref := range refs {
		for i := range 4 {
			e := calendartest.Event{UID: fmt.Sprint(ref, i), Rule: "FREQ=YEARLY;BYDAY=MO;BYHOUR=5;COUNT=10000"}
			e.Start = monday.AddDate(-125, 0, 0)
			e.End = e.Start.Add(time.Hour)
			b.remote.Write(ref, e.UID+".ics", e.ICS())
		}
	}
	b.event("h", "single", monday.Add(time.Hour))
	b.connect(ida)
	if got := b.states(ida, monday, 3); !strings.HasPrefix(got, "unknown busy unknown") {
		t.Errorf("the morning is %s", got)
	}
}

// broken is an event that its service holds and nobody can read; it may be told with some lines.
func broken(uid string, lines ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:" + uid + "\r\n" + strings.Join(append(lines, "END:VEVENT", "END:VCALENDAR", ""), "\r\n")
}

// TestWhatCannotBeReadIsNeverFree: an event that becomes unreadable leaves its time unknown, and its owner sees how many do.
func TestWhatCannotBeReadIsNeverFree(t *testing.T) {
	both(t, func(t *testing.T, b *bench) {
		ida := b.person("ida")
		for i := range 3 {
			b.event("home", fmt.Sprint("e", i), monday.Add(time.Duration(2*i)*time.Hour))
		}
		c := b.connect(ida)
		if got := b.states(ida, monday, 6); got != "busy free busy free busy free" {
			t.Fatalf("the morning is %s", got)
		}
		for _, step := range []struct{ why, data, want string }{
			{"a start of nobody", broken("e1", "DTSTART:2027-02-01T10:00:00Z"), "busy free unknown free busy free"},
			{"worse", "<html>", "busy free unknown free busy free"},
			{"moved, and its end is lost", broken("e1", "DTSTART:20270201T110000Z", "DTEND;TZID=Europe/Copenhagen"), "busy free unknown unknown busy unknown"},
			{"well again", calendartest.Event{UID: "e1", Interval: calendar.Interval{Start: monday.Add(time.Hour), End: monday.Add(2 * time.Hour)}}.ICS(), "busy busy free free busy free"},
			{"broken where it is now", "", "busy unknown free free busy free"},
		} {
			if step.data == "" {
				step.data = broken("e1")
			}
			b.remote.Write("home", "e1.ics", step.data)
			b.now = b.now.Add(time.Minute)
			c = b.sync(c)
			if got := b.states(ida, monday, 6); got != step.want {
				t.Errorf("%s: the morning is %s, want %s", step.why, got, step.want)
			}
			if want := map[bool]int{true: 0, false: 1}[step.why == "well again"]; c.State != supervision.ConnectionActive || c.Calendars[0].Unreadable != want {
				t.Errorf("%s: %s, %d unreadable, want %d", step.why, c.State, c.Calendars[0].Unreadable, want)
			}
		}
		b.remote.Write("home", "e1.ics", "") // its owner throws it away
		c = b.sync(c)
		if got := b.states(ida, monday, 6); got != "busy free free free busy free" || c.Calendars[0].Unreadable != 0 {
			t.Errorf("after it is gone, %d unreadable: %s", c.Calendars[0].Unreadable, got)
		}
	})
}

// TestGuessesAreShown: a zone that means nothing, and a recurrence that cannot be worked out.
func TestGuessesAreShown(t *testing.T) {
	b := setup(t)
	ida := b.person("ida")
	b.remote.Write("home", "a.ics", broken("a", "DTSTART;TZID=Office:20270201T100000", "DURATION:PT1H"))
	b.remote.Write("home", "b.ics", broken("b", "DTSTART:20270201T100000Z", "DURATION:PT1H", "RRULE:FREQ=SECONDLY"))
	c := b.connect(ida)
	if k := c.Calendars[0]; k.Guessed != 1 || k.Unclear != 1 || k.Unreadable != 0 {
		t.Errorf("%+v", k)
	}
	b.remote.Write("home", "a.ics", "")
	b.remote.Write("home", "b.ics", "")
	b.event("home", "c", monday)
	if c = b.sync(c); c.Calendars[0].Guessed+c.Calendars[0].Unclear != 0 {
		t.Errorf("%+v", c.Calendars[0])
	}
}

// withhold makes the service fail to give some objects, as an adapter tells it.
func (b *bench) withhold(hrefs ...string) {
	b.remote.tells = func(_ string, d *calendar.Delta) {
		for i := range d.Objects {
			for _, h := range hrefs {
				if d.Objects[i].Href == h {
					d.Objects[i] = calendar.Object{Href: h, Fault: "an object that the server answers with 500"}
					d.Unread = append(d.Unread, h)
				}
			}
		}
	}
}

// TestAServiceStumblesOverAnEvent: it is asked again, and meanwhile the reading is not whole. If the service stumbles each
// time, it is the event that is broken, and no other suffers.
func TestAServiceStumblesOverAnEvent(t *testing.T) {
	b := setup(t)
	ida := b.person("ida")
	for i := range 3 {
		b.event("home", fmt.Sprint("e", i), monday.Add(time.Duration(i)*time.Hour))
	}
	c := b.connect(ida)
	read := c.LastReadAt
	b.event("home", "e1", monday.Add(4*time.Hour)) // it was moved
	b.event("home", "new", monday.Add(5*time.Hour))
	b.withhold("e1.ics", "new.ics")
	b.now = b.now.Add(time.Minute)
	c = b.sync(c)
	if got := b.states(ida, monday, 6); got != "busy busy busy free free free" || c.State != supervision.ConnectionDegraded || c.FaultCode != "calendar-unreachable" || !c.LastReadAt.Equal(read) {
		t.Errorf("%s, %s, read at %v: %s", c.State, c.FaultCode, c.LastReadAt, got)
	}

	b.remote.tells = nil
	c = b.sync(c)
	if got := b.states(ida, monday, 6); got != "busy free busy free busy busy" || c.State != supervision.ConnectionActive {
		t.Errorf("when it is given again: %s, %s", c.State, got)
	}

	b.event("home", "e1", monday)
	b.withhold("e1.ics")
	for range 3 {
		b.now = b.now.Add(time.Minute)
		if c = b.sync(c); c.State != supervision.ConnectionDegraded {
			t.Errorf("after %d attempts it is %s", c.Tries, c.State)
		}
	}
	b.now = b.now.Add(time.Minute)
	c = b.sync(c)
	if got := b.states(ida, monday, 6); got != "busy free busy free unknown busy" || c.State != supervision.ConnectionActive || c.Calendars[0].Unreadable != 1 {
		t.Errorf("after four attempts: %s, %d unreadable, %s", c.State, c.Calendars[0].Unreadable, got)
	}
	// It is not forgotten: the calendar is compared as a whole each hour, and no reading fails for it any more.
	whole := 0
	b.remote.since = func(from calendar.Cursor) {
		if from == "" {
			whole++
		}
	}
	for range 7 {
		b.now = b.now.Add(10 * time.Minute)
		if c = b.sync(c); c.State != supervision.ConnectionActive {
			t.Errorf("later it is %s", c.State)
		}
	}
	if whole != 1 {
		t.Errorf("in 70 minutes it was compared %d times", whole)
	}
}

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

// TestACalendarThatWasNeverReadIsUnknown: from the moment in which it counts, however fresh the others are.
func TestACalendarThatWasNeverReadIsUnknown(t *testing.T) {
	both(t, func(t *testing.T, b *bench) {
		b.remote.Add("work")
		ida := b.person("ida")
		b.event("home", "h", monday.Add(time.Hour))
		b.event("work", "w", monday.Add(3*time.Hour))
		c := b.connect(ida)
		c = b.update(ida, c, calendars.ConnectionChange{Counting: &[]string{"c1"}})
		b.work()
		if got := b.states(ida, monday, 4); got != "free busy free free" {
			t.Fatalf("while work does not count: %s", got)
		}
		b.remote.reads = func(ref string) error {
			if ref == "work" {
				return calendar.ErrTransient
			}
			return nil
		}
		c = b.update(ida, b.connection(c.ID), calendars.ConnectionChange{Counting: &[]string{"c1", "c2"}})
		told := func(when string) {
			t.Helper()
			if got := b.states(ida, monday, 4); got != "unknown busy unknown unknown" {
				t.Errorf("%s: %s", when, got)
			}
			b.view(func(tx *store.Tx) error {
				h, err := tx.Healths([]supervision.PersonID{ida.ID})
				if h[ida.ID] != supervision.HealthUnknown {
					t.Errorf("%s: the person is %s", when, h[ida.ID])
				}
				return err
			})
			seen, err := b.GetConnection(t.Context(), b.as(ida).Actor, c.ID)
			if err != nil || seen.Object.Health != supervision.HealthUnknown {
				t.Errorf("%s: the connection is %s, %v", when, seen.Object.Health, err)
			}
			a, err := b.GetAvailability(t.Context(), b.as(ida).Actor, ida.ID, calendar.Interval{Start: monday, End: monday.Add(time.Hour)})
			if err != nil || a.Sources[0].Health != supervision.HealthUnknown {
				t.Errorf("%s: the source is %+v, %v", when, a.Sources, err)
			}
		}
		told("before it is read")
		b.work()
		told("after a reading that failed")
		b.now = b.now.Add(14 * time.Minute)
		b.sync(c)
		told("after another")
		b.remote.reads = nil
		b.sync(c)
		if got := b.states(ida, monday, 4); got != "free busy free busy" {
			t.Errorf("when it is read: %s", got)
		}
	})
}

// TestANewCalendarThatCannotBeRead: it counts as soon as it is listed.
func TestANewCalendarThatCannotBeRead(t *testing.T) {
	b := setup(t)
	ida := b.person("ida")
	c := b.connect(ida)
	b.remote.Add("work")
	b.remote.reads = func(ref string) error {
		if ref == "work" {
			return calendar.ErrTransient
		}
		return nil
	}
	b.now = b.now.Add(10 * time.Minute)
	c = b.sync(c)
	if got := b.states(ida, monday, 2); got != "unknown unknown" || len(c.Calendars) != 2 {
		t.Errorf("%d calendars: %s", len(c.Calendars), got)
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

// TestMoreEventsThanACalendarHolds: they are counted over all readings.
func TestMoreEventsThanACalendarHolds(t *testing.T) {
	b := setup(t)
	ida := b.person("ida")
	c := b.connect(ida)
	e := calendar.Event{Start: calendar.Moment{Wall: calendar.WallOf(monday), Form: calendar.UTC}, Duration: &calendar.Duration{Exact: time.Hour}}
	b.remote.tells = func(_ string, d *calendar.Delta) {
		d.Objects = append(d.Objects, calendar.Object{Href: "x.ics", UID: "x", Events: make([]calendar.Event, 50_001)})
		for i := range d.Objects[0].Events {
			d.Objects[0].Events[i] = e
		}
	}
	if c = b.sync(c); c.FaultCode != "calendar-too-large" || b.states(ida, monday, 1) != "free" {
		t.Errorf("%s, %s: %s", c.State, c.FaultCode, b.states(ida, monday, 1))
	}
}
