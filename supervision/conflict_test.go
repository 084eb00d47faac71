package supervision_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kreds/supervision"
)

type (
	person = supervision.PersonID
	days   = supervision.Days
)

// who is the person of a number, in the order of the numbers.
func who(n int) person { return person{15: byte(n)} }

func on(s string) supervision.Date {
	if s == "" {
		return supervision.Date{}
	}
	return supervision.MustDate("2027-" + s)
}

func from(a, b string) days { return days{From: on(a), To: on(b)} }

func reports(p, manager int, valid days) supervision.ReportingLine {
	return supervision.ReportingLine{Person: who(p), Manager: who(manager), Valid: valid}
}

func pair(kind supervision.PairKind, mentors, mentees []int, span days) supervision.Pair {
	p := supervision.Pair{Kind: kind, State: supervision.PairActive, Span: span}
	for _, m := range mentors {
		p.Mentors = append(p.Mentors, who(m))
	}
	for _, m := range mentees {
		p.Mentees = append(p.Mentees, who(m))
	}
	return p
}

// people are mentors of these numbers, each of an organisation of their own.
func people(numbers ...int) (out []supervision.Person) {
	for _, n := range numbers {
		out = append(out, supervision.Person{ID: who(n), Organisation: supervision.OrganisationID{15: byte(n)}})
	}
	return out
}

// said writes conflicts as "1-2 H05 2027-02-01..".
func said(list []supervision.Apart) string {
	var out []string
	for _, c := range list {
		span := ""
		if c.Days != (days{}) {
			span = fmt.Sprintf(" %s..%s", c.Days.From, c.Days.To)
		}
		out = append(out, fmt.Sprintf("%d-%d %s%s", c.A[15], c.B[15], c.Rule, span))
	}
	return strings.Join(out, ", ")
}

// Mentors are 1 to 4, supervisors 8 and 9, others 20 and above; the window is the first half of 2027.
func TestConflicts(t *testing.T) {
	always := days{}
	assigned := func(p int, r supervision.Role, s supervision.RoleScope, subject supervision.UUID) supervision.RoleAssignment {
		return supervision.RoleAssignment{Person: who(p), Role: r, Scope: s, Subject: subject}
	}
	programme := supervision.Programme{ID: supervision.ProgrammeID{1}, Organisation: supervision.OrganisationID{15: 1}}
	for _, c := range []struct {
		name      string
		facts     supervision.ConflictFacts
		forbidden string
		dependent string
	}{
		{"nothing binds", supervision.ConflictFacts{}, "", ""},
		{"the direct manager, the manager's manager, and nobody further up",
			supervision.ConflictFacts{Lines: supervision.Lines{reports(1, 2, always), reports(2, 3, always), reports(3, 4, always)}},
			"1-2 H05, 1-3 H06, 2-3 H05, 2-4 H06, 3-4 H05", ""},
		{"a cycle that looks three steps up",
			supervision.ConflictFacts{Steps: 3, Lines: supervision.Lines{reports(1, 2, always), reports(2, 3, always), reports(3, 4, always)}},
			"1-2 H05, 1-3 H06, 1-4 H06, 2-3 H05, 2-4 H06, 3-4 H05", ""},
		{"a manager between who is no mentor",
			supervision.ConflictFacts{Lines: supervision.Lines{reports(1, 20, always), reports(20, 2, always)}}, "1-2 H06", ""},
		{"a manager in a matrix is a manager, by the shortest way",
			supervision.ConflictFacts{Lines: supervision.Lines{reports(1, 20, always), reports(20, 2, always),
				{Person: who(1), Manager: who(2), Kind: supervision.LineMatrix}}}, "1-2 H05", ""},
		{"the manager changes in the middle of the window",
			supervision.ConflictFacts{Lines: supervision.Lines{reports(1, 2, from("", "03-31")), reports(1, 3, from("04-01", ""))}},
			"1-2 H05 ..2027-03-31, 1-3 H05 2027-04-01..", ""},
		{"the line breaks for some days",
			supervision.ConflictFacts{Lines: supervision.Lines{reports(1, 2, from("", "02-10")), reports(1, 2, from("02-20", ""))}},
			"1-2 H05 ..2027-02-10, 1-2 H05 2027-02-20..", ""},
		{"two lines one after the other are one span",
			supervision.ConflictFacts{Lines: supervision.Lines{reports(1, 2, from("02-01", "02-10")), reports(1, 2, from("02-11", "02-20"))}},
			"1-2 H05 2027-02-01..2027-02-20", ""},
		{"a manager becomes the manager's manager",
			supervision.ConflictFacts{Lines: supervision.Lines{reports(1, 2, from("", "02-28")), reports(1, 20, from("03-01", "")), reports(20, 2, from("03-01", ""))}},
			"1-2 H05 ..2027-02-28, 1-2 H06 2027-03-01..", ""},
		{"lines outside of the window do not count",
			supervision.ConflictFacts{Lines: supervision.Lines{
				{Person: who(1), Manager: who(2), Valid: days{To: supervision.MustDate("2026-12-31")}},
				{Person: who(1), Manager: who(3), Valid: days{From: supervision.MustDate("2027-07-01")}}}}, "", ""},
		{"a mentee's manager, one and two steps up, and not three",
			supervision.ConflictFacts{Pairs: []supervision.Pair{pair(supervision.OneToOne, []int{1}, []int{20}, always)},
				Lines: supervision.Lines{reports(20, 2, always), reports(2, 3, always), reports(3, 4, always)}},
			"1-2 H07, 1-3 H07, 2-3 H05, 2-4 H06, 3-4 H05", ""},
		{"reverse mentoring: those who report to the mentee",
			supervision.ConflictFacts{Pairs: []supervision.Pair{pair(supervision.Reverse, []int{1}, []int{20}, always)},
				Lines: supervision.Lines{reports(2, 20, always), reports(3, 21, always), reports(21, 20, always), reports(4, 22, always), reports(22, 21, always)}},
			"1-2 H08, 1-3 H08", ""},
		{"one's own mentee",
			supervision.ConflictFacts{Pairs: []supervision.Pair{pair(supervision.OneToOne, []int{2}, []int{1}, always)}}, "1-2 H09", ""},
		{"peers are each other's mentors: the manager of either keeps the other away",
			supervision.ConflictFacts{Pairs: []supervision.Pair{pair(supervision.Peer, []int{1}, []int{2}, always)},
				Lines: supervision.Lines{reports(1, 3, always), reports(2, 4, always)}},
			"1-2 H09, 1-3 H05, 1-4 H07, 2-3 H07, 2-4 H05", ""},
		{"a mentee group has several mentors and mentees",
			supervision.ConflictFacts{Pairs: []supervision.Pair{pair(supervision.PairGroup, []int{1, 2}, []int{3, 20}, always)}},
			"1-3 H09, 2-3 H09", ""},
		{"a pair that has ended",
			supervision.ConflictFacts{Pairs: []supervision.Pair{{Kind: supervision.OneToOne, State: supervision.PairEnded, Mentors: []person{who(1)}, Mentees: []person{who(2)}}}}, "", ""},
		{"a pair of some days",
			supervision.ConflictFacts{Pairs: []supervision.Pair{pair(supervision.OneToOne, []int{1}, []int{2}, from("02-01", "02-28"))}},
			"1-2 H09 2027-02-01..2027-02-28", ""},
		{"the manager becomes one while the pair lives",
			supervision.ConflictFacts{Pairs: []supervision.Pair{pair(supervision.OneToOne, []int{1}, []int{20}, from("02-01", "02-28"))},
				Lines: supervision.Lines{reports(20, 2, from("02-15", ""))}},
			"1-2 H07 2027-02-15..2027-02-28", ""},
		{"an avoid list, whoever wrote it",
			supervision.ConflictFacts{Avoids: []supervision.Avoid{{Author: who(2), Other: who(1)}, {Author: who(1), Other: who(2)}, {Author: who(3), Other: who(20)}}},
			"1-2 H22", ""},
		{"competitors, and colleagues who are none",
			supervision.ConflictFacts{Organisations: []supervision.Organisation{
				{ID: supervision.OrganisationID{15: 1}, Competitors: []string{"banks"}},
				{ID: supervision.OrganisationID{15: 2}, Competitors: []string{"insurers", "banks"}},
				{ID: supervision.OrganisationID{15: 3}, Competitors: []string{"insurers"}}}},
			"1-2 H23, 2-3 H23", ""},
		{"several rules, each by itself",
			supervision.ConflictFacts{Lines: supervision.Lines{reports(1, 2, always)}, Avoids: []supervision.Avoid{{Author: who(1), Other: who(2)}},
				Pairs: []supervision.Pair{pair(supervision.OneToOne, []int{2}, []int{1}, always)}},
			"1-2 H05, 1-2 H09, 1-2 H22", ""},
		{"managers in a circle",
			supervision.ConflictFacts{Lines: supervision.Lines{reports(1, 2, always), reports(2, 3, always), reports(3, 1, always), reports(8, 1, always), reports(1, 8, always)}},
			"1-2 H05, 1-3 H05, 1-3 H06, 2-3 H05, 1-2 H06, 2-3 H06", "8-1 H10, 8-2 H10, 8-3 H10"},

		{"a supervisor far above and far below",
			supervision.ConflictFacts{Lines: supervision.Lines{reports(1, 20, always), reports(20, 21, always), reports(21, 22, always), reports(22, 8, always),
				reports(9, 23, always), reports(23, 24, always), reports(24, 25, always), reports(25, 2, always)}},
			"", "8-1 H10, 9-2 H10"},
		{"a supervisor far above a mentee",
			supervision.ConflictFacts{Pairs: []supervision.Pair{pair(supervision.OneToOne, []int{1}, []int{20}, always)},
				Lines: supervision.Lines{reports(20, 21, always), reports(21, 22, always), reports(22, 8, always)}},
			"", "8-1 H10"},
		{"a supervisor far below a mentee stands free",
			supervision.ConflictFacts{Pairs: []supervision.Pair{pair(supervision.OneToOne, []int{1}, []int{20}, always)}, Lines: supervision.Lines{reports(8, 20, always)}},
			"", ""},
		{"a supervisor who is mentee, mentor, peer or co-mentor of a mentor",
			supervision.ConflictFacts{Pairs: []supervision.Pair{
				pair(supervision.OneToOne, []int{1}, []int{8}, always), pair(supervision.OneToOne, []int{8}, []int{2}, from("02-01", "")),
				pair(supervision.Peer, []int{3, 9}, nil, always), pair(supervision.PairGroup, []int{4, 9}, []int{20}, always)}},
			"", "8-1 H10, 8-2 H10 2027-02-01.., 9-3 H10, 9-4 H10"},
		{"HR supervises nobody, a sponsor of another programme does",
			supervision.ConflictFacts{Roles: []supervision.RoleAssignment{
				assigned(8, supervision.RoleHR, supervision.ScopeProgramme, supervision.UUID{7}),
				assigned(9, supervision.RoleSponsor, supervision.ScopeProgramme, supervision.UUID{7})}},
			"", "8-1 H10, 8-2 H10, 8-3 H10, 8-4 H10"},
		{"sponsor of the programme, manager of a mentor's organisation",
			supervision.ConflictFacts{Roles: []supervision.RoleAssignment{
				assigned(8, supervision.RoleSponsor, supervision.ScopeProgramme, programme.ID.Any()),
				assigned(9, supervision.RoleProgrammeManager, supervision.ScopeOrganisation, supervision.UUID{15: 3})}},
			"", "8-1 H10, 8-2 H10, 8-3 H10, 8-4 H10, 9-3 H10"},
		{"the organisation's sponsor, a tenant's manager until March",
			supervision.ConflictFacts{Roles: []supervision.RoleAssignment{
				assigned(8, supervision.RoleSponsor, supervision.ScopeOrganisation, supervision.UUID{15: 1}),
				{Person: who(9), Role: supervision.RoleLeadManager, Scope: supervision.ScopeTenant, Valid: from("", "03-31")}}},
			"", "8-1 H10, 8-2 H10, 8-3 H10, 8-4 H10, 9-1 H10 ..2027-03-31, 9-2 H10 ..2027-03-31, 9-3 H10 ..2027-03-31, 9-4 H10 ..2027-03-31"},
		{"other roles, and other people's roles",
			supervision.ConflictFacts{Roles: []supervision.RoleAssignment{
				assigned(8, supervision.RoleLeadSupervisor, supervision.ScopeTenant, supervision.UUID{}),
				assigned(20, supervision.RoleHR, supervision.ScopeTenant, supervision.UUID{})}}, "", ""},
		{"the programme's lead, and a mentor's own seat",
			supervision.ConflictFacts{Supervisors: []person{who(9), who(2)}, Programme: supervision.Programme{Lead: who(9)}},
			"", "2-2 H10, 9-1 H10, 9-2 H10, 9-3 H10, 9-4 H10"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := c.facts
			f.Window, f.Mentors = from("01-01", "06-30"), people(1, 2, 3, 4)
			if f.Supervisors == nil {
				f.Supervisors = []person{who(8), who(9)}
			}
			if f.Programme.Lead.IsZero() {
				f.Programme = programme
			}
			forbidden, dependent := supervision.Conflicts(f)
			if got := said(forbidden); !sameList(got, c.forbidden) {
				t.Errorf("forbidden: %s\nwant: %s", got, c.forbidden)
			}
			if got := said(dependent); got != c.dependent {
				t.Errorf("dependent: %s\nwant: %s", got, c.dependent)
			}
		})
	}
}

// sameList compares without regard to the order.
func sameList(a, b string) bool {
	x, y := strings.Split(a, ", "), strings.Split(b, ", ")
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// Windows that are open at an end see the spans of the lines themselves.
func TestConflictsOfOpenWindows(t *testing.T) {
	f := supervision.ConflictFacts{Mentors: people(1, 2), Lines: supervision.Lines{reports(1, 2, from("02-01", "02-28"))}}
	for _, c := range []struct {
		window days
		want   string
	}{
		{days{}, "1-2 H05 2027-02-01..2027-02-28"},
		{from("02-10", ""), "1-2 H05 ..2027-02-28"},
		{from("", "02-10"), "1-2 H05 2027-02-01.."},
		{from("02-10", "02-20"), "1-2 H05"},
		{from("", "01-31"), ""},
		{from("03-01", ""), ""},
	} {
		f.Window = c.window
		if forbidden, _ := supervision.Conflicts(f); said(forbidden) != c.want {
			t.Errorf("window %s..%s: %q, want %q", c.window.From, c.window.To, said(forbidden), c.want)
		}
	}
	f.Window, f.Lines = from("", "02-10"), nil
	f.Pairs = []supervision.Pair{pair(supervision.OneToOne, []int{1}, []int{2}, days{})}
	if forbidden, _ := supervision.Conflicts(f); said(forbidden) != "1-2 H09" {
		t.Errorf("a pair without days: %q", said(forbidden))
	}
}
