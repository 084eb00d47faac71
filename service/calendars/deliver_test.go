package calendars_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kreds/calendar"
	"kreds/calendar/calendartest"
	"kreds/internal/seal"
	"kreds/service/calendars"
	"kreds/service/task"
	"kreds/supervision"
)

// delivering is a bench with a mentor whose calendar is written and a supervisor without one, and a session of theirs.
func delivering(t *testing.T, b *bench) (ida, ole supervision.Person, c supervision.Connection, x supervision.Session) {
	t.Helper()
	ida, ole = b.person("ida"), b.person("ole")
	c = b.connect(ida)
	x = b.session(monday.AddDate(0, 0, 20), ida, ole)
	b.work()
	return ida, ole, c, x
}

func TestASessionIsWrittenOnceAndFollowed(t *testing.T) {
	both(t, func(t *testing.T, b *bench) {
		ida, ole, _, x := delivering(t, b)
		d := b.delivery(x, ida)
		f, ok := b.stands("home", d)
		if !ok || f.Status != calendar.TentativeStatus || !f.Interval.Start.Equal(x.Start) || d.State != supervision.DeliveryDone || d.ETag != f.ETag {
			t.Fatalf("on hold: %v %+v, %+v", ok, f, d)
		}
		if other := b.delivery(x, ole); other.State != supervision.DeliveryDone || !other.Connection.IsZero() {
			t.Errorf("without a calendar to write to: %+v", other)
		}
		b.work()
		if err := b.Deliver(t.Context(), task.Deliver{Tenant: b.house.Tenant, Session: x.ID, Person: ida.ID}); err != nil {
			t.Fatal(err)
		}
		if again, _ := b.stands("home", d); again.ETag != f.ETag {
			t.Error("a repeat wrote it once more")
		}

		b.change(&x, func(x *supervision.Session) { x.State = supervision.Confirmed })
		b.work()
		if f, _ = b.stands("home", d); f.Status != calendar.Confirmed || f.Sequence != 1 {
			t.Errorf("confirmed: %+v", f)
		}
		for i := range 3 {
			b.change(&x, func(x *supervision.Session) {
				x.Start, x.End, x.Revision = x.Start.Add(time.Hour), x.End.Add(time.Hour), x.Revision+1
			})
			b.work()
			if f, _ = b.stands("home", d); !f.Interval.Start.Equal(x.Start) || f.Sequence != 2+i || f.UID != d.UID {
				t.Errorf("moved: %+v", f)
			}
		}
		b.change(&x, func(x *supervision.Session) { x.State = supervision.Cancelled })
		b.work()
		if _, ok := b.stands("home", d); ok {
			t.Error("a cancelled session still stands there")
		}
		if d = b.delivery(x, ida); d.State != supervision.DeliveryDone || d.Ref != "" {
			t.Errorf("cancelled: %+v", d)
		}
		b.ring(x, ida)
		if d = b.delivery(x, ida); d.State != supervision.DeliveryDone {
			t.Errorf("cancelled again: %+v", d)
		}
	})
}

func TestSomebodyWhoLeavesTheSessionLosesTheEvent(t *testing.T) {
	b := setup(t)
	ida, _, _, x := delivering(t, b)
	eva := b.person("eva")
	d := b.delivery(x, ida)
	b.change(&x, func(x *supervision.Session) {
		x.Mentors, x.Revision = []supervision.Attendance{{Person: eva.ID, Answer: supervision.Invited}}, 1
	})
	b.work()
	if _, ok := b.stands("home", d); ok {
		t.Error("the event still stands in the calendar of somebody who has no part in the session")
	}
}

// TestOurOwnEventsNeverTakeTime: a session must not stand in its own way when it is moved.
func TestOurOwnEventsNeverTakeTime(t *testing.T) {
	b := setup(t)
	ida, _, c, x := delivering(t, b)
	b.sync(c)
	if got := b.states(ida, x.Start, 2); got != "free free" {
		t.Errorf("with nothing but our own event the time is %s", got)
	}
	b.event("home", "dentist", x.Start.Add(time.Hour))
	b.sync(c)
	if got := b.states(ida, x.Start, 2); got != "free busy" {
		t.Errorf("beside our own event the time is %s", got)
	}
}

// TestKilledAfterThePut: the service has the event and we never heard so; what follows finds it by its name.
func TestKilledAfterThePut(t *testing.T) {
	b := setup(t)
	ida, ole := b.person("ida"), b.person("ole")
	b.connect(ida)
	b.remote.wrote = func() error { return fmt.Errorf("%w: broke off", calendar.ErrTransient) }
	x := b.session(monday.AddDate(0, 0, 20), ida, ole)
	b.work()
	d := b.delivery(x, ida)
	f, ok := b.stands("home", d)
	if !ok || d.State != supervision.DeliveryPending || d.Tries != 1 || d.NextAt.IsZero() || d.ETag != "" {
		t.Fatalf("the answer was lost: %v, %+v", ok, d)
	}

	b.remote.wrote = nil
	b.now = d.NextAt
	if err := b.Sweep(t.Context(), b.house.Tenant); err != nil {
		t.Fatal(err)
	}
	b.work()
	if d = b.delivery(x, ida); d.State != supervision.DeliveryDone || d.ETag != f.ETag || d.Tries != 0 {
		t.Errorf("the next attempt: %+v, there is %+v", d, f)
	}
}

// TestKilledAfterThePutAndThenMoved: the event that stands there is an earlier look of ours, not its owner's doing.
func TestKilledAfterThePutAndThenMoved(t *testing.T) {
	b := setup(t)
	ida, _, _, x := delivering(t, b)
	b.remote.wrote = func() error { return fmt.Errorf("%w: broke off", calendar.ErrTransient) }
	later := func(x *supervision.Session) {
		x.Start, x.End, x.Revision = x.Start.Add(2*time.Hour), x.End.Add(2*time.Hour), x.Revision+1
	}
	b.change(&x, later)
	b.work()
	b.remote.wrote = nil
	b.change(&x, later)
	b.work()
	d := b.delivery(x, ida)
	if f, ok := b.stands("home", d); !ok || !f.Interval.Start.Equal(x.Start) || d.State != supervision.DeliveryDone {
		t.Errorf("%s (%s): there is %+v, want %v", d.State, d.Fault, f, x.Start)
	}
}

func TestWhatItsOwnerMovedIsLeftAlone(t *testing.T) {
	b := setup(t)
	ida, _, _, x := delivering(t, b)
	d := b.delivery(x, ida)
	theirs := x.Start.Add(24 * time.Hour)
	b.byHand(d, theirs)
	move := func(to time.Time) {
		b.change(&x, func(x *supervision.Session) { x.Start, x.End, x.Revision = to, to.Add(time.Hour), x.Revision+1 })
		b.work()
	}
	move(x.Start.Add(time.Hour))
	for range 2 {
		f, ok := b.stands("home", d)
		if d = b.delivery(x, ida); !ok || !f.Interval.Start.Equal(theirs) || d.State != supervision.DeliveryDiverged || d.Done != d.Wanted {
			t.Fatalf("%s, %d of %d: there is %v", d.State, d.Done, d.Wanted, f.Interval.Start)
		}
		move(x.Start.Add(time.Hour)) // nor is it fought afterwards
	}
	move(theirs) // the session follows its mentor
	f, _ := b.stands("home", d)
	if d = b.delivery(x, ida); d.State != supervision.DeliveryDone || f.ETag != d.ETag {
		t.Errorf("the two agree again, and it is %s", d.State)
	}
}

func TestWhatItsOwnerDeletedIsNotBroughtBack(t *testing.T) {
	b := setup(t)
	ida, _, _, x := delivering(t, b)
	d := b.delivery(x, ida)
	b.remote.Write("home", d.UID+".ics", "")
	b.change(&x, func(x *supervision.Session) { x.State = supervision.Confirmed })
	b.work()
	if _, ok := b.stands("home", d); ok || b.delivery(x, ida).State != supervision.DeliveryDiverged {
		t.Errorf("there is one again: %v, %s", ok, b.delivery(x, ida).State)
	}
	b.change(&x, func(x *supervision.Session) { x.Mode = supervision.InPerson })
	b.work()
	if d = b.delivery(x, ida); d.State != supervision.DeliveryDiverged || d.Fault != "event-removed" || d.Done != d.Wanted {
		t.Errorf("after another change it is %s (%s), %d of %d", d.State, d.Fault, d.Done, d.Wanted)
	}
	b.change(&x, func(x *supervision.Session) { x.State = supervision.Cancelled })
	b.work()
	if state := b.delivery(x, ida).State; state != supervision.DeliveryDone {
		t.Errorf("a cancelled session that stands nowhere is %s", state)
	}
}

// TestAWordOfItsOwnerDoesNotStop: a title that they changed is no other time.
func TestAWordOfItsOwnerDoesNotStop(t *testing.T) {
	b := setup(t)
	ida, _, _, x := delivering(t, b)
	d := b.delivery(x, ida)
	b.byHand(d, x.Start)
	b.change(&x, func(x *supervision.Session) { x.State = supervision.Confirmed })
	b.work()
	f, _ := b.stands("home", d)
	if d = b.delivery(x, ida); d.State != supervision.DeliveryDone || f.Status != calendar.Confirmed {
		t.Errorf("%s (%s): there is %+v", d.State, d.Fault, f)
	}
	if ics := b.remote.Read("home", d.UID+".ics"); !strings.Contains(ics, "SUMMARY:"+calendartest.Secret) {
		t.Errorf("their title is gone:\n%s", ics)
	}
	b.byHand(d, x.Start)
	b.change(&x, func(x *supervision.Session) { x.State = supervision.Cancelled })
	b.work()
	if _, ok := b.stands("home", d); ok {
		t.Error("the cancelled session still stands there")
	}
}

func TestSomebodyElsesEventUnderOurNameIsNotTouched(t *testing.T) {
	b := setup(t)
	ida, ole := b.person("ida"), b.person("ole")
	b.connect(ida)
	x := b.session(monday.AddDate(0, 0, 20), ida, ole)
	d := b.delivery(x, ida)
	foreign := calendartest.Event{UID: "foreign", Interval: calendar.Interval{Start: monday, End: monday.Add(time.Hour)}}
	b.remote.Write("home", d.UID+".ics", foreign.ICS())
	b.work()
	f, _ := b.stands("home", d)
	if d = b.delivery(x, ida); f.UID != "foreign" || d.State != supervision.DeliveryFailed || d.Fault != "event-foreign" {
		t.Errorf("%s (%s): there is %+v", d.State, d.Fault, f)
	}
	b.change(&x, func(x *supervision.Session) { x.State = supervision.Cancelled })
	b.work()
	if f, _ = b.stands("home", d); f.UID != "foreign" {
		t.Error("somebody else's event was deleted")
	}
}

func TestADeadServiceIsTriedAgain(t *testing.T) {
	b := setup(t)
	ida, ole := b.person("ida"), b.person("ole")
	b.connect(ida)
	b.remote.opens = func(calendar.Account) error { return calendar.ErrTransient }
	x := b.session(monday.AddDate(0, 0, 20), ida, ole)
	b.work()
	for range 4 {
		d := b.delivery(x, ida)
		if d.State != supervision.DeliveryPending || d.Connection.IsZero() || !d.NextAt.After(b.now) {
			t.Fatalf("after %d failures it is %+v", d.Tries, d)
		}
		b.now = d.NextAt.Add(-time.Second)
		b.sweep()
		if d = b.delivery(x, ida); !d.NextAt.After(b.now) {
			t.Fatal("it was tried before its time")
		}
		b.now = d.NextAt
		b.sweep()
	}
	d := b.delivery(x, ida)
	if d.State != supervision.DeliveryFailed || d.Tries != 5 {
		t.Errorf("after %d failures it is %s", d.Tries, d.State)
	}
	b.remote.opens = nil
	b.now = d.NextAt
	b.sweep()
	if d = b.delivery(x, ida); d.State != supervision.DeliveryDone {
		t.Errorf("after the service came back it is %s", d.State)
	}
}

// TestWantedOtherwiseWhileWriting: a change that comes while the event is written is written at once.
func TestWantedOtherwiseWhileWriting(t *testing.T) {
	both(t, func(t *testing.T, b *bench) {
		ida, ole := b.person("ida"), b.person("ole")
		b.connect(ida)
		var x supervision.Session
		once := false
		b.remote.wrote = func() error {
			if !once {
				once = true
				b.change(&x, func(x *supervision.Session) { x.State = supervision.Confirmed })
				b.rung()
			}
			return nil
		}
		x = b.session(monday.AddDate(0, 0, 20), ida, ole)
		b.work()
		d := b.delivery(x, ida)
		f, _ := b.stands("home", d)
		if d.State != supervision.DeliveryDone || d.Done != d.Wanted || f.Status != calendar.Confirmed || d.ETag != f.ETag {
			t.Errorf("%+v: there is %+v", d, f)
		}
	})
}

func TestATargetThatIsChosenLaterGetsWhatLiesAhead(t *testing.T) {
	b := setup(t, "home", "work")
	ida, ole := b.person("ida"), b.person("ole")
	c := b.connect(ida)
	if _, ok := c.Target(); ok {
		t.Fatal("of two calendars one was chosen without its owner")
	}
	past := b.session(monday.Add(time.Hour), ida, ole)
	x := b.session(monday.AddDate(0, 0, 20), ida, ole)
	b.work()
	if b.remote.puts != 0 {
		t.Fatal("it was written into a calendar that nobody has chosen")
	}
	b.now = monday.AddDate(0, 0, 1)
	key := map[string]string{}
	for _, k := range c.Calendars {
		key[k.Ref] = k.Key
	}
	at := func(ref string, x supervision.Session) bool { _, ok := b.stands(ref, b.delivery(x, ida)); return ok }
	choose := func(ref string) {
		b.update(ida, b.connection(c.ID), calendars.ConnectionChange{WriteTo: text(key[ref])})
		b.work()
	}
	choose("home")
	if !at("home", x) || at("home", past) {
		t.Errorf("what lies ahead stands there: %v; what has passed: %v", at("home", x), at("home", past))
	}
	choose("work")
	if at("home", x) || !at("work", x) {
		t.Errorf("after another choice: home %v, work %v", at("home", x), at("work", x))
	}
	b.byHand(b.delivery(x, ida), x.Start.Add(time.Hour), "work")
	b.change(&x, func(x *supervision.Session) { x.State = supervision.Confirmed })
	b.work()
	choose("home")
	if d := b.delivery(x, ida); !at("home", x) || d.State != supervision.DeliveryDone {
		t.Errorf("what its owner had moved, after they chose a calendar anew: home %v, %s", at("home", x), d.State)
	}
	choose("")
	if at("home", x) || b.delivery(x, ida).State != supervision.DeliveryDone {
		t.Errorf("without a calendar it stands there: %v", at("home", x))
	}
}

func TestANewPasswordRingsWhatWaitedForIt(t *testing.T) {
	b := setup(t)
	ida, _, c, x := delivering(t, b)
	b.remote.opens = func(a calendar.Account) error {
		if a.Password == "pw" {
			return calendar.ErrAuth
		}
		return nil
	}
	b.sync(c)
	b.change(&x, func(x *supervision.Session) { x.State = supervision.Confirmed })
	b.work()
	if d := b.delivery(x, ida); d.Done == d.Wanted || d.Fault != "calendar-password-refused" {
		t.Fatalf("with a refused password: %+v", d)
	}
	b.update(ida, b.connection(c.ID), calendars.ConnectionChange{Password: secret("new")})
	b.work()
	if f, _ := b.stands("home", b.delivery(x, ida)); f.Status != calendar.Confirmed {
		t.Errorf("with the new password there is %+v", f)
	}
}

// TestAnotherCalendarAfterTheOldPasswordDied: an account that lets nobody in any more does not hold back the new one.
func TestAnotherCalendarAfterTheOldPasswordDied(t *testing.T) {
	b := setup(t)
	ida, ole, old, x := delivering(t, b)
	y := b.session(monday.AddDate(0, 0, 30), ida, ole)
	b.work()
	b.remote.opens = func(a calendar.Account) error {
		if a.User == ida.Name {
			return calendar.ErrAuth
		}
		return nil
	}
	old = b.sync(old)
	b.change(&y, func(y *supervision.Session) { y.State = supervision.Cancelled })
	b.work()
	if old.State != supervision.ConnectionRevoked {
		t.Fatalf("the old connection is %s", old.State)
	}
	out, err := b.CreateConnection(t.Context(), b.as(ida), calendars.NewConnection{Kind: "caldav", URL: "https://next.a.example/", User: "next", Password: seal.NewSecret("pw")})
	if err != nil {
		t.Fatal(err)
	}
	b.remote.Write("home", b.delivery(x, ida).UID+".ics", "") // the new account does not hold what stands in the old one
	b.work()
	c := b.connection(out.Value.Object.ID)
	b.update(ida, c, calendars.ConnectionChange{WriteTo: &c.Calendars[0].Key})
	b.work()
	d := b.delivery(x, ida)
	if f, ok := b.stands("home", d); !ok || d.State != supervision.DeliveryDone || d.Connection != c.ID || d.ETag != f.ETag {
		t.Errorf("after another choice: there %v, %s (%s) after %d failures, in %s", ok, d.State, d.Fault, d.Tries, d.Connection)
	}
	if d = b.delivery(y, ida); d.Connection != old.ID || d.Done == d.Wanted {
		t.Errorf("what has to be taken out of the old one is forgotten: %+v", d)
	}

	// It is taken out when its owner gives the old account a password that is taken.
	b.remote.opens = nil
	b.update(ida, b.connection(old.ID), calendars.ConnectionChange{Password: secret("new")})
	b.work()
	if d = b.delivery(y, ida); d.Ref != "" || d.State != supervision.DeliveryDone {
		t.Errorf("with a new password: %+v", d)
	}
}

// TestAnotherCalendarAfterTheOldServiceDied: it is waited for, and then written elsewhere.
func TestAnotherCalendarAfterTheOldServiceDied(t *testing.T) {
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
	b.remote.erases = func(ref string) error {
		if ref == "home" {
			return calendar.ErrTransient
		}
		return nil
	}
	b.update(ida, b.connection(c.ID), calendars.ConnectionChange{WriteTo: text(key["work"])})
	b.work()
	d := b.delivery(x, ida)
	if _, ok := b.stands("work", d); ok || d.State != supervision.DeliveryPending {
		t.Errorf("the old one may still answer, and there is one in both: %s", d.State)
	}
	for range 5 {
		b.now = b.now.Add(7 * time.Hour)
		b.sweep()
	}
	d = b.delivery(x, ida)
	if _, ok := b.stands("work", d); !ok || d.State != supervision.DeliveryDone || d.Ref != "work" {
		t.Errorf("the old one is dead: in the new one %v, %s (%s)", ok, d.State, d.Fault)
	}
}

func TestWithoutItsConnectionNothingIsWritten(t *testing.T) {
	b := setup(t)
	ida, _, c, x := delivering(t, b)
	if err := b.DeleteConnection(t.Context(), b.as(ida), c.ID); err != nil {
		t.Fatal(err)
	}
	if bells := kinds(b.work()); !strings.Contains(bells, "recheck") {
		t.Errorf("this was rung: %q", bells)
	}
	if d := b.delivery(x, ida); !d.Connection.IsZero() || d.State != supervision.DeliveryDone {
		t.Errorf("the delivery is %+v", d)
	}
	if got := b.states(ida, monday, 1); got != "unknown" {
		t.Errorf("the morning is %s", got)
	}
	puts := b.remote.puts
	b.connect(ida) // the same account again: what stands there is found by its name
	d := b.delivery(x, ida)
	if f, _ := b.stands("home", d); d.ETag != f.ETag || d.State != supervision.DeliveryDone || b.remote.puts != puts+1 {
		t.Errorf("connected again: %+v", d)
	}
}

// byHand is the owner's hand on an event of ours: another title, and perhaps another time.
func (b *bench) byHand(d supervision.Delivery, at time.Time, ref ...string) {
	ref = append(ref, "home")
	e := calendartest.Event{UID: d.UID, Interval: calendar.Interval{Start: at, End: at.Add(time.Hour)}}
	b.remote.Write(ref[0], d.UID+".ics", e.ICS())
}

func (b *bench) sweep() {
	b.t.Helper()
	if err := b.Sweep(b.t.Context(), b.house.Tenant); err != nil {
		b.t.Fatal(err)
	}
	b.work()
}

// ring runs a delivery once more.
func (b *bench) ring(x supervision.Session, p supervision.Person) {
	b.t.Helper()
	if err := b.Deliver(b.t.Context(), task.Deliver{Tenant: b.house.Tenant, Session: x.ID, Person: p.ID}); err != nil {
		b.t.Fatal(err)
	}
}
