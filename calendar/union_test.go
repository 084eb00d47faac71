package calendar_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kreds/calendar"
)

func TestUnion(t *testing.T) {
	got := calendar.Union([]calendar.Busy{
		busy("2026-03-16T12:00", "2026-03-16T13:00", calendar.TentativeTime),
		busy("2026-03-16T09:00", "2026-03-16T10:00", calendar.BusyTime),
		busy("2026-03-16T10:00", "2026-03-16T11:00", calendar.BusyTime),
		busy("2026-03-16T12:30", "2026-03-16T12:45", calendar.BusyTime),
		busy("2026-03-16T12:40", "2026-03-16T14:00", calendar.UnknownTime),
		busy("2026-03-16T15:00", "2026-03-16T15:00", calendar.BusyTime),
	})
	want := []calendar.Busy{
		busy("2026-03-16T09:00", "2026-03-16T11:00", calendar.BusyTime),
		busy("2026-03-16T12:00", "2026-03-16T12:30", calendar.TentativeTime),
		busy("2026-03-16T12:30", "2026-03-16T12:45", calendar.BusyTime),
		busy("2026-03-16T12:45", "2026-03-16T13:00", calendar.TentativeTime),
		busy("2026-03-16T13:00", "2026-03-16T14:00", calendar.UnknownTime),
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestSubtract(t *testing.T) {
	got := calendar.Subtract([]calendar.Busy{
		busy("2026-03-16T09:00", "2026-03-16T12:00", calendar.BusyTime),
		busy("2026-03-16T13:00", "2026-03-16T14:00", calendar.TentativeTime),
	}, []calendar.Interval{
		busy("2026-03-16T13:00", "2026-03-16T14:00", "").Interval,
		busy("2026-03-16T10:00", "2026-03-16T11:00", "").Interval,
		busy("2026-03-16T10:15", "2026-03-16T10:30", "").Interval,
	})
	want := []calendar.Busy{
		busy("2026-03-16T09:00", "2026-03-16T10:00", calendar.BusyTime),
		busy("2026-03-16T11:00", "2026-03-16T12:00", calendar.BusyTime),
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Union and Subtract say of each minute what the intervals that they were given say.
func TestUnionAgreesWithMinutes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.SliceOfN(anyBusy(), 0, 12).Draw(t, "busy")
		own := rapid.SliceOfN(anyBusy(), 0, 4).Draw(t, "own")
		var without []calendar.Interval
		for _, o := range own {
			without = append(without, o.Interval)
		}
		union, rest := calendar.Union(in), calendar.Subtract(in, without)
		for m := 0; m < minutes; m++ {
			at := epoch.Add(time.Duration(m) * time.Minute)
			want := strongest(in, at)
			if got := strongest(union, at); got != want {
				t.Fatalf("minute %d is %q in the union, want %q", m, got, want)
			}
			if strongest(own, at) != "" {
				want = ""
			}
			if got := strongest(rest, at); got != want {
				t.Fatalf("minute %d is %q in the rest, want %q", m, got, want)
			}
		}
		for i := 1; i < len(union); i++ {
			a, b := union[i-1], union[i]
			if b.Start.Before(a.End) || b.Start.Equal(a.End) && a.Kind == b.Kind {
				t.Fatalf("%v and %v should be one, or apart", a, b)
			}
		}
	})
}

const minutes = 200

var epoch = utc("2026-03-16T00:00")

func busy(start, end string, kind calendar.BusyKind) calendar.Busy {
	return calendar.Busy{Interval: calendar.Interval{Start: utc(start), End: utc(end)}, Kind: kind}
}

func anyBusy() *rapid.Generator[calendar.Busy] {
	return rapid.Custom(func(t *rapid.T) calendar.Busy {
		kinds := []calendar.BusyKind{calendar.BusyTime, calendar.TentativeTime, calendar.UnknownTime}
		return calendar.Busy{Interval: anyInterval(t), Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
	})
}

func anyInterval(t *rapid.T) calendar.Interval {
	start := rapid.IntRange(-20, minutes+20).Draw(t, "start")
	end := start + rapid.IntRange(-5, 60).Draw(t, "length")
	return calendar.Interval{
		Start: epoch.Add(time.Duration(start) * time.Minute),
		End:   epoch.Add(time.Duration(end) * time.Minute),
	}
}

// strongest is the naive reading of one instant; "" is free.
func strongest(busy []calendar.Busy, at time.Time) calendar.BusyKind {
	for _, kind := range []calendar.BusyKind{calendar.BusyTime, calendar.TentativeTime, calendar.UnknownTime} {
		for _, b := range busy {
			if b.Kind == kind && !at.Before(b.Start) && at.Before(b.End) {
				return kind
			}
		}
	}
	return ""
}
