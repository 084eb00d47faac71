package api_test

import (
	"testing"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

func TestAMentorIsEnrolledOnce(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	ida, mentor := b.person("ida", supervision.RoleMentor)
	cycle := b.cycle(manager, b.programme(manager), b.templates()["Combined"])
	body := object{"cycle_id": last(cycle), "mentor_id": ida.ID, "endorsed": true}
	first := b.want(201, manager, "POST", "/v1/enrolments", body, "Idempotency-Key", "k1")
	if first.JSON["state"] != "active" || first.JSON["endorsed"] != true || first.JSON["mentor"].(object)["name"] != "ida" {
		t.Errorf("it is %s", first.Body)
	}
	again := b.want(201, manager, "POST", "/v1/enrolments", body, "Idempotency-Key", "k1")
	if idIn(again) != idIn(first) || again.Header().Get("Idempotency-Replayed") != "true" {
		t.Error("a repeat made another")
	}
	b.refused(422, "idempotency-key-reused", b.do(manager, "POST", "/v1/enrolments", amend(body, "endorsed", false), "Idempotency-Key", "k1"))
	b.refused(409, "already-enrolled", b.do(manager, "POST", "/v1/enrolments", body))

	path := "/v1/enrolments/" + idIn(first)
	mine := b.want(200, mentor, "GET", "/v1/enrolments", nil).JSON["items"].([]any)
	if len(mine) != 1 || mine[0].(object)["etag"] != `"1-o"` {
		t.Errorf("the mentor sees %v", mine)
	}
	b.want(403, mentor, "PATCH", path, object{"endorsed": false}, "If-Match", `"1-o"`)
	b.want(428, manager, "PATCH", path, object{"endorsed": false})
	changed := b.want(200, manager, "PATCH", path, object{"endorsed": false}, "If-Match", `"1-m"`)
	b.refused(412, "stale-tag", b.do(manager, "PATCH", path, object{"withdrawn_on": "2027-01-04"}, "If-Match", `"1-m"`))
	gone := b.want(200, manager, "PATCH", path, object{"withdrawn_on": "2027-01-04"}, "If-Match", changed.etag())
	if gone.JSON["state"] != "withdrawn" {
		t.Errorf("from today on withdrawn, and %v", gone.JSON["state"])
	}
	b.want(403, mentor, "GET", cycle, nil)
	if back := b.want(201, manager, "POST", "/v1/enrolments", body); idIn(back) != idIn(first) || back.JSON["state"] != "active" || back.JSON["withdrawn_on"] != nil {
		t.Errorf("enrolled again it is %s", back.Body)
	}
}

func TestAnEnrolmentThatCannotBeIsRefused(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	ida, mentor := b.person("ida", supervision.RoleMentor)
	jon, _ := b.person("jon")
	lea, _ := b.person("lea", supervision.RoleSupervisor, supervision.RoleMentor)
	other, elsewhere := b.person("otto")
	_, foreign := b.stranger()
	programme, templates := b.programme(manager), b.templates()
	cycle := b.cycle(manager, programme, templates["Combined"])
	body := object{"cycle_id": last(cycle), "mentor_id": ida.ID}
	b.give(other, supervision.RoleProgrammeManager, supervision.ScopeProgramme, last(b.programme(manager, "name", "Another")))
	b.programme(foreign)
	nowhere := "01a303c2-e000-7000-8000-0000000000d1"

	b.refused(422, "invalid", b.do(manager, "POST", "/v1/enrolments", amend(body, "mentor_id", nowhere)), "/mentor_id")
	b.refused(422, "invalid", b.do(manager, "POST", "/v1/enrolments", amend(body, "cycle_id", nowhere)), "/cycle_id")
	b.refused(422, "not-a-mentor", b.do(manager, "POST", "/v1/enrolments", amend(body, "mentor_id", jon.ID)))
	b.refused(422, "invalid", b.do(elsewhere, "POST", "/v1/enrolments", body), "/cycle_id")
	b.refused(422, "invalid", b.do(foreign, "POST", "/v1/enrolments", body), "/cycle_id")
	b.refused(422, "invalid", b.do(mentor, "POST", "/v1/enrolments", body), "/cycle_id") // a cohort is joined by its manager's word

	b.want(201, manager, "POST", "/v1/supervisor-assignments", object{"cycle_id": last(cycle), "supervisor_id": lea.ID})
	b.refused(409, "conflict", b.do(manager, "POST", "/v1/enrolments", amend(body, "mentor_id", lea.ID)))

	made := b.want(201, manager, "POST", "/v1/enrolments", body)
	b.want(404, elsewhere, "PATCH", "/v1/enrolments/"+idIn(made), object{"endorsed": true}, "If-Match", `"1-m"`)
	if n := len(b.want(200, elsewhere, "GET", "/v1/enrolments?cycle_id="+last(cycle), nil).JSON["items"].([]any)); n != 0 {
		t.Errorf("the manager of another programme lists %d", n)
	}
	if n := len(b.want(200, manager, "GET", "/v1/enrolments?cycle_id="+nowhere, nil).JSON["items"].([]any)); n != 0 {
		t.Errorf("a cycle that is not has %d", n)
	}
	b.want(200, manager, "PUT", cycle+"/state", object{"state": "cancelled"}, "If-Match", `"1-m"`)
	kim, _ := b.person("kim", supervision.RoleMentor)
	b.refused(409, "cycle-closed", b.do(manager, "POST", "/v1/enrolments", amend(body, "mentor_id", kim.ID)))
}

func TestAManagerOfOneProgrammeEnrolsItsMentors(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	otto, small := b.person("otto")
	ida, _ := b.person("ida")
	jon, _ := b.person("jon")
	programme := b.programme(manager)
	cycle := b.cycle(manager, programme, b.templates()["Combined"])
	b.give(otto, supervision.RoleProgrammeManager, supervision.ScopeProgramme, last(programme))
	b.give(ida, supervision.RoleMentor, supervision.ScopeProgramme, last(programme))
	b.want(201, small, "POST", "/v1/enrolments", object{"cycle_id": last(cycle), "mentor_id": ida.ID})
	// A mentor of another programme is none here.
	kim, _ := b.person("kim")
	b.give(kim, supervision.RoleMentor, supervision.ScopeProgramme, last(b.programme(manager, "name", "Another")))
	b.refused(422, "not-a-mentor", b.do(manager, "POST", "/v1/enrolments", object{"cycle_id": last(cycle), "mentor_id": kim.ID}))
	// Whom they do not see and who is no mentor of the programme is nobody to them.
	b.refused(422, "invalid", b.do(small, "POST", "/v1/enrolments", object{"cycle_id": last(cycle), "mentor_id": jon.ID}), "/mentor_id")
}

func TestAMentorAsksToJoinANetwork(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	ida, mentor := b.person("ida", supervision.RoleMentor)
	eva, _ := b.person("eva", supervision.RoleMentee)
	network := b.programme(manager, "mode", "network", "end_on", nil)
	talks := b.want(201, manager, "POST", "/v1/cycle-templates", object{"name": "Talks", "rounds": []object{{"kind": "individual"}}})
	cycle := b.cycle(manager, network, idIn(talks))
	body := object{"cycle_id": last(cycle), "mentor_id": ida.ID}
	ask := func(token string) reply { return b.do(token, "POST", "/v1/enrolments", body) }

	b.refused(409, "preparation-missing", ask(mentor))
	b.want(201, manager, "POST", "/v1/preparations", object{"person_id": ida.ID, "programme_id": last(network), "kind": "training", "completed_on": "2026-12-01"})
	b.refused(409, "no-live-pair", ask(mentor))
	b.must(func(tx *store.Tx) error { // a pair that is over before the cycle begins
		return tx.PutPair(&supervision.Pair{ID: service.New[supervision.PairID](b.House), Kind: supervision.OneToOne, Mentors: []supervision.PersonID{ida.ID}, Mentees: []supervision.PersonID{eva.ID},
			Span: supervision.Days{From: supervision.MustDate("2026-01-01"), To: supervision.MustDate("2027-01-31")}, State: supervision.PairActive})
	})
	b.refused(409, "no-live-pair", ask(mentor))
	b.want(201, manager, "POST", "/v1/pairs", object{"kind": "one_to_one", "mentor_ids": []any{ida.ID}, "mentee_ids": []any{eva.ID}, "start_on": "2027-02-15"})
	b.refused(422, "invalid", b.do(mentor, "POST", "/v1/enrolments", amend(body, "endorsed", true)), "/endorsed")

	asked := ask(mentor)
	if asked.Code != 201 || asked.JSON["state"] != "requested" || asked.etag() != `"1-o"` {
		t.Fatalf("asked: %d %s", asked.Code, asked.Body)
	}
	b.refused(409, "already-enrolled", ask(mentor))
	b.want(403, mentor, "GET", cycle, nil)
	granted := ask(manager)
	if granted.Code != 201 || granted.JSON["state"] != "active" || idIn(granted) != idIn(asked) {
		t.Errorf("granted: %d %s", granted.Code, granted.Body)
	}
	b.want(200, mentor, "GET", cycle, nil)
}

func TestASupervisorIsAssignedOnce(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	lea, supervisor := b.person("lea", supervision.RoleSupervisor)
	cycle := b.cycle(manager, b.programme(manager), b.templates()["Combined"])
	body := object{"cycle_id": last(cycle), "supervisor_id": lea.ID, "share": 2, "qualifications": []string{"case work"}, "admitted_organisation_ids": []any{b.org},
		"limits": object{"day_sessions": 3, "day_minutes": nil, "week_sessions": nil, "week_minutes": nil}, "from_on": "2027-02-01", "to_on": "2027-05-31"}
	first := b.want(201, manager, "POST", "/v1/supervisor-assignments", body, "Idempotency-Key", "k1")
	if again := b.want(201, manager, "POST", "/v1/supervisor-assignments", body, "Idempotency-Key", "k1"); idIn(again) != idIn(first) {
		t.Error("a repeat made another")
	}
	if first.JSON["state"] != "active" || first.JSON["share"] != 2.0 || first.JSON["limits"].(object)["day_sessions"] != 3.0 || first.JSON["to_on"] != "2027-05-31" {
		t.Errorf("it is %s", first.Body)
	}
	b.refused(409, "already-assigned", b.do(manager, "POST", "/v1/supervisor-assignments", body))
	mine := b.want(200, supervisor, "GET", "/v1/supervisor-assignments", nil).JSON["items"].([]any)
	if len(mine) != 1 || mine[0].(object)["etag"] != `"1-o"` {
		t.Errorf("the supervisor sees %v", mine)
	}
	b.want(200, supervisor, "GET", cycle, nil)
	b.want(403, supervisor, "POST", "/v1/supervisor-assignments", body)
}

func TestASupervisorWhoCannotBeIsRefused(t *testing.T) {
	b := build(t)
	mona, manager := b.person("mona", supervision.RoleProgrammeManager)
	lea, _ := b.person("lea", supervision.RoleSupervisor)
	ida, _ := b.person("ida", supervision.RoleMentor, supervision.RoleSupervisor)
	hr, _ := b.person("hr", supervision.RoleHR)
	sven, _ := b.person("sven", supervision.RoleSponsor, supervision.RoleSupervisor)
	paul, _ := b.person("paul", supervision.RoleSupervisor)
	jon, _ := b.person("jon")
	foreignOrg, _ := b.stranger()
	programme := b.programme(manager)
	b.give(paul, supervision.RoleProgrammeManager, supervision.ScopeProgramme, last(programme))
	cycle := b.cycle(manager, programme, b.templates()["Combined"])
	body := object{"cycle_id": last(cycle), "supervisor_id": lea.ID}
	post := func(members ...any) reply {
		return b.do(manager, "POST", "/v1/supervisor-assignments", amend(body, members...))
	}
	nowhere := "01a303c2-e000-7000-8000-0000000000d1"
	b.refused(422, "invalid", post("supervisor_id", nowhere), "/supervisor_id")
	b.refused(422, "invalid", post("cycle_id", nowhere), "/cycle_id")
	b.refused(422, "invalid", post("admitted_organisation_ids", []any{b.org, foreignOrg.ID}), "/admitted_organisation_ids/1")
	b.refused(422, "invalid", post("from_on", "2027-07-01"), "/from_on")
	b.refused(422, "invalid", post("from_on", "2027-03-01", "to_on", "2027-02-01"), "/to_on")
	b.refused(422, "not-a-supervisor", post("supervisor_id", jon.ID))

	// Offices that stand between a supervisor and everybody (H10) all have one answer, which tells nothing of them.
	var said string
	for name, who := range map[string]supervision.Person{"the lead": mona, "HR": hr, "a sponsor": sven, "a manager of the programme": paul} {
		r := post("supervisor_id", who.ID)
		b.refused(422, "placement-not-possible", r)
		if text := r.JSON["detail"].(string); said != "" && text != said {
			t.Errorf("of %s it is said %q, of another %q", name, text, said)
		} else {
			said = text
		}
	}
	b.want(201, manager, "POST", "/v1/enrolments", object{"cycle_id": last(cycle), "mentor_id": ida.ID})
	b.refused(409, "conflict", post("supervisor_id", ida.ID))
}
