package prep_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kreds/scheduling"
	"kreds/scheduling/check"
	"kreds/scheduling/internal/prep"
)

// The oracle of the prepared form is the law: each start is put into a plan of one session, and judged.

// ownRules are the rules that take starts from one person by facts outside of the plan, in the order in which an explanation
// names them; H31 comes before them.
var ownRules = []string{"H04", "H16", "H13", "H11", "H03", "H32", "H17", "H18", "H33", "H15"}

// The people whom nothing keeps from meeting; the others are m0, m1 and s0.
const freeMentor, freeSupervisor = "m2", "s1"

// drawn is a cycle of three weeks whose people have much that keeps them away.
func drawn(t *rapid.T) *scheduling.Problem {
	pick := func(most int, of string) int { return rapid.IntRange(0, most).Draw(t, of) }
	may := func(of string) bool { return rapid.Bool().Draw(t, of) }
	span := func(of string, longest int) scheduling.Span {
		from := pick(2000, of)
		return scheduling.Span{From: from, To: from + 1 + pick(longest, of+" length")}
	}
	p := &scheduling.Problem{
		Version: scheduling.Version, Name: "case", Profile: scheduling.ProfileField, SlotMin: 15, CycleStart: time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC),
		Weeks: 3, StartStep: 1 + pick(3, "step"), Size: scheduling.Size{Min: 2, Max: 3, Target: 3}, Mix: scheduling.MixUnit, Credit: scheduling.ClockTime,
		OrgRule: scheduling.OrgRule{Kind: scheduling.OrgAny}, MaxPerDay: 1 + pick(1, "max per day"), Gap: scheduling.Gap{Min: pick(400, "gap")},
		Rounds: []scheduling.Round{{ID: "I1", Kind: scheduling.Individual, Dur: 4}, {ID: "G1", Kind: scheduling.Group, Grouping: scheduling.Remix, Dur: 1 + pick(20, "dur")}, {ID: "I2", Kind: scheduling.Individual, Dur: 1}},
	}
	if may("core") {
		p.Profile = scheduling.ProfileCore
	} else if may("by size") {
		p.Rounds[1].Dur, p.Rounds[1].DurBySize = 0, map[string]int{"2": 1 + pick(9, "two"), "3": 5}
	}
	if may("introduced") {
		p.Rounds = append(p.Rounds, scheduling.Round{ID: "P", Kind: scheduling.Introduction, Dur: 6, Dates: 1})
	}
	if may("longest gap") {
		longest := p.Gap.Min + pick(700, "longest")
		p.Gap.Max = &longest
	}
	for i := range p.Rounds {
		r := &p.Rounds[i]
		r.Open, r.Priority = pick(300, "open")-60, 1
		r.Close, r.Target = r.Open+1+pick(1200, "window"), pick(2016, "target")
		if may("day told") {
			day := pick(20, "target day")
			r.TargetDay = &day
		}
		r.Qual = []string{"", "team"}[pick(1, "qual")]
	}
	langs := [][]string{{"da"}, {"en"}, {"da", "en"}, nil}
	person := func(id string) scheduling.Person {
		q := scheduling.Person{ID: id, Off: []scheduling.Offset{{At: 0, Offset: pick(104, "offset") - 48}, {At: 1 + pick(1000, "change"), Offset: pick(104, "offset") - 48}},
			Org: []string{"A", "B"}[pick(1, "org")], Langs: langs[pick(3, "langs")]}
		for range pick(6, "work") {
			q.Work = append(q.Work, span("work", 900))
		}
		for range pick(2, "busy") {
			kind := []scheduling.BusyKind{scheduling.Busy, scheduling.Tentative, scheduling.Unknown, scheduling.Stale}[pick(3, "kind")]
			q.Busy = append(q.Busy, scheduling.BusySpan{Span: span("busy", 99), Kind: kind})
		}
		for range pick(2, "blocked") {
			q.Blocked = append(q.Blocked, scheduling.BlockedSpan{Span: span("blocked", 200)})
		}
		for range pick(2, "prefer") {
			q.Prefer = append(q.Prefer, span("prefer", 400))
		}
		for range pick(3, "taken") {
			taken := scheduling.TakenSpan{Span: span("taken", 9), Kind: []scheduling.Kind{scheduling.Individual, scheduling.Introduction}[pick(1, "kind")]}
			if i := pick(3, "of"); i < 3 && taken.Kind == scheduling.Individual {
				taken.Round = p.Rounds[i].ID
			}
			q.Taken = append(q.Taken, taken)
		}
		return q
	}
	maybe := func(of string, most int) *int {
		if !may(of) {
			return nil
		}
		n := pick(most, of)
		return &n
	}
	everything := scheduling.Person{Langs: []string{"da", "en"}, Org: "A", Work: []scheduling.Span{{From: -5000, To: 9000}}}
	long := -2000
	for i := range 3 {
		m := scheduling.Mentor{Person: everything, PreparedAt: &long, Priority: 1}
		if m.ID = fmt.Sprintf("m%d", i); m.ID != freeMentor {
			m.Person = person(m.ID)
			m.Earliest, m.Latest, m.PreparedAt = maybe("earliest", 500), maybe("latest", 2000), maybe("prepared", 500)
		}
		p.Mentors = append(p.Mentors, m)
	}
	s := scheduling.Supervisor{Person: person("s0"), Buffer: pick(9, "buffer"), Share: 1, Admits: [][]string{nil, {"A"}, {"A", "B"}}[pick(2, "admits")], Qual: [][]string{nil, {"team"}}[pick(1, "quals")],
		MaxDay: maybe("day", 3), MaxDaySlots: maybe("day slots", 20), MaxWeek: maybe("week", 4), MaxWeekSlots: maybe("week slots", 40)}
	free := scheduling.Supervisor{Person: everything, Share: 1, Qual: []string{"team"}}
	free.ID = freeSupervisor
	p.Supervisors = []scheduling.Supervisor{s, free}
	pair := func(a, b, rule string) scheduling.Pair {
		return scheduling.Pair{A: a, B: b, Rule: rule, From: maybe("from", 900), To: maybe("to", 900)}
	}
	for range pick(2, "pairs") {
		two := [][2]string{{"m0", "m1"}, {"m1", "m0"}, {"m2", "m1"}}[pick(2, "of")]
		p.Forbidden = append(p.Forbidden, pair(two[0], two[1], []string{"H05", "H08", "H22"}[pick(2, "rule")]))
	}
	for range pick(2, "dependences") {
		p.Dependent = append(p.Dependent, pair("s0", []string{"m0", "m1"}[pick(1, "of")], "H10"))
	}
	return p
}

// broken are the rules that one session breaks by itself, of those given.
func broken(p *scheduling.Problem, s scheduling.Session, only ...string) (rules []string) {
	for _, v := range (check.Judge{Only: only, At: []int{0}}).Check(p, &scheduling.Plan{Sessions: []scheduling.Session{s}}).Violations {
		rules = append(rules, v.Rule)
	}
	return rules
}

// session is one of a round at a start, between somebody and the one whom nothing keeps away.
func session(r *prep.Round, who *prep.Person, start, length int) scheduling.Session {
	s := scheduling.Session{Round: r.ID, Members: []string{who.ID}, Supervisor: freeSupervisor, Start: start, Dur: length, Mode: scheduling.Virtual}
	if who.Supervisor != nil {
		s.Members, s.Supervisor = []string{freeMentor}, who.ID
	}
	return s
}

func judged(p *prep.Prepared) []string {
	return slices.DeleteFunc(slices.Clone(ownRules), func(id string) bool {
		return id == "H11" && slices.ContainsFunc(p.Rounds, func(r prep.Round) bool { return r.Kind == scheduling.Introduction }) // then the plan decides
	})
}

// everybody are the people of whom something is drawn.
func everybody(p *prep.Prepared) []*prep.Person {
	return []*prep.Person{&p.Mentors[0], &p.Mentors[1], &p.Supervisors[0]}
}

// A start is in a person's set exactly if the law has nothing against a session there, as far as it looks at this person and at
// facts outside of the plan; and what an explanation counts for a rule are the starts for which the law names it first.
func TestStartsAreWhatTheLawLeaves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := prep.Prepare(drawn(t))
		rules := judged(p)
		for _, who := range everybody(p) {
			for i := range p.Rounds {
				r := &p.Rounds[i]
				for li, length := range r.Lengths {
					counted := map[string]int{}
					for start := range r.Len {
						s := session(r, who, r.Slot(start), length)
						found := broken(p.Problem, s, append([]string{"H31"}, rules...)...)
						if p.Problem.Profile == scheduling.ProfileCore && length != r.Dur {
							t.Fatalf("round %s has the length %d in core", r.ID, length)
						}
						if has := who.Times[i].Starts[li].Has(start); has != (len(found) == 0) {
							t.Fatalf("%s in round %s at %d for %d slots: %t, the law finds %v", who.ID, r.ID, s.Start, length, has, found)
						}
						if slices.Contains(found, "H31") {
							continue
						}
						if first := slices.IndexFunc(rules, func(id string) bool { return slices.Contains(found, id) }); first >= 0 {
							counted[rules[first]]++
						}
					}
					told := map[string]int{}
					for _, c := range p.Explain(who, r, length, p.Window(r, length)) {
						told[c.Rule] = c.Starts
					}
					for _, id := range ownRules {
						if told[id] != counted[id] {
							t.Fatalf("%s in round %s: %d starts are told to be taken by %s, the law takes %d", who.ID, r.ID, told[id], id, counted[id])
						}
					}
				}
			}
		}
	})
}

// What a start costs is what the law's wishes count.
func TestFlagsAreWhatTheWishesCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := prep.Prepare(drawn(t))
		free := map[bool]*prep.Person{false: &p.Supervisors[1], true: &p.Mentors[2]}
		pref := map[bool]int{true: 4}
		cost := func(f prep.Flags) int {
			if f&prep.Inconvenient == 0 && f&prep.NotPreferred != 0 {
				return 1
			}
			return pref[f&prep.Inconvenient != 0]
		}
		has := func(f, flag prep.Flags) int {
			if f&flag != 0 {
				return 1
			}
			return 0
		}
		for _, who := range everybody(p) {
			for i := range p.Rounds {
				r := &p.Rounds[i]
				if len(r.Lengths) == 0 || r.Len == 0 {
					continue
				}
				start := rapid.IntRange(0, r.Len-1).Draw(t, "start")
				length := r.Lengths[0]
				s := session(r, who, r.Slot(start), length)
				terms := check.Check(p.Problem, &scheduling.Plan{Sessions: []scheduling.Session{s}}).Terms
				own, other := p.FlagsAt(who, s.Start, length), p.FlagsAt(free[who.Supervisor != nil], s.Start, length)
				if who.Times[i].Starts[0].Has(start) && who.Times[i].Flags[0][start] != own {
					t.Fatalf("%s at %d: the flags are %b and %b", who.ID, s.Start, who.Times[i].Flags[0][start], own)
				}
				want := map[string]int{"W06": has(own, prep.NotPreferred) + has(other, prep.NotPreferred), "W13": has(own, prep.Unloved) + has(other, prep.Unloved)}
				if p.Problem.Profile == scheduling.ProfileCore {
					want = map[string]int{"pref": cost(own) + cost(other)}
				} else if who.Mentor != nil && r.Kind != scheduling.Introduction {
					want["W01"] = int(who.Zone.Rounds[i].Off[start])
					if off := who.Zone.DaysOff(s.Start, r.Round); off != want["W01"] {
						t.Fatalf("days off are %d and %d", off, want["W01"])
					}
				}
				for id, n := range want {
					if terms[id] != n {
						t.Fatalf("%s of %s in round %s at %d: %d, the law counts %d", id, who.ID, r.ID, s.Start, n, terms[id])
					}
				}
				if day := int(who.Zone.Rounds[i].Day[start]); day != who.LocalDay(s.Start) {
					t.Fatalf("local day %d, the law says %d", day, who.LocalDay(s.Start))
				}
			}
		}
	})
}

// Who may lead whom, and who may sit together, is the law's, at every start.
func TestPairsAreTheLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := prep.Prepare(drawn(t))
		start := rapid.IntRange(0, 1000).Draw(t, "start")
		for i := range p.Rounds {
			for s := range p.Supervisors {
				for m := range p.Mentors {
					who := scheduling.Session{Round: p.Rounds[i].ID, Members: []string{p.Mentors[m].ID}, Supervisor: p.Supervisors[s].ID, Start: start, Dur: 4, Mode: scheduling.Virtual}
					leads := p.Pairs.Leads(i, s).Has(m) && p.Pairs.LeadsAt(s, m, start)
					found := broken(p.Problem, who, "H10", "H26", "H36")
					if leads != (len(found) == 0) {
						t.Fatalf("%s leads %s in round %s at %d: %t, the law finds %v", who.Supervisor, who.Members[0], who.Round, start, leads, found)
					}
					if why := p.WhyNot(i, s, m); why != "" && !slices.Contains(found, why) {
						t.Fatalf("%s is told, the law finds %v", why, found)
					}
				}
			}
		}
		for a := range p.Mentors {
			for b := range a {
				two := scheduling.Session{Round: "G1", Members: []string{p.Mentors[a].ID, p.Mentors[b].ID}, Supervisor: freeSupervisor, Start: start, Dur: 4, Mode: scheduling.Virtual}
				found := broken(p.Problem, two, "H05", "H08", "H22")
				if p.Pairs.Apart(a, b, start) != (len(found) > 0) || p.Pairs.Apart(b, a, start) != (len(found) > 0) {
					t.Fatalf("%v at %d are apart: %t, the law finds %v", two.Members, start, p.Pairs.Apart(a, b, start), found)
				}
				if always := p.Pairs.ApartFrom(a).Has(b); always && len(found) == 0 || always && !p.Pairs.ApartFrom(b).Has(a) {
					t.Fatalf("%v are apart for ever", two.Members)
				}
				if len(found) > 0 && p.Pairs.ApartRule(a, b) == "" {
					t.Fatalf("%v are apart by no rule", two.Members)
				}
			}
		}
	})
}
