package api_test

import (
	"strings"
	"testing"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// Who runs one organisation gives roles to its people. Of a person elsewhere they learn nothing by trying, not even the name.
func TestARoleIsGivenToWhomOneSees(t *testing.T) {
	b := build(t)
	elsewhere := service.New[supervision.OrganisationID](b.House)
	b.must(func(tx *store.Tx) error {
		return tx.PutOrganisation(&supervision.Organisation{ID: elsewhere, Name: "B", Kind: supervision.Company, Country: "DK", TimeZone: "Europe/Copenhagen"})
	})
	lead, token := b.person("lead")
	own, _ := b.person("ida")
	foreign, _ := b.person("bodil")
	b.must(func(tx *store.Tx) error {
		foreign.Organisation = elsewhere
		if err := tx.PutPerson(&foreign); err != nil {
			return err
		}
		return tx.PutRole(&supervision.RoleAssignment{ID: service.New[supervision.RoleID](b.House), Person: lead.ID, Role: supervision.RoleProgrammeManager,
			Scope: supervision.ScopeOrganisation, Subject: b.org.Any()})
	})
	give := func(to supervision.PersonID) object {
		return object{"person_id": to.String(), "role": "mentor", "organisation_id": b.org.String()}
	}
	b.want(404, token, "GET", "/v1/people/"+foreign.ID.String(), nil)
	refused := b.want(422, token, "POST", "/v1/role-assignments", give(foreign.ID))
	if strings.Contains(refused.Body.String(), "bodil") || !strings.Contains(refused.Body.String(), "unknown-person") {
		t.Errorf("the refusal is %s", refused.Body)
	}
	b.want(201, token, "POST", "/v1/role-assignments", give(own.ID))
}
