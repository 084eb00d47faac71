package instance_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kreds/calendar"
	"kreds/instance"
	"kreds/scheduling"
	"kreds/scheduling/check"
	"kreds/supervision"
)

func caseOf(t *testing.T, f instance.Facts, sessions ...supervision.Session) instance.Case {
	t.Helper()
	c, err := instance.For(f, sessions...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// broken are the rules that the sessions at hand break, each once.
func broken(c instance.Case) []string {
	var rules []string
	for _, v := range append(check.Judge{At: c.At}.Check(c.Problem, &c.Plan).Violations, c.OffGrid...) {
		rules = append(rules, v.Rule)
	}
	slices.Sort(rules)
	return slices.Compact(rules)
}

// A booking on 22 February, in the first round of the pilot, judged with all that stands around it.
func TestJudgingOneSession(t *testing.T) {
	booking := stands(0, sessionAt(1, "02-22 09:00", 101, 1), "individual", supervision.OnHold, false)
	group := stands(9, sessionAt(2, "03-16 09:00", 101, 1, 2, 3), "group", supervision.OnHold, true)
	group.Group = supervision.GroupID{1}
	introduction := func(start string, state supervision.SessionState) supervision.Session {
		return stands(20, sessionAt(0, start, 101, 1, 2, 3), "introduction", state, true)
	}
	for _, c := range []struct {
		name   string
		at     supervision.Session
		change func(*instance.Facts, *supervision.Session)
		want   []string
	}{
		{"lawful", booking, nil, nil},
		{"a group", group, nil, nil},
		{"a group that is none", group, func(_ *instance.Facts, s *supervision.Session) { s.Group = supervision.GroupID{} }, []string{"H20"}},
		{"too small a group, and too long for it", group, func(_ *instance.Facts, s *supervision.Session) { s.Mentors = s.Mentors[:2] }, []string{"H01", "H25"}},
		{"outside of the window", booking, func(_ *instance.Facts, s *supervision.Session) {
			s.Start, s.End = local("03-08 09:00"), local("03-08 10:00")
		}, []string{"H31"}},
		{"without a round, anywhere in the cycle", booking, func(_ *instance.Facts, s *supervision.Session) {
			s.Round, s.Start, s.End = supervision.RoundID{}, local("03-08 09:00"), local("03-08 10:00")
		}, nil},
		{"off the start step", booking, func(_ *instance.Facts, s *supervision.Session) {
			s.Start, s.End = local("02-22 09:15"), local("02-22 10:15")
		}, []string{"H31"}},
		{"on the seventh minute", booking, func(_ *instance.Facts, s *supervision.Session) {
			s.Start, s.End = local("02-22 09:07"), local("02-22 10:00")
		}, []string{"H31"}},
		{"early in the morning", booking, func(_ *instance.Facts, s *supervision.Session) {
			s.Start, s.End = local("02-22 07:30"), local("02-22 08:30")
		}, []string{"H04"}},
		{"a meeting", booking, func(f *instance.Facts, _ *supervision.Session) {
			f.Mentors[0].Busy = calendar.Merge(f.Now, between("01-25 01:00", "07-05 02:00"), []calendar.Reading{{AsOf: f.Now, Covers: between("01-25 01:00", "07-05 02:00"),
				Busy: []calendar.Busy{{Interval: between("02-22 09:59", "02-22 10:30"), Kind: calendar.BusyTime}}}})
		}, []string{"H03"}},
		{"a calendar that nobody knows", booking, func(f *instance.Facts, _ *supervision.Session) { f.Mentors[0].Busy = nil }, nil},
		{"a holiday", booking, func(f *instance.Facts, _ *supervision.Session) {
			f.Holidays = map[supervision.OrganisationID][]supervision.Holiday{{15: 1}: {{On: date("02-22")}}}
		}, []string{"H16"}},
		{"somebody who is not enrolled", booking, func(_ *instance.Facts, s *supervision.Session) { s.Mentors[0].Person = person(77) }, []string{"H21", "H26"}},
		{"a supervisor who is not assigned", booking, func(_ *instance.Facts, s *supervision.Session) { s.Supervisor = person(77) }, []string{"H21", "H26", "H36"}},
		{"a mentor who leads", booking, func(_ *instance.Facts, s *supervision.Session) { s.Supervisor = person(2) }, []string{"H21", "H36"}},
		{"a manager and a report", group, func(f *instance.Facts, _ *supervision.Session) {
			f.Lines = supervision.Lines{{Person: person(1), Manager: person(2)}}
		}, []string{"H05"}},
		{"the mentor's other session that day", booking, func(f *instance.Facts, _ *supervision.Session) {
			f.Standing = []supervision.Session{stands(3, sessionAt(9, "02-22 14:00", 199, 1), "individual", supervision.OnHold, true)}
		}, []string{"H17", "H18"}},
		{"at the same time", booking, func(f *instance.Facts, _ *supervision.Session) {
			f.Standing = []supervision.Session{stands(3, sessionAt(9, "02-22 09:30", 101, 7), "individual", supervision.Confirmed, true)}
		}, []string{"H15", "H32"}},
		{"beside one that was cancelled, and one that holds nothing", booking, func(f *instance.Facts, _ *supervision.Session) {
			f.Standing = []supervision.Session{stands(3, sessionAt(9, "02-22 09:30", 101, 1), "individual", supervision.Cancelled, true),
				stands(4, sessionAt(9, "02-22 09:30", 101, 1), "individual", supervision.Proposed, true)}
		}, nil},
		{"a round that comes before", booking, func(f *instance.Facts, _ *supervision.Session) {
			f.Standing = []supervision.Session{stands(3, sessionAt(2, "02-01 09:00", 101, 1), "group", supervision.Completed, true)}
		}, []string{"H33"}},
		{"itself, before it moves", booking, func(f *instance.Facts, s *supervision.Session) {
			s.ID = supervision.SessionID{5}
			before := *s
			before.Start, before.End = local("02-22 09:30"), local("02-22 10:30")
			f.Standing = []supervision.Session{before}
		}, nil},
		{"nobody is prepared", booking, func(f *instance.Facts, _ *supervision.Session) { f.Mentors[0].PreparedOn = supervision.Date{} }, []string{"H11"}},
		{"an introduction stands two days before", booking, func(f *instance.Facts, _ *supervision.Session) {
			f.Mentors[0].PreparedOn = supervision.Date{}
			f.Standing = []supervision.Session{introduction("02-20 09:00", supervision.OnHold)}
		}, nil},
		{"an introduction that was missed", booking, func(f *instance.Facts, _ *supervision.Session) {
			f.Mentors[0].PreparedOn = supervision.Date{}
			f.Standing = []supervision.Session{introduction("02-20 09:00", supervision.NoShow)}
		}, []string{"H11"}},
		{"an introduction on the day before, an hour too late", booking, func(f *instance.Facts, _ *supervision.Session) {
			f.Mentors[0].PreparedOn = supervision.Date{}
			f.Standing = []supervision.Session{introduction("02-21 09:00", supervision.Confirmed)}
		}, []string{"H11"}},
		{"a day that is full", booking, func(f *instance.Facts, _ *supervision.Session) {
			f.Cycle.Settings.Limits = supervision.Limits{DaySessions: 1}
			f.Standing = []supervision.Session{stands(3, sessionAt(9, "02-22 14:00", 101, 7), "individual", supervision.OnHold, true)}
		}, []string{"H15"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := facts(3, 1)
			s := c.at
			s.Mentors = slices.Clone(s.Mentors)
			if c.change != nil {
				c.change(&f, &s)
			}
			if got := broken(caseOf(t, f, s)); !slices.Equal(got, c.want) {
				t.Errorf("broken %v, want %v", got, c.want)
			}
		})
	}
}

// What already took place is judged by who met, not by when.
func TestJudgingARecordedSession(t *testing.T) {
	f := facts(3, 1)
	f.Lines = supervision.Lines{{Person: person(1), Manager: person(2), Valid: days("", "01-10")}}
	group := stands(0, sessionAt(2, "01-03 23:07", 101, 1, 2, 3), "group", supervision.Completed, false)
	c := caseOf(t, f, group)
	report := check.Judge{At: c.At, Only: scheduling.RecordedRules()}.Check(c.Problem, &c.Plan)
	if len(report.Violations) != 1 || report.Violations[0].Rule != "H05" {
		t.Errorf("a manager sat there on a day before the cycle: %+v", report.Violations)
	}
	f.Lines[0].Valid = days("", "01-02")
	c = caseOf(t, f, group)
	if report = (check.Judge{At: c.At, Only: scheduling.RecordedRules()}).Check(c.Problem, &c.Plan); !report.Lawful() {
		t.Errorf("a manager no more: %+v", report.Violations)
	}
}

func TestTheSmallProblemHoldsLittle(t *testing.T) {
	f := facts(3, 1)
	f.Standing = []supervision.Session{stands(3, sessionAt(1, "02-10 09:00", 101, 7), "individual", supervision.OnHold, true)}
	for i := range f.Mentors {
		f.Mentors[i].Busy = nil
	}
	one := stands(1, sessionAt(1, "02-22 09:00", 101, 1), "individual", supervision.OnHold, true)
	two := stands(2, sessionAt(1, "03-01 09:05", 101, 2), "individual", supervision.OnHold, true)
	c := caseOf(t, f, one, two)
	hours := []scheduling.Span{span("02-22 09:00", "02-22 10:00"), span("03-01 09:00", "03-01 10:15")}
	if diff := cmp.Diff(hours, c.Problem.Mentors[0].Work); diff != "" {
		t.Error(diff)
	}
	if got := c.Problem.Mentors[2].Busy; len(got) != 2 || got[1].Span != hours[1] || got[1].Kind != scheduling.Unknown {
		t.Errorf("busy %v", got)
	}
	want := []scheduling.Session{
		{Round: "I1", Members: []string{"m0"}, Supervisor: "s0", Start: slotAt("02-22 09:00"), Dur: 4, Mode: scheduling.Virtual},
		{Round: "I1", Members: []string{"m1"}, Supervisor: "s0", Start: slotAt("03-01 09:00"), Dur: 5, Mode: scheduling.Virtual},
	}
	if diff := cmp.Diff(want, c.Plan.Sessions); diff != "" || !slices.Equal(c.At, []int{0, 1}) {
		t.Errorf("%s at %v", diff, c.At)
	}
	if len(c.OffGrid) != 1 || c.OffGrid[0].Session != 1 {
		t.Errorf("off the grid: %v", c.OffGrid)
	}
	if taken := c.Problem.Supervisors[0].Taken; len(taken) != 1 || taken[0].Round != "I1" || len(c.Problem.Pins) != 0 {
		t.Errorf("taken %v, pins %v", taken, c.Problem.Pins)
	}
	if err := c.Problem.Validate(); err != nil {
		t.Error(err)
	}
}

// All sessions of a publication are judged at once by what other claims may have changed.
func TestJudgingAClaim(t *testing.T) {
	f := facts(3, 1)
	f.Standing = []supervision.Session{stands(9, sessionAt(9, "03-16 10:15", 101, 8), "individual", supervision.Confirmed, true)}
	f.Standing[0].Cycle = supervision.CycleID{2}
	group := stands(2, sessionAt(2, "03-16 09:00", 101, 1, 2, 3), "group", supervision.OnHold, true)
	c := caseOf(t, f, stands(1, sessionAt(1, "02-22 09:00", 101, 1), "individual", supervision.OnHold, true), group)
	report := check.Judge{At: c.At, Only: scheduling.ClaimRules()}.Check(c.Problem, &c.Plan)
	var got []string
	for _, v := range report.Violations {
		got = append(got, v.Rule)
		if v.Session != 1 {
			t.Errorf("%+v", v)
		}
	}
	if !slices.Equal(got, []string{"H15", "H32"}) {
		t.Errorf("%v", got)
	}
	// What the publication cancels stands there still, and is in nobody's way.
	f.Standing[0].State = supervision.OnHold
	gone := f.Standing[0]
	gone.State, group.Group = supervision.Cancelled, supervision.GroupID{1}
	if c = caseOf(t, f, gone, group); len(c.Plan.Sessions) != 1 || !slices.Equal(c.At, []int{0}) || len(broken(c)) != 0 {
		t.Errorf("%v broken by %+v", broken(c), c.Plan.Sessions)
	}
}

func TestWhatIsNoCase(t *testing.T) {
	f := facts(1, 1)
	backwards := stands(1, sessionAt(1, "02-22 09:00", 101, 1), "individual", supervision.OnHold, true)
	backwards.End = backwards.Start
	foreign := stands(1, sessionAt(9, "02-22 09:00", 101, 1), "individual", supervision.OnHold, true)
	for _, s := range []supervision.Session{backwards, foreign} {
		if c, err := instance.For(f, s); err == nil {
			t.Errorf("%+v makes %+v", s, c.Plan)
		}
	}
	if c := caseOf(t, f); len(c.At) != 0 || len(c.Plan.Sessions) != 0 {
		t.Errorf("nothing at hand: %+v", c)
	}
}
