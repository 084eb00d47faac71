package solve_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"kreds/instance"
	"kreds/instance/scenario"
	"kreds/scheduling"
	"kreds/scheduling/check"
	"kreds/scheduling/family"
	"kreds/scheduling/solve"
)

// All people of these cases live in a zone one hour ahead of UTC; day 0 is Monday 1 February 2027.

// at is the slot of a local hour, such as 10 or 10.5, of a local day.
func at(day int, hour float64) int { return day*scheduling.SlotsPerDay + int(4*hour) - 4 }

// hours is the span from one local hour of a day to another.
func hours(day int, from, to float64) scheduling.Span {
	return scheduling.Span{From: at(day, from), To: at(day, to)}
}

func ptr(n int) *int { return &n }

// cycle is a frame for cases: everybody works Mon–Fri 08–17, speaks Danish and was prepared long ago; no gaps, no limits.
func cycle(weeks, mentors, supervisors int, rounds ...scheduling.Round) *scheduling.Problem {
	p := &scheduling.Problem{
		Version: scheduling.Version, Name: "case", Profile: scheduling.ProfileField, SlotMin: 15, CycleStart: time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC),
		Weeks: weeks, StartStep: 2, Rounds: rounds, Size: scheduling.Size{Min: 3, Max: 5, Target: 4},
		Mix: scheduling.MixUnit, Credit: scheduling.ClockTime, OrgRule: scheduling.OrgRule{Kind: scheduling.OrgAny}, MaxPerDay: 1,
	}
	for i := range p.Rounds {
		if p.Rounds[i].Close == 0 {
			p.Rounds[i].Close = weeks * scheduling.SlotsPerWeek
		}
	}
	person := func(id string) scheduling.Person {
		q := scheduling.Person{ID: id, Off: []scheduling.Offset{{At: 0, Offset: 4}}, Org: "A", Unit: "U", Langs: []string{"da"}, Exp: 3, Seniority: 2}
		for day := range 7 * weeks {
			if day%7 < 5 {
				q.Work = append(q.Work, hours(day, 8, 17))
			}
		}
		return q
	}
	for i := range mentors {
		p.Mentors = append(p.Mentors, scheduling.Mentor{Person: person(fmt.Sprintf("m%d", i)), PreparedAt: ptr(-scheduling.SlotsPerWeek), Priority: 1})
	}
	for i := range supervisors {
		p.Supervisors = append(p.Supervisors, scheduling.Supervisor{Person: person(fmt.Sprintf("s%d", i)), Share: 1})
	}
	return p
}

func introduction(id string, dates int) scheduling.Round {
	return scheduling.Round{ID: id, Kind: scheduling.Introduction, Dur: 6, Dates: dates, Priority: 1}
}

func individual(id string) scheduling.Round {
	return scheduling.Round{ID: id, Kind: scheduling.Individual, Dur: 4, Priority: 1}
}

func group(id string, g scheduling.Grouping) scheduling.Round {
	return scheduling.Round{ID: id, Kind: scheduling.Group, Grouping: g, DurBySize: map[string]int{"3": 6, "4": 8, "5": 10}, Priority: 1}
}

// with changes a problem and gives it back.
func with(p *scheduling.Problem, change func(*scheduling.Problem)) *scheduling.Problem {
	change(p)
	return p
}

// generate makes the instance of a family, or of a scenario.
func generate(t testing.TB, name string, seed uint64) *scheduling.Problem {
	t.Helper()
	s, err := scenario.Named(name)
	if err != nil {
		p, err := family.Generate(name, seed)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	facts, err := s.Facts(s.Cycle.Span.From.AddDays(-21).Midnight(time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	built, err := instance.Build(facts)
	if err != nil {
		t.Fatal(err)
	}
	built.Problem.Name = name
	return built.Problem
}

// failing is what tests and properties have in common.
type failing interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// planned searches for a plan, and holds the result against the law.
func planned(t failing, p *scheduling.Problem, o solve.Options) solve.Result {
	t.Helper()
	r, err := solve.Solve(context.Background(), p, o)
	if err != nil {
		t.Fatalf("%s: %v", p.Name, err)
	}
	judged(t, p, r)
	return r
}

// judged holds a result against the law, and gives the law's report.
func judged(t failing, p *scheduling.Problem, r solve.Result) check.Report {
	t.Helper()
	if err := r.Plan.Validate(p); err != nil {
		t.Fatalf("%s: the plan has not the form of plans: %v", p.Name, err)
	}
	report := check.Check(p, &r.Plan)
	if report.Score != r.Score || report.Score != r.Plan.Score {
		t.Errorf("%s: the law says %v, the result %v, the plan %v", p.Name, report.Score, r.Score, r.Plan.Score)
	}
	if len(r.Unplaced) != len(r.Plan.Unassigned) {
		t.Errorf("%s: %d unplaced, %d unassigned", p.Name, len(r.Unplaced), len(r.Plan.Unassigned))
	}
	for i, u := range r.Unplaced {
		n := r.Plan.Unassigned[i]
		if u.Mentor != n.Mentor || u.Round != n.Round || u.Removed[len(u.Removed)-1].Rule != n.Reason {
			t.Errorf("%s: %v is told of as %v", p.Name, u, n)
		}
	}
	return report
}

// lawful asks for a plan that breaks no rule.
func lawful(t failing, p *scheduling.Problem, r solve.Result) {
	t.Helper()
	if report := judged(t, p, r); !report.Lawful() {
		t.Errorf("%s: the plan is not lawful: %+v", p.Name, report.Violations)
	}
}

// written is the plan as a file holds it.
func written(t testing.TB, r solve.Result) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := scheduling.EncodePlan(&b, &r.Plan); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
