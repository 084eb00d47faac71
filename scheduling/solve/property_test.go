package solve_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	_ "kreds/internal/testkit/repeatable"
	"kreds/scheduling"
	"kreds/scheduling/check"
	"kreds/scheduling/solve"
)

// drawn is a small cycle of any kind: crowded, so that most rules take something away now and then.
func drawn(t *rapid.T) *scheduling.Problem {
	pick := func(most int, of string) int { return rapid.IntRange(0, most).Draw(t, of) }
	may := func(of string) bool { return rapid.Bool().Draw(t, of) }
	weeks := 2 + pick(2, "weeks")
	var rounds []scheduling.Round
	if may("introduced") {
		rounds = append(rounds, introduction("P", 1+pick(1, "dates")))
	}
	for i := range 1 + pick(3, "rounds") {
		switch pick(2, "kind") {
		case 0:
			rounds = append(rounds, individual(fmt.Sprintf("I%d", i)))
		case 1:
			rounds = append(rounds, group(fmt.Sprintf("G%d", i), scheduling.Closed))
		default:
			rounds = append(rounds, group(fmt.Sprintf("R%d", i), scheduling.Remix))
		}
	}
	p := cycle(weeks, pick(9, "mentors"), pick(3, "supervisors"), rounds...)
	if may("core") {
		p.Profile = scheduling.ProfileCore
	}
	p.StartStep = 1 + pick(3, "step")
	for i := range p.Rounds {
		r := &p.Rounds[i]
		r.Open = pick(scheduling.SlotsPerWeek, "open")
		r.Close, r.Target = r.Open+pick(10, "length")*scheduling.SlotsPerDay+6, at(pick(20, "target"), 12)
		r.TargetDay = []*int{nil, ptr(pick(20, "target day"))}[pick(1, "told")]
		r.Priority = 1 + pick(1, "priority")
		if p.Profile == scheduling.ProfileCore && len(r.DurBySize) > 0 {
			r.Dur, r.DurBySize = 6, nil
		}
	}
	for i := range p.Mentors {
		drawnPerson(t, p, &p.Mentors[i].Person)
		p.Mentors[i].PreparedAt = []*int{ptr(-200), ptr(-200), nil, ptr(300)}[pick(3, "prepared")]
		p.Mentors[i].Earliest = []*int{nil, nil, ptr(300)}[pick(2, "earliest")]
		p.Mentors[i].Latest = []*int{nil, nil, ptr(1200)}[pick(2, "latest")]
	}
	for i := range p.Supervisors {
		drawnPerson(t, p, &p.Supervisors[i].Person)
		s := &p.Supervisors[i]
		s.Buffer, s.Share = pick(4, "buffer"), 1+pick(2, "share")
		limit := func(most int, of string) *int { return []*int{nil, ptr(1 + pick(most, of))}[pick(1, of)] }
		s.MaxDay, s.MaxDaySlots, s.MaxWeek, s.MaxWeekSlots = limit(3, "day"), limit(20, "day slots"), limit(6, "week"), limit(40, "week slots")
	}
	p.Gap = scheduling.Gap{Min: scheduling.SlotsPerDay * pick(4, "gap"), Max: []*int{nil, ptr(900)}[pick(1, "longest")]}
	p.MaxPerDay = 1 + pick(1, "a day")
	for range pick(3, "pairs") {
		a, b := pick(8, "a"), pick(8, "b")
		if max(a, b) < len(p.Mentors) && a != b {
			span := []*int{nil, ptr(500)}[pick(1, "span")]
			p.Forbidden = append(p.Forbidden, scheduling.Pair{A: p.Mentors[a].ID, B: p.Mentors[b].ID, Rule: "H05", To: span})
		}
		if a < len(p.Mentors) && b < len(p.Supervisors) {
			p.Dependent = append(p.Dependent, scheduling.Pair{A: p.Supervisors[b].ID, B: p.Mentors[a].ID, Rule: "H10", From: []*int{nil, ptr(400)}[pick(1, "from")]})
		}
	}
	wishes := p.Profile.Wishes()
	if may("lifted") {
		p.Levels = []string{wishes[pick(len(wishes)-1, "wish")].ID}
	}
	p.Now = pick(900, "now")
	return p
}

func drawnPerson(t *rapid.T, p *scheduling.Problem, q *scheduling.Person) {
	pick := func(most int, of string) int { return rapid.IntRange(0, most).Draw(t, of) }
	if pick(3, "summer") == 0 {
		q.Off = append(q.Off, scheduling.Offset{At: at(pick(20, "shift"), 2), Offset: 8})
	}
	q.Org, q.Unit, q.Exp, q.Seniority = fmt.Sprint(pick(1, "org")), fmt.Sprint(pick(2, "unit")), pick(5, "exp"), pick(6, "seniority")
	q.Langs = [][]string{{"da", "en"}, {"da", "en"}, {"da"}, {"en"}}[pick(3, "langs")]
	for range pick(2, "meetings") {
		from := at(pick(20, "day"), 8)
		q.Busy = append(q.Busy, scheduling.BusySpan{Span: scheduling.Span{From: from, To: from + 1 + pick(200, "length")}, Kind: []scheduling.BusyKind{scheduling.Busy, scheduling.Tentative, scheduling.Stale}[pick(2, "kind")]})
	}
	switch pick(5, "else") {
	case 0:
		from := at(pick(20, "prefer"), 9)
		q.Prefer = []scheduling.Span{{From: from, To: from + 20}}
	case 1:
		from := at(pick(20, "taken"), 10)
		of := p.Rounds[pick(len(p.Rounds)-1, "of")]
		q.Taken = []scheduling.TakenSpan{{Span: scheduling.Span{From: from, To: from + 4}, Kind: of.Kind, Round: []string{"", of.ID}[pick(1, "named")]}}
	case 2:
		from := at(pick(20, "blocked"), 0)
		q.Blocked = []scheduling.BlockedSpan{{Span: scheduling.Span{From: from, To: from + 192}, Reason: "holiday"}}
	}
}

// Whatever the problem, the plan is lawful, its explanations add up, and it is not worse than the first plan. The one rule that
// may be out of reach is that an introduction round has all its dates.
func TestAnyProblemIsPlannedLawfully(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawn(t)
		first := planned(t, p, solve.Options{Seed: 1, Iterations: []int{0}})
		r := planned(t, p, solve.Options{Seed: 1, Iterations: []int{80}})
		for _, v := range judged(t, p, r).Violations {
			if v.Rule != "H30" || v.Round != "P" || len(v.Subjects) > 0 {
				t.Errorf("%+v", v)
			}
		}
		for _, u := range r.Unplaced {
			addsUp(t, p, u)
		}
		if len(p.Levels) == 0 && r.Score.Compare(first.Score) > 0 {
			t.Errorf("%v after 80 iterations, %v at first", r.Score, first.Score)
		}
	})
}

// Whatever the problem, the counts in motion are the law's, and what is kept equals what is counted anew.
func TestAnyPlanInMotionIsCountedAsTheLawCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawn(t)
		chain := solve.NewChain(p, 1, 0)
		for i := range 30 {
			asTheLawCounts(t, p, chain, i)
			chain.Step()
		}
		sameDump(t, chain.Fresh(), chain.Dump())
	})
}

// Whatever is pinned, the search comes to an end with a plan that has a form, and breaks no rule by what nobody pinned: every
// violation is of a pin, of a session that a pin asks for, or of somebody whom a pin names.
func TestAnyPinsArePlanned(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawn(t)
		if len(p.Supervisors) == 0 {
			return
		}
		for range rapid.IntRange(1, 4).Draw(t, "pins") {
			pin := scheduling.Pin{Round: rapid.SampledFrom(p.Rounds).Draw(t, "round").ID}
			fields := rapid.IntRange(1, 7).Draw(t, "fields")
			if fields&1 != 0 && len(p.Mentors) > 0 {
				for i := range rapid.IntRange(1, 5).Draw(t, "members") {
					if i < len(p.Mentors) {
						pin.Members = append(pin.Members, p.Mentors[i].ID)
					}
				}
			}
			if fields&2 != 0 {
				pin.Supervisor = rapid.SampledFrom(p.Supervisors).Draw(t, "supervisor").ID
			}
			if fields&4 != 0 {
				pin.Start = ptr(rapid.IntRange(-100, 2500).Draw(t, "start"))
			}
			if len(pin.Members) > 0 || pin.Supervisor != "" || pin.Start != nil {
				p.Pins = append(p.Pins, pin)
			}
		}
		r := planned(t, p, solve.Options{Seed: 1, Iterations: []int{60}})
		for _, v := range judged(t, p, r).Violations {
			ofPins := slices.ContainsFunc(p.Pins, func(pin scheduling.Pin) bool {
				if v.Session < 0 {
					return overlaps(pin.Members, v.Subjects)
				}
				at := r.Plan.Sessions[v.Session]
				return keeps(&scheduling.Plan{Sessions: []scheduling.Session{at}}, pin) || overlaps(pin.Members, at.Members)
			})
			if v.Rule != "H34" && v.Rule != "H30" && !ofPins {
				t.Errorf("%+v", v)
			}
		}
	})
}

func overlaps(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// Any plan can be pinned: some sessions as a whole, which stay, and the next plan is lawful again.
func TestAnyPlanCanBePinned(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawn(t)
		first := planned(t, p, solve.Options{Seed: 1, Iterations: []int{20}})
		if first.Score.Hard > 0 {
			return // an introduction lacks a date
		}
		before := check.Check(p, &first.Plan)
		for _, s := range first.Plan.Sessions {
			if rapid.Bool().Draw(t, "pinned") {
				p.Pins = append(p.Pins, pinTo(s, true, true, true))
			}
		}
		p.Reference = &first.Plan
		r := planned(t, p, solve.Options{Seed: 2, Iterations: []int{40}})
		for _, v := range judged(t, p, r).Violations {
			if v.Rule != "H30" {
				t.Errorf("%+v (before: %v)", v, before.Score)
			}
		}
		for _, pin := range p.Pins {
			if !keeps(&r.Plan, pin) {
				t.Errorf("nobody keeps %+v", pin)
			}
		}
	})
}

// Whatever the problem, workers and an early end change nothing.
func TestAnySearchComesAgain(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := drawn(rt)
		ctx, stop := context.WithCancel(context.Background())
		defer stop()
		calls, last := 0, rapid.IntRange(1, 8).Draw(rt, "calls")
		r, err := solve.Solve(ctx, p, solve.Options{Seed: 3, Iterations: []int{600, 300}, Workers: 2, Progress: func(solve.Progress) {
			if calls++; calls == last {
				stop()
			}
		}})
		if err != nil {
			rt.Fatal(err)
		}
		again := planned(rt, p, solve.Options{Seed: 3, Iterations: r.Iterations, Workers: 1})
		if a, b := written(t, r), written(t, again); !bytes.Equal(a, b) {
			rt.Errorf("%s\n%s", a, b)
		}
	})
}
