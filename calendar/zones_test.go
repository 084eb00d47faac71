package calendar_test

import (
	"testing"
	_ "time/tzdata" // the tests must not depend on the machine's zones

	"kreds/calendar"
)

// All names that are known lead to a zone, and are found in whatever case they come.
func TestZoneNames(t *testing.T) {
	for given, want := range map[string]string{
		"Europe/Copenhagen": "Europe/Copenhagen", "america/new_york": "America/New_York", "ETC/GMT+5": "Etc/GMT+5", "utc": "UTC",
		"AMERICA/ARGENTINA/COMODRIVADAVIA": "America/Argentina/ComodRivadavia",
		"":                                 "", "Local": "", "localtime": "", "posixrules": "", "Factory": "", "right/Europe/Berlin": "", "posix/UTC": "", "Europe": "", "zone.tab": "",
	} {
		spelt, ok := calendar.ZoneName(given)
		if spelt != want || ok != (want != "") {
			t.Errorf("%q is %q, %t, want %q", given, spelt, ok, want)
		}
		if _, err := calendar.LoadZone(spelt); ok && err != nil {
			t.Error(err)
		}
	}
}
