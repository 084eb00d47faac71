package scenario

import (
	"fmt"

	"kreds/supervision"
)

// place is a mentor's place in S2's chart: a department, a rank, and the number of the manager among the mentors, -1 for none.
type place struct {
	unit      string
	seniority int
	manager   int
}

// chart2 are the 23 mentors of S2: two top managers, six heads under them, and their people. Human Resources stands under the first
// top manager, Legal under the second.
var chart2 = []place{
	{"Sales", 5, -1}, {"Sales", 4, 0}, {"Sales", 4, 0}, {"Sales", 3, 1}, {"Sales", 3, 1}, {"Sales", 2, 1}, {"Sales", 3, 2}, {"Sales", 3, 2}, {"Sales", 2, 2},
	{"Research", 5, -1}, {"Research", 4, 9}, {"Research", 4, 9}, {"Research", 3, 10}, {"Research", 3, 10}, {"Research", 2, 10}, {"Research", 3, 11}, {"Research", 3, 11},
	{"Human Resources", 4, 0}, {"Human Resources", 3, 17}, {"Human Resources", 3, 17}, {"Human Resources", 2, 17},
	{"Legal", 4, 9}, {"Legal", 3, 21},
}

// S2 is a leadership programme inside one company, 1 February to 29 October 2027: 23 mentors, two external supervisors; an
// introduction on two dates, then individual, three rounds in groups, individual.
func S2() Scenario {
	c := open("s2", "Demo Leadership")
	house := c.organisation("house", "Demo House", supervision.Company)
	practice := c.organisation("practice", "Demo Practice", supervision.ProviderOrg)

	lead := c.person(who{key: "p0", org: house, role: supervision.RoleProgrammeManager})
	c.person(who{key: "t0", org: house, seniority: 9, role: supervision.RoleSponsor})
	c.person(who{key: "h0", org: house, role: supervision.RoleHR})
	operations := c.person(who{key: "k00", org: house, unit: "Operations", seniority: 6})
	var managers []supervision.PersonID
	for i := range 4 {
		m := c.person(who{key: fmt.Sprintf("k%02d", i+1), org: house, unit: "Operations", seniority: 4})
		c.reports(m, operations)
		managers = append(managers, m)
	}
	c.cycle("Leadership", "Leaders who mentor across departments reflect on their mentoring together.", supervision.InternalScope, "blended", lead,
		"2027-02-01", "2027-10-29", introduction(2), individual(), group(), group(), group(), individual())
	c.Cycle.Settings.Blackouts = []supervision.Blackout{
		{FromOn: supervision.MustDate("2027-07-12"), ToOn: supervision.MustDate("2027-08-01"), Name: "Summer, weeks 28 to 30"},
		{FromOn: supervision.MustDate("2027-10-18"), ToOn: supervision.MustDate("2027-10-24"), Name: "Autumn, week 42"},
	}

	levels := []supervision.Experience{supervision.Reflective, supervision.Developing, supervision.Novice, supervision.Developing}
	var mentors []supervision.PersonID
	for i, p := range chart2 {
		m := c.person(who{key: fmt.Sprintf("m%02d", i), org: house, unit: p.unit, seniority: p.seniority, experience: levels[i%4], role: supervision.RoleMentor})
		mentors = append(mentors, m)
		if p.manager >= 0 {
			c.reports(m, mentors[p.manager])
		}
		c.enrol(m)
	}
	for i, m := range mentors {
		if i == 22 { // reverse mentoring: somebody of Legal mentors a head of Research
			c.pair(supervision.Reverse, m, mentors[10], "2027-02-01")
			continue
		}
		e := c.person(who{key: fmt.Sprintf("e%02d", i), org: house, unit: "Operations", seniority: 1, role: supervision.RoleMentee})
		c.pair(supervision.OneToOne, m, e, "2027-02-01")
		switch i {
		case 5: // the mentee reports to the head of Legal,
			c.reports(e, mentors[21])
		case 12: // and this one to a head of Sales
			c.reports(e, mentors[1])
		default:
			c.reports(e, managers[i%len(managers)])
		}
	}
	for i, share := range []int{12, 11} {
		c.assign(c.person(who{key: fmt.Sprintf("s%d", i), org: practice, role: supervision.RoleSupervisor}), share)
	}
	c.rounds()
	c.fill(2, 0.20, c.Cycle.Span)
	return *c.Scenario
}
