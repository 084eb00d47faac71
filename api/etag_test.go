package api_test

import (
	"fmt"
	"slices"
	"testing"

	"kreds/instance/scenario"
	"kreds/store"
	"kreds/supervision"
)

// reread asks for an object of which a part has changed that has no share in its version: whoever has it gets it anew, and
// then has it.
func (b *built) reread(token, path string, had reply) reply {
	b.t.Helper()
	now := b.want(200, token, "GET", path, nil, "If-None-Match", had.etag())
	if now.etag() == had.etag() || now.Body.String() == had.Body.String() {
		b.t.Errorf("GET %s: the tag %s, then %s for %s", path, had.etag(), now.etag(), now.Body)
	}
	b.want(304, token, "GET", path, nil, "If-None-Match", now.etag())
	b.want(304, token, "GET", path, nil, "If-None-Match", had.etag()+", W/"+now.etag())
	b.want(200, token, "GET", path, nil, "If-None-Match", had.etag())
	return now
}

// TestAReaderSeesTheAnswers: answers change what a session's readers get and not its version, so that a change of the session
// can start from what was read before them.
func TestAReaderSeesTheAnswers(t *testing.T) {
	b := build(t)
	s := scenario.S1(scenario.Plain)
	tokens := b.stage(s)
	b.published(s, tokens[s.Programme.Lead])
	mentor, supervisor := s.Enrolments[0].Mentor, s.Assignments[0].Supervisor
	all := b.sessions(s.Cycle.ID)
	x := all[slices.IndexFunc(all, func(x supervision.Session) bool {
		_, in := x.Attendance(mentor)
		return in && x.Kind == supervision.KindGroup && x.Supervisor == supervisor
	})]
	path := "/v1/sessions/" + x.ID.String()
	had, mine := b.want(200, tokens[supervisor], "GET", path, nil), b.want(200, tokens[mentor], "GET", path, nil)
	answer := func(value string, match string) reply {
		return b.want(200, tokens[mentor], "PUT", path+"/answers/"+mentor.String(), object{"answer": value, "revision": x.Revision}, "If-Match", match)
	}
	said := answer("tentative", fmt.Sprint(mine.JSON["my_answer"].(object)["etag"]))
	now := b.reread(tokens[supervisor], path, had)
	if now.JSON["etag"] != had.JSON["etag"] {
		t.Errorf("an answer made version %v of %v", now.JSON["etag"], had.JSON["etag"])
	}
	answer("declined", said.etag())
	b.reread(tokens[mentor], path, mine)
	declined := b.want(200, tokens[mentor], "GET", path, nil).JSON["my_answer"].(object)

	// The publication asks anew; who declined before has a tag for that, too.
	b.published(s, tokens[s.Programme.Lead])
	asked := b.want(200, tokens[mentor], "GET", path, nil).JSON["my_answer"].(object)
	if asked["answer"] == declined["answer"] || asked["etag"] == declined["etag"] {
		t.Errorf("the answer %v has become %v", declined, asked)
	}
	stale := b.do(tokens[mentor], "PUT", path+"/answers/"+mentor.String(), object{"answer": "accepted", "revision": x.Revision}, "If-Match", fmt.Sprint(declined["etag"]))
	if stale.Code != 412 {
		t.Errorf("an answer over the earlier one: %d %s", stale.Code, stale.Body)
	}
}

// TestTagsCoverPartsOfOtherRows: what stands in a body and is kept elsewhere changes its tag.
func TestTagsCoverPartsOfOtherRows(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	ida, mentor := b.person("ida", supervision.RoleMentor)
	eva, _ := b.person("eva")
	person := "/v1/people/" + eva.ID.String()
	had := b.want(200, manager, "GET", person, nil)
	b.want(201, manager, "POST", "/v1/role-assignments", object{"person_id": eva.ID, "role": "hr"})
	now := b.reread(manager, person, had)
	// A change may start from either tag, and from the one that was given before the role.
	b.want(200, manager, "PATCH", person, object{"unit": "HR"}, "If-Match", had.etag())
	b.want(412, manager, "PATCH", person, object{"unit": "Sales"}, "If-Match", now.etag())

	made := b.want(201, manager, "POST", "/v1/pairs", object{"kind": "one_to_one", "mentor_ids": []any{ida.ID}, "mentee_ids": []any{eva.ID}, "start_on": "2027-01-01"})
	pair := "/v1/pairs/" + idIn(made)
	of := b.want(200, mentor, "GET", pair, nil)
	b.want(201, mentor, "POST", "/v1/pair-meetings", object{"pair_id": made.JSON["id"], "met_on": "2027-01-03", "duration_minutes": 60, "mode": "virtual"})
	of = b.reread(mentor, pair, of)
	b.must(func(tx *store.Tx) error { // a name is a part of every body that tells of its person
		p, err := tx.Person(eva.ID)
		if err != nil {
			return err
		}
		p.Name = "Eva Lund"
		return tx.PutPerson(&p)
	})
	b.reread(mentor, pair, of)
}
