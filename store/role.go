package store

import "kreds/supervision"

type roleRow struct {
	Of        owned              `gorm:"embedded"`
	ID        supervision.RoleID `gorm:"primaryKey"`
	PersonID  supervision.PersonID
	Role      string
	Scope     string
	Subject   supervision.UUID
	ValidFrom supervision.Date
	ValidTo   supervision.Date
	Version   int
}

func (roleRow) TableName() string { return "role_assignment" }

func (r roleRow) role() supervision.RoleAssignment {
	return supervision.RoleAssignment{ID: r.ID, Person: r.PersonID, Role: supervision.Role(r.Role), Scope: supervision.RoleScope(r.Scope),
		Subject: r.Subject, Valid: supervision.Days{From: r.ValidFrom, To: r.ValidTo}, Version: r.Version}
}

// PutRole writes a role assignment over the version it has and raises it; version 0 is new.
func (tx *Tx) PutRole(a *supervision.RoleAssignment) error {
	a.Version++
	return named(tx.put(&roleRow{tx.owned(), a.ID, a.Person, string(a.Role), string(a.Scope), a.Subject, a.Valid.From, a.Valid.To, a.Version},
		a.ID.Any(), a.Version))
}

// Role returns one role assignment.
func (tx *Tx) Role(id supervision.RoleID) (supervision.RoleAssignment, error) {
	r, err := first[roleRow](tx.from("role_assignment").Where("t.id = ?", id))
	return r.role(), err
}

// RolesOf lists the role assignments of people, whatever their days.
func (tx *Tx) RolesOf(people ...supervision.PersonID) ([]supervision.RoleAssignment, error) {
	rows, err := many[roleRow](tx.from("role_assignment").Where("t.person_id IN ?", ids(people)).Order("t.id"))
	return each(rows, err, roleRow.role)
}

// AllRoles lists every role assignment of the tenant.
func (tx *Tx) AllRoles() ([]supervision.RoleAssignment, error) {
	rows, err := many[roleRow](tx.from("role_assignment").Order("t.id"))
	return each(rows, err, roleRow.role)
}

// RoleFilter narrows a list of role assignments.
type RoleFilter struct {
	Person       supervision.PersonID
	Role         supervision.Role
	Programme    supervision.ProgrammeID
	Organisation supervision.OrganisationID
}

// ListRoles is a page of those that the actor may see.
func (tx *Tx) ListRoles(f RoleFilter, p Page) ([]supervision.RoleAssignment, error) {
	q := tx.visible(tx.from("role_assignment"), Roles, "listRoleAssignments")
	if !f.Person.IsZero() {
		q = q.Where("t.person_id = ?", f.Person)
	}
	if f.Role != "" {
		q = q.Where("t.role = ?", f.Role)
	}
	if !f.Programme.IsZero() {
		q = q.Where("t.scope = 'programme' AND t.subject = ?", f.Programme)
	}
	if !f.Organisation.IsZero() {
		q = q.Where("t.scope = 'organisation' AND t.subject = ?", f.Organisation)
	}
	rows, err := many[roleRow](p.byID(q))
	return each(rows, err, roleRow.role)
}
