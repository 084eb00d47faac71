package api_test

import (
	"fmt"
	"testing"

	"kreds/instance/scenario"
	"kreds/service/planning"
	"kreds/service/task"
	"kreds/store"
	"kreds/store/storetest"
	"kreds/supervision"
)

// cancelCycle cancels the cycle of a scenario.
func (b *built) cancelCycle(s scenario.Scenario, manager string) {
	b.t.Helper()
	path := "/v1/cycles/" + s.Cycle.ID.String()
	now := b.want(200, manager, "GET", path, nil)
	b.want(200, manager, "PUT", path+"/state", object{"state": "cancelled", "note": "The programme ends."}, "If-Match", now.etag())
}

func TestACancelledCycleAsksNobodyAnyMore(t *testing.T) {
	b := build(t)
	s := scenario.S1(scenario.Plain)
	tokens := b.stage(s)
	manager := tokens[s.Programme.Lead]
	b.published(s, manager)
	seat := func(e supervision.Enrolment) object {
		return b.want(200, tokens[e.Mentor], "GET", "/v1/placements", nil).JSON["items"].([]any)[0].(object)
	}
	answer := func(e supervision.Enrolment, x object, how string) reply {
		return b.do(tokens[e.Mentor], "POST", fmt.Sprintf("/v1/placements/%v/%s", x["id"], how), object{}, "If-Match", fmt.Sprint(x["etag"]))
	}
	if r := answer(s.Enrolments[0], seat(s.Enrolments[0]), "acceptance"); r.Code != 200 {
		t.Fatal(r.Body)
	}
	b.cancelCycle(s, manager)
	for _, e := range s.Enrolments[:3] {
		x := seat(e)
		if x["state"] != "withdrawn" {
			t.Errorf("a placement is %v", x["state"])
		}
		b.refused(409, "invalid-transition", answer(e, x, "acceptance"))
		b.refused(409, "invalid-transition", answer(e, x, "objection"))
	}
	me := b.want(200, tokens[s.Enrolments[1].Mentor], "GET", "/v1/me", nil)
	if w := me.JSON["waiting"].(object); w["placements"] != 0.0 {
		t.Errorf("there waits %v", w)
	}
}

func TestACancelledCycleIsNotPlannedOn(t *testing.T) {
	for _, c := range []struct {
		name  string
		state supervision.RunState
		begun bool
	}{{"before it begins", supervision.RunQueued, false}, {"while it searches", supervision.RunRunning, true}} {
		t.Run(c.name, func(t *testing.T) {
			b := build(t)
			s := scenario.S1(scenario.Plain)
			manager := b.stage(s)[s.Programme.Lead]
			path, id := b.run(manager, object{"cycle_id": s.Cycle.ID, "iterations": []int{2000}, "chains": 1})
			stop := func() {
				if now := b.want(200, manager, "GET", path, nil); now.JSON["state"] != string(c.state) {
					t.Errorf("the run is %v", now.JSON["state"])
				}
				b.cancelCycle(s, manager)
			}
			if c.begun {
				b.searching(stop)
			} else {
				stop()
			}
			if err := planning.New(b.House).Solve(t.Context(), task.Solve{Tenant: b.actor.Tenant, Run: id}); err != nil {
				t.Fatal(err)
			}
			after := b.want(200, manager, "GET", path, nil)
			if n := len(after.JSON["plan_ids"].([]any)); after.JSON["state"] != "stopped" || n != 0 {
				t.Errorf("the run is %v with %d plans", after.JSON["state"], n)
			}
			b.refused(409, "cycle-closed", b.do(manager, "POST", "/v1/plan-runs", object{"cycle_id": s.Cycle.ID}))
		})
	}
}

// A run that is asked for while the cycle is cancelled waits for the cycle, and is refused.
func TestNoRunBeginsInACycleThatIsBeingCancelled(t *testing.T) {
	b := buildOn(t, storetest.PostgresURL(t))
	s := scenario.S1(scenario.Plain)
	manager := b.stage(s)[s.Programme.Lead]
	path := "/v1/cycles/" + s.Cycle.ID.String()
	now := b.want(200, manager, "GET", path, nil)
	cancelled, asked := make(chan reply, 1), make(chan reply, 1)
	release := b.hold(func(tx *store.Tx) error { _, err := tx.LockCycle(s.Cycle.ID); return err })
	go func() {
		cancelled <- b.do(manager, "PUT", path+"/state", object{"state": "cancelled"}, "If-Match", now.etag())
	}()
	b.waiters(1)
	go func() { asked <- b.do(manager, "POST", "/v1/plan-runs", object{"cycle_id": s.Cycle.ID}) }()
	b.waiters(2)
	release()
	if r := <-cancelled; r.Code != 200 {
		t.Errorf("the cancellation: %d %s", r.Code, r.Body)
	}
	b.refused(409, "cycle-closed", <-asked)
}
