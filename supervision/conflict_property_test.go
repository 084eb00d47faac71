package supervision_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	_ "kreds/internal/testkit/repeatable"
	"kreds/supervision"
)

// Of every two people on every day, Conflicts says what the sentences of the rules say, read one by one.
func TestConflictsAgreeWithTheSentences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawConflictFacts(t)
		forbidden, dependent := supervision.Conflicts(f)
		if !slices.IsSortedFunc(forbidden, earlier) || !slices.IsSortedFunc(dependent, earlier) {
			t.Fatalf("not in order: %v %v", forbidden, dependent)
		}
		steps := max(2, f.Steps)
		for day := firstDay; day.Before(lastDay); day = day.AddDays(1) {
			if !f.Window.Holds(day) {
				continue
			}
			law := naive{f, day}
			for i, a := range f.Mentors {
				for _, b := range f.Mentors[i+1:] {
					for _, rule := range []string{"H05", "H06", "H07", "H08", "H09", "H22", "H23"} {
						got := covering(forbidden, a.ID, b.ID, rule, day)
						if want := law.forbids(rule, a, b, steps); got > 1 || (got == 1) != want {
							t.Fatalf("%s on %s for %d and %d: %d spans, want %v", rule, day, a.ID[15], b.ID[15], got, want)
						}
					}
				}
				for _, s := range f.Supervisors {
					if got, want := covering(dependent, s, a.ID, "H10", day), law.depends(s, a); got > 1 || (got == 1) != want {
						t.Fatalf("H10 on %s for supervisor %d and mentor %d: %d spans, want %v", day, s[15], a.ID[15], got, want)
					}
				}
			}
		}
	})
}

var firstDay, lastDay = supervision.MustDate("2027-01-25"), supervision.MustDate("2027-03-05")

func drawConflictFacts(t *rapid.T) supervision.ConflictFacts {
	pick := func(least, most int, of string) int { return rapid.IntRange(least, most).Draw(t, of) }
	span := func() (s supervision.Days) {
		if rapid.Bool().Draw(t, "begins") {
			s.From = firstDay.AddDays(pick(0, 38, "from"))
		}
		if rapid.Bool().Draw(t, "ends") {
			s.To = firstDay.AddDays(pick(0, 38, "to"))
		}
		if !s.From.IsZero() && !s.To.IsZero() && s.To.Before(s.From) {
			s.From, s.To = s.To, s.From
		}
		return s
	}
	anybody := func() person { return who(pick(1, 9, "person")) }
	// Mentors 1 to 4, supervisors 5 and 6, others 7 to 9: all of them in one crowded chart, circles and matrices included.
	f := supervision.ConflictFacts{Window: span(), Steps: pick(0, 3, "steps"), Mentors: people(1, 2, 3, 4), Supervisors: []person{who(5), who(6)}}
	for range pick(0, 9, "lines") {
		l := supervision.ReportingLine{Person: anybody(), Manager: anybody(), Valid: span()}
		if l.Person != l.Manager {
			f.Lines = append(f.Lines, l)
		}
	}
	for range pick(0, 4, "pairs") {
		p := supervision.Pair{
			Kind:  rapid.SampledFrom([]supervision.PairKind{supervision.OneToOne, supervision.Reverse, supervision.Peer, supervision.PairGroup}).Draw(t, "kind"),
			State: rapid.SampledFrom([]supervision.PairState{supervision.PairPlanned, supervision.PairActive, supervision.PairPaused, supervision.PairEnded}).Draw(t, "state"),
			Span:  span(),
		}
		for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(1, 9), 2, 4, rapid.ID).Draw(t, "parties") {
			if len(p.Mentors) == 0 || rapid.Bool().Draw(t, "mentor") {
				p.Mentors = append(p.Mentors, who(n))
			} else {
				p.Mentees = append(p.Mentees, who(n))
			}
		}
		f.Pairs = append(f.Pairs, p)
	}
	for range pick(0, 1, "avoids") {
		f.Avoids = append(f.Avoids, supervision.Avoid{Author: anybody(), Other: anybody()})
	}
	for i := range f.Mentors {
		f.Mentors[i].Organisation = supervision.OrganisationID{15: byte(pick(1, 3, "organisation"))}
	}
	for i := range 3 {
		o := supervision.Organisation{ID: supervision.OrganisationID{15: byte(i + 1)}}
		o.Competitors = rapid.SliceOfDistinct(rapid.SampledFrom([]string{"x", "y"}), rapid.ID).Draw(t, "competitors")
		f.Organisations = append(f.Organisations, o)
	}
	f.Programme = supervision.Programme{ID: supervision.ProgrammeID{15: 1}, Lead: anybody(), Organisation: supervision.OrganisationID{15: 1}}
	for range pick(0, 2, "roles") {
		f.Roles = append(f.Roles, supervision.RoleAssignment{
			Person:  anybody(),
			Role:    rapid.SampledFrom(supervision.Roles()).Draw(t, "role"),
			Scope:   rapid.SampledFrom([]supervision.RoleScope{supervision.ScopeTenant, supervision.ScopeOrganisation, supervision.ScopeProgramme}).Draw(t, "scope"),
			Subject: supervision.UUID{15: byte(pick(1, 3, "subject"))},
			Valid:   span(),
		})
	}
	return f
}

// covering counts the spans of a rule and two people that hold on a day.
func covering(list []supervision.Apart, a, b person, rule string, day supervision.Date) (n int) {
	for _, c := range list {
		if c.A == a && c.B == b && c.Rule == rule && c.Days.Holds(day) {
			n++
		}
	}
	return n
}

func earlier(a, b supervision.Apart) int {
	if c := a.A.Compare(b.A); c != 0 {
		return c
	}
	if c := a.B.Compare(b.B); c != 0 {
		return c
	}
	if a.Rule != b.Rule {
		if a.Rule < b.Rule {
			return -1
		}
		return 1
	}
	return a.Days.From.Compare(b.Days.From)
}

// naive reads the sentences on one day, without a thought of speed.
type naive struct {
	supervision.ConflictFacts
	day supervision.Date
}

// reach says whether b stands exactly k steps above a by some way.
func (n naive) reach(a, b person, k int) bool {
	if k == 0 {
		return a == b
	}
	return slices.ContainsFunc(n.Lines.Managers(a, n.day), func(m person) bool { return n.reach(m, b, k-1) })
}

// steps is L(a, b), 0 for none. No way without a circle is longer than there are people.
func (n naive) steps(a, b person) int {
	for k := 1; k <= 9 && a != b; k++ {
		if n.reach(a, b, k) {
			return k
		}
	}
	return 0
}

func (n naive) near(a, b person, d int) bool { k := n.steps(a, b); return 1 <= k && k <= d }

func (n naive) mentees(a person) (out []person) {
	for _, p := range n.Pairs {
		switch {
		case !p.Living(n.day):
		case p.Kind == supervision.Peer:
			if all := slices.Concat(p.Mentors, p.Mentees); slices.Contains(all, a) {
				out = append(out, all...)
			}
		case slices.Contains(p.Mentors, a):
			out = append(out, p.Mentees...)
		}
	}
	return slices.DeleteFunc(out, func(m person) bool { return m == a })
}

func (n naive) forbids(rule string, a, b supervision.Person, d int) bool {
	either := func(holds func(a, b person) bool) bool { return holds(a.ID, b.ID) || holds(b.ID, a.ID) }
	ofMentees := func(holds func(m, other person) bool) bool {
		return either(func(a, b person) bool {
			return slices.ContainsFunc(n.mentees(a), func(m person) bool { return holds(m, b) })
		})
	}
	switch rule {
	case "H05":
		return either(func(a, b person) bool { return n.near(a, b, 1) })
	case "H06":
		return either(func(a, b person) bool { return n.near(a, b, d) && !n.near(a, b, 1) })
	case "H07":
		return ofMentees(func(m, b person) bool { return n.near(m, b, d) })
	case "H08":
		return ofMentees(func(m, b person) bool { return n.near(b, m, d) })
	case "H09":
		return ofMentees(func(m, b person) bool { return m == b })
	case "H22":
		return either(func(a, b person) bool { return slices.Contains(n.Avoids, supervision.Avoid{Author: a, Other: b}) })
	}
	of := func(o supervision.OrganisationID) []string { return n.Organisations[o[15]-1].Competitors }
	return a.Organisation != b.Organisation && slices.ContainsFunc(of(a.Organisation), func(g string) bool { return slices.Contains(of(b.Organisation), g) })
}

func (n naive) depends(s person, m supervision.Person) bool {
	if n.steps(s, m.ID) > 0 || n.steps(m.ID, s) > 0 || n.Programme.Lead == s {
		return true
	}
	for _, e := range n.mentees(m.ID) {
		if n.steps(e, s) > 0 {
			return true
		}
	}
	for _, p := range n.Pairs {
		if all := slices.Concat(p.Mentors, p.Mentees); p.Living(n.day) && slices.Contains(all, s) && slices.Contains(all, m.ID) {
			return true
		}
	}
	for _, r := range n.Roles {
		here := r.Scope == supervision.ScopeTenant ||
			r.Scope == supervision.ScopeOrganisation && (r.Subject[15] == m.Organisation[15] || r.Subject[15] == n.Programme.Organisation[15]) ||
			r.Scope == supervision.ScopeProgramme && r.Subject[15] == n.Programme.ID[15]
		managing := r.Role == supervision.RoleSponsor || r.Role == supervision.RoleProgrammeManager || r.Role == supervision.RoleLeadManager
		if r.Person == s && r.Valid.Holds(n.day) && (r.Role == supervision.RoleHR || managing && here) {
			return true
		}
	}
	return false
}
