package solve_test

import (
	"slices"
	"strconv"
	"testing"

	"kreds/scheduling"
	"kreds/scheduling/family"
	"kreds/scheduling/solve"
)

// Each case leaves m0 (and whoever is told of) without a session for one reason; the last rule is the one that took the last
// option.
func TestWhoIsLeftOutAndWhy(t *testing.T) {
	solo := func(change func(*scheduling.Problem)) *scheduling.Problem {
		return with(cycle(2, 2, 1, individual("I1")), change)
	}
	groups := func(n int, change func(*scheduling.Problem)) *scheduling.Problem {
		return with(cycle(2, n, 1, group("G1", scheduling.Remix)), change)
	}
	for _, c := range []struct {
		name    string
		problem *scheduling.Problem
		rule    string
		who     []string
	}{
		{"never at work", solo(func(p *scheduling.Problem) { p.Mentors[0].Work = nil }), "H04", []string{"m0"}},
		{"always busy", solo(func(p *scheduling.Problem) {
			p.Mentors[0].Busy = []scheduling.BusySpan{{Span: scheduling.Span{From: -96, To: 9999}, Kind: scheduling.Tentative}}
		}), "H03", []string{"m0"}},
		{"the supervisor is always busy", solo(func(p *scheduling.Problem) {
			p.Supervisors[0].Busy = []scheduling.BusySpan{{Span: scheduling.Span{From: -96, To: 9999}, Kind: scheduling.Busy}}
		}), "H03", []string{"m0", "m1"}},
		{"a blackout", solo(func(p *scheduling.Problem) {
			p.Mentors[0].Blocked = []scheduling.BlockedSpan{{Span: scheduling.Span{From: -96, To: 9999}, Reason: "blackout"}}
		}), "H16", []string{"m0"}},
		{"no language in common", solo(func(p *scheduling.Problem) { p.Mentors[0].Langs = []string{"fi"} }), "H26", []string{"m0"}},
		{"a dependent supervisor", solo(func(p *scheduling.Problem) {
			p.Dependent = []scheduling.Pair{{A: "s0", B: "m0", Rule: "H10"}}
		}), "H10", []string{"m0"}},
		{"dependent for all of the round", solo(func(p *scheduling.Problem) {
			p.Dependent = []scheduling.Pair{{A: "s0", B: "m0", Rule: "H10", To: ptr(9999)}}
		}), "H10", []string{"m0"}},
		{"no qualification", solo(func(p *scheduling.Problem) { p.Rounds[0].Qual = "group" }), "H36", []string{"m0", "m1"}},
		{"an organisation that is not admitted", solo(func(p *scheduling.Problem) {
			p.Mentors[0].Org, p.Supervisors[0].Admits = "B", []string{"A"}
		}), "H36", []string{"m0"}},
		{"the pair begins after the round", solo(func(p *scheduling.Problem) { p.Mentors[0].Earliest = ptr(9999) }), "H13", []string{"m0"}},
		{"nothing prepares", solo(func(p *scheduling.Problem) { p.Mentors[0].PreparedAt = nil }), "H11", []string{"m0"}},
		{"a standing session too near", solo(func(p *scheduling.Problem) {
			p.Gap.Min = 14 * scheduling.SlotsPerDay
			p.Mentors[0].Taken = []scheduling.TakenSpan{{Span: hours(7, 10, 11), Kind: scheduling.Individual}}
		}), "H18", []string{"m0"}},
		{"a round too short for a session", solo(func(p *scheduling.Problem) { p.Rounds[0].Close = p.Rounds[0].Open + 2 }), "H31", []string{"m0", "m1"}},
		{"nobody supervises", with(cycle(2, 1, 0, individual("I1")), func(*scheduling.Problem) {}), "H31", []string{"m0"}},
		{"two are no group", groups(2, func(*scheduling.Problem) {}), "H01", []string{"m0", "m1"}},
		{"no length for a group", groups(3, func(p *scheduling.Problem) { p.Rounds[0].DurBySize = map[string]int{"9": 6} }), "H25", []string{"m0", "m1", "m2"}},
		{"a manager among the three", groups(3, func(p *scheduling.Problem) {
			p.Forbidden = []scheduling.Pair{{A: "m1", B: "m0", Rule: "H05"}, {A: "m2", B: "m0", Rule: "H06"}, {A: "m1", B: "m2", Rule: "H22"}}
		}), "", []string{"m0", "m1", "m2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := planned(t, c.problem, solve.Options{Seed: 1, Iterations: []int{200}})
			lawful(t, c.problem, r)
			var who []string
			for _, u := range r.Unplaced {
				who = append(who, u.Mentor)
				if last := u.Removed[len(u.Removed)-1]; c.rule != "" && last.Rule != c.rule {
					t.Errorf("%s is left out by %v, want %s", u.Mentor, u.Removed, c.rule)
				}
				addsUp(t, c.problem, u)
			}
			if !slices.Equal(who, c.who) {
				t.Errorf("left out are %v, want %v", who, c.who)
			}
		})
	}
}

// What removed the options of three who keep away from each other names the rules of both others.
func TestEachOfThreeIsToldWhoKeepsAway(t *testing.T) {
	p := cycle(1, 3, 1, group("G1", scheduling.Remix))
	p.Forbidden = []scheduling.Pair{{A: "m1", B: "m0", Rule: "H05"}}
	r := planned(t, p, solve.Options{Iterations: []int{50}})
	want := map[string]string{"m0": "H05", "m1": "H05", "m2": "H01"} // m2 could meet either, and is short of one more
	for _, u := range r.Unplaced {
		if last := u.Removed[len(u.Removed)-1].Rule; last != want[u.Mentor] {
			t.Errorf("%s: %v, want %s", u.Mentor, u.Removed, want[u.Mentor])
		}
	}
	if len(r.Unplaced) != 3 {
		t.Errorf("left out: %v", r.Unplaced)
	}
}

// Where only the rest of the plan leaves somebody no time, that is what is told.
func TestTheRestOfThePlanIsTold(t *testing.T) {
	day := func(p *scheduling.Problem) { p.Rounds[0].Close = at(0, 17) }
	for _, c := range []struct {
		name    string
		problem *scheduling.Problem
		rule    string
	}{
		{"the supervisor's day is full", with(cycle(1, 3, 1, individual("I1")), func(p *scheduling.Problem) {
			day(p)
			p.Supervisors[0].MaxDay = ptr(2)
		}), "H15"},
		{"the supervisor's day is full of groups", with(cycle(1, 6, 1, group("G1", scheduling.Remix)), func(p *scheduling.Problem) {
			day(p)
			p.Supervisors[0].MaxDay = ptr(1)
		}), "H15"},
		{"one a day", with(cycle(1, 1, 1, individual("I1"), individual("I2")), func(p *scheduling.Problem) {
			day(p)
			p.Rounds[1].Close = at(0, 17)
		}), "H17"},
		{"the shortest gap", with(cycle(2, 1, 1, individual("I1"), individual("I2")), func(p *scheduling.Problem) { p.Gap.Min = 20 * scheduling.SlotsPerDay }), "H18"},
		{"the longest gap", with(cycle(4, 1, 1, individual("I1"), individual("I2")), func(p *scheduling.Problem) {
			p.Rounds[0].Close, p.Rounds[1].Open = at(4, 17), at(14, 0)
			p.Gap.Max = ptr(5 * scheduling.SlotsPerDay)
		}), "H33"},
		{"the group is full, and closed", with(cycle(1, 6, 1, group("G1", scheduling.Closed), group("G2", scheduling.Closed)), func(p *scheduling.Problem) {
			p.Rounds[0].Close, p.Rounds[1].Open = at(2, 17), at(3, 0)
			for i := range 3 { // these never meet the others
				for k := range 3 {
					p.Forbidden = append(p.Forbidden, scheduling.Pair{A: p.Mentors[i].ID, B: p.Mentors[3+k].ID, Rule: "H23"})
				}
			}
			p.Mentors[5].Work = slices.DeleteFunc(p.Mentors[5].Work, func(s scheduling.Span) bool { return s.From > at(3, 0) })
		}), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := planned(t, c.problem, solve.Options{Seed: 2, Iterations: []int{200}})
			lawful(t, c.problem, r)
			if len(r.Unplaced) == 0 {
				t.Fatal("nobody is left out")
			}
			for _, u := range r.Unplaced {
				if last := u.Removed[len(u.Removed)-1]; c.rule != "" && last.Rule != c.rule {
					t.Errorf("%s is left out by %v, want %s", u.Mentor, u.Removed, c.rule)
				}
				addsUp(t, c.problem, u)
			}
		})
	}
}

// addsUp holds the numbers of an explanation against the options there were: supervisors and starts from which the shortest
// session ends inside the round.
func addsUp(t failing, p *scheduling.Problem, u solve.Unplaced) {
	t.Helper()
	i := slices.IndexFunc(p.Rounds, func(r scheduling.Round) bool { return r.ID == u.Round })
	r := p.Rounds[i]
	length := r.Dur
	for size := p.Size.Min; size <= p.Size.Max; size++ {
		if d, known := r.DurBySize[strconv.Itoa(size)]; known && (length == 0 || d < length) {
			length = d
		}
	}
	all := 0
	for slot := r.Open; slot+length <= r.Close && length > 0; slot++ {
		if slot%p.StartStep == 0 {
			all += len(p.Supervisors)
		}
	}
	sum := 0
	for _, c := range u.Removed {
		sum += c.Options
		judged := slices.Contains(p.Profile.Rules(), c.Rule) || c.Rule == "H20" // the search keeps closed groups in profile core too
		if c.Options == 0 && all > 0 || !judged {
			t.Errorf("%s in %s: %v took nothing, or is no rule of the profile", u.Mentor, u.Round, c)
		}
	}
	if sum != all {
		t.Errorf("%s in %s: %d options are told of, there were %d: %v", u.Mentor, u.Round, sum, all, u.Removed)
	}
}

// A planted core is found: its three mentors lack the group session, and nobody else lacks anything.
func TestThePlantedCoreIsFound(t *testing.T) {
	for _, name := range []string{"infeasible24", "infeasible60"} {
		for seed := range uint64(3) {
			p := generate(t, name, seed)
			r := planned(t, p, solve.Options{Seed: 1, Iterations: []int{1500}})
			lawful(t, p, r)
			core, _ := family.KnownCore(name)
			var got []string
			for _, u := range r.Unplaced {
				got = append(got, u.Mentor)
				addsUp(t, p, u)
				if u.Round != core.Round || u.Removed[0].Rule != "H26" {
					t.Errorf("%s, seed %d: %v", name, seed, u)
				}
			}
			if want := slices.Concat(core.Mornings, core.Afternoons); !slices.Equal(got, want) {
				t.Errorf("%s, seed %d: left out are %v, want %v", name, seed, got, want)
			}
		}
	}
}
