package roster

import (
	"slices"

	"kreds/service"
	"kreds/supervision"
)

// rosterFacts is who and what a list of people is held against.
type rosterFacts struct {
	people   map[string]supervision.Person // by external id
	byEmail  map[string]supervision.Person
	orgs     map[string]supervision.OrganisationID
	roles    map[supervision.PersonID][]supervision.RoleAssignment
	language string
	today    supervision.Date
}

func (r *importing) rosterFacts() (f rosterFacts, err error) {
	f = rosterFacts{people: map[string]supervision.Person{}, byEmail: map[string]supervision.Person{}, orgs: map[string]supervision.OrganisationID{},
		roles: map[supervision.PersonID][]supervision.RoleAssignment{}, today: r.tx.Today()}
	people, err := r.tx.AllPeople()
	if err != nil {
		return f, err
	}
	for _, p := range people {
		f.byEmail[p.Email] = p
		if p.ExternalID != "" {
			f.people[p.ExternalID] = p
		}
	}
	orgs, err := r.tx.Organisations()
	if err != nil {
		return f, err
	}
	for _, o := range orgs {
		if o.ExternalID != "" {
			f.orgs[o.ExternalID] = o.ID
		}
	}
	roles, err := r.tx.AllRoles()
	if err != nil {
		return f, err
	}
	for _, a := range roles {
		f.roles[a.Person] = append(f.roles[a.Person], a)
	}
	tenant, _, err := r.tx.TenantOf()
	f.language = tenant.Language
	return f, err
}

// people imports people by external id. What a row leaves empty of what people set themselves (languages, hours) stays as it
// is, so that the same list again changes nothing; other empty columns clear. Roles are given in the whole tenant and never
// taken away.
func (r *importing) people(rows []supervision.ImportRow) error {
	f, err := r.rosterFacts()
	if err != nil {
		return err
	}
	seen, emails, missing := map[string]int{}, map[string]int{}, 0
	for _, in := range rows {
		x := r.read(in)
		key, _ := x.text("external_id")
		x.unique(seen, "external_id", key)
		before, exists := f.people[key]
		p := before
		x.fillPerson(&p, f, exists)
		x.unique(emails, "email", p.Email)
		if !exists {
			p.ID = service.New[supervision.PersonID](r.house)
		}
		roles := x.freshRoles(p.ID, f)
		if x.bad {
			continue
		}
		r.IDs[key] = p.ID.Any()
		if exists && service.Same(before, p) && len(roles) == 0 {
			r.Unchanged++
			continue
		}
		count := &r.Created
		var about []supervision.PersonID
		if exists {
			count = &r.Updated
			if judgedBy(before, p) || len(roles) > 0 {
				about = append(about, p.ID)
			}
		}
		r.then(count, func() error {
			if !service.Same(before, p) {
				if err := r.tx.PutPerson(&p); err != nil {
					return err
				}
			}
			for i := range roles {
				if err := r.tx.PutRole(&roles[i]); err != nil {
					return err
				}
			}
			return nil
		}, about...)
	}
	for key := range f.people {
		if _, named := seen[key]; !named {
			missing++
		}
	}
	r.stay(missing, "people")
	return nil
}

// fillPerson reads a person over what is there.
func (x *row) fillPerson(p *supervision.Person, f rosterFacts, exists bool) {
	p.ExternalID, _ = x.text("external_id")
	p.Name, _ = x.text("name")
	email, _ := x.text("email")
	p.Email = supervision.NormalEmail(email)
	if code := supervision.EmailFault(p.Email); code != "" && p.Email != "" {
		x.fault("email", code, "This is not an e-mail address.")
	} else if other, taken := f.byEmail[p.Email]; taken && other.ID != p.ID {
		x.fault("email", "email-taken", "Somebody else has this address already. Maybe they are the same person, under another external id.")
	}
	if org, _ := x.text("organisation"); org != "" {
		id, ok := f.orgs[org]
		if !ok {
			x.fault("organisation", "unknown-reference", "There is no organisation with this external id. Import organisations first.")
		}
		p.Organisation = id
	}
	p.TimeZone = x.zone("time_zone")
	for name, into := range map[string]*string{"unit": &p.Unit, "site": &p.Site} {
		if v, given := x.text(name); given {
			*into = v
		}
	}
	if _, given := x.text("seniority"); given {
		p.Seniority = x.number("seniority", 1, 9)
	}
	if _, given := x.text("experience"); given {
		p.Experience = one(x, "experience", "", supervision.Novice, supervision.Developing, supervision.Reflective)
	}
	x.languages(p, f, exists)
	x.workHours(p, exists)
}

func (x *row) languages(p *supervision.Person, f rosterFacts, exists bool) {
	tags := x.list("languages")
	for _, tag := range tags {
		if !isLanguage(tag) {
			x.fault("languages", "format", "Must have this form: da or pt-BR")
		}
	}
	switch {
	case len(tags) > 10:
		x.fault("languages", "max-items", "At most 10 are allowed.")
	case len(tags) > 0:
		p.Languages = tags
	case !exists:
		p.Languages = []string{f.language}
		x.warn("languages", "default-used", "No languages are given; %s is taken.", f.language)
	}
}

func (x *row) workHours(p *supervision.Person, exists bool) {
	text, _ := x.text("work_hours")
	switch {
	case text != "":
		hours, err := supervision.ParseWorkHours(text)
		if err != nil {
			x.fault("work_hours", "format", "%s.", err)
		}
		p.WorkHours = hours
	case !exists:
		p.WorkHours = supervision.OfficeHours()
		x.warn("work_hours", "default-used", "No working hours are given; Mon-Fri 08:00-17:00 is taken.")
	}
}

// houseRoles are those by which people run the house; not everybody who imports people may give them.
var houseRoles = []supervision.Role{supervision.RoleProgrammeManager, supervision.RoleLeadManager, supervision.RoleHR, supervision.RoleSponsor, supervision.RoleOperator}

// freshRoles gives the roles that the row names and the person does not have today in the whole tenant.
func (x *row) freshRoles(p supervision.PersonID, f rosterFacts) (fresh []supervision.RoleAssignment) {
	named := x.list("roles")
	present := f.roles[p]
	for i, name := range named {
		role := supervision.Role(name)
		if !slices.Contains(supervision.Roles(), role) {
			x.fault("roles", "enum", "There is no role %s to give. There are: %v; a direct manager is derived from the lines.", shown(name), supervision.Roles())
			continue
		}
		a := supervision.RoleAssignment{Person: p, Role: role, Scope: supervision.ScopeTenant, Subject: x.tx.Tenant().Any()}
		has := false
		for _, o := range present {
			if o.Role == role && o.Scope == a.Scope {
				has = has || o.Valid.Holds(f.today)
				a.Valid.From = f.today // they had it before; those days stay as they were
			}
		}
		for _, o := range named[:i] {
			if role.Excludes(supervision.Role(o)) {
				x.fault("roles", "roles-exclude-each-other", "Nobody is %s and %s.", o, name)
			}
		}
		if has {
			continue
		}
		for _, o := range present {
			if _, overlap := o.Valid.Clip(a.Valid); overlap && role.Excludes(o.Role) {
				x.fault("roles", "roles-exclude-each-other", "The person is %s on some day; nobody is %s and that.", o.Role, name)
			}
		}
		if err := x.mayGive(role); err != nil {
			x.fault("roles", "not-yours", "Whoever made this import may not give the role %s.", name)
		}
		a.ID = service.New[supervision.RoleID](x.house)
		fresh = append(fresh, a)
	}
	for _, o := range present {
		if len(named) > 0 && o.Scope == supervision.ScopeTenant && o.Valid.Holds(f.today) && !slices.Contains(named, string(o.Role)) {
			x.warn("roles", "role-kept", "The person stays %s; a list takes no role away. End the role assignment if that is meant.", o.Role)
		}
	}
	return fresh
}

func (x *row) mayGive(role supervision.Role) error {
	switch {
	case role == supervision.RoleOperator:
		return x.may.operators
	case slices.Contains(houseRoles, role):
		return x.may.managing
	}
	return nil
}
