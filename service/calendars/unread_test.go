package calendars_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kreds/calendar"
	"kreds/calendar/calendartest"
	"kreds/service/calendars"
	"kreds/store"
	"kreds/supervision"
)

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
