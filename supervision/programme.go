package supervision

import "slices"

// Programme is what an organisation, or several, run for mentors and mentees.
type Programme struct {
	ID           ProgrammeID
	Name         string
	Mode         ProgrammeMode
	Scope        ProgrammeScope
	Integration  string // separate, integrated
	Setting      string // virtual, in_person, blended
	Purpose      string
	Strategic    string
	Span         Days
	K            int // the smallest number of contributors a report may speak of
	Lead         PersonID
	Organisation OrganisationID // zero: it spans organisations
	Goals        []Goal
	Version      int
}

// HasRole says whether a person holds one of these roles on some of the days where it reaches the programme: in the tenant, in
// the programme itself, in its organisation, or in the person's own, whose people take part.
func (p Programme) HasRole(person Person, held []RoleAssignment, on Days, roles ...Role) bool {
	return slices.ContainsFunc(held, func(r RoleAssignment) bool {
		if _, overlap := r.Valid.Clip(on); r.Person != person.ID || !overlap || !slices.Contains(roles, r.Role) {
			return false
		}
		switch r.Scope {
		case ScopeProgramme:
			return r.Subject == p.ID.Any()
		case ScopeOrganisation:
			return r.Subject == p.Organisation.Any() || r.Subject == person.Organisation.Any()
		}
		return true
	})
}

// ProgrammeMode tells a cohort, which starts and ends together, from a standing network.
type ProgrammeMode string

const (
	Cohort  ProgrammeMode = "cohort"
	Network ProgrammeMode = "network"
)

// ProgrammeScope says whose people take part.
type ProgrammeScope string

const (
	InternalScope ProgrammeScope = "internal"
	OpenScope     ProgrammeScope = "open"
	CrossScope    ProgrammeScope = "cross"
)

// Goal is what a programme is to reach, for whom, and how one will know.
type Goal struct {
	Beneficiary string `json:"beneficiary"`
	Statement   string `json:"statement"`
	Indicator   string `json:"indicator,omitempty"`
	Target      string `json:"target,omitempty"`
}

// Preparation is how a mentor was prepared before the first session (H11).
type Preparation struct {
	ID          PreparationID
	Programme   ProgrammeID
	Person      PersonID
	Kind        PreparationKind
	Session     SessionID // the introduction, when it was one
	CompletedOn Date
	Version     int
}

// PreparationKind is the kind of a preparation.
type PreparationKind string

const (
	PreparedByIntroduction PreparationKind = "introduction"
	PreparedByTraining     PreparationKind = "training"
	PreparedEquivalently   PreparationKind = "equivalent"
)
