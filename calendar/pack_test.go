package calendar_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kreds/calendar"
)

func TestPack(t *testing.T) {
	var year []calendar.Busy
	for day := utc("2026-01-01T00:00"); day.Year() == 2026; day = day.AddDate(0, 0, 1) {
		for _, hour := range []int{8, 10, 13} {
			start := day.Add(time.Duration(hour) * time.Hour)
			year = append(year, calendar.Busy{Interval: calendar.Interval{Start: start, End: start.Add(90 * time.Minute)}, Kind: calendar.TentativeTime})
		}
	}
	packed := calendar.Pack(year)
	if limit := 3 * len(year); len(packed) > limit {
		t.Errorf("%d intervals take %d bytes, want at most %d", len(year), len(packed), limit)
	}
	got, err := calendar.Unpack(packed)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(year, got); d != "" {
		t.Error(d)
	}
	if got, err := calendar.Unpack(calendar.Pack(nil)); err != nil || got != nil {
		t.Errorf("nothing packed is %v, %v", got, err)
	}
}

func TestPackRoundsOutwards(t *testing.T) {
	at := utc("1969-12-31T23:59")
	got, err := calendar.Unpack(calendar.Pack([]calendar.Busy{{
		Interval: calendar.Interval{Start: at.Add(time.Millisecond), End: at.Add(time.Second + time.Nanosecond)}, Kind: calendar.BusyTime}}))
	want := []calendar.Busy{{Interval: calendar.Interval{Start: at, End: at.Add(2 * time.Second)}, Kind: calendar.BusyTime}}
	if err != nil || !cmp.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

func TestUnpackRefuses(t *testing.T) {
	good := calendar.Pack([]calendar.Busy{busy("2026-03-16T09:00", "2026-03-16T10:00", calendar.BusyTime)})
	for name, data := range map[string][]byte{
		"no bytes":                  {},
		"another version":           {2},
		"a unit alone":              {1, 60},
		"a unit of no seconds":      {1, 0, 2, 4},
		"a start alone":             {1, 60, 2},
		"half of it":                good[:len(good)-1],
		"a gap alone":               append(append([]byte{}, good...), 1),
		"an interval of no length":  {1, 60, 2, 0},
		"a kind of nobody":          {1, 60, 2, 7},
		"two that should be one":    {1, 60, 2, 4, 0, 4},
		"a number without an end":   {1, 60, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
		"an end after year 9999":    {1, 60, 2, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02},
		"an end after the calendar": {1, 1, 2, 0xfc, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := calendar.Unpack(data); err == nil {
				t.Errorf("%x is %v, want an error", data, got)
			}
		})
	}
}

// Whatever Unpack accepts comes back from Pack as the same intervals, and what Pack makes is the union of what it was given.
func FuzzPack(f *testing.F) {
	f.Add([]byte{1})
	f.Add([]byte{1, 60, 2, 4, 3, 9})
	f.Add(calendar.Pack([]calendar.Busy{
		busy("2026-03-16T09:00", "2026-03-16T10:00", calendar.BusyTime),
		busy("2026-03-16T10:00", "2026-03-16T10:30", calendar.TentativeTime),
		busy("2026-04-16T09:00", "2026-04-17T09:00", calendar.UnknownTime),
	}))
	f.Fuzz(func(t *testing.T, data []byte) {
		// The bytes as raw material: six for an interval.
		var raw []calendar.Busy
		for b := data; len(b) >= 6 && len(raw) < 100; b = b[6:] {
			start := epoch.Add(time.Duration(int(b[0])<<16|int(b[1])<<8|int(b[2])) * time.Second)
			end := start.Add(time.Duration(int(int8(b[3]))<<8|int(b[4])) * time.Second)
			kind := []calendar.BusyKind{calendar.BusyTime, calendar.TentativeTime, calendar.UnknownTime}[b[5]%3]
			raw = append(raw, calendar.Busy{Interval: calendar.Interval{Start: start, End: end}, Kind: kind})
		}
		got, err := calendar.Unpack(calendar.Pack(raw))
		if d := cmp.Diff(calendar.Union(raw), got); err != nil || d != "" {
			t.Fatalf("%v\n%s", err, d)
		}

		// The bytes as a packed value.
		first, err := calendar.Unpack(data)
		if err != nil {
			return
		}
		second, err := calendar.Unpack(calendar.Pack(first))
		if d := cmp.Diff(first, second); err != nil || d != "" {
			t.Fatalf("%v\n%s", err, d)
		}
	})
}
