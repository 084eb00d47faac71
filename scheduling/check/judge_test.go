package check_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kreds/scheduling"
	"kreds/scheduling/check"
)

// An introduction of two, led too long by a supervisor whom nobody may sit with, after the rounds, twice a day: only the rules
// that bind introductions speak.
func TestIntroductionsAreJudgedByTheirRulesOnly(t *testing.T) {
	p := cycle(2, 2, 2, introduction("P", 1), individual("I1"))
	p.Forbidden = []scheduling.Pair{{A: "m0", B: "m1", Rule: "H05"}, {A: "m0", B: "m1", Rule: "H22"}}
	p.Gap = scheduling.Gap{Min: scheduling.SlotsPerWeek, Max: ptr(1)}
	for i := range p.Mentors {
		p.Mentors[i].Earliest, p.Mentors[i].Latest = ptr(at(7, 0)), ptr(at(14, 0))
	}
	sessions := plan(p, say("P", "s0", at(1, 10), "m0", "m1"), say("I1", "s0", at(7, 10), "m0"), say("I1", "s0", at(7, 12), "m1"))
	sessions.Sessions[0].Dur = 9
	if r := check.Check(p, sessions); !r.Lawful() {
		t.Errorf("%+v", r.Violations)
	}

	for want, change := range map[string]func(*scheduling.Problem, *scheduling.Session){
		"H03": func(p *scheduling.Problem, _ *scheduling.Session) {
			p.Mentors[1].Busy = []scheduling.BusySpan{{Span: scheduling.Span{From: at(1, 10), To: at(1, 11)}, Kind: scheduling.Busy}}
		},
		"H04": func(p *scheduling.Problem, _ *scheduling.Session) { p.Mentors[1].Work = p.Mentors[1].Work[4:] },
		"H10": func(p *scheduling.Problem, _ *scheduling.Session) {
			p.Dependent = []scheduling.Pair{{A: "s0", B: "m1", Rule: "H10", To: ptr(at(7, 0))}}
		},
		"H11": func(p *scheduling.Problem, s *scheduling.Session) { s.Start = at(8, 10) },
		"H15": func(p *scheduling.Problem, _ *scheduling.Session) { p.Supervisors[0].MaxDaySlots = ptr(8) },
		"H16": func(p *scheduling.Problem, _ *scheduling.Session) {
			p.Mentors[1].Blocked = []scheduling.BlockedSpan{{Span: scheduling.Span{From: at(1, 0), To: at(2, 0)}}}
		},
		"H21": func(p *scheduling.Problem, s *scheduling.Session) { s.Members = []string{"m0", "m1", "s1"} },
		"H26": func(p *scheduling.Problem, s *scheduling.Session) {
			p.Supervisors[0].Langs = []string{"da", "en"}
			p.Mentors[1].Langs = []string{"en"}
		},
		"H30": func(p *scheduling.Problem, s *scheduling.Session) { p.Rounds[0].Dates = 2 },
		"H31": func(p *scheduling.Problem, s *scheduling.Session) { p.Rounds[0].Open = at(2, 0) },
		"H34": func(p *scheduling.Problem, s *scheduling.Session) {
			p.Pins = []scheduling.Pin{{Round: "P", Start: ptr(at(2, 10))}}
		},
		"H36": func(p *scheduling.Problem, s *scheduling.Session) { p.Rounds[0].Qual = "introductions" },
	} {
		p, sessions := copiedProblem(p), copied(sessions)
		change(p, &sessions.Sessions[0])
		r := check.Check(p, sessions)
		if r.Lawful() || slices.ContainsFunc(r.Violations, func(v scheduling.Violation) bool { return v.Rule != want }) {
			t.Errorf("%s: %+v", want, r.Violations)
		}
	}
}

// Standing sessions outside of the problem take part where the model says so, and never complain among themselves.
func TestTaken(t *testing.T) {
	p := cycle(4, 1, 1, individual("I1"), individual("I2"))
	p.Gap = scheduling.Gap{Min: 7 * scheduling.SlotsPerDay, Max: ptr(10 * scheduling.SlotsPerDay)}
	p.Supervisors[0].MaxDay = ptr(1)
	taken := func(kind scheduling.Kind, round string, from, to int) []scheduling.TakenSpan {
		return []scheduling.TakenSpan{{Span: scheduling.Span{From: from, To: to}, Kind: kind, Round: round}}
	}
	for _, c := range []struct {
		name               string
		mentor, supervisor []scheduling.TakenSpan
		want               []string
	}{
		{"another week", taken(scheduling.Group, "", at(0, 10), at(0, 12)), nil, nil},
		{"the supervisor's day", nil, taken(scheduling.Group, "", at(8, 14), at(8, 15)), []string{"H15"}},
		{"the supervisor's day, an introduction", nil, taken(scheduling.Introduction, "", at(8, 14), at(8, 15)), []string{"H15"}},
		{"the mentor's day", taken(scheduling.Individual, "", at(8, 14), at(8, 15)), nil, []string{"H17", "H18"}},
		{"an introduction leaves day and gap alone", taken(scheduling.Introduction, "", at(8, 14), at(8, 15)), nil, nil},
		{"an introduction at once", taken(scheduling.Introduction, "", at(8, 10.5), at(8, 15)), nil, []string{"H32"}},
		{"the gap", taken(scheduling.Group, "", at(14, 10), at(14, 12)), nil, []string{"H18"}},
		{"the order", taken(scheduling.Individual, "I2", at(1, 10), at(1, 11)), nil, []string{"H33"}},
		{"the longest gap", taken(scheduling.Individual, "I2", at(19, 10), at(19, 11)), nil, []string{"H33"}},
		{"among themselves", append(taken(scheduling.Group, "I2", at(0, 10), at(0, 12)), taken(scheduling.Group, "I1", at(0, 11), at(0, 12))...), nil, []string{"H33"}},
	} {
		p := copiedProblem(p)
		p.Mentors[0].Taken, p.Supervisors[0].Taken = c.mentor, c.supervisor
		r := check.Judge{At: []int{0}}.Check(p, plan(p, say("I1", "s0", at(8, 10), "m0")))
		if got := broken(r); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v: %+v", c.name, got, c.want, r.Violations)
		}
		if whole := check.Check(p, plan(p, say("I1", "s0", at(8, 10), "m0"), say("I2", "s0", at(15, 10), "m0"))); len(c.want) == 0 && !whole.Lawful() {
			t.Errorf("%s, in a whole plan: %+v", c.name, whole.Violations)
		}
	}
	p.Mentors[0].Taken = append(taken(scheduling.Group, "", at(1, 8), at(1, 10)), taken(scheduling.Group, "", at(1, 9), at(1, 10))...)
	p.Supervisors[0].Taken = p.Mentors[0].Taken
	if r := check.Check(p, plan(p, say("I1", "s0", at(8, 10), "m0"), say("I2", "s0", at(15, 10), "m0"))); !r.Lawful() {
		t.Errorf("standing sessions complain among themselves: %+v", r.Violations)
	}
}

// broken are the rules that a report finds broken.
func broken(r check.Report) []string {
	var out []string
	for _, v := range r.Violations {
		out = append(out, v.Rule)
	}
	return slices.Compact(out)
}

// A session at hand answers for what it takes part in, also when the later session is the one to blame, and for nothing else.
func TestSessionsAtHand(t *testing.T) {
	p := cycle(2, 4, 1, individual("I1"), individual("I2"))
	p.Supervisors[0].MaxDay = ptr(2)
	p.Pins = []scheduling.Pin{{Round: "I2", Start: ptr(0)}}
	// 0 and 1 break the supervisor's day with 2; 3 overlaps 4; m3 has no session at all, a pin is broken.
	sessions := plan(p, say("I1", "s0", at(1, 10), "m0"), say("I1", "s0", at(1, 12), "m1"), say("I1", "s0", at(1, 14), "m2"),
		say("I2", "s0", at(2, 10), "m0"), say("I2", "s0", at(2, 10.5), "m1"))
	for _, c := range []struct {
		name string
		at   []int
		want string
	}{
		{"the first of the day", []int{0}, "0: s0"},
		{"the last of the day", []int{2}, "2: s0"},
		{"two of the day are named once", []int{0, 1}, "1: s0"},
		{"one of the two at once", []int{3}, "3: s0, 3: s0"}, // H15 and H32
		{"nothing at hand", []int{}, ""},
	} {
		r := check.Judge{At: c.at}.Check(p, sessions)
		if got := named(r); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if slices.Contains(r.Rules, "H30") || len(r.Rules) != len(scheduling.ProfileField.Rules())-1 {
			t.Errorf("%s: judged %v", c.name, r.Rules)
		}
	}
	if got := broken(check.Check(p, sessions)); !slices.Equal(got, []string{"H15", "H30", "H32", "H34"}) {
		t.Errorf("the whole plan: %v", got)
	}
}

// A session without a round: no order, the cycle is the window, the length is that of any round of its kind.
func TestBookedWithoutARound(t *testing.T) {
	p := cycle(2, 4, 1, individual("I1"))
	p.Rounds[0].Open, p.Rounds[0].Close, p.Rounds[0].Dur = at(1, 0), at(2, 0), 3
	for _, c := range []struct {
		name    string
		start   int
		dur     int
		members []string
		want    []string
	}{
		{"outside of the round, inside the cycle", at(9, 10), 3, []string{"m0"}, nil},
		{"after the cycle", at(14, 10), 3, []string{"m0"}, []string{"H04", "H31"}},
		{"not as long as an individual session", at(9, 10), 4, []string{"m0"}, []string{"H25"}},
		{"a group of three by default", at(9, 10), 6, []string{"m0", "m1", "m2"}, nil},
		{"a group of two", at(9, 10), 4, []string{"m0", "m1"}, []string{"H01"}},
		{"nobody", at(9, 10), 4, nil, []string{"H01", "H25"}},
	} {
		sessions := &scheduling.Plan{Sessions: []scheduling.Session{{Members: c.members, Supervisor: "s0", Start: c.start, Dur: c.dur, Mode: scheduling.Virtual}}}
		if got := broken(check.Judge{At: []int{0}}.Check(p, sessions)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// What standing sessions do among themselves is not the plan's business; what a new one does with them is. A pin that says all
// three without standing is a wish of the manager: what keeps it is judged.
func TestStandingSessions(t *testing.T) {
	p := cycle(1, 3, 1, individual("I1"))
	p.Supervisors[0].MaxDay, p.Supervisors[0].Buffer = ptr(1), 2
	p.Mentors[0].Busy = []scheduling.BusySpan{{Span: scheduling.Span{From: at(1, 10), To: at(1, 11)}, Kind: scheduling.Busy}}
	pin := func(member string, start int) scheduling.Pin {
		return scheduling.Pin{Round: "I1", Members: []string{member}, Supervisor: "s0", Start: ptr(start)}
	}
	p.Pins = []scheduling.Pin{pin("m0", at(1, 10)), pin("m1", at(1, 11)), {Round: "I1", Members: []string{"m2"}}}
	two := []string{say("I1", "s0", at(1, 10), "m0"), say("I1", "s0", at(1, 11), "m1")}
	elsewhere, close := plan(p, append(two[:2:2], say("I1", "s0", at(2, 10), "m2"))...), plan(p, append(two[:2:2], say("I1", "s0", at(1, 9), "m2"))...)

	if got := named(check.Check(p, elsewhere)); got != "0: m0, 1: s0" {
		t.Errorf("wishes: %q", got)
	}
	p.Pins[0].Standing, p.Pins[1].Standing = true, true
	if r := check.Check(p, elsewhere); !r.Lawful() {
		t.Errorf("they stand: %+v", r.Violations)
	}
	// The new session comes first in time, yet it is the one that breaks the day, and the buffer to the first standing one.
	r := check.Check(p, close)
	if got := named(r); got != "2: s0" || !strings.Contains(r.Violations[0].Detail, "3 sessions on local day 1") {
		t.Errorf("a new one before them: %+v", r.Violations)
	}
	if got := named(check.Judge{At: []int{0}}.Check(p, close)); got != "0: s0" {
		t.Errorf("a standing one at hand, beside the new one: %q", got)
	}
	// Where the session went elsewhere nothing stands: the pin is broken, and the session is judged.
	moved := copied(elsewhere)
	moved.Sessions[0].Start = at(1, 10.5)
	if got := broken(check.Check(p, moved)); !slices.Equal(got, []string{"H03", "H15", "H32", "H34"}) {
		t.Errorf("moved: %v", got)
	}
	// Twice the same session: one of them stands.
	if got := named(check.Judge{Only: []string{"H03"}}.Check(p, plan(p, two[0], two[0]))); got != "1: m0" && got != "0: m0" {
		t.Errorf("one pin, two sessions: %q", got)
	}
}

// Standing sessions use up a limit before new ones do, whenever they are: each new one is beyond it.
func TestStandingSessionsCountFirst(t *testing.T) {
	p := cycle(1, 4, 1, individual("I1"))
	p.Supervisors[0].MaxDay = ptr(2)
	for m, start := range map[string]int{"m2": at(1, 13), "m3": at(1, 14)} {
		p.Pins = append(p.Pins, scheduling.Pin{Round: "I1", Members: []string{m}, Supervisor: "s0", Start: ptr(start), Standing: true})
	}
	sessions := plan(p, say("I1", "s0", at(1, 9), "m0"), say("I1", "s0", at(1, 10), "m1"), say("I1", "s0", at(1, 13), "m2"), say("I1", "s0", at(1, 14), "m3"))
	if got := named(check.Check(p, sessions)); got != "0: s0, 1: s0" {
		t.Errorf("%q", got)
	}
}

// A session that took place is judged by who met, never by when.
func TestRecordedSession(t *testing.T) {
	p := cycle(1, 3, 1, group("G1", scheduling.Remix))
	p.Mentors[0].PreparedAt, p.Mentors[0].Work = nil, nil
	p.Forbidden = []scheduling.Pair{{A: "m0", B: "m1", Rule: "H09"}}
	recorded := check.Judge{Only: scheduling.RecordedRules(), At: []int{0}}
	if got := broken(recorded.Check(p, plan(p, say("G1", "s0", -101, "m0", "m1", "m2")))); !slices.Equal(got, []string{"H09"}) {
		t.Errorf("%v", got)
	}
}

func TestClaimLooksAtWhatOthersMayHaveChanged(t *testing.T) {
	p := cycle(1, 1, 1, individual("I1"))
	r := check.Judge{Only: scheduling.ClaimRules()}.Check(p, plan(p, say("I1", "s0", 1, "m0")))
	if want := []string{"H15", "H17", "H18", "H32", "H33"}; !slices.Equal(r.Rules, want) || !r.Lawful() {
		t.Errorf("judged %v: %+v", r.Rules, r.Violations)
	}
}

func TestReportJSON(t *testing.T) {
	p := cycle(1, 2, 1, individual("I1"))
	p.Profile = scheduling.ProfileCore
	p.Mentors[1].Priority, p.Rounds[0].Priority = 3, 2
	sessions := plan(p, say("I1", "s0", at(1, 8), "m0"))
	sessions.Unassigned = []scheduling.Unassigned{{Mentor: "m1", Round: "I1", Reason: "unknown"}}
	if twice := copied(sessions); check.Check(p, twice).Medium != 6 {
		t.Error("one unassigned mentor costs priority × priority")
	} else if twice.Unassigned = append(twice.Unassigned, twice.Unassigned[0]); check.Check(p, twice).Medium != 6 {
		t.Error("who is listed twice costs twice")
	}
	b, err := json.Marshal(check.Check(p, sessions))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"hard":0,"medium":6,"soft":11,` +
		`"terms":{"change":0,"cont":0,"day":1,"dup":0,"fair":0,"mix":0,"over":0,"pref":8,"sen":0,"size":0},` +
		`"rules":["H01","H02","H03","H04","H05","H06","H07","H08","H09","H10","H15","H18","H22","H23","H26","H30","H31","H32","H33","H34","H36"],"violations":[]}`
	if diff := cmp.Diff(want, string(b)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var back check.Report
	if err := json.NewDecoder(bytes.NewReader(b)).Decode(&back); err != nil || back.Medium != 6 || back.Terms["pref"] != 8 || !back.Lawful() {
		t.Errorf("it comes back as %+v, %v", back, err)
	}
}

// In profile core a session is as long as its round, whatever the plan says.
func TestCoreHasFixedLengths(t *testing.T) {
	p := cycle(1, 1, 1, individual("I1"))
	p.Profile = scheduling.ProfileCore
	sessions := plan(p, say("I1", "s0", at(1, 16.5), "m0"))
	sessions.Sessions[0].Dur = 1
	if got := broken(check.Check(p, sessions)); !slices.Equal(got, []string{"H04"}) {
		t.Errorf("%v", got)
	}
}
