package check_test

import (
	"fmt"
	"slices"
	"testing"

	"kreds/scheduling"
	"kreds/scheduling/check"
)

// programme is a whole cycle with a lawful plan: eight mentors of two organisations, two supervisors, an introduction on two
// dates, then an individual, two closed group rounds and an individual one, three weeks apart.
func programme() (*scheduling.Problem, *scheduling.Plan) {
	p := cycle(16, 8, 3, introduction("P", 2), individual("I1"), group("G1", scheduling.Closed), group("G2", scheduling.Closed), individual("I2"))
	p.Gap = scheduling.Gap{Min: 14 * scheduling.SlotsPerDay, Max: ptr(35 * scheduling.SlotsPerDay)}
	p.Size.Target = 4
	for i, week := range []int{0, 2, 5, 8, 11} {
		r := &p.Rounds[i]
		r.Open, r.Close, r.Target = at(7*week, 0), at(7*week+14, 0), at(7*week+3, 12)
	}
	for i := range p.Mentors {
		m := &p.Mentors[i]
		m.PreparedAt, m.Earliest, m.Latest = nil, ptr(at(10, 0)), ptr(at(100, 0))
		m.Org, m.Unit = []string{"A", "B"}[i%2], []string{"U", "V", "W"}[i%3]
		m.Busy = []scheduling.BusySpan{{Span: scheduling.Span{From: at(20, 9), To: at(20, 12)}, Kind: scheduling.Busy}}
		m.Blocked = []scheduling.BlockedSpan{{Span: scheduling.Span{From: at(21, 0), To: at(22, 0)}, Reason: "holiday"}}
	}
	for i := range p.Supervisors {
		s := &p.Supervisors[i]
		s.Buffer, s.MaxDay, s.MaxDaySlots, s.MaxWeek, s.Qual, s.Admits = 1, ptr(5), ptr(24), ptr(12), []string{"basic"}, []string{"A", "B"}
	}
	p.Supervisors[2].Admits = []string{"C"}
	p.Rounds[2].Qual, p.Rounds[3].Qual = "basic", "basic"
	p.Forbidden = []scheduling.Pair{{A: "m0", B: "m4", Rule: "H05"}, {A: "m1", B: "m5", Rule: "H22"}}
	p.Dependent = []scheduling.Pair{{A: "s0", B: "m7", Rule: "H10"}}
	p.Pins = []scheduling.Pin{{Round: "I1", Members: []string{"m0"}, Supervisor: "s0"}, {Round: "G1", Start: ptr(at(36, 9))}}

	four := func(from int) (out []string) {
		for i := from; i < from+4; i++ {
			out = append(out, fmt.Sprintf("m%d", i))
		}
		return out
	}
	sessions := []string{say("P", "s0", at(1, 9), four(0)...), say("P", "s1", at(1, 9), four(4)...)}
	for round, week := range map[string]int{"I1": 2, "I2": 11} {
		for i := range 8 {
			day := 7*week + 1 + i%4
			sessions = append(sessions, say(round, fmt.Sprintf("s%d", i/4), at(day, 9+float64(i%4)), fmt.Sprintf("m%d", i)))
		}
	}
	slices.Sort(sessions)
	for _, round := range []struct {
		id  string
		day int
	}{{"G1", 36}, {"G2", 57}} {
		sessions = append(sessions, say(round.id+"/a", "s0", at(round.day, 9), four(0)...), say(round.id+"/b", "s1", at(round.day, 9), four(4)...))
	}
	return p, plan(p, sessions...)
}

// In a lawful plan each of these changes breaks the rule it is planted for, and the checker says so.
func TestPlantedViolationsAreFound(t *testing.T) {
	p, lawful := programme()
	if r := check.Check(p, lawful); !r.Lawful() {
		t.Fatalf("the plan itself: %+v", r.Violations)
	}
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	if err := lawful.Validate(p); err != nil {
		t.Fatal(err)
	}
	type planted func(*scheduling.Problem, *scheduling.Plan)
	of := func(plan *scheduling.Plan, round string, n int) *scheduling.Session {
		for i := range plan.Sessions {
			if plan.Sessions[i].Round == round {
				if n == 0 {
					return &plan.Sessions[i]
				}
				n--
			}
		}
		t.Fatalf("round %s has not so many sessions", round)
		return nil
	}
	pair := func(rule string) planted {
		return func(p *scheduling.Problem, _ *scheduling.Plan) {
			p.Forbidden = append(p.Forbidden, scheduling.Pair{A: "m3", B: "m2", Rule: rule})
		}
	}
	swap := func(round string) planted { // the first members of the round's two groups
		return func(_ *scheduling.Problem, plan *scheduling.Plan) {
			a, b := of(plan, round, 0), of(plan, round, 1)
			a.Members[0], b.Members[0] = b.Members[0], a.Members[0]
		}
	}
	mutations := map[string]planted{
		"H01": func(_ *scheduling.Problem, plan *scheduling.Plan) {
			for _, round := range []string{"G1", "G2"} {
				a, b := of(plan, round, 0), of(plan, round, 1)
				a.Members, b.Members = append(a.Members, b.Members[:2]...), b.Members[2:]
			}
		},
		"H02": func(_ *scheduling.Problem, plan *scheduling.Plan) {
			s := of(plan, "I1", 1)
			s.Members = append(s.Members, "m5")
		},
		"H03": func(_ *scheduling.Problem, plan *scheduling.Plan) { of(plan, "I1", 0).Start = at(20, 11.5) },
		"H04": func(_ *scheduling.Problem, plan *scheduling.Plan) { of(plan, "I1", 0).Start = at(15, 16.5) },
		"H05": func(p *scheduling.Problem, plan *scheduling.Plan) {
			swap("G1")(p, plan)
			swap("G2")(p, plan)
			p.Forbidden[0].B = "m5"
		},
		"H06": pair("H06"), "H07": pair("H07"), "H08": pair("H08"), "H09": pair("H09"), "H23": pair("H23"),
		"H10": func(_ *scheduling.Problem, plan *scheduling.Plan) {
			of(plan, "P", 0).Supervisor, of(plan, "P", 1).Supervisor = "s1", "s0"
		},
		"H11": func(_ *scheduling.Problem, plan *scheduling.Plan) {
			of(plan, "P", 0).Start, of(plan, "P", 1).Start = at(14, 9), at(14, 10.5)
		},
		"H13": func(p *scheduling.Problem, _ *scheduling.Plan) { p.Mentors[2].Earliest = ptr(at(30, 0)) },
		"H15": func(_ *scheduling.Problem, plan *scheduling.Plan) {
			of(plan, "I1", 1).Start = of(plan, "I1", 0).Start + 4
		},
		"H16": func(_ *scheduling.Problem, plan *scheduling.Plan) { of(plan, "I1", 0).Start = at(21, 9) },
		"H17": func(p *scheduling.Problem, plan *scheduling.Plan) { of(plan, "I1", 0).Start = at(36, 14) },
		"H18": func(_ *scheduling.Problem, plan *scheduling.Plan) { of(plan, "I1", 0).Start = at(23, 9) },
		"H20": swap("G2"),
		"H21": func(_ *scheduling.Problem, plan *scheduling.Plan) { of(plan, "G1", 0).Members[1] = "s2" },
		"H22": func(p *scheduling.Problem, plan *scheduling.Plan) { swap("G1")(p, plan); p.Forbidden[1].B = "m4" },
		"H25": func(_ *scheduling.Problem, plan *scheduling.Plan) { of(plan, "G1", 1).Dur++ },
		"H26": func(p *scheduling.Problem, _ *scheduling.Plan) { p.Mentors[6].Langs = []string{"en"} },
		"H30": func(_ *scheduling.Problem, plan *scheduling.Plan) {
			plan.Sessions = plan.Sessions[:len(plan.Sessions)-1]
		},
		"H31": func(_ *scheduling.Problem, plan *scheduling.Plan) { of(plan, "I2", 3).Start++ },
		"H32": func(_ *scheduling.Problem, plan *scheduling.Plan) {
			of(plan, "I1", 1).Start = of(plan, "I1", 0).Start + 2
		},
		"H33": func(_ *scheduling.Problem, plan *scheduling.Plan) {
			a, b := of(plan, "I1", 4), of(plan, "I2", 4)
			a.Start, b.Start = b.Start, a.Start
		},
		"H34": func(_ *scheduling.Problem, plan *scheduling.Plan) { of(plan, "I1", 0).Supervisor = "s1" },
		"H36": func(_ *scheduling.Problem, plan *scheduling.Plan) { of(plan, "I2", 2).Supervisor = "s2" },
	}
	for _, id := range scheduling.ProfileField.Rules() {
		plant := mutations[id]
		if plant == nil {
			t.Errorf("nothing is planted for %s", id)
			continue
		}
		p, plan := copiedProblem(p), copied(lawful)
		plant(p, plan)
		r := check.Check(p, plan)
		if !slices.Contains(broken(r), id) {
			t.Errorf("%s is planted, found is %v", id, broken(r))
		}
		if only := (check.Judge{Only: []string{id}}).Check(p, plan); only.Lawful() || !slices.Equal(broken(only), []string{id}) {
			t.Errorf("%s alone: %v", id, broken(only))
		}
		without := slices.DeleteFunc(scheduling.ProfileField.Rules(), func(other string) bool { return other == id })
		if rest := (check.Judge{Only: without}).Check(p, plan); slices.Contains(broken(rest), id) {
			t.Errorf("%s is not judged and yet found", id)
		}
	}
	if len(mutations) != len(scheduling.ProfileField.Rules()) {
		t.Errorf("%d mutations for %d rules", len(mutations), len(scheduling.ProfileField.Rules()))
	}
	if r := check.Check(p, lawful); !r.Lawful() {
		t.Errorf("the mutations have changed the plan itself: %+v", r.Violations)
	}
}

// BenchmarkCheck judges a whole cycle of eight mentors: 22 sessions, 80 working days each.
func BenchmarkCheck(b *testing.B) {
	p, q := programme()
	for b.Loop() {
		check.Check(p, q)
	}
}
