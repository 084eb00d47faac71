package check_test

import (
	"fmt"
	"slices"
	"testing"

	"kreds/scheduling"
	"kreds/scheduling/check"
)

// Small internal pilots: how many of the ways to split the mentors into two groups are lawful.
func TestLawfulSplits(t *testing.T) {
	for _, c := range []struct {
		name    string
		mentors int
		apart   []scheduling.Pair
		splits  int // of lawful sizes
		lawful  []string
	}{
		{"m0 manages m1, m3 manages m2's mentee", 6,
			[]scheduling.Pair{{A: "m0", B: "m1", Rule: "H05"}, {A: "m2", B: "m3", Rule: "H07"}}, 10,
			[]string{"[m0 m2 m4]", "[m0 m2 m5]", "[m0 m3 m4]", "[m0 m3 m5]"}},
		{"m0 manages m1 to m4", 7, managed(4), 35, []string{"[m0 m5 m6]"}},
		{"m0 manages m1 to m5", 7, managed(5), 35, nil},
		{"the six without m0", 6, nil, 10, []string{
			"[m0 m1 m2]", "[m0 m1 m3]", "[m0 m1 m4]", "[m0 m1 m5]", "[m0 m2 m3]", "[m0 m2 m4]", "[m0 m2 m5]", "[m0 m3 m4]", "[m0 m3 m5]", "[m0 m4 m5]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := cycle(1, c.mentors, 1, group("G1", scheduling.Remix))
			p.Forbidden = c.apart
			splits := 0
			var lawful []string
			for set := range 1 << c.mentors {
				var in, out []string // m0 sits in the first group: a split counts once
				for i := range c.mentors {
					if id := fmt.Sprintf("m%d", i); set>>i&1 == 1 {
						in = append(in, id)
					} else {
						out = append(out, id)
					}
				}
				if set&1 == 0 || len(out) == 0 {
					continue
				}
				r := check.Check(p, plan(p, say("G1", "s0", at(1, 9), in...), say("G1", "s0", at(2, 9), out...)))
				if bySize := min(len(in), len(out)) >= 3; bySize {
					splits++
				} else if r.Lawful() {
					t.Errorf("%v and %v are not of lawful sizes", in, out)
				}
				if r.Lawful() {
					lawful = append(lawful, fmt.Sprint(in))
				}
			}
			slices.Sort(lawful)
			if splits != c.splits || !slices.Equal(lawful, c.lawful) {
				t.Errorf("%d splits, %d lawful: %v; want %d, %d: %v", splits, len(lawful), lawful, c.splits, len(c.lawful), c.lawful)
			}
		})
	}
}

// managed are the pairs of a manager m0 and so many reports.
func managed(reports int) (pairs []scheduling.Pair) {
	for i := range reports {
		pairs = append(pairs, scheduling.Pair{A: "m0", B: fmt.Sprintf("m%d", i+1), Rule: "H05"})
	}
	return pairs
}
