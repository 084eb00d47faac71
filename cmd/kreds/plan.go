package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"kreds/scheduling"
	"kreds/scheduling/check"
	"kreds/scheduling/solve"
)

// What kreds plan does where it is not told otherwise. The number of chains is the same on every machine, because the plan
// depends on it.
const (
	planTime   = 10 * time.Second
	planChains = 4
	mostChains = 256
)

const planAbout = `Searches a plan for an instance: lawful groups, and a supervisor and a time for
every session. Whoever cannot be placed is listed with the rule that took the
last possibility away. The plan breaks a rule only where the instance leaves no
choice: by what it pins, or by an introduction that nobody can hold or come to.
The longer the search, the better the plan fulfils the wishes.

  kreds generate --family s2 --out s2.json     make an instance to try
  kreds plan --in s2.json --out plan.json      search for 10 seconds
  kreds check --in s2.json --plan plan.json    judge the plan

The plan holds its seed and how many iterations each chain, a search of its own,
has done. The same instance, seed and iterations give the same file, byte for
byte, on every machine; a time does not. Ctrl-C ends a search early and writes
the best plan so far.

Exit code: 0 a lawful plan was written, also when somebody is without a session;
2 the input cannot be used; 1 all else.`

// planFlags are the flags of kreds plan.
type planFlags struct {
	*flag.FlagSet
	in, out         string
	limit           time.Duration
	iterations      counts
	seed            uint64
	chains, workers int
}

func (p *program) planFlags() *planFlags {
	f := &planFlags{FlagSet: p.flags("plan", "--in FILE [--out FILE] [--time 10s | --iterations N,…] [--seed N]", planAbout)}
	f.StringVar(&f.in, "in", "", "the instance `file`, as kreds generate writes it; - is standard input")
	f.StringVar(&f.out, "out", dash, "the `file` that the plan is written to; - is standard output")
	f.DurationVar(&f.limit, "time", planTime, "how long to search, such as 30s or 5m; with --iterations there is no limit unless you set one")
	f.Var(&f.iterations, "iterations", "search so many iterations: one `number` for each chain, separated by commas")
	f.Uint64Var(&f.seed, "seed", 1, "where chance begins; another `number` gives another plan")
	f.IntVar(&f.chains, "chains", planChains, fmt.Sprintf("the `number` of searches beside each other, 1 to %d; with --iterations as many as it has numbers", mostChains))
	f.IntVar(&f.workers, "workers", 0, "the `number` of them that run at a time; the plan does not depend on it; 0 is one for each processor")
	return f
}

// options checks the flags against each other, and gives the time after which to stop, 0 for none.
func (f *planFlags) options() (o solve.Options, limit time.Duration, err error) {
	set := map[string]bool{}
	f.Visit(func(g *flag.Flag) { set[g.Name] = true })
	o = solve.Options{Seed: f.seed, Iterations: f.iterations, Chains: f.chains, Workers: f.workers}
	limit = f.limit
	if set["iterations"] {
		if !set["time"] {
			limit = 0
		}
		if !set["chains"] {
			o.Chains = len(f.iterations)
		}
	}
	switch {
	case limit <= 0 && (set["time"] || !set["iterations"]):
		return o, 0, bad("--time %v is no time to search. Give one such as 10s.", f.limit)
	case o.Chains < 1 || o.Chains > mostChains:
		return o, 0, bad("%d chains cannot run; 1 to %d can.", o.Chains, mostChains)
	case len(f.iterations) > 1 && len(f.iterations) != o.Chains:
		return o, 0, bad("--iterations has %d numbers, --chains says %d. Give one number for each chain, or one for all.", len(f.iterations), o.Chains)
	case f.workers < 0:
		return o, 0, bad("--workers %d is below 0. Leave it out to use every processor.", f.workers)
	}
	return o, limit, nil
}

func runPlan(ctx context.Context, p *program, args []string) error {
	f := p.planFlags()
	if err := parse(f.FlagSet, args); err != nil {
		return err
	}
	o, limit, err := f.options()
	if err != nil {
		return err
	}
	problem, err := readProblem(ctx, f.in)
	if err != nil {
		return err
	}
	if err := writable(f.out, f.in); err != nil {
		return err
	}
	searching := ctx
	until := "until the iterations are done"
	if limit > 0 {
		var cancel context.CancelFunc
		searching, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
		until = "for " + limit.String()
		if len(o.Iterations) > 0 {
			until += " or until the iterations are done"
		}
	}
	fmt.Fprintf(p.stderr, "Planning %s %s. Ctrl-C ends it with the best plan so far.\n", described(problem), until)
	seen := watchSearch(p.stderr, isTerminal(p.stderr))
	o.Progress = seen.note
	result, err := solve.Solve(searching, problem, o)
	seen.stop()
	if err != nil {
		return err
	}
	err = p.writeDocument(f.out, func(w io.Writer) error { return scheduling.EncodePlan(w, &result.Plan) })
	p.summary(problem, result, f.seed, ctx.Err() != nil)
	switch {
	case err != nil:
		return fmt.Errorf("the plan was not written: %w. The numbers above give it again, with another --out", err)
	case result.Score.Hard > 0:
		return exit{exitFailed, unlawful(check.Check(problem, &result.Plan).Violations)}
	}
	return nil
}

// unlawful tells why a search ended without a lawful plan: a date of an introduction that has no session (H30) cannot be placed,
// all else that it leaves broken is pinned.
func unlawful(found []scheduling.Violation) string {
	var why []string
	pinned := slices.DeleteFunc(slices.Clone(found), func(v scheduling.Violation) bool { return v.Rule == "H30" })
	if len(pinned) > 0 {
		why = append(why, "the instance pins what is not lawful")
	}
	if len(pinned) < len(found) {
		why = append(why, "a round has a date of an introduction that nobody can hold or come to (H30)")
	}
	return "the plan breaks rules, because " + strings.Join(why, ", and ") + ". kreds check names them."
}

// titled is the name of an instance.
func titled(p *scheduling.Problem) string { return cmp.Or(plain(p.Name), "a cycle without a name") }

// described is an instance in a few words.
func described(p *scheduling.Problem) string {
	return fmt.Sprintf("%s: %s, %s, %s, profile %s,", titled(p),
		counted(len(p.Mentors), "mentor"), counted(len(p.Supervisors), "supervisor"), counted(len(p.Rounds), "round"), p.Profile)
}

// counts are the numbers of iterations, one for each chain.
type counts []int

func (c *counts) String() string {
	var parts []string
	for _, n := range *c {
		parts = append(parts, strconv.Itoa(n))
	}
	return strings.Join(parts, ",")
}

// Set takes the numbers of one flag.
func (c *counts) Set(s string) error {
	*c = nil
	for part := range strings.SplitSeq(s, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 0 {
			return errors.New("whole numbers are due, separated by commas, such as 20000 or 20000,20000")
		}
		*c = append(*c, n)
	}
	return nil
}
