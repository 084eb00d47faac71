package calendars_test

import (
	"fmt"
	"testing"
	"time"

	"kreds/calendar"
	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

var errLater = fmt.Errorf("%w: 502", calendar.ErrTransient)

// once answers with an error the first time, after it has done something, and with nil after that; it counts its calls.
func once(n *int, do func()) func(string) error {
	return func(string) error {
		*n++
		if *n > 1 {
			return nil
		}
		do()
		return errLater
	}
}

func TestAReadingThatIsWantedWhileOneFailsIsMadeAtOnce(t *testing.T) {
	both(t, func(t *testing.T, b *bench) {
		ida := b.person("ida")
		b.event("home", "dentist", monday.Add(time.Hour))
		c := b.connect(ida)
		b.work()
		b.remote.reads = func(string) error { return errLater }
		for range 8 {
			c = b.sync(c) // so that the next attempt would be hours away
		}
		reads := 0
		var job supervision.Job
		b.remote.reads = once(&reads, func() {
			call := b.as(ida)
			call.Operation = "syncConnection"
			out, err := b.SyncConnection(t.Context(), call, c.ID)
			if err != nil {
				t.Error(err)
			}
			job = out.Value.Object
		})
		c = b.sync(c)
		if reads != 2 || c.Done != c.Wanted || c.State != supervision.ConnectionActive || c.Tries != 0 || !c.NextAt.IsZero() {
			t.Errorf("after %d readings wanted is %d, done %d, it is %s and read again at %v", reads, c.Wanted, c.Done, c.State, c.NextAt)
		}
		b.view(func(tx *store.Tx) error {
			got, err := tx.Job(job.ID)
			if got.State != "succeeded" {
				t.Errorf("the job is %s", got.State)
			}
			return err
		})
	})
}

// A service that stays away is not asked on and on: what was wanted fails with the reading that was made for it.
func TestAReadingThatIsWantedWhileOneFailsMayFailToo(t *testing.T) {
	b := setup(t)
	ida := b.person("ida")
	c := b.connect(ida)
	b.work()
	reads := 0
	b.remote.reads = func(string) error {
		if reads++; reads == 1 {
			if _, err := b.SyncConnection(t.Context(), service.Call{Actor: b.as(ida).Actor, Operation: "syncConnection", Match: service.Always{}}, c.ID); err != nil {
				t.Error(err)
			}
		}
		return errLater
	}
	if c = b.sync(c); reads != 2 || c.Tries != 1 || c.NextAt.IsZero() || c.State != supervision.ConnectionDegraded {
		t.Errorf("after %d readings and %d tries it is %s and read again at %v", reads, c.Tries, c.State, c.NextAt)
	}
	b.view(func(tx *store.Tx) error {
		open, err := tx.OpenJobs(c.ID.Any())
		if len(open) > 0 {
			t.Errorf("%d jobs are open", len(open))
		}
		return err
	})
}

func TestADeliveryThatIsWantedOtherwiseWhileOneFailsIsMadeAtOnce(t *testing.T) {
	b := setup(t)
	ida, _, _, x := delivering(t, b)
	b.work()
	later := func() {
		b.change(&x, func(x *supervision.Session) {
			x.Start, x.End = x.Start.Add(time.Hour), x.End.Add(time.Hour)
			x.Revision++
		})
	}
	later()
	b.rung()
	writes := 0
	fails := once(&writes, later)
	b.remote.wrote = func() error { return fails("") }
	b.ring(x, ida)
	d := b.delivery(x, ida)
	if writes < 2 || d.Done != d.Wanted || d.State != supervision.DeliveryDone || d.Tries != 0 || !d.NextAt.IsZero() || d.Fault != "" {
		t.Errorf("after %d writings wanted is %d, done %d, it is %s by %q and made again at %v", writes, d.Wanted, d.Done, d.State, d.Fault, d.NextAt)
	}
}
