package check_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kreds/scheduling"
	"kreds/scheduling/check"
)

// clause is one clause of a rule: what is given, and who breaks it, as "session: subjects".
type clause struct {
	name     string
	rule     string
	given    *scheduling.Problem
	sessions []string
	want     string
}

func judge(t *testing.T, clauses []clause) {
	t.Helper()
	for _, c := range clauses {
		t.Run(c.rule+" "+c.name, func(t *testing.T) {
			r := check.Judge{Only: []string{c.rule}}.Check(c.given, plan(c.given, c.sessions...))
			if got := named(r); got != c.want {
				t.Errorf("got %q, want %q: %+v", got, c.want, r.Violations)
			}
		})
	}
}

// named writes violations as "session: subjects", joined by commas.
func named(r check.Report) string {
	var out []string
	for _, v := range r.Violations {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%d: %s", v.Session, strings.Join(v.Subjects, " "))))
	}
	return strings.Join(out, ", ")
}

// with changes a problem and gives it back.
func with(p *scheduling.Problem, change func(*scheduling.Problem)) *scheduling.Problem {
	change(p)
	return p
}

func TestWhoMeets(t *testing.T) {
	groups := func() *scheduling.Problem { return cycle(1, 6, 2, group("G1", scheduling.Remix)) }
	mixed := func(core bool) *scheduling.Problem {
		return with(groups(), func(p *scheduling.Problem) {
			p.Supervisors[0].Langs = []string{"da", "en"}
			p.Mentors[0].Langs, p.Mentors[1].Langs, p.Mentors[2].Langs = []string{"da"}, []string{"en"}, []string{"fr"}
			if core {
				p.Profile = scheduling.ProfileCore
			}
		})
	}
	trio := []string{say("G1", "s0", at(1, 10), "m0", "m1", "m2")}
	judge(t, []clause{
		{"six", "H01", groups(), []string{say("G1", "s0", at(1, 10), "m0", "m1", "m2", "m3", "m4", "m5")}, "0:"},
		{"five", "H01", groups(), []string{say("G1", "s0", at(1, 10), "m0", "m1", "m2", "m3", "m4")}, ""},
		{"a seat twice is one mentor", "H01", groups(), []string{say("G1", "s0", at(1, 10), "m0", "m1", "m1")}, "0:"},
		{"nobody", "H02", cycle(1, 1, 1, individual("I1")), []string{say("I1", "s0", at(1, 10))}, "0:"},
		{"a pair from slot to slot", "H05", with(groups(), func(p *scheduling.Problem) {
			p.Forbidden = []scheduling.Pair{{A: "m0", B: "m1", Rule: "H05", From: ptr(at(1, 10)), To: ptr(at(1, 11))}}
		}), []string{say("G1", "s0", at(1, 9.5), "m0", "m1", "m2"), say("G1", "s0", at(1, 10), "m0", "m1", "m2"), say("G1", "s0", at(1, 11), "m0", "m1", "m2")}, "1: m0 m1"},
		{"a pair of another rule", "H06", with(groups(), func(p *scheduling.Problem) {
			p.Forbidden = []scheduling.Pair{{A: "m0", B: "m1", Rule: "H05"}}
		}), trio, ""},
		{"two pairs of the same two count once", "H05", with(groups(), func(p *scheduling.Problem) {
			p.Forbidden = []scheduling.Pair{{A: "m0", B: "m1", Rule: "H05"}, {A: "m1", B: "m0", Rule: "H05"}}
		}), trio, "0: m0 m1"},
		{"pairs don't bind individual sessions", "H05", with(cycle(1, 2, 1, individual("I1")), func(p *scheduling.Problem) {
			p.Forbidden = []scheduling.Pair{{A: "m0", B: "m1", Rule: "H05"}}
		}), []string{say("I1", "s0", at(1, 10), "m0", "m1")}, ""},
		{"dependence in a group", "H10", with(groups(), func(p *scheduling.Problem) {
			p.Dependent = []scheduling.Pair{{A: "s0", B: "m1", Rule: "H10"}, {A: "s1", B: "m0", Rule: "H10"}}
		}), trio, "0: s0 m1"},
		{"one language for all", "H26", with(mixed(false), func(p *scheduling.Problem) { p.Mentors[2].Langs = []string{"en", "da"} }), trio, "0: m0 m1 m2 s0"},
		{"core: one each with the supervisor", "H26", mixed(true), trio, "0: m2 s0"},
		{"a seat twice", "H21", groups(), []string{say("G1", "s0", at(1, 10), "m0", "m1", "m2", "m1")}, "0: m1"},
		{"a mentor leads", "H21", groups(), []string{say("G1", "m5", at(1, 10), "m0", "m1", "m2")}, "0: m5"},
		{"strangers", "H21", groups(), []string{say("G1", "x", at(1, 10), "m0", "m1", "y")}, "0: x, 0: y"},
		{"no qualification", "H36", with(groups(), func(p *scheduling.Problem) { p.Rounds[0].Qual = "team" }), trio, "0: s0"},
		{"admitted to some", "H36", with(groups(), func(p *scheduling.Problem) { p.Supervisors[0].Admits = []string{"B"}; p.Mentors[1].Org = "B" }), trio, "0: s0 m0, 0: s0 m2"},
	})
}

func TestClosedGroups(t *testing.T) {
	p := cycle(1, 6, 2, group("G1", scheduling.Closed), group("R", scheduling.Remix), group("G2", scheduling.Closed))
	first := []string{say("G1/a", "s0", at(0, 10), "m0", "m1", "m2"), say("G1/b", "s1", at(0, 10), "m3", "m4", "m5")}
	judge(t, []clause{
		{"stays", "H20", p, append(first[:2:2], say("R", "s1", at(1, 10), "m0", "m3", "m4"), say("G2/a", "s0", at(2, 10), "m2", "m1", "m0"), say("G2/b", "s1", at(2, 10), "m3", "m4", "m5")), ""},
		{"another supervisor", "H20", p, append(first[:2:2], say("G2/a", "s1", at(3, 10), "m0", "m1", "m2"), say("G2/b", "s1", at(2, 10), "m3", "m4", "m5")), "2: s1"},
		{"a group does not meet", "H20", p, append(first[:2:2], say("G2/a", "s0", at(3, 10), "m0", "m1", "m2")), "-1: m3 m4 m5"},
		{"no name", "H20", p, []string{say("G1", "s0", at(0, 10), "m0", "m1", "m2")}, "0:"},
		{"twice in a round with others", "H20", with(cycle(1, 6, 1, group("G1", scheduling.Closed)), func(*scheduling.Problem) {}),
			[]string{say("G1/a", "s0", at(0, 10), "m0", "m1", "m2"), say("G1/a", "s0", at(1, 10), "m0", "m1", "m3")}, "1: m2, 1: m3"},
	})
}

func TestTime(t *testing.T) {
	one := func() *scheduling.Problem { return cycle(2, 1, 1, individual("I1"), individual("I2")) }
	busy := func(kind scheduling.BusyKind) *scheduling.Problem {
		return with(one(), func(p *scheduling.Problem) {
			p.Supervisors[0].Busy = []scheduling.BusySpan{{Span: scheduling.Span{From: at(1, 10), To: at(1, 11)}, Kind: kind}}
		})
	}
	i1 := func(start int) []string { return []string{say("I1", "s0", start, "m0")} }
	judge(t, []clause{
		{"busy", "H03", busy(scheduling.Busy), i1(at(1, 10.5)), "0: s0"},
		{"tentative", "H03", busy(scheduling.Tentative), i1(at(1, 9.5)), "0: s0"},
		{"unknown may be planned", "H03", busy(scheduling.Unknown), i1(at(1, 10)), ""},
		{"stale may be planned", "H03", busy(scheduling.Stale), i1(at(1, 10)), ""},
		{"right after", "H03", busy(scheduling.Busy), i1(at(1, 11)), ""},
		{"right before", "H03", busy(scheduling.Busy), i1(at(1, 9)), ""},
		{"working time in two pieces", "H04", with(one(), func(p *scheduling.Problem) {
			p.Mentors[0].Work = []scheduling.Span{{From: at(1, 10.5), To: at(1, 12)}, {From: at(1, 9), To: at(1, 10.5)}}
		}), i1(at(1, 10)), ""},
		{"a break in working time", "H04", with(one(), func(p *scheduling.Problem) {
			p.Mentors[0].Work = []scheduling.Span{{From: at(1, 9), To: at(1, 10.5)}, {From: at(1, 10.75), To: at(1, 12)}}
		}), i1(at(1, 10)), "0: m0"},
		{"blocked", "H16", with(one(), func(p *scheduling.Problem) {
			p.Mentors[0].Blocked = []scheduling.BlockedSpan{{Span: scheduling.Span{From: at(1, 10.75), To: at(1, 12)}}}
		}), i1(at(1, 10)), "0: m0"},
		{"off the step, negative", "H31", with(one(), func(p *scheduling.Problem) { p.Rounds[0].Open, p.StartStep = -96, 4 }), i1(-6), "0:"},
		{"on the step, negative", "H31", with(one(), func(p *scheduling.Problem) { p.Rounds[0].Open, p.StartStep = -96, 4 }), i1(-8), ""},
		{"over the end of the window", "H31", with(one(), func(p *scheduling.Problem) { p.Rounds[0].Close = at(1, 11) }), i1(at(1, 10.5)), "0:"},
		{"to the end of the window", "H31", with(one(), func(p *scheduling.Problem) { p.Rounds[0].Close = at(1, 11) }), i1(at(1, 10)), ""},
		{"an unknown round", "H31", one(), []string{say("I9", "s0", at(1, 10), "m0")}, "0:"},
		{"every session of the mentor", "H13", with(one(), func(p *scheduling.Problem) { p.Mentors[0].Earliest = ptr(at(2, 0)) }),
			[]string{say("I1", "s0", at(0, 10), "m0"), say("I2", "s0", at(1, 10), "m0")}, "0: m0, 1: m0"},
		{"never prepared", "H11", with(one(), func(p *scheduling.Problem) { p.Mentors[0].PreparedAt = nil }),
			[]string{say("I2", "s0", at(2, 10), "m0"), say("I1", "s0", at(1, 10), "m0")}, "1: m0"},
		{"prepared a day before", "H11", with(one(), func(p *scheduling.Problem) { p.Mentors[0].PreparedAt = ptr(at(0, 10)) }), i1(at(1, 10)), ""},
		{"prepared too late", "H11", with(one(), func(p *scheduling.Problem) { p.Mentors[0].PreparedAt = ptr(at(0, 10.25)) }), i1(at(1, 10)), "0: m0"},
		{"prepared, yet the introduction comes after", "H11", cycle(2, 1, 1, introduction("P", 1), individual("I1")),
			[]string{say("P", "s0", at(3, 10), "m0"), say("I1", "s0", at(1, 10), "m0")}, "1: m0"},
		{"the introduction ends a slot too late", "H11", cycle(2, 1, 1, introduction("P", 1), individual("I1")),
			[]string{say("P", "s0", at(1, 9), "m0"), say("I1", "s0", at(2, 10.25), "m0")}, "1: m0"},
		{"prepared and not invited", "H11", cycle(2, 1, 1, introduction("P", 1), individual("I1")), i1(at(1, 10)), ""},
		{"as long as the round says", "H25", with(one(), func(p *scheduling.Problem) { p.Rounds[0].Dur = 3 }), i1(at(1, 10)), ""},
		{"a size without a length", "H25", cycle(1, 6, 1, group("G1", scheduling.Remix)), []string{say("G1", "s0", at(1, 10), "m0", "m1", "m2", "m3", "m4", "m5")}, "0:"},
	})
}

func TestLoadAndSpacing(t *testing.T) {
	four := func(change func(*scheduling.Supervisor)) *scheduling.Problem {
		return with(cycle(2, 4, 1, individual("I1")), func(p *scheduling.Problem) { change(&p.Supervisors[0]) })
	}
	days := func(starts ...int) (out []string) {
		for i, start := range starts {
			out = append(out, say("I1", "s0", start, fmt.Sprintf("m%d", i)))
		}
		return out
	}
	rounds := func(change func(*scheduling.Problem)) *scheduling.Problem {
		return with(cycle(4, 1, 1, individual("I1"), introduction("P", 1), individual("I2"), individual("I3")), change)
	}
	gap := rounds(func(p *scheduling.Problem) { p.Gap.Min = 7 * scheduling.SlotsPerDay })
	longest := rounds(func(p *scheduling.Problem) { p.Gap.Max = ptr(7 * scheduling.SlotsPerDay) })
	own := func(round string, start int) string { return say(round, "s0", start, "m0") }
	judge(t, []clause{
		{"buffer", "H15", four(func(s *scheduling.Supervisor) { s.Buffer = 2 }), days(at(1, 12), at(1, 10), at(1, 11)), "0: s0, 2: s0"},
		{"buffer kept", "H15", four(func(s *scheduling.Supervisor) { s.Buffer = 2 }), days(at(1, 10), at(1, 11.5)), ""},
		{"sessions a day", "H15", four(func(s *scheduling.Supervisor) { s.MaxDay = ptr(2) }), days(at(1, 10), at(1, 12), at(1, 14), at(2, 10)), "2: s0"},
		{"slots a day", "H15", four(func(s *scheduling.Supervisor) { s.MaxDaySlots = ptr(11) }), days(at(1, 10), at(1, 12), at(1, 14)), "2: s0"},
		{"sessions a week", "H15", four(func(s *scheduling.Supervisor) { s.MaxWeek = ptr(2) }), days(at(1, 10), at(2, 10), at(4, 10), at(7, 10)), "2: s0"},
		{"slots a week", "H15", four(func(s *scheduling.Supervisor) { s.MaxWeekSlots = ptr(8) }), days(at(1, 10), at(2, 10), at(4, 10), at(7, 10)), "2: s0"},
		{"the local day counts", "H15", four(func(s *scheduling.Supervisor) { s.MaxDay = ptr(1) }), days(at(1, 23.5), at(2, 0.5)), ""},
		{"one violation for a session that breaks it twice", "H15", four(func(s *scheduling.Supervisor) { s.MaxDay, s.Buffer = ptr(1), 1 }), days(at(1, 10), at(1, 11)), "1: s0"},
		{"core knows no limits of slots", "H15", with(four(func(s *scheduling.Supervisor) { s.MaxDaySlots, s.MaxWeekSlots = ptr(1), ptr(1) }), func(p *scheduling.Problem) { p.Profile = scheduling.ProfileCore }), days(at(1, 10)), ""},
		{"a day", "H17", rounds(func(*scheduling.Problem) {}), []string{own("I1", at(1, 9)), own("I2", at(1, 11)), own("I3", at(2, 9))}, "1: m0"},
		{"two a day where the cycle says so", "H17", rounds(func(p *scheduling.Problem) { p.MaxPerDay = 2 }), []string{own("I1", at(1, 9)), own("I2", at(1, 11))}, ""},
		{"shortest gap, whatever the rounds", "H18", gap, []string{own("I3", at(1, 9)), own("I1", at(10, 9)), own("I2", at(8, 9))}, "1: m0"},
		{"introductions have no gap", "H18", gap, []string{own("P", at(7, 9)), own("I1", at(8, 9))}, ""},
		{"order", "H33", rounds(func(*scheduling.Problem) {}), []string{own("I1", at(10, 9)), own("I2", at(8, 9)), own("I3", at(14, 9))}, "1: m0"},
		{"order past an unassigned round", "H33", rounds(func(*scheduling.Problem) {}), []string{own("I3", at(8, 9)), own("I1", at(10, 9))}, "0: m0"},
		{"at once is not after", "H33", rounds(func(*scheduling.Problem) {}), []string{own("I1", at(8, 9)), own("I2", at(8, 9))}, "1: m0"},
		{"longest gap", "H33", longest, []string{own("I1", at(1, 9)), own("I2", at(8, 9.5)), own("I3", at(15, 9.5))}, "1: m0"},
		{"longest gap past an unassigned round", "H33", longest, []string{own("I1", at(1, 9)), own("I3", at(15, 9))}, ""},
		{"introductions have no order", "H33", longest, []string{own("P", at(20, 9)), own("I1", at(8, 9)), own("I2", at(9, 9))}, ""},
		{"two at once as a supervisor", "H32", cycle(1, 2, 1, individual("I1")), days(at(1, 10), at(1, 10.5)), "1: s0"},
	})
}

// Two sessions that start at once are counted alike in either order of the plan.
func TestLimitsDoNotDependOnTheOrderOfThePlan(t *testing.T) {
	p := with(cycle(1, 4, 1, individual("I1"), group("G1", scheduling.Remix)), func(p *scheduling.Problem) { p.Supervisors[0].MaxDaySlots = ptr(5) })
	short, long := say("I1", "s0", at(1, 10), "m0"), say("G1", "s0", at(1, 10), "m1", "m2", "m3")
	for _, sessions := range [][]string{{short, long}, {long, short}} {
		if r := (check.Judge{Only: []string{"H15"}}).Check(p, plan(p, sessions...)); r.Hard != 1 {
			t.Errorf("%v: %+v", sessions, r.Violations)
		}
	}
}

// Which session of a group is its first does not depend on the order of the plan either.
func TestClosedGroupsDoNotDependOnTheOrderOfThePlan(t *testing.T) {
	p := cycle(1, 3, 2, group("G1", scheduling.Closed), group("G2", scheduling.Closed))
	one, other := say("G1/a", "s0", at(1, 10), "m0", "m1", "m2"), say("G1/a", "s1", at(1, 10), "m0", "m1", "m2")
	for _, sessions := range [][]string{{one, other}, {other, one}} {
		r := check.Judge{Only: []string{"H20"}}.Check(p, plan(p, append(sessions, say("G2/a", "s1", at(2, 10), "m0", "m1", "m2"))...))
		if r.Hard != 2 {
			t.Errorf("%v: %+v", sessions, r.Violations)
		}
	}
}

func TestASessionHasALength(t *testing.T) {
	p := cycle(1, 1, 1, introduction("P", 1))
	p.Rounds[0].Dur = 0
	if got := broken(check.Check(p, plan(p, say("P", "s0", at(1, 10), "m0")))); !slices.Equal(got, []string{"H31"}) {
		t.Errorf("%v", got)
	}
}

func TestOnce(t *testing.T) {
	p := cycle(1, 2, 1, introduction("P", 2), individual("I1"))
	due := []string{say("P", "s0", at(0, 9), "m0"), say("P", "s0", at(0, 13), "m1")}
	judge(t, []clause{
		{"twice", "H30", p, append(due[:2:2], say("I1", "s0", at(1, 10), "m0"), say("I1", "s0", at(2, 10), "m0"), say("I1", "s0", at(3, 10), "m1")), "3: m0"},
		{"one date too few", "H30", p, []string{say("P", "s0", at(0, 9), "m0", "m1"), say("I1", "s0", at(2, 10), "m0"), say("I1", "s0", at(3, 10), "m1")}, "-1:"},
		{"an empty date", "H30", p, []string{say("P", "s0", at(0, 9), "m0", "m1"), say("P", "s0", at(0, 13)), say("I1", "s0", at(2, 10), "m0"), say("I1", "s0", at(3, 10), "m1")}, "1:"},
		{"core: two seats", "H30", with(cycle(1, 1, 1, individual("I1")), func(p *scheduling.Problem) { p.Profile = scheduling.ProfileCore }), []string{say("I1", "s0", at(1, 10), "m0", "m0")}, "0: m0"},
		{"core: a stranger", "H30", with(cycle(1, 1, 1, individual("I1")), func(p *scheduling.Problem) { p.Profile = scheduling.ProfileCore }), []string{say("I1", "s0", at(1, 10), "m0", "s0")}, "0: s0"},
	})
	whole := append(due[:2:2], say("I1", "s0", at(1, 10), "m0"))
	for reason, want := range map[string]string{"H03": "", "": "-1: m1"} {
		listed := plan(p, whole...)
		listed.Unassigned = []scheduling.Unassigned{{Mentor: "m1", Round: "I1", Reason: reason}}
		if got := named(check.Judge{Only: []string{"H30"}}.Check(p, listed)); got != want {
			t.Errorf("listed for reason %q: %q", reason, got)
		}
	}
	both := plan(p, append(whole[:3:3], say("I1", "s0", at(2, 10), "m1"))...)
	both.Unassigned = []scheduling.Unassigned{{Mentor: "m1", Round: "I1", Reason: "H03"}, {Mentor: "x", Round: "I1", Reason: "H03"}}
	if got := named(check.Judge{Only: []string{"H30"}}.Check(p, both)); got != "-1: x, 3: m1" {
		t.Errorf("placed and listed, and a stranger: %q", got)
	}
}

func TestPins(t *testing.T) {
	pinned := func(pins ...scheduling.Pin) *scheduling.Problem {
		return with(cycle(1, 3, 2, individual("I1"), individual("I2")), func(p *scheduling.Problem) { p.Pins = pins })
	}
	ten := ptr(at(1, 10))
	sessions := []string{say("I1", "s0", at(1, 10), "m0"), say("I1", "s1", at(1, 10), "m1"), say("I1", "s0", at(2, 10), "m2")}
	judge(t, []clause{
		{"each of two sessions keeps one of two pins", "H34", pinned(scheduling.Pin{Round: "I1", Start: ten}, scheduling.Pin{Round: "I1", Start: ten, Supervisor: "s0"}), sessions, ""},
		{"a third finds none", "H34", pinned(scheduling.Pin{Round: "I1", Start: ten}, scheduling.Pin{Round: "I1", Start: ten}, scheduling.Pin{Round: "I1", Start: ten}), sessions, "-1:"},
		{"an earlier pin moves over", "H34", pinned(scheduling.Pin{Round: "I1", Supervisor: "s0"}, scheduling.Pin{Round: "I1", Members: []string{"m0"}}), sessions, ""},
		{"two broken ones are two", "H34", pinned(scheduling.Pin{Round: "I2", Start: ten}, scheduling.Pin{Round: "I2", Start: ten}), sessions, "-1:, -1:"},
		{"all fields", "H34", pinned(scheduling.Pin{Round: "I1", Members: []string{"m0"}, Supervisor: "s1", Start: ten}), sessions, "-1: m0 s1"},
		{"another round", "H34", pinned(scheduling.Pin{Round: "I2", Members: []string{"m0"}}), sessions, "-1: m0"},
	})
}
