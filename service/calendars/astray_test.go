package calendars_test

import (
	"testing"
	"time"

	"kreds/calendar"
	"kreds/calendar/caldav"
	"kreds/calendar/calendartest"
	"kreds/internal/seal"
	"kreds/service/calendars"
	"kreds/service/task"
	"kreds/supervision"
)

// TestAReadingNoticesWhatItsOwnerDoesWithOurEvent: nothing has to happen to the session for it.
func TestAReadingNoticesWhatItsOwnerDoesWithOurEvent(t *testing.T) {
	both(t, func(t *testing.T, b *bench) {
		ida, _, c, x := delivering(t, b)
		c = b.sync(c)
		if bells := kinds(b.rung()); bells != "" {
			t.Errorf("nothing has happened, and this was rung: %q", bells)
		}
		is := func(what string, state supervision.DeliveryState, fault, rung string) {
			t.Helper()
			b.sync(c)
			others := b.work()
			if d := b.delivery(x, ida); d.State != state || d.Fault != fault || d.Done != d.Wanted || kinds(others) != rung {
				t.Errorf("%s: %s (%s), %d of %d, and this was rung: %q", what, d.State, d.Fault, d.Done, d.Wanted, kinds(others))
			}
			for _, one := range others {
				if p := read[task.Recheck](t, one).Person; p != ida.ID {
					t.Errorf("%s: %s was rung for", what, p)
				}
			}
		}
		d := b.delivery(x, ida)
		b.byHand(d, x.Start)
		is("another title", supervision.DeliveryDone, "", "")

		theirs := x.Start.Add(3 * time.Hour)
		b.byHand(d, theirs)
		is("moved", supervision.DeliveryDiverged, "event-moved", "recheck")
		if f, _ := b.stands("home", d); !f.Interval.Start.Equal(theirs) {
			t.Errorf("it stands at %v now", f.Interval.Start)
		}
		if got := b.states(ida, x.Start, 4); got != "free free free free" {
			t.Errorf("our own event takes time: %s", got)
		}
		is("still moved", supervision.DeliveryDiverged, "event-moved", "")
		b.now = b.now.Add(25 * time.Hour) // the calendar is compared as a whole
		is("still moved, a day later", supervision.DeliveryDiverged, "event-moved", "")

		b.byHand(d, x.Start)
		is("moved back", supervision.DeliveryDone, "", "recheck")
		b.remote.Write("home", d.UID+".ics", "")
		is("deleted", supervision.DeliveryDiverged, "event-removed", "recheck")
		is("still deleted", supervision.DeliveryDiverged, "event-removed", "")
		b.byHand(d, x.Start)
		is("brought back", supervision.DeliveryDone, "", "recheck")
		is("as it should be", supervision.DeliveryDone, "", "")
	})
}

// TestADeletionBetweenTwoReadingsIsNoticed: the calendar was never read with our event in it.
func TestADeletionBetweenTwoReadingsIsNoticed(t *testing.T) {
	b := setup(t)
	ida, _, c, x := delivering(t, b)
	b.remote.Write("home", b.delivery(x, ida).UID+".ics", "")
	b.sync(c)
	b.work()
	if d := b.delivery(x, ida); d.State != supervision.DeliveryDiverged || d.Fault != "event-removed" {
		t.Errorf("%s (%s)", d.State, d.Fault)
	}
}

// TestWhatHasPassedMayBeTidiedAway: nobody is told that an owner has deleted what is over.
func TestWhatHasPassedMayBeTidiedAway(t *testing.T) {
	b := setup(t)
	ida, _, c, x := delivering(t, b)
	b.now = x.End.Add(time.Hour)
	b.sync(c)
	b.remote.Write("home", b.delivery(x, ida).UID+".ics", "")
	b.sync(c)
	if others := kinds(b.work()); b.delivery(x, ida).State != supervision.DeliveryDone || others != "" {
		t.Errorf("%s, and this was rung: %q", b.delivery(x, ida).State, others)
	}
}

// TestAnEmptyListIsNotBelievedOfOurEventEither: what a listing hides by mistake is looked up under its own name.
func TestAnEmptyListIsNotBelievedOfOurEventEither(t *testing.T) {
	b := setup(t)
	ida, _, c, x := delivering(t, b)
	b.sync(c)
	b.remote.tells = func(_ string, d *calendar.Delta) { d.Objects, d.Full = nil, true }
	b.now = b.now.Add(25 * time.Hour)
	b.sync(c)
	b.work()
	if d := b.delivery(x, ida); d.State != supervision.DeliveryDone {
		t.Errorf("%s (%s)", d.State, d.Fault)
	}
}

// TestACalendarChosenAnewLiftsTheFlag: the event is written anew, and so its session is looked at anew.
func TestACalendarChosenAnewLiftsTheFlag(t *testing.T) {
	b := setup(t, "home", "work")
	ida, ole := b.person("ida"), b.person("ole")
	c := b.connect(ida)
	key := map[string]string{}
	for _, k := range c.Calendars {
		key[k.Ref] = k.Key
	}
	b.update(ida, c, calendars.ConnectionChange{WriteTo: text(key["home"])})
	x := b.session(monday.AddDate(0, 0, 20), ida, ole)
	b.work()
	b.remote.Write("home", b.delivery(x, ida).UID+".ics", "")
	b.sync(c)
	b.work()
	b.update(ida, b.connection(c.ID), calendars.ConnectionChange{WriteTo: text(key["work"])})
	if others := kinds(b.work()); b.delivery(x, ida).State != supervision.DeliveryDone || others != "recheck" {
		t.Errorf("%s, and this was rung: %q", b.delivery(x, ida).State, others)
	}
}

// TestOverCalDAVAReadingNotices the same on real servers.
func TestOverCalDAVAReadingNotices(t *testing.T) {
	for name, start := range map[string]func(*testing.T) server{"embedded": embedded, "radicale": radicale} {
		t.Run(name, func(t *testing.T) {
			b, s := setup(t), start(t)
			m := allowed(t, s.url)
			b.Providers["caldav"], b.CheckURL = caldav.New(m), checking(m)
			ida, ole := b.person("ida"), b.person("ole")
			out, err := b.CreateConnection(t.Context(), b.as(ida), calendars.NewConnection{Kind: "caldav", URL: s.url, User: alice.Name, Password: seal.NewSecret(alice.Password)})
			if err != nil {
				t.Fatal(err)
			}
			b.work()
			c := b.connection(out.Value.Object.ID)
			x, y := b.session(monday.AddDate(0, 0, 20), ida, ole), b.session(monday.AddDate(0, 0, 30), ida, ole)
			b.work()
			b.sync(c)
			if others := kinds(b.work()); others != "" {
				t.Errorf("nothing has happened, and this was rung: %q", others)
			}
			moved := calendartest.Event{UID: b.delivery(x, ida).UID, Interval: calendar.Interval{Start: x.Start.Add(time.Hour), End: x.End.Add(time.Hour)}}
			s.put(t, moved.UID+".ics", moved.ICS())
			s.delete(t, b.delivery(y, ida).UID+".ics")
			b.sync(c)
			if others := kinds(b.work()); others != "recheck recheck" {
				t.Errorf("this was rung: %q", others)
			}
			for what, d := range map[string]supervision.Delivery{"event-moved": b.delivery(x, ida), "event-removed": b.delivery(y, ida)} {
				if d.State != supervision.DeliveryDiverged || d.Fault != what {
					t.Errorf("%s: %s (%s)", what, d.State, d.Fault)
				}
			}
		})
	}
}
