package api_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"kreds/instance/scenario"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// bells takes the tasks of a kind that wait out of the queue, and returns what they say.
func bells[T store.Task](b *built) (list []T) {
	b.t.Helper()
	driver, args := "sqlite", "json(args)"
	if strings.HasPrefix(b.url, "postgres") {
		driver, args = "pgx", "args"
	}
	db, err := sql.Open(driver, b.url)
	if err != nil {
		b.t.Fatal(err)
	}
	defer db.Close()
	var kind T
	rows, err := db.Query("SELECT " + args + " FROM river_job WHERE kind = '" + kind.Kind() + "' AND state = 'available' ORDER BY id")
	if err != nil {
		b.t.Fatal(err)
	}
	for rows.Next() {
		var text []byte
		var one T
		if err := rows.Scan(&text); err != nil {
			b.t.Fatal(err)
		}
		if err := json.Unmarshal(text, &one); err != nil {
			b.t.Fatal(err)
		}
		list = append(list, one)
	}
	if err := rows.Close(); err != nil {
		b.t.Fatal(err)
	}
	if _, err := db.Exec("DELETE FROM river_job WHERE kind = '" + kind.Kind() + "' AND state = 'available'"); err != nil {
		b.t.Fatal(err)
	}
	return list
}

// unheard lists, of the sessions of these people that are booked, those that the bells of recheck name nobody of.
func (b *built) unheard(cycle supervision.CycleID, people ...supervision.PersonID) (missed []string) {
	b.t.Helper()
	rung := bells[task.Recheck](b)
	n := 0
	for _, x := range b.sessions(cycle) {
		in := x.People()
		if !x.State.Occupies() || !slices.ContainsFunc(people, func(p supervision.PersonID) bool { return slices.Contains(in, p) }) {
			continue
		}
		n++
		if !slices.ContainsFunc(rung, func(r task.Recheck) bool { return slices.Contains(in, r.Person) }) {
			missed = append(missed, fmt.Sprintf("%s %s", x.Kind, supervision.DateOf(x.Start)))
		}
	}
	if n == 0 {
		b.t.Errorf("nobody of %v has a session", people)
	}
	return missed
}

// A publication has each of its sessions judged again, once.
func TestAPublicationRingsOnceForEachSession(t *testing.T) {
	b := build(t)
	s := scenario.S2()
	b.published(s, b.stage(s)[s.Programme.Lead])
	rung := map[supervision.PersonID]bool{}
	for _, r := range bells[task.Recheck](b) {
		if rung[r.Person] {
			t.Errorf("%s was rung for twice", r.Person)
		}
		rung[r.Person] = true
	}
	for _, x := range b.sessions(s.Cycle.ID) {
		n := 0
		for _, p := range x.People() {
			if rung[p] {
				n++
			}
		}
		if n != 1 {
			t.Errorf("the %s of %s is judged %d times", x.Kind, supervision.DateOf(x.Start), n)
		}
	}
}

// TestEachChangeOfAFactRingsRecheck: whatever sessions are judged by, a change of it has the booked ones judged again.
func TestEachChangeOfAFactRingsRecheck(t *testing.T) {
	b := build(t)
	s := scenario.S1(scenario.Plain)
	tokens := b.stage(s)
	house, _ := s.Person(s.Programme.Lead)
	b.must(func(tx *store.Tx) error { // the lead runs the whole house, so that nothing here is refused
		return tx.PutRole(&supervision.RoleAssignment{ID: supervision.RoleID(b.NewID()), Person: house.ID, Role: supervision.RoleProgrammeManager,
			Scope: supervision.ScopeTenant, Subject: b.actor.Tenant.Any()})
	})
	manager := tokens[house.ID]
	b.published(s, manager)
	ida, leader := s.Enrolments[0].Mentor, s.Assignments[0].Supervisor
	bob, eva := s.Enrolments[1].Mentor, s.Enrolments[2].Mentor
	everybody := []supervision.PersonID{leader}
	for _, e := range s.Enrolments {
		everybody = append(everybody, e.Mentor)
	}
	at := s.Pairs[slices.IndexFunc(s.Pairs, func(p supervision.Pair) bool { return slices.Contains(p.Mentors, ida) })]
	mentor, _ := s.Person(ida)
	cycle, programme, pair := "/v1/cycles/"+s.Cycle.ID.String(), "/v1/programmes/"+s.Programme.ID.String(), "/v1/pairs/"+at.ID.String()
	person := func(id supervision.PersonID) string { return "/v1/people/" + id.String() }
	made := map[string]reply{} // by the step that made it

	// patch changes what a GET shows, under its tag.
	patch := func(path string, body object) func() reply {
		return func() reply {
			now := b.want(200, manager, "GET", path, nil)
			return b.do(manager, "PATCH", path, body, "If-Match", now.etag())
		}
	}
	post := func(token, path string, body object) func() reply {
		return func() reply { return b.do(token, "POST", path, body) }
	}
	// again changes what an earlier step made.
	again := func(path, step string, body object) func() reply {
		return func() reply {
			if made[step].ResponseRecorder == nil {
				t.Fatalf("%s was not made", step)
			}
			return b.do(manager, "PATCH", path+idIn(made[step]), body, "If-Match", made[step].etag())
		}
	}
	connection := func() (string, reply) {
		path := "/v1/calendar-connections/" + idIn(reply{JSON: b.want(200, tokens[ida], "GET", "/v1/calendar-connections", nil).JSON["items"].([]any)[0].(object)})
		return path, b.want(200, tokens[ida], "GET", path, nil)
	}
	for _, c := range []struct {
		fact string
		of   []supervision.PersonID
		do   func() reply
	}{
		{"a zone", []supervision.PersonID{ida}, patch(person(ida), object{"time_zone": "Europe/London"})},
		{"work hours", []supervision.PersonID{ida}, patch(person(ida), object{"work_hours": []object{{"weekday": "mon", "from_time": "09:00", "to_time": "12:00"}}})},
		{"languages", []supervision.PersonID{ida}, patch(person(ida), object{"languages": []string{"da"}})},
		{"a site", []supervision.PersonID{ida}, patch(person(ida), object{"site": "Harbour"})},
		{"a supervisor's work hours", []supervision.PersonID{leader}, patch(person(leader), object{"work_hours": []object{{"weekday": "mon", "from_time": "09:00", "to_time": "12:00"}}})},
		{"competitors", []supervision.PersonID{ida}, patch("/v1/organisations/"+mentor.Organisation.String(), object{"competitor_groups": []string{"steel"}})},
		{"holidays", []supervision.PersonID{ida}, func() reply {
			path := "/v1/organisations/" + mentor.Organisation.String() + "/holidays"
			now := b.want(200, manager, "GET", path, nil)
			return b.do(manager, "PUT", path, object{"holidays": []object{{"holiday_on": "2027-03-03", "name": "Founder's day"}}}, "If-Match", now.etag())
		}},
		{"a line", []supervision.PersonID{eva}, post(manager, "/v1/reporting-lines", object{"person_id": eva, "manager_id": bob, "kind": "matrix"})},
		{"the end of a line", []supervision.PersonID{eva}, again("/v1/reporting-lines/", "a line", object{"valid_to": "2027-06-01"})},
		{"a mentee's manager", []supervision.PersonID{ida}, post(manager, "/v1/reporting-lines", object{"person_id": at.Mentees[0], "manager_id": bob, "kind": "matrix"})},
		{"a pair", []supervision.PersonID{ida}, post(manager, "/v1/pairs", object{"kind": "one_to_one", "mentor_ids": []any{ida}, "mentee_ids": []any{s.Pairs[3].Mentees[0]}, "start_on": "2027-02-15"})},
		{"a pair's people", []supervision.PersonID{ida, bob}, again("/v1/pairs/", "a pair", object{"mentor_ids": []any{bob}})},
		{"a pair's state", []supervision.PersonID{ida}, func() reply {
			now := b.want(200, manager, "GET", pair, nil)
			return b.do(manager, "PUT", pair+"/state", object{"state": "unwound"}, "If-Match", now.etag())
		}},
		{"a pair's meeting", []supervision.PersonID{ida}, post(tokens[ida], "/v1/pair-meetings", object{"pair_id": at.ID, "met_on": "2027-02-02", "duration_minutes": 60, "mode": "virtual"})},
		{"a pair's meeting taken back", []supervision.PersonID{ida}, func() reply {
			m := made["a pair's meeting"]
			return b.do(tokens[ida], "DELETE", "/v1/pair-meetings/"+idIn(m), nil, "If-Match", m.etag())
		}},
		{"a preparation", []supervision.PersonID{ida}, post(manager, "/v1/preparations", object{"person_id": ida, "programme_id": s.Programme.ID, "kind": "training", "completed_on": "2026-12-01"})},
		{"another preparation", []supervision.PersonID{ida}, again("/v1/preparations/", "a preparation", object{"completed_on": "2026-12-02"})},
		{"a role", []supervision.PersonID{leader}, post(manager, "/v1/role-assignments", object{"person_id": leader, "role": "mentor"})},
		{"the end of a role", []supervision.PersonID{leader}, again("/v1/role-assignments/", "a role", object{"valid_to": "2027-06-01"})},
		{"the lead of a programme", everybody, patch(programme, object{"lead_id": s.People[len(s.People)-1].ID})},
		{"blackouts", everybody, patch(cycle, object{"settings": object{"blackouts": []object{{"from_on": "2027-03-01", "to_on": "2027-03-05", "name": "Fair"}}}})},
		{"the gap", everybody, patch(cycle, object{"settings": object{"buffer_minutes": 30}})},
		{"a declaration", []supervision.PersonID{ida}, func() reply {
			return b.do(tokens[ida], "PUT", person(ida)+"/declared-availability", object{"time_zone": "Europe/Copenhagen",
				"weekly": []object{{"weekday": "mon", "from_time": "09:00", "to_time": "12:00"}}, "exceptions": []object{}}, "If-None-Match", "*")
		}},
		{"a calendar taken away", []supervision.PersonID{ida}, func() reply {
			path, now := connection()
			return b.do(tokens[ida], "DELETE", path, nil, "If-Match", now.etag())
		}},
		{"a withdrawal", []supervision.PersonID{bob}, func() reply {
			return b.do(manager, "PATCH", "/v1/enrolments/"+s.Enrolments[1].ID.String(), object{"withdrawn_on": "2027-01-04"}, "If-Match", `"1-m"`)
		}},
		{"a mentor who comes back", []supervision.PersonID{bob}, func() reply {
			now := b.want(200, manager, "GET", "/v1/enrolments?mentor_id="+bob.String(), nil).JSON["items"].([]any)[0].(object)
			return b.do(manager, "PATCH", "/v1/enrolments/"+s.Enrolments[1].ID.String(), object{"withdrawn_on": nil}, "If-Match", fmt.Sprint(now["etag"]))
		}},
	} {
		bells[task.Recheck](b)
		r := c.do()
		if r.Code/100 != 2 {
			t.Errorf("%s: answered %d %s", c.fact, r.Code, r.Body)
			continue
		}
		made[c.fact] = r
		if missed := b.unheard(s.Cycle.ID, c.of...); len(missed) > 0 {
			t.Errorf("%s: nobody looks at %d sessions: %v", c.fact, len(missed), missed)
		}
	}
}
