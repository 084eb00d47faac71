package ics_test

import (
	"bufio"
	"fmt"
	"hash/crc32"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/teambition/rrule-go"
	"pgregory.net/rapid"

	"kreds/calendar"
	"kreds/calendar/ics"
)

const stamp = "20060102T150405"

// starts expands a rule in UTC and returns where its occurrences begin, without DTSTART, which is one in any case.
func starts(t interface{ Fatalf(string, ...any) }, dtstart time.Time, rule string, window calendar.Interval) (out []time.Time) {
	e := calendar.Event{Start: at(dtstart), Duration: &calendar.Duration{Exact: time.Second}, Rules: []string{rule}}
	got, err := ics.Expand(calendar.Object{Events: []calendar.Event{e}}, ics.Options{Window: window, Owner: time.UTC})
	if err != nil || got.Unsupported > 0 {
		t.Fatalf("%s from %s: %+v, %v", rule, dtstart, got, err)
	}
	for _, b := range got.Busy {
		if b.Start.Equal(dtstart) || b.Start.Before(window.Start) {
			continue
		}
		out = append(out, b.Start)
	}
	return out
}

func at(t time.Time) calendar.Moment {
	return calendar.Moment{Wall: calendar.WallOf(t.UTC()), Form: calendar.UTC}
}

// Rules mean what python-dateutil makes of them; testdata/rules/generate.py has written what that is.
func TestRulesAgreeWithDateutil(t *testing.T) {
	f, err := os.Open("testdata/rules/golden.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cases, wrong := 0, 0
	for lines := bufio.NewScanner(f); lines.Scan(); cases++ {
		c := strings.Split(lines.Text(), "\t")
		if len(c) != 8 {
			t.Fatalf("line %d has %d fields, want 8", cases+1, len(c))
		}
		var times [3]time.Time
		for i, s := range []string{c[0], c[2], c[3]} {
			if times[i], err = time.Parse(stamp, s); err != nil {
				t.Fatal(err)
			}
		}
		got := starts(t, times[0], c[1], calendar.Interval{Start: times[1], End: times[2]})
		sum := crc32.NewIEEE()
		first, last := "-", "-"
		for i, s := range got {
			last = s.Format(stamp)
			if i == 0 {
				first = last
			}
			fmt.Fprintln(sum, last)
		}
		if have := []string{strconv.Itoa(len(got)), fmt.Sprintf("%08x", sum.Sum32()), first, last}; !cmp.Equal(have, c[4:]) {
			if wrong++; wrong <= 10 {
				t.Errorf("line %d: DTSTART:%s RRULE:%s from %s to %s\n got %v\nwant %v", cases+1, c[0], c[1], c[2], c[3], have, c[4:])
			}
		}
	}
	if cases != 4000 {
		t.Errorf("%d cases, want 4000", cases)
	}
	if wrong > 0 {
		t.Errorf("%d of %d rules differ", wrong, cases)
	}
}

// The same, against rrule-go, on rules that it can be trusted with: none that matches nothing, nothing finer than a day.
func TestRulesAgreeWithRRuleGo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := utc("2019-01-01T00:00").Add(time.Duration(rapid.IntRange(0, 6*525600).Draw(t, "start")) * time.Minute)
		freq := rapid.SampledFrom([]string{"YEARLY", "MONTHLY", "WEEKLY", "DAILY"}).Draw(t, "freq")
		parts := []string{"FREQ=" + freq, fmt.Sprintf("INTERVAL=%d", rapid.IntRange(1, 6).Draw(t, "interval"))}
		days := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}), 1, 7, rapid.ID).Draw(t, "days")
		switch rapid.IntRange(0, 3).Draw(t, "shape") {
		case 0:
			parts = append(parts, "BYDAY="+strings.Join(days, ","))
		case 1:
			parts = append(parts, fmt.Sprintf("BYMONTHDAY=%d,%d", rapid.IntRange(1, 28).Draw(t, "day"), -rapid.IntRange(1, 28).Draw(t, "back")))
		case 2:
			if freq == "YEARLY" || freq == "MONTHLY" {
				parts = append(parts, fmt.Sprintf("BYDAY=%d%s", rapid.SampledFrom([]int{-2, -1, 1, 2, 3}).Draw(t, "n"), days[0]))
			}
		}
		switch rapid.IntRange(0, 2).Draw(t, "end") {
		case 0:
			parts = append(parts, fmt.Sprintf("COUNT=%d", rapid.IntRange(1, 60).Draw(t, "count")))
		case 1:
			parts = append(parts, "UNTIL="+start.AddDate(0, 0, rapid.IntRange(0, 900).Draw(t, "until")).Format(stamp+"Z"))
		}
		text := strings.Join(parts, ";")
		from := start.AddDate(0, 0, rapid.IntRange(-30, 900).Draw(t, "from"))
		window := calendar.Interval{Start: from, End: from.AddDate(0, 0, rapid.IntRange(1, 400).Draw(t, "length"))}

		option, err := rrule.StrToROption(text)
		if err != nil {
			t.Fatal(err)
		}
		option.Dtstart = start
		r, err := rrule.NewRRule(*option)
		if err != nil {
			t.Fatal(err)
		}
		var want []time.Time
		for _, s := range r.Between(window.Start, window.End, true) {
			if !s.Equal(start) && s.Before(window.End) {
				want = append(want, s)
			}
		}
		if d := cmp.Diff(want, starts(t, start, text, window)); d != "" {
			t.Fatalf("%s from %s in %v:\n%s", text, start, window, d)
		}
	})
}
