package supervision

// Role is what a person is in a tenant, an organisation or a programme. The direct manager is no role: it is derived by
// date from reporting lines.
type Role string

const (
	RoleMentor           Role = "mentor"
	RoleMentee           Role = "mentee"
	RoleSupervisor       Role = "supervisor"
	RoleLeadSupervisor   Role = "lead_supervisor"
	RoleProgrammeManager Role = "programme_manager"
	RoleLeadManager      Role = "lead_programme_manager"
	RoleSponsor          Role = "sponsor"
	RoleHR               Role = "hr"
	RoleOperator         Role = "platform_operator"
)

// Roles lists the roles that can be assigned.
func Roles() []Role {
	return []Role{RoleMentor, RoleMentee, RoleSupervisor, RoleLeadSupervisor, RoleProgrammeManager, RoleLeadManager, RoleSponsor, RoleHR, RoleOperator}
}

// RoleScope is where a role holds.
type RoleScope string

const (
	ScopeTenant       RoleScope = "tenant"
	ScopeOrganisation RoleScope = "organisation"
	ScopeProgramme    RoleScope = "programme"
)

// RoleAssignment gives a person a role for a span of days. Subject is the tenant's, organisation's or programme's id.
type RoleAssignment struct {
	ID      RoleID
	Person  PersonID
	Role    Role
	Scope   RoleScope
	Subject UUID
	Valid   Days
	Version int
}

// Excludes says whether two roles may not be one person's: HR supervises nobody.
func (r Role) Excludes(o Role) bool {
	hr := func(x Role) bool { return x == RoleHR }
	sv := func(x Role) bool { return x == RoleSupervisor || x == RoleLeadSupervisor }
	return hr(r) && sv(o) || sv(r) && hr(o)
}
