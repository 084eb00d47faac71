package ics_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kreds/calendar/ics"
)

// Calendars in the manner of big programs; testdata/programs/README.md says of which, and what each brings.
func TestPrograms(t *testing.T) {
	window := between("2026-03-16T00:00", "2026-04-06T00:00")
	cases := map[string]struct {
		want    []string
		report  ics.Report
		guessed int
		faulty  int
	}{
		"google-export.ics": {report: ics.Report{Zone: "Europe/Copenhagen", Events: 5}, want: []string{
			"03-16 08:30–09:00", "03-19 23:00–03-20 23:00", "03-23 08:30–09:00", "03-30 08:30–10:00", "04-01 07:30–08:00"}},
		"apple.ics": {report: ics.Report{Zone: "Europe/Berlin", Events: 2}, want: []string{
			"03-16 07:00–07:30", "03-17 19:00–19:30", "03-18 07:00–07:30", "03-19 07:00–07:30"}},
		"outlook.ics": {report: ics.Report{Events: 4}, want: []string{
			"03-17 13:00–14:00 tentative", "03-18 23:00–03-19 23:00", "04-01 08:00–09:00"}},
		"exchange-custom.ics": {report: ics.Report{Events: 2}, want: []string{
			"03-16 09:00–10:00", "03-27 16:00–17:00", "04-03 15:00–16:00"}},
		"thunderbird.ics": {report: ics.Report{Events: 1}, want: []string{"03-17 18:00–19:30"}},
		"nextcloud.ics": {report: ics.Report{Events: 2}, want: []string{
			"03-16 00:00–03-17 23:00 tentative", "03-19 17:00–18:00", "03-24 23:00–03-26 23:00 tentative", "03-31 22:00–04-02 22:00 tentative"}},
		"zimbra.ics": {report: ics.Report{Events: 2}, want: []string{"03-30 08:00–09:30 tentative"}},
		"fastmail.ics": {report: ics.Report{Zone: "America/New_York", Events: 2}, guessed: 1, want: []string{
			"03-16 11:00–11:45", "03-18 13:00–14:00"}},
		"evolution.ics": {report: ics.Report{Events: 2}, want: []string{
			"03-16 12:00–13:00", "03-17 12:00–13:00", "03-18 14:00–14:30", "03-19 14:00–14:30"}},
		"legacy.ics": {report: ics.Report{Events: 3, Rejected: 1, BadLines: 3}, faulty: 1, want: []string{
			"03-16 08:00–09:00", "03-17 08:00–09:00", "03-18 10:00–11:00", "03-19 23:00–03-21 23:00"}},
	}
	for _, path := range files(t, "programs", len(cases)) {
		name := path[strings.LastIndexByte(path, '/')+1:]
		t.Run(name, func(t *testing.T) {
			c := cases[name]
			objects, report, err := ics.Decode(bytes.NewReader(read(t, path)), ics.Limits{}, []string{"ada@example.org"})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.report, report); d != "" {
				t.Error(d)
			}
			opt := ics.Options{Window: window, Owner: zone(t, "Europe/Berlin")}
			if report.Zone != "" {
				opt.Calendar = zone(t, report.Zone)
			}
			got, err := ics.Busy(t.Context(), objects, opt)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, spell(got.Busy)); d != "" {
				t.Error(d)
			}
			if got.Guessed != c.guessed || got.Faulty != c.faulty || got.Unsupported != 0 {
				t.Errorf("%d guessed, %d faulty, %d unsupported, want %d, %d, 0", got.Guessed, got.Faulty, got.Unsupported, c.guessed, c.faulty)
			}
		})
	}
}
