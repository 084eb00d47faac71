package calendar_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kreds/calendar"
	_ "kreds/internal/testkit/repeatable"
)

// office is Monday to Friday, 09–12 and 13–17.
func office(zone string) calendar.Declared {
	d := calendar.Declared{Zone: zone}
	for day := time.Monday; day <= time.Friday; day++ {
		d.Week[day] = []calendar.Hours{{From: 9 * 60, To: 12 * 60}, {From: 13 * 60, To: 17 * 60}}
	}
	return d
}

func TestDeclared(t *testing.T) {
	night := calendar.Declared{Zone: "Europe/Berlin"}
	for day := range night.Week {
		night.Week[day] = []calendar.Hours{{From: 0, To: 6 * 60}, {From: 22 * 60, To: 24 * 60}}
	}
	early := calendar.Declared{Zone: "Europe/Berlin"} // hours that begin, end, or lie in the night's jump
	early.Week[time.Sunday] = []calendar.Hours{{From: 60, To: 150}, {From: 180, To: 240}}
	jumped := calendar.Declared{Zone: "Europe/Berlin"}
	jumped.Week[time.Sunday] = []calendar.Hours{{From: 135, To: 165}, {From: 150, To: 300}}
	exception := office("Europe/Berlin")
	exception.Exceptions = []calendar.Exception{
		{On: calendar.Day{Year: 2026, Month: 3, Day: 17}},
		{On: calendar.Day{Year: 2026, Month: 3, Day: 21}, Hours: []calendar.Hours{{From: 600, To: 660}}},
	}
	for _, c := range []struct {
		name       string
		d          calendar.Declared
		start, end string
		want       []string // available, in UTC
	}{
		{"a winter day in Berlin", office("Europe/Berlin"), "2026-03-16T00:00", "2026-03-17T00:00", []string{"03-16 08:00–11:00", "03-16 12:00–16:00"}},
		{"the same wall clock in summer", office("Europe/Berlin"), "2026-03-30T00:00", "2026-03-31T00:00", []string{"03-30 07:00–10:00", "03-30 11:00–15:00"}},
		{"a weekend", office("Europe/Berlin"), "2026-03-21T00:00", "2026-03-22T23:00", nil},
		{"clipped to the window", office("Europe/Berlin"), "2026-03-16T09:30", "2026-03-16T13:00", []string{"03-16 09:30–11:00", "03-16 12:00–13:00"}},
		{"a day off and a working Saturday", exception, "2026-03-17T00:00", "2026-03-22T00:00", []string{
			"03-18 08:00–11:00", "03-18 12:00–16:00", "03-19 08:00–11:00", "03-19 12:00–16:00", "03-20 08:00–11:00", "03-20 12:00–16:00", "03-21 09:00–10:00"}},
		{"over midnight", night, "2026-03-16T12:00", "2026-03-17T12:00", []string{"03-16 21:00–03-17 05:00"}},
		{"a night that is an hour short", night, "2026-03-28T12:00", "2026-03-29T12:00", []string{"03-28 21:00–03-29 04:00"}},
		{"a night that is an hour long", night, "2026-10-24T12:00", "2026-10-25T12:00", []string{"10-24 20:00–10-25 05:00"}},
		{"an end in the gap ends with the jump", early, "2026-03-29T00:00", "2026-03-29T12:00", []string{"03-29 00:00–02:00"}},
		{"a beginning in the gap moves, hours inside of it vanish", jumped, "2026-03-29T00:00", "2026-03-29T12:00", []string{"03-29 01:30–03:00"}},
		{"times that come twice are meant the first time", jumped, "2026-10-25T00:00", "2026-10-25T12:00", []string{"10-25 00:15–04:00"}},
		{"Apia leaves out Friday 30 December 2011", office("Pacific/Apia"), "2011-12-29T12:00", "2012-01-02T18:00", []string{"12-29 19:00–22:00", "12-29 23:00–12-30 03:00", "01-01 19:00–22:00", "01-01 23:00–01-02 03:00"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			window := calendar.Interval{Start: utc(c.start), End: utc(c.end)}
			r, err := c.d.Reading(window)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range calendar.Merge(utc("2026-01-01T00:00"), window, []calendar.Reading{r}) {
				if s.State != calendar.StateFree {
					continue
				}
				end := s.End.Format("15:04")
				if s.End.YearDay() != s.Start.YearDay() {
					end = s.End.Format("01-02 15:04")
				}
				got = append(got, s.Start.Format("01-02 15:04–")+end)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// What is declared for a day holds for it wherever the window's edges are.
func TestDeclaredOverPartsOfAWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom([]string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati"}).Draw(t, "zone")
		d := calendar.Declared{Zone: zone}
		for day := range d.Week {
			from := rapid.IntRange(0, 1439).Draw(t, "from")
			d.Week[day] = []calendar.Hours{{From: from, To: rapid.IntRange(from+1, 1440).Draw(t, "to")}}
		}
		start := utc("2026-03-20T00:00").Add(time.Duration(rapid.IntRange(0, 10000).Draw(t, "start")) * time.Minute)
		middle := start.Add(time.Duration(rapid.IntRange(1, 10000).Draw(t, "middle")) * time.Minute)
		end := middle.Add(time.Duration(rapid.IntRange(1, 10000).Draw(t, "end")) * time.Minute)
		whole, err := d.Busy(calendar.Interval{Start: start, End: end})
		if err != nil {
			t.Fatal(err)
		}
		first, _ := d.Busy(calendar.Interval{Start: start, End: middle})
		second, _ := d.Busy(calendar.Interval{Start: middle, End: end})
		if diff := cmp.Diff(whole, calendar.Union(append(first, second...))); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestDeclaredRefuses(t *testing.T) {
	hours := func(from, to int) calendar.Declared {
		d := calendar.Declared{Zone: "Europe/Berlin"}
		d.Week[time.Monday] = []calendar.Hours{{From: from, To: to}}
		return d
	}
	on := func(days ...calendar.Day) calendar.Declared {
		d := office("Europe/Berlin")
		for _, day := range days {
			d.Exceptions = append(d.Exceptions, calendar.Exception{On: day})
		}
		return d
	}
	for _, c := range []struct {
		name string
		d    calendar.Declared
		want string
	}{
		{"the machine's zone", office("Local"), "no time zone"},
		{"the machine's zone by its file", office("localtime"), "no time zone"},
		{"the zone of a machine on which nobody has set one", office("Factory"), "no time zone"},
		{"the machine's rules", office("posixrules"), "no time zone"},
		{"a zone that counts leap seconds", office("right/Europe/Berlin"), "no time zone"},
		{"a zone from a folder of the machine", office("posix/Europe/Berlin"), "no time zone"},
		{"a zone in other letters", office("europe/berlin"), "no time zone"},
		{"no zone", office(""), "no time zone"},
		{"a file of the machine", office("../../etc/passwd"), "no time zone"},
		{"a zone of nobody", office("Europe/Atlantis"), "Europe/Atlantis"},
		{"hours that end before they begin", hours(600, 540), "Monday: hours from minute 600 to minute 540"},
		{"empty hours", hours(600, 600), "Monday"},
		{"hours before midnight", hours(-1, 60), "Monday"},
		{"hours after midnight", hours(1400, 1441), "Monday"},
		{"30 February", on(calendar.Day{Year: 2026, Month: 2, Day: 30}), "2026-02-30 does not exist"},
		{"two exceptions for a day", on(calendar.Day{Year: 2026, Month: 2, Day: 3}, calendar.Day{Year: 2026, Month: 2, Day: 3}), "2026-02-03 has two exceptions"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.d.Busy(window)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got the error %v, want one with %q", err, c.want)
			}
		})
	}
}
