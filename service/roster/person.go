package roster

import (
	"context"
	"slices"

	"kreds/calendar"
	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// PersonSeen is a person with the roles that they have today, anywhere.
type PersonSeen struct {
	supervision.Person
	Roles []supervision.Role
}

type seenPerson = service.Seen[PersonSeen]

// ListPeople is a page of the people whom the actor may see, and whether there are more. A filter tells what it asks for, so
// that of those whom one sees in part, a filter by anything hides all.
func (s *Service) ListPeople(ctx context.Context, actor supervision.Actor, f store.PersonFilter, p store.Page) (list []seenPerson, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		rows, err := tx.ListPeople(f, p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		plain, err := service.SeenAll(tx, store.People, "listPeople", rows, func(p supervision.Person) supervision.UUID { return p.ID.Any() })
		if err != nil {
			return err
		}
		list, err = s.withRoles(tx, plain)
		return err
	})
	return list, more, err
}

// GetPerson returns one person.
func (s *Service) GetPerson(ctx context.Context, actor supervision.Actor, id supervision.PersonID) (seen seenPerson, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		seen, err = s.person(tx, id)
		return err
	})
	return seen, err
}

func (s *Service) person(tx *store.Tx, id supervision.PersonID) (seen seenPerson, err error) {
	view, err := tx.See(store.People, "getPerson", id.Any())
	if err != nil {
		return seen, err
	}
	p, err := tx.Person(id)
	if err != nil {
		return seen, err
	}
	list, err := s.withRoles(tx, []service.Seen[supervision.Person]{{Object: p, View: view}})
	if err != nil {
		return seen, err
	}
	return list[0], nil
}

func (s *Service) withRoles(tx *store.Tx, plain []service.Seen[supervision.Person]) ([]seenPerson, error) {
	ids := make([]supervision.PersonID, len(plain))
	for i, p := range plain {
		ids[i] = p.Object.ID
	}
	all, err := tx.RolesOf(ids...)
	if err != nil {
		return nil, err
	}
	roles := map[supervision.PersonID][]supervision.Role{}
	for _, r := range all {
		if r.Valid.Holds(tx.Today()) && !slices.Contains(roles[r.Person], r.Role) {
			roles[r.Person] = append(roles[r.Person], r.Role)
		}
	}
	list := make([]seenPerson, len(plain))
	for i, p := range plain {
		list[i] = seenPerson{Object: PersonSeen{p.Object, roles[p.Object.ID]}, View: p.View}
	}
	return list, nil
}

// CreatePerson makes a person. Without languages they speak the tenant's, without hours they work in office hours.
func (s *Service) CreatePerson(ctx context.Context, c service.Call, p supervision.Person) (service.Outcome[seenPerson], error) {
	return service.Act(ctx, s.House, c, service.Step[seenPerson]{
		May: func(tx *store.Tx) (service.Target, error) {
			return s.onTenant(tx, "createPerson", store.People, p.Organisation.Any())
		},
		Act: func(tx *store.Tx) (seenPerson, error) {
			p, err := s.makePerson(tx, p)
			if err != nil {
				return seenPerson{}, err
			}
			return s.person(tx, p.ID)
		},
		Made: func(x seenPerson) supervision.UUID { return x.Object.ID.Any() },
	})
}

func (s *Service) makePerson(tx *store.Tx, p supervision.Person) (supervision.Person, error) {
	p.ID, p.Version = service.New[supervision.PersonID](s.House), 0
	if len(p.Languages) == 0 {
		tenant, _, err := tx.TenantOf()
		if err != nil {
			return p, err
		}
		p.Languages = []string{tenant.Language}
	}
	if len(p.WorkHours) == 0 {
		p.WorkHours = supervision.OfficeHours()
	}
	if err := s.checkPerson(tx, &p); err != nil {
		return p, err
	}
	err := tx.PutPerson(&p)
	return p, err
}

// UpdatePerson changes what the function changes. People may change their own zone, hours and languages; the rest is the
// programme manager's.
func (s *Service) UpdatePerson(ctx context.Context, c service.Call, id supervision.PersonID, change func(*supervision.Person)) (service.Outcome[seenPerson], error) {
	return service.Act(ctx, s.House, c, service.Step[seenPerson]{
		May: func(tx *store.Tx) (service.Target, error) { return on(tx, store.People, "updatePerson", id.Any()) },
		Act: func(tx *store.Tx) (seenPerson, error) {
			seen, err := s.person(tx, id)
			if err != nil {
				return seen, err
			}
			before := seen.Object.Person
			p := before
			change(&p)
			p.Email = supervision.NormalEmail(p.Email)
			if service.Same(before, p) {
				return seen, nil // the step is already taken
			}
			if err := ownPart(seen.View, before, p); err != nil {
				return seen, err
			}
			if err := c.Tagged(before.Version, seen.View); err != nil {
				return seen, err
			}
			if err := s.checkPerson(tx, &p); err != nil {
				return seen, err
			}
			if p.Organisation != before.Organisation {
				if _, err := s.onTenant(tx, "createPerson", store.People, p.Organisation.Any()); err != nil {
					return seen, err
				}
			}
			if err := tx.PutPerson(&p); err != nil {
				return seen, err
			}
			seen.Object.Person = p
			if judgedBy(before, p) {
				return seen, service.Recheck(tx, id)
			}
			return seen, nil
		},
	})
}

// ownPart refuses what a person may not change of themselves.
func ownPart(v supervision.View, before, p supervision.Person) error {
	if v == supervision.ViewManager {
		return nil
	}
	e := supervision.Denied("updatePerson")
	for _, m := range []struct {
		pointer string
		changed bool
	}{
		{"/external_id", p.ExternalID != before.ExternalID}, {"/name", p.Name != before.Name}, {"/email", p.Email != before.Email},
		{"/organisation_id", p.Organisation != before.Organisation}, {"/unit", p.Unit != before.Unit}, {"/site", p.Site != before.Site},
		{"/seniority", p.Seniority != before.Seniority}, {"/experience", p.Experience != before.Experience},
	} {
		if m.changed {
			e = e.And(m.pointer, "not-yours", "Only the programme manager changes this.")
		}
	}
	if len(e.Fields) == 0 {
		return nil
	}
	e.Detail = "You may change your own time zone, hours and languages; the programme manager changes the rest."
	return e
}

// judgedBy says whether something has changed by which sessions are judged.
func judgedBy(a, b supervision.Person) bool {
	return a.TimeZone != b.TimeZone || a.Extended != b.Extended || a.Organisation != b.Organisation || a.Site != b.Site ||
		!slices.Equal(a.WorkHours, b.WorkHours) || !slices.Equal(a.Languages, b.Languages)
}

func (s *Service) checkPerson(tx *store.Tx, p *supervision.Person) error {
	p.Name, p.Unit, p.Site, p.Email = service.Tidy(p.Name), service.Tidy(p.Unit), service.Tidy(p.Site), supervision.NormalEmail(p.Email)
	var f supervision.Faults
	if _, err := calendar.LoadZone(p.TimeZone); err != nil {
		f.Add("/time_zone", "unknown-zone", "%q is not an IANA time zone, for example Europe/Copenhagen.", p.TimeZone)
	}
	if err := p.WorkHours.Check(); err != nil {
		f.Add("/work_hours", "range", "%s.", err)
	}
	if _, err := tx.Organisation(p.Organisation); supervision.KindOf(err) == supervision.NotFound {
		f.Add("/organisation_id", "unknown-reference", "There is no such organisation.")
	} else if err != nil {
		return err
	}
	return f.Err()
}
