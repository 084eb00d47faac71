package scenario

import (
	"fmt"

	"kreds/supervision"
)

// Variant is one of the charts of S1.
type Variant int

const (
	Plain       Variant = iota // m0 manages m1, and m3 the mentee of m2: 4 of 10 splits into two groups are lawful
	FourReports                // seven mentors, m0 manages m1 to m4: one lawful split
	FiveReports                // seven mentors, m0 manages m1 to m5: none
)

// S1 is a small internal pilot, 1 February to 30 June 2027: six mentors of one organisation and one external supervisor; an
// introduction, then individual, group, group, individual.
func S1(v Variant) Scenario {
	c := open([]string{"s1", "s1a", "s1b"}[v], "Demo Pilot")
	works := c.organisation("pilot", "Demo Works", supervision.Company)
	practice := c.organisation("practice", "Demo Practice", supervision.ProviderOrg)

	lead := c.person(who{key: "p0", org: works, role: supervision.RoleProgrammeManager})
	head := c.person(who{key: "t0", org: works, seniority: 7, role: supervision.RoleSponsor})
	c.person(who{key: "h0", org: works, role: supervision.RoleHR})
	supervisor := c.person(who{key: "s0", org: practice, role: supervision.RoleSupervisor})
	var managers []supervision.PersonID
	for i := range 3 {
		m := c.person(who{key: fmt.Sprintf("k%d", i), org: works, seniority: 5})
		c.reports(m, head)
		managers = append(managers, m)
	}
	c.cycle("Pilot", "Mentors of the pilot find their feet, in good company and on firm ground.", supervision.InternalScope, "virtual", lead,
		"2027-02-01", "2027-06-30", introduction(1), individual(), group(), group(), individual())

	n, reporting := 6, 1
	if v != Plain {
		n, reporting = 7, 3+int(v)
	}
	levels := []supervision.Experience{supervision.Developing, supervision.Novice, supervision.Reflective}
	var mentors []supervision.PersonID
	for i := range n {
		m := c.person(who{key: fmt.Sprintf("m%d", i), org: works, unit: []string{"Plant", "Logistics"}[i%2], seniority: 4 - i%2, experience: levels[i%3], role: supervision.RoleMentor})
		mentors = append(mentors, m)
		if 1 <= i && i <= reporting {
			c.reports(m, mentors[0])
		} else {
			c.reports(m, head)
		}
		c.enrol(m)
	}
	for i, m := range mentors {
		e := c.person(who{key: fmt.Sprintf("e%d", i), org: works, seniority: 2, role: supervision.RoleMentee})
		c.pair(supervision.OneToOne, m, e, "2027-02-01")
		if v == Plain && i == 2 {
			c.reports(e, mentors[3])
		} else {
			c.reports(e, managers[i%len(managers)])
		}
	}
	c.assign(supervisor, 1)
	c.rounds()
	c.fill(1, 0.10, c.Cycle.Span)
	return *c.Scenario
}
