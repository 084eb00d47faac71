package api_test

import (
	"fmt"
	"testing"
	"time"

	"kreds/calendar"
	"kreds/instance/scenario"
	"kreds/internal/seal"
	"kreds/service"
	"kreds/service/booking"
	"kreds/service/planning"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// stage puts a scenario into a house of its own, with calendars that were read just now. It returns a token for everybody.
func (b *built) stage(s scenario.Scenario) map[supervision.PersonID]string {
	b.t.Helper()
	busy, err := s.Busy()
	if err != nil {
		b.t.Fatal(err)
	}
	b.actor = service.Command(s.Tenant.ID)
	tokens := map[supervision.PersonID]string{}
	b.must(func(tx *store.Tx) error {
		if err := b.MakeTenant(tx, s.Tenant); err != nil {
			return err
		}
		for _, o := range s.Organisations {
			if err := tx.PutOrganisation(&o); err != nil {
				return err
			}
			if err := tx.PutHolidays(&o, s.Holidays[o.ID]); err != nil {
				return err
			}
		}
		for _, p := range s.People {
			if err := tx.PutPerson(&p); err != nil {
				return err
			}
			secret, hash := seal.Bearer("kreds_pt_")
			tokens[p.ID] = secret.Reveal()
			err := tx.PutToken(&supervision.Token{ID: service.New[supervision.TokenID](b.House), Kind: supervision.PersonalToken, Name: "test", Prefix: "kreds_pt_",
				Scopes: supervision.PersonalScopes(), Person: p.ID, MadeAt: tx.Now(), ExpiresAt: tx.Now().AddDate(1, 0, 0)}, hash)
			if err != nil {
				return err
			}
		}
		for _, r := range s.Roles {
			if err := tx.PutRole(&r); err != nil {
				return err
			}
		}
		for _, l := range s.Lines {
			if err := tx.PutLine(&l); err != nil {
				return err
			}
		}
		for _, p := range s.Pairs {
			if err := tx.PutPair(&p); err != nil {
				return err
			}
		}
		if err := tx.PutProgramme(&s.Programme); err != nil {
			return err
		}
		if err := tx.PutTemplate(s.Template); err != nil {
			return err
		}
		if err := tx.PutCycle(&s.Cycle); err != nil {
			return err
		}
		if err := tx.PutRounds(s.Cycle.ID, s.Rounds); err != nil {
			return err
		}
		for _, e := range s.Enrolments {
			if err := tx.PutEnrolment(&e); err != nil {
				return err
			}
		}
		for _, a := range s.Assignments {
			if err := tx.PutAssignment(&a); err != nil {
				return err
			}
		}
		return nil
	})
	for _, e := range s.Enrolments {
		b.read(e.Mentor, busy[e.Mentor])
	}
	for _, a := range s.Assignments {
		b.read(a.Supervisor, busy[a.Supervisor])
	}
	return tokens
}

// read gives somebody a calendar, at the first time, that was read just now and says so much.
func (b *built) read(p supervision.PersonID, busy []calendar.Busy) {
	b.t.Helper()
	b.says[p] = busy
	b.must(func(tx *store.Tx) error {
		has, err := tx.ConnectionsOf([]supervision.PersonID{p})
		if err != nil {
			return err
		}
		if len(has) > 0 {
			return b.put(tx, has[0], busy)
		}
		c := supervision.Connection{ID: service.New[supervision.ConnectionID](b.House), Person: p, Kind: "caldav", State: supervision.ConnectionActive,
			Calendars: []supervision.ConnectedCalendar{{Key: "work", Ref: "/work/", Name: "Work", Counts: true}}}
		if err := tx.PutConnection(&c); err != nil {
			return err
		}
		if _, err := tx.PutCursor(c.ID, store.Cursor{Ref: c.Calendars[0].Ref, FullAt: tx.Now()}); err != nil {
			return err
		}
		return b.put(tx, c, busy)
	})
}

func (b *built) put(tx *store.Tx, c supervision.Connection, busy []calendar.Busy) error {
	_, err := tx.PutBusy(c.Person, c.ID.Any(), calendar.Reading{Busy: busy, AsOf: tx.Now(), Covers: calendar.Interval{Start: tx.Now().AddDate(0, 0, -1), End: tx.Now().AddDate(0, 0, 400)}})
	return err
}

// again reads everybody's calendar again, as the sweep would, so that it is known.
func (b *built) again() {
	for p, busy := range b.says {
		b.read(p, busy)
	}
}

// solve does the work of a run.
func (b *built) solve(run any) {
	b.t.Helper()
	id, err := supervision.ParseID[struct{}](fmt.Sprint(run))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := planning.New(b.House).Solve(b.t.Context(), task.Solve{Tenant: b.actor.Tenant, Run: supervision.RunID(id)}); err != nil {
		b.t.Fatal(err)
	}
}

func (b *built) sessions(cycle supervision.CycleID) (list []supervision.Session) {
	b.t.Helper()
	err := b.Store.View(b.t.Context(), b.actor, func(tx *store.Tx) (err error) {
		list, err = tx.SessionsIn(cycle)
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return list
}

func TestTheSmallPilotIsPlannedPublishedAcceptedAndConfirmed(t *testing.T) {
	onBoth(t, func(t *testing.T, b *built) {
		s := scenario.S1(scenario.Plain)
		tokens := b.stage(s)
		manager := tokens[s.Programme.Lead]

		run := b.want(202, manager, "POST", "/v1/plan-runs", object{"cycle_id": s.Cycle.ID, "iterations": []int{2000}, "chains": 2})
		b.want(409, manager, "POST", "/v1/plan-runs", object{"cycle_id": s.Cycle.ID})
		b.solve(run.JSON["id"])
		done := b.want(200, manager, "GET", "/v1/plan-runs/"+fmt.Sprint(run.JSON["id"]), nil)
		if done.JSON["state"] != "succeeded" {
			t.Fatalf("the run ended: %s", done.Body)
		}
		planPath := "/v1/plans/" + fmt.Sprint(done.JSON["plan_ids"].([]any)[0])
		plan := b.want(200, manager, "GET", planPath, nil)
		if plan.JSON["session_count"] != 17.0 {
			t.Fatalf("a plan of %v sessions", plan.JSON["session_count"])
		}
		published := b.want(200, manager, "POST", planPath+"/publication", object{}, "If-Match", plan.etag(), "Idempotency-Key", "p1")
		if published.JSON["put"] != 17.0 {
			t.Fatalf("the publication put %v", published.JSON["put"])
		}
		again := b.want(200, manager, "POST", planPath+"/publication", object{}, "If-Match", plan.etag(), "Idempotency-Key", "p1")
		if again.Header().Get("Idempotency-Replayed") != "true" {
			t.Error("a repeat was not told to be one")
		}
		b.want(200, manager, "POST", planPath+"/publication", object{}, "If-Match", published.etag())

		supervisor := s.Assignments[0].Supervisor
		seen := b.want(200, tokens[supervisor], "GET", "/v1/sessions?page_size=200", nil)
		if n := len(seen.JSON["items"].([]any)); n != 17 {
			t.Errorf("the supervisor sees %d sessions", n)
		}
		m0 := s.Enrolments[0].Mentor
		mine := b.want(200, tokens[m0], "GET", "/v1/sessions", nil)
		if n := len(mine.JSON["items"].([]any)); n != 5 {
			t.Errorf("a mentor sees %d sessions", n)
		}

		for _, e := range s.Enrolments {
			list := b.want(200, tokens[e.Mentor], "GET", "/v1/placements", nil)
			seats := list.JSON["items"].([]any)
			if len(seats) != 1 {
				t.Fatalf("a mentor sees %d placements", len(seats))
			}
			seat := seats[0].(object)
			b.want(200, tokens[e.Mentor], "POST", fmt.Sprintf("/v1/placements/%v/acceptance", seat["id"]), object{}, "If-Match", fmt.Sprint(seat["etag"]))
		}
		b.again()
		for _, x := range b.sessions(s.Cycle.ID) {
			if x.State != supervision.OnHold || !x.Answered() {
				t.Fatalf("before its confirmation session %s is %s, answered %v", x.ID, x.State, x.Answered())
			}
			if err := booking.New(b.House).Confirm(t.Context(), task.Confirm{Tenant: b.actor.Tenant, Session: x.ID, Revision: x.Revision}); err != nil {
				t.Fatal(err)
			}
		}
		for _, x := range b.sessions(s.Cycle.ID) {
			if x.State != supervision.Confirmed {
				t.Errorf("%s of %s is %s: %v", x.Kind, x.Start.Format(time.DateTime), x.State, x.Attention)
			}
		}
		groups := b.want(200, manager, "GET", "/v1/groups", nil)
		if n := len(groups.JSON["items"].([]any)); n != 2 {
			t.Errorf("%d groups", n)
		}
	})
}

// planned runs the planner for a staged scenario and returns the path of its plan.
func (b *built) planned(s scenario.Scenario, manager string) string {
	b.t.Helper()
	run := b.want(202, manager, "POST", "/v1/plan-runs", object{"cycle_id": s.Cycle.ID, "iterations": []int{2000}, "chains": 1})
	b.solve(run.JSON["id"])
	done := b.want(200, manager, "GET", "/v1/plan-runs/"+fmt.Sprint(run.JSON["id"]), nil)
	return "/v1/plans/" + fmt.Sprint(done.JSON["plan_ids"].([]any)[0])
}

func (b *built) published(s scenario.Scenario, manager string) string {
	b.t.Helper()
	path := b.planned(s, manager)
	plan := b.want(200, manager, "GET", path, nil)
	b.want(200, manager, "POST", path+"/publication", object{}, "If-Match", plan.etag())
	return path
}

func TestASecondPlanOfTheSameFactsChangesNothing(t *testing.T) {
	b := build(t)
	s := scenario.S1(scenario.Plain)
	manager := b.stage(s)[s.Programme.Lead]
	first := b.published(s, manager)
	before := b.sessions(s.Cycle.ID)
	second := b.published(s, manager)
	after := b.want(200, manager, "GET", second, nil)
	if after.JSON["put"] != 0.0 || after.JSON["moved"] != 0.0 || after.JSON["cancelled"] != 0.0 {
		t.Errorf("the second publication: put %v, moved %v, cancelled %v", after.JSON["put"], after.JSON["moved"], after.JSON["cancelled"])
	}
	for i, x := range b.sessions(s.Cycle.ID) {
		if x.ID != before[i].ID || x.Version != before[i].Version {
			t.Errorf("session %s is %s now, version %d after %d", before[i].ID, x.ID, x.Version, before[i].Version)
		}
	}
	old := b.want(200, manager, "GET", first, nil)
	if old.JSON["state"] != "superseded" {
		t.Errorf("the first plan is %v", old.JSON["state"])
	}
	b.want(409, manager, "POST", first+"/publication", object{}, "If-Match", old.etag())
}

func TestAForeignEventFlagsTheSessionThatItHits(t *testing.T) {
	b := build(t)
	s := scenario.S1(scenario.Plain)
	manager := b.stage(s)[s.Programme.Lead]
	b.published(s, manager)
	var hit supervision.Session
	for _, x := range b.sessions(s.Cycle.ID) {
		if x.Kind == supervision.KindGroup {
			hit = x
		}
	}
	m := hit.MentorIDs()[0]
	b.read(m, append(b.says[m], calendar.Busy{Interval: calendar.Interval{Start: hit.Start, End: hit.End}, Kind: calendar.BusyTime}))
	if err := booking.New(b.House).Recheck(t.Context(), task.Recheck{Tenant: b.actor.Tenant, Person: m}); err != nil {
		t.Fatal(err)
	}
	list := b.want(200, manager, "GET", "/v1/sessions?needs_attention=true", nil)
	flagged := list.JSON["items"].([]any)
	if len(flagged) != 1 || flagged[0].(object)["id"] != hit.ID.String() {
		t.Fatalf("flagged: %s", list.Body)
	}
	reasons := flagged[0].(object)["attention"].([]any)
	if rule := reasons[0].(object)["rule"]; rule != "H03" {
		t.Errorf("it is flagged by %v", rule)
	}
}

func TestAPublicationIsJudgedOnTodaysCalendars(t *testing.T) {
	b := build(t)
	s := scenario.S1(scenario.Plain)
	manager := b.stage(s)[s.Programme.Lead]
	path := b.planned(s, manager)
	list := b.want(200, manager, "GET", path+"/sessions?page_size=200", nil)
	x := list.JSON["items"].([]any)[3].(object)
	start, _ := time.Parse(time.RFC3339, fmt.Sprint(x["start"]))
	end, _ := time.Parse(time.RFC3339, fmt.Sprint(x["end"]))
	leader := s.Assignments[0].Supervisor
	b.read(leader, append(b.says[leader], calendar.Busy{Interval: calendar.Interval{Start: start, End: end}, Kind: calendar.BusyTime}))
	plan := b.want(200, manager, "GET", path, nil)
	refused := b.want(409, manager, "POST", path+"/publication", object{}, "If-Match", plan.etag())
	if refused.JSON["code"] != "plan-outdated" {
		t.Errorf("refused by %v", refused.JSON["code"])
	}
	if n := len(b.sessions(s.Cycle.ID)); n != 0 {
		t.Errorf("%d sessions were booked all the same", n)
	}
}

func TestOneSessionOfAPlanIsPinnedAndMovedByTheSameLaw(t *testing.T) {
	b := build(t)
	s := scenario.S1(scenario.Plain)
	manager := b.stage(s)[s.Programme.Lead]
	path := b.planned(s, manager)
	list := b.want(200, manager, "GET", path+"/sessions?page_size=200", nil)
	var one object
	for _, x := range list.JSON["items"].([]any) {
		if x.(object)["kind"] == "individual" {
			one = x.(object)
		}
	}
	plan := b.want(200, manager, "GET", path, nil)
	pin := b.want(200, manager, "PUT", fmt.Sprintf("%s/pins/%v", path, one["id"]), object{"start": true}, "If-Match", plan.etag())
	b.want(412, manager, "PUT", fmt.Sprintf("%s/pins/%v", path, one["id"]), object{"members": true}, "If-Match", plan.etag())
	b.want(204, manager, "DELETE", fmt.Sprintf("%s/pins/%v", path, one["id"]), nil, "If-Match", pin.etag())

	start, _ := time.Parse(time.RFC3339, fmt.Sprint(one["start"]))
	night := time.Date(start.Year(), start.Month(), start.Day(), 1, 0, 0, 0, time.UTC)
	plan = b.want(200, manager, "GET", path, nil)
	refused := b.want(422, manager, "POST", path+"/moves", object{"plan_session_id": one["id"], "start": night}, "If-Match", plan.etag())
	if refused.JSON["code"] != "slot-not-offered" {
		t.Errorf("a session at night was refused by %v", refused.JSON["code"])
	}
	var moves []object
	for day := -3; day <= 3; day++ {
		for hour := 8; hour < 16; hour++ {
			at := time.Date(start.Year(), start.Month(), start.Day()+day, hour, 0, 0, 0, time.UTC)
			if !at.Equal(start) && len(moves) < 50 {
				moves = append(moves, object{"plan_session_id": one["id"], "start": at})
			}
		}
	}
	verdicts := b.want(200, manager, "POST", path+"/move-checks", object{"moves": moves}).JSON["results"].([]any)
	for i, v := range verdicts {
		if v.(object)["ok"] != true {
			continue
		}
		moved := b.want(200, manager, "POST", path+"/moves", moves[i], "If-Match", plan.etag())
		if moved.JSON["etag"] == plan.JSON["etag"] {
			t.Error("the move left the plan's tag as it was")
		}
		return
	}
	t.Fatal("of 50 moves none was lawful")
}
