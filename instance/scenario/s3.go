package scenario

import (
	"fmt"

	"kreds/supervision"
)

// LearningDay is the day of S3 on which all meet in person, before any shift.
var LearningDay = supervision.MustDate("2027-05-20")

// S3 is a programme across five firms, 1 March to 30 September 2027: 16 mentors whose mentees are in other firms, two supervisors;
// an introduction, then individual and three rounds in groups, the first of them in person on one learning day.
func S3() Scenario {
	c := open("s3", "Demo Network")
	association := c.organisation("network", "Demo Network", supervision.Association)
	practice := c.organisation("practice", "Demo Practice", supervision.ProviderOrg)
	lead := c.person(who{key: "p0", org: association, role: supervision.RoleProgrammeManager})
	learning := group()
	learning.InPerson = true
	c.cycle("Across firms", "Mentors of five firms learn from each other's practice, and from nobody's secrets.", supervision.CrossScope, "blended", lead,
		"2027-03-01", "2027-09-30", introduction(1), individual(), learning, group(), group())

	var mentors []supervision.PersonID
	var firms []supervision.OrganisationID
	of := map[supervision.PersonID]int{} // the firm
	managers := make([]supervision.PersonID, 5)
	levels := []supervision.Experience{supervision.Developing, supervision.Reflective, supervision.Novice}
	for i, size := range []int{4, 4, 3, 3, 2} {
		key := string(rune('a' + i))
		firm := c.organisation("firm-"+key, "Demo Firm "+string(rune('A'+i)), supervision.Company)
		firms = append(firms, firm)
		managers[i] = c.person(who{key: "k" + key, org: firm, seniority: 5})
		for n := range size {
			m := c.person(who{key: fmt.Sprintf("%s%d", key, n+1), org: firm, unit: "Management", seniority: 3 + n%2, experience: levels[len(mentors)%3], role: supervision.RoleMentor})
			mentors = append(mentors, m)
			of[m] = i
			c.reports(m, managers[i])
			c.enrol(m)
		}
	}
	for i, m := range mentors {
		firm := (of[m] + 1) % len(firms) // the next firm has the mentee
		e := c.person(who{key: fmt.Sprintf("e%02d", i), org: firms[firm], seniority: 1, role: supervision.RoleMentee})
		c.pair(supervision.OneToOne, m, e, "2027-03-01")
		if i == 0 { // the mentee of a1 reports to b1
			c.reports(e, mentors[4])
			continue
		}
		c.reports(e, c.person(who{key: fmt.Sprintf("k%02d", i), org: firms[firm], seniority: 3}))
	}
	for i := range 2 {
		c.assign(c.person(who{key: fmt.Sprintf("s%d", i), org: practice, role: supervision.RoleSupervisor}), 1)
	}
	c.rounds()
	for i := range c.Rounds {
		if r := &c.Rounds[i]; r.InPerson {
			r.Window, r.Site = supervision.Days{From: LearningDay, To: LearningDay}, "learning-centre"
		}
	}
	c.fill(3, 0.10, c.Cycle.Span, LearningDay)
	return *c.Scenario
}
