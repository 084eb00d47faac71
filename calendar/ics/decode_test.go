package ics_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"kreds/calendar"
	"kreds/calendar/ics"
)

const (
	head  = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
	foot  = "END:VCALENDAR\r\n"
	sound = "BEGIN:VEVENT\r\nUID:sound\r\nDTSTART:20260316T100000Z\r\nDTEND:20260316T110000Z\r\nEND:VEVENT\r\n"
)

// vevent is a VEVENT with a UID and some lines.
func vevent(uid string, lines ...string) string {
	return "BEGIN:VEVENT\r\nUID:" + uid + "\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\n"
}

// Whatever stands beside it, the sound event is read; the report says what was wrong with the rest.
func TestDecodeBadStreams(t *testing.T) {
	utf16le := func(s string) string {
		b := []byte{0xff, 0xfe}
		for _, u := range utf16.Encode([]rune(s)) {
			b = append(b, byte(u), byte(u>>8))
		}
		return string(b)
	}
	for _, c := range []struct {
		name, stream string
		want         ics.Report
		faults       []string
	}{
		{"as it should be", head + sound + foot, ics.Report{Events: 1}, nil},
		{"LF only", strings.ReplaceAll(head+sound+foot, "\r\n", "\n"), ics.Report{Events: 1}, nil},
		{"CR only", strings.ReplaceAll(head+sound+foot, "\r\n", "\r"), ics.Report{Events: 1}, nil},
		{"a byte order mark", "\xef\xbb\xbf" + head + sound + foot, ics.Report{Events: 1}, nil},
		{"UTF-16", utf16le(head + sound + foot), ics.Report{Events: 1}, nil},
		{"spaces after names", strings.ReplaceAll(head+sound+foot, "VEVENT", "VEVENT  "), ics.Report{Events: 1}, nil},
		{"lower case", strings.NewReplacer("BEGIN", "begin", "DTSTART", "dtstart", "VEVENT", "vevent").Replace(head + sound + foot), ics.Report{Events: 1}, nil},
		{"no last line end", strings.TrimSpace(head + sound + foot), ics.Report{Events: 1}, nil},
		{"empty lines", strings.ReplaceAll(head+sound+foot, "\r\n", "\r\n\r\n"), ics.Report{Events: 1}, nil},
		{"folded in the middle of a name and of a value", head + strings.ReplaceAll(sound, "DTSTART:2026", "DTS\r\n TART:20\r\n\t26") + foot, ics.Report{Events: 1}, nil},
		{"lines that are none", "hello\r\n" + head + "what\r\n:nothing\r\n" + sound + foot, ics.Report{Events: 1, BadLines: 3}, nil},
		{"bytes that are no UTF-8", head + "X-\xff:\xfe\r\n" + strings.ReplaceAll(sound, "sound", "so\xffund") + foot, ics.Report{Events: 1, BadLines: 1}, nil},
		{"control characters", head + strings.ReplaceAll(sound, "sound", "so\x00\x1bund") + foot, ics.Report{Events: 1}, nil},
		{"a line of 2 MiB", head + "X-LONG:" + strings.Repeat("x", 2<<20) + "\r\n" + sound + foot, ics.Report{Events: 1}, nil},
		{"two calendars", head + foot + head + sound + foot, ics.Report{Events: 1}, nil},
		{"a hundred calendars in one another", strings.Repeat(head, 100) + sound + foot, ics.Report{Events: 1, Cut: true}, nil},
		{"unknown components around", head + strings.Repeat("BEGIN:X-A\r\n", 200) + strings.Repeat("END:X-A\r\n", 200) + sound + foot, ics.Report{Events: 1}, nil},
		{"unknown components that stay open", head + strings.Repeat("BEGIN:X-A\r\n", 200) + sound + foot, ics.Report{Events: 1}, nil},
		{"an END without a BEGIN", head + "END:X\r\n" + sound + foot, ics.Report{Events: 1, BadLines: 1}, nil},
		{"an event that has lost its BEGIN", head + "BEGIN VEVENT\r\nDTSTART:20260317T100000Z\r\nEND:VEVENT\r\n" + sound + foot, ics.Report{Events: 1, BadLines: 2, Cut: true}, nil},
		{"broken off after the event", head + sound, ics.Report{Events: 1, Cut: true}, nil},
		{"an alarm inside, with a time of its own", head + strings.ReplaceAll(sound, "END:VEVENT", "BEGIN:VALARM\r\nDTSTART:20300101T000000Z\r\nDURATION:PT9H\r\nEND:VALARM\r\nEND:VEVENT") + foot, ics.Report{Events: 1}, nil},
		{"part of a zone inside of an event", head + strings.ReplaceAll(sound, "END:VEVENT", "BEGIN:STANDARD\r\nRRULE:FREQ=DAILY\r\nEND:STANDARD\r\nEND:VEVENT") + foot, ics.Report{Events: 1}, nil},
		{"an alarm that stays open", head + strings.ReplaceAll(sound, "END:VEVENT", "BEGIN:VALARM\r\nDURATION:PT9H\r\nEND:VEVENT") + foot, ics.Report{Events: 1}, nil},
		{"a task that stays open", head + "BEGIN:VTODO\r\nUID:x\r\nDTSTART:20260316T100000Z\r\n" + sound + foot, ics.Report{Events: 1}, nil},

		{"no start", head + vevent("bad", "SUMMARY:x") + sound + foot, ics.Report{Events: 1, Rejected: 1}, []string{"an event without a readable DTSTART"}},
		{"30 February", head + vevent("bad", "DTSTART:20260230T100000Z") + sound + foot, ics.Report{Events: 1, Rejected: 1}, []string{"an event without a readable DTSTART"}},
		{"25:00", head + vevent("bad", "DTSTART:20260220T250000Z") + sound + foot, ics.Report{Events: 1, Rejected: 1}, []string{"an event without a readable DTSTART"}},
		{"Arabic-Indic digits", head + vevent("bad", "DTSTART:٢٠٢٦0220T100000Z") + sound + foot, ics.Report{Events: 1, Rejected: 1}, []string{"an event without a readable DTSTART"}},
		{"no colon", head + vevent("bad", "DTSTART;TZID=Europe/Berlin") + sound + foot, ics.Report{Events: 1, Rejected: 1, BadLines: 1}, []string{"an event without a readable DTSTART"}},
		{"a parameter that panics go-ical", head + vevent("bad", `DTSTART;TZID="Europe"/Berlin:20260316T090000`) + sound + foot, ics.Report{Events: 1, Rejected: 1, BadLines: 1}, []string{"an event without a readable DTSTART"}},
		{"a parameter without a value", head + vevent("bad", `DTSTART;TZID:20260316T090000`) + sound + foot, ics.Report{Events: 1, Rejected: 1, BadLines: 1}, []string{"an event without a readable DTSTART"}},
		{"a parameter of 100 KiB", head + vevent("bad", "DTSTART;TZID="+strings.Repeat("x", 100<<10)+":20260316T090000") + sound + foot, ics.Report{Events: 1, Rejected: 1, BadLines: 1}, []string{"an event without a readable DTSTART"}},
		{"an end before the start", head + vevent("bad", "DTSTART:20260316T100000Z", "DTEND:20260316T090000Z") + sound + foot, ics.Report{Events: 2, Rejected: 1}, []string{"an event that ends before it starts"}},
		{"a negative duration", head + vevent("bad", "DTSTART:20260316T100000Z", "DURATION:-P1D") + sound + foot, ics.Report{Events: 2, Rejected: 1}, []string{"an event that ends before it starts"}},
		{"a duration of nobody", head + vevent("bad", "DTSTART:20260316T100000Z", "DURATION:an hour") + sound + foot, ics.Report{Events: 2, Rejected: 1}, []string{"an event without a readable end"}},
		{"an end without a colon", head + vevent("bad", "DTSTART:20260316T100000Z", "DTEND;TZID=Europe/Berlin") + sound + foot, ics.Report{Events: 2, Rejected: 1, BadLines: 1}, []string{"an event without a readable end"}},
		{"a duration without a colon", head + vevent("bad", "DTSTART:20260316T100000Z", "DURATION PT1H") + sound + foot, ics.Report{Events: 2, Rejected: 1, BadLines: 1}, []string{"an event without a readable end"}},
		{"an end in open quotes", head + vevent("bad", "DTSTART:20260316T100000Z", `DTEND;TZID="Europe/Berlin:20260316T110000`) + sound + foot, ics.Report{Events: 2, Rejected: 1, BadLines: 1}, []string{"an event without a readable end"}},
		{"an end with a head of 2 KiB", head + vevent("bad", "DTSTART:20260316T100000Z", "DTEND;X="+strings.Repeat("x", 2<<10)+":20260316T110000Z") + sound + foot, ics.Report{Events: 2, Rejected: 1, BadLines: 1}, []string{"an event without a readable end"}},
		{"a RECURRENCE-ID without a colon", head + vevent("bad", "DTSTART:20260316T100000Z", "RECURRENCE-ID;TZID=Europe/Berlin") + sound + foot, ics.Report{Events: 2, Rejected: 1, BadLines: 1}, []string{"an event without a readable RECURRENCE-ID"}},
		{"a duration of ages", head + vevent("bad", "DTSTART:20260316T100000Z", "DURATION:P9999999999W") + sound + foot, ics.Report{Events: 2, Rejected: 1}, []string{"an event without a readable end"}},
		{"an end of nobody", head + vevent("bad", "DTSTART:20260316T100000Z", "DTEND:later") + sound + foot, ics.Report{Events: 2, Rejected: 1}, []string{"an event without a readable end"}},
		{"an end whose line is broken", head + vevent("bad", "DTSTART:20260316T100000Z", `DTEND;X="a"b:20260316T110000Z`) + sound + foot, ics.Report{Events: 2, Rejected: 1, BadLines: 1}, []string{"an event without a readable end"}},
		{"a RECURRENCE-ID of nobody", head + vevent("bad", "DTSTART:20260316T100000Z", "RECURRENCE-ID:first") + sound + foot, ics.Report{Events: 2, Rejected: 1}, []string{"an event without a readable RECURRENCE-ID"}},
		{"an event that stays open is kept, with a fault", head + strings.TrimSuffix(vevent("open", "DTSTART:20260316T120000Z", "DTEND:20260316T130000Z"), "END:VEVENT\r\n") + sound + foot, ics.Report{Events: 2, Rejected: 1}, []string{"an event without an END"}},
		{"a zone that makes no sense", head + "BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n" + sound + foot, ics.Report{Events: 1, Rejected: 1}, nil},
		{"a broken line that does not matter", head + strings.ReplaceAll(sound, "END:VEVENT", "ATTENDEE;CN=\"A\"B:mailto:ada@example.org\r\nEND:VEVENT") + foot, ics.Report{Events: 1, BadLines: 1}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			objects, report, err := ics.Decode(strings.NewReader(c.stream), ics.Limits{}, []string{"ada@example.org"})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, report); d != "" {
				t.Error(d)
			}
			var faults []string
			found := false
			for _, o := range objects {
				if o.Fault != "" {
					faults = append(faults, o.Fault)
				}
				if o.UID == "sound" {
					found = cmp.Equal(o.Events, []calendar.Event{{Start: at(utc("2026-03-16T10:00")), End: ptr(at(utc("2026-03-16T11:00")))}})
				}
			}
			if !found {
				t.Errorf("the sound event is not there, or not sound: %+v", objects)
			}
			if d := cmp.Diff(c.faults, faults); d != "" {
				t.Error(d)
			}
		})
	}
}

// What is lost of a recurrence leaves the event's later time unknown, however its line was broken; what cannot take time is
// nothing that is missed.
func TestLostLines(t *testing.T) {
	const all, none = "03-16 10:00–11:00,03-16 11:00–03-20 00:00 unknown", "03-16 10:00–11:00"
	for _, c := range []struct{ name, line, want string }{
		{"a rule without a colon", "RRULE FREQ=DAILY;COUNT=5", all},
		{"a rule without a colon, before another", "RRULE FREQ=DAILY;X=1:2", all},
		{"a rule in open quotes", `RRULE;X="a:FREQ=DAILY;COUNT=5`, all},
		{"a rule with a head of 2 KiB", "RRULE;X=" + strings.Repeat("x", 2<<10) + ":FREQ=DAILY;COUNT=5", all},
		{"a date without a colon", "rdate;VALUE=DATE-TIME", all},
		{"an exception without a colon", "EXDATE;TZID=Europe/Berlin", none},
		{"a status without a colon", "STATUS", none},
		{"a title that begins like one", "RRULES ARE FINE", none},
		{"an answer of the owner", "ATTENDEE;PARTSTAT=DECLINED", none},
	} {
		o := ics.DecodeObject([]byte(head+vevent("x", "DTSTART:20260316T100000Z", "DURATION:PT1H", c.line)+foot), ics.Limits{}, nil)
		got, err := ics.Expand(o, ics.Options{Window: between("2026-03-16T00:00", "2026-03-20T00:00"), Owner: time.UTC})
		if err != nil || o.Fault != "" {
			t.Fatalf("%s: %q, %v", c.name, o.Fault, err)
		}
		if d := cmp.Diff(c.want, strings.Join(spell(calendar.Union(got.Busy)), ",")); d != "" {
			t.Errorf("%s:\n%s", c.name, d)
		}
	}
	for _, line := range []string{
		"FREEBUSY;FBTYPE=BUSY",
		"FREEBUSY;X=a:" + strings.Repeat("20260316T090000Z/PT1H,", 60_000) + "20260317T090000Z/PT1H", // cut at a comma
	} {
		if o := ics.DecodeObject([]byte(head+"BEGIN:VFREEBUSY\r\nUID:x\r\n"+line+"\r\nEND:VFREEBUSY\r\n"+foot), ics.Limits{}, nil); o.Fault == "" {
			t.Errorf("no fault: %.40s", line)
		}
	}
	half := strings.Replace(definition("Office"), "TZOFFSETTO:-0500\r\nRRULE:", "TZOFFSETTO:-0500\r\nRRULE ", 1)
	if o := ics.DecodeObject([]byte(head+half+vevent("x", "DTSTART;TZID=Office:20260316T100000")+foot), ics.Limits{}, nil); len(o.Zones) > 0 {
		t.Error("a zone without one of its rules is believed")
	}
}

// Of an event that can be read in part, the time that it may take is unknown, not free.
func TestUnclearEvents(t *testing.T) {
	const day = "03-16 10:00–03-17 10:00 unknown"
	for _, c := range []struct{ name, lines, want string }{
		{"no end", "DTEND;TZID=Europe/Berlin", day},
		{"an end of nobody", "DTEND:later", day},
		{"an end of nobody for an event that is free", "DTEND:later\r\nTRANSP:TRANSPARENT", ""},
		{"a duration of nobody", "DURATION:an hour", day},
		{"a negative duration", "DURATION:-PT1H", day},
		{"an end and a duration of nobody", "DTEND:20260318T100000Z\r\nDURATION:long", "03-16 10:00–03-18 10:00 unknown"},
		{"an end before the start", "DTEND:20260316T080000Z", "03-16 08:00–10:00 unknown"},
		{"an end before the start, in another zone", "DTEND;TZID=Asia/Tokyo:20260316T100000", "03-16 01:00–10:00 unknown"},
		{"the same, each day", "DTEND;TZID=Asia/Tokyo:20260316T100000\r\nRRULE:FREQ=DAILY", "03-16 01:00–03-21 00:00 unknown"},
		{"a period that ends before it starts, in another zone", "DURATION:PT1H\r\nRDATE;TZID=Asia/Tokyo:20260319T100000/20260319T090000", "03-16 10:00–11:00,03-19 00:00–01:00 unknown"},
		{"an instance of nobody knows which", "DTEND:20260316T110000Z\r\nRECURRENCE-ID:first", "03-16 10:00–11:00 unknown"},
		{"each other day, without an end", "DTEND:\r\nRRULE:FREQ=DAILY;INTERVAL=2", "03-16 10:00–03-17 10:00 unknown,03-18 10:00–03-19 10:00 unknown,03-20 10:00–03-21 00:00 unknown"},
	} {
		o := ics.DecodeObject([]byte(head+vevent("x", "DTSTART:20260316T100000Z", c.lines)+foot), ics.Limits{}, nil)
		got, err := ics.Busy(t.Context(), []calendar.Object{o}, ics.Options{Window: between("2026-03-15T00:00", "2026-03-21T00:00"), Owner: time.UTC})
		if err != nil || o.Fault == "" && got.Unsupported == 0 {
			t.Errorf("%s: fault %q, %d unsupported, %v", c.name, o.Fault, got.Unsupported, err)
		}
		if d := cmp.Diff(c.want, strings.Join(spell(got.Busy), ",")); d != "" {
			t.Errorf("%s:\n%s", c.name, d)
		}
	}
}

// What was known of an object before it could not be read any more is unknown, and what can be read of it is taken.
func TestTimesFromBefore(t *testing.T) {
	before := ics.DecodeObject([]byte(head+vevent("x", "DTSTART;TZID=Office:20260316T100000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2")+definition("Office")+foot), ics.Limits{}, nil)
	now := ics.DecodeObject([]byte(head+vevent("x", "DTSTART:20260318T100000Z", "DURATION:PT1H")+vevent("x", "DTEND:20260319T100000Z")+foot), ics.Limits{}, nil)
	now.Last = &before
	got, err := ics.Busy(t.Context(), []calendar.Object{now}, ics.Options{Window: between("2026-03-15T00:00", "2026-03-21T00:00"), Owner: time.UTC})
	if err != nil || got.Faulty != 1 || got.Guessed > 0 {
		t.Errorf("%+v, %v", got, err)
	}
	if d := cmp.Diff("03-16 14:00–15:00 unknown,03-17 14:00–15:00 unknown,03-18 10:00–11:00", strings.Join(spell(got.Busy), ",")); d != "" {
		t.Error(d)
	}
}

func ptr[T any](v T) *T { return &v }

func TestDecodeRefuses(t *testing.T) {
	nested := strings.Repeat("BEGIN:A\r\n", 4_000_000)
	for _, c := range []struct {
		name   string
		stream io.Reader
		limits ics.Limits
		want   error
	}{
		{"a page of HTML", strings.NewReader("<!DOCTYPE html>\n<html><body>Please: sign in</body></html>\n"), ics.Limits{}, ics.ErrNotCalendar},
		{"nothing", strings.NewReader(""), ics.Limits{}, ics.ErrNotCalendar},
		{"an event without a calendar", strings.NewReader(sound), ics.Limits{}, ics.ErrNotCalendar},
		{"one byte too many", strings.NewReader(strings.Repeat("x", 10<<20+1)), ics.Limits{}, calendar.ErrTooLarge},
		{"endless", endless{}, ics.Limits{}, calendar.ErrTooLarge},
		{"36 MB of nested components", strings.NewReader(nested), ics.Limits{}, calendar.ErrTooLarge},
		{"36 MB of nested components, let in", strings.NewReader(head + nested), ics.Limits{Bytes: 64 << 20}, ics.ErrTooDeep},
		{"36 MB of nested calendars, let in", strings.NewReader(strings.Repeat("BEGIN:VCALENDAR\n", 2_300_000) + nested), ics.Limits{Bytes: 80 << 20}, ics.ErrTooDeep},
		{"a stream that breaks off with an error", io.MultiReader(strings.NewReader(head), broken{}), ics.Limits{}, calendar.ErrTransient},
	} {
		t.Run(c.name, func(t *testing.T) {
			objects, _, err := ics.Decode(c.stream, c.limits, nil)
			if !errors.Is(err, c.want) || objects != nil {
				t.Errorf("got %d objects and the error %v, want none and %v", len(objects), err, c.want)
			}
		})
	}
	for _, err := range []error{ics.ErrNotCalendar, ics.ErrTooDeep} {
		if !errors.Is(err, calendar.ErrProtocol) {
			t.Errorf("%v is no calendar.ErrProtocol", err)
		}
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("reset by peer") }

func TestDecodeLimits(t *testing.T) {
	dates := func(name string, n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "%s:%s\r\n", name, utc("2026-03-16T10:00").AddDate(0, 0, i+1).Format(stamp+"Z"))
		}
		return strings.TrimSuffix(b.String(), "\r\n")
	}
	var overrides strings.Builder
	for i := range 1500 {
		day := utc("2026-03-16T10:00").AddDate(0, 0, i).Format(stamp + "Z")
		overrides.WriteString(vevent("many", "RECURRENCE-ID:"+day, "DTSTART:"+day, "DURATION:PT1H"))
	}
	events := func(n int) string {
		var b strings.Builder
		b.WriteString(head)
		for i := range n {
			b.WriteString(vevent(fmt.Sprint(i), "DTSTART:20260316T100000Z"))
		}
		return b.String() + foot
	}
	for _, c := range []struct {
		name, stream string
		limits       ics.Limits
		check        func(objects []calendar.Object, r ics.Report) bool
	}{
		{"events", events(12), ics.Limits{Events: 10}, func(o []calendar.Object, r ics.Report) bool { return len(o) == 10 && r.Events == 10 && r.Cut }},
		{"60,000 events", events(60_000), ics.Limits{}, func(o []calendar.Object, r ics.Report) bool { return len(o) == 50_000 && r.Cut }},
		{"10,000 EXDATE", head + vevent("many", "DTSTART:20260316T100000Z", dates("EXDATE", 10_000)) + foot, ics.Limits{}, func(o []calendar.Object, r ics.Report) bool {
			return len(o[0].Events[0].ExDates) == 1000 && r.Cut && o[0].Events[0].Unsupported == ""
		}},
		{"10,000 RDATE", head + vevent("many", "DTSTART:20260316T100000Z", dates("RDATE", 10_000)) + foot, ics.Limits{}, func(o []calendar.Object, r ics.Report) bool {
			return len(o[0].Events[0].RDates) == 1000 && r.Cut && o[0].Events[0].Unsupported != ""
		}},
		{"1,500 overrides", head + overrides.String() + foot, ics.Limits{}, func(o []calendar.Object, r ics.Report) bool {
			return len(o[0].Events) == 1000 && r.Cut && o[0].Fault != ""
		}},
		{"30 rules of one UID", head + strings.Repeat(vevent("many", "DTSTART:20260316T100000Z", "RRULE:FREQ=DAILY"), 30) + foot, ics.Limits{}, func(o []calendar.Object, r ics.Report) bool {
			return len(o[0].Events) == 30 && len(o[0].Events[19].Rules) == 1 && len(o[0].Events[20].Rules) == 0 && o[0].Events[20].Unsupported != ""
		}},
		{"1,000 zones", head + strings.Repeat("BEGIN:VTIMEZONE\r\nTZID:X\r\nX-LIC-LOCATION:Europe/Berlin\r\nEND:VTIMEZONE\r\n", 1000) + sound + foot, ics.Limits{}, func(o []calendar.Object, r ics.Report) bool {
			return len(o) == 1 && r.Rejected == 0
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			objects, report, err := ics.Decode(strings.NewReader(c.stream), c.limits, nil)
			if err != nil || len(objects) == 0 || !c.check(objects, report) {
				t.Errorf("%d objects, %+v, %v", len(objects), report, err)
			}
		})
	}
}

// Of a foreign event nothing is kept but what time needs.
func TestDecodeKeepsNoText(t *testing.T) {
	const secret = "Canary"
	var b strings.Builder
	b.WriteString(head + "X-WR-CALNAME:" + secret + "\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260316T100000Z\r\nDTEND:20260316T110000Z\r\n")
	for _, line := range []string{"SUMMARY:", "DESCRIPTION:", "LOCATION:", "COMMENT:", "CATEGORIES:", "CONTACT:", "URL:https://", "X-ANY:", "STATUS:", "TRANSP:", "CLASS:",
		"ORGANIZER;CN=Canary:mailto:", "ATTENDEE;CN=Canary;PARTSTAT=Canary:mailto:bob@", "ATTENDEE;CN=Canary;PARTSTAT=ACCEPTED:mailto:ada@example.org?x=",
		"RRULE:FREQ=SECONDLY;X-NAME=", "RRULE:", "EXDATE:", "X-MICROSOFT-CDO-BUSYSTATUS:", "SEQUENCE:"} {
		b.WriteString(line + secret + "\r\n")
	}
	b.WriteString("END:VEVENT\r\nBEGIN:VTIMEZONE\r\nTZID:Z\r\nTZNAME:" + secret + "\r\nEND:VTIMEZONE\r\n" + foot)
	objects, report, err := ics.Decode(strings.NewReader(b.String()), ics.Limits{}, []string{"ada@example.org"})
	if err != nil || report.Events != 1 {
		t.Fatalf("%+v, %v", report, err)
	}
	o := ics.DecodeObject([]byte(b.String()), ics.Limits{}, []string{"ada@example.org"})
	kept, err := json.Marshal([]any{objects, o, report})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(strings.ToUpper(string(kept)), strings.ToUpper(secret)) {
		t.Errorf("text of the event is kept: %s", kept)
	}
}

// Two readings of a feed are compared by Href and ETag: these change when the time does, and only then.
func TestDecodeNamesObjects(t *testing.T) {
	stream := func(lines ...string) []calendar.Object {
		t.Helper()
		objects, _, err := ics.Decode(strings.NewReader(head+strings.Join(lines, "")+foot), ics.Limits{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return objects
	}
	a := stream(vevent("a", "SUMMARY:One", "DTSTART:20260316T100000Z"), vevent("", "DTSTART:20260317T100000Z"), vevent("", "DTSTART:20260318T100000Z"), vevent("", "DTSTART:20260318T100000Z"))
	b := stream(vevent("", "DTSTART:20260318T100000Z"), vevent("", "DTSTART:20260317T100000Z"), vevent("a", "DTSTART:20260316T100000Z", "SUMMARY:Two"))
	if len(a) != 3 || len(b) != 3 {
		t.Fatalf("%d and %d objects, want 3 and 3", len(a), len(b))
	}
	tags := func(objects []calendar.Object) calendar.Known {
		k := calendar.Known{}
		for _, o := range objects {
			k[o.Href] = o.ETag
		}
		return k
	}
	if d := cmp.Diff(tags(a), tags(b)); d != "" {
		t.Errorf("another order and another title changed the names:\n%s", d)
	}
	c := stream(vevent("a", "DTSTART:20260316T110000Z"))
	if c[0].Href != "a" || c[0].ETag == a[0].ETag {
		t.Errorf("another time left the tag %s", a[0].ETag)
	}
}

func TestDecodeObject(t *testing.T) {
	for _, c := range []struct {
		name, data string
		events     int
		uid, fault string
	}{
		{"an event", head + sound + foot, 1, "sound", ""},
		{"a task", head + "BEGIN:VTODO\r\nUID:1\r\nEND:VTODO\r\n" + foot, 0, "", ""},
		{"garbage", "garbage", 0, "", ics.ErrNotCalendar.Error()},
		{"a line that panics go-ical", head + vevent("x", `X-A;B="c"d:e`, `DTSTART;B="c"d:20260316T100000Z`) + foot, 0, "x", "an event without a readable DTSTART"},
		{"half an object", head + vevent("x", "DTSTART:20260316T100000Z"), 1, "x", "an object that breaks off or holds more than is read"},
		{"two UIDs", head + vevent("x", "DTSTART:20260316T100000Z") + sound + foot, 2, "x", "events of more than one UID in one object"},
		{"more than 8 MiB", head + strings.Repeat("X:"+strings.Repeat("x", 1000)+"\r\n", 9000) + foot, 0, "", "calendar: the answer is too large: a calendar of more than 8388608 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := ics.DecodeObject([]byte(c.data), ics.Limits{}, nil)
			if len(o.Events) != c.events || o.UID != c.uid || o.Fault != c.fault || o.Href != "" || o.ETag != "" {
				t.Errorf("got %d events of %q with the fault %q, want %d of %q with %q", len(o.Events), o.UID, o.Fault, c.events, c.uid, c.fault)
			}
		})
	}
}

// Calendars that are published as free/busy time only are as busy as they say.
func TestDecodeFreeBusy(t *testing.T) {
	const stream = head + "BEGIN:VFREEBUSY\r\nUID:fb\r\nORGANIZER:mailto:ada@example.org\r\nDTSTART:20260316T000000Z\r\nDTEND:20260330T000000Z\r\n" +
		"FREEBUSY:20260316T090000Z/20260316T100000Z,20260316T100000Z/PT30M\r\nFREEBUSY;FBTYPE=BUSY-TENTATIVE:20260317T090000Z/PT1H\r\n" +
		"FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260318T000000Z/P1D\r\nFREEBUSY;FBTYPE=FREE:20260319T090000Z/PT1H\r\n%sEND:VFREEBUSY\r\n" + foot
	want := []string{"03-16 09:00–10:30", "03-17 09:00–10:00 tentative", "03-18 00:00–03-19 00:00"}
	for _, c := range []struct {
		name, line string
		faulty     int
	}{
		{"as it should be", "", 0},
		{"with a period that cannot be read", "FREEBUSY:20260320T090000Z/later\r\n", 1},
		{"with a period that ends before it starts", "FREEBUSY:20260320T090000Z/20260319T090000Z\r\n", 1},
		{"with a period without an end", "FREEBUSY:20260320T090000Z\r\n", 1},
	} {
		objects, report, err := ics.Decode(strings.NewReader(fmt.Sprintf(stream, c.line)), ics.Limits{Dates: 1}, nil)
		if err != nil || len(objects) != 1 || report != (ics.Report{Events: 4, Rejected: c.faulty}) {
			t.Fatalf("%s: %d objects, %+v, %v", c.name, len(objects), report, err)
		}
		got, err := ics.Busy(t.Context(), objects, ics.Options{Window: between("2026-03-16T00:00", "2026-03-30T00:00"), Owner: time.UTC})
		if err != nil || got.Faulty != c.faulty {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
		if d := cmp.Diff(want, spell(got.Busy)); d != "" {
			t.Errorf("%s:\n%s", c.name, d)
		}
	}
}

func TestAddRecurrence(t *testing.T) {
	e := calendar.Event{Start: at(utc("2026-03-16T10:00")), Duration: &calendar.Duration{Exact: time.Hour}}
	ics.AddRecurrence(&e, []string{"RRULE:FREQ=DAILY;COUNT=4", "EXDATE;TZID=Europe/Berlin:20260317T110000,20260318T110000", "RDATE;VALUE=PERIOD:20260320T100000Z/PT2H", "DTSTART:20300101T000000Z"})
	opt := ics.Options{Window: between("2026-03-16T00:00", "2026-03-30T00:00"), Owner: time.UTC}
	got, err := ics.Expand(calendar.Object{Events: []calendar.Event{e}}, opt)
	if err != nil || got.Unsupported > 0 {
		t.Fatalf("%+v, %v", got, err)
	}
	if d := cmp.Diff([]string{"03-16 10:00–11:00", "03-19 10:00–11:00", "03-20 10:00–12:00"}, spell(got.Busy)); d != "" {
		t.Error(d)
	}
	for _, line := range []string{"RRULE:FREQ=SECONDLY", "no colon", `RRULE;X="a"b:FREQ=DAILY`, "RDATE:soon"} {
		e := e
		e.Rules = nil
		if ics.AddRecurrence(&e, []string{line}); e.Unsupported == "" {
			t.Errorf("%q is supported", line)
		}
	}
}

// An object that was stored as JSON means the same when it is read again.
func TestObjectsSurviveJSON(t *testing.T) {
	for _, folder := range []struct {
		name string
		n    int
	}{{"probe", 14}, {"programs", 10}} {
		for _, path := range files(t, folder.name, folder.n) {
			objects, _, err := ics.Decode(bytes.NewReader(read(t, path)), ics.Limits{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			data, err := json.Marshal(objects)
			if err != nil {
				t.Fatal(err)
			}
			var again []calendar.Object
			if err := json.Unmarshal(data, &again); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(objects, again); d != "" {
				t.Errorf("%s:\n%s", path, d)
			}
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	var s strings.Builder
	s.WriteString(head)
	for i := range 2000 {
		s.WriteString(vevent(fmt.Sprint(i), "SUMMARY:Something", "DTSTART;TZID=Europe/Berlin:20260316T100000", "DTEND;TZID=Europe/Berlin:20260316T110000", "RRULE:FREQ=WEEKLY;BYDAY=MO,WE"))
	}
	s.WriteString(foot)
	data := s.String()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		objects, _, err := ics.Decode(strings.NewReader(data), ics.Limits{}, nil)
		if err != nil || len(objects) != 2000 {
			b.Fatal(err)
		}
		if _, err := ics.Busy(b.Context(), objects, ics.Options{Window: between("2026-03-16T00:00", "2027-04-16T00:00"), Owner: time.UTC}); err != nil {
			b.Fatal(err)
		}
	}
}
