package scenario

import (
	"fmt"
	"strings"

	"kreds/instance"
	"kreds/supervision"
)

// cast puts a scenario together.
type cast struct {
	*Scenario
	names int // of givenNames that are taken
}

const copenhagen = "Europe/Copenhagen"

// givenNames are dealt in this order. The family name is Demo for all.
var givenNames = strings.Fields(`Alma Anton Asta Aksel Birk Bodil Carla Ditte Eskil Ella Emil Esther Filippa Finn Frida Gro Gustav Hedda Holger
Ida Ivar Jens Johanne Josefine Kaja Karl Kirsten Lea Laust Liv Ludvig Magne Maren Mille Mogens Nanna Niels Nora Olga Oskar Palle Pernille
Ragna Rasmus Rikke Rosa Runa Signe Silas Sofus Stine Svend Tilde Thora Troels Ulla Uffe Vera Viggo Villads Vilma Yrsa Ask Astrid
Bjarke Bo Dagny Ebbe Edith Elvira Embla Erik Freja Georg Gerda Hjalte Inge Iben Julius Knud`)

// danishHolidays2027 are the public holidays of the scenarios' year.
var danishHolidays2027 = []supervision.Holiday{
	{On: supervision.MustDate("2027-01-01"), Name: "New Year's Day"},
	{On: supervision.MustDate("2027-03-25"), Name: "Maundy Thursday"},
	{On: supervision.MustDate("2027-03-26"), Name: "Good Friday"},
	{On: supervision.MustDate("2027-03-29"), Name: "Easter Monday"},
	{On: supervision.MustDate("2027-05-06"), Name: "Ascension Day"},
	{On: supervision.MustDate("2027-05-17"), Name: "Whit Monday"},
	{On: supervision.MustDate("2027-12-25"), Name: "Christmas Day"},
	{On: supervision.MustDate("2027-12-26"), Name: "Second day of Christmas"},
}

func open(name, tenant string) *cast {
	c := &cast{Scenario: &Scenario{Name: name, Holidays: map[supervision.OrganisationID][]supervision.Holiday{}}}
	c.Tenant = supervision.Tenant{ID: id[supervision.TenantID](name, "tenant"), Name: tenant, Language: "en"}
	return c
}

// organisation adds one with the Danish holidays.
func (c *cast) organisation(key, name string, kind supervision.OrganisationKind) supervision.OrganisationID {
	o := supervision.Organisation{ID: id[supervision.OrganisationID](c.Name, "organisation", key), ExternalID: key, Name: name, Kind: kind, Country: "DK", TimeZone: copenhagen}
	c.Organisations = append(c.Organisations, o)
	c.Holidays[o.ID] = danishHolidays2027
	return o.ID
}

// who is somebody to be added.
type who struct {
	key        string // the external id
	org        supervision.OrganisationID
	unit       string
	seniority  int
	experience supervision.Experience
	role       supervision.Role // in the whole tenant; empty: none
}

func (c *cast) person(w who) supervision.PersonID {
	given := givenNames[c.names]
	c.names++
	domain := "demo"
	for _, o := range c.Organisations {
		if o.ID == w.org {
			domain = o.ExternalID
		}
	}
	p := supervision.Person{
		ID: id[supervision.PersonID](c.Name, "person", w.key), ExternalID: w.key, Name: given + " Demo",
		Email: strings.ToLower(given) + "@" + domain + ".example", Organisation: w.org, TimeZone: copenhagen, Languages: []string{"da", "en"},
		Unit: w.unit, Seniority: w.seniority, Experience: w.experience, WorkHours: supervision.OfficeHours(),
	}
	c.People = append(c.People, p)
	if w.role != "" {
		c.Roles = append(c.Roles, supervision.RoleAssignment{
			ID: id[supervision.RoleID](c.Name, "role", w.key), Person: p.ID, Role: w.role, Scope: supervision.ScopeTenant, Subject: c.Tenant.ID.Any(),
		})
	}
	return p.ID
}

// reports puts somebody under a manager, for as long as the scenario knows.
func (c *cast) reports(person, manager supervision.PersonID) {
	c.Lines = append(c.Lines, supervision.ReportingLine{
		ID: id[supervision.LineID](c.Name, "line", person.String(), manager.String()), Person: person, Manager: manager, Kind: supervision.LineDirect,
	})
}

// pair brings a mentor and a mentee together from a day on.
func (c *cast) pair(kind supervision.PairKind, mentor, mentee supervision.PersonID, from string) {
	n := len(c.Pairs) + 1
	c.Pairs = append(c.Pairs, supervision.Pair{
		ID: id[supervision.PairID](c.Name, "pair", fmt.Sprint(n)), ExternalID: fmt.Sprintf("pair-%02d", n), Kind: kind,
		Mentors: []supervision.PersonID{mentor}, Mentees: []supervision.PersonID{mentee},
		Span: supervision.Days{From: supervision.MustDate(from)}, State: supervision.PairPlanned,
	})
}

// cycle sets programme, template and cycle of the same name and days, with the rounds as the template lays them.
func (c *cast) cycle(name, purpose string, scope supervision.ProgrammeScope, setting string, lead supervision.PersonID, from, to string, steps ...supervision.TemplateStep) {
	span := supervision.Days{From: supervision.MustDate(from), To: supervision.MustDate(to)}
	c.Programme = supervision.Programme{
		ID: id[supervision.ProgrammeID](c.Name, "programme"), Name: name, Mode: supervision.Cohort, Scope: scope, Integration: "separate", Setting: setting,
		Purpose: purpose, Span: span, K: 5, Lead: lead,
	}
	pattern := ""
	for _, s := range steps {
		pattern += map[supervision.RoundKind]string{supervision.KindIndividual: "I", supervision.KindGroup: "G"}[s.Kind]
	}
	c.Template = supervision.Template{
		ID: id[supervision.TemplateID](c.Name, "template"), Name: "Introduction and " + strings.Join(strings.Split(pattern, ""), "-"), Format: "combined", Steps: steps,
	}
	c.Cycle = supervision.Cycle{
		ID: id[supervision.CycleID](c.Name, "cycle"), Programme: c.Programme.ID, Template: c.Template.ID, Name: name, Format: "combined", TimeZone: copenhagen,
		Span: span, State: supervision.CycleDesigned, Settings: supervision.Defaults(),
	}
}

// rounds lays the rounds, once the cycle's settings are final.
func (c *cast) rounds() {
	c.Rounds = instance.Windows(c.Cycle, c.Programme, c.Template.Steps)
	for i := range c.Rounds {
		c.Rounds[i].ID = id[supervision.RoundID](c.Name, "round", fmt.Sprint(i))
	}
}

func (c *cast) enrol(mentor supervision.PersonID) {
	c.Enrolments = append(c.Enrolments, supervision.Enrolment{
		ID: id[supervision.EnrolmentID](c.Name, "enrolment", mentor.String()), Cycle: c.Cycle.ID, Mentor: mentor, State: supervision.EnrolmentActive,
		Endorsed: true, EnrolledOn: c.Cycle.Span.From.AddDays(-28),
	})
}

func (c *cast) assign(supervisor supervision.PersonID, share int) {
	c.Assignments = append(c.Assignments, supervision.Assignment{
		ID: id[supervision.AssignmentID](c.Name, "assignment", supervisor.String()), Cycle: c.Cycle.ID, Supervisor: supervisor, Share: share, State: supervision.AssignmentActive,
	})
}

// The steps of which templates are made.

func introduction(dates int) supervision.TemplateStep {
	return supervision.TemplateStep{Kind: supervision.KindIntroduction, Minutes: 90, Dates: dates}
}

func individual() supervision.TemplateStep {
	return supervision.TemplateStep{Kind: supervision.KindIndividual, Minutes: 60}
}

func group() supervision.TemplateStep {
	return supervision.TemplateStep{Kind: supervision.KindGroup, Grouping: supervision.Closed, BySize: map[int]int{3: 90, 4: 120, 5: 150}, Cases: 3}
}
