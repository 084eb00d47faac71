package instance_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kreds/calendar"
	"kreds/instance"
	"kreds/scheduling"
	"kreds/supervision"
)

// The cases play in a pilot from 1 February to 30 June 2027 in Copenhagen; slot 0 is Monday 25 January 00:00 UTC, an hour after
// midnight there.

var (
	monday0    = time.Date(2027, 1, 25, 0, 0, 0, 0, time.UTC)
	copenhagen = zone("Europe/Copenhagen")
)

func zone(name string) *time.Location {
	loc, err := calendar.LoadZone(name)
	if err != nil {
		panic(err)
	}
	return loc
}

func date(s string) supervision.Date { return supervision.MustDate("2027-" + s) }

func days(from, to string) (d supervision.Days) {
	if from != "" {
		d.From = date(from)
	}
	if to != "" {
		d.To = date(to)
	}
	return d
}

// local is an instant by the clocks of Copenhagen, such as "03-01 10:15".
func local(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", "2027-"+s, copenhagen)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

// slotAt is the slot that begins then.
func slotAt(s string) int { return int(local(s).Sub(monday0) / (15 * time.Minute)) }

// dayAt is the number of a day, the Monday of slot 0 being day 0.
func dayAt(s string) *int {
	n := int(date(s).Midnight(time.UTC).Sub(monday0) / (24 * time.Hour))
	return &n
}

func span(from, to string) scheduling.Span {
	return scheduling.Span{From: slotAt(from), To: slotAt(to)}
}

func between(from, to string) calendar.Interval {
	return calendar.Interval{Start: local(from), End: local(to)}
}

func person(n int) supervision.PersonID { return supervision.PersonID{15: byte(n)} }

func round(n int) supervision.RoundID { return supervision.RoundID{0: 1, 15: byte(n)} }

var steps = []supervision.TemplateStep{
	{Kind: supervision.KindIntroduction, Minutes: 90, Dates: 1},
	{Kind: supervision.KindIndividual},
	{Kind: supervision.KindGroup, Grouping: supervision.Closed, Cases: 3},
	{Kind: supervision.KindGroup, Grouping: supervision.Closed, Cases: 3},
	{Kind: supervision.KindIndividual},
}

// facts are so many mentors, persons 1 and up, and supervisors, persons 101 and up, who are known to be free all the time.
func facts(mentors, supervisors int) instance.Facts {
	f := instance.Facts{
		Now: local("01-11 09:00"),
		Cycle: supervision.Cycle{ID: supervision.CycleID{1}, Programme: supervision.ProgrammeID{1}, TimeZone: "Europe/Copenhagen",
			Span: days("02-01", "06-30"), State: supervision.CycleDesigned},
		Programme:     supervision.Programme{ID: supervision.ProgrammeID{1}, Scope: supervision.InternalScope, Span: days("02-01", "06-30")},
		Organisations: []supervision.Organisation{{ID: supervision.OrganisationID{15: 1}, ExternalID: "a"}},
	}
	f.Rounds = instance.Windows(f.Cycle, f.Programme, steps)
	for i := range f.Rounds {
		f.Rounds[i].ID = round(i)
	}
	window, err := instance.Window(f.Cycle, f.Rounds)
	if err != nil {
		panic(err)
	}
	free := []calendar.Span{{Interval: window, State: calendar.StateFree}}
	someone := func(n int) instance.Person {
		return instance.Person{Busy: free, Person: supervision.Person{
			ID: person(n), ExternalID: fmt.Sprintf("p%03d", n), Organisation: supervision.OrganisationID{15: 1}, TimeZone: "Europe/Copenhagen", Languages: []string{"da"},
		}}
	}
	for i := range mentors {
		f.Mentors = append(f.Mentors, instance.Mentor{Person: someone(i + 1), PreparedOn: date("01-04")})
	}
	for i := range supervisors {
		f.Supervisors = append(f.Supervisors, instance.Supervisor{Person: someone(i + 101), Assignment: supervision.Assignment{Share: 1}})
	}
	return f
}

func build(t *testing.T, f instance.Facts) instance.Built {
	t.Helper()
	b, err := instance.Build(f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTheFrameHoldsTheCycleInWholeWeeks(t *testing.T) {
	p := build(t, facts(3, 1)).Problem
	if !p.CycleStart.Equal(monday0) {
		t.Errorf("slot 0 is %s: the Monday before 1 February 00:00 in Copenhagen is %s", p.CycleStart, monday0)
	}
	if end := p.CycleStart.AddDate(0, 0, 7*p.Weeks); end.Before(local("07-01 00:00")) || !end.AddDate(0, 0, -7).Before(local("07-01 00:00")) {
		t.Errorf("%d weeks end on %s, the cycle on 30 June", p.Weeks, end)
	}
	f := facts(1, 1)
	f.Now = local("02-01 09:07")
	if now := build(t, f).Problem.Now; p.Now != slotAt("01-11 09:00") || now != slotAt("02-01 09:00") {
		t.Errorf("now is slot %d and %d", p.Now, now)
	}
	f.Cycle.TimeZone, f.Cycle.Span = "America/New_York", days("02-01", "02-28") // midnight there is 05:00 UTC of the same Monday
	f.Rounds = nil
	w, err := instance.Window(f.Cycle, f.Rounds)
	if want := (calendar.Interval{Start: monday0.AddDate(0, 0, 7), End: monday0.AddDate(0, 0, 7*6)}); err != nil || w != want {
		t.Errorf("window %v, %v; want %v, since 28 February ends on Monday 05:00 UTC", w, err, want)
	}
	f.Rounds = []supervision.Round{{Window: days("01-20", "03-20"), Target: date("02-02")}}
	if w, _ = instance.Window(f.Cycle, f.Rounds); !w.Start.Equal(monday0.AddDate(0, 0, -7)) || !w.End.Equal(monday0.AddDate(0, 0, 7*8)) {
		t.Errorf("a round's window outside of the cycle counts: %v", w)
	}
}

func TestRounds(t *testing.T) {
	f := facts(3, 1)
	f.Rounds[0].Dates = 2
	f.Rounds[2].BySize = map[int]int{3: 75, 4: 100} // rounded up to slots, and 5 by the general rule
	f.Rounds[3].Minutes, f.Rounds[3].Grouping, f.Rounds[3].Qual, f.Rounds[3].Priority = 100, supervision.Remix, "systemic work", 3
	f.Rounds[3].InPerson, f.Rounds[3].Site = true, "north"
	f.Supervisors[0].Assignment.Quals = []string{"systemic work", "case work", "", "systemic work"}
	slices.Reverse(f.Rounds)
	p := build(t, f).Problem
	window := func(from, to string) (int, int) { return slotAt(from + " 00:00"), slotAt(to + " 00:00") }
	want := []scheduling.Round{
		{ID: "N1", Kind: "introduction", Dur: 6, Dates: 2, Target: slotAt("02-02 12:00"), TargetDay: dayAt("02-02")},
		{ID: "I1", Kind: "individual", Dur: 4, Target: slotAt("02-19 12:00"), TargetDay: dayAt("02-19")},
		{ID: "G2", Kind: "group", Grouping: "closed", DurBySize: map[string]int{"3": 5, "4": 7, "5": 10}, Cases: 3, Target: slotAt("03-29 12:00"), TargetDay: dayAt("03-29")},
		{ID: "G3", Kind: "group", Grouping: "remix", Dur: 7, Cases: 3, InPerson: true, Site: "north", Qual: "q1", Priority: 3, Target: slotAt("05-05 12:00"), TargetDay: dayAt("05-05")},
		{ID: "I4", Kind: "individual", Dur: 4, Target: slotAt("06-12 12:00"), TargetDay: dayAt("06-12")},
	}
	for i, w := range [][2]string{{"02-01", "02-05"}, {"02-05", "03-06"}, {"03-15", "04-13"}, {"04-21", "05-20"}, {"05-29", "06-27"}} {
		want[i].Open, want[i].Close = window(w[0], w[1])
		want[i].Priority = max(1, want[i].Priority)
	}
	if diff := cmp.Diff(want, p.Rounds); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"q0", "q1"}, p.Supervisors[0].Qual); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]scheduling.Span{span("04-21 00:00", "05-20 00:00")}, p.InPersonDays); diff != "" {
		t.Error(diff)
	}
}

func TestPeopleAreNumberedAndNameless(t *testing.T) {
	f := facts(3, 2)
	f.Mentors[0].ExternalID, f.Mentors[1].ExternalID, f.Mentors[2].ExternalID = "zoe", "", "adam"
	f.Mentors[0].Unit, f.Mentors[1].Unit, f.Mentors[2].Unit = "Sales", "", "Legal"
	f.Mentors[1].Organisation = supervision.OrganisationID{15: 9} // nobody told of it
	f.Mentors[0].Languages = []string{"da", "en-GB", "EN", " "}
	f.Mentors[0].Experience, f.Mentors[0].Seniority, f.Mentors[0].Name = supervision.Reflective, 4, "Zoe Somebody"
	f.Supervisors[0].Assignment.Admits = []supervision.OrganisationID{{15: 9}, {15: 1}, {15: 9}}
	slices.Reverse(f.Mentors)
	b := build(t, f)
	got := func(i int) string {
		m := b.Problem.Mentors[i]
		return fmt.Sprint(m.ID, " ", m.Org, " ", m.Unit, " ", m.Langs, " ", m.Exp, " ", m.Seniority)
	}
	for i, want := range []string{"m0 o0  [da] 3 0", "m1 o1 u0 [da] 3 0", "m2 o1 u1 [da en] 5 4"} {
		if got(i) != want {
			t.Errorf("%q, want %q", got(i), want)
		}
	}
	if diff := cmp.Diff([]supervision.PersonID{person(2), person(3), person(1)}, b.Map.Mentors); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"o0", "o1"}, b.Problem.Supervisors[0].Admits); diff != "" {
		t.Error(diff)
	}
	var file bytes.Buffer
	if err := scheduling.Encode(&file, b.Problem); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"Zoe", "zoe", "adam", "Sales", "Legal"} {
		if strings.Contains(file.String(), word) {
			t.Errorf("the instance says %q", word)
		}
	}
	again, err := scheduling.Decode(&file)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Validate(); err != nil {
		t.Error(err)
	}
}

func TestTheCycleSettings(t *testing.T) {
	f := facts(3, 2)
	p := build(t, f).Problem
	if p.Size != (scheduling.Size{Min: 3, Max: 5, Target: 4}) || p.Gap.Min != 14*96 || p.Gap.Max != nil || p.StartStep != 2 || p.Credit != "half_then_share" ||
		p.OrgRule.Kind != "any" || p.Mix != "unit" || p.MaxPerDay != 1 || len(p.Weights) != 0 {
		t.Errorf("the defaults: %+v", p)
	}
	if s := p.Supervisors[0]; s.Buffer != 1 || *s.MaxDay != 5 || *s.MaxDaySlots != 24 || s.MaxWeek != nil || s.MaxWeekSlots != nil || s.Share != 1 {
		t.Errorf("a supervisor by default: %+v", s)
	}
	buffer := 20
	f.Programme.Scope = supervision.CrossScope
	f.Cycle.Settings = supervision.Settings{
		Size: supervision.GroupSize{Min: 3, Max: 3}, GapMinDays: 10, GapMaxDays: 60, StartStep: 60, Buffer: &buffer, Limits: supervision.Limits{WeekSessions: 9, WeekMinutes: 601},
		OrgRule: supervision.OrgRule{Kind: "mixed", MaxEach: 2}, Credit: "clock", Weights: map[string]int{"W01": 10, "W06": 1}, Lifted: []string{"W03"},
	}
	f.Weights = map[string]int{"W06": 99}
	f.Events = []supervision.Days{days("05-20", "05-21"), days("03-01", "03-01")}
	f.Supervisors[0].Assignment.Limits, f.Supervisors[0].Assignment.Share = &supervision.Limits{DaySessions: 2}, 7
	p = build(t, f).Problem
	longest := 60 * 96
	if diff := cmp.Diff(scheduling.Gap{Min: 960, Max: &longest}, p.Gap); diff != "" {
		t.Error(diff)
	}
	if p.Size != (scheduling.Size{Min: 3, Max: 3, Target: 3}) || p.StartStep != 4 || p.Credit != "clock" || p.OrgRule != (scheduling.OrgRule{Kind: "mixed", Q: 2}) || p.Mix != "organisation" {
		t.Errorf("the cycle's own: %+v", p)
	}
	if diff := cmp.Diff(map[string]int{"W01": 10, "W06": 99}, p.Weights); diff != "" || !slices.Equal(p.Levels, []string{"W03"}) {
		t.Error(diff, p.Levels)
	}
	if diff := cmp.Diff([]scheduling.Span{span("03-01 00:00", "03-02 00:00"), span("05-20 00:00", "05-22 00:00")}, p.Events); diff != "" {
		t.Error(diff)
	}
	own, cycles := p.Supervisors[0], p.Supervisors[1]
	if *own.MaxDay != 2 || own.MaxDaySlots != nil || own.MaxWeek != nil || own.Share != 7 || own.Buffer != 2 {
		t.Errorf("a supervisor's own limits: %+v", own)
	}
	if cycles.MaxDay != nil || *cycles.MaxWeek != 9 || *cycles.MaxWeekSlots != 40 {
		t.Errorf("the cycle's limits: %+v", cycles)
	}
	f.Cycle.Settings.Lifted = []string{"W99"}
	if _, err := instance.Build(f); err == nil || !strings.Contains(err.Error(), "W99") {
		t.Errorf("an unknown wish: %v", err)
	}
}

func TestWhatNoCycleCanBePlannedWith(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(*instance.Facts)
		want  string
	}{
		{"no last day", func(f *instance.Facts) { f.Cycle.Span.To = supervision.Date{} }, "no last day"},
		{"no first day", func(f *instance.Facts) { f.Cycle.Span.From = supervision.Date{} }, "no first"},
		{"days that run backwards", func(f *instance.Facts) { f.Cycle.Span.To = date("01-01") }, "no first"},
		{"a round that never opens", func(f *instance.Facts) { f.Rounds[2].Window.From = supervision.Date{} }, "round 2"},
		{"a round that never closes", func(f *instance.Facts) { f.Rounds[2].Window.To = supervision.Date{} }, "round 2"},
		{"a cycle's zone", func(f *instance.Facts) { f.Cycle.TimeZone = "Europe/Atlantis" }, "Europe/Atlantis"},
		{"a mentor's zone", func(f *instance.Facts) { f.Mentors[1].TimeZone = "Local" }, `"Local"`},
		{"a round without window", func(f *instance.Facts) { f.Rounds[1].Window = supervision.Days{} }, "round 1"},
		{"one person twice", func(f *instance.Facts) { f.Supervisors[0].ID = f.Mentors[0].ID }, person(1).String()},
		{"working hours that run backwards", func(f *instance.Facts) {
			f.Mentors[0].WorkHours = supervision.WorkHours{{Weekday: time.Monday, From: 900, To: 800}}
		}, person(1).String()},
	} {
		f := facts(3, 1)
		c.spoil(&f)
		if _, err := instance.Build(f); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want a word of %q", c.name, err, c.want)
		}
	}
}

func TestConflictsBecomePairsInSlots(t *testing.T) {
	f := facts(4, 2)
	f.Lines = supervision.Lines{
		{Person: person(2), Manager: person(1), Valid: days("", "03-27")}, // until the clocks are moved forward
		{Person: person(4), Manager: person(3), Valid: days("03-28", "")},
		{Person: person(50), Manager: person(3)},
		{Person: person(50), Manager: person(101)},
	}
	f.Pairs = []supervision.Pair{{Kind: supervision.OneToOne, State: supervision.PairActive, Mentors: []supervision.PersonID{person(1)}, Mentees: []supervision.PersonID{person(50)}}}
	f.Avoids = []supervision.Avoid{{Author: person(4), Other: person(1)}}
	f.Programme.Lead = person(102)
	p := build(t, f).Problem
	until, since := slotAt("03-28 00:00"), slotAt("03-28 00:00")
	want := []scheduling.Pair{
		{A: "m0", B: "m1", Rule: "H05", To: &until},
		{A: "m0", B: "m2", Rule: "H07"},
		{A: "m0", B: "m3", Rule: "H22"},
		{A: "m2", B: "m3", Rule: "H05", From: &since},
	}
	if diff := cmp.Diff(want, p.Forbidden); diff != "" {
		t.Error(diff)
	}
	want = []scheduling.Pair{{A: "s0", B: "m0", Rule: "H10"}, {A: "s1", B: "m0", Rule: "H10"}, {A: "s1", B: "m1", Rule: "H10"}, {A: "s1", B: "m2", Rule: "H10"}, {A: "s1", B: "m3", Rule: "H10"}}
	if diff := cmp.Diff(want, p.Dependent); diff != "" {
		t.Error(diff)
	}
	for i := range f.Mentors { // numbered the other way round
		f.Mentors[i].ExternalID = string(rune('z' - i))
	}
	p = build(t, f).Problem
	var pairs []string
	for _, x := range slices.Concat(p.Forbidden, p.Dependent) {
		pairs = append(pairs, x.A+"-"+x.B+" "+x.Rule)
	}
	if diff := cmp.Diff([]string{"m0-m1 H05", "m0-m3 H22", "m1-m3 H07", "m2-m3 H05", "s0-m3 H10", "s1-m0 H10", "s1-m1 H10", "s1-m2 H10", "s1-m3 H10"}, pairs); diff != "" {
		t.Error(diff)
	}
	f.Cycle.Settings.ManagerSteps = 3
	f.Lines = supervision.Lines{{Person: person(2), Manager: person(60)}, {Person: person(60), Manager: person(61)}, {Person: person(61), Manager: person(1)}}
	f.Pairs, f.Avoids = nil, nil
	if p = build(t, f).Problem; len(p.Forbidden) != 1 || p.Forbidden[0].Rule != "H06" {
		t.Errorf("three steps up: %v", p.Forbidden)
	}
}
