package ics_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kreds/calendar"
	"kreds/calendar/ics"
)

func list(from, to int) string {
	var out []string
	for i := from; i <= to; i++ {
		out = append(out, fmt.Sprint(i))
	}
	return strings.Join(out, ",")
}

// Rules that are refused, rules that match nothing, and rules that match everything: none of them may cost more than its
// budget, and none may make the time look free that it might take.
func TestHostileRules(t *testing.T) {
	const start = "20260301T100000Z" // before the window, which is March and April
	window := between("2026-03-16T00:00", "2026-04-14T00:00")
	const (
		nothing   = "nothing but DTSTART"
		unknown   = "all of the window is unknown"
		partly    = "the rest of the window is unknown"
		supported = "expanded"
	)
	type hostile struct{ rule, start, want string }
	cases := []hostile{
		{"FREQ=SECONDLY", start, unknown},
		{"FREQ=SECONDLY;INTERVAL=2;BYSECOND=1", start, unknown},
		{"FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", start, unknown},
		{"FREQ=MINUTELY", "19700101T000000Z", unknown},
		{"FREQ=MINUTELY;COUNT=10;BYDAY=MO", start, unknown},
		{"FREQ=YEARLY;BYHOUR=" + list(0, 23) + ";BYMINUTE=" + list(0, 59) + ";BYSECOND=" + list(0, 59), start, unknown},
		{"FREQ=YEARLY;BYYEARDAY=" + list(1, 366), start, unknown},
		{"FREQ=DAILY;BYHOUR=" + list(0, 23) + ";BYMINUTE=" + list(0, 29), start, unknown},
		{"FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=" + list(0, 23) + ";BYMINUTE=" + list(0, 14), start, unknown},
		{"FREQ=DAILY;INTERVAL=0", start, unknown},
		{"FREQ=DAILY;INTERVAL=-1", start, unknown},
		{"FREQ=DAILY;INTERVAL=2147483648", start, unknown},
		{"FREQ=DAILY;INTERVAL=99999999999999999999", start, unknown},
		{"FREQ=DAILY;COUNT=0", start, unknown},
		{"FREQ=DAILY;COUNT=10001", start, unknown},
		{"FREQ=DAILY;COUNT=5;UNTIL=20261231T000000Z", start, unknown},
		{"FREQ=WEEKLY;BYDAY=0TH", start, unknown},
		{"FREQ=WEEKLY;BYDAY=54TH", start, unknown},
		{"FREQ=WEEKLY;BYDAY=X", start, unknown},
		{"FREQ=WEEKLY;BYDAY=", start, unknown},
		{"FREQ=MONTHLY;BYSETPOS=1", start, unknown},
		{"FREQ=MONTHLY;BYWEEKNO=1", start, unknown},
		{"FREQ=MONTHLY;BYMONTHDAY=32", start, unknown},
		{"FREQ=MONTHLY;X-UNKNOWN=1", start, unknown},
		{"FREQ=MONTHLY;FREQ=DAILY", start, unknown},
		{"FREQ=FORTNIGHTLY", start, unknown},
		{"RSCALE=CHINESE;FREQ=YEARLY", start, unknown},
		{"FREQ=YEARLY;BYEASTER=1", start, unknown},
		{"COUNT=5", start, unknown},
		{"every day", start, unknown},
		{strings.Repeat("FREQ=DAILY;", 1000), start, unknown},

		{"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", start, nothing},
		{"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", start, nothing},
		{"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "16010101T000000Z", nothing},
		{"FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30", start, nothing},
		{"FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30;COUNT=10", start, nothing},
		{"FREQ=HOURLY;INTERVAL=24;BYHOUR=11", start, nothing},
		{"FREQ=WEEKLY;UNTIL=20200101T000000Z", start, nothing},
		{"FREQ=YEARLY;INTERVAL=10000", start, nothing},
		{"FREQ=YEARLY;INTERVAL=10000;BYMONTH=2;BYMONTHDAY=30", "00010101T000000Z", nothing},
		{"FREQ=YEARLY;BYDAY=53MO;BYMONTH=1", start, nothing},

		{"FREQ=HOURLY", "16010101T000000Z", supported},
		{"FREQ=DAILY", "16010101T000000Z", supported},
		{"FREQ=DAILY", "00010101T000000Z", supported},
		{"FREQ=YEARLY;BYYEARDAY=75;COUNT=1000", "16010316T000000Z", unknown}, // counting from 1601 takes more steps than there are
		{"FREQ=HOURLY;BYMINUTE=" + list(0, 29), start, partly},               // 30 an hour are more than 5,000 in the window
	}
	for _, c := range cases {
		t.Run(c.rule[:min(len(c.rule), 60)]+" from "+c.start, func(t *testing.T) {
			o := ics.DecodeObject(event("DTSTART:"+c.start+"\nDURATION:PT30M\nRRULE:"+c.rule), ics.Limits{}, nil)
			if len(o.Events) != 1 {
				t.Fatalf("the event is lost: %+v", o)
			}
			got := frugally(t, o, ics.Options{Window: window, Owner: time.UTC})
			last := calendar.Busy{}
			if n := len(got.Busy); n > 0 {
				last = got.Busy[n-1]
			}
			switch c.want {
			case unknown:
				if got.Unsupported != 1 || last != (calendar.Busy{Interval: window, Kind: calendar.UnknownTime}) {
					t.Errorf("%d unsupported, last %v, want the window to be unknown", got.Unsupported, last)
				}
			case partly:
				if got.Unsupported != 1 || len(got.Busy) < 2 || last.Kind != calendar.UnknownTime || !last.End.Equal(window.End) {
					t.Errorf("%d unsupported, last %v, want the window to be unknown to its end", got.Unsupported, last)
				}
			case nothing:
				if got.Unsupported != 0 || len(got.Busy) != 0 {
					t.Errorf("%+v, want nothing", got)
				}
			case supported:
				if got.Unsupported != 0 || len(got.Busy) < 29 {
					t.Errorf("%d unsupported, %d intervals, want the rule expanded", got.Unsupported, len(got.Busy))
				}
			}
		})
	}
}

// frugally expands an object and fails if that takes much memory.
func frugally(t *testing.T, o calendar.Object, opt ics.Options) ics.Expansion {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got, err := ics.Busy(t.Context(), []calendar.Object{o}, opt)
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	if spent := (after.TotalAlloc - before.TotalAlloc) >> 20; spent > 16 {
		t.Errorf("%d MiB allocated", spent)
	}
	return got
}

// A short recurrence that is not expanded leaves only as much unknown as it can take.
func TestUnsupportedRulesHaveTheirBounds(t *testing.T) {
	for _, c := range []expansion{
		{name: "minutes that are counted", lines: "DTSTART:20260317T100000Z\nDURATION:PT5M\nRRULE:FREQ=MINUTELY;INTERVAL=20;COUNT=3",
			want: []string{"03-17 10:00–10:05", "03-17 10:00–11:05 unknown"}},
		{name: "seconds until", lines: "DTSTART:20260317T100000Z\nDURATION:PT5M\nRRULE:FREQ=SECONDLY;UNTIL=20260317T120000Z",
			want: []string{"03-17 10:00–10:05", "03-17 10:00–03-19 12:05 unknown"}},
		{name: "minutes that are counted and filtered", lines: "DTSTART:20260317T100000Z\nDURATION:PT5M\nRRULE:FREQ=MINUTELY;INTERVAL=20;COUNT=3;BYDAY=MO",
			want: []string{"03-17 10:00–10:05", "03-17 10:00–03-20 00:00 unknown"}},
		{name: "transparent", lines: "DTSTART:20260317T100000Z\nDURATION:PT5M\nTRANSP:TRANSPARENT\nRRULE:FREQ=MINUTELY"},
		{name: "over before the window", lines: "DTSTART:20250317T100000Z\nDURATION:PT5M\nRRULE:FREQ=MINUTELY;UNTIL=20250401T000000Z"},
		{name: "an override that recurs", lines: "RECURRENCE-ID:20260317T080000Z\nDTSTART:20260317T100000Z\nDURATION:PT5M\nRRULE:FREQ=DAILY",
			want: []string{"03-17 10:00–10:05", "03-17 10:00–03-20 00:00 unknown"}},
	} {
		c.from, c.to, c.odd = "2026-03-17", "2026-03-20", "unsupported"
		t.Run(c.name, c.run)
	}
}

// Beside an event that uses up its budget the others are expanded; when a whole calendar has used up its own, the rest of its
// recurrences is unknown, and its single events are still there.
func TestBudgets(t *testing.T) {
	object := func(lines string) calendar.Object { return ics.DecodeObject(event(lines), ics.Limits{}, nil) }
	costly := object("DTSTART:19260301T100000Z\nDURATION:PT30M\nRRULE:FREQ=DAILY;COUNT=10000;BYMONTH=2;BYMONTHDAY=30") // some 73,000 steps
	weekly := object("DTSTART:20260317T100000Z\nDURATION:PT30M\nRRULE:FREQ=WEEKLY;COUNT=2")
	single := object("DTSTART:20260318T100000Z\nDURATION:PT30M")
	opt := ics.Options{Window: between("2026-03-17T00:00", "2026-03-20T00:00"), Owner: time.UTC}

	for _, c := range []struct {
		name   string
		budget ics.Budget
		want   []string
		odd    int
	}{
		{"enough for all", ics.Budget{}, []string{"03-17 10:00–10:30", "03-18 10:00–10:30"}, 0},
		{"too little for one event", ics.Budget{Steps: 2}, []string{"03-17 00:00–10:00 unknown", "03-17 10:00–10:30", "03-17 10:30–03-18 10:00 unknown", "03-18 10:00–10:30", "03-18 10:30–03-20 00:00 unknown"}, 3},
		{"enough for one costly event of the calendar", ics.Budget{Total: 100_000}, []string{"03-17 00:00–10:00 unknown", "03-17 10:00–10:30", "03-17 10:30–03-18 10:00 unknown", "03-18 10:00–10:30", "03-18 10:30–03-20 00:00 unknown"}, 2},
		{"too little for the calendar", ics.Budget{Total: 1}, []string{"03-17 00:00–10:00 unknown", "03-17 10:00–10:30", "03-17 10:30–03-18 10:00 unknown", "03-18 10:00–10:30", "03-18 10:30–03-20 00:00 unknown"}, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			opt.Budget = c.budget
			got, err := ics.Busy(t.Context(), []calendar.Object{costly, costly, weekly, single}, opt)
			if err != nil || got.Unsupported != c.odd {
				t.Errorf("%d unsupported, want %d, %v", got.Unsupported, c.odd, err)
			}
			if d := cmp.Diff(c.want, spell(got.Busy)); d != "" {
				t.Error(d)
			}
		})
	}
}

// However much stands in a calendar, working it out ends by its steps, and what is left over is unknown, not free.
func TestMuchWork(t *testing.T) {
	window := between("2026-03-01T00:00", "2027-06-01T00:00")
	masters := func(n int, lines string) []calendar.Object {
		return []calendar.Object{ics.DecodeObject(event(strings.TrimSpace(strings.Repeat(lines+"\n\n", n))), ics.Limits{}, nil)}
	}
	many := slices.Repeat(masters(1, "DTSTART:20200310T100000Z\nDURATION:PT1M\nRRULE:FREQ=HOURLY;BYMINUTE=0,15,30"), 50_000)
	dates := slices.Repeat(masters(1, "DTSTART:20200310T100000Z\nDURATION:PT1M\nRDATE:"+strings.Repeat("20200311T100000Z,", 999)+"20200312T100000Z"), 1_000)
	overrides := masters(500, "DTSTART:20260310T100000Z\nDURATION:PT1M\nRRULE:FREQ=DAILY\n\nDTSTART:20260311T100000Z\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260311T100000Z\nDURATION:PT1M")
	for name, objects := range map[string][]calendar.Object{
		"1,000 rules of one UID":         masters(1000, "DTSTART:20200310T100000Z\nDURATION:PT1M\nRRULE:FREQ=HOURLY;BYMINUTE=0,1,2,3,4,5,6,7,8,9"),
		"50,000 events an hour":          many,
		"a million dates":                dates,
		"500 events with 500 overrides":  overrides,
		"100 objects of that kind":       slices.Repeat(overrides, 100),
		"1,000 rules of one UID, a year": masters(1000, "DTSTART:20200310T100000Z\nDURATION:PT1M\nRRULE:FREQ=YEARLY;BYDAY=MO"),
	} {
		began := time.Now()
		got, err := ics.Busy(t.Context(), objects, ics.Options{Window: window, Owner: zone(t, "Europe/Copenhagen")})
		if err != nil || got.Unsupported == 0 || got.Steps > 501_000 {
			t.Errorf("%s: %d unsupported, %d steps, %v", name, got.Unsupported, got.Steps, err)
		}
		if last := got.Busy[len(got.Busy)-1]; last.Kind != calendar.UnknownTime || !last.End.Equal(window.End) {
			t.Errorf("%s: the window ends with %v", name, last)
		}
		t.Logf("%s: %d steps in %v", name, got.Steps, time.Since(began).Round(time.Millisecond))
	}
}

// What an ordinary calendar of many years holds stays far from the bounds.
func TestMuchThatIsOrdinary(t *testing.T) {
	var all []calendar.Object
	add := func(n int, lines string) {
		for range n {
			all = append(all, ics.DecodeObject(event(lines), ics.Limits{}, nil))
		}
	}
	add(300, "DTSTART;VALUE=DATE:19800310\nRRULE:FREQ=YEARLY") // birthdays
	add(100, "DTSTART;TZID=Europe/Berlin:20150310T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE")
	add(500, "DTSTART;TZID=Europe/Berlin:20150310T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=52")
	add(50, "DTSTART;TZID=Europe/Berlin:20150310T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY")
	add(10_000, "DTSTART;TZID=Europe/Berlin:20150310T100000\nDURATION:PT1H")
	got, err := ics.Busy(t.Context(), all, ics.Options{Window: between("2026-03-01T00:00", "2027-06-01T00:00"), Owner: zone(t, "Europe/Copenhagen")})
	if err != nil || got.Unsupported > 0 || got.Steps > 300_000 {
		t.Errorf("%d unsupported, %d steps, %v", got.Unsupported, got.Steps, err)
	}
}

func TestBusyStopsWhenItsCallerDoes(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	objects := []calendar.Object{ics.DecodeObject(event("DTSTART:20260318T100000Z\nDURATION:PT30M"), ics.Limits{}, nil)}
	got, err := ics.Busy(ctx, objects, ics.Options{Window: between("2026-03-17T00:00", "2026-03-20T00:00"), Owner: time.UTC})
	if !errors.Is(err, context.Canceled) || len(got.Busy) > 0 {
		t.Errorf("%v, %v", got, err)
	}
}

// Two hundred generated rules, legal and not, over windows of a year: each stays inside of its budget.
func TestGeneratedHostileRules(t *testing.T) {
	rnd := rand.New(rand.NewPCG(20260316, 1))
	pick := func(of ...string) string { return of[rnd.IntN(len(of))] }
	some := func(low, high int) string {
		var out []string
		for range 1 + rnd.IntN(40) {
			out = append(out, fmt.Sprint(low+rnd.IntN(high-low+1)))
		}
		return strings.Join(out, ",")
	}
	for i := range 200 {
		parts := []string{"FREQ=" + pick("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")}
		for _, p := range []string{"INTERVAL=" + pick("1", "0", "7", "9999", "123456"), "COUNT=" + pick("1", "10000", "99999"), "UNTIL=" + pick("20270101", "99991231T235959Z", "x"),
			"BYMONTH=" + some(1, 12), "BYWEEKNO=" + some(-53, 53), "BYYEARDAY=" + some(-366, 366), "BYMONTHDAY=" + some(-31, 31), "BYDAY=" + pick("MO", "53SU", "-1FR,2TU", "MO,TU,WE,TH,FR,SA,SU"),
			"BYHOUR=" + some(0, 23), "BYMINUTE=" + some(0, 59), "BYSECOND=" + some(0, 60), "BYSETPOS=" + some(-366, 366)} {
			if rnd.IntN(4) == 0 {
				parts = append(parts, p)
			}
		}
		rule := strings.Join(parts, ";")
		start := pick("16010101T000000Z", "19700101T000000", "20260316T100000Z")
		o := ics.DecodeObject(event("DTSTART:"+start+"\nDURATION:PT30M\nRRULE:"+rule), ics.Limits{}, nil)
		if len(o.Events) != 1 {
			t.Fatalf("%d: the event of %s is lost", i, rule)
		}
		frugally(t, o, ics.Options{Window: between("2026-03-16T00:00", "2027-04-20T00:00"), Owner: time.UTC})
	}
}
