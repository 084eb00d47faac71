package supervision

import "slices"

// on derives what holds on one day.
func (d *deriving) on(day Date) {
	lines := d.Lines.on(day)
	mentees, parties := d.living(day)
	d.lineRules(lines, mentees)
	for _, a := range d.Avoids {
		d.forbid(a.Author, a.Other, "H22")
	}
	d.competitors()
	reports := lines.turned()
	for _, s := range d.Supervisors {
		d.independence(s, day, lines.above(s, 0), reports.above(s, 0), mentees, parties)
	}
}

// living gives, for everybody in a pair that lives on the day, their mentees, and all with whom they share a pair.
func (d *deriving) living(day Date) (mentees, parties map[PersonID][]PersonID) {
	mentees, parties = map[PersonID][]PersonID{}, map[PersonID][]PersonID{}
	for _, p := range d.Pairs {
		if !p.Living(day) {
			continue
		}
		above, below := p.parties()
		all := slices.Concat(p.Mentors, p.Mentees)
		for _, a := range above {
			for _, b := range below {
				if a != b {
					mentees[a] = append(mentees[a], b)
				}
			}
		}
		for _, a := range all {
			parties[a] = append(parties[a], all...)
		}
	}
	return mentees, parties
}

// lineRules are H05 to H09.
func (d *deriving) lineRules(lines chart, mentees map[PersonID][]PersonID) {
	reports := map[PersonID][]PersonID{} // the mentors below a person, up to d steps
	for _, a := range d.Mentors {
		for above, k := range lines.above(a.ID, d.Steps) {
			reports[above] = append(reports[above], a.ID)
			if k == 1 {
				d.forbid(a.ID, above, "H05")
			} else {
				d.forbid(a.ID, above, "H06")
			}
		}
	}
	for _, a := range d.Mentors {
		for _, m := range mentees[a.ID] {
			for b := range lines.above(m, d.Steps) {
				d.forbid(a.ID, b, "H07")
			}
			for _, b := range reports[m] {
				d.forbid(a.ID, b, "H08")
			}
			d.forbid(a.ID, m, "H09")
		}
	}
}

// competitors is H23: mentors of two organisations that share a group of competitors.
func (d *deriving) competitors() {
	groups := map[string][]OrganisationID{}
	for _, o := range d.Organisations {
		for _, name := range o.Competitors {
			groups[name] = append(groups[name], o.ID)
		}
	}
	people := map[OrganisationID][]PersonID{}
	for _, m := range d.Mentors {
		people[m.Organisation] = append(people[m.Organisation], m.ID)
	}
	for _, orgs := range groups {
		for i, x := range orgs {
			for _, y := range orgs[:i] {
				if x == y {
					continue
				}
				for _, a := range people[x] {
					for _, b := range people[y] {
						d.forbid(a, b, "H23")
					}
				}
			}
		}
	}
}

// independence is H10 for one supervisor, who has these people above and below them.
func (d *deriving) independence(s PersonID, day Date, above, below map[PersonID]int, mentees, parties map[PersonID][]PersonID) {
	manages := func(p PersonID) bool { return below[p] > 0 }
	for _, m := range d.Mentors {
		if s == m.ID || above[m.ID] > 0 || manages(m.ID) || slices.ContainsFunc(mentees[m.ID], manages) ||
			slices.Contains(parties[m.ID], s) || d.office(s, m, day) {
			d.note(s, m.ID, "H10")
		}
	}
}

// office says whether a supervisor holds an office on the day that stands between them and a mentor. HR supervises nobody,
// wherever it is HR; sponsors and programme managers do not supervise where their office reaches.
func (d *deriving) office(s PersonID, m Person, day Date) bool {
	return d.Programme.Office(s, d.Roles, Days{day, day}, m.Organisation)
}

// Office says whether a person holds, on some of the days, an office that keeps them from supervising mentors of these
// organisations in the programme (H10): its lead, HR of whatever, or sponsor or programme manager of all, of the programme,
// of its organisation or of one of these.
func (p Programme) Office(person PersonID, roles []RoleAssignment, on Days, of ...OrganisationID) bool {
	if person == p.Lead {
		return true
	}
	return slices.ContainsFunc(roles, func(r RoleAssignment) bool {
		if _, overlap := r.Valid.Clip(on); r.Person != person || !overlap {
			return false
		}
		switch r.Role {
		case RoleHR:
			return true
		case RoleSponsor, RoleProgrammeManager, RoleLeadManager:
			switch r.Scope {
			case ScopeOrganisation:
				subject := OrganisationID(r.Subject)
				return subject == p.Organisation || slices.Contains(of, subject)
			case ScopeProgramme:
				return r.Subject == p.ID.Any()
			}
			return true
		}
		return false
	})
}

// turned gives the reports of each person, so that above walks downwards.
func (c chart) turned() chart {
	reports := chart{}
	for person, managers := range c {
		for _, m := range managers {
			reports[m] = append(reports[m], person)
		}
	}
	return reports
}
