package check_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	_ "kreds/internal/testkit/repeatable"
	"kreds/scheduling"
	"kreds/scheduling/check"
)

// drawn is a small cycle and a plan for it, crowded enough that most rules are broken now and then.
func drawn(t *rapid.T) (*scheduling.Problem, *scheduling.Plan) {
	pick := func(most int, of string) int { return rapid.IntRange(0, most).Draw(t, of) }
	rounds := []scheduling.Round{introduction("P", 1), individual("I1"), group("G1", scheduling.Closed), group("G2", scheduling.Closed), group("G3", scheduling.Remix)}
	p := cycle(3, 5, 2, rounds...)
	if rapid.Bool().Draw(t, "core") {
		p.Profile = scheduling.ProfileCore
	}
	for i := range p.Rounds {
		r := &p.Rounds[i]
		r.Open, r.Target, r.Priority = at(pick(3, "open"), 0), at(pick(20, "target"), 12), 1+pick(1, "priority")
		r.TargetDay = []*int{nil, ptr(pick(20, "target day"))}[pick(1, "told")]
		if p.Profile == scheduling.ProfileCore && len(r.DurBySize) > 0 {
			r.Dur, r.DurBySize = 6, nil
		}
	}
	person := func(q *scheduling.Person) {
		q.Off = append(q.Off, scheduling.Offset{At: at(pick(20, "shift"), 2), Offset: 8})
		q.Org, q.Unit = fmt.Sprint(pick(1, "org")), fmt.Sprint(pick(2, "unit"))
		q.Exp, q.Seniority, q.Langs = pick(5, "exp"), pick(6, "seniority"), [][]string{{"da"}, {"en"}, {"da", "en"}}[pick(2, "langs")]
		from := at(pick(10, "day"), 8)
		span := scheduling.Span{From: from, To: from + 1 + pick(40, "length")}
		q.Busy = []scheduling.BusySpan{{Span: span, Kind: []scheduling.BusyKind{scheduling.Busy, scheduling.Stale}[pick(1, "kind")]}}
		q.Prefer = []scheduling.Span{{From: at(pick(10, "prefer"), 9), To: at(12, 12)}}
		q.Taken = []scheduling.TakenSpan{{Span: scheduling.Span{From: from + 48, To: from + 52}, Kind: scheduling.Individual, Round: []string{"", "I1"}[pick(1, "of")]}}
	}
	for i := range p.Mentors {
		person(&p.Mentors[i].Person)
		p.Mentors[i].PreparedAt = []*int{nil, ptr(-9), ptr(500)}[pick(2, "prepared")]
		p.Mentors[i].Earliest = []*int{nil, ptr(300)}[pick(1, "earliest")]
	}
	for i := range p.Supervisors {
		person(&p.Supervisors[i].Person)
		s := &p.Supervisors[i]
		s.Buffer, s.MaxDay, s.MaxDaySlots, s.MaxWeek = pick(4, "buffer"), ptr(1+pick(2, "max")), ptr(10), ptr(5)
	}
	p.Gap = scheduling.Gap{Min: 96 * pick(3, "gap"), Max: []*int{nil, ptr(300)}[pick(1, "longest")]}
	p.Forbidden = []scheduling.Pair{{A: "m0", B: "m1", Rule: "H05", To: ptr(at(8, 0))}, {A: "m2", B: "m1", Rule: "H22"}}
	p.Dependent = []scheduling.Pair{{A: "s0", B: "m3", Rule: "H10", From: ptr(at(8, 0))}}
	p.Pins = []scheduling.Pin{{Round: "I1", Supervisor: "s0"}, {Round: "I1", Members: []string{"m0"}}, {Round: "G1", Start: ptr(at(4, 10))}}

	q := drawnPlan(t, p)
	if rapid.Bool().Draw(t, "replan") {
		p.Reference, p.Now = drawnPlan(t, p), at(5, 0)
	}
	return p, q
}

func drawnPlan(t *rapid.T, p *scheduling.Problem) *scheduling.Plan {
	var sessions []string
	mentor := rapid.SampledFrom([]string{"m0", "m1", "m2", "m3", "m4"})
	for i := range rapid.IntRange(1, 9).Draw(t, "sessions") {
		round := p.Rounds[i%len(p.Rounds)].ID
		if p.Rounds[i%len(p.Rounds)].Grouping == scheduling.Closed {
			round += "/" + rapid.SampledFrom([]string{"a", "b"}).Draw(t, "group")
		}
		members := rapid.SliceOfN(mentor, 1, 5).Draw(t, "members")
		if strings.HasPrefix(round, "I") {
			members = members[:1]
		}
		start := at(rapid.IntRange(0, 16).Draw(t, "day"), float64(rapid.IntRange(14, 34).Draw(t, "half hour"))/2)
		sessions = append(sessions, say(round, rapid.SampledFrom([]string{"s0", "s1"}).Draw(t, "supervisor"), start, members...))
	}
	out := plan(p, sessions...)
	for i := range out.Sessions {
		out.Sessions[i].Dur = max(out.Sessions[i].Dur, 1)
	}
	if rapid.Bool().Draw(t, "give up") {
		out.Unassigned = []scheduling.Unassigned{{Mentor: mentor.Draw(t, "who"), Round: "I1", Reason: "unknown"}}
	}
	return out
}

// The order in which people, sessions and members are listed is of no account.
func TestOrderIsOfNoAccount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q := drawn(t)
		before := check.Check(p, q)
		p, q = copiedProblem(p), copied(q)
		p.Mentors = rapid.Permutation(p.Mentors).Draw(t, "mentors")
		p.Supervisors = rapid.Permutation(p.Supervisors).Draw(t, "supervisors")
		q.Sessions = rapid.Permutation(q.Sessions).Draw(t, "sessions")
		for i := range q.Sessions {
			q.Sessions[i].Members = rapid.Permutation(q.Sessions[i].Members).Draw(t, "members")
		}
		sameScore(t, before, check.Check(p, q))
	})
}

func sameScore(t *rapid.T, before, after check.Report) {
	t.Helper()
	if before.Score != after.Score {
		t.Fatalf("%v became %v\n%v\n%v", before.Score, after.Score, before.Violations, after.Violations)
	}
	if diff := cmp.Diff(before.Terms, after.Terms); diff != "" {
		t.Fatalf("terms:\n%s", diff)
	}
}

// The same cycle so many weeks later is judged the same.
func TestWeeksShift(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q := drawn(t)
		by := scheduling.SlotsPerWeek * rapid.IntRange(-30, 30).Draw(t, "weeks")
		after := check.Check(shifted(p, by), shiftedPlan(q, by))
		sameScore(t, check.Check(p, q), after)
	})
}

func shifted(p *scheduling.Problem, by int) *scheduling.Problem {
	p = copiedProblem(p)
	later := func(n *int) *int {
		if n == nil {
			return nil
		}
		return ptr(*n + by)
	}
	move := func(s scheduling.Span) scheduling.Span { return scheduling.Span{From: s.From + by, To: s.To + by} }
	person := func(q *scheduling.Person) {
		q.Off, q.Work, q.Busy, q.Prefer, q.Taken = slices.Clone(q.Off), slices.Clone(q.Work), slices.Clone(q.Busy), slices.Clone(q.Prefer), slices.Clone(q.Taken)
		for i := range q.Off {
			q.Off[i].At += by
		}
		for i := range q.Work {
			q.Work[i] = move(q.Work[i])
		}
		for i := range q.Busy {
			q.Busy[i].Span = move(q.Busy[i].Span)
		}
		for i := range q.Prefer {
			q.Prefer[i] = move(q.Prefer[i])
		}
		for i := range q.Taken {
			q.Taken[i].Span = move(q.Taken[i].Span)
		}
	}
	for i := range p.Mentors {
		m := &p.Mentors[i]
		person(&m.Person)
		m.PreparedAt, m.Earliest = later(m.PreparedAt), later(m.Earliest)
	}
	for i := range p.Supervisors {
		person(&p.Supervisors[i].Person)
	}
	for i := range p.Rounds {
		r := &p.Rounds[i]
		r.Open, r.Close, r.Target = r.Open+by, r.Close+by, r.Target+by
		if r.TargetDay != nil {
			r.TargetDay = ptr(*r.TargetDay + by/scheduling.SlotsPerDay)
		}
	}
	for _, pairs := range [][]scheduling.Pair{p.Forbidden, p.Dependent} {
		for i := range pairs {
			pairs[i].From, pairs[i].To = later(pairs[i].From), later(pairs[i].To)
		}
	}
	for i := range p.Pins {
		p.Pins[i].Start = later(p.Pins[i].Start)
	}
	if p.Reference != nil {
		p.Reference = shiftedPlan(p.Reference, by)
	}
	p.Now += by
	return p
}

func shiftedPlan(q *scheduling.Plan, by int) *scheduling.Plan {
	q = copied(q)
	for i := range q.Sessions {
		q.Sessions[i].Start += by
	}
	return q
}

// A new meeting in somebody's calendar heals nothing.
func TestBusyTimeNeverHeals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q := drawn(t)
		before := check.Check(p, q)
		p = copiedProblem(p)
		m := &p.Mentors[rapid.IntRange(0, len(p.Mentors)-1).Draw(t, "whose")]
		from := at(rapid.IntRange(0, 16).Draw(t, "day"), 8)
		busy := scheduling.BusySpan{Span: scheduling.Span{From: from, To: from + rapid.IntRange(1, 36).Draw(t, "length")}, Kind: scheduling.Tentative}
		m.Busy = append(slices.Clone(m.Busy), busy)
		after := check.Check(p, q)
		for _, v := range before.Violations {
			if !slices.ContainsFunc(after.Violations, func(w scheduling.Violation) bool {
				return w.Rule == v.Rule && w.Session == v.Session && w.Round == v.Round && slices.Equal(w.Subjects, v.Subjects)
			}) {
				t.Fatalf("%+v is gone", v)
			}
		}
	})
}

// Giving up an individual or a group session breaks no rule but those that ask for its presence: the search may take a lawful
// plan apart and stays lawful.
func TestGivingUpASessionBreaksNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q := drawn(t)
		presence := []string{"H20", "H30", "H34"}
		rules := slices.DeleteFunc(p.Profile.Rules(), func(id string) bool { return slices.Contains(presence, id) })
		i := rapid.IntRange(0, len(q.Sessions)-1).Draw(t, "session")
		if q.Sessions[i].Round == "P" {
			return
		}
		left := copied(q)
		left.Sessions = slices.Delete(left.Sessions, i, i+1)
		judge := check.Judge{Only: rules}
		before, after := perRule(judge.Check(p, q)), perRule(judge.Check(p, left))
		for id, n := range after {
			if n > before[id] {
				t.Fatalf("%s is broken %d times, before %d", id, n, before[id])
			}
		}
	})
}

func perRule(r check.Report) map[string]int {
	n := map[string]int{}
	for _, v := range r.Violations {
		n[v.Rule]++
	}
	return n
}

// No plan makes the checker panic, and strangers are never lawful.
func TestStrangersAreNeverLawful(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q := drawn(t)
		q = copied(q)
		s := &q.Sessions[rapid.IntRange(0, len(q.Sessions)-1).Draw(t, "session")]
		switch rapid.IntRange(0, 4).Draw(t, "how") {
		case 0:
			s.Members = append(s.Members, "x")
		case 1:
			s.Supervisor = "x"
		case 2:
			s.Supervisor = ""
		case 3:
			s.Round = "x"
		case 4:
			s.Dur, s.Start = -1<<62, rapid.Int().Draw(t, "start")
			if p.Profile == scheduling.ProfileCore {
				s.Start = 1<<63 - 1 // its length is the round's
			}
		}
		if check.Check(p, q).Lawful() {
			t.Fatalf("%+v is taken", *s)
		}
	})
}
