package calendars_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"kreds/calendar"
	"kreds/calendar/calendartest"
	"kreds/service/task"
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
