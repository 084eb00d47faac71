package check_test

import (
	"slices"

	"kreds/scheduling"
)

type ruleCase struct {
	instance         *scheduling.Problem
	lawful, unlawful *scheduling.Plan
}

// caseBook has the cases by the names of their folders.
type caseBook map[string]ruleCase

func (b caseBook) add(name string, p *scheduling.Problem, lawful, unlawful []string) {
	b[name] = ruleCase{p, plan(p, lawful...), plan(p, unlawful...)}
}

// one is a session of m0 with s0.
func one(round string, start int) []string { return []string{say(round, "s0", start, "m0")} }

// three are individual sessions of three mentors with s0.
func three(a, b, c int) []string {
	return []string{say("I1", "s0", a, "m0"), say("I1", "s0", b, "m1"), say("I1", "s0", c, "m2")}
}

// cases shows each rule broken in its plainest way, and then in all others.
func cases() caseBook {
	out := caseBook{}
	plain(out)
	whoMayMeet(out)
	whenTheyMay(out)
	howTheRoundsLie(out)
	inCore(out)
	return out
}

func plain(out caseBook) {
	add := out.add
	apart := []string{say("G1", "s0", at(1, 10), "m0", "m2", "m3"), say("G1", "s0", at(2, 10), "m1", "m4", "m5")}
	together := []string{say("G1", "s0", at(1, 10), "m0", "m1", "m2"), say("G1", "s0", at(2, 10), "m3", "m4", "m5")}

	p := cycle(1, 6, 1, group("G1", scheduling.Remix))
	p.Rounds[0].Dur, p.Rounds[0].DurBySize = 8, nil
	add("H01", p, apart, []string{say("G1", "s0", at(1, 10), "m0", "m1"), say("G1", "s0", at(2, 10), "m2", "m3", "m4", "m5")})

	add("H02", cycle(1, 2, 1, individual("I1")), []string{say("I1", "s0", at(1, 10), "m0"), say("I1", "s0", at(1, 11), "m1")}, []string{say("I1", "s0", at(1, 10), "m0", "m1")})

	p = cycle(1, 1, 1, individual("I1"))
	p.Mentors[0].Busy = []scheduling.BusySpan{
		{Span: scheduling.Span{From: at(1, 10), To: at(1, 11)}, Kind: scheduling.Tentative},
		{Span: scheduling.Span{From: at(1, 11), To: at(1, 12)}, Kind: scheduling.Unknown},
	}
	add("H03", p, one("I1", at(1, 11)), one("I1", at(1, 10.5)))

	p = cycle(1, 1, 1, individual("I1"))
	p.Supervisors[0].Work = []scheduling.Span{{From: at(1, 8), To: at(1, 20)}}
	add("H04", p, one("I1", at(1, 16)), one("I1", at(1, 16.5)))

	for _, id := range []string{"H05", "H06", "H07", "H08", "H09", "H22", "H23"} {
		p = cycle(1, 6, 1, group("G1", scheduling.Remix))
		p.Forbidden = []scheduling.Pair{{A: "m1", B: "m0", Rule: id}, {A: "m3", B: "m5", Rule: id, To: ptr(at(1, 0))}}
		add(id, p, apart, together)
	}

	p = cycle(1, 1, 2, individual("I1"))
	p.Dependent = []scheduling.Pair{{A: "s0", B: "m0", Rule: "H10", From: ptr(at(1, 0))}}
	add("H10", p, one("I1", at(0, 10)), one("I1", at(1, 10)))

	p = cycle(1, 1, 1, introduction("P", 1), individual("I1"))
	p.Mentors[0].PreparedAt = nil
	add("H11", p, append(one("P", at(1, 9)), one("I1", at(2, 10.5))...), append(one("P", at(1, 9)), one("I1", at(2, 10))...))

	p = cycle(2, 1, 1, individual("I1"), individual("I2"))
	p.Mentors[0].Earliest, p.Mentors[0].Latest = ptr(at(2, 0)), ptr(at(9, 12))
	add("H13", p, append(one("I1", at(2, 10)), one("I2", at(9, 11))...), append(one("I1", at(1, 10)), one("I2", at(9, 11))...))

	p = cycle(1, 3, 1, individual("I1"))
	p.Supervisors[0].MaxDay = ptr(2)
	add("H15", p, three(at(1, 10), at(1, 11), at(2, 10)), three(at(1, 10), at(1, 11), at(1, 14)))

	p = cycle(1, 1, 1, individual("I1"))
	p.Supervisors[0].Blocked = []scheduling.BlockedSpan{{Span: scheduling.Span{From: at(1, 0), To: at(2, 0)}, Reason: "holiday"}}
	add("H16", p, one("I1", at(2, 10)), one("I1", at(1, 10)))

	p = cycle(1, 1, 1, individual("I1"), individual("I2"))
	add("H17", p, append(one("I1", at(1, 10)), one("I2", at(2, 10))...), append(one("I1", at(1, 10)), one("I2", at(1, 14))...))

	p = cycle(3, 1, 1, individual("I1"), individual("I2"))
	p.Gap.Min = 14 * scheduling.SlotsPerDay
	add("H18", p, append(one("I1", at(1, 10)), one("I2", at(15, 10))...), append(one("I1", at(1, 10)), one("I2", at(15, 9))...))

	p = cycle(1, 6, 1, group("G1", scheduling.Closed), group("G2", scheduling.Closed))
	first := []string{say("G1/a", "s0", at(1, 10), "m0", "m2", "m3"), say("G1/b", "s0", at(2, 10), "m1", "m4", "m5")}
	add("H20", p, append(slices.Clone(first), say("G2/a", "s0", at(3, 10), "m3", "m2", "m0"), say("G2/b", "s0", at(4, 10), "m1", "m4", "m5")),
		append(slices.Clone(first), say("G2/a", "s0", at(3, 10), "m1", "m2", "m3"), say("G2/b", "s0", at(4, 10), "m0", "m4", "m5")))

	p = cycle(1, 3, 2, group("G1", scheduling.Remix))
	add("H21", p, []string{say("G1", "s0", at(1, 10), "m0", "m1", "m2")}, []string{say("G1", "s0", at(1, 10), "m0", "m1", "m2", "s1")})

	p = cycle(1, 3, 1, group("G1", scheduling.Remix))
	longer := plan(p, say("G1", "s0", at(1, 10), "m0", "m1", "m2"))
	longer.Sessions[0].Dur = 8
	out["H25"] = ruleCase{p, plan(p, say("G1", "s0", at(1, 10), "m0", "m1", "m2")), longer}

	p = cycle(1, 6, 1, group("G1", scheduling.Remix))
	p.Supervisors[0].Langs = []string{"en", "da"}
	for i, langs := range [][]string{{"en"}, {"da", "en"}, {"da"}, {"da"}, {"da", "en"}, {"da", "en"}} {
		p.Mentors[i].Langs = langs
	}
	add("H26", p, []string{say("G1", "s0", at(1, 10), "m0", "m1", "m5"), say("G1", "s0", at(2, 10), "m2", "m3", "m4")},
		[]string{say("G1", "s0", at(1, 10), "m0", "m1", "m2"), say("G1", "s0", at(2, 10), "m3", "m4", "m5")})

	p = cycle(1, 2, 1, individual("I1"))
	add("H30", p, one("I1", at(1, 10)), one("I1", at(1, 10)))
	out["H30"].lawful.Unassigned = []scheduling.Unassigned{{Mentor: "m1", Round: "I1", Reason: "H03"}}

	p = cycle(1, 1, 1, individual("I1"))
	p.Rounds[0].Open, p.Rounds[0].Close = at(1, 8), at(2, 8)
	add("H31", p, one("I1", at(1, 10)), one("I1", at(1, 10.25)))

	p = cycle(1, 1, 2, individual("I1"), individual("I2"))
	p.MaxPerDay = 2
	add("H32", p, []string{say("I1", "s0", at(1, 10), "m0"), say("I2", "s1", at(1, 11), "m0")}, []string{say("I1", "s0", at(1, 10), "m0"), say("I2", "s1", at(1, 10.5), "m0")})

	p = cycle(1, 1, 1, individual("I1"), individual("I2"))
	p.Gap.Max = ptr(2 * scheduling.SlotsPerDay)
	add("H33", p, append(one("I1", at(1, 10)), one("I2", at(3, 10))...), append(one("I1", at(2, 10)), one("I2", at(1, 10))...))

	p = cycle(1, 2, 1, individual("I1"))
	p.Pins = []scheduling.Pin{{Round: "I1", Start: ptr(at(1, 10))}, {Round: "I1", Members: []string{"m0"}}}
	add("H34", p, []string{say("I1", "s0", at(2, 10), "m0"), say("I1", "s0", at(1, 10), "m1")}, []string{say("I1", "s0", at(1, 10), "m0"), say("I1", "s0", at(2, 10), "m1")})

	p = cycle(1, 1, 3, individual("I1"))
	p.Rounds[0].Qual = "team"
	p.Supervisors[0].Qual, p.Supervisors[0].Admits = []string{"team"}, []string{"B"}
	p.Supervisors[1].Qual, p.Supervisors[1].Admits = []string{"team"}, []string{"A"}
	add("H36", p, []string{say("I1", "s1", at(1, 10), "m0")}, []string{say("I1", "s0", at(1, 10), "m0")})
}
