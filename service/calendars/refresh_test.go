package calendars_test

import (
	"context"
	"testing"
	"time"

	"kreds/calendar"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

func (b *bench) refresh(x supervision.Session) []bell {
	b.t.Helper()
	if err := b.Refresh(b.t.Context(), task.Refresh{Tenant: b.house.Tenant, Session: x.ID, Revision: x.Revision}); err != nil {
		b.t.Fatal(err)
	}
	return b.rung()
}

// TestARefreshSeesWhatCameASecondAgo: an old reading, though it counts as known, is not what a confirmation is judged by.
func TestARefreshSeesWhatCameASecondAgo(t *testing.T) {
	both(t, func(t *testing.T, b *bench) {
		ida, _, _, x := delivering(t, b)
		b.now = b.now.Add(time.Minute)
		b.event("home", "dentist", x.Start)
		b.now = b.now.Add(time.Second)
		bells := b.refresh(x)
		if kinds(bells) != "confirm recheck" {
			t.Errorf("this was rung: %q", kinds(bells))
		}
		if got := b.states(ida, x.Start, 1); got != "busy" {
			t.Errorf("the time of the session is %s", got)
		}
	})
}

func TestARefreshRingsForWhatStillStands(t *testing.T) {
	b := setup(t)
	_, _, _, x := delivering(t, b)
	old := x
	b.change(&x, func(x *supervision.Session) {
		x.Start, x.End, x.Revision = x.Start.Add(time.Hour), x.End.Add(time.Hour), x.Revision+1
	})
	b.work()
	if bells := kinds(b.refresh(old)); bells != "" {
		t.Errorf("for a revision that has passed this was rung: %q", bells)
	}
	bells := b.refresh(x)
	if kinds(bells) != "confirm" {
		t.Fatalf("this was rung: %q", kinds(bells))
	}
	if got := read[task.Confirm](t, bells[0]); got.Session != x.ID || got.Revision != x.Revision {
		t.Errorf("it rings for %+v", got)
	}
	b.remote.tells = func(string, *calendar.Delta) { // it is moved while the calendars are read
		b.remote.tells = nil
		b.change(&x, func(x *supervision.Session) {
			x.Start, x.End, x.Revision = x.Start.Add(time.Hour), x.End.Add(time.Hour), x.Revision+1
		})
		b.rung()
	}
	former := x
	if bells := kinds(b.refresh(former)); bells != "" {
		t.Errorf("for a revision that has passed in the meantime this was rung: %q", bells)
	}
	b.change(&x, func(x *supervision.Session) { x.State = supervision.Cancelled })
	b.work()
	if bells := kinds(b.refresh(x)); bells != "" {
		t.Errorf("for a cancelled session this was rung: %q", bells)
	}
}

// TestADeadCalendarHoldsNothingUp: the confirmation judges how old its last reading is.
func TestADeadCalendarHoldsNothingUp(t *testing.T) {
	b := setup(t)
	ida, _, c, x := delivering(t, b)
	b.now = b.now.Add(time.Hour)
	b.remote.opens = func(calendar.Account) error { return calendar.ErrTransient }
	if bells := kinds(b.refresh(x)); bells != "confirm" {
		t.Errorf("this was rung: %q", bells)
	}
	if got, c := b.states(ida, x.Start, 1), b.connection(c.ID); got != "stale" || c.State != supervision.ConnectionDegraded || c.Tries != 1 {
		t.Errorf("%s: the time of the session is %s", c.State, got)
	}
}

// TestARefreshThatWasOvertakenReadsAgain: what another reading saw may be older than what is asked for.
func TestARefreshThatWasOvertakenReadsAgain(t *testing.T) {
	b := setup(t)
	ida, _, c, x := delivering(t, b)
	answers := 0
	b.remote.tells = func(_ string, d *calendar.Delta) {
		if answers++; answers == 1 {
			b.sync(c)
			b.event("home", "dentist", x.Start) // after the other reading, before the confirmation
		}
	}
	b.refresh(x)
	if got := b.states(ida, x.Start, 1); got != "busy" || answers != 3 {
		t.Errorf("after %d answers the time of the session is %s", answers, got)
	}
}

// TestAStoppedRefreshConfirmsNothing: the house is being stopped; the task comes again.
func TestAStoppedRefreshConfirmsNothing(t *testing.T) {
	b := setup(t)
	_, _, c, x := delivering(t, b)
	ctx, stop := context.WithCancel(t.Context())
	b.remote.opens = func(calendar.Account) error { stop(); return context.Canceled }
	if err := b.Refresh(ctx, task.Refresh{Tenant: b.house.Tenant, Session: x.ID, Revision: x.Revision}); err == nil {
		t.Error("it says that it is done")
	}
	if bells := kinds(b.rung()); bells != "" {
		t.Errorf("this was rung: %q", bells)
	}
	if c = b.connection(c.ID); c.State != supervision.ConnectionActive || c.Tries != 0 {
		t.Errorf("the service is blamed for it: %+v", c)
	}
}

// TestTheHorizonReachesTheEndOfRunningCycles: and 400 days ahead in any case.
func TestTheHorizonReachesTheEndOfRunningCycles(t *testing.T) {
	b := setup(t)
	ida := b.person("ida")
	c := b.connect(ida)
	end := monday.AddDate(0, 0, 500)
	for _, day := range []struct {
		at   time.Time
		want string
	}{{monday.AddDate(0, 0, 400), "free"}, {monday.AddDate(0, 0, 402), "unknown"}} {
		if got := b.states(ida, day.at, 1); got != day.want {
			t.Errorf("on %v the time is %s", day.at, got)
		}
	}
	b.must(func(tx *store.Tx) error {
		p := supervision.Programme{ID: id[supervision.ProgrammeID](), Name: "P", K: 5, Lead: ida.ID, Organisation: b.org, Span: supervision.Days{From: supervision.DateOf(monday), To: supervision.DateOf(end)}}
		if err := tx.PutProgramme(&p); err != nil {
			return err
		}
		tpl := supervision.Template{ID: id[supervision.TemplateID](), Name: "T"}
		if err := tx.PutTemplate(tpl); err != nil {
			return err
		}
		y := supervision.Cycle{ID: id[supervision.CycleID](), Programme: p.ID, Template: tpl.ID, Name: "C", TimeZone: "Europe/Copenhagen",
			Span: supervision.Days{From: supervision.DateOf(monday), To: supervision.DateOf(end)}, State: supervision.CycleRunning}
		if err := tx.PutCycle(&y); err != nil {
			return err
		}
		return tx.PutEnrolment(&supervision.Enrolment{ID: id[supervision.EnrolmentID](), Cycle: y.ID, Mentor: ida.ID, State: supervision.EnrolmentActive, EnrolledOn: supervision.DateOf(monday)})
	})
	b.sync(c)
	if got, beyond := b.states(ida, end, 1), b.states(ida, end.AddDate(0, 0, 3), 1); got != "free" || beyond != "unknown" {
		t.Errorf("with a running cycle its last day is %s, and what follows %s", got, beyond)
	}
}

func id[ID ~[16]byte]() ID { return ID(newID()) }
