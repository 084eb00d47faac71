package ics_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"
	"github.com/google/go-cmp/cmp"

	"kreds/calendar"
	"kreds/calendar/ics"
)

// Whatever bytes come, Decode answers or fails, hides no sound event that stands beside them, keeps what can be stored as
// JSON, and what it keeps can be expanded.
func FuzzDecode(f *testing.F) {
	for _, folder := range []struct {
		name string
		n    int
	}{{"probe", 14}, {"programs", 10}} {
		for _, path := range files(f, folder.name, folder.n) {
			f.Add(read(f, path))
		}
	}
	f.Add([]byte(`X-A;B="c"d:e`))
	f.Add([]byte("DTSTART;TZID=foo\r\nRRULE:;;\r\nBEGIN:A"))
	f.Add([]byte("\xff\xfeB\x00E\x00"))
	limits := ics.Limits{Bytes: 1 << 20, Events: 200, Dates: 100}
	emails := []string{"ada@example.org"}
	f.Fuzz(func(t *testing.T, data []byte) {
		objects, _, err := ics.Decode(bytes.NewReader(data), limits, emails)
		if err != nil && objects != nil {
			t.Fatal("objects beside an error")
		}
		one := ics.DecodeObject(data, limits, emails)
		ics.DecodeFound(data, "1")
		ics.CalendarZone(data)
		objects = append(objects, one)
		stored, err := json.Marshal(objects)
		if err != nil {
			t.Fatal(err)
		}
		var again []calendar.Object
		if err := json.Unmarshal(stored, &again); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(objects, again); d != "" {
			t.Fatal(d)
		}
		if bytes.Contains(stored, []byte(`\u0000`)) || !utf8.Valid(stored) {
			t.Fatal("kept what a database refuses")
		}
		window := between("2026-03-16T00:00", "2026-04-14T00:00")
		busy, err := ics.Busy(t.Context(), objects, ics.Options{Window: window, Owner: time.UTC, Budget: ics.Budget{Steps: 2000, Total: 20_000}})
		if err != nil {
			t.Fatal(err)
		}
		checkBusy(t, busy.Busy, window)

		if bytes.Contains(data, []byte{0}) || bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) || len(data) > 1<<19 {
			return
		}
		beside := append(append([]byte{}, data...), []byte("\r\n"+head+sound+foot)...)
		objects, report, err := ics.Decode(bytes.NewReader(beside), ics.Limits{}, nil)
		if err != nil {
			t.Fatalf("%v in spite of a sound calendar at the end", err)
		}
		for _, o := range objects {
			if o.UID == "sound" {
				return
			}
		}
		t.Fatalf("the sound event is hidden: %+v", report)
	})
}

// checkBusy holds for all that Busy returns: intervals of the window, in order, apart.
func checkBusy(t *testing.T, busy []calendar.Busy, window calendar.Interval) {
	t.Helper()
	for i, b := range busy {
		if b.Empty() || !window.Contains(b.Interval) {
			t.Fatalf("%v is outside of %v, or empty", b, window)
		}
		if i > 0 && (b.Start.Before(busy[i-1].End) || b.Start.Equal(busy[i-1].End) && b.Kind == busy[i-1].Kind) {
			t.Fatalf("%v after %v", b, busy[i-1])
		}
	}
}

// Whatever the rule, an expansion ends inside of its budget, and what it says of a window is what it says of its halves, or it
// says that it does not know.
func FuzzExpand(f *testing.F) {
	for _, seed := range []string{
		"FREQ=WEEKLY;COUNT=6", "FREQ=SECONDLY;INTERVAL=2;BYSECOND=1", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=HOURLY;BYMINUTE=0,30",
		"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=YEARLY;BYWEEKNO=1,53;WKST=SU;INTERVAL=3", "FREQ=DAILY;UNTIL=20260401T000000Z", "RSCALE=CHINESE;FREQ=DAILY",
	} {
		f.Add(seed, "20260316T090000", uint16(60), "EXDATE:20260323T090000", uint8(3))
		f.Add(seed, "16010101T000000Z", uint16(3000), "RDATE;VALUE=PERIOD:20260318T090000/P2D", uint8(200))
		f.Add(seed, "20260316", uint16(0), "RECURRENCE-ID;RANGE=THISANDFUTURE:20260318T090000", uint8(90))
	}
	f.Fuzz(func(t *testing.T, rule, start string, minutes uint16, line string, cut uint8) {
		lines := "DTSTART:" + start + "\nRRULE:" + rule + "\n" + line
		if minutes > 0 {
			lines += fmt.Sprintf("\nDURATION:PT%dM", minutes)
		}
		o := ics.DecodeObject(event(strings.ReplaceAll(lines, "\n\n", "\n")), ics.Limits{}, nil)
		window := between("2026-03-10T00:00", "2026-06-10T00:00")
		middle := window.Start.Add(time.Duration(cut) * 7 * time.Hour)
		loc := zone(t, "Europe/Berlin")
		expand := func(w calendar.Interval) ics.Expansion {
			got, err := ics.Busy(t.Context(), []calendar.Object{o}, ics.Options{Window: w, Owner: loc, Budget: ics.Budget{Steps: 20_000, Occurrences: 3000}})
			if err != nil {
				t.Fatal(err)
			}
			checkBusy(t, got.Busy, w)
			return got
		}
		whole := expand(window)
		if !window.Start.Before(middle) || !middle.Before(window.End) {
			return
		}
		first, second := expand(calendar.Interval{Start: window.Start, End: middle}), expand(calendar.Interval{Start: middle, End: window.End})
		if whole.Unsupported+first.Unsupported+second.Unsupported > 0 {
			return
		}
		if d := cmp.Diff(whole.Busy, calendar.Union(append(first.Busy, second.Busy...))); d != "" {
			t.Fatalf("%s\n%s", lines, d)
		}
	})
}

// Whatever the feed is called and however its sessions are named, it is read back as the same sessions and nothing else.
func FuzzFeedRoundTrip(f *testing.F) {
	f.Add("Development sessions", "0123456789abcdefghijklmnopqrstuv", "https://kreds.example/r/1", int64(1_773_738_000), uint16(90), uint8(2), "Europe/Berlin")
	f.Add("a\r\nATTENDEE:mailto:x@example.org", "a,b;c\\d:e\"f", "https://x/;,:\"?#", int64(0), uint16(1), uint8(0), "UTC")
	f.Add("\x00😀\xff", " x", "https://x/\r\n", int64(-1), uint16(0), uint8(255), "Local")
	f.Fuzz(func(t *testing.T, name, uid, url string, start int64, minutes uint16, n uint8, zone string) {
		head := feedHead(zone)
		head.Name = name
		begin := time.Unix(start%4e9, 0).UTC()
		a := calendar.Appointment{UID: uid, Interval: calendar.Interval{Start: begin, End: begin.Add(time.Duration(minutes) * time.Minute)},
			Sequence: int(n), Status: []calendar.Status{"", calendar.Confirmed, calendar.TentativeStatus, calendar.Cancelled}[n%4],
			Modified: utc("2026-03-01T12:00"), URL: url, InPerson: n%2 == 0}
		feed, skipped, err := ics.EncodeFeed(head, []calendar.Appointment{a, session()})
		if err != nil {
			return
		}
		lint(t, feed)
		cal, err := ical.NewDecoder(bytes.NewReader(feed)).Decode()
		if err != nil {
			t.Fatalf("%v\n%s", err, feed)
		}
		if want := 3 - skipped; len(cal.Children) != want || len(cal.Props) != 8 {
			t.Fatalf("%d components and %d properties, want %d and 8\n%s", len(cal.Children), len(cal.Props), want, feed)
		}
		if skipped > 0 {
			return
		}
		for _, c := range cal.Children[1:] {
			if len(c.Props) > 12 || len(c.Children) > 0 {
				t.Fatalf("an event of %d properties\n%s", len(c.Props), feed)
			}
		}
		data, err := ics.EncodeAppointment(a)
		if err != nil {
			t.Fatal(err)
		}
		lint(t, data)
		if found, err := ics.DecodeFound(data, uid); err != nil || len(uid) <= 255 && (!found.Ours || !ics.Same(a, found)) {
			t.Fatalf("%+v, %v\n%s", found, err, data)
		}
	})
}
