package solve_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"kreds/scheduling"
	"kreds/scheduling/check"
	"kreds/scheduling/solve"
)

// The oracle knows nothing of the search: it lists every plan of a tiny problem and lets the law judge them all.

// best is the best score of a lawful plan.
func best(p *scheduling.Problem) scheduling.Score {
	ways := make([][][]scheduling.Session, len(p.Rounds)) // round, way: sessions
	for i, r := range p.Rounds {
		for _, way := range waysOf(p, r) {
			plan := scheduling.Plan{Sessions: way}
			at := []int{}
			for k := range way {
				at = append(at, k)
			}
			if (check.Judge{At: at}).Check(p, &plan).Lawful() {
				ways[i] = append(ways[i], way)
			}
		}
	}
	found, known := scheduling.Score{}, false
	var visit func(i int, sessions []scheduling.Session)
	visit = func(i int, sessions []scheduling.Session) {
		if i < len(ways) {
			for _, way := range ways[i] {
				visit(i+1, append(slices.Clone(sessions), way...))
			}
			return
		}
		plan := scheduling.Plan{Sessions: sessions}
		for _, r := range p.Rounds {
			for _, m := range p.Mentors {
				if !slices.ContainsFunc(sessions, func(s scheduling.Session) bool { return s.Round == r.ID && slices.Contains(s.Members, m.ID) }) {
					plan.Unassigned = append(plan.Unassigned, scheduling.Unassigned{Mentor: m.ID, Round: r.ID, Reason: scheduling.Unexplained})
				}
			}
		}
		if report := check.Check(p, &plan); report.Lawful() && (!known || report.Score.Compare(found) < 0) {
			found, known = report.Score, true
		}
	}
	visit(0, nil)
	return found
}

// waysOf lists every way to fill a round: who sits together or is left out, with whom and when.
func waysOf(p *scheduling.Problem, r scheduling.Round) (ways [][]scheduling.Session) {
	least, most := 1, 1
	if r.Kind == scheduling.Group {
		least, most = p.Size.Min, p.Size.Max
	}
	var visit func(left []string, way []scheduling.Session)
	visit = func(left []string, way []scheduling.Session) {
		if len(left) == 0 {
			ways = append(ways, way)
			return
		}
		visit(left[1:], way) // the first is left out
		for set := range 1 << (len(left) - 1) {
			members, rest := []string{left[0]}, []string{}
			for i, m := range left[1:] {
				if set>>i&1 == 1 {
					members = append(members, m)
				} else {
					rest = append(rest, m)
				}
			}
			if len(members) < least || len(members) > most {
				continue
			}
			dur := r.Dur
			if dur == 0 {
				dur = r.DurBySize[fmt.Sprint(len(members))]
			}
			for _, s := range p.Supervisors {
				for start := r.Open; start+dur <= r.Close; start++ {
					if start%p.StartStep != 0 {
						continue
					}
					session := scheduling.Session{Round: r.ID, Members: members, Supervisor: s.ID, Start: start, Dur: dur, Mode: scheduling.Virtual}
					if r.Grouping == scheduling.Closed {
						session.Group = fmt.Sprint(members)
					}
					visit(rest, append(slices.Clone(way), session))
				}
			}
		}
	}
	var all []string
	for _, m := range p.Mentors {
		all = append(all, m.ID)
	}
	visit(all, nil)
	return ways
}

// tiny are problems that the oracle can list.
func tiny(rng *rand.Rand, kind string) *scheduling.Problem {
	chance := func(of int) bool { return rng.IntN(of) == 0 }
	var p *scheduling.Problem
	switch kind {
	case "remix":
		p = cycle(1, 5+rng.IntN(2), 2, group("G1", scheduling.Remix))
	case "individual":
		p = cycle(1, 4, 2, individual("I1"))
	case "two individual":
		p = cycle(2, 2+rng.IntN(2), 2, individual("I1"), individual("I2"))
	case "remix and individual":
		p = cycle(2, 4, 2, group("G1", scheduling.Remix), individual("I1"))
	case "two remix":
		p = cycle(2, 5, 2, group("G1", scheduling.Remix), group("G2", scheduling.Remix))
	case "closed":
		p = cycle(2, 3+rng.IntN(4), 2, group("G1", scheduling.Closed), group("G2", scheduling.Closed))
	}
	if kind != "closed" && chance(2) {
		p.Profile = scheduling.ProfileCore
		for i := range p.Rounds {
			if p.Rounds[i].Kind == scheduling.Group {
				p.Rounds[i].Dur, p.Rounds[i].DurBySize = 6, nil
			}
		}
	}
	p.Name, p.StartStep = kind, 4
	for i := range p.Rounds {
		r := &p.Rounds[i]
		r.Open = at(4*i, float64(8+rng.IntN(2)))
		r.Close, r.Target = r.Open+14, r.Open+rng.IntN(400)
		if r.Kind == scheduling.Individual {
			r.Close = r.Open + 12
		}
	}
	person := func(q *scheduling.Person) {
		q.Org, q.Unit, q.Exp, q.Seniority = fmt.Sprint(rng.IntN(2)), fmt.Sprint(rng.IntN(3)), 1+2*rng.IntN(3), 1+rng.IntN(5)
		if q.Langs = []string{"da", "en"}; chance(8) {
			q.Langs = q.Langs[rng.IntN(2):][:1]
		}
		for _, r := range p.Rounds {
			if chance(3) {
				from := r.Open + rng.IntN(14)
				q.Busy = append(q.Busy, scheduling.BusySpan{Span: scheduling.Span{From: from, To: from + 1 + rng.IntN(4)}, Kind: scheduling.Busy})
			}
			if chance(2) {
				from := r.Open + rng.IntN(10)
				q.Prefer = append(q.Prefer, scheduling.Span{From: from, To: from + 4})
			}
		}
		if chance(3) { // elsewhere: the core hours lie elsewhere too
			q.Off[0].Offset = 12
		}
	}
	for i := range p.Mentors {
		person(&p.Mentors[i].Person)
		p.Mentors[i].Priority = 1 + rng.IntN(2)
	}
	for i := range p.Supervisors {
		person(&p.Supervisors[i].Person)
		p.Supervisors[i].Buffer, p.Supervisors[i].Share = rng.IntN(2), 1+rng.IntN(3)
		if chance(3) {
			p.Supervisors[i].MaxDay = ptr(1 + rng.IntN(3))
		}
	}
	p.Gap.Min = 4 * scheduling.SlotsPerDay * rng.IntN(2)
	for range rng.IntN(2) {
		a, b := rng.IntN(len(p.Mentors)), rng.IntN(len(p.Mentors))
		if a != b {
			p.Forbidden = append(p.Forbidden, scheduling.Pair{A: p.Mentors[a].ID, B: p.Mentors[b].ID, Rule: "H22"})
		}
	}
	if chance(3) {
		p.Dependent = []scheduling.Pair{{A: "s0", B: "m0", Rule: "H10"}}
	}
	return p
}

// With enough iterations the search finds what no plan can be better than.
func TestTheSearchFindsTheBestOfAllPlans(t *testing.T) {
	for _, kind := range []string{"remix", "individual", "two individual", "remix and individual", "two remix", "closed"} {
		t.Run(kind, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, 1))
			complete, all := 0, 12
			for i := range all {
				p := tiny(rng, kind)
				r := planned(t, p, solve.Options{Seed: uint64(i), Iterations: []int{2500, 2500}})
				want := best(p)
				if r.Score != want {
					t.Errorf("problem %d: the search found %v, the best is %v; unplaced %v", i, r.Score, want, r.Unplaced)
				}
				if want.Medium == 0 {
					complete++
				}
			}
			if complete == 0 || complete == all {
				t.Errorf("%d of %d can be planned completely: these problems are too much alike", complete, all)
			}
		})
	}
}
