package calendartest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kreds/calendar"
)

// TestFreeBusy runs the suite of calendar.FreeBusy. newAccount is called once for each case; its Source must be a FreeBusy
// too.
func TestFreeBusy(t *testing.T, newAccount func(t *testing.T) Account) {
	week := calendar.Interval{Start: on(16, 0).Start, End: on(23, 0).Start}
	busy := func(kind calendar.BusyKind, i calendar.Interval) calendar.Busy {
		return calendar.Busy{Interval: i, Kind: kind}
	}
	for _, c := range []struct {
		name   string
		events []Event
		want   []calendar.Busy
	}{
		{"says nothing of an empty calendar", nil, nil},
		{"orders by start", []Event{{UID: "b", Interval: on(18, 9)}, {UID: "a", Interval: on(17, 9)}},
			[]calendar.Busy{busy(calendar.BusyTime, on(17, 9)), busy(calendar.BusyTime, on(18, 9))}},
		{"clips to the window", []Event{
			{UID: "in", Interval: calendar.Interval{Start: on(15, 22).Start, End: on(16, 2).Start}},
			{UID: "out", Interval: calendar.Interval{Start: on(22, 23).Start, End: on(23, 5).Start}},
		}, []calendar.Busy{
			busy(calendar.BusyTime, calendar.Interval{Start: week.Start, End: on(16, 2).Start}),
			busy(calendar.BusyTime, calendar.Interval{Start: on(22, 23).Start, End: week.End}),
		}},
		{"is half-open", []Event{
			{UID: "before", Interval: calendar.Interval{Start: on(15, 23).Start, End: week.Start}},
			{UID: "after", Interval: calendar.Interval{Start: week.End, End: on(23, 1).Start}},
		}, nil},
		{"repeats what repeats", []Event{{UID: "r", Interval: on(9, 8), Rule: "FREQ=DAILY;INTERVAL=5;COUNT=4"}},
			[]calendar.Busy{busy(calendar.BusyTime, on(19, 8))}},
		{"leaves free what is free", []Event{
			{UID: "t", Interval: on(17, 9), Transparent: true}, {UID: "c", Interval: on(18, 9), Status: calendar.Cancelled},
		}, nil},
	} {
		a := newAccount(t)
		t.Run(c.name, func(t *testing.T) {
			put(t, a, c.events...)
			got, asOf, err := a.Source.(calendar.FreeBusy).Busy(t.Context(), a.Ref, week)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
			if asOf.IsZero() || asOf.Location() != time.UTC {
				t.Errorf("read at %s", asOf)
			}
		})
	}

	a := newAccount(t)
	t.Run("stops when its caller does", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, _, err := a.Source.(calendar.FreeBusy).Busy(ctx, a.Ref, week); !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want context.Canceled", err)
		}
	})
	if a = newAccount(t); a.Hand.Poison != nil {
		t.Run("does not take the unreadable for free", func(t *testing.T) {
			a.Hand.Poison(t)
			if got, _, err := a.Source.(calendar.FreeBusy).Busy(t.Context(), a.Ref, week); err == nil {
				t.Errorf("%v, want an error", got)
			}
		})
	}
	if a = newAccount(t); a.Hand.Drop != nil {
		t.Run("does not take a calendar that is gone for free", func(t *testing.T) {
			a.Hand.Drop(t)
			if got, _, err := a.Source.(calendar.FreeBusy).Busy(t.Context(), a.Ref, week); !errors.Is(err, calendar.ErrGone) {
				t.Errorf("%v, %v, want ErrGone", got, err)
			}
		})
	}
}
