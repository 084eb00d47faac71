package roster

import (
	"context"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// RoleSeen is a role assignment with its person's name.
type RoleSeen struct {
	supervision.RoleAssignment
	Name string
}

type seenRole = service.Seen[RoleSeen]

// ListRoles is a page of the role assignments that the actor may see, and whether there are more.
func (s *Service) ListRoles(ctx context.Context, actor supervision.Actor, f store.RoleFilter, p store.Page) (list []seenRole, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		rows, err := tx.ListRoles(f, p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		plain, err := service.SeenAll(tx, store.Roles, "listRoleAssignments", rows, func(a supervision.RoleAssignment) supervision.UUID { return a.ID.Any() })
		if err != nil {
			return err
		}
		list, err = s.rolesNamed(tx, plain...)
		return err
	})
	return list, more, err
}

func (s *Service) rolesNamed(tx *store.Tx, plain ...service.Seen[supervision.RoleAssignment]) ([]seenRole, error) {
	people := make([]supervision.PersonID, len(plain))
	for i, a := range plain {
		people[i] = a.Object.Person
	}
	names, err := tx.Names(people)
	list := make([]seenRole, len(plain))
	for i, a := range plain {
		list[i] = seenRole{Object: RoleSeen{a.Object, names[a.Object.Person]}, View: a.View}
	}
	return list, err
}

// CreateRole gives a person a role in the tenant, an organisation or a programme. Roles that exclude each other are not one
// person's on the same day, wherever they hold.
func (s *Service) CreateRole(ctx context.Context, c service.Call, a supervision.RoleAssignment) (service.Outcome[seenRole], error) {
	return service.Act(ctx, s.House, c, service.Step[seenRole]{
		May: func(tx *store.Tx) (service.Target, error) { return s.mayGive(tx, a) },
		Act: func(tx *store.Tx) (seenRole, error) {
			// Who gives roles in a part of the tenant may know that part alone.
			if a.Scope != supervision.ScopeTenant {
				if err := s.known(tx, []supervision.PersonID{a.Person}, func(int) string { return "/person_id" }); err != nil {
					return seenRole{}, err
				}
			}
			a := a
			a.ID, a.Version = service.New[supervision.RoleID](s.House), 0
			if err := s.checkRole(tx, a); err != nil {
				return seenRole{}, err
			}
			if err := tx.PutRole(&a); err != nil {
				return seenRole{}, err
			}
			return s.roleChanged(tx, a, supervision.ViewManager)
		},
		Made: func(x seenRole) supervision.UUID { return x.Object.ID.Any() },
	})
}

// mayGive asks whether the actor may give the role where it shall hold. Operators alone make operators.
func (s *Service) mayGive(tx *store.Tx, a supervision.RoleAssignment) (service.Target, error) {
	where := []supervision.UUID{}
	switch a.Scope {
	case supervision.ScopeOrganisation:
		if _, err := tx.Organisation(supervision.OrganisationID(a.Subject)); err != nil {
			return service.Target{}, service.Unknown(err, "/organisation_id", "unknown-reference")
		}
		where = append(where, a.Subject)
	case supervision.ScopeProgramme:
		p, err := tx.Programme(supervision.ProgrammeID(a.Subject))
		if err != nil {
			return service.Target{}, service.Unknown(err, "/programme_id", "unknown-reference")
		}
		where = append(where, p.Organisation.Any())
	}
	action := supervision.Action("createRoleAssignment")
	if a.Role == supervision.RoleOperator {
		action = "createRoleAssignment/operator"
	}
	return s.onTenant(tx, action, store.Roles, where...)
}

// UpdateRole changes the days of a role.
func (s *Service) UpdateRole(ctx context.Context, c service.Call, id supervision.RoleID, change func(*supervision.RoleAssignment)) (service.Outcome[seenRole], error) {
	return service.Act(ctx, s.House, c, service.Step[seenRole]{
		May: func(tx *store.Tx) (service.Target, error) {
			target, err := on(tx, store.Roles, "updateRoleAssignment", id.Any())
			if err != nil {
				return target, err
			}
			a, err := tx.Role(id)
			if err != nil || a.Role != supervision.RoleOperator {
				return target, err
			}
			_, err = s.mayGive(tx, a)
			return target, err
		},
		Act: func(tx *store.Tx) (seenRole, error) {
			view, err := tx.See(store.Roles, "listRoleAssignments", id.Any())
			if err != nil {
				return seenRole{}, err
			}
			before, err := tx.Role(id)
			if err != nil {
				return seenRole{}, err
			}
			a := before
			change(&a)
			if service.Same(before, a) {
				list, err := s.rolesNamed(tx, service.Seen[supervision.RoleAssignment]{Object: a, View: view})
				return list[0], err // the step is already taken
			}
			if err := c.Tagged(before.Version, view); err != nil {
				return seenRole{}, err
			}
			if err := s.checkRole(tx, a); err != nil {
				return seenRole{}, err
			}
			if err := tx.PutRole(&a); err != nil {
				return seenRole{}, err
			}
			return s.roleChanged(tx, a, view)
		},
	})
}

func (s *Service) roleChanged(tx *store.Tx, a supervision.RoleAssignment, view supervision.View) (seenRole, error) {
	if err := service.Recheck(tx, a.Person); err != nil {
		return seenRole{}, err
	}
	list, err := s.rolesNamed(tx, service.Seen[supervision.RoleAssignment]{Object: a, View: view})
	return list[0], err
}

// checkRole judges a role assignment beside the others of its person, who are locked: two roles that exclude each other
// cannot be given at the same moment either.
func (s *Service) checkRole(tx *store.Tx, a supervision.RoleAssignment) error {
	if err := checkDays("/valid_to", a.Valid); err != nil {
		return err
	}
	if err := tx.LockPeople([]supervision.PersonID{a.Person}); err != nil {
		return service.Unknown(err, "/person_id", "unknown-person")
	}
	others, err := tx.RolesOf(a.Person)
	if err != nil {
		return err
	}
	for _, o := range others {
		_, overlap := o.Valid.Clip(a.Valid)
		switch {
		case o.ID == a.ID || !overlap:
		case a.Role.Excludes(o.Role):
			return excluded(a.Role, o.Role)
		case a.Role == o.Role && a.Scope == o.Scope && a.Subject == o.Subject:
			return supervision.Fault(supervision.Conflict, "conflict", "The person has this role there already on some of these days. Change the days of that assignment.")
		}
	}
	return nil
}

func excluded(a, b supervision.Role) error {
	return supervision.Fault(supervision.Invalid, "roles-exclude-each-other", "Nobody is %s and %s on the same day. End the other role first (valid_to).", a, b)
}

// checkDays refuses days that end before they begin.
func checkDays(pointer string, d supervision.Days) error {
	if !d.From.IsZero() && !d.To.IsZero() && d.To.Before(d.From) {
		return supervision.Faulty(pointer, "end-before-start", "%s lies before %s; both are whole days and included.", d.To, d.From)
	}
	return nil
}
