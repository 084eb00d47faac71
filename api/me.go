package api

import (
	"context"

	"kreds/api/contract"
	"kreds/service/roster"
	"kreds/supervision"
)

func meJSON(m roster.Me) contract.Me {
	j := contract.Me{
		Credential: contract.Credential(m.Actor.Kind), Tenant: m.Tenant, Person: Null[contract.PersonRef](nil), Label: NullIf(m.Label),
		TimeZone: NullIf(m.Person.TimeZone), Languages: list(m.Person.Languages), Scopes: words[contract.Scope](m.Actor.Scopes), Roles: []contract.MyRole{},
		Waiting: contract.Waiting{Placements: m.Waiting.Placements, Answers: m.Waiting.Answers, Connections: m.Waiting.Connections},
	}
	if !m.Person.ID.IsZero() {
		j.Person = Null(&contract.PersonRef{ID: contract.ID(m.Person.ID), Name: m.Person.Name})
	}
	for _, r := range m.Roles {
		programme, organisation := roleSubjects(r)
		j.Roles = append(j.Roles, contract.MyRole{Role: contract.Role(r.Role), ProgrammeID: NullIf(programme), OrganisationID: NullIf(organisation)})
	}
	return j
}

// roleSubjects says in which programme or organisation a role holds; neither: everywhere.
func roleSubjects(r supervision.RoleAssignment) (programme, organisation supervision.UUID) {
	switch r.Scope {
	case supervision.ScopeProgramme:
		programme = r.Subject
	case supervision.ScopeOrganisation:
		organisation = r.Subject
	}
	return programme, organisation
}

// GetMe answers GET /v1/me.
func (h *Handlers) GetMe(ctx context.Context, _ contract.GetMeRequestObject) (contract.GetMeResponseObject, error) {
	me, err := h.Roster.GetMe(ctx, actorOf(ctx))
	return contract.GetMe200JSONResponse(meJSON(me)), err
}
