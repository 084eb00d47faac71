package solve

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"kreds/scheduling"
	"kreds/scheduling/check"
)

// Options say how long and how widely to search.
type Options struct {
	Seed uint64
	// Iterations is the budget of each chain. Where there are fewer numbers than chains, the last one holds for the rest. Empty:
	// search until the context ends.
	Iterations []int
	// Chains is how many searches run beside each other and share nothing; 0: as many as Iterations has numbers, at least one.
	Chains int
	// Workers is how many chains run at a time; 0: as many as the machine has processors for. The plan does not depend on it.
	Workers int
	// Progress is called after improvements and from time to time, never twice at once. It must be quick.
	Progress func(Progress)
}

// Progress is how far a search has come.
type Progress struct {
	Iterations int              // of all chains
	Score      scheduling.Score // of the best plan so far; what pinned sessions break by themselves, the law adds at the end
}

// End says what ended a search.
type End string

const (
	// Budget means that every chain has used up its iterations.
	Budget End = "budget"
	// Caller means that the context ended first.
	Caller End = "caller"
	// Proven means that no plan can be better: nothing costs anything, or nothing can be moved.
	Proven End = "proven"
)

// Result is the best plan that was found, and how.
type Result struct {
	Plan       scheduling.Plan
	Score      scheduling.Score
	Iterations []int // of each chain; Solve with the same seed and these numbers gives the same plan
	EndedBy    End
	Unplaced   []Unplaced
}

// slice is how many iterations a chain does before another one has its turn.
const slice = 256

// Solve searches for a plan of the problem, which must pass Validate and is not changed.
//
// The plan keeps every rule that the problem's profile judges; who cannot be placed is listed. Three things alone can break a
// rule, and the law's score says so: a session that is pinned as a whole and is not lawful stays as it is (one of a standing pin is
// not judged by itself); a pin that no session was found for is not kept (H34), with what follows for the rest of its closed group;
// and an introduction round may lack a date, when nobody can hold it or too few can come (H30). The score is the law's.
//
// The context only stops the search. Then the best plan so far comes back, with the iterations of each chain, and no error.
func Solve(ctx context.Context, p *scheduling.Problem, o Options) (Result, error) {
	if err := p.Validate(); err != nil {
		return Result{}, fmt.Errorf("scheduling/solve: %w", err)
	}
	if len(o.Iterations) == 0 && ctx.Done() == nil {
		return Result{}, errors.New("scheduling/solve: no end: neither Iterations nor a context that can end is given")
	}
	if slices.ContainsFunc(o.Iterations, func(n int) bool { return n < 0 }) {
		return Result{}, fmt.Errorf("scheduling/solve: iterations are not negative: %v", o.Iterations)
	}
	r := newRun(ctx, newModel(p), o)
	r.search()
	return r.result()
}

// run is one search with all its chains.
type run struct {
	*model
	Options
	ctx    context.Context
	chains []*chain

	mu     sync.Mutex
	done   int    // iterations of all chains
	told   *tally // the best of all chains
	proven bool
}

func newRun(ctx context.Context, m *model, o Options) *run {
	o.Chains = max(1, cmp.Or(o.Chains, len(o.Iterations)))
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	return &run{model: m, Options: o, ctx: ctx, chains: make([]*chain, o.Chains)}
}

// search runs the chains in turns, so that they come forward alike whatever the number of workers.
func (r *run) search() {
	queue := make(chan int, len(r.chains))
	for i := range r.chains {
		queue <- i
	}
	var left sync.WaitGroup
	left.Add(len(r.chains))
	go func() {
		left.Wait()
		close(queue)
	}()
	var workers sync.WaitGroup
	for range min(r.Workers, len(r.chains)) {
		workers.Go(func() {
			for i := range queue {
				if r.turn(i) {
					queue <- i
				} else {
					left.Done()
				}
			}
		})
	}
	workers.Wait()
}

// turn brings a chain forward, and says whether it shall have another turn.
func (r *run) turn(i int) bool {
	if r.chains[i] == nil {
		r.chains[i] = newChain(r.model, r.Seed, i)
		r.tell(r.chains[i], 0)
	}
	c := r.chains[i]
	n := 0
	for ; n < slice && c.iterations < r.budget(i) && !c.finished() && r.ctx.Err() == nil; n++ {
		c.step()
	}
	return r.tell(c, n)
}

func (r *run) budget(i int) int {
	if len(r.Iterations) == 0 {
		return noLimit
	}
	return r.Iterations[min(i, len(r.Iterations)-1)]
}

// finished says that the chain cannot find a better plan.
func (c *chain) finished() bool { return c.settled || c.ideal(&c.best.f) }

// tell counts a turn, reports what is new, and says whether the chain goes on.
func (r *run) tell(c *chain, n int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done += n
	if r.told == nil || r.better(&c.best.f, r.told) {
		f := c.best.f
		r.told = &f
	}
	if r.Progress != nil {
		r.Progress(Progress{r.done, r.score(r.told)})
	}
	if c.finished() {
		r.proven = true
	}
	enough := r.proven && len(r.Iterations) == 0
	return !enough && !c.finished() && c.iterations < r.budget(c.number) && r.ctx.Err() == nil
}

func (m *model) score(f *tally) scheduling.Score {
	return scheduling.Score{Hard: int(f[unkept]), Medium: int(f[missing]), Soft: int(m.soft(f))}
}

// result merges the chains by their best plan and their number.
func (r *run) result() (Result, error) {
	var out Result
	var best *chain
	for _, c := range r.chains {
		out.Iterations = append(out.Iterations, c.iterations)
		if best == nil || r.better(&c.best.f, &best.best.f) {
			best = c
		}
	}
	best.restore()
	out.Plan = best.plan()
	out.Unplaced = best.unplaced()
	for _, u := range out.Unplaced {
		out.Plan.Unassigned = append(out.Plan.Unassigned, scheduling.Unassigned{Mentor: u.Mentor, Round: u.Round, Reason: u.reason()})
	}
	out.Score = check.Check(r.Problem, &out.Plan).Score
	r.fallBack(&out)
	out.Plan.Score, out.Plan.Seed, out.Plan.Iterations = out.Score, r.Seed, slices.Clone(out.Iterations)
	out.EndedBy = r.end(best)
	return out, nil
}

// fallBack puts the reference in the place of a plan that breaks a rule, if it breaks fewer: where pins leave little room, the
// plan that a replan starts from may be the lawful one that the search has missed.
func (r *run) fallBack(out *Result) {
	ref := r.Problem.Reference
	if ref == nil || out.Score.Hard == 0 {
		return
	}
	score := check.Check(r.Problem, ref).Score
	if score.Hard >= out.Score.Hard {
		return
	}
	searched := out.Unplaced
	out.Score, out.Plan, out.Unplaced = score, scheduling.Plan{Sessions: slices.Clone(ref.Sessions), Unassigned: slices.Clone(ref.Unassigned)}, nil
	for _, u := range ref.Unassigned {
		why := Unplaced{u.Mentor, u.Round, []RuleCount{{Rule: u.Reason}}}
		if i := slices.IndexFunc(searched, func(x Unplaced) bool { return x.Mentor == u.Mentor && x.Round == u.Round }); i >= 0 {
			why.Removed = searched[i].Removed
		}
		out.Unplaced = append(out.Unplaced, why)
	}
}

// end says what ended the search.
func (r *run) end(best *chain) End {
	if best.finished() {
		return Proven
	}
	for _, c := range r.chains {
		if c.iterations < r.budget(c.number) && !c.finished() {
			return Caller
		}
	}
	return Budget
}
