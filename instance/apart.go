package instance

import (
	"cmp"
	"slices"
	"strconv"

	"kreds/scheduling"
	"kreds/supervision"
)

// apart brings in who may not meet, on the days of the frame and of the sessions at hand.
func (b *builder) apart(hand []supervision.Session) {
	window := b.interval()
	for _, s := range hand {
		if s.Start.Before(window.Start) {
			window.Start = s.Start
		}
		if window.End.Before(s.Start) {
			window.End = s.Start
		}
	}
	facts := supervision.ConflictFacts{
		Window: supervision.Days{From: supervision.DateOf(window.Start.In(b.zone)), To: supervision.DateOf(window.End.In(b.zone))},
		Steps:  b.settings.ManagerSteps, Lines: b.Lines, Pairs: b.Pairs, Avoids: b.Avoids, Organisations: b.Organisations, Programme: b.Programme,
	}
	for _, m := range b.Mentors {
		facts.Mentors = append(facts.Mentors, m.Person.Person)
	}
	for _, s := range b.Supervisors {
		facts.Supervisors = append(facts.Supervisors, s.ID)
		facts.Roles = append(facts.Roles, s.Roles...)
	}
	forbidden, dependent := supervision.Conflicts(facts)
	for _, c := range forbidden {
		x, y := b.names.mentors[c.A], b.names.mentors[c.B]
		b.problem.Forbidden = append(b.problem.Forbidden, b.pair("m"+strconv.Itoa(min(x, y)), "m"+strconv.Itoa(max(x, y)), c))
	}
	for _, c := range dependent {
		x, y := b.names.supervisors[c.A], b.names.mentors[c.B]
		b.problem.Dependent = append(b.problem.Dependent, b.pair("s"+strconv.Itoa(x), "m"+strconv.Itoa(y), c))
	}
	slices.SortFunc(b.problem.Forbidden, b.order)
	slices.SortFunc(b.problem.Dependent, b.order)
}

// pair is a conflict in slots; it holds on whole days in the cycle's zone.
func (b *builder) pair(x, y string, c supervision.Apart) scheduling.Pair {
	p := scheduling.Pair{A: x, B: y, Rule: c.Rule}
	if !c.Days.From.IsZero() {
		n := b.day(c.Days.From)
		p.From = &n
	}
	if !c.Days.To.IsZero() {
		n := b.ceil(midnight(c.Days.To.AddDays(1), b.zone))
		p.To = &n
	}
	return p
}

// order sorts pairs by the numbers of their people, rule and time.
func (b *builder) order(x, y scheduling.Pair) int {
	number := func(name string) int {
		n, _ := strconv.Atoi(name[1:])
		return n
	}
	from := func(p scheduling.Pair) int {
		if p.From == nil {
			return -1 << 31
		}
		return *p.From
	}
	return cmp.Or(number(x.A)-number(y.A), number(x.B)-number(y.B), cmp.Compare(x.Rule, y.Rule), from(x)-from(y))
}
