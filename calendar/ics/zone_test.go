package ics_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kreds/calendar"
	"kreds/calendar/ics"
)

func TestZoneName(t *testing.T) {
	for tzid, want := range map[string]string{
		"Europe/Berlin":                  "Europe/Berlin",
		" \"Europe/Berlin\" ":            "Europe/Berlin",
		"America/Argentina/Buenos_Aires": "America/Argentina/Buenos_Aires",
		"Etc/GMT+5":                      "Etc/GMT+5",
		"UTC":                            "UTC",
		"utc":                            "UTC",
		"Z":                              "UTC",
		"tzone://Microsoft/Utc":          "UTC",
		"/freeassociation.sourceforge.net/Europe/Berlin":               "Europe/Berlin",
		"/freeassociation.sourceforge.net/Tzfile/America/Indiana/Knox": "America/Indiana/Knox",
		"/mozilla.org/20050126_1/Europe/Berlin":                        "Europe/Berlin",
		"/citadel.org/20190914_1/Europe/London":                        "Europe/London",
		"W. Europe Standard Time":                                      "Europe/Berlin",
		"w. europe standard time":                                      "Europe/Berlin",
		"Romance Standard Time":                                        "Europe/Paris",
		"Eastern Standard Time":                                        "America/New_York",
		"India Standard Time":                                          "Asia/Calcutta",
		"america/new_york":                                             "America/New_York",
		"EUROPE/BERLIN":                                                "Europe/Berlin",
		"/x.org/y/europe/berlin":                                       "Europe/Berlin",
		"est":                                                          "EST",
		"localtime":                                                    "",
		"posixrules":                                                   "",
		"Factory":                                                      "",
		"right/Europe/Berlin":                                          "Europe/Berlin", // its tail
		"/usr/share/right/localtime":                                   "",
		"Local":                                                        "",
		"local":                                                        "",
		"":                                                             "",
		"../../etc/passwd":                                             "",
		"/etc/passwd":                                                  "",
		"Europe/../Europe/Berlin":                                      "Europe/Berlin", // its tail
		"Europe":                                                       "",
		"Europe/Atlantis":                                              "",
		"Customized Time Zone":                                         "",
		"Europe/Berlin\x00":                                            "",
		strings.Repeat("Europe/Berlin", 99):                            "",
	} {
		got, ok := ics.ZoneName(tzid)
		if got != want || ok != (want != "") {
			t.Errorf("%q is %q, %t, want %q", tzid, got, ok, want)
		}
	}
}

// All of the table of Windows names leads to zones that exist.
func TestWindowsZones(t *testing.T) {
	for _, name := range []string{"Morocco Standard Time", "Lord Howe Standard Time", "Samoa Standard Time", "UTC+12", "UTC-11", "Dateline Standard Time", "Yukon Standard Time"} {
		iana, ok := ics.ZoneName(name)
		if !ok {
			t.Errorf("%q is not known", name)
			continue
		}
		if _, err := calendar.LoadZone(iana); err != nil {
			t.Error(err)
		}
	}
}

// definition is a VTIMEZONE with New York's rules of today under any name, and lines of its own.
func definition(tzid string, extra ...string) string {
	return "BEGIN:VTIMEZONE\r\nTZID:" + tzid + "\r\n" + strings.Join(append(extra, ""), "\r\n") +
		"BEGIN:STANDARD\r\nDTSTART:20071104T020000\r\nTZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU\r\nEND:STANDARD\r\n" +
		"BEGIN:DAYLIGHT\r\nDTSTART:20070311T020000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
}

// What nine o'clock on 20 March 2026 and on 20 December 2026 is, in what a TZID means. The owner is in Berlin.
func TestZonesOfEvents(t *testing.T) {
	const (
		berlin  = "08:00 08:00"
		newYork = "13:00 14:00"
		chicago = "14:00 15:00"
	)
	for _, c := range []struct {
		name, tzid, zones string
		calendar          string
		want              string
		guessed           int
	}{
		{"an IANA name", "America/New_York", "", "", newYork, 0},
		{"an IANA name in small letters", "america/new_york", "", "", newYork, 0},
		{"the machine's zone by its file", "localtime", "", "", berlin, 1},
		{"an IANA name is stronger than its definition", "Europe/Berlin", definition("Europe/Berlin"), "", berlin, 0},
		{"a path is stronger than its definition", "/x.org/y/Europe/Berlin", definition("/x.org/y/Europe/Berlin"), "", berlin, 0},
		{"X-LIC-LOCATION is stronger than the rules", "Office", definition("Office", "X-LIC-LOCATION:America/Chicago"), "", chicago, 0},
		{"an unknown X-LIC-LOCATION is nothing", "Office", definition("Office", "X-LIC-LOCATION:Nowhere/Land"), "", newYork, 0},
		{"a Windows name", "Central Standard Time", "", "", chicago, 0},
		{"a Windows name is stronger than its definition", "Central Standard Time", definition("Central Standard Time"), "", chicago, 0},
		{"a definition", "Office", definition("Office"), "", newYork, 0},
		{"a definition in another object is none", "Office", definition("Elsewhere"), "", berlin, 1},
		{"an offset", "GMT+0100", "", "America/New_York", "08:00 08:00", 0},
		{"an offset without zeros", "UTC-5", "", "", "14:00 14:00", 0},
		{"an offset of more than is possible", "UTC+25", "", "", berlin, 1},
		{"a display name, like the owner's zone", "(UTC+01:00) Amsterdam, Berlin, Bern", "", "", berlin, 1},
		{"a display name, like the calendar's zone", "(UTC-05:00) Eastern Time (US & Canada)", "", "America/New_York", newYork, 1},
		{"a display name like no zone at hand", "(UTC+05:30) Chennai", "", "", "03:30 03:30", 1},
		{"a display name with a definition", "(UTC-05:00) Eastern Time (US & Canada)", definition("(UTC-05:00) Eastern Time (US & Canada)"), "", newYork, 0},
		{"nothing: the calendar's zone", "Nowhere", "", "America/Chicago", chicago, 1},
		{"nothing at all: the owner's zone", "Nowhere", "", "", berlin, 1},
		{"the machine's zone", "Local", "", "", berlin, 1},
		{"a definition with a line that cannot be read", "Office", strings.ReplaceAll(definition("Office"), "RRULE:FREQ=YEARLY;BYMONTH=11", `RRULE;X="a"b:FREQ=YEARLY;BYMONTH=11`), "", berlin, 1},
		{"a definition without an end", "Office", strings.ReplaceAll(definition("Office"), "END:VTIMEZONE\r\n", ""), "", berlin, 1},
		{"a definition that changes every second", "Office", strings.ReplaceAll(definition("Office"), "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU", "FREQ=SECONDLY"), "", berlin, 1},
		{"a definition that costs too much", "Office", strings.ReplaceAll(definition("Office"), "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU", "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30;COUNT=10000"), "", berlin, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			at := func(uid, day string) string {
				return vevent(uid, `DTSTART;TZID="`+c.tzid+`":2026`+day+"T090000", `DTEND;TZID="`+c.tzid+`":2026`+day+"T100000")
			}
			stream := head + c.zones + at("spring", "0320") + at("winter", "1220") + foot
			objects, report, err := ics.Decode(strings.NewReader(stream), ics.Limits{}, nil)
			if err != nil || report.Events != 2 {
				t.Fatalf("%+v, %v", report, err)
			}
			opt := ics.Options{Window: between("2026-03-01T00:00", "2026-12-31T00:00"), Owner: zone(t, "Europe/Berlin")}
			if c.calendar != "" {
				opt.Calendar = zone(t, c.calendar)
			}
			got, err := ics.Busy(t.Context(), objects, opt)
			if err != nil || len(got.Busy) != 2 {
				t.Fatalf("%+v, %v", got, err)
			}
			if clocks := got.Busy[0].Start.Format("15:04 ") + got.Busy[1].Start.Format("15:04"); clocks != c.want || got.Guessed != 2*c.guessed {
				t.Errorf("%s, %d guessed, want %s, %d", clocks, got.Guessed, c.want, 2*c.guessed)
			}
		})
	}
}

// A definition is right for the times of its own rules, before, between and after them.
func TestDefinitionsOverTime(t *testing.T) {
	// Summer time until 2015, then none, then another offset for good.
	const stream = head + "BEGIN:VTIMEZONE\r\nTZID:Own\r\n" +
		"BEGIN:STANDARD\r\nDTSTART:20001029T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20151025T010000Z\r\nEND:STANDARD\r\n" +
		"BEGIN:DAYLIGHT\r\nDTSTART:20010325T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=20150329T010000Z\r\nEND:DAYLIGHT\r\n" +
		"BEGIN:STANDARD\r\nDTSTART:20260401T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0330\r\nRDATE:20280101T000000\r\nEND:STANDARD\r\n" +
		"END:VTIMEZONE\r\n"
	// The same without what came after: the last offset stays.
	ended, _, _ := strings.Cut(stream, "BEGIN:STANDARD\r\nDTSTART:2026")
	ended += "END:VTIMEZONE\r\n" + vevent("1", "DTSTART;TZID=Own:20290701T120000", "DURATION:PT1H") + foot
	got, err := ics.Expand(ics.DecodeObject([]byte(ended), ics.Limits{}, nil), ics.Options{Window: between("2029-01-01T00:00", "2029-12-01T00:00"), Owner: time.UTC})
	if err != nil || !cmp.Equal(spell(got.Busy), []string{"07-01 11:00–12:00"}) {
		t.Errorf("after the end of all rules: %v, %v", got.Busy, err)
	}
	for _, c := range []struct{ at, want string }{
		{"19990701T120000", "1999-07-01T10:00:00Z"}, // before all: the first offset it comes from
		{"20100701T120000", "2010-07-01T10:00:00Z"},
		{"20101201T120000", "2010-12-01T11:00:00Z"},
		{"20150701T120000", "2015-07-01T10:00:00Z"},
		{"20160701T120000", "2016-07-01T11:00:00Z"}, // no more summer time
		{"20260331T120000", "2026-03-31T11:00:00Z"},
		{"20260401T020000", "2026-04-01T01:00:00Z"}, // in the gap: the offset before it
		{"20260401T120000", "2026-04-01T08:30:00Z"},
		{"20290401T120000", "2029-04-01T08:30:00Z"},
	} {
		o := ics.DecodeObject([]byte(stream+vevent("1", "DTSTART;TZID=Own:"+c.at, "DURATION:PT1H")+foot), ics.Limits{}, nil)
		got, err := ics.Expand(o, ics.Options{Window: between("1999-01-01T00:00", "2030-01-01T00:00"), Owner: time.UTC})
		if err != nil || len(got.Busy) != 1 || got.Guessed > 0 {
			t.Fatalf("%s: %+v, %v", c.at, got, err)
		}
		if s := got.Busy[0].Start.Format(time.RFC3339); s != c.want {
			t.Errorf("%s is %s, want %s", c.at, s, c.want)
		}
		// The same from a window that begins long after the rules have ended.
		if got, _ = ics.Expand(o, ics.Options{Window: between("2029-01-01T00:00", "2029-12-01T00:00"), Owner: time.UTC}); c.at[:4] == "2029" && got.Busy[0].Start.Format(time.RFC3339) != c.want {
			t.Errorf("%s is %v from 2029 on, want %s", c.at, got.Busy, c.want)
		}
	}
}

func TestCalendarZone(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"an IANA name", head + definition("Europe/Berlin") + foot, "Europe/Berlin"},
		{"a Windows name", head + definition("Romance Standard Time") + foot, "Europe/Paris"},
		{"a location", head + definition("Office", "X-LIC-LOCATION:America/Chicago") + foot, "America/Chicago"},
		{"X-WR-TIMEZONE", head + "X-WR-TIMEZONE:Europe/Oslo\r\n" + foot, "Europe/Oslo"},
		{"its own name", head + definition("Office") + foot, ""},
		{"no calendar", "Europe/Berlin", ""},
	} {
		if got := ics.CalendarZone([]byte(c.data)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// Zones that are known by name are not kept with the object; others are, with the object that names them only.
func TestZonesThatAreKept(t *testing.T) {
	stream := head + definition("Office") + definition("Europe/Berlin") + vevent("a", "DTSTART;TZID=Office:20260316T090000") +
		vevent("b", "DTSTART;TZID=Europe/Berlin:20260316T090000") + vevent("c", "DTSTART:20260316T090000Z", "EXDATE;TZID=Office:20260316T090000") + foot
	objects, _, err := ics.Decode(strings.NewReader(stream), ics.Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range objects {
		s := o.UID
		for _, z := range o.Zones {
			s += " " + z.TZID
		}
		got = append(got, s)
	}
	if d := cmp.Diff([]string{"a Office", "b", "c Office"}, got); d != "" {
		t.Error(d)
	}
}
