package main

import (
	"context"
	"fmt"

	"kreds/supervision"
)

// stage brings people, lines and pairs in and designs the cycle.
func (s *story) stage(ctx context.Context) error {
	s.said("\n1. People, lines and pairs come in as lists; the cycle is designed.")
	for _, kind := range []string{"organisations", "people", "lines", "pairs"} {
		made, err := s.api.post("/v1/imports?kind="+kind+"&apply=if_clean", s.rows(kind))
		if err != nil {
			return err
		}
		done, err := s.until(ctx, "/v1/imports/"+str(made, "id"), "applied", "checked", "failed")
		if err != nil {
			return err
		}
		if str(done, "state") != "applied" {
			return fmt.Errorf("the import of %s has faults: %v", kind, done["rows"])
		}
		for external, id := range done["ids"].(object) {
			s.ids[kind+" "+external] = fmt.Sprint(id)
		}
		s.said("   %-13s %v created, %v updated", kind, done["created"], done["updated"])
	}
	if err := s.holidays(); err != nil {
		return err
	}
	return s.design()
}

// rows are the scenario's facts of a kind, as an import takes them.
func (s *story) rows(kind string) object {
	var rows []object
	person := func(id supervision.PersonID) string {
		p, _ := s.scenario.Person(id)
		return p.ExternalID
	}
	switch kind {
	case "organisations":
		for _, o := range s.scenario.Organisations {
			rows = append(rows, object{"external_id": o.ExternalID, "name": o.Name, "kind": o.Kind, "country": o.Country, "time_zone": o.TimeZone})
		}
	case "people":
		for _, p := range s.scenario.People {
			rows = append(rows, s.personRow(p))
		}
	case "lines":
		for _, l := range s.scenario.Lines {
			rows = append(rows, object{"person": person(l.Person), "manager": person(l.Manager), "kind": l.Kind})
		}
	case "pairs":
		for _, p := range s.scenario.Pairs {
			row := object{"external_id": p.ExternalID, "kind": p.Kind, "start_on": p.Span.From.String()}
			var mentors, mentees []string
			for _, id := range p.Mentors {
				mentors = append(mentors, person(id))
			}
			for _, id := range p.Mentees {
				mentees = append(mentees, person(id))
			}
			row["mentors"], row["mentees"] = mentors, mentees
			if !p.Span.To.IsZero() {
				row["end_on"] = p.Span.To.String()
			}
			rows = append(rows, row)
		}
	}
	return object{"rows": rows}
}

func (s *story) personRow(p supervision.Person) object {
	row := object{"external_id": p.ExternalID, "name": p.Name, "email": p.Email, "time_zone": p.TimeZone, "languages": p.Languages}
	for _, o := range s.scenario.Organisations {
		if o.ID == p.Organisation {
			row["organisation"] = o.ExternalID
		}
	}
	if p.Unit != "" {
		row["unit"] = p.Unit
	}
	if p.Seniority > 0 {
		row["seniority"] = p.Seniority
	}
	if p.Experience != "" {
		row["experience"] = p.Experience
	}
	var roles []string
	for _, r := range s.scenario.Roles {
		if r.Person == p.ID {
			roles = append(roles, string(r.Role))
		}
	}
	if roles != nil {
		row["roles"] = roles
	}
	return row
}

func (s *story) holidays() error {
	for _, o := range s.scenario.Organisations {
		days := []object{}
		for _, h := range s.scenario.Holidays[o.ID] {
			days = append(days, object{"holiday_on": h.On.String(), "name": h.Name})
		}
		if len(days) == 0 {
			continue
		}
		path := "/v1/organisations/" + s.ids["organisations "+o.ExternalID] + "/holidays"
		if _, err := s.api.put(path, object{"holidays": days}, path); err != nil {
			return err
		}
	}
	return nil
}

// design makes the programme, its template and its cycle, and says who takes part.
func (s *story) design() error {
	p, c := s.scenario.Programme, s.scenario.Cycle
	programme, err := s.api.post("/v1/programmes", object{"name": p.Name, "mode": p.Mode, "scope": p.Scope, "setting": p.Setting, "purpose": p.Purpose,
		"start_on": p.Span.From.String(), "end_on": p.Span.To.String()})
	if err != nil {
		return err
	}
	var steps []object
	for _, t := range s.scenario.Template.Steps {
		step := object{"kind": t.Kind}
		if t.Kind == supervision.KindGroup {
			step["grouping"] = t.Grouping
		}
		if t.Dates > 0 {
			step["dates"] = t.Dates
		}
		if t.Cases > 0 {
			step["cases"] = t.Cases
		}
		if t.Minutes > 0 {
			step["duration_minutes"] = t.Minutes
		}
		steps = append(steps, step)
	}
	template, err := s.api.post("/v1/cycle-templates", object{"name": "Demo: introduction, individual, three in groups, individual", "rounds": steps})
	if err != nil {
		return err
	}
	blackouts := []object{}
	for _, b := range c.Settings.Blackouts {
		blackouts = append(blackouts, object{"from_on": b.FromOn.String(), "to_on": b.ToOn.String(), "name": b.Name})
	}
	cycle, err := s.api.post("/v1/cycles", object{"programme_id": programme["id"], "template_id": template["id"], "name": c.Name, "time_zone": c.TimeZone,
		"from_on": c.Span.From.String(), "to_on": c.Span.To.String(), "settings": object{"blackouts": blackouts}})
	if err != nil {
		return err
	}
	s.cycle = "/v1/cycles/" + str(cycle, "id")
	for _, e := range s.scenario.Enrolments {
		who, _ := s.scenario.Person(e.Mentor)
		if _, err := s.api.post("/v1/enrolments", object{"cycle_id": cycle["id"], "mentor_id": s.ids["people "+who.ExternalID]}); err != nil {
			return err
		}
	}
	for _, a := range s.scenario.Assignments {
		who, _ := s.scenario.Person(a.Supervisor)
		if _, err := s.api.post("/v1/supervisor-assignments", object{"cycle_id": cycle["id"], "supervisor_id": s.ids["people "+who.ExternalID], "share": a.Share}); err != nil {
			return err
		}
	}
	if _, err := s.api.put(s.cycle+"/state", object{"state": "designed"}, s.cycle); err != nil {
		return err
	}
	s.result.Mentors, s.result.Supervisors = len(s.scenario.Enrolments), len(s.scenario.Assignments)
	s.said("   cycle %q: %d mentors, %d supervisors, %s to %s", c.Name, s.result.Mentors, s.result.Supervisors, c.Span.From, c.Span.To)
	return nil
}
