package solve_test

import (
	"testing"

	"kreds/scheduling/family"
	"kreds/scheduling/solve"
)

// searched says how many iterations an instance gets here, and how many may be without a session after them.
var searched = map[string]struct{ iterations, unplaced int }{
	"tiny12": {2000, 0}, "one24": {2000, 0}, "cross60": {1000, 0}, "cross120": {500, 0}, "dense60": {2000, 6}, "global120": {500, 0},
	"large500": {100, 0}, "large2000": {0, 0}, "near24": {3000, 0}, "near60": {2000, 0}, "infeasible24": {2000, 3}, "infeasible60": {1000, 3},
	"full23": {1000, 0}, "full120": {200, 0}, "full500": {20, 9},
	"s1": {1000, 0}, "s1a": {1000, 0}, "s1b": {1000, 2}, "s2": {1000, 0}, "s3": {1000, 0},
}

// Every plan is lawful, its score is the law's, and who has no session stands in it with a reason.
func TestEveryPlanIsLawful(t *testing.T) {
	for _, name := range append(family.Names(), "s1", "s1a", "s1b", "s2", "s3") {
		t.Run(name, func(t *testing.T) {
			due, known := searched[name]
			if !known {
				t.Fatalf("%s is new: how far shall it be searched here?", name)
			}
			p := generate(t, name, 1)
			r := planned(t, p, solve.Options{Seed: 1, Iterations: []int{due.iterations}})
			lawful(t, p, r)
			if len(r.Unplaced) > due.unplaced {
				t.Errorf("%d are without a session, %d at most were to be: %v", len(r.Unplaced), due.unplaced, r.Unplaced)
			}
		})
	}
}
