package scenario_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"kreds/instance"
	"kreds/instance/scenario"
	"kreds/scheduling"
	"kreds/scheduling/check"
	"kreds/scheduling/solve"
	"kreds/supervision"
)

// solved is a plan that keeps every rule and places everybody, as sessions.
func solved(t *testing.T, s scenario.Scenario, iterations int) (instance.Built, []supervision.PlanSession) {
	t.Helper()
	b := build(t, s)
	r, err := solve.Solve(context.Background(), b.Problem, solve.Options{Seed: 1, Iterations: []int{iterations}})
	if err != nil {
		t.Fatal(err)
	}
	report := check.Check(b.Problem, &r.Plan)
	if report.Hard != 0 || report.Medium != 0 || len(r.Plan.Unassigned) != 0 {
		t.Fatalf("%s from %s: score %v, %v, %v", s.Name, s.Cycle.Span.From, report.Score, report.Violations, r.Plan.Unassigned)
	}
	n := 0
	return b, b.Sessions(&r.Plan, func() (id supervision.PlanSessionID) {
		n++
		id[14], id[15] = byte(n>>8), byte(n)
		return id
	})
}

// ofKind counts sessions by kind.
func ofKind(s scenario.Scenario, plan []supervision.PlanSession) map[supervision.RoundKind]int {
	kinds := map[supervision.RoundKind]int{}
	for _, p := range plan {
		kinds[roundOf(s, p).Kind]++
	}
	return kinds
}

func roundOf(s scenario.Scenario, p supervision.PlanSession) supervision.Round {
	return s.Rounds[slices.IndexFunc(s.Rounds, func(r supervision.Round) bool { return r.ID == p.Round })]
}

// splits counts the ways to split the mentors of a problem into two groups of three to five, and those that the law allows.
func splits(b instance.Built) (lawful, all int) {
	n := len(b.Problem.Mentors)
	g := b.Problem.Rounds[2]
	var who check.Judge // who may sit together, never when
	who.Only = scheduling.RecordedRules()
	for set := range 1 << n {
		members := [2][]string{}
		for i, m := range b.Problem.Mentors {
			members[set>>i&1] = append(members[set>>i&1], m.ID)
		}
		if set&1 == 1 || len(members[0]) < 3 || len(members[1]) < 3 { // m0 sits in the first group: a split counts once
			continue
		}
		all++
		plan := scheduling.Plan{}
		for i, of := range members {
			plan.Sessions = append(plan.Sessions, scheduling.Session{Round: g.ID, Group: fmt.Sprint(i), Members: of, Supervisor: "s0", Start: g.Open, Dur: 6, Mode: scheduling.Virtual})
		}
		if who.Check(b.Problem, &plan).Lawful() {
			lawful++
		}
	}
	return lawful, all
}

func TestS1LawfulSplits(t *testing.T) {
	for v, want := range map[scenario.Variant][2]int{scenario.Plain: {4, 10}, scenario.FourReports: {1, 35}, scenario.FiveReports: {0, 35}} {
		lawful, all := splits(build(t, scenario.S1(v)))
		if [2]int{lawful, all} != want {
			t.Errorf("variant %d: %d of %d splits are lawful, want %v", v, lawful, all, want)
		}
	}
	s := scenario.S1(scenario.FiveReports)
	s.Enrolments = s.Enrolments[1:] // m0 has moved to the individual format
	if lawful, all := splits(build(t, s)); lawful != 10 || all != 10 {
		t.Errorf("the six without m0: %d of %d", lawful, all)
	}
}

func TestS1Figures(t *testing.T) {
	s := scenario.S1(scenario.Plain)
	_, plan := solved(t, s, 500)
	attendances, hours := 0, 0.0
	for _, p := range plan {
		attendances += len(p.Mentors) + 1
		hours += p.End.Sub(p.Start).Hours()
	}
	if k := ofKind(s, plan); len(plan) != 17 || k["introduction"] != 1 || k["individual"] != 12 || k["group"] != 4 || attendances != 47 || hours != 19.5 {
		t.Errorf("%d sessions %v, %d attendances, %.1f hours", len(plan), k, attendances, hours)
	}
	for _, p := range plan {
		if roundOf(s, p).Kind != "introduction" && p.Start.Before(supervision.MustDate("2027-02-15").Midnight(time.UTC).Add(-time.Hour)) {
			t.Errorf("a session on %s, when the pairs have not met for a fortnight", p.Start)
		}
	}
}

func TestS2Figures(t *testing.T) {
	s := scenario.S2()
	for i, want := range []string{"2027-02-28", "2027-04-23", "2027-06-16", "2027-08-09", "2027-10-02"} {
		if r := s.Rounds[i+1]; r.Target.String() != want || r.Window.From != r.Target.AddDays(-14) || r.Window.To != r.Target.AddDays(14) {
			t.Errorf("round %d: target %s, window %s to %s, want %s ± 14 days", i+1, r.Target, r.Window.From, r.Window.To, want)
		}
	}
	units := map[string]int{}
	for _, e := range s.Enrolments {
		p, _ := s.Person(e.Mentor)
		units[p.Unit]++
	}
	if units["Sales"] != 9 || units["Research"] != 8 || units["Human Resources"] != 4 || units["Legal"] != 2 {
		t.Errorf("departments %v", units)
	}

	_, plan := solved(t, s, 3000)
	if k := ofKind(s, plan); len(plan) != 66 || k["introduction"] != 2 || k["individual"] != 46 || k["group"] != 18 {
		t.Errorf("%d sessions %v", len(plan), k)
	}
	sizes, hours := map[string]int{}, 0.0
	for _, p := range plan {
		if hours += p.End.Sub(p.Start).Hours(); p.Group != "" {
			sizes[p.Group] = len(p.Mentors)
		}
		day := supervision.DateOf(p.Start)
		for _, off := range [][2]string{{"03-25", "03-29"}, {"05-06", "05-06"}, {"05-17", "05-17"}, {"07-12", "08-01"}, {"10-18", "10-24"}} {
			if (supervision.Days{From: supervision.MustDate("2027-" + off[0]), To: supervision.MustDate("2027-" + off[1])}).Holds(day) {
				t.Errorf("a session on %s", day)
			}
		}
		if r := roundOf(s, p); !r.Window.Holds(day) {
			t.Errorf("a session of round %d on %s", r.Position, day)
		}
	}
	var of []int
	for _, n := range sizes {
		of = append(of, n)
	}
	slices.Sort(of)
	if !slices.Equal(of, []int{3, 4, 4, 4, 4, 4}) || hours != 83.5 {
		t.Errorf("groups of %v, %.1f hours", of, hours)
	}
}

// S2 can be planned from any week on: the clocks are moved in other rounds then, or in none.
func TestS2FromEightStartDates(t *testing.T) {
	for _, weeks := range []int{-5, 2, 4, 8, 13, 26, 35, 52} {
		solved(t, scenario.S2().Shift(weeks), 1500)
	}
}

// oneOfEach counts the ways to split all mentors into groups of four without a forbidden pair, in which so many seats repeat a firm of
// their group.
func oneOfEach(p *scheduling.Problem, repeats int) int {
	apart := map[[2]string]bool{}
	for _, f := range p.Forbidden {
		apart[[2]string{f.A, f.B}], apart[[2]string{f.B, f.A}] = true, true
	}
	taken := make([]bool, len(p.Mentors))
	var fill func(members []int, left, repeats int) int
	fill = func(members []int, left, repeats int) int {
		if left == 0 {
			if repeats == 0 {
				return 1
			}
			return 0
		}
		from := 0
		if len(members) == 4 {
			members = nil
		}
		if len(members) > 0 {
			from = members[len(members)-1] + 1
		}
		n := 0
		for i := from; i < len(p.Mentors); i++ {
			if taken[i] {
				continue
			}
			again := 0
			lawful := true
			for _, o := range members {
				lawful = lawful && !apart[[2]string{p.Mentors[i].ID, p.Mentors[o].ID}]
				if p.Mentors[i].Org == p.Mentors[o].Org {
					again = 1
				}
			}
			if lawful && again <= repeats {
				taken[i] = true
				n += fill(append(slices.Clone(members), i), left-1, repeats-again)
				taken[i] = false
			}
			if len(members) == 0 {
				break // the first of those who are left opens a group: a split counts once
			}
		}
		return n
	}
	return fill(nil, len(p.Mentors), repeats)
}

func TestS3LawfulSplits(t *testing.T) {
	s := scenario.S3()
	free := s
	free.Lines = nil
	if n := oneOfEach(build(t, free).Problem, 0); n != 20736 {
		t.Errorf("%d splits with one of each firm, want 20736", n)
	}
	if n := oneOfEach(build(t, s).Problem, 0); n != 15552 {
		t.Errorf("%d when a1 and b1 sit apart, want 15552", n)
	}
	rivals := s
	rivals.Organisations = slices.Clone(s.Organisations)
	for i := range rivals.Organisations {
		if key := rivals.Organisations[i].ExternalID; key == "firm-d" || key == "firm-e" {
			rivals.Organisations[i].Competitors = []string{"same market"}
		}
	}
	if n := oneOfEach(build(t, rivals).Problem, 0); n != 0 {
		t.Errorf("%d when D and E compete, want none", n)
	}
	if n := oneOfEach(build(t, rivals).Problem, 1); n != 10368 {
		t.Errorf("%d when D and E compete, too, and one seat repeats a firm, want 10368", n)
	}
}

func TestS3LearningDay(t *testing.T) {
	s := scenario.S3()
	if r := s.Rounds[2]; r.Target != scenario.LearningDay || r.Window != (supervision.Days{From: scenario.LearningDay, To: scenario.LearningDay}) || !r.InPerson || r.Site == "" {
		t.Errorf("the first group round: %+v", r)
	}
	if w := s.Rounds[0].Window; w.From.String() != "2027-03-01" || w.To.String() != "2027-03-12" {
		t.Errorf("the introduction lies in %v", w)
	}
	_, plan := solved(t, s, 500)
	led := map[supervision.PersonID]int{}
	on := 0
	for _, p := range plan {
		if supervision.DateOf(p.Start) == scenario.LearningDay {
			on++
			led[p.Supervisor]++
			if p.Mode != supervision.InPerson || p.End.Sub(p.Start) != 2*time.Hour || len(p.Mentors) != 4 {
				t.Errorf("on the learning day: %+v", p)
			}
		}
	}
	if on != 4 || len(led) != 2 {
		t.Errorf("%d sessions on the learning day, led by %v", on, led)
	}
	for p, n := range led {
		if n > 2 {
			t.Errorf("%s leads %d sessions", p, n)
		}
	}
	if k := ofKind(s, plan); len(plan) != 29 || k["individual"] != 16 || k["group"] != 12 {
		t.Errorf("%d sessions %v", len(plan), k)
	}
}

// No plan of a scenario has anybody in a session but mentors and one supervisor.
func TestNobodyElseTakesPart(t *testing.T) {
	for _, s := range []scenario.Scenario{scenario.S1(scenario.Plain), scenario.S1(scenario.FourReports), scenario.S3()} {
		_, plan := solved(t, s, 300)
		for _, p := range plan {
			for _, m := range p.Mentors {
				if !slices.ContainsFunc(s.Enrolments, func(e supervision.Enrolment) bool { return e.Mentor == m }) {
					t.Errorf("%s: %s is no mentor", s.Name, m)
				}
			}
			if !slices.ContainsFunc(s.Assignments, func(a supervision.Assignment) bool { return a.Supervisor == p.Supervisor }) {
				t.Errorf("%s: %s is no supervisor", s.Name, p.Supervisor)
			}
		}
	}
}
