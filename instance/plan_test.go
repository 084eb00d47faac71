package instance_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kreds/calendar"
	"kreds/instance"
	_ "kreds/internal/testkit/repeatable"
	"kreds/scheduling"
	"kreds/scheduling/check"
	"kreds/supervision"
)

// counting gives ids that count up, from 1 or after a number.
func counting[T ~[16]byte](after ...int) func() T {
	n := 0
	for _, a := range after {
		n = a
	}
	return func() (id T) {
		n++
		id[0], id[1] = byte(n>>8), byte(n)
		return id
	}
}

func planIDs() func() supervision.PlanSessionID { return counting[supervision.PlanSessionID]() }

// sessionAt is a plan session of an hour, or of a group's length.
func sessionAt(r int, start string, supervisor int, mentors ...int) supervision.PlanSession {
	length := time.Hour
	if len(mentors) > 1 {
		length = time.Duration(len(mentors)) * 30 * time.Minute
	}
	s := supervision.PlanSession{Round: round(r), Supervisor: person(supervisor), Start: local(start), End: local(start).Add(length), Mode: supervision.Virtual}
	for _, m := range mentors {
		s.Mentors = append(s.Mentors, person(m))
	}
	return s
}

func TestAPlanBecomesSessionsAndComesBack(t *testing.T) {
	f := facts(3, 2)
	stale := func(p *instance.Person) {
		window := p.Busy[0].Interval
		p.Busy = []calendar.Span{
			{Interval: calendar.Interval{Start: window.Start, End: local("03-16 10:00")}, State: calendar.StateFree},
			{Interval: between("03-16 10:00", "03-16 11:00"), State: calendar.StateStale},
			{Interval: calendar.Interval{Start: local("03-16 11:00"), End: window.End}, State: calendar.StateFree},
		}
	}
	stale(&f.Mentors[1].Person)
	stale(&f.Supervisors[0].Person)
	f.Supervisors[1].Busy = nil
	pinned := sessionAt(1, "02-16 09:00", 102, 1)
	pinned.Pinned.Supervisor = true
	f.Pins = []supervision.PlanSession{pinned}
	f.Rounds[3].InPerson = true
	b := build(t, f)
	plan := scheduling.Plan{
		Sessions: []scheduling.Session{
			{Round: "G2", Group: "g1", Members: []string{"m0", "m1", "m2"}, Supervisor: "s0", Start: slotAt("03-16 10:00"), Dur: 6, Mode: scheduling.Virtual},
			{Round: "I1", Members: []string{"m1"}, Supervisor: "s0", Start: slotAt("02-16 09:00"), Dur: 4, Mode: scheduling.Virtual},
			{Round: "I1", Members: []string{"m0"}, Supervisor: "s1", Start: slotAt("02-16 09:00"), Dur: 4, Mode: scheduling.Virtual},
			{Round: "G3", Group: "g1", Members: []string{"m0", "m1", "m2"}, Supervisor: "s0", Start: slotAt("04-22 10:00"), Dur: 6, Mode: scheduling.InPerson},
		},
		Unassigned: []scheduling.Unassigned{{Mentor: "m2", Round: "I1", Reason: "H03"}},
	}
	sessions := b.Sessions(&plan, planIDs())
	want := []supervision.PlanSession{sessionAt(1, "02-16 09:00", 101, 2), sessionAt(1, "02-16 09:00", 102, 1), sessionAt(2, "03-16 10:00", 101, 1, 2, 3), sessionAt(3, "04-22 10:00", 101, 1, 2, 3)}
	ids := planIDs()
	for i := range want {
		want[i].ID = ids()
	}
	want[1].Pinned.Supervisor, want[1].Unknown = true, 1
	want[2].Group, want[2].Unknown = "g1", 2
	want[3].Group, want[3].Mode = "g1", supervision.InPerson
	if diff := cmp.Diff(want, sessions); diff != "" {
		t.Error(diff)
	}

	// A manager's move is counted alike, wherever it goes, and whoever has left.
	moved := want[2]
	moved.Start, moved.End = local("03-16 10:59"), local("03-16 12:29") // not on the grid
	for _, c := range []struct {
		mentors []supervision.PersonID
		want    int
	}{{moved.Mentors, 2}, {[]supervision.PersonID{person(77)}, 1}, {nil, 1}} {
		if moved.Mentors = c.mentors; b.Unknown(moved) != c.want {
			t.Errorf("moved, with %v: %d calendars are unknown, want %d", c.mentors, b.Unknown(moved), c.want)
		}
	}
	unplaced := b.Map.Unplaced(plan.Unassigned, func(mentor, round string) []supervision.RuleRemoved {
		return []supervision.RuleRemoved{{Rule: mentor + round, Options: 7}}
	})
	if diff := cmp.Diff([]supervision.Unplaced{{Mentor: person(3), Round: round(1), Rule: "H03", Removed: []supervision.RuleRemoved{{Rule: "m2I1", Options: 7}}}}, unplaced); diff != "" {
		t.Error(diff)
	}
	back := b.Plan(sessions, unplaced)
	slices.SortFunc(plan.Sessions, func(x, y scheduling.Session) int { return x.Start - y.Start })
	slices.SortStableFunc(plan.Sessions, func(x, y scheduling.Session) int {
		if x.Start == y.Start && x.Supervisor < y.Supervisor {
			return -1
		}
		return 0
	})
	if diff := cmp.Diff(plan, back); diff != "" {
		t.Error(diff)
	}
}

func TestTheMappingLeadsBothWaysAndSurvivesJSON(t *testing.T) {
	f := facts(12, 2)
	m := build(t, f).Map
	raw, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var read instance.Mapping
	if err := json.Unmarshal(raw, &read); err != nil {
		t.Fatal(err)
	}
	for _, m := range []*instance.Mapping{m, &read} {
		for i, p := range f.Mentors {
			name, ok := m.Name(p.ID)
			if back, known := m.Person(name); !ok || !known || back != p.ID || name != []string{"m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10", "m11"}[i] {
				t.Errorf("mentor %d: %q, back %v", i, name, back)
			}
		}
		if name, _ := m.Name(person(102)); name != "s1" {
			t.Errorf("the second supervisor is %q", name)
		}
		if name, ok := m.RoundName(round(2)); !ok || name != "G2" {
			t.Errorf("round 2 is %q", name)
		}
		if r, ok := m.Round("I4"); !ok || r != round(4) {
			t.Errorf("I4 is %v", r)
		}
		for _, name := range []string{"", "m", "m12", "m-1", "m01", "z1", "m1x", "s2"} {
			if p, ok := m.Person(name); ok {
				t.Errorf("%q is %v", name, p)
			}
		}
		if _, ok := m.Name(person(77)); ok {
			t.Error("a stranger has a name")
		}
		if n, exact := m.Slot(local("03-01 10:20")); n != slotAt("03-01 10:15") || exact {
			t.Errorf("10:20 lies in slot %d, exactly: %v", n, exact)
		}
		if n, exact := m.Slot(monday0.Add(-time.Minute)); n != -1 || exact {
			t.Errorf("a minute before: %d, %v", n, exact)
		}
		if at := m.Instant(slotAt("03-01 10:15")); !at.Equal(local("03-01 10:15")) {
			t.Errorf("back: %s", at)
		}
	}
	if err := json.Unmarshal([]byte(`{"mentors":"all"}`), &read); err == nil {
		t.Error("a mapping that is none")
	}
}

// stands is a session that exists.
func stands(n int, p supervision.PlanSession, kind supervision.RoundKind, state supervision.SessionState, planned bool) supervision.Session {
	s := supervision.Session{
		ID: supervision.SessionID{15: byte(n)}, Cycle: supervision.CycleID{1}, Round: p.Round, Kind: kind, Supervisor: p.Supervisor, Start: p.Start, End: p.End,
		Mode: p.Mode, State: state, Revision: 1, Planned: planned, TimeZone: "Europe/Copenhagen",
	}
	for _, m := range p.Mentors {
		s.Mentors = append(s.Mentors, supervision.Attendance{Person: m, Answer: supervision.Invited})
	}
	return s
}

// A replan in March: what has begun, what somebody booked by hand, what another cycle holds, and what may be changed.
func TestStandingSessions(t *testing.T) {
	f := facts(4, 1)
	f.Now = local("03-10 08:00")
	introduction := sessionAt(0, "02-02 09:00", 101, 1, 2, 3, 4)
	group := sessionAt(2, "03-08 09:00", 199, 1, 2, 3, 77) // its supervisor and one of its mentors have left
	f.Standing = []supervision.Session{
		stands(1, introduction, "introduction", supervision.Completed, true),
		stands(2, group, "group", supervision.Confirmed, true),
		stands(3, sessionAt(1, "02-16 09:07", 101, 1), "individual", supervision.Completed, false), // recorded, on any minute
		stands(4, sessionAt(4, "06-02 09:00", 101, 2), "individual", supervision.Confirmed, false), // booked by hand
		stands(5, sessionAt(3, "04-22 09:00", 101, 1, 2, 3), "group", supervision.OnHold, true),    // a plan's
		stands(6, sessionAt(3, "04-23 09:00", 101, 1, 2, 3), "group", supervision.Proposed, true),
		stands(7, sessionAt(1, "02-17 09:00", 101, 1), "individual", supervision.Cancelled, true),
		stands(8, sessionAt(9, "05-03 09:00", 101, 2), "individual", supervision.OnHold, true),    // of another cycle
		stands(9, sessionAt(9, "05-04 09:05", 101, 3), "individual", supervision.OnHold, false),   // without a round
		stands(10, sessionAt(1, "02-18 09:00", 101, 77), "individual", supervision.NoShow, true),  // of somebody who has left
		stands(11, sessionAt(1, "02-19 09:00", 101, 2), "individual", supervision.Proposed, true), // its time went by, held by nobody
	}
	f.Standing[7].Cycle = supervision.CycleID{2}
	f.Standing[8].Round = supervision.RoundID{}
	b := build(t, f)
	pin := func(round string, at string, supervisor string, members ...string) scheduling.Pin {
		start := slotAt(at)
		return scheduling.Pin{Round: round, Members: members, Supervisor: supervisor, Start: &start, Standing: true}
	}
	want := []scheduling.Pin{
		pin("N1", "02-02 09:00", "s0", "m0", "m1", "m2", "m3"),
		pin("I1", "02-16 09:00", "s0", "m0"),
		pin("G2", "03-08 09:00", "s1", "m0", "m1", "m2"),
		pin("I4", "06-02 09:00", "s0", "m1"),
	}
	if diff := cmp.Diff(want, b.Problem.Pins); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]supervision.SessionID{{15: 1}, {15: 3}, {15: 2}, {15: 4}}, b.Map.Standing); diff != "" {
		t.Error(diff)
	}
	taken := func(at string, round string) scheduling.TakenSpan {
		return scheduling.TakenSpan{Span: scheduling.Span{From: slotAt(at), To: slotAt(at) + 4}, Kind: scheduling.Individual, Round: round}
	}
	longer := taken("05-04 09:00", "")
	longer.To++
	if diff := cmp.Diff([]scheduling.TakenSpan{taken("02-18 09:00", "I1"), taken("05-03 09:00", ""), longer}, b.Problem.Supervisors[0].Taken); diff != "" {
		t.Error(diff)
	}
	if got := b.Problem.Mentors[1].Taken; !slices.Equal(got, []scheduling.TakenSpan{taken("05-03 09:00", "")}) {
		t.Errorf("m1: %v", got)
	}
	if ghost := b.Problem.Supervisors[1]; ghost.ID != "s1" || len(ghost.Work) > 0 || ghost.Share != 0 || b.Map.Supervisors[1] != person(199) {
		t.Errorf("the supervisor who has left: %+v", ghost)
	}
	if b.Problem.Rounds[0].Dates != 1 {
		t.Errorf("%d dates", b.Problem.Rounds[0].Dates)
	}

	// The plan that holds exactly these breaks no rule: what stands is not judged by itself.
	plan := scheduling.Plan{}
	for _, p := range b.Problem.Pins {
		plan.Sessions = append(plan.Sessions, scheduling.Session{Round: p.Round, Members: p.Members, Supervisor: p.Supervisor, Start: *p.Start, Dur: 4, Mode: scheduling.Virtual})
	}
	report := check.Check(b.Problem, &plan)
	for _, v := range report.Violations {
		if v.Session >= 0 {
			t.Errorf("%+v", v)
		}
	}
	for i, s := range b.Sessions(&plan, planIDs()) {
		if want := []supervision.SessionID{{15: 1}, {15: 3}, {15: 2}, {15: 4}}[i]; s.Session != want || s.Pinned.Any() {
			t.Errorf("plan session %d names %v, pinned %v", i, s.Session, s.Pinned)
		}
	}
}

func TestManualIntroductionsRaiseTheDates(t *testing.T) {
	f := facts(4, 1)
	f.Now = local("03-10 08:00")
	f.Standing = []supervision.Session{
		stands(1, sessionAt(0, "02-02 09:00", 101, 1, 2), "introduction", supervision.Completed, true),
		stands(2, sessionAt(0, "02-03 09:00", 101, 3, 4), "introduction", supervision.Completed, false),
	}
	if b := build(t, f); b.Problem.Rounds[0].Dates != 2 {
		t.Errorf("%d dates for two introductions", b.Problem.Rounds[0].Dates)
	}
}

func TestPinsOfAManager(t *testing.T) {
	f := facts(4, 2)
	f.Now = local("03-10 08:00")
	pin := func(s supervision.PlanSession, members, supervisor, start bool) supervision.PlanSession {
		s.Pinned = supervision.Pinned{Members: members, Supervisor: supervisor, Start: start}
		return s
	}
	f.Standing = []supervision.Session{stands(1, sessionAt(1, "02-16 09:00", 101, 1), "individual", supervision.Completed, true)}
	f.Pins = []supervision.PlanSession{
		pin(sessionAt(4, "06-08 09:00", 102, 2), true, false, true),
		pin(sessionAt(2, "03-16 09:00", 101, 3, 1, 2, 77), true, false, false), // 77 has left
		pin(sessionAt(3, "04-22 09:00", 199, 1, 2, 3), false, true, false),     // so has 199
		pin(sessionAt(1, "02-16 09:00", 101, 1), true, false, true),            // stands by now
		pin(sessionAt(1, "02-16 09:00", 101, 1), false, true, false),           // asks for another session of the supervisor
		pin(sessionAt(8, "03-16 09:00", 101, 1), true, true, true),             // of a round that is gone
		pin(sessionAt(4, "06-09 09:00", 102, 3), false, false, false),
	}
	at := func(s string) *int { n := slotAt(s); return &n }
	want := []scheduling.Pin{
		{Round: "I1", Members: []string{"m0"}, Supervisor: "s0", Start: at("02-16 09:00"), Standing: true},
		{Round: "I1", Supervisor: "s0"},
		{Round: "G2", Members: []string{"m0", "m1", "m2"}},
		{Round: "I4", Members: []string{"m1"}, Start: at("06-08 09:00")},
	}
	if diff := cmp.Diff(want, build(t, f).Problem.Pins); diff != "" {
		t.Error(diff)
	}
}

func TestTheReferenceOfAReplan(t *testing.T) {
	f := facts(3, 1)
	group := sessionAt(2, "03-16 09:00", 101, 1, 2, 77)
	group.Group = "g7"
	f.Reference = []supervision.PlanSession{group, sessionAt(1, "02-16 09:00", 199, 1), sessionAt(1, "02-17 09:00", 101, 77), sessionAt(1, "02-15 09:00", 101, 3)}
	p := build(t, f).Problem
	want := &scheduling.Plan{Unassigned: []scheduling.Unassigned{}, Sessions: []scheduling.Session{
		{Round: "I1", Members: []string{"m2"}, Supervisor: "s0", Start: slotAt("02-15 09:00"), Dur: 4, Mode: scheduling.Virtual},
		{Round: "G2", Group: "g7", Members: []string{"m0", "m1"}, Supervisor: "s0", Start: slotAt("03-16 09:00"), Dur: 6, Mode: scheduling.Virtual},
	}}
	if diff := cmp.Diff(want, p.Reference); diff != "" {
		t.Error(diff)
	}
	if p.Freeze != 14*96 {
		t.Errorf("freeze %d", p.Freeze)
	}
}

// A pin is kept by a standing session that agrees with all that it says, and each such session keeps one pin.
func TestPinsThatStandAlready(t *testing.T) {
	stood := sessionAt(1, "02-16 09:00", 101, 1)
	for _, c := range []struct {
		name                       string
		pin                        supervision.PlanSession
		members, supervisor, start bool
		times                      int // how often it is pinned
		left                       int // how often it is asked for
	}{
		{"all of it", stood, true, true, true, 1, 0},
		{"its start", stood, false, false, true, 1, 0},
		{"its supervisor", stood, false, true, false, 1, 0},
		{"its members", stood, true, false, false, 1, 0},
		{"twice", stood, false, true, false, 2, 1},
		{"another start", sessionAt(1, "02-16 09:30", 101, 1), true, true, true, 1, 1},
		{"another supervisor", sessionAt(1, "02-16 09:00", 102, 1), true, true, true, 1, 1},
		{"other members", sessionAt(1, "02-16 09:00", 101, 2), true, true, true, 1, 1},
		{"another round", sessionAt(4, "02-16 09:00", 101, 1), true, true, true, 1, 1},
	} {
		f := facts(3, 2)
		f.Now = local("03-10 08:00")
		f.Standing = []supervision.Session{stands(1, stood, "individual", supervision.Completed, true)}
		c.pin.Pinned = supervision.Pinned{Members: c.members, Supervisor: c.supervisor, Start: c.start}
		for range c.times {
			f.Pins = append(f.Pins, c.pin)
		}
		if pins := build(t, f).Problem.Pins; len(pins) != 1+c.left {
			t.Errorf("%s: %+v", c.name, pins)
		}
	}
}

// The order in which facts are listed changes nothing.
func TestTheOrderOfFactsIsOfNoAccount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := facts(5, 3)
		f.Now = local("03-10 08:00")
		f.Organisations = append(f.Organisations, supervision.Organisation{ID: supervision.OrganisationID{15: 2}, ExternalID: "0", Competitors: []string{"x"}})
		f.Organisations[0].Competitors = []string{"x"}
		f.Mentors[3].Organisation = supervision.OrganisationID{15: 2}
		f.Mentors[1].Unit, f.Mentors[2].Unit = "U", "T"
		f.Holidays = map[supervision.OrganisationID][]supervision.Holiday{{15: 1}: {{On: date("03-25")}, {On: date("03-26")}, {On: date("05-06")}}}
		f.Lines = supervision.Lines{{Person: person(2), Manager: person(1), Valid: days("", "03-27")}, {Person: person(5), Manager: person(2)}, {Person: person(50), Manager: person(4)}}
		f.Pairs = []supervision.Pair{
			{Kind: supervision.OneToOne, State: supervision.PairActive, Span: days("02-01", ""), Mentors: []supervision.PersonID{person(1)}, Mentees: []supervision.PersonID{person(50)}},
			{Kind: supervision.PairGroup, State: supervision.PairActive, Span: days("01-15", ""), Mentors: []supervision.PersonID{person(2), person(3)}, Mentees: []supervision.PersonID{person(51)}},
		}
		f.Standing = []supervision.Session{
			stands(1, sessionAt(0, "02-02 09:00", 101, 1, 2, 3, 4), "introduction", supervision.Completed, true),
			stands(2, sessionAt(1, "02-16 09:00", 198, 1), "individual", supervision.Completed, true),
			stands(3, sessionAt(1, "02-17 09:00", 199, 2), "individual", supervision.Completed, true),
			stands(4, sessionAt(1, "02-17 09:00", 101, 77), "individual", supervision.Completed, true),
		}
		f.Pins = []supervision.PlanSession{sessionAt(4, "06-08 09:00", 102, 2), sessionAt(4, "06-08 09:00", 103, 3)}
		f.Pins[0].Pinned.Start, f.Pins[1].Pinned.Members = true, true
		f.Reference = []supervision.PlanSession{sessionAt(1, "02-15 09:00", 101, 3), sessionAt(4, "06-08 09:00", 102, 2), sessionAt(4, "06-08 09:00", 103, 3)}
		want, err := instance.Build(f)
		if err != nil {
			t.Fatal(err)
		}
		f.Mentors = rapid.Permutation(f.Mentors).Draw(t, "mentors")
		f.Supervisors = rapid.Permutation(f.Supervisors).Draw(t, "supervisors")
		f.Rounds = rapid.Permutation(f.Rounds).Draw(t, "rounds")
		f.Organisations = rapid.Permutation(f.Organisations).Draw(t, "organisations")
		f.Lines = rapid.Permutation(f.Lines).Draw(t, "lines")
		f.Pairs = rapid.Permutation(f.Pairs).Draw(t, "pairs")
		f.Standing = rapid.Permutation(f.Standing).Draw(t, "standing")
		f.Pins = rapid.Permutation(f.Pins).Draw(t, "pins")
		f.Reference = rapid.Permutation(f.Reference).Draw(t, "reference")
		f.Holidays[supervision.OrganisationID{15: 1}] = rapid.Permutation(f.Holidays[supervision.OrganisationID{15: 1}]).Draw(t, "holidays")
		got, err := instance.Build(f)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.Problem, got.Problem); diff != "" {
			t.Fatal(diff)
		}
		a, _ := json.Marshal(want.Map)
		b, _ := json.Marshal(got.Map)
		if string(a) != string(b) {
			t.Fatalf("%s\n%s", a, b)
		}
	})
}
