package solve_test

import (
	"slices"
	"testing"

	"kreds/scheduling"
	"kreds/scheduling/check"
	"kreds/scheduling/solve"
)

// pinTo pins what a session says, as far as the fields name it.
func pinTo(s scheduling.Session, members, supervisor, start bool) scheduling.Pin {
	pin := scheduling.Pin{Round: s.Round}
	if members {
		pin.Members = slices.Clone(s.Members)
	}
	if supervisor {
		pin.Supervisor = s.Supervisor
	}
	if start {
		pin.Start = ptr(s.Start)
	}
	return pin
}

// keeps says whether a plan has a session for a pin.
func keeps(plan *scheduling.Plan, pin scheduling.Pin) bool {
	return slices.ContainsFunc(plan.Sessions, func(s scheduling.Session) bool {
		return s.Round == pin.Round && (pin.Supervisor == "" || s.Supervisor == pin.Supervisor) && (pin.Start == nil || s.Start == *pin.Start) &&
			(pin.Members == nil || slices.Equal(slices.Sorted(slices.Values(s.Members)), slices.Sorted(slices.Values(pin.Members))))
	})
}

// What is pinned from one plan stands in the next one, whichever of its fields are pinned, and the next plan is lawful.
func TestPinsStay(t *testing.T) {
	for _, name := range []string{"one24", "cross60", "full23", "s1", "s2", "s3"} {
		t.Run(name, func(t *testing.T) {
			first := planned(t, generate(t, name, 1), solve.Options{Seed: 1, Iterations: []int{300}})
			for fields := 1; fields < 8; fields++ {
				p := generate(t, name, 1)
				done := map[string]bool{}
				for i, s := range first.Plan.Sessions { // one of each round, and not always the earliest
					if !done[s.Round] && i%3 == fields%3 {
						done[s.Round] = true
						p.Pins = append(p.Pins, pinTo(s, fields&1 != 0, fields&2 != 0, fields&4 != 0))
					}
				}
				r := planned(t, p, solve.Options{Seed: 2, Iterations: []int{1500}})
				lawful(t, p, r)
				if r.Score.Medium > first.Score.Medium {
					t.Errorf("fields %03b: %d are without a session, %d were", fields, r.Score.Medium, first.Score.Medium)
				}
				for _, pin := range p.Pins {
					if !keeps(&r.Plan, pin) {
						t.Errorf("fields %03b: nobody keeps %+v", fields, pin)
					}
				}
			}
		})
	}
}

// A plan that is pinned as a whole comes back as it is.
func TestAPlanThatIsPinnedAsAWholeComesBack(t *testing.T) {
	for _, name := range []string{"one24", "full23", "s1"} {
		p := generate(t, name, 1)
		first := planned(t, p, solve.Options{Seed: 1, Iterations: []int{200}})
		for _, s := range first.Plan.Sessions {
			p.Pins = append(p.Pins, pinTo(s, true, true, true))
		}
		again := planned(t, p, solve.Options{Seed: 8, Iterations: []int{200}})
		if len(again.Plan.Sessions) != len(first.Plan.Sessions) || again.Score != first.Score {
			t.Errorf("%s: %v and %d sessions, %v and %d before", name, again.Score, len(again.Plan.Sessions), first.Score, len(first.Plan.Sessions))
		}
		if again.EndedBy != solve.Proven {
			t.Errorf("%s: ended by %s, though nothing may move", name, again.EndedBy)
		}
	}
}

// The pins of these cases contradict the law or each other. The law counts them, everybody else is planned.
func TestPinsThatCannotBeKept(t *testing.T) {
	base := func(pins ...scheduling.Pin) *scheduling.Problem {
		p := cycle(3, 6, 2, group("G1", scheduling.Remix), individual("I1"))
		p.Rounds[0].Close, p.Rounds[1].Open = scheduling.SlotsPerWeek, scheduling.SlotsPerWeek
		p.Mentors[0].Busy = []scheduling.BusySpan{{Span: hours(8, 8, 17), Kind: scheduling.Busy}}
		p.Pins = pins
		return p
	}
	for _, c := range []struct {
		name   string
		pins   []scheduling.Pin
		broken []string
	}{
		{"a session in busy time stands and is told of", []scheduling.Pin{{Round: "I1", Members: []string{"m0"}, Supervisor: "s0", Start: ptr(at(8, 10))}}, []string{"H03"}},
		{"outside of the round", []scheduling.Pin{{Round: "I1", Members: []string{"m0"}, Start: ptr(at(1, 10))}}, []string{"H34"}},
		{"beside the grid", []scheduling.Pin{{Round: "I1", Start: ptr(at(9, 10) + 1)}}, []string{"H34"}},
		{"twice the same mentor in a round", []scheduling.Pin{{Round: "I1", Members: []string{"m1"}, Supervisor: "s0"}, {Round: "I1", Members: []string{"m1"}, Supervisor: "s1"}}, []string{"H34"}},
		{"two in an individual session", []scheduling.Pin{{Round: "I1", Members: []string{"m1", "m2"}}}, []string{"H34"}},
		{"years away", []scheduling.Pin{{Round: "I1", Members: []string{"m1"}, Supervisor: "s0", Start: ptr(200 * scheduling.SlotsPerWeek)}}, []string{"H34"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := base(c.pins...)
			r := planned(t, p, solve.Options{Seed: 1, Iterations: []int{300}})
			var broken []string
			for _, v := range check.Check(p, &r.Plan).Violations {
				broken = append(broken, v.Rule)
			}
			if c.broken[0] == "H34" { // what a frozen session breaks, the law alone counts
				asTheLawCounts(t, p, solve.NewChain(p, 1, 0), 0)
			}
			if !slices.Equal(broken, c.broken) || len(r.Unplaced) > 0 {
				t.Errorf("broken %v, want %v; unplaced %v", broken, c.broken, r.Unplaced)
			}
		})
	}
}

// A seat that is pinned without members draws somebody there, even where nobody would go.
func TestAPinnedSeatIsTaken(t *testing.T) {
	p := cycle(2, 7, 3, individual("I1"), group("G1", scheduling.Remix))
	p.Rounds[0].Close, p.Rounds[1].Open = scheduling.SlotsPerWeek, scheduling.SlotsPerWeek
	p.Pins = []scheduling.Pin{
		{Round: "I1", Supervisor: "s2", Start: ptr(at(0, 8))}, {Round: "I1", Supervisor: "s2", Start: ptr(at(0, 16))}, {Round: "I1", Start: ptr(at(4, 12))},
		{Round: "G1", Supervisor: "s1", Start: ptr(at(11, 15))}, {Round: "G1", Supervisor: "s0"},
	}
	r := planned(t, p, solve.Options{Seed: 1, Iterations: []int{400}})
	lawful(t, p, r)
	if len(r.Unplaced) > 0 {
		t.Errorf("unplaced: %v", r.Unplaced)
	}
}

// A mentor whom a pin binds is not sent to a seat that another pin asks for, even where nobody else could take it.
func TestAPinnedMentorKeepsTheOwnPin(t *testing.T) {
	p := cycle(1, 3, 1, individual("I1"))
	p.Rounds[0].Close = at(1, 17)
	p.Mentors[2].Busy = []scheduling.BusySpan{{Span: hours(1, 8, 17), Kind: scheduling.Busy}}
	p.Pins = []scheduling.Pin{{Round: "I1", Members: []string{"m0"}, Start: ptr(at(0, 10))}, {Round: "I1", Members: []string{"m1"}, Start: ptr(at(0, 11))}, {Round: "I1", Start: ptr(at(1, 9))}}
	for seed := range uint64(5) {
		inMotion(t, p, seed, 60)
		r := planned(t, p, solve.Options{Seed: seed, Iterations: []int{60}})
		if r.Score.Hard != 1 || !keeps(&r.Plan, p.Pins[0]) || !keeps(&r.Plan, p.Pins[1]) {
			t.Errorf("%v: %+v", r.Score, r.Plan.Sessions)
		}
	}
}

// An introduction whose supervisor is pinned stays lawful where the supervisor is dependent for a time.
func TestAMovedIntroductionStaysLawful(t *testing.T) {
	p := cycle(2, 4, 1, introduction("P", 1))
	for i := range p.Mentors {
		p.Mentors[i].PreparedAt = nil
	}
	p.Mentors[1].Prefer = []scheduling.Span{hours(5, 8, 9)} // a Saturday: so no plan is ever good enough
	p.Pins = []scheduling.Pin{{Round: "P", Supervisor: "s0"}}
	p.Dependent = []scheduling.Pair{{A: "s0", B: "m0", Rule: "H10", From: ptr(at(3, 0))}}
	p.Forbidden = []scheduling.Pair{{A: "m1", B: "m0", Rule: "H05"}}
	for seed := range uint64(5) {
		inMotion(t, p, seed, 60)
		r := planned(t, p, solve.Options{Seed: seed, Iterations: []int{60}})
		lawful(t, p, r)
		if len(r.Unplaced) > 0 {
			t.Errorf("unplaced: %v", r.Unplaced)
		}
	}
}

// inMotion holds every plan on the way against the law.
func inMotion(t failing, p *scheduling.Problem, seed uint64, n int) {
	t.Helper()
	chain := solve.NewChain(p, seed, 0)
	for i := range n {
		asTheLawCounts(t, p, chain, i)
		chain.Step()
	}
}
