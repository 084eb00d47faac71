package supervision

import (
	"cmp"
	"slices"
)

// Apart is a conflict: two people who may not meet in the way that Rule says, on the days of its span. Among the forbidden ones A
// and B are mentors who may not sit in one group (H05–H09, H22, H23), A before B; among the dependent ones A is a supervisor who
// may not supervise mentor B (H10).
type Apart struct {
	A, B PersonID
	Rule string
	Days Days
}

// Avoid is an entry of a person's avoid list, or a declared relationship with the effect avoid (H22). Its author and the planner
// alone know it.
type Avoid struct{ Author, Other PersonID }

// ConflictFacts is what the conflicts of some mentors and supervisors follow from.
type ConflictFacts struct {
	Window        Days // the days to look at; outside of them nothing is said
	Steps         int  // d of H06–H08; less than 2 counts as 2
	Mentors       []Person
	Supervisors   []PersonID
	Lines         Lines // of the mentors, the supervisors, their mentees, and everybody above them
	Pairs         []Pair
	Avoids        []Avoid
	Organisations []Organisation
	Roles         []RoleAssignment // of the supervisors
	Programme     Programme
}

// Conflicts derives who may not meet, the one place where H05–H10, H22 and H23 are decided. Each rule, pair and span stands there
// once, in the order of A, B, rule and day. A zero bound of a span is open, or cut off by the window.
//
// With L(x, y) = k when y is k steps above x, k the fewest, and near(x, y) when 1 ≤ L(x, y) ≤ d, two mentors a and b may not sit
// in one group when, either way round,
//
//   - near(a, b): H05 for k = 1, else H06;
//   - a mentee m of a has near(m, b): H07; near(b, m): H08; m is b: H09;
//   - one avoids the other: H22; their organisations share a group of competitors: H23.
//
// A supervisor is dependent on a mentor when one stands in the other's line at any depth, when the supervisor manages a mentee of
// the mentor at any depth or is a party of one of the mentor's pairs, or is HR, sponsor or manager of the programme: H10. Matrix
// managers are managers. A pair counts on the days on which it lives; in a peer pair each is the others' mentor and mentee.
func Conflicts(in ConflictFacts) (forbidden, dependent []Apart) {
	in.Steps = max(2, in.Steps)
	in.Lines = in.Lines.upFrom(in.everybody())
	d := deriving{ConflictFacts: in, mentor: map[PersonID]bool{}, spans: map[conflictKey][][2]int{}}
	for _, m := range in.Mentors {
		d.mentor[m.ID] = true
	}
	starts := in.starts()
	for i, day := range starts {
		d.interval = i
		d.on(day.probe)
	}
	for k, spans := range d.spans {
		for _, s := range spans {
			c := Apart{A: k.a, B: k.b, Rule: k.rule, Days: Days{From: starts[s[0]].from}}
			if s[1]+1 < len(starts) {
				c.Days.To = starts[s[1]+1].from.AddDays(-1)
			}
			if k.rule == "H10" {
				dependent = append(dependent, c)
			} else {
				forbidden = append(forbidden, c)
			}
		}
	}
	slices.SortFunc(forbidden, Apart.compare)
	slices.SortFunc(dependent, Apart.compare)
	return forbidden, dependent
}

func (c Apart) compare(o Apart) int {
	return cmp.Or(c.A.Compare(o.A), c.B.Compare(o.B), cmp.Compare(c.Rule, o.Rule), c.Days.From.Compare(o.Days.From))
}

// intervalStart begins a stretch of days in which no line, pair or role changes. from is zero for the first one, probe is one of
// its days.
type intervalStart struct{ from, probe Date }

// starts cuts the window where something begins or ceases to hold.
func (in ConflictFacts) starts() []intervalStart {
	cuts := map[Date]bool{}
	cut := func(d Date) {
		if (in.Window.From.IsZero() || in.Window.From.Before(d)) && in.Window.Holds(d) {
			cuts[d] = true
		}
	}
	span := func(s Days) {
		if !s.From.IsZero() {
			cut(s.From)
		}
		if !s.To.IsZero() {
			cut(s.To.AddDays(1))
		}
	}
	for _, l := range in.Lines {
		span(l.Valid)
	}
	for _, p := range in.Pairs {
		span(p.Span)
	}
	for _, r := range in.Roles {
		span(r.Valid)
	}
	days := sortedDates(cuts)
	first := in.Window.From
	switch {
	case !first.IsZero():
	case len(days) > 0:
		first = days[0].AddDays(-1)
	case !in.Window.To.IsZero():
		first = in.Window.To
	default:
		first = Date{Year: 1, Month: 1, Day: 1} // nothing ever changes
	}
	out := []intervalStart{{probe: first}}
	for _, d := range days {
		out = append(out, intervalStart{d, d})
	}
	return out
}

// everybody lists those from whom lines are followed upwards.
func (in ConflictFacts) everybody() []PersonID {
	people := slices.Clone(in.Supervisors)
	for _, m := range in.Mentors {
		people = append(people, m.ID)
	}
	for _, p := range in.Pairs {
		people = append(append(people, p.Mentors...), p.Mentees...)
	}
	return people
}

// upFrom keeps the lines that lead from these people to those above them, on whatever day.
func (ls Lines) upFrom(people []PersonID) Lines {
	byPerson := map[PersonID]Lines{}
	for _, l := range ls {
		byPerson[l.Person] = append(byPerson[l.Person], l)
	}
	var out Lines
	front := slices.Clone(people)
	for len(front) > 0 {
		p := front[len(front)-1]
		front = front[:len(front)-1]
		for _, l := range byPerson[p] {
			out = append(out, l)
			front = append(front, l.Manager)
		}
		delete(byPerson, p)
	}
	return out
}

type conflictKey struct {
	a, b PersonID
	rule string
}

// deriving collects conflicts, one stretch of days after the other.
type deriving struct {
	ConflictFacts
	mentor   map[PersonID]bool
	interval int
	spans    map[conflictKey][][2]int // first and last interval, both included
}

func (d *deriving) note(a, b PersonID, rule string) {
	k := conflictKey{a, b, rule}
	spans := d.spans[k]
	switch last := len(spans) - 1; {
	case last >= 0 && spans[last][1] == d.interval:
	case last >= 0 && spans[last][1] == d.interval-1:
		spans[last][1] = d.interval
	default:
		d.spans[k] = append(spans, [2]int{d.interval, d.interval})
	}
}

// forbid notes that two mentors may not sit in one group; others are in no group.
func (d *deriving) forbid(a, b PersonID, rule string) {
	if a == b || !d.mentor[a] || !d.mentor[b] {
		return
	}
	if b.Compare(a) < 0 {
		a, b = b, a
	}
	d.note(a, b, rule)
}
