package solve_test

import (
	"testing"

	"kreds/scheduling"
	"kreds/scheduling/solve"
)

// Where four would need more time than anybody has in the second closed round, three meet, although the first closed round
// lasts as long for four as for three.
func TestASmallerGroupIsTriedWhereALaterRoundIsShorterForIt(t *testing.T) {
	p := cycle(2, 4, 1, group("G1", scheduling.Closed), group("G2", scheduling.Closed))
	p.Rounds[0].Dur, p.Rounds[0].DurBySize = 8, nil
	p.Rounds[0].Close, p.Rounds[1].Open = at(7, 0), at(7, 0)
	for i := range p.Mentors {
		p.Mentors[i].Work = []scheduling.Span{hours(1, 9, 12), hours(8, 9, 10.5)}
	}
	p.Forbidden = []scheduling.Pair{{A: "m1", B: "m2", Rule: "H22"}} // so that not any three can meet
	for seed := range uint64(12) {
		r := planned(t, p, solve.Options{Seed: seed, Iterations: []int{0}})
		lawful(t, p, r)
		if len(r.Plan.Sessions) != 2 || len(r.Unplaced) != 2 {
			t.Errorf("seed %d: %d sessions, without one are %v", seed, len(r.Plan.Sessions), r.Plan.Unassigned)
		}
	}
}
