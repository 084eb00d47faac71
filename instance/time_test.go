package instance_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kreds/calendar"
	"kreds/instance"
	"kreds/scheduling"
	"kreds/supervision"
)

// of is the mentor's part of a problem of one mentor, after a change of the facts.
func of(t *testing.T, change func(*instance.Facts, *instance.Mentor)) scheduling.Mentor {
	t.Helper()
	f := facts(1, 1)
	change(&f, &f.Mentors[0])
	return build(t, f).Problem.Mentors[0]
}

// during are the spans that begin on a day of Copenhagen.
func during[S any](list []S, day string, from func(S) scheduling.Span) (out []scheduling.Span) {
	for _, x := range list {
		if s := from(x); slotAt(day+" 00:00") <= s.From && s.From < slotAt(day+" 23:45") {
			out = append(out, s)
		}
	}
	return out
}

func itself(s scheduling.Span) scheduling.Span { return s }

func TestWorkingTime(t *testing.T) {
	for _, c := range []struct {
		name     string
		hours    string
		extended bool
		day      string
		want     []scheduling.Span
	}{
		{"office hours by default", "", false, "03-01", []scheduling.Span{span("03-01 08:00", "03-01 17:00")}},
		{"no Saturday", "", true, "02-27", nil},
		{"the same on the clock after the change", "", false, "03-29", []scheduling.Span{span("03-29 08:00", "03-29 17:00")}},
		{"extended", "", true, "03-01", []scheduling.Span{span("03-01 07:00", "03-01 20:00")}},
		{"extended, for an early bird", "Mon 05:00-13:00", true, "03-01", []scheduling.Span{span("03-01 05:00", "03-01 20:00")}},
		{"extended on working days alone", "Mon 05:00-13:00", true, "03-02", nil},
		{"rounded inwards", "Mon 08:05-11:55; Mon 12:10-12:20", false, "03-01", []scheduling.Span{span("03-01 08:15", "03-01 11:45")}},
		{"two stretches that touch are one", "Mon 08:00-12:00; Mon 12:00-14:00", false, "03-01", []scheduling.Span{span("03-01 08:00", "03-01 14:00")}},
		{"the hour that is skipped", "Sun 01:00-04:00", false, "03-28", []scheduling.Span{span("03-28 01:00", "03-28 04:00")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := of(t, func(_ *instance.Facts, m *instance.Mentor) {
				if m.Extended = c.extended; c.hours != "" {
					hours, err := supervision.ParseWorkHours(c.hours)
					if err != nil {
						t.Fatal(err)
					}
					m.WorkHours = hours
				}
			})
			if diff := cmp.Diff(c.want, during(m.Work, c.day, itself)); diff != "" {
				t.Error(diff)
			}
		})
	}
	if skipped := span("03-28 01:00", "03-28 04:00"); skipped.To-skipped.From != 8 {
		t.Errorf("from 1 to 4 on that night are %d slots, want 8", skipped.To-skipped.From)
	}
}

func TestOffsetsFollowThePersonsClock(t *testing.T) {
	for name, want := range map[string][]scheduling.Offset{
		"Europe/Copenhagen": {{At: -672, Offset: 4}, {At: slotAt("03-28 03:00"), Offset: 8}},
		"Asia/Kathmandu":    {{At: -672, Offset: 23}},
		"America/New_York":  {{At: -672, Offset: -20}, {At: slotAt("03-14 08:00"), Offset: -16}},
		"UTC":               {{At: -672, Offset: 0}},
	} {
		m := of(t, func(_ *instance.Facts, m *instance.Mentor) { m.TimeZone = name })
		if diff := cmp.Diff(want, m.Off); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestBusyTimeIsRoundedOutwards(t *testing.T) {
	m := of(t, func(f *instance.Facts, m *instance.Mentor) {
		window := m.Busy[0].Interval
		m.Busy = []calendar.Span{
			{Interval: calendar.Interval{Start: window.Start.Add(-99 * time.Hour), End: window.Start.Add(time.Minute)}, State: calendar.StateBusy},
			{Interval: calendar.Interval{Start: window.Start.Add(time.Minute), End: local("03-01 09:10")}, State: calendar.StateFree},
			{Interval: between("03-01 09:10", "03-01 09:20"), State: calendar.StateTentative},
			{Interval: between("03-01 09:20", "03-01 09:50"), State: calendar.StateStale},
			{Interval: between("03-01 09:50", "03-01 10:01"), State: calendar.StateBusy},
			{Interval: between("03-01 10:01", "03-01 11:00"), State: calendar.StateUnknown},
			{Interval: between("03-01 11:00", "03-01 12:00"), State: calendar.StateFree},
			// of 12 to 13 nobody speaks
			{Interval: calendar.Interval{Start: local("03-01 13:00"), End: window.End.Add(time.Hour)}, State: calendar.StateFree},
		}
	})
	want := []scheduling.BusySpan{
		{Span: scheduling.Span{From: 0, To: 1}, Kind: scheduling.Busy},
		{Span: span("03-01 09:00", "03-01 09:30"), Kind: scheduling.Tentative},
		{Span: span("03-01 09:30", "03-01 09:45"), Kind: scheduling.Stale},
		{Span: span("03-01 09:45", "03-01 10:15"), Kind: scheduling.Busy},
		{Span: span("03-01 10:15", "03-01 11:00"), Kind: scheduling.Unknown},
		{Span: span("03-01 12:00", "03-01 13:00"), Kind: scheduling.Unknown},
	}
	if diff := cmp.Diff(want, m.Busy); diff != "" {
		t.Error(diff)
	}
	m = of(t, func(_ *instance.Facts, m *instance.Mentor) { m.Busy = nil })
	if want := []scheduling.BusySpan{{Span: scheduling.Span{From: 0, To: 23 * 672}, Kind: scheduling.Unknown}}; !slices.Equal(m.Busy, want) {
		t.Errorf("somebody whose calendars say nothing: %v", m.Busy)
	}
}

func TestPreferredTimesAreRoundedInwards(t *testing.T) {
	m := of(t, func(_ *instance.Facts, m *instance.Mentor) {
		m.Prefer = []calendar.Interval{between("03-02 09:00", "03-02 09:10"), between("03-01 13:05", "03-01 14:10"), between("03-01 14:00", "03-01 15:00")}
	})
	if diff := cmp.Diff([]scheduling.Span{span("03-01 13:15", "03-01 15:00")}, m.Prefer); diff != "" {
		t.Error(diff)
	}
}

func TestBlockedTime(t *testing.T) {
	f := facts(1, 1)
	f.Mentors[0].TimeZone = "Atlantic/Reykjavik" // an hour behind Copenhagen, two in summer
	f.Holidays = map[supervision.OrganisationID][]supervision.Holiday{
		{15: 1}: {{On: date("03-26")}, {On: date("03-25")}, {On: date("05-06")}, {On: supervision.MustDate("2028-01-01")}},
		{15: 2}: {{On: date("04-01")}},
	}
	f.Cycle.Settings.Blackouts = []supervision.Blackout{{FromOn: date("03-26"), ToOn: date("03-28")}}
	f.Supervisors[0].Assignment.Valid = days("02-10", "06-20")
	f.Now = local("02-01 09:07")
	p := build(t, f).Problem
	want := []scheduling.BlockedSpan{
		{Span: scheduling.Span{From: 0, To: slotAt("02-01 09:15")}, Reason: "past"},
		{Span: span("03-25 01:00", "03-27 01:00"), Reason: "holiday"},
		{Span: span("03-26 00:00", "03-29 00:00"), Reason: "blackout"},
		{Span: span("05-06 02:00", "05-07 02:00"), Reason: "holiday"},
	}
	if diff := cmp.Diff(want, p.Mentors[0].Blocked); diff != "" {
		t.Error(diff)
	}
	want = []scheduling.BlockedSpan{
		{Span: scheduling.Span{From: 0, To: slotAt("02-01 09:15")}, Reason: "past"},
		{Span: scheduling.Span{From: 0, To: slotAt("02-10 00:00")}, Reason: "assignment"},
		{Span: span("03-25 00:00", "03-27 00:00"), Reason: "holiday"},
		{Span: span("03-26 00:00", "03-29 00:00"), Reason: "blackout"},
		{Span: span("05-06 00:00", "05-07 00:00"), Reason: "holiday"},
		{Span: scheduling.Span{From: slotAt("06-21 00:00"), To: p.Weeks * 672}, Reason: "assignment"},
	}
	if diff := cmp.Diff(want, p.Supervisors[0].Blocked); diff != "" {
		t.Error(diff)
	}
}

func TestFirstAndLastSession(t *testing.T) {
	pair := func(kind supervision.PairKind, state supervision.PairState, from, to string, mentor int, mentees ...int) supervision.Pair {
		p := supervision.Pair{Kind: kind, State: state, Span: days(from, to), Mentors: []supervision.PersonID{person(mentor)}}
		for _, m := range mentees {
			p.Mentees = append(p.Mentees, person(m))
		}
		return p
	}
	one, active := supervision.OneToOne, supervision.PairActive
	for _, c := range []struct {
		name  string
		pairs []supervision.Pair
		met   []supervision.Date
		want  string
	}{
		{"no pair", nil, []supervision.Date{date("02-03")}, ""},
		{"fourteen days after its start", []supervision.Pair{pair(one, active, "02-01", "", 1, 50)}, nil, "02-15 00:00"},
		{"after the first meeting", []supervision.Pair{pair(one, active, "02-01", "", 1, 50)}, []supervision.Date{date("02-20"), date("02-09")}, "02-10 00:00"},
		{"a late first meeting bars nobody", []supervision.Pair{pair(one, active, "02-01", "", 1, 50)}, []supervision.Date{date("03-20")}, "02-15 00:00"},
		{"the first of two pairs", []supervision.Pair{pair(one, active, "03-01", "", 1, 50), pair(one, supervision.PairPlanned, "02-10", "", 1, 51)}, nil, "02-24 00:00"},
		{"a pair without a first day", []supervision.Pair{pair(one, active, "03-01", "", 1, 50), pair(one, active, "", "", 1, 51)}, nil, ""},
		{"somebody else's pair", []supervision.Pair{pair(one, active, "02-01", "", 2, 1)}, nil, ""},
		{"a peer pair, from the other side", []supervision.Pair{pair(supervision.Peer, active, "02-01", "", 2, 1)}, nil, "02-15 00:00"},
		{"a pair that has ended", []supervision.Pair{pair(one, supervision.PairEnded, "02-01", "", 1, 50)}, nil, ""},
		{"a pair of another year", []supervision.Pair{pair(one, active, "", "01-31", 1, 50), pair(one, active, "07-01", "", 1, 51)}, nil, ""},
	} {
		m := of(t, func(f *instance.Facts, m *instance.Mentor) { f.Pairs, m.MetOn = c.pairs, c.met })
		if c.want == "" != (m.Earliest == nil) || m.Earliest != nil && *m.Earliest != slotAt(c.want) {
			t.Errorf("%s: earliest %v, want %q", c.name, m.Earliest, c.want)
		}
		if m.Latest == nil || *m.Latest != slotAt("07-31 00:00") {
			t.Errorf("%s: latest %v, want the end of 30 July", c.name, m.Latest)
		}
	}
	m := of(t, func(f *instance.Facts, m *instance.Mentor) {
		f.Programme.Span.To = supervision.Date{}
		m.MetOn = []supervision.Date{date("03-02"), date("02-02"), date("03-02")}
	})
	if m.Latest != nil || !slices.Equal(m.Meetings, []int{slotAt("02-02 12:00"), slotAt("03-02 12:00")}) {
		t.Errorf("a programme without end: latest %v, meetings %v", m.Latest, m.Meetings)
	}
}

func TestPreparation(t *testing.T) {
	for _, c := range []struct {
		at, on string
		want   string
	}{{"", "", ""}, {"", "02-03", "02-04 00:00"}, {"02-03 10:50", "", "02-03 11:00"}, {"02-03 11:00", "02-02", "02-03 00:00"}, {"02-03 11:00", "02-03", "02-03 11:00"}} {
		m := of(t, func(_ *instance.Facts, m *instance.Mentor) {
			if m.PreparedOn = (supervision.Date{}); c.on != "" {
				m.PreparedOn = date(c.on)
			}
			if c.at != "" {
				m.PreparedAt = local(c.at)
			}
		})
		if c.want == "" != (m.PreparedAt == nil) || m.PreparedAt != nil && *m.PreparedAt != slotAt(c.want) {
			t.Errorf("%+v: %v", c, m.PreparedAt)
		}
	}
}

func TestComentors(t *testing.T) {
	f := facts(3, 1)
	f.Pairs = []supervision.Pair{{Kind: supervision.PairGroup, State: supervision.PairActive,
		Mentors: []supervision.PersonID{person(3), person(1), person(99)}, Mentees: []supervision.PersonID{person(50)}}}
	p := build(t, f).Problem
	if !slices.Equal(p.Mentors[0].Co, []string{"m2"}) || p.Mentors[1].Co != nil || !slices.Equal(p.Mentors[2].Co, []string{"m0"}) {
		t.Errorf("%v %v %v", p.Mentors[0].Co, p.Mentors[1].Co, p.Mentors[2].Co)
	}
}

// Whatever zone, hours and calendar: a slot is working time exactly when the clock on the person's wall is inside the hours for all of
// it, it is taken exactly when the calendar says so of any part of it, and local days are those of the wall.
func TestTimeAgreesWithTheClockOnTheWall(t *testing.T) {
	zones := []string{"Europe/Copenhagen", "America/New_York", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Cairo", "Pacific/Apia", "UTC"}
	rapid.Check(t, func(t *rapid.T) {
		minute := func(least, most int, of string) int { return rapid.IntRange(least, most).Draw(t, of) }
		f := facts(1, 1)
		m := &f.Mentors[0]
		m.TimeZone = rapid.SampledFrom(zones).Draw(t, "zone")
		m.WorkHours = nil
		for d := range 7 {
			if from := minute(5*60, 20*60, "from"); rapid.Bool().Draw(t, "works") {
				m.WorkHours = append(m.WorkHours, supervision.WorkSpan{Weekday: time.Weekday(d), From: from, To: minute(from+1, 24*60, "to")})
			}
		}
		if m.WorkHours == nil {
			m.WorkHours = supervision.OfficeHours()
		}
		window := m.Busy[0].Interval
		var readings []calendar.Reading
		for range minute(0, 2, "sources") {
			r := calendar.Reading{AsOf: f.Now, Covers: window}
			for range minute(0, 3, "events") {
				at := window.Start.Add(time.Duration(minute(0, 60*24*160, "at")) * time.Minute)
				r.Busy = append(r.Busy, calendar.Busy{Interval: calendar.Interval{Start: at, End: at.Add(time.Duration(minute(1, 600, "length")) * time.Minute)}, Kind: calendar.BusyTime})
			}
			readings = append(readings, r)
		}
		m.Busy = calendar.Merge(f.Now, window, readings)
		b, err := instance.Build(f)
		if err != nil {
			t.Fatal(err)
		}
		got := b.Problem.Mentors[0]
		loc := zone(m.TimeZone)
		start := minute(0, b.Problem.Weeks*672-800, "slot")
		for n := start; n < start+800; n++ {
			at := monday0.Add(time.Duration(n) * 15 * time.Minute)
			work, taken := true, false
			for k := range 15 {
				wall := at.Add(time.Duration(k) * time.Minute).In(loc)
				now := wall.Hour()*60 + wall.Minute()
				work = work && slices.ContainsFunc(m.WorkHours, func(s supervision.WorkSpan) bool { return s.Weekday == wall.Weekday() && s.From <= now && now < s.To })
				taken = taken || slices.ContainsFunc(m.Busy, func(s calendar.Span) bool {
					return s.State != calendar.StateFree && s.Overlaps(calendar.Interval{Start: wall, End: wall.Add(time.Minute)})
				})
			}
			one := scheduling.Span{From: n, To: n + 1}
			if has := slices.ContainsFunc(got.Work, one.Overlaps); has != work {
				t.Fatalf("%s: slot %d, %s: working %v, want %v", m.TimeZone, n, at.In(loc), has, work)
			}
			if has := slices.ContainsFunc(got.Busy, func(s scheduling.BusySpan) bool { return s.Overlaps(one) }); has != taken {
				t.Fatalf("slot %d: taken %v, want %v", n, has, taken)
			}
			day := int(supervision.DateOf(monday0).DaysUntil(supervision.DateOf(at.In(loc))))
			if got.LocalDay(n) != day {
				t.Fatalf("%s: slot %d, %s: local day %d, want %d", m.TimeZone, n, at.In(loc), got.LocalDay(n), day)
			}
		}
	})
}
