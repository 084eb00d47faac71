package calendar_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kreds/calendar"
)

func TestWallIn(t *testing.T) {
	for _, c := range []struct {
		name, zone string
		wall       calendar.Wall
		want       string
	}{
		{"Berlin, winter", "Europe/Berlin", calendar.Wall{Year: 2026, Month: 1, Day: 15, Hour: 9}, "2026-01-15T08:00:00Z"},
		{"Berlin, the clock jumps from 2 to 3", "Europe/Berlin", calendar.Wall{Year: 2026, Month: 3, Day: 29, Hour: 2, Min: 30}, "2026-03-29T01:30:00Z"},
		{"Berlin, the first moment after the jump", "Europe/Berlin", calendar.Wall{Year: 2026, Month: 3, Day: 29, Hour: 3}, "2026-03-29T01:00:00Z"},
		{"Berlin, the hour that comes twice", "Europe/Berlin", calendar.Wall{Year: 2026, Month: 10, Day: 25, Hour: 2, Min: 30}, "2026-10-25T00:30:00Z"},
		{"Berlin, after both", "Europe/Berlin", calendar.Wall{Year: 2026, Month: 10, Day: 25, Hour: 3}, "2026-10-25T02:00:00Z"},
		{"New York, RFC 5545's example of a gap", "America/New_York", calendar.Wall{Year: 2007, Month: 3, Day: 11, Hour: 2, Min: 30}, "2007-03-11T07:30:00Z"},
		{"New York, RFC 5545's example of a fold", "America/New_York", calendar.Wall{Year: 2007, Month: 11, Day: 4, Hour: 1, Min: 30}, "2007-11-04T05:30:00Z"},
		{"Lord Howe, a gap of half an hour", "Australia/Lord_Howe", calendar.Wall{Year: 2026, Month: 10, Day: 4, Hour: 2, Min: 15}, "2026-10-03T15:45:00Z"},
		{"Lord Howe, a fold of half an hour", "Australia/Lord_Howe", calendar.Wall{Year: 2026, Month: 4, Day: 5, Hour: 1, Min: 45}, "2026-04-04T14:45:00Z"},
		{"Apia, the day that was left out", "Pacific/Apia", calendar.Wall{Year: 2011, Month: 12, Day: 30, Hour: 12}, "2011-12-30T22:00:00Z"},
		{"Apia, the day after it", "Pacific/Apia", calendar.Wall{Year: 2011, Month: 12, Day: 31, Hour: 12}, "2011-12-30T22:00:00Z"},
		{"a day that runs over its month", "UTC", calendar.Wall{Year: 2026, Month: 4, Day: 31}, "2026-05-01T00:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := c.wall.In(zone(t, c.zone)).Format(time.RFC3339)
			if got != c.want {
				t.Errorf("%v in %s is %s, want %s", c.wall, c.zone, got, c.want)
			}
		})
	}
}

// Around every change of offset from 2000 to 2037 the wall clock must mean the earliest instant that shows it, and in a gap
// the instant that the offset before the gap gives.
func TestWallInAroundTransitions(t *testing.T) {
	for _, name := range []string{
		"Europe/Berlin", "Europe/London", "Europe/Dublin", "Europe/Moscow", "Europe/Istanbul", "America/New_York",
		"America/Sao_Paulo", "America/Santiago", "America/Caracas", "America/St_Johns", "America/Scoresbysund", "America/Nuuk",
		"Africa/Casablanca", "Africa/Cairo", "Africa/Juba", "Asia/Gaza", "Asia/Tehran", "Asia/Kathmandu", "Asia/Pyongyang",
		"Asia/Beirut", "Australia/Lord_Howe", "Australia/Sydney", "Antarctica/Troll", "Antarctica/Casey", "Pacific/Apia",
		"Pacific/Fakaofo", "Pacific/Norfolk", "Pacific/Kiritimati", "Pacific/Chatham",
	} {
		loc := zone(t, name)
		until := time.Date(2038, 1, 1, 0, 0, 0, 0, time.UTC)
		seen := 0
		for at := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC); ; {
			_, jump := at.In(loc).ZoneBounds()
			if jump.IsZero() || jump.After(until) {
				break
			}
			at = jump.UTC()
			seen++
			before, after := offset(at.Add(-time.Second), loc), offset(at, loc)
			for wall := at.Add(before - 27*time.Hour); wall.Before(at.Add(after + 27*time.Hour)); wall = wall.Add(5 * time.Minute) {
				var shown []time.Time
				for _, o := range []time.Duration{before, after} {
					if i := wall.Add(-o); calendar.WallOf(i.In(loc)) == calendar.WallOf(wall) {
						shown = append(shown, i)
					}
				}
				want := wall.Add(-before)
				if len(shown) > 0 {
					want = slices.MinFunc(shown, time.Time.Compare)
				}
				if got := calendar.WallOf(wall).In(loc); !got.Equal(want) {
					t.Fatalf("%s shows %s at %s, got %s", name, wall.Format("2006-01-02 15:04"), want, got)
				}
			}
		}
		if seen == 0 && name != "Asia/Kathmandu" && name != "Pacific/Kiritimati" {
			t.Errorf("%s: no transition looked at", name)
		}
	}
}

func TestInterval(t *testing.T) {
	day := calendar.Interval{Start: utc("2026-03-16T00:00"), End: utc("2026-03-17T00:00")}
	next := calendar.Interval{Start: day.End, End: utc("2026-03-18T00:00")}
	if day.Overlaps(next) || next.Overlaps(day) {
		t.Error("half-open intervals that touch overlap")
	}
	if !day.Contains(day) || day.Contains(next) {
		t.Error("an interval contains itself and not its neighbour")
	}
	if got := next.Clip(day); !got.Empty() {
		t.Errorf("the part of the next day in this one is %v, want none", got)
	}
	got := calendar.Interval{Start: utc("2026-03-15T22:00"), End: utc("2026-03-16T02:00")}.Clip(day)
	if want := (calendar.Interval{Start: day.Start, End: utc("2026-03-16T02:00")}); !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := calendar.LoadZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func offset(t time.Time, loc *time.Location) time.Duration {
	_, o := t.In(loc).Zone()
	return time.Duration(o) * time.Second
}

// utc reads "2006-01-02T15:04".
func utc(s string) time.Time {
	t, err := time.Parse("2006-01-02T15:04", s)
	if err != nil {
		panic(err)
	}
	return t
}
