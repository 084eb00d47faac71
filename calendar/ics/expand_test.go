package ics_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kreds/calendar"
	"kreds/calendar/ics"
	_ "kreds/internal/testkit/repeatable"
)

// event wraps the lines of a VEVENT, or of several parted by an empty line, into a calendar object.
func event(lines string) []byte {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Kreds//Test//EN\r\n")
	for e := range strings.SplitSeq(strings.TrimSpace(lines), "\n\n") {
		b.WriteString("BEGIN:VEVENT\r\nUID:1\r\n" + strings.ReplaceAll(strings.TrimSpace(e), "\n", "\r\n") + "\r\nEND:VEVENT\r\n")
	}
	b.WriteString("END:VCALENDAR\r\n")
	return []byte(b.String())
}

// case of an expansion: the lines of events, a window of days, and what comes out, in UTC.
type expansion struct {
	name, owner, lines string
	from, to           string // days
	want               []string
	odd                string // "guessed", "unsupported" or nothing
}

func (c expansion) run(t *testing.T) {
	t.Helper()
	if c.owner == "" {
		c.owner = "Europe/Berlin"
	}
	o := ics.DecodeObject(event(c.lines), ics.Limits{}, []string{"ada@example.org"})
	if o.Fault != "" {
		t.Fatalf("the object has the fault %q", o.Fault)
	}
	got, err := ics.Expand(o, ics.Options{Window: between(c.from+"T00:00", c.to+"T00:00"), Owner: zone(t, c.owner)})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(c.want, spell(got.Busy)); d != "" {
		t.Error(d)
	}
	odd := ""
	if got.Guessed > 0 {
		odd = "guessed"
	}
	if got.Unsupported > 0 {
		odd = "unsupported"
	}
	if odd != c.odd {
		t.Errorf("the expansion is flagged %q, want %q", odd, c.odd)
	}
}

func TestExpandTime(t *testing.T) {
	for _, c := range []expansion{
		{name: "all-day without an end is one day, also when that has 23 hours", lines: "DTSTART;VALUE=DATE:20260329", from: "2026-03-28", to: "2026-03-31",
			want: []string{"03-28 23:00–03-29 22:00"}},
		{name: "all-day that ends on itself is one day", lines: "DTSTART;VALUE=DATE:20260317\nDTEND;VALUE=DATE:20260317", from: "2026-03-16", to: "2026-03-20",
			want: []string{"03-16 23:00–03-17 23:00"}},
		{name: "a date without VALUE=DATE", lines: "DTSTART:20260320\nDTEND:20260322", from: "2026-03-19", to: "2026-03-30",
			want: []string{"03-19 23:00–03-21 23:00"}},
		{name: "P1D follows the wall clock over the jump", lines: "DTSTART;TZID=Europe/Berlin:20260328T120000\nDURATION:P1D", from: "2026-03-28", to: "2026-03-31",
			want: []string{"03-28 11:00–03-29 10:00"}},
		{name: "PT24H does not", lines: "DTSTART;TZID=Europe/Berlin:20260328T120000\nDURATION:PT24H", from: "2026-03-28", to: "2026-03-31",
			want: []string{"03-28 11:00–03-29 11:00"}},
		{name: "days first, then hours", lines: "DTSTART;TZID=Europe/Berlin:20260327T230000\nDURATION:P1DT4H", from: "2026-03-27", to: "2026-03-31",
			want: []string{"03-27 22:00–03-29 02:00"}},
		{name: "a week", lines: "DTSTART:20260301T090000Z\nDURATION:P1W", from: "2026-03-01", to: "2026-03-31", want: []string{"03-01 09:00–03-08 09:00"}},
		{name: "DTEND keeps its distance through a night that is short", lines: "DTSTART;TZID=Europe/Berlin:20260321T220000\nDTEND;TZID=Europe/Berlin:20260322T060000\nRRULE:FREQ=WEEKLY;COUNT=2", from: "2026-03-20", to: "2026-03-31",
			want: []string{"03-21 21:00–03-22 05:00", "03-28 21:00–03-29 05:00"}},
		{name: "an end in another zone", lines: "DTSTART;TZID=Europe/Berlin:20260316T100000\nDTEND;TZID=America/New_York:20260316T120000", from: "2026-03-16", to: "2026-03-17",
			want: []string{"03-16 09:00–16:00"}},
		{name: "both an end and a duration: the longer", lines: "DTSTART:20260316T100000Z\nDTEND:20260316T110000Z\nDURATION:PT2H", from: "2026-03-16", to: "2026-03-17",
			want: []string{"03-16 10:00–12:00"}},
		{name: "a start in the gap is after it", lines: "DTSTART;TZID=Europe/Berlin:20260329T023000\nDURATION:PT30M", from: "2026-03-29", to: "2026-03-30",
			want: []string{"03-29 01:30–02:00"}},
		{name: "a start that comes twice is the first", lines: "DTSTART;TZID=Europe/Berlin:20261025T023000\nDURATION:PT30M", from: "2026-10-24", to: "2026-10-26",
			want: []string{"10-25 00:30–01:00"}},
		{name: "floating time in Tokyo", owner: "Asia/Tokyo", lines: "DTSTART:20260318T120000\nDTEND:20260318T130000", from: "2026-03-18", to: "2026-03-19",
			want: []string{"03-18 03:00–04:00"}},
		{name: "a leap second is the second before it", lines: "DTSTART:20260318T115960Z\nDTEND:20260318T120000Z\nRRULE:FREQ=DAILY;COUNT=1", from: "2026-03-18", to: "2026-03-19",
			want: []string{"03-18 11:59–12:00"}},
		{name: "a date with a Z", lines: "DTSTART:20260320Z", from: "2026-03-19", to: "2026-03-23", want: []string{"03-19 23:00–03-20 23:00"}},
		{name: "24:00 is midnight", lines: "DTSTART:20260318T220000Z\nDTEND:20260318T240000Z", from: "2026-03-18", to: "2026-03-20",
			want: []string{"03-18 22:00–03-19 00:00"}},
		{name: "no end takes no time", lines: "DTSTART:20260318T120000Z", from: "2026-03-18", to: "2026-03-19"},
		{name: "an end on the start takes no time", lines: "DTSTART:20260318T120000Z\nDTEND:20260318T120000Z", from: "2026-03-18", to: "2026-03-19"},
		{name: "touching the window is outside of it", lines: "DTSTART:20260317T230000Z\nDTEND:20260318T000000Z", from: "2026-03-18", to: "2026-03-19"},
		{name: "whole, not clipped", lines: "DTSTART:20260310T000000Z\nDTEND:20260320T000000Z", from: "2026-03-16", to: "2026-03-17", want: []string{"03-10 00:00–03-20 00:00"}},
		{name: "ends in two zones, the later first", lines: "DTSTART;TZID=America/New_York:20260316T100000\nDTEND;TZID=Europe/Berlin:20260316T110000", from: "2026-03-16", to: "2026-03-17", odd: "unsupported", want: []string{"03-16 10:00–14:00 unknown"}},
	} {
		t.Run(c.name, c.run)
	}
}

func TestExpandStatus(t *testing.T) {
	const at = "DTSTART:20260316T100000Z\nDTEND:20260316T110000Z\n"
	busy, tentative := []string{"03-16 10:00–11:00"}, []string{"03-16 10:00–11:00 tentative"}
	for _, c := range []expansion{
		{name: "transparent", lines: at + "TRANSP:TRANSPARENT"},
		{name: "cancelled", lines: at + "STATUS:CANCELLED"},
		{name: "tentative", lines: at + "STATUS:TENTATIVE", want: tentative},
		{name: "a status of nobody", lines: at + "STATUS:BUSY", want: busy},
		{name: "declined", lines: at + "ATTENDEE;CN=\"Lovelace, Ada\";PARTSTAT=DECLINED:mailto:ada@example.org"},
		{name: "declined, in capitals", lines: at + "ATTENDEE;PARTSTAT=declined:MAILTO:Ada@Example.ORG"},
		{name: "declined by the EMAIL parameter", lines: at + "ATTENDEE;EMAIL=ada@example.org;PARTSTAT=DECLINED:/principals/ada/"},
		{name: "declined by another", lines: at + "ATTENDEE;PARTSTAT=DECLINED:mailto:bob@example.org", want: busy},
		{name: "declined by one whose address contains ours", lines: at + "ATTENDEE;PARTSTAT=DECLINED:mailto:xada@example.org", want: busy},
		{name: "tentatively accepted", lines: at + "ATTENDEE;PARTSTAT=TENTATIVE:mailto:ada@example.org", want: tentative},
		{name: "not yet answered", lines: at + "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:ada@example.org", want: tentative},
		{name: "not yet answered, by default", lines: at + "ATTENDEE:mailto:ada@example.org", want: tentative},
		{name: "accepted", lines: at + "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ada@example.org", want: busy},
		{name: "declined once, accepted once", lines: at + "ATTENDEE;PARTSTAT=DECLINED:mailto:ada@example.org\nATTENDEE;PARTSTAT=ACCEPTED:mailto:ada@example.org", want: busy},
		{name: "Outlook's free", lines: at + "X-MICROSOFT-CDO-BUSYSTATUS:FREE"},
		{name: "Outlook's free is nothing beside TRANSP", lines: at + "TRANSP:OPAQUE\nX-MICROSOFT-CDO-BUSYSTATUS:FREE", want: busy},
		{name: "Outlook's tentative", lines: at + "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE", want: tentative},
	} {
		c.from, c.to = "2026-03-16", "2026-03-17"
		t.Run(c.name, c.run)
	}
}

func TestExpandRecurrence(t *testing.T) {
	const berlin = "DTSTART;TZID=Europe/Berlin:20260316T090000\nDTEND;TZID=Europe/Berlin:20260316T100000\n"
	const days = "DTSTART;VALUE=DATE:20260316\n"
	for _, c := range []expansion{
		// EXDATE
		{name: "EXDATE list", lines: berlin + "RRULE:FREQ=DAILY;COUNT=4\nEXDATE;TZID=Europe/Berlin:20260317T090000,20260318T090000", want: []string{"03-16 08:00–09:00", "03-19 08:00–09:00"}},
		{name: "EXDATE in UTC", lines: berlin + "RRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260317T080000Z", want: []string{"03-16 08:00–09:00", "03-18 08:00–09:00"}},
		{name: "EXDATE as a date", lines: berlin + "RRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20260317", want: []string{"03-16 08:00–09:00", "03-18 08:00–09:00"}},
		{name: "EXDATE floating", lines: berlin + "RRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260317T090000", want: []string{"03-16 08:00–09:00", "03-18 08:00–09:00"}},
		{name: "EXDATE in another zone", lines: berlin + "RRULE:FREQ=DAILY;COUNT=3\nEXDATE;TZID=America/New_York:20260317T040000", want: []string{"03-16 08:00–09:00", "03-18 08:00–09:00"}},
		{name: "EXDATE of another time of the day excludes nothing", lines: berlin + "RRULE:FREQ=DAILY;COUNT=2\nEXDATE;TZID=Europe/Berlin:20260317T100000", want: []string{"03-16 08:00–09:00", "03-17 08:00–09:00"}},
		{name: "EXDATE of DTSTART", lines: berlin + "RRULE:FREQ=DAILY;COUNT=2\nEXDATE;TZID=Europe/Berlin:20260316T090000", want: []string{"03-17 08:00–09:00"}},
		{name: "EXDATE with a time, of whole days", lines: days + "RRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260317T000000", want: []string{"03-15 23:00–03-16 23:00", "03-17 23:00–03-18 23:00"}},
		{name: "EXDATE at UTC midnight, of whole days", lines: days + "RRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260317T000000Z", want: []string{"03-15 23:00–03-16 23:00", "03-17 23:00–03-18 23:00"}},
		{name: "EXDATE at the owner's midnight, of whole days", lines: days + "RRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260316T230000Z", want: []string{"03-15 23:00–03-16 23:00", "03-17 23:00–03-18 23:00"}},
		{name: "a broken EXDATE excludes nothing", lines: berlin + "RRULE:FREQ=DAILY;COUNT=2\nEXDATE:tomorrow", want: []string{"03-16 08:00–09:00", "03-17 08:00–09:00"}},

		// RDATE
		{name: "RDATE without a rule", lines: berlin + "RDATE;TZID=Europe/Berlin:20260318T110000,20260319T110000", want: []string{"03-16 08:00–09:00", "03-18 10:00–11:00", "03-19 10:00–11:00"}},
		{name: "RDATE on an instance is no second one", lines: berlin + "RRULE:FREQ=DAILY;COUNT=2\nRDATE:20260317T080000Z", want: []string{"03-16 08:00–09:00", "03-17 08:00–09:00"}},
		{name: "RDATE periods have their own length", lines: berlin + "RDATE;VALUE=PERIOD:20260317T080000Z/PT3H,20260318T080000Z/20260318T083000Z", want: []string{"03-16 08:00–09:00", "03-17 08:00–11:00", "03-18 08:00–08:30"}},
		{name: "RDATE period on an instance", lines: berlin + "RRULE:FREQ=DAILY;COUNT=2\nRDATE;VALUE=PERIOD;TZID=Europe/Berlin:20260317T090000/PT3H", want: []string{"03-16 08:00–09:00", "03-17 08:00–09:00", "03-17 08:00–11:00"}},
		{name: "RDATE as a date among times takes the day", lines: berlin + "RDATE;VALUE=DATE:20260318", want: []string{"03-16 08:00–09:00", "03-17 23:00–03-18 23:00"}},
		{name: "RDATE of whole days", lines: days + "RDATE;VALUE=DATE:20260318", want: []string{"03-15 23:00–03-16 23:00", "03-17 23:00–03-18 23:00"}},
		{name: "RDATE in another zone, on a day that EXDATE takes away", lines: berlin + "RDATE;TZID=America/New_York:20260318T200000\nEXDATE;VALUE=DATE:20260319", want: []string{"03-16 08:00–09:00"}},
		{name: "RDATE in another zone, on the day before one that EXDATE takes away", lines: berlin + "RDATE;TZID=America/New_York:20260318T150000\nEXDATE;VALUE=DATE:20260319", want: []string{"03-16 08:00–09:00", "03-18 19:00–20:00"}},
		{name: "RDATE that EXDATE takes away", lines: berlin + "RDATE:20260318T080000Z\nEXDATE;TZID=Europe/Berlin:20260318T090000", want: []string{"03-16 08:00–09:00"}},
		{name: "a broken RDATE leaves the rest unknown", lines: berlin + "RDATE:20260317T080000Z,soon", want: []string{"03-16 08:00–09:00", "03-16 08:00–03-21 00:00 unknown", "03-17 08:00–09:00"}, odd: "unsupported"},

		// Rules
		{name: "two rules", lines: berlin + "RRULE:FREQ=DAILY;COUNT=2\nRRULE:FREQ=DAILY;INTERVAL=3;COUNT=2", want: []string{"03-16 08:00–09:00", "03-17 08:00–09:00", "03-19 08:00–09:00"}},
		{name: "a semicolon at the end", lines: berlin + "RRULE:FREQ=DAILY;COUNT=2;", want: []string{"03-16 08:00–09:00", "03-17 08:00–09:00"}},
		{name: "lower case and spaces", lines: berlin + "RRULE:freq=daily; count=2", want: []string{"03-16 08:00–09:00", "03-17 08:00–09:00"}},
		{name: "the Gregorian scale, leaving out", lines: berlin + "RRULE:RSCALE=GREGORIAN;FREQ=DAILY;SKIP=OMIT;COUNT=2", want: []string{"03-16 08:00–09:00", "03-17 08:00–09:00"}},
		{name: "DTSTART counts, whether or not it fits", lines: berlin + "RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=1", want: []string{"03-16 08:00–09:00", "03-18 08:00–09:00"}},
		{name: "numbered and plain days are a union", lines: berlin + "RRULE:FREQ=MONTHLY;BYDAY=3TU,FR", want: []string{"03-16 08:00–09:00", "03-17 08:00–09:00", "03-20 08:00–09:00"}},
		{name: "no such day", lines: berlin + "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", want: []string{"03-16 08:00–09:00"}},

		// UNTIL
		{name: "UNTIL in UTC, on an instance", lines: berlin + "RRULE:FREQ=DAILY;UNTIL=20260317T080000Z", want: []string{"03-16 08:00–09:00", "03-17 08:00–09:00"}},
		{name: "UNTIL in UTC, just before an instance", lines: berlin + "RRULE:FREQ=DAILY;UNTIL=20260317T075959Z", want: []string{"03-16 08:00–09:00"}},
		{name: "UNTIL as a date covers the day", lines: berlin + "RRULE:FREQ=DAILY;UNTIL=20260317", want: []string{"03-16 08:00–09:00", "03-17 08:00–09:00"}},
		{name: "UNTIL on the wall clock", lines: berlin + "RRULE:FREQ=DAILY;UNTIL=20260317T090000", want: []string{"03-16 08:00–09:00", "03-17 08:00–09:00"}},
		{name: "UNTIL before the start", lines: berlin + "RRULE:FREQ=DAILY;UNTIL=20250101T000000Z", want: []string{"03-16 08:00–09:00"}},
		{name: "UNTIL as a date, of whole days", lines: days + "RRULE:FREQ=DAILY;UNTIL=20260317", want: []string{"03-15 23:00–03-16 23:00", "03-16 23:00–03-17 23:00"}},
		{name: "UNTIL at UTC midnight, of whole days west of it", owner: "America/New_York", lines: days + "RRULE:FREQ=DAILY;UNTIL=20260317T000000Z", want: []string{"03-16 04:00–03-17 04:00", "03-17 04:00–03-18 04:00"}},
		{name: "UNTIL at the owner's midnight, of whole days", lines: days + "RRULE:FREQ=DAILY;UNTIL=20260316T230000Z", want: []string{"03-15 23:00–03-16 23:00", "03-16 23:00–03-17 23:00"}},

		// Overrides
		{name: "moved out of the window", lines: berlin + "RRULE:FREQ=DAILY;COUNT=2\n\nRECURRENCE-ID;TZID=Europe/Berlin:20260317T090000\nDTSTART;TZID=Europe/Berlin:20260517T090000\nDTEND;TZID=Europe/Berlin:20260517T100000", want: []string{"03-16 08:00–09:00"}},
		{name: "moved into the window", lines: "DTSTART:20260101T080000Z\nDTEND:20260101T090000Z\nRRULE:FREQ=DAILY;COUNT=2\n\nRECURRENCE-ID:20260102T080000Z\nDTSTART:20260317T080000Z\nDTEND:20260317T090000Z", want: []string{"03-17 08:00–09:00"}},
		{name: "cancelled", lines: berlin + "RRULE:FREQ=DAILY;COUNT=2\n\nRECURRENCE-ID:20260317T080000Z\nDTSTART:20260317T080000Z\nDTEND:20260317T090000Z\nSTATUS:CANCELLED", want: []string{"03-16 08:00–09:00"}},
		{name: "cancelled, without a time of its own", lines: berlin + "RRULE:FREQ=DAILY;COUNT=2\n\nRECURRENCE-ID;TZID=Europe/Berlin:20260317T090000\nSTATUS:CANCELLED", want: []string{"03-16 08:00–09:00"}},
		{name: "made transparent", lines: berlin + "RRULE:FREQ=DAILY;COUNT=2\n\nRECURRENCE-ID;TZID=Europe/Berlin:20260317T090000\nDTSTART:20260317T080000Z\nDTEND:20260317T090000Z\nTRANSP:TRANSPARENT", want: []string{"03-16 08:00–09:00"}},
		{name: "an override before its master", lines: "RECURRENCE-ID;TZID=Europe/Berlin:20260317T090000\nDTSTART:20260317T120000Z\nDTEND:20260317T130000Z\n\n" + berlin + "RRULE:FREQ=DAILY;COUNT=2", want: []string{"03-16 08:00–09:00", "03-17 12:00–13:00"}},
		{name: "an override without a master stands for itself", lines: "RECURRENCE-ID:20260317T080000Z\nDTSTART:20260317T120000Z\nDTEND:20260317T130000Z", want: []string{"03-17 12:00–13:00"}},
		{name: "an override of no instance stands for itself", lines: berlin + "\n\nRECURRENCE-ID:20260317T080000Z\nDTSTART:20260317T120000Z\nDTEND:20260317T130000Z", want: []string{"03-16 08:00–09:00", "03-17 12:00–13:00"}},
		{name: "a RECURRENCE-ID as a date", lines: berlin + "RRULE:FREQ=DAILY;COUNT=2\n\nRECURRENCE-ID;VALUE=DATE:20260317\nDTSTART:20260317T120000Z\nDTEND:20260317T130000Z", want: []string{"03-16 08:00–09:00", "03-17 12:00–13:00"}},
		{name: "an override of an RDATE", lines: berlin + "RDATE:20260317T080000Z\n\nRECURRENCE-ID:20260317T080000Z\nDTSTART:20260317T120000Z\nDTEND:20260317T130000Z", want: []string{"03-16 08:00–09:00", "03-17 12:00–13:00"}},
		{name: "whole days moved to a time", lines: days + "RRULE:FREQ=DAILY;COUNT=2\n\nRECURRENCE-ID;VALUE=DATE:20260317\nDTSTART:20260317T120000Z\nDTEND:20260317T130000Z", want: []string{"03-15 23:00–03-16 23:00", "03-17 12:00–13:00"}},

		// THISANDFUTURE
		{name: "this and future moved and lengthened", lines: berlin + "RRULE:FREQ=DAILY;COUNT=4\n\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260318T090000\nDTSTART;TZID=Europe/Berlin:20260318T140000\nDTEND;TZID=Europe/Berlin:20260318T160000",
			want: []string{"03-16 08:00–09:00", "03-17 08:00–09:00", "03-18 13:00–15:00", "03-19 13:00–15:00"}},
		{name: "this and future cancelled", lines: berlin + "RRULE:FREQ=DAILY;COUNT=4\n\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260318T090000\nSTATUS:CANCELLED", want: []string{"03-16 08:00–09:00", "03-17 08:00–09:00"}},
		{name: "this and future, and one of these again", lines: berlin + "RRULE:FREQ=DAILY;COUNT=4\n\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260317T090000\nDTSTART;TZID=Europe/Berlin:20260317T140000\nDTEND;TZID=Europe/Berlin:20260317T150000\n\nRECURRENCE-ID;TZID=Europe/Berlin:20260318T090000\nDTSTART:20260318T170000Z\nDTEND:20260318T180000Z",
			want: []string{"03-16 08:00–09:00", "03-17 13:00–14:00", "03-18 17:00–18:00", "03-19 13:00–14:00"}},
		{name: "this and future twice", lines: berlin + "RRULE:FREQ=DAILY;COUNT=4\n\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260318T090000\nDTSTART;TZID=Europe/Berlin:20260318T180000\nDTEND;TZID=Europe/Berlin:20260318T190000\n\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260317T090000\nDTSTART;TZID=Europe/Berlin:20260317T140000\nDTEND;TZID=Europe/Berlin:20260317T150000",
			want: []string{"03-16 08:00–09:00", "03-17 13:00–14:00", "03-18 17:00–18:00", "03-19 17:00–18:00"}},
		{name: "lengthened into the window, all that follow", lines: "DTSTART:20260302T080000Z\nDTEND:20260302T090000Z\nRRULE:FREQ=WEEKLY;COUNT=3\n\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260309T080000Z\nDTSTART:20260309T080000Z\nDURATION:P5D",
			from: "2026-03-20", to: "2026-03-25", want: []string{"03-16 08:00–03-21 08:00"}},
		{name: "moved into the window, all that follow", lines: "DTSTART:20260101T080000Z\nDTEND:20260101T090000Z\nRRULE:FREQ=DAILY;COUNT=3\n\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260102T080000Z\nDTSTART:20260317T080000Z\nDTEND:20260317T090000Z", want: []string{"03-17 08:00–09:00", "03-18 08:00–09:00"}},
	} {
		if c.from == "" {
			c.from, c.to = "2026-03-15", "2026-03-21"
		}
		t.Run(c.name, c.run)
	}
}

func TestExpandOverJumps(t *testing.T) {
	for _, c := range []expansion{
		{name: "Berlin, daily at 2:30 over the gap", lines: "DTSTART;TZID=Europe/Berlin:20260328T023000\nDURATION:PT15M\nRRULE:FREQ=DAILY", from: "2026-03-28", to: "2026-03-31",
			want: []string{"03-28 01:30–01:45", "03-29 01:30–01:45", "03-30 00:30–00:45"}},
		{name: "New York, daily at 2:30 over the gap", lines: "DTSTART;TZID=America/New_York:20260307T023000\nDURATION:PT15M\nRRULE:FREQ=DAILY;COUNT=3", from: "2026-03-07", to: "2026-03-11",
			want: []string{"03-07 07:30–07:45", "03-08 07:30–07:45", "03-09 06:30–06:45"}},
		{name: "New York, daily at 1:30 over the fold", lines: "DTSTART;TZID=America/New_York:20261031T013000\nDURATION:PT15M\nRRULE:FREQ=DAILY;COUNT=3", from: "2026-10-30", to: "2026-11-05",
			want: []string{"10-31 05:30–05:45", "11-01 05:30–05:45", "11-02 06:30–06:45"}},
		{name: "Lord Howe, daily at 2:15 over a gap of half an hour", lines: "DTSTART;TZID=Australia/Lord_Howe:20261003T021500\nDURATION:PT15M\nRRULE:FREQ=DAILY;COUNT=3", from: "2026-10-01", to: "2026-10-10",
			want: []string{"10-02 15:45–16:00", "10-03 15:45–16:00", "10-04 15:15–15:30"}},
		{name: "Lord Howe, daily at 1:45 over a fold of half an hour", lines: "DTSTART;TZID=Australia/Lord_Howe:20260404T014500\nDURATION:PT15M\nRRULE:FREQ=DAILY;COUNT=3", from: "2026-04-01", to: "2026-04-10",
			want: []string{"04-03 14:45–15:00", "04-04 14:45–15:00", "04-05 15:15–15:30"}},
		{name: "Apia, daily over the day that was left out", lines: "DTSTART;TZID=Pacific/Apia:20111229T120000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3", from: "2011-12-28", to: "2012-01-05",
			want: []string{"12-29 22:00–23:00", "12-30 22:00–23:00", "12-31 22:00–23:00"}},
		{name: "hourly over the gap: five of five", lines: "DTSTART;TZID=America/New_York:20260308T000000\nDURATION:PT15M\nRRULE:FREQ=HOURLY;COUNT=5", from: "2026-03-08", to: "2026-03-09",
			want: []string{"03-08 05:00–05:15", "03-08 06:00–06:15", "03-08 07:00–07:15", "03-08 08:00–08:15", "03-08 09:00–09:15"}},
		{name: "hourly over the fold: the hour that comes twice is two", lines: "DTSTART;TZID=America/New_York:20261101T000000\nDURATION:PT15M\nRRULE:FREQ=HOURLY;COUNT=4", from: "2026-11-01", to: "2026-11-02",
			want: []string{"11-01 04:00–04:15", "11-01 05:00–05:15", "11-01 06:00–06:15", "11-01 07:00–07:15"}},
		{name: "half-hourly over the fold", lines: "DTSTART;TZID=America/New_York:20261101T010000\nDURATION:PT5M\nRRULE:FREQ=HOURLY;BYMINUTE=0,30;COUNT=5", from: "2026-11-01", to: "2026-11-02",
			want: []string{"11-01 05:00–05:05", "11-01 05:30–05:35", "11-01 06:00–06:05", "11-01 06:30–06:35", "11-01 07:00–07:05"}},
		{name: "whole days in Berlin over the gap", lines: "DTSTART;VALUE=DATE:20260328\nRRULE:FREQ=DAILY;COUNT=3", from: "2026-03-27", to: "2026-04-01",
			want: []string{"03-27 23:00–03-28 23:00", "03-28 23:00–03-29 22:00", "03-29 22:00–03-30 22:00"}},
		{name: "an EXDATE in the gap", lines: "DTSTART;TZID=Europe/Berlin:20260328T023000\nDURATION:PT15M\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;TZID=Europe/Berlin:20260329T023000", from: "2026-03-27", to: "2026-04-01",
			want: []string{"03-28 01:30–01:45", "03-30 00:30–00:45"}},
	} {
		t.Run(c.name, c.run)
	}
}

// The examples of RFC 5545 §3.8.5.3 that do not ask for MINUTELY or SECONDLY, in their own zone.
func TestExpandRFCExamples(t *testing.T) {
	nine := []string{"09:00"}
	for _, c := range []struct {
		rule, start, from, to string
		want                  []string // days, or times of one day
	}{
		{"FREQ=DAILY;COUNT=10", "19970902T090000", "1997-09-01", "1998-01-01", []string{"09-02", "09-03", "09-04", "09-05", "09-06", "09-07", "09-08", "09-09", "09-10", "09-11"}},
		{"FREQ=DAILY;UNTIL=19971224T000000Z", "19970902T090000", "1997-12-21", "1998-01-01", []string{"12-21", "12-22", "12-23"}},
		{"FREQ=DAILY;INTERVAL=10;COUNT=5", "19970902T090000", "1997-09-01", "1998-01-01", []string{"09-02", "09-12", "09-22", "10-02", "10-12"}},
		{"FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA", "19980101T090000", "2000-01-30", "2001-01-01", []string{"01-30", "01-31"}},
		{"FREQ=WEEKLY;INTERVAL=2;WKST=SU", "19970902T090000", "1997-10-15", "1997-11-20", []string{"10-28", "11-11"}},
		{"FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH", "19970902T090000", "1997-09-20", "1998-01-01", []string{"09-23", "09-25", "09-30", "10-02"}},
		{"FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR", "19970901T090000", "1997-12-01", "1998-01-01", []string{"12-08", "12-10", "12-12", "12-22"}},
		{"FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", "19970902T090000", "1997-09-01", "1998-01-01", []string{"09-02", "09-04", "09-16", "09-18", "09-30", "10-02", "10-14", "10-16"}},
		{"FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "19970905T090000", "1998-03-01", "1999-01-01", []string{"03-06", "04-03", "05-01", "06-05"}},
		{"FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", "19970907T090000", "1998-01-01", "1999-01-01", []string{"01-04", "01-25", "03-01", "03-29", "05-03", "05-31"}},
		{"FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "19970922T090000", "1997-09-01", "1999-01-01", []string{"09-22", "10-20", "11-17", "12-22", "01-19", "02-16"}},
		{"FREQ=MONTHLY;BYMONTHDAY=-3", "19970928T090000", "1997-09-01", "1998-03-01", []string{"09-28", "10-29", "11-28", "12-29", "01-29", "02-26"}},
		{"FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", "19970930T090000", "1997-12-15", "1999-01-01", []string{"12-31", "01-01", "01-31", "02-01"}},
		{"FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15", "19970910T090000", "1999-01-01", "2000-01-01", []string{"03-10", "03-11", "03-12", "03-13"}},
		{"FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", "19970902T090000", "1998-03-01", "1998-05-01", []string{"03-03", "03-10", "03-17", "03-24", "03-31"}},
		{"FREQ=YEARLY;COUNT=10;BYMONTH=6,7", "19970610T090000", "2000-01-01", "2003-01-01", []string{"06-10", "07-10", "06-10", "07-10"}},
		{"FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3", "19970310T090000", "2002-01-01", "2010-01-01", []string{"01-10", "02-10", "03-10"}},
		{"FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", "19970101T090000", "2003-01-01", "2007-01-01", []string{"01-01", "04-10", "07-19", "01-01"}},
		{"FREQ=YEARLY;BYDAY=20MO", "19970519T090000", "1997-01-01", "2000-01-01", []string{"05-19", "05-18", "05-17"}},
		{"FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "19970512T090000", "1997-01-01", "2000-01-01", []string{"05-12", "05-11", "05-17"}},
		{"FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "19970313T090000", "1998-01-01", "1999-01-01", []string{"03-05", "03-12", "03-19", "03-26"}},
		{"FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "19980213T090000", "1998-01-01", "2001-01-01", []string{"02-13", "03-13", "11-13", "08-13", "10-13"}},
		{"FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", "19970913T090000", "1997-09-01", "1998-01-01", []string{"09-13", "10-11", "11-08", "12-13"}},
		{"FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "19961105T090000", "1996-01-01", "2005-01-01", []string{"11-05", "11-07", "11-02"}},
		{"FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "19970904T090000", "1997-01-01", "1999-01-01", []string{"09-04", "10-07", "11-06"}},
		{"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "19970929T090000", "1997-09-01", "1998-04-01", []string{"09-29", "10-30", "11-27", "12-30", "01-29", "02-26", "03-30"}},
		{"FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "19970805T090000", "1997-01-01", "1998-01-01", []string{"08-05", "08-10", "08-19", "08-24"}},
		{"FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "19970805T090000", "1997-01-01", "1998-01-01", []string{"08-05", "08-17", "08-19", "08-31"}},
		{"FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "20070115T090000", "2007-01-01", "2008-01-01", []string{"01-15", "01-30", "02-15", "03-15", "03-30"}},
		{"FREQ=YEARLY;BYWEEKNO=53;BYDAY=FR,SA", "20091231T090000", "2010-01-01", "2021-01-05", []string{"01-01", "01-02", "01-01", "01-02", "01-01", "01-02"}},
		{"FREQ=YEARLY;BYWEEKNO=-1;BYDAY=SA", "20100101T090000", "2010-12-01", "2012-01-31", []string{"01-01", "12-31"}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			lines := "DTSTART;TZID=America/New_York:" + c.start + "\nDURATION:PT1H\nRRULE:" + c.rule
			o := ics.DecodeObject(event(lines), ics.Limits{}, nil)
			loc := zone(t, "America/New_York")
			got, err := ics.Expand(o, ics.Options{Window: between(c.from+"T00:00", c.to+"T00:00"), Owner: loc})
			if err != nil || got.Unsupported > 0 {
				t.Fatalf("%+v, %v", got, err)
			}
			var days []string
			for _, b := range got.Busy {
				if clock := b.Start.In(loc).Format("15:04"); clock != nine[0] {
					t.Errorf("an occurrence at %s, want %s", clock, nine[0])
				}
				days = append(days, b.Start.In(loc).Format("01-02"))
			}
			if d := cmp.Diff(c.want, days); d != "" {
				t.Error(d)
			}
		})
	}
	t.Run("FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z", func(t *testing.T) {
		expansion{lines: "DTSTART;TZID=America/New_York:19970902T090000\nDURATION:PT1H\nRRULE:FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z", from: "1997-09-01", to: "1997-09-10",
			want: []string{"09-02 13:00–14:00", "09-02 16:00–17:00", "09-02 19:00–20:00"}}.run(t)
	})
	t.Run("FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,20,40", func(t *testing.T) {
		expansion{lines: "DTSTART;TZID=America/New_York:19970902T090000\nDURATION:PT5M\nRRULE:FREQ=DAILY;COUNT=5;BYHOUR=9,10;BYMINUTE=0,20,40", from: "1997-09-01", to: "1997-09-10",
			want: []string{"09-02 13:00–13:05", "09-02 13:20–13:25", "09-02 13:40–13:45", "09-02 14:00–14:05", "09-02 14:20–14:25"}}.run(t)
	})
}

// What an event takes of a window is what it takes of the window's parts, so that a horizon can be rolled on day by day.
func TestExpandOverPartsOfAWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := anyObject(t)
		start := utc("2026-03-01T00:00").Add(time.Duration(rapid.IntRange(0, 400*1440).Draw(t, "start")) * time.Minute)
		middle := start.Add(time.Duration(rapid.IntRange(1, 40*1440).Draw(t, "first")) * time.Minute)
		end := middle.Add(time.Duration(rapid.IntRange(1, 40*1440).Draw(t, "second")) * time.Minute)
		owner, err := calendar.LoadZone(rapid.SampledFrom([]string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"}).Draw(t, "owner"))
		if err != nil {
			t.Fatal(err)
		}
		busy := func(start, end time.Time) []calendar.Busy {
			got, err := ics.Busy(t.Context(), []calendar.Object{o}, ics.Options{Window: calendar.Interval{Start: start, End: end}, Owner: owner})
			if err != nil || got.Unsupported > 0 {
				t.Fatalf("%+v, %v", got, err)
			}
			return got.Busy
		}
		whole := busy(start, end)
		parts := calendar.Union(append(busy(start, middle), busy(middle, end)...))
		if d := cmp.Diff(whole, parts); d != "" {
			t.Fatal(d)
		}
	})
}

// anyObject draws a series with everything that a series can have.
func anyObject(t *rapid.T) calendar.Object {
	zones := []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"}
	form := rapid.SampledFrom([]calendar.Form{calendar.UTC, calendar.Zoned, calendar.Floating, calendar.Date}).Draw(t, "form")
	tzid := rapid.SampledFrom(zones).Draw(t, "zone")
	first := utc("2025-01-01T00:00").Add(time.Duration(rapid.IntRange(0, 500*96).Draw(t, "dtstart")) * 15 * time.Minute)
	moment := func(label string, days int) *calendar.Moment {
		wall := first.AddDate(0, 0, days)
		m := calendar.Moment{Wall: calendar.WallOf(wall), Form: form}
		switch form {
		case calendar.Zoned:
			m.TZID = tzid
		case calendar.Date:
			m.Wall.Hour, m.Wall.Min = 0, 0
		}
		return &m
	}
	length := func() *calendar.Duration {
		d := calendar.Duration{Days: rapid.IntRange(0, 3).Draw(t, "days")}
		if form != calendar.Date {
			d.Exact = time.Duration(rapid.IntRange(0, 600).Draw(t, "minutes")) * time.Minute
		}
		return &d
	}
	master := calendar.Event{Start: *moment("start", 0), Duration: length()}
	master.Rules = rapid.SliceOfN(rapid.SampledFrom([]string{
		"FREQ=DAILY", "FREQ=DAILY;INTERVAL=3;COUNT=200", "FREQ=WEEKLY;BYDAY=MO,WE,SU;WKST=SU", "FREQ=WEEKLY;INTERVAL=2;UNTIL=20261231T120000Z",
		"FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=30", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU",
		"FREQ=DAILY;UNTIL=20260401", "FREQ=YEARLY;BYWEEKNO=1,53;BYDAY=MO",
	}), 0, 2).Draw(t, "rules")
	for range rapid.IntRange(0, 3).Draw(t, "exdates") {
		master.ExDates = append(master.ExDates, *moment("exdate", rapid.IntRange(0, 500).Draw(t, "exdate")))
	}
	for range rapid.IntRange(0, 3).Draw(t, "rdates") {
		p := calendar.Period{Start: *moment("rdate", rapid.IntRange(0, 500).Draw(t, "rdate"))}
		if rapid.Bool().Draw(t, "period") {
			p.Duration = length()
		}
		master.RDates = append(master.RDates, p)
	}
	o := calendar.Object{UID: "1", Events: []calendar.Event{master}}
	for range rapid.IntRange(0, 3).Draw(t, "overrides") {
		day := rapid.IntRange(0, 500).Draw(t, "instance")
		e := calendar.Event{RecurrenceID: moment("id", day), Start: *moment("moved", day+rapid.IntRange(-40, 40).Draw(t, "moved")), Duration: length(),
			AndFuture: rapid.Bool().Draw(t, "future"), Transparent: rapid.IntRange(0, 4).Draw(t, "transparent") == 0}
		if rapid.IntRange(0, 4).Draw(t, "tentative") == 0 {
			e.Status = calendar.TentativeStatus
		}
		o.Events = append(o.Events, e)
	}
	return o
}

func TestBusyLeavesOutOwnEvents(t *testing.T) {
	ours := ics.DecodeObject(event("DTSTART:20260316T100000Z\nDTEND:20260316T110000Z"), ics.Limits{}, nil)
	got, err := ics.Busy(t.Context(), []calendar.Object{ours}, ics.Options{Window: between("2026-03-16T00:00", "2026-03-17T00:00"), Owner: time.UTC,
		Own: func(uid string) bool { return uid == "1" }})
	if err != nil || len(got.Busy) > 0 {
		t.Errorf("got %v, %v, want nothing: the event is ours", got.Busy, err)
	}
}

func TestBusyAsksForAZoneAndAWindow(t *testing.T) {
	for name, opt := range map[string]ics.Options{
		"no owner":  {Window: between("2026-03-16T00:00", "2026-03-17T00:00")},
		"no window": {Owner: time.UTC},
	} {
		if _, err := ics.Busy(t.Context(), nil, opt); err == nil {
			t.Errorf("%s: no error", name)
		}
		if _, err := ics.Expand(calendar.Object{}, opt); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
