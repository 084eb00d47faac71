package check_test

import "kreds/scheduling"

// The other ways to break a rule than the plainest, each in a case of its own.

// six are the mentors of two groups of three.
func six(first []string, other []string) []string {
	return []string{say("G1", "s0", at(1, 10), first...), say("G1", "s0", at(2, 10), other...)}
}

func lowest() []string { return []string{"m0", "m1", "m2"} }

func highest() []string { return []string{"m3", "m4", "m5"} }

// listing says who is unassigned.
func listing(p *scheduling.Plan, mentor, round string) *scheduling.Plan {
	p = copied(p)
	p.Unassigned = append(p.Unassigned, scheduling.Unassigned{Mentor: mentor, Round: round, Reason: "H03"})
	return p
}

func whoMayMeet(out caseBook) {
	solo := func() *scheduling.Problem { return cycle(1, 1, 1, individual("I1")) }
	remix := func(mentors int) *scheduling.Problem { return cycle(1, mentors, 2, group("G1", scheduling.Remix)) }

	p := remix(6)
	p.Rounds[0].Dur, p.Rounds[0].DurBySize = 8, nil
	out.add("H01-large", p, six(lowest(), highest()), []string{say("G1", "s0", at(1, 10), "m0", "m1", "m2", "m3", "m4", "m5")})
	p = with(remix(5), func(p *scheduling.Problem) { p.Size.Max = 4 })
	out["H01-narrower"] = ruleCase{p, listing(plan(p, say("G1", "s0", at(1, 10), "m0", "m1", "m2", "m3")), "m4", "G1"), plan(p, say("G1", "s0", at(1, 10), "m0", "m1", "m2", "m3", "m4"))}
	p = solo()
	out["H02-nobody"] = ruleCase{p, plan(p, one("I1", at(1, 10))...), plan(p, append(one("I1", at(1, 10)), say("I1", "s0", at(2, 10)))...)}

	for _, id := range []string{"H05", "H06", "H07", "H08", "H09", "H22", "H23"} {
		p = with(remix(3), func(p *scheduling.Problem) { // from the second day until the third
			p.Forbidden = []scheduling.Pair{{A: "m0", B: "m1", Rule: id, From: ptr(at(2, 10)), To: ptr(at(3, 10))}}
		})
		out.add(id+"-for-a-time", p, []string{say("G1", "s0", at(3, 10), lowest()...)}, []string{say("G1", "s0", at(2, 10), lowest()...)})
	}
	p = with(remix(3), func(p *scheduling.Problem) { p.Dependent = []scheduling.Pair{{A: "s0", B: "m1", Rule: "H10"}} })
	out.add("H10-group", p, []string{say("G1", "s1", at(1, 10), lowest()...)}, []string{say("G1", "s0", at(1, 10), lowest()...)})
	p = with(cycle(1, 2, 2, introduction("P", 1)), func(p *scheduling.Problem) { p.Dependent = []scheduling.Pair{{A: "s0", B: "m1", Rule: "H10"}} })
	out.add("H10-introduction", p, []string{say("P", "s1", at(1, 10), "m0", "m1")}, []string{say("P", "s0", at(1, 10), "m0", "m1")})

	closed := cycle(1, 3, 2, group("G1", scheduling.Closed), group("G2", scheduling.Closed))
	first := say("G1/a", "s0", at(1, 10), lowest()...)
	both := []string{first, say("G2/a", "s0", at(2, 10), lowest()...)}
	out.add("H20-supervisor", closed, both, []string{first, say("G2/a", "s1", at(2, 10), lowest()...)})
	out["H20-not-met"] = ruleCase{closed, plan(closed, both...), listing(listing(listing(plan(closed, first), "m0", "G2"), "m1", "G2"), "m2", "G2")}
	out.add("H20-nameless", cycle(1, 3, 1, group("G1", scheduling.Closed)), []string{first}, []string{say("G1", "s0", at(1, 10), lowest()...)})

	p = with(cycle(1, 1, 2, individual("I1")), func(p *scheduling.Problem) { p.Supervisors[1].Langs = []string{"en"} })
	out.add("H26-individual", p, []string{say("I1", "s0", at(1, 10), "m0")}, []string{say("I1", "s1", at(1, 10), "m0")})
	p = with(cycle(1, 1, 2, individual("I1")), func(p *scheduling.Problem) {
		p.Rounds[0].Qual, p.Supervisors[0].Qual, p.Supervisors[1].Qual = "team", []string{"case"}, []string{"case", "team"}
	})
	out.add("H36-qualification", p, []string{say("I1", "s1", at(1, 10), "m0")}, []string{say("I1", "s0", at(1, 10), "m0")})
}

func whenTheyMay(out caseBook) {
	solo := func(change func(*scheduling.Problem)) *scheduling.Problem {
		return with(cycle(1, 1, 1, individual("I1")), change)
	}
	hour := func(day int, from, to float64) scheduling.Span {
		return scheduling.Span{From: at(day, from), To: at(day, to)}
	}

	out.add("H03-busy", solo(func(p *scheduling.Problem) {
		p.Supervisors[0].Busy = []scheduling.BusySpan{{Span: hour(1, 10.75, 11), Kind: scheduling.Busy}, {Span: hour(1, 11, 12), Kind: scheduling.Stale}}
	}), one("I1", at(1, 11)), one("I1", at(1, 10)))
	out.add("H04-break", solo(func(p *scheduling.Problem) {
		p.Mentors[0].Work = []scheduling.Span{hour(1, 8, 12), hour(1, 12.5, 13), hour(1, 13, 17)}
	}), one("I1", at(1, 12.5)), one("I1", at(1, 11.5)))
	out.add("H04-supervisor", solo(func(p *scheduling.Problem) { p.Supervisors[0].Work = []scheduling.Span{hour(1, 9, 12)} }), one("I1", at(1, 9)), one("I1", at(1, 8.5)))

	out.add("H11-recorded", solo(func(p *scheduling.Problem) { p.Mentors[0].PreparedAt = ptr(at(1, 10)) }), one("I1", at(2, 10)), one("I1", at(2, 9.5)))
	never := with(cycle(1, 2, 1, individual("I1")), func(p *scheduling.Problem) { p.Mentors[1].PreparedAt = nil })
	out["H11-never"] = ruleCase{never, listing(plan(never, one("I1", at(1, 10))...), "m1", "I1"), plan(never, append(one("I1", at(1, 10)), say("I1", "s0", at(2, 10), "m1"))...)}
	p := cycle(1, 1, 1, introduction("P", 1), individual("I1"))
	out.add("H11-after", p, append(one("P", at(1, 10)), one("I1", at(3, 10))...), append(one("P", at(4, 10)), one("I1", at(3, 10))...))

	out.add("H13-late", with(cycle(2, 1, 1, individual("I1")), func(p *scheduling.Problem) { p.Mentors[0].Latest = ptr(at(9, 12)) }), one("I1", at(9, 11)), one("I1", at(9, 11.5)))

	leading := func(change func(*scheduling.Supervisor)) *scheduling.Problem {
		return with(cycle(2, 3, 1, individual("I1")), func(p *scheduling.Problem) { change(&p.Supervisors[0]) })
	}
	near := three(at(1, 10), at(1, 12), at(1, 14))
	out.add("H15-buffer", leading(func(s *scheduling.Supervisor) { s.Buffer = 3 }), near, three(at(1, 10), at(1, 11.5), at(1, 14)))
	out.add("H15-day-slots", leading(func(s *scheduling.Supervisor) { s.MaxDaySlots = ptr(11) }), three(at(1, 10), at(1, 12), at(2, 14)), near)
	out.add("H15-week", leading(func(s *scheduling.Supervisor) { s.MaxWeek = ptr(2) }), three(at(1, 10), at(2, 10), at(7, 10)), three(at(1, 10), at(2, 10), at(4, 10)))
	out.add("H15-week-slots", leading(func(s *scheduling.Supervisor) { s.MaxWeekSlots = ptr(8) }), three(at(1, 10), at(2, 10), at(7, 10)), three(at(1, 10), at(2, 10), at(4, 10)))
	out.add("H15-standing", leading(func(s *scheduling.Supervisor) {
		s.MaxDay, s.Taken = ptr(2), []scheduling.TakenSpan{{Span: hour(1, 15, 16), Kind: scheduling.Group}}
	}), three(at(1, 10), at(2, 12), at(3, 14)), three(at(1, 10), at(1, 12), at(3, 14)))

	holiday := scheduling.BlockedSpan{Span: hour(1, 0, 24), Reason: "holiday"}
	out.add("H16-mentor", solo(func(p *scheduling.Problem) { p.Mentors[0].Blocked = []scheduling.BlockedSpan{holiday} }), one("I1", at(2, 10)), one("I1", at(1, 10)))
	out.add("H16-blackout", solo(func(p *scheduling.Problem) {
		closed := []scheduling.BlockedSpan{{Span: hour(3, 12, 14), Reason: "blackout"}}
		p.Mentors[0].Blocked, p.Supervisors[0].Blocked = closed, closed
	}), one("I1", at(3, 11)), one("I1", at(3, 11.5)))

	out.add("H32-standing", solo(func(p *scheduling.Problem) {
		p.Mentors[0].Taken = []scheduling.TakenSpan{{Span: hour(1, 10, 11.5), Kind: scheduling.Introduction}}
	}), one("I1", at(1, 11.5)), one("I1", at(1, 11)))
}

func howTheRoundsLie(out caseBook) {
	two := func(change func(*scheduling.Problem)) *scheduling.Problem {
		return with(cycle(3, 1, 1, individual("I1"), individual("I2")), change)
	}
	pair := func(first, second int) []string { return append(one("I1", first), one("I2", second)...) }
	stands := func(day int, round string) []scheduling.TakenSpan {
		return []scheduling.TakenSpan{{Span: scheduling.Span{From: at(day, 10), To: at(day, 11)}, Kind: scheduling.Individual, Round: round}}
	}
	out.add("H17-two", with(cycle(1, 1, 1, individual("I1"), individual("I2"), individual("I3")), func(p *scheduling.Problem) { p.MaxPerDay = 2 }),
		append(pair(at(1, 8), at(1, 10)), one("I3", at(2, 14))...), append(pair(at(1, 8), at(1, 10)), one("I3", at(1, 14))...))
	out.add("H18-standing", two(func(p *scheduling.Problem) { p.Gap.Min, p.Mentors[0].Taken = 7*scheduling.SlotsPerDay, stands(1, "") }), pair(at(8, 10), at(16, 10)), pair(at(8, 9), at(16, 10)))

	p := cycle(1, 1, 1, individual("I1"))
	short := plan(p, one("I1", at(1, 10))...)
	short.Sessions[0].Dur = 3
	out["H25-individual"] = ruleCase{p, plan(p, one("I1", at(1, 10))...), short}

	once := cycle(1, 2, 1, individual("I1"))
	seated := append(one("I1", at(1, 10)), say("I1", "s0", at(2, 10), "m1"))
	out["H30-listed"] = ruleCase{once, plan(once, seated...), listing(plan(once, seated...), "m1", "I1")}
	p = with(cycle(1, 1, 1, individual("I1")), func(p *scheduling.Problem) { p.MaxPerDay = 2 })
	out.add("H30-twice", p, one("I1", at(1, 10)), append(one("I1", at(1, 10)), one("I1", at(2, 10))...))
	dates := cycle(1, 2, 1, introduction("P", 2))
	apart := append(one("P", at(1, 10)), say("P", "s0", at(2, 10), "m1"))
	out.add("H30-dates", dates, apart, []string{say("P", "s0", at(1, 10), "m0", "m1")})
	out.add("H30-empty-date", dates, apart, []string{say("P", "s0", at(1, 10), "m0", "m1"), say("P", "s0", at(2, 10))})

	window := func() *scheduling.Problem {
		return with(cycle(1, 1, 1, individual("I1")), func(p *scheduling.Problem) { p.Rounds[0].Open, p.Rounds[0].Close = at(1, 10), at(1, 14) })
	}
	out.add("H31-early", window(), one("I1", at(1, 10)), one("I1", at(1, 9.5)))
	out.add("H31-late", window(), one("I1", at(1, 13)), one("I1", at(1, 13.5)))

	out.add("H33-longest", two(func(p *scheduling.Problem) { p.Gap.Max = ptr(7 * scheduling.SlotsPerDay) }), pair(at(1, 10), at(8, 10)), pair(at(1, 10), at(8, 10.5)))
	p = cycle(3, 1, 1, individual("I1"), individual("I2"), individual("I3"))
	skipped := func(third int) *scheduling.Plan {
		return listing(plan(p, append(one("I1", at(8, 10)), one("I3", third)...)...), "m0", "I2")
	}
	out["H33-skipped"] = ruleCase{p, skipped(at(9, 10)), skipped(at(7, 10))}
	booked := two(func(p *scheduling.Problem) { p.Mentors[0].Taken = stands(9, "I2") })
	before := func(start int) *scheduling.Plan { return listing(plan(booked, one("I1", start)...), "m0", "I2") }
	out["H33-standing"] = ruleCase{booked, before(at(8, 10)), before(at(10, 10))}

	pinned := func(pins ...scheduling.Pin) *scheduling.Problem {
		return with(cycle(1, 2, 2, individual("I1")), func(p *scheduling.Problem) { p.Pins = pins })
	}
	m0, m1 := say("I1", "s0", at(1, 10), "m0"), say("I1", "s1", at(1, 10), "m1")
	out.add("H34-supervisor", pinned(scheduling.Pin{Round: "I1", Members: []string{"m0"}, Supervisor: "s0"}), []string{m0, m1}, []string{say("I1", "s1", at(2, 10), "m0"), m1})
	ten := scheduling.Pin{Round: "I1", Start: ptr(at(1, 10))}
	out.add("H34-two-pins", pinned(ten, ten), []string{m0, m1}, []string{m0, say("I1", "s1", at(2, 10), "m1")})
	whole := scheduling.Pin{Round: "I1", Members: []string{"m0"}, Supervisor: "s0", Start: ptr(at(1, 10)), Standing: true}
	held := with(pinned(whole), func(p *scheduling.Problem) { // at a time that is over: it may stay there, and nowhere else
		p.Mentors[0].Blocked = []scheduling.BlockedSpan{{Span: scheduling.Span{From: at(0, 0), To: at(1, 11)}, Reason: "past"}}
	})
	out.add("H34-standing", held, []string{m0, m1}, []string{say("I1", "s0", at(1, 11), "m0"), m1})
	groups := with(cycle(1, 6, 1, group("G1", scheduling.Remix)), func(p *scheduling.Problem) {
		p.Pins = []scheduling.Pin{{Round: "G1", Members: []string{"m2", "m0", "m1"}}}
	})
	out.add("H34-members", groups, six(lowest(), highest()), six([]string{"m0", "m1", "m3"}, []string{"m2", "m4", "m5"}))
}

// inCore shows where profile core reads the law by its own words, and that it reads the rest alike.
func inCore(out caseBook) {
	core := func(p *scheduling.Problem, change func(*scheduling.Problem)) *scheduling.Problem {
		p.Profile = scheduling.ProfileCore
		for i := range p.Rounds {
			if p.Rounds[i].DurBySize != nil {
				p.Rounds[i].Dur, p.Rounds[i].DurBySize = 6, nil
			}
		}
		change(p)
		return p
	}
	as := func(*scheduling.Problem) {}
	remix := func() *scheduling.Problem { return cycle(1, 6, 2, group("G1", scheduling.Remix)) }

	out.add("H01-core", core(remix(), as), six(lowest(), highest()), six([]string{"m0", "m1"}, []string{"m2", "m3", "m4", "m5"}))
	out.add("H09-core", core(remix(), func(p *scheduling.Problem) { p.Forbidden = []scheduling.Pair{{A: "m5", B: "m3", Rule: "H09"}} }),
		six([]string{"m0", "m1", "m3"}, []string{"m2", "m4", "m5"}), six(lowest(), highest()))
	out.add("H10-core", core(cycle(1, 1, 2, individual("I1")), func(p *scheduling.Problem) { p.Dependent = []scheduling.Pair{{A: "s1", B: "m0", Rule: "H10"}} }),
		[]string{say("I1", "s0", at(1, 10), "m0")}, []string{say("I1", "s1", at(1, 10), "m0")})
	// No hours of the day are limited in core, the number is.
	out.add("H15-core", core(cycle(1, 3, 1, individual("I1")), func(p *scheduling.Problem) { p.Supervisors[0].MaxDaySlots, p.Supervisors[0].MaxDay = ptr(4), ptr(2) }),
		three(at(1, 10), at(1, 11), at(2, 10)), three(at(1, 10), at(1, 11), at(1, 12)))
	// Each member shares a language with the supervisor; not all need to share one.
	out.add("H26-core", core(cycle(1, 3, 2, group("G1", scheduling.Remix)), func(p *scheduling.Problem) {
		p.Supervisors[0].Langs, p.Supervisors[1].Langs, p.Mentors[1].Langs = []string{"da", "en"}, []string{"da"}, []string{"en"}
	}), []string{say("G1", "s0", at(1, 10), lowest()...)}, []string{say("G1", "s1", at(1, 10), lowest()...)})
	// There is no H21 in core: who is no mentor of the problem has no seat by H30.
	out.add("H30-core", core(cycle(1, 3, 2, group("G1", scheduling.Remix)), as), []string{say("G1", "s0", at(1, 10), lowest()...)}, []string{say("G1", "s0", at(1, 10), "m0", "m1", "m2", "s1")})
	out.add("H33-core", core(cycle(3, 1, 1, individual("I1"), individual("I2")), func(p *scheduling.Problem) { p.Gap.Max = ptr(10 * scheduling.SlotsPerDay) }),
		append(one("I1", at(1, 10)), one("I2", at(11, 10))...), append(one("I1", at(1, 10)), one("I2", at(11, 11))...))
}
