package api_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"kreds/service"
	"kreds/service/booking"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// elsewhere makes another organisation with a programme, a manager and a cycle of its own, and another tenant.
func (w *world) elsewhere() {
	w.t.Helper()
	other := supervision.Organisation{ID: service.New[supervision.OrganisationID](w.House), Name: "Other", Kind: supervision.Company, Country: "DK", TimeZone: "Europe/Copenhagen"}
	w.must(func(tx *store.Tx) error { return tx.PutOrganisation(&other) })
	w.ids["otherorg"] = other.ID.String()
	w.join("orgpm", other.ID, supervision.RoleProgrammeManager, supervision.ScopeOrganisation, other.ID.Any())
	lead := w.join("pm2", other.ID, "", "", supervision.UUID{})
	second := w.programme2("Second", lead, other.ID)
	c := w.s.Cycle
	c.ID, c.Programme, c.Name, c.Version, c.State = service.New[supervision.CycleID](w.House), second, "Second", 0, supervision.CycleDesigned
	mentor := w.join("far", other.ID, supervision.RoleMentor, supervision.ScopeOrganisation, other.ID.Any())
	w.must(func(tx *store.Tx) error {
		if err := tx.PutCycle(&c); err != nil {
			return err
		}
		rounds := slices.Clone(w.s.Rounds)
		for i := range rounds {
			rounds[i].ID, rounds[i].Cycle = service.New[supervision.RoundID](w.House), c.ID
		}
		if err := tx.PutRounds(c.ID, rounds); err != nil {
			return err
		}
		return tx.PutEnrolment(&supervision.Enrolment{ID: service.New[supervision.EnrolmentID](w.House), Cycle: c.ID, Mentor: mentor, State: supervision.EnrolmentActive,
			EnrolledOn: supervision.MustDate("2027-01-04")})
	})
	w.ids["programme2"], w.ids["cycle2"] = second.String(), c.ID.String()
	w.ids["queued"] = idOf(w.want(202, w.secret["pm2"], "POST", "/v1/plan-runs", object{"cycle_id": c.ID}))

	here, actor := w.actor, supervision.Actor{Tenant: service.New[supervision.TenantID](w.House), Kind: supervision.ByCommand}
	w.actor = actor
	theirs := supervision.Organisation{ID: service.New[supervision.OrganisationID](w.House), Name: "Theirs", Kind: supervision.Company, Country: "DK", TimeZone: "Europe/Copenhagen"}
	w.must(func(tx *store.Tx) error {
		if err := w.MakeTenant(tx, supervision.Tenant{ID: actor.Tenant, Name: "House B", Language: "en"}); err != nil {
			return err
		}
		return tx.PutOrganisation(&theirs)
	})
	foreign := w.join("foreign", theirs.ID, supervision.RoleProgrammeManager, supervision.ScopeTenant, actor.Tenant.Any())
	w.programme2("Theirs", foreign, theirs.ID)
	w.actor = here
}

func (w *world) programme2(name string, lead supervision.PersonID, of supervision.OrganisationID) supervision.ProgrammeID {
	w.t.Helper()
	p := w.s.Programme
	p.ID, p.Name, p.Lead, p.Organisation, p.Version = service.New[supervision.ProgrammeID](w.House), name, lead, of, 0
	w.must(func(tx *store.Tx) error { return tx.PutProgramme(&p) })
	return p.ID
}

func idOf(r reply) string { return fmt.Sprint(r.JSON["id"]) }

// plans plans and publishes the cycle, finds out who has come together, confirms some sessions, and makes a second draft.
func (w *world) plans() {
	w.t.Helper()
	pm := w.secret["pm"]
	w.ids["published"] = lastPart(w.published(w.s, pm))
	w.ids["draft"] = lastPart(w.planned(w.s, pm))
	w.ids["run"] = fmt.Sprint(w.want(200, pm, "GET", "/v1/plans/"+w.ids["draft"], nil).JSON["run_id"])

	mentor := w.person["mentor"].ID
	name := func(as string, id supervision.PersonID) {
		p, _ := w.s.Person(id)
		w.called(as, p)
	}
	w.must(func(tx *store.Tx) error {
		groups, err := tx.GroupsIn(w.s.Cycle.ID)
		if err != nil || len(groups) != 2 {
			return fmt.Errorf("%d groups: %w", len(groups), err)
		}
		if !slices.Contains(groups[0].Members, mentor) {
			slices.Reverse(groups)
		}
		w.ids["group"], w.ids["group2"] = groups[0].ID.String(), groups[1].ID.String()
		w.person["sup"], w.person["sup2"] = supervision.Person{ID: groups[0].Supervisor}, supervision.Person{ID: groups[1].Supervisor}
		w.person["fellow"] = supervision.Person{ID: groups[0].Members[slices.IndexFunc(groups[0].Members, func(p supervision.PersonID) bool { return p != mentor })]}
		w.person["other"] = supervision.Person{ID: groups[1].Members[0]}
		return nil
	})
	for _, as := range []string{"sup", "sup2", "fellow", "other"} {
		name(as, w.person[as].ID)
	}
	if w.person["sup"].ID == w.person["sup2"].ID {
		w.t.Fatal("one supervisor leads both groups")
	}
	w.sessions2()
}

func lastPart(path string) string { return path[len(path)-36:] }

// sessions2 names the mentor's sessions and lets everybody accept; the first group session and the mentor's first talk are
// confirmed, the second ones stay on hold.
func (w *world) sessions2() {
	w.t.Helper()
	mentor := w.person["mentor"].ID
	n := map[supervision.RoundKind]int{}
	all := w.sessions(w.s.Cycle.ID)
	slices.SortFunc(all, func(a, b supervision.Session) int { return a.Start.Compare(b.Start) })
	for _, x := range all {
		if _, in := x.Attendance(mentor); in {
			n[x.Kind]++
			w.ids[fmt.Sprintf("%s_session%d", x.Kind, n[x.Kind])] = x.ID.String()
		}
	}
	for _, x := range all {
		if id := x.ID.String(); id != w.ids["group_session1"] && id != w.ids["individual_session1"] {
			continue
		}
		for _, a := range x.Mentors {
			w.want(200, w.anyToken(a.Person), "PUT", fmt.Sprintf("/v1/sessions/%s/answers/%s", x.ID, a.Person), object{"answer": "accepted", "revision": x.Revision},
				"If-Match", fmt.Sprintf("%q", "1-o"))
		}
		w.must(func(tx *store.Tx) error {
			for _, a := range x.Mentors { // prepared, so that H11 does not wait for the introduction
				p := supervision.Preparation{ID: service.New[supervision.PreparationID](w.House), Programme: w.s.Programme.ID, Person: a.Person, Kind: supervision.PreparedByTraining,
					CompletedOn: supervision.MustDate("2027-01-02")}
				if a.Person == mentor {
					w.ids["preparation"] = p.ID.String()
				}
				if err := tx.PutPreparation(&p); err != nil {
					return err
				}
			}
			return nil
		})
		if err := booking.New(w.House).Confirm(w.t.Context(), task.Confirm{Tenant: w.actor.Tenant, Session: x.ID, Revision: x.Revision}); err != nil {
			w.t.Fatal(err)
		}
	}
	for _, x := range w.sessions(w.s.Cycle.ID) {
		if id := x.ID.String(); (id == w.ids["group_session1"] || id == w.ids["individual_session1"]) && x.State != supervision.Confirmed {
			w.t.Fatalf("%s is %s: %v", x.Kind, x.State, x.Attention)
		}
	}
}

// anyToken is a token of somebody of the pilot who has no name in the tables.
func (w *world) anyToken(p supervision.PersonID) string {
	name := "of " + p.String()
	if w.secret[name] == "" {
		w.token(name, p, supervision.ScopeSelf)
	}
	return w.secret[name]
}

// things makes one of each of the rest through the door, by those whose it is, and learns the ids.
func (w *world) things() {
	w.t.Helper()
	mentor := w.secret["mentor"]
	first := func(token, path string) object {
		items := w.want(200, token, "GET", w.fill(path), nil).JSON["items"].([]any)
		if len(items) == 0 {
			w.t.Fatalf("%s lists nothing", path)
		}
		return items[0].(object)
	}
	get := func(as, token, path string) { w.ids[as] = fmt.Sprint(first(token, path)["id"]) }
	get("pair", mentor, "/v1/pairs")
	w.ids["meeting"] = idOf(w.want(201, mentor, "POST", "/v1/pair-meetings", w.fill(`{"pair_id":"$pair","met_on":"2027-01-03","duration_minutes":60,"mode":"virtual"}`)))
	rounds, err := json.Marshal(w.rounds())
	if err != nil {
		w.t.Fatal(err)
	}
	w.ids["rounds"] = string(rounds)
	get("connection", mentor, "/v1/calendar-connections")
	get("placement", mentor, "/v1/placements")
	get("enrolment", mentor, "/v1/enrolments")
	get("assignment", w.secret["sup"], "/v1/supervisor-assignments")
	get("mentor_role", w.secret["house"], "/v1/role-assignments?person_id=$mentor")
	for _, x := range w.want(200, w.secret["sup"], "GET", w.fill("/v1/plans/$draft/sessions?page_size=200"), nil).JSON["items"].([]any) {
		if x.(object)["kind"] == "group" {
			w.ids["plan_session"], w.ids["plan_start"] = fmt.Sprint(x.(object)["id"]), fmt.Sprint(x.(object)["start"])
		}
	}
	w.want(200, w.secret["pm"], "PUT", w.fill("/v1/plans/$draft/pins/$plan_session"), object{"members": true}, "If-Match", fmt.Sprint(w.want(200, w.secret["pm"], "GET", w.fill("/v1/plans/$draft"), nil).JSON["etag"]))
	start, err := time.Parse(time.RFC3339, w.ids["plan_start"])
	if err != nil {
		w.t.Fatal(err)
	}
	for day := -6; day < 7 && w.ids["elsewhen"] == ""; day++ { // a lawful other time
		for hour := 7; hour < 16; hour++ {
			at := time.Date(start.Year(), start.Month(), start.Day()+day, hour, 0, 0, 0, time.UTC)
			v := w.want(200, w.secret["pm"], "POST", w.fill("/v1/plans/$draft/move-checks"), object{"moves": []any{object{"plan_session_id": w.ids["plan_session"], "start": at}}})
			if !at.Equal(start) && v.JSON["results"].([]any)[0].(object)["ok"] == true {
				w.ids["elsewhen"] = at.Format(time.RFC3339)
				break
			}
		}
	}
	weekly := []any{}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri"} {
		weekly = append(weekly, object{"weekday": day, "from_time": "07:00", "to_time": "18:00"})
	}
	answered := w.want(200, mentor, "GET", w.fill("/v1/sessions/$group_session2"), nil).JSON
	w.ids["revision"], w.ids["answer_tag"] = fmt.Sprint(answered["revision"]), fmt.Sprint(answered["my_answer"].(object)["etag"])
	w.want(200, mentor, "PUT", w.fill("/v1/people/$mentor/declared-availability"), object{"time_zone": "Europe/Copenhagen",
		"weekly": weekly}, "If-None-Match", "*")
	feed := w.want(201, mentor, "POST", "/v1/feeds", object{"name": "Phone"})
	w.ids["feed"] = fmt.Sprint(feed.JSON["feed"].(object)["id"])
	w.ids["feed_secret"] = strings.Split(fmt.Sprint(feed.JSON["url"])[len(w.BaseURL):], "/")[2]
	tag := w.want(200, mentor, "GET", w.fill("/v1/calendar-connections/$connection"), nil).etag()
	w.ids["job"] = idOf(w.want(202, mentor, "POST", w.fill("/v1/calendar-connections/$connection/sync"), nil, "If-Match", tag))
	row := `{"rows":[{"external_id":"n1","name":"New One","email":"new@world.example","organisation":"pilot","time_zone":"Europe/Copenhagen","roles":["mentor"]}]}`
	w.ids["import"] = idOf(w.want(202, w.secret["house"], "POST", "/v1/imports?kind=people&apply=never", row))
	id, err := supervision.ParseID[struct{}](w.ids["import"])
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.roster().RunImport(w.t.Context(), w.actor.Tenant, supervision.ImportID(id)); err != nil {
		w.t.Fatal(err)
	}
	w.ids["entry"] = fmt.Sprint(first(mentor, "/v1/audit-entries?actor_id=$mentor")["id"])
}

// rounds are the cycle's rounds as they are sent back, the last one with another day to aim at.
func (w *world) rounds() []any {
	w.t.Helper()
	rounds := w.want(200, w.secret["pm"], "GET", w.fill("/v1/cycles/$cycle"), nil).JSON["rounds"].([]any)
	for i, r := range rounds {
		delete(r.(object), "n")
		if i == len(rounds)-1 {
			r.(object)["target_on"] = r.(object)["open_on"]
		}
	}
	return rounds
}
