package calendars_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"kreds/calendar"
	"kreds/service/calendars"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

func TestAConnectedCalendarTellsWhenItsOwnerIsTaken(t *testing.T) {
	both(t, func(t *testing.T, b *bench) {
		ida := b.person("ida")
		if got := b.states(ida, monday, 2); got != "unknown unknown" {
			t.Errorf("without a calendar the time is %s", got)
		}
		b.event("home", "dentist", monday.Add(time.Hour))
		c := b.connect(ida)
		if c.State != supervision.ConnectionActive || c.Done != c.Wanted || !c.LastReadAt.Equal(monday) {
			t.Errorf("after the first reading the connection is %+v", c)
		}
		if got := b.states(ida, monday, 3); got != "free busy free" {
			t.Errorf("the morning is %s", got)
		}

		b.now = b.now.Add(11 * time.Minute)
		b.event("home", "lunch", monday.Add(2*time.Hour))
		if err := b.Sweep(t.Context(), b.house.Tenant); err != nil {
			t.Fatal(err)
		}
		if bells := kinds(b.work()); bells != "recheck" {
			t.Errorf("other time is taken, and this was rung: %q", bells)
		}
		if got := b.states(ida, monday, 3); got != "free busy busy" {
			t.Errorf("after another event the morning is %s", got)
		}
		b.sync(c)
		if bells := kinds(b.rung()); bells != "" {
			t.Errorf("nothing has changed, and this was rung: %q", bells)
		}
	})
}

func TestAgeMakesTimeStaleAndThenUnknown(t *testing.T) {
	b := setup(t)
	ida := b.person("ida")
	b.event("home", "dentist", monday.Add(25*time.Hour))
	b.connect(ida)
	tomorrow := monday.AddDate(0, 0, 1)
	for _, c := range []struct {
		age  time.Duration
		want string
	}{{15 * time.Minute, "free busy"}, {16 * time.Minute, "stale busy"}, {24*time.Hour + time.Minute, "unknown busy"}} {
		b.now = monday.Add(c.age)
		if got := b.states(ida, tomorrow, 2); got != c.want {
			t.Errorf("a reading of %v ago says %s, want %s", c.age, got, c.want)
		}
	}
}

func TestAFailureIsNotedAndTriedAgainLater(t *testing.T) {
	both(t, func(t *testing.T, b *bench) {
		ida := b.person("ida")
		b.event("home", "dentist", monday.Add(time.Hour))
		c := b.connect(ida)
		b.work()
		b.remote.reads = func(string) error { return fmt.Errorf("%w: 502", calendar.ErrTransient) }
		var waits []time.Duration
		for range 12 {
			c = b.sync(c)
			waits = append(waits, c.NextAt.Sub(b.now))
		}
		if c.State != supervision.ConnectionDegraded || c.FaultCode != "calendar-unreachable" || c.Tries != 12 || !c.LastReadAt.Equal(monday) {
			t.Errorf("after failures the connection is %+v", c)
		}
		if waits[0] < 48*time.Second || waits[0] > 72*time.Second || waits[11] < 4*time.Hour+48*time.Minute || waits[11] > 7*time.Hour+12*time.Minute {
			t.Errorf("it waits %v", waits)
		}
		if got := b.states(ida, monday, 2); got != "free busy" {
			t.Errorf("what was read before was lost: %s", got)
		}
		if err := b.Sweep(t.Context(), b.house.Tenant); err != nil {
			t.Fatal(err)
		}
		if bells := kinds(b.rung()); bells != "" {
			t.Errorf("before its time this was rung: %q", bells)
		}
		b.remote.reads = nil
		b.now = c.NextAt
		if err := b.Sweep(t.Context(), b.house.Tenant); err != nil {
			t.Fatal(err)
		}
		b.work()
		if c = b.connection(c.ID); c.State != supervision.ConnectionActive || c.FaultCode != "" || c.Tries != 0 || !c.NextAt.IsZero() {
			t.Errorf("after the service came back the connection is %+v", c)
		}
	})
}

func TestAServiceIsLeftAloneForAsLongAsItAsks(t *testing.T) {
	b := setup(t)
	c := b.connect(b.person("ida"))
	b.remote.reads = func(string) error { return calendar.RateLimited{After: 3 * time.Hour} }
	if c = b.sync(c); c.NextAt.Before(b.now.Add(3 * time.Hour)) {
		t.Errorf("it is asked again at %v", c.NextAt)
	}
}

func TestFaultsHaveTheirCodes(t *testing.T) {
	for _, c := range []struct {
		err  error
		code string
	}{
		{calendar.ErrForbidden, "calendar-forbidden"},
		{calendar.ErrNotFound, "calendar-not-found"},
		{calendar.ErrTooLarge, "calendar-too-large"},
		{calendar.ErrProtocol, "calendar-not-understood"},
		{calendar.ErrUnsupported, "calendar-not-understood"},
		{calendar.ErrBlockedAddress, "outbound-address-refused"},
		{calendar.ErrTransient, "calendar-unreachable"},
		{errors.New("what nobody foresaw"), "calendar-unreachable"},
	} {
		b := setup(t)
		x := b.connect(b.person("ida"))
		b.remote.opens = func(calendar.Account) error { return fmt.Errorf("caldav: %w", c.err) }
		if x = b.sync(x); x.FaultCode != c.code || x.FaultText == "" || x.State != supervision.ConnectionDegraded {
			t.Errorf("%v: %s %s %q", c.err, x.State, x.FaultCode, x.FaultText)
		}
	}
}

// TestAWrongPasswordIsAskedOnce: no retry storm locks anybody's account.
func TestAWrongPasswordIsAskedOnce(t *testing.T) {
	b := setup(t)
	ida := b.person("ida")
	asked := 0
	b.remote.opens = func(a calendar.Account) error {
		asked++
		if a.Password != "new" {
			return calendar.ErrAuth
		}
		return nil
	}
	c := b.connect(ida)
	if c.State != supervision.ConnectionRevoked || c.FaultCode != "calendar-password-refused" {
		t.Fatalf("the connection is %s, %s", c.State, c.FaultCode)
	}
	for range 3 {
		b.now = b.now.Add(12 * time.Hour)
		if err := b.Sweep(t.Context(), b.house.Tenant); err != nil {
			t.Fatal(err)
		}
		b.work()
	}
	if asked != 1 {
		t.Errorf("the service was asked %d times", asked)
	}
	b.update(ida, c, calendars.ConnectionChange{Password: secret("new")})
	b.work()
	if c = b.connection(c.ID); c.State != supervision.ConnectionActive || asked != 2 {
		t.Errorf("with a new password the connection is %s after %d attempts", c.State, asked)
	}
}

func TestOneOfTwoCalendarsFails(t *testing.T) {
	b := setup(t, "home", "work")
	ida := b.person("ida")
	c := b.connect(ida)
	b.remote.reads = func(ref string) error {
		if ref == "work" {
			return calendar.ErrTransient
		}
		return nil
	}
	b.now = b.now.Add(20 * time.Minute)
	b.event("home", "dentist", monday.Add(time.Hour))
	b.event("work", "meeting", monday.Add(2*time.Hour))
	c = b.sync(c)
	if got := b.states(ida, monday, 3); got != "stale busy stale" || c.State != supervision.ConnectionDegraded {
		t.Errorf("%s: %s", c.State, got)
	}
}

// TestAnEmptyAnswerNeverDeletes: a service that lists nothing by mistake makes nobody free.
func TestAnEmptyAnswerNeverDeletes(t *testing.T) {
	b := setup(t)
	ida := b.person("ida")
	for i := range 3 {
		b.event("home", fmt.Sprint("e", i), monday.Add(time.Duration(i)*time.Hour))
	}
	c := b.connect(ida)
	b.rung()
	b.remote.tells = func(_ string, d *calendar.Delta) { d.Objects, d.Full = nil, true }
	b.now = b.now.Add(25 * time.Hour) // the calendar is compared as a whole
	c = b.sync(c)
	if c.State != supervision.ConnectionDegraded || c.FaultCode != "calendar-mass-change" {
		t.Errorf("the connection is %s, %s", c.State, c.FaultCode)
	}
	if got := b.states(ida, monday, 3); got != "busy busy busy" {
		t.Errorf("the morning is %s", got)
	}
	if bells := kinds(b.rung()); bells != "" {
		t.Errorf("this was rung: %q", bells)
	}

	// Its owner says that they are really gone.
	b.remote.tells = nil
	for i := range 3 {
		b.remote.Write("home", fmt.Sprint("e", i, ".ics"), "")
	}
	if c = b.sync(c); c.FaultCode != "calendar-mass-change" {
		t.Errorf("by itself: %s, %s", c.State, c.FaultCode)
	}
	out, err := b.SyncConnection(t.Context(), b.as(ida), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	b.work()
	if got := b.states(ida, monday, 3); got != "free free free" {
		t.Errorf("after its owner's word the morning is %s", got)
	}
	b.view(func(tx *store.Tx) error {
		j, err := tx.Job(out.Value.Object.ID)
		if j.State != "succeeded" || j.FinishedAt.IsZero() {
			t.Errorf("the job is %+v", j)
		}
		return err
	})
}

func TestManyDeletionsAtOnceAreNotBelieved(t *testing.T) {
	b := setup(t)
	ida := b.person("ida")
	for i := range 60 {
		b.event("home", fmt.Sprint("e", i), monday.AddDate(0, 0, i))
	}
	c := b.connect(ida)
	for i := range 51 {
		b.remote.Write("home", fmt.Sprint("e", i, ".ics"), "")
	}
	if c = b.sync(c); c.FaultCode != "calendar-mass-change" {
		t.Errorf("51 of 60 deletions: %s, %s", c.State, c.FaultCode)
	}
	if got := b.states(ida, monday, 1); got != "busy" {
		t.Errorf("the morning is %s", got)
	}
}

func TestAFewDeletionsAreBelieved(t *testing.T) {
	b := setup(t)
	ida := b.person("ida")
	b.event("home", "only", monday)
	c := b.connect(ida)
	b.remote.Write("home", "only.ics", "")
	c = b.sync(c)
	if got := b.states(ida, monday, 1); got != "free" || c.State != supervision.ConnectionActive {
		t.Errorf("%s: the morning is %s", c.State, got)
	}
}

// TestACalendarThatIsHiddenIsNotGone: only the service's own word that it is gone ends it.
func TestACalendarThatIsHiddenIsNotGone(t *testing.T) {
	b := setup(t, "home", "work")
	ida := b.person("ida")
	b.event("work", "meeting", monday)
	c := b.connect(ida)
	b.remote.lists = func([]calendar.Info) []calendar.Info { return nil }
	c = b.sync(c)
	if got := b.states(ida, monday, 1); len(c.Calendars) != 2 || c.State != supervision.ConnectionDegraded || got != "busy" {
		t.Errorf("%s with %d calendars, %s", c.State, len(c.Calendars), got)
	}
	b.remote.lists = nil
	b.remote.Drop("work")
	b.sync(c)
	b.now = b.now.Add(3 * time.Hour)
	c = b.sync(c)
	if got := b.states(ida, monday, 1); len(c.Calendars) != 1 || c.State != supervision.ConnectionActive || got != "free" {
		t.Errorf("%s with %d calendars, %s", c.State, len(c.Calendars), got)
	}
}

func TestAnAccountWithoutCalendarsMakesNobodyFree(t *testing.T) {
	b := setup(t)
	b.remote.Drop("home")
	ida := b.person("ida")
	c := b.connect(ida)
	if got := b.states(ida, monday, 1); c.State != supervision.ConnectionDegraded || c.FaultCode != "calendar-not-found" || got != "unknown" {
		t.Errorf("%s, %s: %s", c.State, c.FaultCode, got)
	}
}

// TestAReadingThatWasOvertakenIsMadeAgain: two readings at a time, of which the older is kept last, would bring back the past.
func TestAReadingThatWasOvertakenIsMadeAgain(t *testing.T) {
	both(t, func(t *testing.T, b *bench) {
		ida := b.person("ida")
		c := b.connect(ida)
		b.rung()
		calls := 0
		b.remote.tells = func(string, *calendar.Delta) {
			if calls++; calls > 1 {
				return
			}
			// While this answer is on its way, an event comes in and another reading sees it.
			b.event("home", "dentist", monday)
			b.sync(c)
		}
		b.sync(c)
		if got := b.states(ida, monday, 1); got != "busy" || calls < 3 {
			t.Errorf("after %d answers the morning is %s", calls, got)
		}
	})
}

// TestWantedAgainWhileReading: a bell that was rung during the run, which the engine swallows, is heard by the run.
func TestWantedAgainWhileReading(t *testing.T) {
	both(t, func(t *testing.T, b *bench) {
		ida := b.person("ida")
		c := b.connect(ida)
		b.rung()
		calls := 0
		b.remote.tells = func(string, *calendar.Delta) {
			if calls++; calls == 1 {
				b.event("home", "dentist", monday)
				if _, err := b.SyncConnection(t.Context(), b.as(ida), c.ID); err != nil {
					t.Error(err)
				}
			}
		}
		c = b.sync(c)
		if got := b.states(ida, monday, 1); got != "busy" || calls != 2 || c.Done != c.Wanted {
			t.Errorf("after %d answers, %d of %d done, the morning is %s", calls, c.Done, c.Wanted, got)
		}
	})
}

// TestAnEventOfOursThatIsReadBeforeItIsKnownIsNotBusy: it was written while the calendar was read.
func TestAnEventOfOursThatIsReadBeforeItIsKnownIsNotBusy(t *testing.T) {
	b := setup(t)
	ida, ole := b.person("ida"), b.person("ole")
	c := b.connect(ida)
	done := false
	b.remote.reads = func(string) error {
		if !done {
			done = true
			x := b.session(monday.Add(time.Hour), ida, ole)
			if err := b.Deliver(t.Context(), task.Deliver{Tenant: b.house.Tenant, Session: x.ID, Person: ida.ID}); err != nil {
				t.Error(err)
			}
		}
		return nil
	}
	b.sync(c)
	if got := b.states(ida, monday, 2); got != "free free" {
		t.Errorf("the session stands in its own way: %s", got)
	}
}

func TestARefusedSessionGetsAnotherChance(t *testing.T) {
	b := setup(t)
	ida, ole := b.person("ida"), b.person("ole")
	c := b.connect(ida)
	x := b.session(monday.AddDate(0, 0, 20), ida, ole)
	b.must(func(tx *store.Tx) error {
		x.Mentors[0].Answer, x.Mentors[0].Revision = supervision.Accepted, x.Revision
		x.Attention = []supervision.Reason{{Rule: "H27"}}
		return tx.PutSession(&x)
	})
	b.work()
	b.now = b.now.Add(5 * time.Minute)
	b.sync(c)
	if bells := kinds(b.rung()); bells != "" {
		t.Errorf("it was known before and nothing has changed, and this was rung: %q", bells)
	}
	b.now = b.now.Add(time.Hour)
	b.sync(c)
	bells := b.rung()
	if kinds(bells) != "refresh" || read[task.Refresh](t, bells[0]).Session != x.ID {
		t.Errorf("the calendar is known again, and this was rung: %q", kinds(bells))
	}
	b.event("home", "dentist", x.Start)
	b.sync(c)
	if bells := kinds(b.rung()); bells != "recheck refresh" {
		t.Errorf("other time is taken, and this was rung: %q", bells)
	}
}

// TestNothingOfForeignEventsIsKept: titles, places and people are nowhere in the database, in the tasks, in the log.
func TestNothingOfForeignEventsIsKept(t *testing.T) {
	b := setup(t)
	ida := b.person("ida")
	b.event("home", "dentist", monday)
	b.remote.Write("home", "broken.ics", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:broken\r\nSUMMARY:xyzzysecret\r\nDTSTART:xyzzysecret\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
	c := b.connect(ida)
	b.remote.reads = func(string) error { return calendar.ErrTransient }
	b.sync(c)
	if err := b.Store.Close(); err != nil {
		t.Fatal(err)
	}
	if n := occurrences(t, b.file, "xyzzysecret"); n > 0 {
		t.Errorf("the text of events stands %d times in the database", n)
	}
	if strings.Contains(b.log.String(), "xyzzysecret") {
		t.Errorf("the text of events is in the log:\n%s", b.log)
	}
	if n := occurrences(t, b.file, "dentist"); n == 0 {
		t.Error("the search does not find the UID, which is there")
	}
	if n := occurrences(t, b.file, "river_job"); n == 0 {
		t.Error("the search does not find the job engine's table, which is there")
	}
}
