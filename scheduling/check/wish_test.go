package check_test

import (
	"fmt"
	"testing"

	"kreds/scheduling"
	"kreds/scheduling/check"
)

// costs is one case of a wish: what is given, and what f counts, without its weight.
type costs struct {
	name     string
	wish     string
	given    *scheduling.Problem
	sessions []string
	want     int
}

func count(t *testing.T, profile scheduling.Profile, cases []costs) {
	t.Helper()
	seen := map[string]bool{}
	for _, c := range cases {
		t.Run(c.wish+" "+c.name, func(t *testing.T) {
			c.given.Profile = profile
			if got, known := check.Check(c.given, plan(c.given, c.sessions...)).Terms[c.wish]; got != c.want || !known {
				t.Errorf("f = %d, want %d", got, c.want)
			}
		})
		seen[c.wish] = seen[c.wish] || c.want > 0
	}
	for _, w := range profile.Wishes() {
		if !seen[w.ID] {
			t.Errorf("no case in which %s costs", w.ID)
		}
	}
}

// trio is a group round with three, four and five members in a session.
func trio() []string  { return []string{say("G1", "s0", at(1, 10), "m0", "m1", "m2")} }
func quad() []string  { return []string{say("G1", "s0", at(1, 10), "m0", "m1", "m2", "m3")} }
func quint() []string { return []string{say("G1", "s0", at(1, 10), "m0", "m1", "m2", "m3", "m4")} }

// many are so many individual sessions of s0.
func many(n int) (out []string) {
	for i := range n {
		out = append(out, say("I1", "s0", at(1, 9), fmt.Sprintf("m%d", i)))
	}
	return out
}

func groups() *scheduling.Problem { return cycle(2, 5, 2, group("G1", scheduling.Remix)) }

func visits() *scheduling.Problem {
	return cycle(9, 1, 2, introduction("P", 1), individual("I1"), individual("I2"), individual("I3"))
}

func TestWishesOfField(t *testing.T) {
	one := func(round, supervisor string, start int) string { return say(round, supervisor, start, "m0") }
	aim := func() *scheduling.Problem {
		return with(visits(), func(p *scheduling.Problem) { p.Rounds[0].Target, p.Rounds[1].Target = at(0, 12), at(30, 12) })
	}
	far := func(day *int) *scheduling.Problem { // the target is noon at UTC−8, the mentor lives at UTC+5:30
		return with(visits(), func(p *scheduling.Problem) {
			p.Rounds[1].Target, p.Rounds[1].TargetDay = 13*scheduling.SlotsPerDay+20*scheduling.SlotsPerHour, day
			p.Mentors[0].Off[0].Offset = 22
		})
	}
	preferring := func() *scheduling.Problem {
		return with(visits(), func(p *scheduling.Problem) {
			p.Mentors[0].Prefer = []scheduling.Span{{From: at(1, 9), To: at(1, 12)}}
		})
	}
	count(t, scheduling.ProfileField, []costs{
		{"6 days off", "W01", aim(), []string{one("I1", "s0", at(24, 10))}, 0},
		{"7 days off", "W01", aim(), []string{one("I1", "s0", at(37, 10))}, 1},
		{"14 days off", "W01", aim(), []string{one("I1", "s0", at(16, 10))}, 4},
		{"21 days off and more", "W01", aim(), []string{one("I1", "s0", at(2, 10))}, 9},
		{"days are local", "W01", with(aim(), func(p *scheduling.Problem) { p.Mentors[0].Off[0].Offset = 36 }), []string{one("I1", "s0", at(36, 16))}, 1},
		// Noon of the target day in a cycle far to the west is the next day in India: the day that is told is the target all the same.
		{"the target is a day of the cycle", "W01", far(ptr(13)), []string{one("I1", "s0", at(20, 9))}, 1},
		{"6 days after it", "W01", far(ptr(13)), []string{one("I1", "s0", at(19, 9))}, 0},
		{"7 days before it", "W01", far(ptr(13)), []string{one("I1", "s0", at(6, 9))}, 1},
		{"a document that does not tell it", "W01", far(nil), []string{one("I1", "s0", at(20, 9))}, 0},
		{"each member", "W01", with(groups(), func(p *scheduling.Problem) { p.Rounds[0].Target = at(8, 12) }), trio(), 3},
		{"introductions do not count", "W01", aim(), []string{one("P", "s0", at(40, 10))}, 0},

		{"span 2", "W03", with(groups(), func(p *scheduling.Problem) { p.Mentors[0].Seniority = 4 }), trio(), 0},
		{"span 5", "W03", with(groups(), func(p *scheduling.Problem) { p.Mentors[0].Seniority, p.Mentors[1].Seniority = 1, 6 }), trio(), 3},
		{"supervisors have no span", "W03", with(groups(), func(p *scheduling.Problem) { p.Supervisors[0].Seniority = 9 }), trio(), 0},

		{"one unit", "W04", groups(), trio(), 2},
		{"two units", "W04", with(groups(), func(p *scheduling.Problem) { p.Mentors[1].Unit = "V" }), trio(), 1},
		{"organisations", "W04", with(groups(), func(p *scheduling.Problem) { p.Mix, p.Mentors[1].Org, p.Mentors[2].Org = "organisation", "B", "C" }), trio(), 0},
		{"individual sessions mix nobody", "W04", visits(), []string{one("I1", "s0", at(1, 10))}, 0},

		{"inside", "W06", preferring(), []string{one("I1", "s0", at(1, 11.5))}, 0},
		{"starts after", "W06", preferring(), []string{one("I1", "s0", at(1, 12))}, 1},
		{"supervisors, too", "W06", with(visits(), func(p *scheduling.Problem) { p.Supervisors[0].Prefer = []scheduling.Span{{From: 0, To: 1}} }), []string{one("I1", "s0", at(1, 10))}, 1},
		{"introductions, too", "W06", preferring(), []string{one("P", "s0", at(2, 10))}, 1},

		{"four", "W10", groups(), quad(), 0},
		{"three", "W10", groups(), trio(), 1},
		{"four share no half", "W10", with(groups(), func(p *scheduling.Problem) { p.Credit = scheduling.HalfThenShare }), quad(), 0},
		{"five by the clock", "W10", groups(), quint(), 1},
		{"five share the half", "W10", with(groups(), func(p *scheduling.Problem) { p.Credit = scheduling.HalfThenShare }), quint(), 3},

		{"there and back", "W11", visits(), []string{one("I3", "s0", at(30, 10)), one("I1", "s0", at(10, 10)), one("I2", "s1", at(20, 10))}, 2},
		{"introductions do not count", "W11", visits(), []string{one("P", "s1", at(1, 10)), one("I1", "s0", at(10, 10)), one("I2", "s0", at(20, 10))}, 0},

		{"lunch, both people", "W13", visits(), []string{one("I1", "s0", at(1, 11.5))}, 2},
		{"up to lunch", "W13", visits(), []string{one("I1", "s0", at(1, 11))}, 0},
		{"Friday afternoon", "W13", visits(), []string{one("I1", "s0", at(4, 14.5))}, 2},
		{"Thursday afternoon", "W13", visits(), []string{one("I1", "s0", at(3, 15))}, 0},
		{"early on Monday", "W13", visits(), []string{one("I1", "s0", at(7, 8.5))}, 2},
		{"early on Tuesday", "W13", visits(), []string{one("I1", "s0", at(1, 8))}, 0},
		{"each by their own clock, introductions included", "W13", with(visits(), func(p *scheduling.Problem) { p.Supervisors[0].Off = nil }), []string{one("P", "s0", at(1, 12))}, 2},
		{"one of two by their own clock", "W13", with(visits(), func(p *scheduling.Problem) { p.Supervisors[0].Off = nil }), []string{one("I1", "s0", at(1, 13))}, 1},
	})
}

func TestTermsOfCore(t *testing.T) {
	one := func(round, supervisor string, start int) string { return say(round, supervisor, start, "m0") }
	fixed := func(p *scheduling.Problem) *scheduling.Problem { // profile core has fixed lengths
		for i := range p.Rounds {
			if p.Rounds[i].Kind == scheduling.Group {
				p.Rounds[i].Dur, p.Rounds[i].DurBySize = 6, nil
			}
		}
		return p
	}
	groups := func() *scheduling.Problem { return fixed(groups()) }
	picky := func(from, to int) *scheduling.Problem {
		return with(visits(), func(p *scheduling.Problem) { p.Mentors[0].Prefer = []scheduling.Span{{From: from, To: to}} })
	}
	two := func(g scheduling.Grouping) *scheduling.Problem {
		return fixed(cycle(2, 4, 1, group("G1", g), group("G2", g)))
	}
	again := []string{say("G1", "s0", at(1, 10), "m0", "m1", "m2"), say("G2", "s0", at(8, 10), "m1", "m0", "m3")}
	late := func(supervisor string, start, now int) *scheduling.Problem {
		p := visits()
		p.Reference, p.Now = plan(p, one("P", "s1", at(1, 9)), one("I1", supervisor, start)), now
		return p
	}
	count(t, scheduling.ProfileCore, []costs{
		{"no preference, core hours", "pref", visits(), []string{one("I1", "s0", at(1, 16))}, 0},
		{"preferred", "pref", picky(at(1, 10), at(1, 11)), []string{one("I1", "s0", at(1, 10.5))}, 0},
		{"not preferred", "pref", picky(at(1, 10), at(1, 11)), []string{one("I1", "s0", at(1, 11))}, 1},
		{"outside of core hours, though preferred", "pref", picky(at(1, 8), at(1, 11)), []string{one("I1", "s0", at(1, 8.5))}, 8},
		{"a slot over the end of core hours", "pref", visits(), []string{one("I1", "s0", at(1, 16.25))}, 8},
		{"over the end of core hours", "pref", visits(), []string{one("I1", "s0", at(1, 16.5))}, 8},
		{"introductions, too", "pref", visits(), []string{one("P", "s0", at(1, 8))}, 8},

		{"once", "fair", visits(), []string{one("I1", "s0", at(1, 8))}, 0},
		{"three times, introductions not counted", "fair", visits(), []string{one("P", "s0", at(1, 8)), one("I1", "s0", at(2, 8)), one("I2", "s0", at(3, 8)), one("I3", "s0", at(4, 8))}, 3},

		{"another one", "cont", visits(), []string{one("I1", "s0", at(10, 10)), one("I2", "s1", at(20, 10)), one("I3", "s1", at(30, 10))}, 1},

		{"a pair again", "mix", two(scheduling.Remix), again, 1},
		{"closed groups stay", "mix", two(scheduling.Closed), again, 0},

		{"three", "size", groups(), trio(), 1},
		{"four", "size", groups(), quad(), 0},

		{"one organisation", "dup", groups(), trio(), 2},
		{"two organisations", "dup", with(groups(), func(p *scheduling.Problem) { p.Mentors[2].Org = "B" }), trio(), 1},

		{"novices", "sen", with(groups(), func(p *scheduling.Problem) { p.Mentors[0].Exp, p.Mentors[1].Exp, p.Mentors[2].Exp = 1, 2, 1 }), trio(), 1},
		{"one of experience 3", "sen", with(groups(), func(p *scheduling.Problem) { p.Mentors[0].Exp, p.Mentors[1].Exp = 1, 1 }), trio(), 0},

		{"days, introductions included", "day", visits(), []string{one("P", "s0", at(1, 9)), one("I1", "s0", at(2, 9)), one("I2", "s0", at(2, 14)), one("I3", "s1", at(2, 14))}, 3},
		{"the supervisor's day", "day", with(visits(), func(p *scheduling.Problem) { p.Supervisors[0].Off = nil }), []string{one("I1", "s0", at(2, 0.5)), one("I2", "s0", at(1, 10))}, 1},

		// E = 3 rounds × 1 mentor, target = ⌊11·3·1/(10·2)⌋ + 1 = 2 each
		{"as many as the share", "over", visits(), []string{one("P", "s0", at(0, 9)), one("I1", "s0", at(1, 9)), one("I2", "s0", at(2, 9))}, 0},
		{"one more", "over", visits(), []string{one("I1", "s0", at(1, 9)), one("I2", "s0", at(2, 9)), one("I3", "s0", at(3, 9))}, 1},
		{"a larger share", "over", with(visits(), func(p *scheduling.Problem) { p.Supervisors[0].Share = 9 }), []string{one("I1", "s0", at(1, 9)), one("I2", "s0", at(2, 9)), one("I3", "s0", at(3, 9))}, 0},
		// E = 20, target = ⌊11·20/(10·2)⌋ + 1 = 12
		{"a tenth more than the share, and one", "over", cycle(1, 20, 2, individual("I1")), many(13), 1},
		// E = ⌊5/4⌋ = 1: target = ⌊11/20⌋ + 1 = 1
		{"group rounds expect ⌊N / target⌋", "over", groups(), []string{trio()[0], say("G1", "s0", at(2, 9), "m3", "m4")}, 1},

		{"no reference", "change", visits(), []string{one("I1", "s0", at(9, 9))}, 0},
		{"kept", "change", late("s0", at(9, 9), 0), []string{one("P", "s0", at(1, 9)), one("I1", "s0", at(9, 9))}, 0},
		{"another start", "change", late("s0", at(9, 9), 0), []string{one("I1", "s0", at(9, 10))}, 1},
		{"another supervisor", "change", late("s1", at(9, 9), 0), []string{one("I1", "s0", at(9, 9))}, 1},
		{"new in the plan", "change", late("s0", at(9, 9), 0), []string{one("I1", "s0", at(9, 9)), one("I2", "s0", at(20, 9))}, 0},
		{"48 hours before the old start", "change", late("s0", at(9, 9), at(7, 9)), []string{one("I1", "s0", at(10, 9))}, 1},
		{"under 48 hours before the old start", "change", late("s0", at(9, 9), at(7, 9)+1), []string{one("I1", "s0", at(10, 9))}, 3},
		{"under 48 hours before the new start", "change", late("s0", at(12, 9), at(7, 9)+1), []string{one("I1", "s0", at(9, 9))}, 3},
	})
}

// Weights turn f into the soft score; lifted wishes do not change what is reported.
func TestSoftScore(t *testing.T) {
	p := with(groups(), func(p *scheduling.Problem) { p.Mentors[0].Unit = "V" })
	r := check.Check(p, plan(p, trio()...)) // W04 1 × 50, W10 1 × 40, the rest 0
	if r.Soft != 90 || r.Terms["W04"] != 1 || r.Terms["W10"] != 1 {
		t.Errorf("soft %d: %v", r.Soft, r.Terms)
	}
	p.Weights, p.Levels = map[string]int{"W04": 7, "W10": 0}, []string{"W10"}
	if r := check.Check(p, plan(p, trio()...)); r.Soft != 7 {
		t.Errorf("soft %d: %v", r.Soft, r.Terms)
	}
}

// Of two sessions that start at once neither is the earlier one by its place in the plan.
func TestContinuityDoesNotDependOnTheOrderOfThePlan(t *testing.T) {
	one, other := say("I1", "s0", at(1, 9), "m0"), say("I2", "s1", at(1, 9), "m0")
	for _, sessions := range [][]string{{one, other}, {other, one}} {
		p := visits()
		if r := check.Check(p, plan(p, append(sessions, say("I3", "s0", at(9, 9), "m0"))...)); r.Terms["W11"] != 2 {
			t.Errorf("%v: %v", sessions, r.Terms)
		}
	}
}
