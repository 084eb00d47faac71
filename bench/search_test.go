//go:build unix

package bench_test

import (
	"context"
	"slices"
	"syscall"
	"testing"
	"time"

	"kreds/scheduling"
	"kreds/scheduling/check"
	"kreds/scheduling/family"
	"kreds/scheduling/solve"
)

// cases are the families, and how many iterations take about a second or two.
var cases = []struct {
	name       string
	iterations int
}{
	{"one24", 250_000}, {"cross120", 150_000}, {"large500", 40_000}, {"full23", 120_000}, {"full120", 60_000}, {"full500", 20_000},
}

func instance(b *testing.B, name string) *scheduling.Problem {
	b.Helper()
	p, err := family.Generate(name, 1)
	if err != nil {
		b.Fatal(err)
	}
	return p
}

// search gives the processor time that a search takes, the first plan included. The plan must be lawful.
func search(b *testing.B, p *scheduling.Problem, o solve.Options) (solve.Result, time.Duration) {
	b.Helper()
	began := spent()
	r, err := solve.Solve(context.Background(), p, o)
	took := spent() - began
	if err != nil {
		b.Fatal(err)
	}
	if report := check.Check(p, &r.Plan); !report.Lawful() {
		b.Fatalf("%s: the plan is not lawful: %+v", p.Name, report.Violations)
	}
	return r, took
}

// spent is the processor time of this process so far. Where one worker searches it is the time on the clock of a machine that
// does nothing else, so that neighbours disturb it little.
func spent() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// perIteration is what an iteration costs: what a search takes beyond one of no iterations.
func perIteration(b *testing.B, p *scheduling.Problem, n int) time.Duration {
	b.Helper()
	_, first := search(b, p, solve.Options{Seed: 1, Iterations: []int{0}, Workers: 1})
	_, whole := search(b, p, solve.Options{Seed: 1, Iterations: []int{n}, Workers: 1})
	return max(1, (whole-first)/time.Duration(n))
}

// BenchmarkSearch prints the iterations a second of one chain, and how many of them cost as much as judging the plan once by the
// law.
func BenchmarkSearch(b *testing.B) {
	for _, c := range cases {
		b.Run(c.name, func(b *testing.B) {
			p := instance(b, c.name)
			var each, judging time.Duration
			var soft int
			for b.Loop() {
				each = perIteration(b, p, c.iterations)
				r, _ := search(b, p, solve.Options{Seed: 1, Iterations: []int{0}, Workers: 1})
				judging = fastest(5, func() { check.Check(p, &r.Plan) })
				soft = r.Score.Soft
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(time.Second)/float64(each), "iterations/s")
			b.ReportMetric(float64(judging)/float64(each), "iterations/judgement")
			b.ReportMetric(float64(soft), "first-soft")
		})
	}
}

// BenchmarkFirstPlan prints the milliseconds from a decoded problem to the first plan in which nobody lacks a session, and the
// iterations that were needed beyond building a plan.
func BenchmarkFirstPlan(b *testing.B) {
	for _, c := range cases {
		b.Run(c.name, func(b *testing.B) {
			p := instance(b, c.name)
			var took time.Duration
			var iterations int
			for b.Loop() {
				took = fastest(3, func() { iterations = complete(b, p) })
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(took.Seconds()*1000, "ms")
			b.ReportMetric(float64(iterations), "iterations")
		})
	}
}

// complete searches until nobody lacks a session, and gives the iterations it took.
func complete(b *testing.B, p *scheduling.Problem) int {
	b.Helper()
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	r, err := solve.Solve(ctx, p, solve.Options{Seed: 1, Workers: 1, Progress: func(now solve.Progress) {
		if now.Score.Medium == 0 {
			stop()
		}
	}})
	if err != nil {
		b.Fatal(err)
	}
	if len(r.Unplaced) > 0 {
		b.Fatalf("%s: after a minute %d are without a session", p.Name, len(r.Unplaced))
	}
	return r.Iterations[0]
}

// BenchmarkSize prints how much dearer an iteration becomes with the number of mentors, all measured in one run.
func BenchmarkSize(b *testing.B) {
	for _, kind := range []struct {
		name              string
		small, mid, large int // places in cases
	}{{"core", 0, 1, 2}, {"full", 3, 4, 5}} {
		b.Run(kind.name, func(b *testing.B) {
			var cost [3]time.Duration
			for b.Loop() {
				for i, k := range [...]int{kind.small, kind.mid, kind.large} {
					p := instance(b, cases[k].name)
					cost[i] = fastestOf(3, func() time.Duration { return perIteration(b, p, cases[k].iterations/3) })
				}
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(cost[1])/float64(cost[0]), "×mid/small")
			b.ReportMetric(float64(cost[2])/float64(cost[0]), "×large/small")
		})
	}
}

// BenchmarkWorkers prints how much sooner by the clock two workers finish two chains than one worker does.
func BenchmarkWorkers(b *testing.B) {
	p := instance(b, "cross120")
	var one, two time.Duration
	by := func(workers int) time.Duration {
		began := time.Now()
		search(b, p, solve.Options{Seed: 1, Iterations: []int{60_000, 60_000}, Workers: workers})
		return time.Since(began)
	}
	for b.Loop() {
		one = fastestOf(3, func() time.Duration { return by(1) })
		two = fastestOf(3, func() time.Duration { return by(2) })
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(one)/float64(two), "×faster")
}

// fastest is the least processor time of n tries: what disturbs a measurement only makes it longer.
func fastest(n int, try func()) time.Duration {
	return fastestOf(n, func() time.Duration {
		began := spent()
		try()
		return spent() - began
	})
}

func fastestOf(n int, try func() time.Duration) time.Duration {
	var took []time.Duration
	for range n {
		took = append(took, try())
	}
	return slices.Min(took)
}
