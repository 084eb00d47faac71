package calendar_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kreds/calendar"
)

var (
	now    = utc("2026-03-16T08:00")
	window = calendar.Interval{Start: utc("2026-03-16T09:00"), End: utc("2026-03-16T17:00")}
)

func TestReadingState(t *testing.T) {
	read := func(ago time.Duration) calendar.Reading { return calendar.Reading{AsOf: now.Add(-ago)} }
	with := func(r calendar.Reading, change func(*calendar.Reading)) calendar.Reading { change(&r); return r }
	for _, c := range []struct {
		name string
		r    calendar.Reading
		want calendar.State
	}{
		{"read just now", read(0), calendar.StateFree},
		{"read 15 minutes ago", read(15 * time.Minute), calendar.StateFree},
		{"read a second longer ago", read(15*time.Minute + time.Second), calendar.StateStale},
		{"read 24 hours ago", read(24 * time.Hour), calendar.StateStale},
		{"read longer ago than that", read(24*time.Hour + time.Second), calendar.StateUnknown},
		{"read by a clock that is ahead of ours", read(-time.Minute), calendar.StateFree},
		{"never read", calendar.Reading{}, calendar.StateUnknown},
		{"never read, though there is a push channel", calendar.Reading{Live: true}, calendar.StateUnknown},
		{"kept current by a push channel", with(read(3*time.Hour), func(r *calendar.Reading) { r.Live = true }), calendar.StateFree},
		{"revoked", with(read(0), func(r *calendar.Reading) { r.Revoked, r.Live = true, true }), calendar.StateUnknown},
		{"pushed yesterday, still valid", with(read(30*time.Hour), func(r *calendar.Reading) { r.ValidUntil = now.Add(time.Second) }), calendar.StateFree},
		{"pushed just now, no longer valid", with(read(0), func(r *calendar.Reading) { r.ValidUntil = now }), calendar.StateUnknown},
		{"declared", calendar.Reading{Always: true}, calendar.StateFree},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.r.State(now); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestMerge(t *testing.T) {
	fresh := calendar.Reading{AsOf: now, Covers: window, Busy: []calendar.Busy{busy("2026-03-16T10:00", "2026-03-16T11:00", calendar.BusyTime)}}
	stale := calendar.Reading{AsOf: now.Add(-time.Hour), Covers: window, Busy: []calendar.Busy{busy("2026-03-16T12:00", "2026-03-16T13:00", calendar.TentativeTime)}}
	short := calendar.Reading{AsOf: now, Covers: calendar.Interval{Start: window.Start, End: utc("2026-03-16T15:00")}, Busy: []calendar.Busy{busy("2026-03-16T08:00", "2026-03-16T09:30", calendar.BusyTime)}}
	odd := calendar.Reading{AsOf: now, Covers: window, Busy: []calendar.Busy{busy("2026-03-16T14:00", "2026-03-17T09:00", calendar.UnknownTime)}}
	for _, c := range []struct {
		name     string
		readings []calendar.Reading
		want     []string
	}{
		{"neither connected nor declared", nil, []string{"09:00 unknown"}},
		{"one calendar", []calendar.Reading{fresh}, []string{"09:00 free", "10:00 busy", "11:00 free"}},
		{"the worst source decides, taken time stays taken", []calendar.Reading{fresh, stale}, []string{"09:00 stale", "10:00 busy", "11:00 stale", "12:00 tentative", "13:00 stale"}},
		{"beyond the horizon nothing is known", []calendar.Reading{short}, []string{"09:00 busy", "09:30 free", "15:00 unknown"}},
		{"a recurrence that cannot be worked out", []calendar.Reading{odd, fresh}, []string{"09:00 free", "10:00 busy", "11:00 free", "14:00 unknown"}},
		{"a source without a horizon knows nothing", []calendar.Reading{{AsOf: now}, fresh}, []string{"09:00 unknown", "10:00 busy", "11:00 unknown"}},
		{"a revoked source keeps what it said", []calendar.Reading{{AsOf: now, Covers: window, Revoked: true, Busy: fresh.Busy}}, []string{"09:00 unknown", "10:00 busy", "11:00 unknown"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, s := range calendar.Merge(now, window, c.readings) {
				got = append(got, s.Start.Format("15:04 ")+string(s.State))
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
	if got := calendar.Merge(now, calendar.Interval{Start: window.End, End: window.Start}, nil); got != nil {
		t.Errorf("an empty window has the spans %v, want none", got)
	}
}

// Merge fills the window without gaps, and says of each minute what the readings say of it one by one.
func TestMergeAgreesWithMinutes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		readings := rapid.SliceOfN(anyReading(), 0, 4).Draw(t, "readings")
		window := anyInterval(t)
		spans := calendar.Merge(now, window, readings)

		at := window.Start
		for i, s := range spans {
			if !s.Start.Equal(at) || s.Empty() {
				t.Fatalf("span %d is %v, want one from %s", i, s, at)
			}
			if i > 0 && spans[i-1].State == s.State {
				t.Fatalf("spans %d and %d are both %s", i-1, i, s.State)
			}
			for ; at.Before(s.End); at = at.Add(time.Minute) {
				if want := naive(readings, at); s.State != want {
					t.Fatalf("%s is %s, want %s", at, s.State, want)
				}
			}
		}
		if !window.Empty() && !at.Equal(window.End) {
			t.Fatalf("the spans end at %s, want %s", at, window.End)
		}
	})
}

func anyReading() *rapid.Generator[calendar.Reading] {
	return rapid.Custom(func(t *rapid.T) calendar.Reading {
		ages := []time.Duration{0, 15 * time.Minute, time.Hour, 24 * time.Hour, 25 * time.Hour}
		r := calendar.Reading{
			Busy:    rapid.SliceOfN(anyBusy(), 0, 5).Draw(t, "busy"),
			Covers:  anyInterval(t),
			Live:    rapid.Bool().Draw(t, "live"),
			Always:  rapid.Bool().Draw(t, "always"),
			Revoked: rapid.IntRange(0, 9).Draw(t, "revoked") == 0,
		}
		if rapid.Bool().Draw(t, "read") {
			r.AsOf = now.Add(-rapid.SampledFrom(ages).Draw(t, "age"))
		}
		if rapid.Bool().Draw(t, "pushed") {
			r.ValidUntil = now.Add(rapid.SampledFrom([]time.Duration{-time.Minute, 0, time.Minute}).Draw(t, "valid"))
		}
		return r
	})
}

// naive is the sentence of the model, read aloud for one instant: taken time stays taken, a person is as good as the worst
// of their sources, and nobody knows beyond a horizon.
func naive(readings []calendar.Reading, at time.Time) calendar.State {
	var all []calendar.Busy
	worst := calendar.StateFree
	if len(readings) == 0 {
		worst = calendar.StateUnknown
	}
	for _, r := range readings {
		all = append(all, r.Busy...)
		state := r.State(now)
		if at.Before(r.Covers.Start) || !at.Before(r.Covers.End) {
			state = calendar.StateUnknown
		}
		if state == calendar.StateUnknown || state == calendar.StateStale && worst == calendar.StateFree {
			worst = state
		}
	}
	switch strongest(all, at) {
	case calendar.BusyTime:
		return calendar.StateBusy
	case calendar.TentativeTime:
		return calendar.StateTentative
	case calendar.UnknownTime:
		return calendar.StateUnknown
	}
	return worst
}
