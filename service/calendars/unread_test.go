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
