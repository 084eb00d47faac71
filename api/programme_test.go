package api_test

import (
	"fmt"
	"slices"
	"testing"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// amend is a body with some of its members changed; nil takes one away.
func amend(body object, members ...any) object {
	out := object{}
	for k, v := range body {
		out[k] = v
	}
	for i := 0; i+1 < len(members); i += 2 {
		if out[members[i].(string)] = members[i+1]; members[i+1] == nil {
			delete(out, members[i].(string))
		}
	}
	return out
}

var newProgramme = object{"name": "Mentors 2027", "mode": "cohort", "purpose": "New leaders find their own way of leading.", "start_on": "2027-02-01", "end_on": "2027-06-30"}

// programme begins a programme and returns its path.
func (b *built) programme(manager string, members ...any) string {
	b.t.Helper()
	return "/v1/programmes/" + idIn(b.want(201, manager, "POST", "/v1/programmes", amend(newProgramme, members...)))
}

func idIn(r reply) string { return fmt.Sprint(r.JSON["id"]) }

// last is the id at the end of a path.
func last(path string) string { return path[len(path)-36:] }

// give gives somebody one more role.
func (b *built) give(p supervision.Person, role supervision.Role, scope supervision.RoleScope, subject string) {
	b.t.Helper()
	id, err := supervision.ParseID[struct{}](subject)
	if err != nil {
		b.t.Fatal(err)
	}
	b.must(func(tx *store.Tx) error {
		return tx.PutRole(&supervision.RoleAssignment{ID: service.New[supervision.RoleID](b.House), Person: p.ID, Role: role, Scope: scope, Subject: supervision.UUID(id)})
	})
}

// in is the same house for a part of a test.
func (b *built) in(t *testing.T) *built {
	part := *b
	part.t = t
	return &part
}

// refused asks for a refusal by a code, and for a fault of each of these members.
func (b *built) refused(status int, code string, r reply, pointers ...string) {
	b.t.Helper()
	if r.Code != status || r.JSON["code"] != code {
		b.t.Errorf("answered %d %v, want %d %s\n%s", r.Code, r.JSON["code"], status, code, r.Body)
		return
	}
	var got []string
	faults, _ := r.JSON["errors"].([]any)
	for _, f := range faults {
		got = append(got, fmt.Sprint(f.(object)["pointer"]))
	}
	for _, p := range pointers {
		if !slices.Contains(got, "#"+p) {
			b.t.Errorf("no fault at %s but at %v\n%s", p, got, r.Body)
		}
	}
}

// stranger is a house of its own in the same database.
func (b *built) stranger() (org supervision.Organisation, manager string) {
	b.t.Helper()
	actor, own := b.actor, b.org
	defer func() { b.actor, b.org = actor, own }()
	b.actor = service.Command(service.New[supervision.TenantID](b.House))
	b.must(func(tx *store.Tx) error {
		if err := b.MakeTenant(tx, supervision.Tenant{ID: b.actor.Tenant, Name: "House B", Language: "en"}); err != nil {
			return err
		}
		org = supervision.Organisation{ID: service.New[supervision.OrganisationID](b.House), Name: "B", Kind: supervision.Company, Country: "DK", TimeZone: "Europe/Copenhagen"}
		return tx.PutOrganisation(&org)
	})
	b.org = org.ID
	_, manager = b.person("bo", supervision.RoleProgrammeManager)
	return org, manager
}

func TestAProgrammeIsBegunByItsLeadAndMadeOnce(t *testing.T) {
	b := build(t)
	mona, manager := b.person("mona", supervision.RoleProgrammeManager)
	first := b.want(201, manager, "POST", "/v1/programmes", newProgramme, "Idempotency-Key", "k1")
	again := b.want(201, manager, "POST", "/v1/programmes", newProgramme, "Idempotency-Key", "k1")
	if again.JSON["id"] != first.JSON["id"] || again.Header().Get("Idempotency-Replayed") != "true" {
		t.Errorf("a repeat made %v after %v", again.JSON["id"], first.JSON["id"])
	}
	if lead := first.JSON["lead"].(object); lead["id"] != mona.ID.String() || lead["name"] != "mona" {
		t.Errorf("its lead is %v", lead)
	}
	if first.JSON["k"] != 5.0 || first.JSON["scope"] != "internal" || first.JSON["organisation_id"] != nil {
		t.Errorf("the defaults are %s", first.Body)
	}
	if first.Header().Get("Location") != "/v1/programmes/"+idIn(first) {
		t.Errorf("it lies at %q", first.Header().Get("Location"))
	}
	read := b.want(200, manager, "GET", "/v1/programmes/"+idIn(first), nil)
	b.want(304, manager, "GET", "/v1/programmes/"+idIn(first), nil, "If-None-Match", read.etag())
}

func TestAProgrammeThatCannotBeRightIsRefused(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	foreign, _ := b.stranger()
	for name, c := range map[string]struct {
		body    object
		code    string
		pointer string
	}{
		"a k that names people":          {amend(newProgramme, "k", 4), "k-too-low", "/k"},
		"a cohort without an end":        {amend(newProgramme, "end_on", nil), "invalid", "/end_on"},
		"an end before its start":        {amend(newProgramme, "end_on", "2027-01-31"), "invalid", "/end_on"},
		"an organisation of others":      {amend(newProgramme, "organisation_id", foreign.ID), "invalid", "/organisation_id"},
		"an organisation that is not":    {amend(newProgramme, "organisation_id", "01a303c2-e000-7000-8000-0000000000d1"), "invalid", "/organisation_id"},
		"a goal for nobody that we know": {amend(newProgramme, "goals", []object{{"beneficiary": "manager", "statement": "More."}}), "invalid", "/goals/0/beneficiary"},
	} {
		t.Run(name, func(t *testing.T) {
			b := b.in(t)
			b.refused(422, c.code, b.do(manager, "POST", "/v1/programmes", c.body), c.pointer)
		})
	}
}

func TestAProgrammeIsSeenByThoseWhoRunItOrTakePart(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	_, sponsor := b.person("sven", supervision.RoleSponsor)
	ida, mentor := b.person("ida", supervision.RoleMentor)
	other, elsewhere := b.person("otto")
	_, foreign := b.stranger()
	path := b.programme(manager)
	aside := b.programme(manager, "name", "Aside")
	b.want(403, mentor, "GET", path, nil) // who takes part in nothing sees none
	b.want(201, manager, "POST", "/v1/enrolments", object{"cycle_id": last(b.cycle(manager, aside, b.templates()["Individual"])), "mentor_id": ida.ID})
	b.programme(foreign)
	b.give(other, supervision.RoleProgrammeManager, supervision.ScopeProgramme, last(b.programme(manager, "name", "Another")))

	mine := b.want(200, manager, "GET", path, nil)
	seen := b.want(200, sponsor, "GET", path, nil)
	if mine.JSON["etag"] != `"1-m"` || seen.JSON["etag"] != `"1-r"` {
		t.Errorf("tags %v and %v", mine.JSON["etag"], seen.JSON["etag"])
	}
	for who, token := range map[string]string{"a manager of another programme": elsewhere, "a mentor of another one": mentor, "another house": foreign} {
		if r := b.do(token, "GET", path, nil); r.Code != 404 {
			t.Errorf("%s reads it: %d", who, r.Code)
		}
		if r := b.do(token, "PATCH", path, object{"name": "Mine"}, "If-Match", mine.etag()); r.Code != 404 && r.Code != 403 {
			t.Errorf("%s changes it: %d", who, r.Code)
		}
	}
	b.want(403, mentor, "POST", "/v1/programmes", newProgramme)
	b.want(403, sponsor, "PATCH", path, object{"name": "Mine"}, "If-Match", seen.etag())
	if n := len(b.want(200, elsewhere, "GET", "/v1/programmes", nil).JSON["items"].([]any)); n != 1 {
		t.Errorf("the manager of one programme lists %d", n)
	}
	if n := len(b.want(200, foreign, "GET", "/v1/programmes", nil).JSON["items"].([]any)); n != 1 {
		t.Errorf("another house lists %d", n)
	}
}

func TestAProgrammeIsChangedFromWhatOneHasRead(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	heir, heirs := b.person("hana")
	path := b.programme(manager, "goals", []object{{"beneficiary": "mentee", "statement": "Try one new way.", "target": "9 of 10"}})
	b.want(428, manager, "PATCH", path, object{"name": "B"})
	changed := b.want(200, manager, "PATCH", path, object{"name": " B ", "strategic_link": "Growth"}, "If-Match", `"1-m"`)
	if changed.JSON["name"] != "B" || changed.JSON["strategic_link"] != "Growth" || changed.etag() != `"2-m"` {
		t.Errorf("it became %s", changed.Body)
	}
	b.refused(412, "stale-tag", b.do(manager, "PATCH", path, object{"name": "C"}, "If-Match", `"1-m"`))
	b.want(200, manager, "PATCH", path, object{"name": "B"}, "If-Match", `"1-m"`) // the step is already taken
	b.refused(422, "invalid", b.do(manager, "PATCH", path, object{"start_on": "2027-07-01"}, "If-Match", changed.etag()), "/end_on")
	b.refused(422, "invalid", b.do(manager, "PATCH", path, object{"lead_id": "01a303c2-e000-7000-8000-0000000000d1"}, "If-Match", changed.etag()), "/lead_id")
	b.refused(422, "k-too-low", b.do(manager, "PATCH", path, object{"k": 1}, "If-Match", changed.etag()), "/k")

	b.want(403, heirs, "GET", path, nil)
	handed := b.want(200, manager, "PATCH", path, object{"lead_id": heir.ID, "strategic_link": nil}, "If-Match", changed.etag())
	if handed.JSON["lead"].(object)["name"] != "hana" || handed.JSON["strategic_link"] != nil {
		t.Errorf("it became %s", handed.Body)
	}
	b.want(200, heirs, "PATCH", path, object{"purpose": "Another purpose."}, "If-Match", `"3-m"`)
}

func TestTheDaysOfAProgrammeHoldThoseOfItsCycles(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	path := b.programme(manager)
	b.cycle(manager, path, b.templates()["Group"])
	b.refused(422, "outside-programme", b.do(manager, "PATCH", path, object{"end_on": "2027-05-31"}, "If-Match", `"1-m"`))
	b.want(200, manager, "PATCH", path, object{"end_on": "2027-07-31"}, "If-Match", `"1-m"`)
}

func TestAPreparationIsRecordedAndCorrected(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	ida, mentor := b.person("ida", supervision.RoleMentor)
	jon, _ := b.person("jon")
	path := b.programme(manager)
	_, foreign := b.stranger()
	body := object{"person_id": ida.ID, "programme_id": last(path), "kind": "training", "completed_on": "2026-12-20"}
	made := b.want(201, manager, "POST", "/v1/preparations", body, "Idempotency-Key", "k1")
	if again := b.want(201, manager, "POST", "/v1/preparations", body, "Idempotency-Key", "k1"); idIn(again) != idIn(made) {
		t.Error("a repeat made another")
	}
	if made.JSON["person"].(object)["name"] != "ida" {
		t.Errorf("it is of %v", made.JSON["person"])
	}
	for name, c := range map[string]struct {
		body    object
		code    string
		pointer string
	}{
		"a day to come":                  {amend(body, "completed_on", "2027-01-05"), "invalid", "/completed_on"},
		"nobody":                         {amend(body, "person_id", "01a303c2-e000-7000-8000-0000000000d1"), "invalid", "/person_id"},
		"no programme":                   {amend(body, "programme_id", "01a303c2-e000-7000-8000-0000000000d1"), "invalid", "/programme_id"},
		"no mentor":                      {amend(body, "person_id", jon.ID), "not-a-mentor", ""},
		"a session of a training":        {amend(body, "session_id", "01a303c2-e000-7000-8000-0000000000d1"), "invalid", "/session_id"},
		"an introduction that never was": {amend(body, "kind", "introduction", "session_id", "01a303c2-e000-7000-8000-0000000000d1"), "invalid", "/session_id"},
	} {
		r := b.do(manager, "POST", "/v1/preparations", c.body)
		if c.pointer == "" {
			b.refused(422, c.code, r)
		} else {
			b.refused(422, c.code, r, c.pointer)
		}
		if t.Failed() {
			t.Fatal(name)
		}
	}
	b.programme(foreign)
	b.refused(422, "invalid", b.do(foreign, "POST", "/v1/preparations", body), "/programme_id")
	b.want(403, mentor, "POST", "/v1/preparations", body)

	one := "/v1/preparations/" + idIn(made)
	b.want(403, mentor, "PATCH", one, object{"kind": "equivalent"}, "If-Match", `"1-o"`)
	changed := b.want(200, manager, "PATCH", one, object{"kind": "equivalent"}, "If-Match", made.etag())
	b.refused(412, "stale-tag", b.do(manager, "PATCH", one, object{"completed_on": "2026-12-21"}, "If-Match", made.etag()))
	if changed.JSON["kind"] != "equivalent" {
		t.Errorf("it became %s", changed.Body)
	}
	mine := b.want(200, mentor, "GET", "/v1/preparations", nil).JSON["items"].([]any)
	if len(mine) != 1 || mine[0].(object)["etag"] != `"2-o"` {
		t.Errorf("the mentor sees %v", mine)
	}
	if n := len(b.want(200, foreign, "GET", "/v1/preparations", nil).JSON["items"].([]any)); n != 0 {
		t.Errorf("another house sees %d", n)
	}
}

func TestATrainingComesBeforeTheProgramme(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	ida, _ := b.person("ida", supervision.RoleMentor)
	path := b.programme(manager, "start_on", "2026-11-01")
	body := object{"person_id": ida.ID, "programme_id": last(path), "kind": "training", "completed_on": "2026-11-02"}
	b.refused(422, "training-after-start", b.do(manager, "POST", "/v1/preparations", body), "/completed_on")
	b.want(201, manager, "POST", "/v1/preparations", amend(body, "kind", "equivalent"))
	b.want(201, manager, "POST", "/v1/preparations", amend(body, "completed_on", "2026-11-01"))
}
