package api_test

import (
	"slices"
	"testing"
	"time"

	"kreds/instance/scenario"
	"kreds/service/planning"
	"kreds/store"
	"kreds/supervision"
)

// occupied counts how many seats the house's sessions take.
func (b *built) occupied(cycle supervision.CycleID) (n int) {
	b.t.Helper()
	for _, x := range b.sessions(cycle) {
		if x.State.Occupies() {
			n += len(x.People())
		}
	}
	return n
}

func TestTheRoundsOfARunningCycleKeepTheirSessions(t *testing.T) {
	b := build(t)
	s := scenario.S1(scenario.Plain)
	manager := b.stage(s)[s.Programme.Lead]
	b.published(s, manager)
	path := "/v1/cycles/" + s.Cycle.ID.String()
	rounds, tag := b.rounds(manager, path)
	put := func(list ...object) reply {
		return b.do(manager, "PUT", path+"/rounds", object{"rounds": list}, "If-Match", tag)
	}
	edit := func(i int, members ...any) []object {
		list := slices.Clone(rounds)
		list[i] = amend(list[i], members...)
		return list
	}
	b.refused(409, "conflict", put(rounds[:4]...))                                                              // taken away
	b.refused(409, "conflict", put(edit(4, "id", nil)...))                                                      // replaced
	b.refused(409, "conflict", put(edit(2, "grouping", "remix")...))                                            // the groups formed anew
	b.refused(409, "conflict", put(edit(1, "kind", "group", "grouping", "closed", "duration_minutes", nil)...)) // talks made into groups

	wider := put(edit(4, "close_on", "2027-06-30")...)
	if wider.Code != 200 || wider.JSON["state"] != "running" {
		t.Fatalf("a wider window: %d %s", wider.Code, wider.Body)
	}
	more, tag2 := b.rounds(manager, path)
	more = append(more, object{"kind": "individual", "open_on": "2027-06-20", "close_on": "2027-06-30"})
	b.want(200, manager, "PUT", path+"/rounds", object{"rounds": more}, "If-Match", tag2)
	if n := len(b.sessions(s.Cycle.ID)); n != 17 {
		t.Errorf("there are %d sessions", n)
	}
}

func TestACancelledCycleLeavesNobodysTimeTaken(t *testing.T) {
	b := build(t)
	s := scenario.S1(scenario.Plain)
	manager := b.stage(s)[s.Programme.Lead]
	b.published(s, manager)
	path := "/v1/cycles/" + s.Cycle.ID.String()
	if b.occupied(s.Cycle.ID) == 0 {
		t.Fatal("nothing is taken to begin with")
	}
	sessions := b.sessions(s.Cycle.ID)
	slices.SortFunc(sessions, func(x, y supervision.Session) int { return x.Start.Compare(y.Start) })
	b.now = sessions[0].Start.Add(time.Minute) // the introduction has begun
	cycle := b.want(200, manager, "GET", path, nil)
	b.refused(409, "invalid-transition", b.do(manager, "PUT", path+"/state", object{"state": "closed"}, "If-Match", cycle.etag()))
	closing := b.want(200, manager, "PUT", path+"/state", object{"state": "closing"}, "If-Match", cycle.etag())
	b.refused(409, "conflict", b.do(manager, "PUT", path+"/state", object{"state": "closed"}, "If-Match", closing.etag()))
	again := b.want(200, manager, "PUT", path+"/state", object{"state": "running"}, "If-Match", closing.etag())
	b.want(200, manager, "PUT", path+"/state", object{"state": "cancelled", "note": "The programme ends."}, "If-Match", again.etag())
	for _, x := range b.sessions(s.Cycle.ID) {
		begun := x.ID == sessions[0].ID
		if want := supervision.Cancelled; !begun && x.State != want || begun && x.State == want {
			t.Errorf("the %s of %s is %s", x.Kind, x.Start.Format(time.DateTime), x.State)
		}
	}
	b.must(func(tx *store.Tx) error {
		deliveries, err := tx.DeliveriesOf([]supervision.SessionID{sessions[1].ID})
		for _, d := range deliveries {
			if d.Shown.State != supervision.Cancelled || d.Wanted == d.Done {
				t.Errorf("outside it is %s, wanted %d and done %d", d.Shown.State, d.Wanted, d.Done)
			}
		}
		if len(deliveries) == 0 {
			t.Error("nobody is told outside")
		}
		return err
	})
}

func TestAMentorWhoWithdrawsGivesUpTheirPlace(t *testing.T) {
	b := build(t)
	s := scenario.S1(scenario.Plain)
	tokens := b.stage(s)
	manager := tokens[s.Programme.Lead]
	b.published(s, manager)
	e := s.Enrolments[0]
	path := "/v1/enrolments/" + e.ID.String()
	placement := func() (state any) {
		for _, x := range b.want(200, manager, "GET", "/v1/placements", nil).JSON["items"].([]any) {
			if x.(object)["mentor"].(object)["id"] == e.Mentor.String() {
				state = x.(object)["state"]
			}
		}
		return state
	}
	b.refused(422, "invalid", b.do(manager, "PATCH", path, object{"withdrawn_on": e.EnrolledOn.AddDays(-1)}, "If-Match", `"1-m"`), "/withdrawn_on")
	later := b.want(200, manager, "PATCH", path, object{"withdrawn_on": "2027-02-10"}, "If-Match", `"1-m"`)
	if later.JSON["state"] != "active" || placement() != "proposed" {
		t.Errorf("before the day the mentor is %v, the place %v", later.JSON["state"], placement())
	}
	b.want(200, tokens[e.Mentor], "GET", "/v1/cycles/"+s.Cycle.ID.String(), nil)

	b.now = time.Date(2027, 2, 10, 0, 1, 0, 0, time.UTC)
	if err := planning.New(b.House).Sweep(t.Context(), b.actor.Tenant); err != nil {
		t.Fatal(err)
	}
	list := b.want(200, manager, "GET", "/v1/enrolments?mentor_id="+e.Mentor.String(), nil)
	gone := list.JSON["items"].([]any)[0].(object)
	if gone["state"] != "withdrawn" || placement() != "withdrawn" {
		t.Errorf("on the day the mentor is %v, the place %v", gone["state"], placement())
	}
	back := b.want(200, manager, "PATCH", path, object{"withdrawn_on": nil}, "If-Match", gone["etag"].(string))
	if back.JSON["state"] != "active" || placement() != "proposed" {
		t.Errorf("back again the mentor is %v, the place %v", back.JSON["state"], placement())
	}
}

func TestAnIntroductionThatIsOverPreparesItsMentors(t *testing.T) {
	b := build(t)
	s := scenario.S1(scenario.Plain)
	manager := b.stage(s)[s.Programme.Lead]
	b.published(s, manager)
	prepared := func() (n int) {
		for _, x := range b.want(200, manager, "GET", "/v1/cycles/"+s.Cycle.ID.String()+"/readiness", nil).JSON["items"].([]any) {
			if x.(object)["prepared"] == true {
				n++
			}
		}
		return n
	}
	sessions := b.sessions(s.Cycle.ID)
	introduction := sessions[slices.IndexFunc(sessions, func(x supervision.Session) bool { return x.Kind == supervision.KindIntroduction })]
	b.must(func(tx *store.Tx) error {
		introduction.State = supervision.Confirmed
		return tx.PutSession(&introduction)
	})
	if n := prepared(); n != 0 {
		t.Errorf("before the introduction %d are prepared", n)
	}
	b.now = introduction.End
	if n := prepared(); n != len(s.Enrolments) {
		t.Errorf("after the introduction %d of %d are prepared", n, len(s.Enrolments))
	}
}
