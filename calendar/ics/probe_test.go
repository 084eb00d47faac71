package ics_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
	_ "time/tzdata" // the tests must not depend on the machine's zones

	"github.com/google/go-cmp/cmp"

	"kreds/calendar"
	"kreds/calendar/ics"
)

// The probe set is fourteen events, each in an object of its own, that tell apart what programs make of the corners of
// RFC 5545. All real servers are asked to keep it, and the busy time must come out as it does here.
func TestProbeSet(t *testing.T) {
	window := between("2026-03-16T00:00", "2026-04-14T00:00")
	var objects []calendar.Object
	var stream bytes.Buffer
	for _, path := range files(t, "probe", 14) {
		data := read(t, path)
		stream.Write(data)
		o := ics.DecodeObject(data, ics.Limits{}, nil)
		if o.Fault != "" {
			t.Errorf("%s: %s", path, o.Fault)
		}
		objects = append(objects, o)
	}
	together, report, err := ics.Decode(&stream, ics.Limits{}, nil)
	if err != nil || report.Rejected+report.BadLines > 0 || report.Cut || report.Events != 15 {
		t.Errorf("the set as one stream: %+v, %v", report, err)
	}

	for _, c := range []struct {
		owner string
		want  []string
	}{
		{"Europe/Berlin", []string{
			"03-16 00:00–02:00",           // span, clipped
			"03-16 08:00–09:00",           // rec; 23 March is excluded
			"03-16 23:00–03-17 23:00",     // allday, on the owner's clock
			"03-18 11:00–12:00",           // float, on the owner's clock
			"03-19 14:00–15:00 tentative", // tent; transp and canc are free
			"03-20 13:00–14:00",           // novtz: New York is already in summer
			"03-20 16:00–17:00",           // win
			"03-20 19:00–20:00",           // custtz, by its own definition
			"03-21 08:00–09:30",           // rdate
			"03-25 08:00–09:30",           // rdate, the date; zero on the 22nd takes no time
			"03-30 07:00–08:00",           // rec, in summer
			"03-31 15:00–16:00",           // setpos: the last weekday of March
			"04-06 12:00–13:00",           // rec, moved
			"04-13 07:00–08:00",           // rec
		}},
		{"America/New_York", []string{
			"03-16 00:00–02:00", "03-16 08:00–09:00",
			"03-17 04:00–03-18 04:00", "03-18 16:00–17:00",
			"03-19 14:00–15:00 tentative", "03-20 13:00–14:00", "03-20 16:00–17:00", "03-20 19:00–20:00", "03-21 08:00–09:30",
			"03-25 08:00–09:30", "03-30 07:00–08:00", "03-31 15:00–16:00", "04-06 12:00–13:00", "04-13 07:00–08:00",
		}},
	} {
		opt := ics.Options{Window: window, Owner: zone(t, c.owner)}
		for name, set := range map[string][]calendar.Object{"objects": objects, "stream": together} {
			got, err := ics.Busy(t.Context(), set, opt)
			if err != nil || got.Guessed+got.Unsupported+got.Faulty > 0 {
				t.Errorf("%s, %s: %+v, %v", c.owner, name, got, err)
			}
			if d := cmp.Diff(c.want, spell(got.Busy)); d != "" {
				t.Errorf("%s, %s:\n%s", c.owner, name, d)
			}
		}
	}
}

// spell writes intervals so that a case can be read: "03-16 08:00–09:00", with the kind where it is not busy.
func spell(busy []calendar.Busy) (out []string) {
	for _, b := range busy {
		s := b.Start.Format("01-02 15:04–")
		if b.End.Format("01-02") != b.Start.Format("01-02") {
			s += b.End.Format("01-02 ")
		}
		s += b.End.Format("15:04")
		if b.Kind != calendar.BusyTime {
			s += " " + string(b.Kind)
		}
		out = append(out, s)
	}
	return out
}

// files lists a folder of testdata, which must hold so many calendars.
func files(t testing.TB, folder string, n int) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", folder, "*.ics"))
	if err != nil || len(paths) != n {
		t.Fatalf("testdata/%s holds %d calendars, want %d: %v", folder, len(paths), n, err)
	}
	return paths
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := calendar.LoadZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func between(start, end string) calendar.Interval {
	return calendar.Interval{Start: utc(start), End: utc(end)}
}

// utc reads "2006-01-02T15:04".
func utc(s string) time.Time {
	t, err := time.Parse("2006-01-02T15:04", s)
	if err != nil {
		panic(err)
	}
	return t
}
