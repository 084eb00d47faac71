package solve_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"kreds/scheduling"
	"kreds/scheduling/solve"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The plan depends on the problem, the seed and the iterations; not on how many workers share the chains, nor on the machine.
func TestWorkersAndProcessorsChangeNothing(t *testing.T) {
	for _, name := range []string{"tiny12", "cross60", "infeasible24", "full23", "s2"} {
		t.Run(name, func(t *testing.T) {
			p := generate(t, name, 4)
			o := solve.Options{Seed: 9, Iterations: []int{700, 300, 900, 500}}
			o.Workers = 1
			one := written(t, planned(t, p, o))
			o.Workers = 4
			if four := written(t, planned(t, p, o)); !bytes.Equal(one, four) {
				t.Error("four workers made another plan than one")
			}
			o.Workers = 0
			before := runtime.GOMAXPROCS(3)
			three := written(t, planned(t, p, o))
			runtime.GOMAXPROCS(before)
			if !bytes.Equal(one, three) {
				t.Error("three processors made another plan than one worker")
			}
			o.Seed = 10
			if other := planned(t, p, o); bytes.Equal(one, written(t, other)) {
				t.Error("another seed made the same bytes")
			}
		})
	}
}

func TestIterationsAreForEachChain(t *testing.T) {
	p := generate(t, "one24", 1)
	for _, c := range []struct {
		name    string
		options solve.Options
		want    []int
	}{
		{"one number is one chain", solve.Options{Iterations: []int{300}}, []int{300}},
		{"each number is a chain", solve.Options{Iterations: []int{300, 0, 1000}}, []int{300, 0, 1000}},
		{"the last number is for the rest", solve.Options{Iterations: []int{300, 70}, Chains: 4}, []int{300, 70, 70, 70}},
		{"numbers beyond the chains are of no account", solve.Options{Iterations: []int{300, 70, 9}, Chains: 2}, []int{300, 70}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := planned(t, p, c.options)
			if !slices.Equal(r.Iterations, c.want) || !slices.Equal(r.Plan.Iterations, c.want) || r.EndedBy != solve.Budget {
				t.Errorf("%v in the result, %v in the plan, ended by %s; want %v, %s", r.Iterations, r.Plan.Iterations, r.EndedBy, c.want, solve.Budget)
			}
		})
	}
}

// The best of the chains is the result, whichever it is.
func TestTheBestChainWins(t *testing.T) {
	p := generate(t, "cross60", 2)
	winners := map[int]bool{}
	for seed := range uint64(6) {
		r := planned(t, p, solve.Options{Seed: seed, Iterations: []int{200, 200, 200}})
		winner, best := 0, scheduling.Score{}
		for number := range 3 {
			chain := solve.NewChain(p, seed, number)
			for range 200 {
				chain.Step()
			}
			if number == 0 || chain.Best().Compare(best) < 0 {
				winner, best = number, chain.Best()
			}
		}
		if winners[winner] = true; r.Score != best {
			t.Errorf("seed %d: %v, chain %d has %v", seed, r.Score, winner, best)
		}
	}
	if len(winners) < 2 {
		t.Errorf("only the chains %v ever win: the case proves little", winners)
	}
}

// A run that is stopped gives the plan of the iterations it had come to.
func TestAStoppedRunIsARunOfItsIterations(t *testing.T) {
	for _, name := range []string{"one24", "cross60", "near24", "full23", "s1"} {
		t.Run(name, func(t *testing.T) {
			p := generate(t, name, 2)
			ctx, stop := context.WithCancel(context.Background())
			defer stop()
			calls := 0
			r, err := solve.Solve(ctx, p, solve.Options{Seed: 6, Chains: 3, Progress: func(solve.Progress) {
				if calls++; calls == 12 {
					stop()
				}
			}})
			if err != nil {
				t.Fatal(err)
			}
			lawful(t, p, r)
			if r.EndedBy != solve.Caller || len(r.Iterations) != 3 || slices.Max(r.Iterations) == 0 {
				t.Errorf("ended by %s after %v", r.EndedBy, r.Iterations)
			}
			again := planned(t, p, solve.Options{Seed: 6, Iterations: r.Iterations})
			if !bytes.Equal(written(t, r), written(t, again)) {
				t.Errorf("stopped at %v: %v; asked for them: %v", r.Iterations, r.Score, again.Score)
			}
		})
	}
}

// A context that has ended before the search begins still gives the first plan.
func TestAnEndedContextGivesTheFirstPlan(t *testing.T) {
	p := generate(t, "cross60", 1)
	ctx, stop := context.WithCancel(context.Background())
	stop()
	r, err := solve.Solve(ctx, p, solve.Options{Seed: 1, Chains: 2})
	if err != nil {
		t.Fatal(err)
	}
	lawful(t, p, r)
	if !slices.Equal(r.Iterations, []int{0, 0}) || r.EndedBy != solve.Caller || r.Score.Medium != 0 {
		t.Errorf("%v after %v, ended by %s", r.Score, r.Iterations, r.EndedBy)
	}
}

// More iterations never make a plan worse.
func TestMoreIterationsAreNeverWorse(t *testing.T) {
	for _, name := range []string{"cross60", "dense60", "full23", "s2"} {
		p := generate(t, name, 3)
		last := planned(t, p, solve.Options{Iterations: []int{0}})
		for _, n := range []int{50, 200, 800, 3200} {
			r := planned(t, p, solve.Options{Iterations: []int{n}})
			if r.Score.Compare(last.Score) > 0 {
				t.Errorf("%s: %v after %d iterations, %v before", name, r.Score, n, last.Score)
			}
			last = r
		}
	}
}

func TestProgressOnlyComesForward(t *testing.T) {
	p := generate(t, "cross60", 1)
	var last solve.Progress
	var inside atomic.Int32
	calls := 0
	r := planned(t, p, solve.Options{Iterations: []int{2000, 1500, 1000}, Workers: 3, Progress: func(now solve.Progress) {
		if inside.Add(1) != 1 {
			t.Error("progress is told twice at once")
		}
		defer inside.Add(-1)
		if calls > 0 && (now.Iterations < last.Iterations || now.Score.Compare(last.Score) > 0) {
			t.Errorf("%+v after %+v", now, last)
		}
		last = now
		calls++
	}})
	if want := (solve.Progress{Iterations: 4500, Score: r.Score}); last != want {
		t.Errorf("the last word was %+v, want %+v", last, want)
	}
	if calls < 10 {
		t.Errorf("progress was told %d times", calls)
	}
}

// A plan that costs nothing ends the search by itself.
func TestAPlanThatCannotBeBetterEndsTheSearch(t *testing.T) {
	p := cycle(2, 3, 1, individual("I1"))
	p.Weights = map[string]int{"W01": 0}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	r, err := solve.Solve(ctx, p, solve.Options{Chains: 2})
	if err != nil {
		t.Fatal(err)
	}
	lawful(t, p, r)
	if r.EndedBy != solve.Proven || r.Score != (scheduling.Score{}) {
		t.Errorf("%v, ended by %s", r.Score, r.EndedBy)
	}
}

func TestSolveRefuses(t *testing.T) {
	ok := cycle(1, 1, 1, individual("I1"))
	for _, c := range []struct {
		name    string
		problem *scheduling.Problem
		options solve.Options
	}{
		{"a search without an end", ok, solve.Options{}},
		{"a negative budget", ok, solve.Options{Iterations: []int{5, -1}}},
		{"a problem without a form", with(cycle(1, 1, 1, individual("I1")), func(p *scheduling.Problem) { p.Mentors[0].ID = "" }), solve.Options{Iterations: []int{1}}},
	} {
		if r, err := solve.Solve(context.Background(), c.problem, c.options); err == nil {
			t.Errorf("%s: no error, but %v", c.name, r.Score)
		}
	}
}

func TestTheProblemIsNotChanged(t *testing.T) {
	for _, name := range []string{"one24", "full23"} {
		p := generate(t, name, 1)
		planned(t, p, solve.Options{Iterations: []int{300}})
		if diff := cmp.Diff(generate(t, name, 1), p); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

var update = flag.Bool("update", false, "write testdata/plans.json anew")

// The bytes of a few plans are kept, so that a change in what the search does is seen. Where it is meant, -update writes them.
func TestThePlansAreThoseWeKnow(t *testing.T) {
	got := map[string]string{}
	for _, name := range []string{"one24", "cross60", "full23"} {
		r := planned(t, generate(t, name, 1), solve.Options{Seed: 1, Iterations: []int{600, 600}})
		sum := sha256.Sum256(written(t, r))
		got[name] = hex.EncodeToString(sum[:])
	}
	file := filepath.Join("testdata", "plans.json")
	if *update {
		b, err := json.MarshalIndent(got, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(b, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	if err := json.Unmarshal(b, &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the search makes other plans (-known +now); if that is meant, run go test ./scheduling/solve -run Know -update:\n%s", diff)
	}
}
