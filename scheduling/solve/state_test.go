package solve_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kreds/scheduling"
	"kreds/scheduling/check"
	"kreds/scheduling/solve"
)

// steps are the instances on which the plan in motion is looked at, and how many iterations.
var steps = []struct {
	name string
	n    int
}{
	{"tiny12", 600}, {"one24", 400}, {"cross60", 200}, {"dense60", 200}, {"near24", 400}, {"infeasible24", 400}, {"full23", 300}, {"full120", 60},
	{"s1", 400}, {"s1b", 300}, {"s2", 300}, {"s3", 300},
}

// The counts that the search keeps while it moves are those of the law, term by term, and every plan on the way is lawful.
func TestThePlanInMotionIsCountedAsTheLawCounts(t *testing.T) {
	for _, c := range steps {
		t.Run(c.name, func(t *testing.T) {
			p := generate(t, c.name, 1)
			chain := solve.NewChain(p, 5, 0)
			for i := range c.n {
				asTheLawCounts(t, p, chain, i)
				chain.Step()
			}
			chain.Restore()
			asTheLawCounts(t, p, chain, c.n)
			if chain.Score() != chain.Best() {
				t.Errorf("restored to %v, the best was %v", chain.Score(), chain.Best())
			}
		})
	}
}

func asTheLawCounts(t failing, p *scheduling.Problem, chain solve.Chain, i int) {
	t.Helper()
	plan := chain.Plan()
	report := check.Check(p, &plan)
	if report.Score != chain.Score() {
		t.Fatalf("after %d iterations the law says %v, the search %v: %+v", i, report.Score, chain.Score(), report.Violations)
	}
	if diff := cmp.Diff(report.Terms, chain.Terms()); diff != "" {
		t.Fatalf("after %d iterations (-law +search):\n%s", i, diff)
	}
}

// What a chain keeps about its plan is what a fresh count gives, after any number of moves.
func TestThePlanInMotionEqualsAFreshOne(t *testing.T) {
	for _, c := range steps {
		t.Run(c.name, func(t *testing.T) {
			chain := solve.NewChain(generate(t, c.name, 2), 6, 0)
			for range 15 {
				sameDump(t, chain.Fresh(), chain.Dump())
				for range 1 + c.n/15 {
					chain.Step()
				}
			}
		})
	}
}

// A move that is taken back leaves no trace.
func TestWhatIsTakenBackLeavesNoTrace(t *testing.T) {
	for _, c := range steps {
		t.Run(c.name, func(t *testing.T) {
			chain := solve.NewChain(generate(t, c.name, 3), 7, 0)
			for range 15 {
				before := chain.Dump()
				for range 1 + c.n/100 {
					chain.StepAndTakeBack()
				}
				sameDump(t, before, chain.Dump())
				chain.Step()
			}
		})
	}
}

// The best plan comes back whole: at the beginning it is the plan in motion.
func TestTheBestPlanComesBackWhole(t *testing.T) {
	for _, c := range steps {
		p := generate(t, c.name, 2)
		for i, r := range p.Rounds { // a pinned group, and a date of an introduction
			if i < 2 && r.Kind == scheduling.Introduction {
				p.Pins = append(p.Pins, scheduling.Pin{Round: r.ID, Supervisor: p.Supervisors[0].ID})
			}
		}
		chain := solve.NewChain(p, 6, 0)
		before := chain.Dump()
		chain.Restore()
		sameDump(t, before, chain.Dump())
	}
}

// sameDump compares all that two chains keep.
func sameDump(t failing, want, got solve.Dump) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
		t.Fatalf("-want +got:\n%s", diff)
	}
}
