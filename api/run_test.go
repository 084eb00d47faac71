package api_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kreds/instance/scenario"
	"kreds/service/planning"
	"kreds/service/task"
	"kreds/supervision"
)

func TestARunThatWaitsForAWorkerIsRungOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, b *built) {
		s := scenario.S1(scenario.Plain)
		manager := b.stage(s)[s.Programme.Lead]
		_, id := b.run(manager, object{"cycle_id": s.Cycle.ID, "iterations": []int{2000}, "chains": 1})
		sweep := func() {
			b.now = b.now.Add(time.Minute + time.Second)
			if err := planning.New(b.House).Sweep(t.Context(), b.actor.Tenant); err != nil {
				t.Fatal(err)
			}
		}
		for range 5 {
			sweep()
		}
		if list := bells[task.Solve](b); len(list) != 1 || list[0].Run != id {
			t.Fatalf("rung: %v", list)
		}
		sweep() // the bell was lost
		if list := bells[task.Solve](b); len(list) != 1 || list[0].Run != id {
			t.Errorf("after it was lost: %v", list)
		}
	})
}

// solving does the work of a run under a context.
func (b *built) solving(ctx context.Context, id supervision.RunID) error {
	return planning.New(b.House).Solve(ctx, task.Solve{Tenant: b.actor.Tenant, Run: id})
}

// A worker that dies in the middle of a search leaves a running run behind; another one starts it again from the instance that
// was kept, and comes to the plan that the first one would have found, whatever has changed meanwhile.
func TestARunWhoseWorkerDiedIsRunAgainFromWhatItWasGiven(t *testing.T) {
	b := build(t)
	s := scenario.S1(scenario.Plain)
	manager := b.stage(s)[s.Programme.Lead]
	whole, id := b.run(manager, object{"cycle_id": s.Cycle.ID, "iterations": []int{2000}, "chains": 2, "seed": 7})
	if err := b.solving(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	path, id := b.run(manager, object{"cycle_id": s.Cycle.ID, "iterations": []int{2000}, "chains": 2, "seed": 7})
	dying, die := context.WithCancel(t.Context())
	b.searching(die)
	if err := b.solving(dying, id); !errors.Is(err, context.Canceled) {
		t.Fatalf("the worker that died said %v", err)
	}
	left := b.want(200, manager, "GET", path, nil)
	if left.JSON["state"] != "running" {
		t.Fatalf("it left the run %v", left.JSON["state"])
	}
	bells[task.Solve](b)
	b.now = b.now.Add(2 * time.Minute)
	if err := planning.New(b.House).Sweep(t.Context(), b.actor.Tenant); err != nil {
		t.Fatal(err)
	}
	if list := bells[task.Solve](b); len(list) != 1 || list[0].Run != id {
		t.Fatalf("rung: %v", list)
	}
	leader := s.Assignments[0].Supervisor
	b.read(leader, nil) // other calendars by now
	if err := b.solving(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	first, second := b.planOf(manager, whole), b.planOf(manager, path)
	if first != second {
		t.Errorf("the first worker would have come to\n%s, the second came to\n%s", first, second)
	}
	if err := b.solving(t.Context(), id); err != nil { // a bell that comes late
		t.Fatal(err)
	}
	if after := b.want(200, manager, "GET", path, nil); len(after.JSON["plan_ids"].([]any)) != 1 {
		t.Errorf("a late bell made %v", after.JSON["plan_ids"])
	}
}

// planOf spells the sessions of the one plan of a run, whatever they are called.
func (b *built) planOf(token, run string) string {
	b.t.Helper()
	plan := b.want(200, token, "GET", run, nil).JSON["plan_ids"].([]any)[0]
	var lines []string
	for _, x := range b.want(200, token, "GET", fmt.Sprintf("/v1/plans/%v/sessions?page_size=200", plan), nil).JSON["items"].([]any) {
		o := x.(object)
		lines = append(lines, fmt.Sprint(o["start"], o["kind"], o["supervisor"], o["mentors"]))
	}
	if len(lines) == 0 {
		b.t.Fatal("an empty plan")
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func TestARunIsCancelled(t *testing.T) {
	const endless = 2_000_000_000
	for _, c := range []struct {
		name  string
		begun bool
		keep  bool
		plans int
	}{{"before it begins", false, true, 0}, {"with what it has found", true, true, 1}, {"without", true, false, 0}} {
		t.Run(c.name, func(t *testing.T) {
			b := build(t)
			s := scenario.S1(scenario.Plain)
			manager := b.stage(s)[s.Programme.Lead]
			path, id := b.run(manager, object{"cycle_id": s.Cycle.ID, "iterations": []int{endless}, "chains": 1})
			cancel := func() {
				now := b.want(200, manager, "GET", path, nil)
				first := b.want(200, manager, "POST", path+"/cancellation", object{"keep_best": c.keep}, "If-Match", now.etag())
				again := b.want(200, manager, "POST", path+"/cancellation", object{"keep_best": !c.keep}, "If-Match", now.etag())
				if first.etag() != again.etag() {
					t.Error("a second cancellation changed something")
				}
			}
			if c.begun {
				b.searching(cancel)
				b.hurry()
			} else {
				cancel()
			}
			if err := b.solving(t.Context(), id); err != nil {
				t.Fatal(err)
			}
			after := b.want(200, manager, "GET", path, nil)
			if n := len(after.JSON["plan_ids"].([]any)); after.JSON["state"] != "stopped" || after.JSON["ended_by"] != "caller" || n != c.plans {
				t.Errorf("the run is %v by %v with %d plans, want %d", after.JSON["state"], after.JSON["ended_by"], n, c.plans)
			}
			if has := after.JSON["score"] != nil; has != (c.plans > 0) {
				t.Errorf("its score is %v", after.JSON["score"])
			}
			b.run(manager, object{"cycle_id": s.Cycle.ID}) // the cycle is free for another one
		})
	}
}

// hurry lets the house's clock go on by a minute each time that it is asked.
func (b *built) hurry() {
	clock, asked := b.Now, time.Duration(0)
	var one sync.Mutex
	b.Now = func() time.Time {
		now := clock()
		one.Lock()
		defer one.Unlock()
		asked++
		return now.Add(asked * time.Minute)
	}
}

// What is pinned in the base of a run is kept where a search of its own would not put it.
func TestARunKeepsWhatIsPinnedInItsBase(t *testing.T) {
	b := build(t)
	s := scenario.S1(scenario.Plain)
	manager := b.stage(s)[s.Programme.Lead]
	path := b.planned(s, manager)
	var one object
	for _, x := range b.want(200, manager, "GET", path+"/sessions?page_size=200", nil).JSON["items"].([]any) {
		if x.(object)["kind"] == "individual" {
			one = x.(object)
		}
	}
	start, err := time.Parse(time.RFC3339, fmt.Sprint(one["start"]))
	if err != nil {
		t.Fatal(err)
	}
	moved := time.Time{}
	for at := start.Add(-72 * time.Hour); at.Before(start.Add(72*time.Hour)) && moved.IsZero(); at = at.Add(30 * time.Minute) {
		plan := b.want(200, manager, "GET", path, nil)
		if !at.Equal(start) && b.do(manager, "POST", path+"/moves", object{"plan_session_id": one["id"], "start": at}, "If-Match", plan.etag()).Code == 200 {
			moved = at
		}
	}
	plan := b.want(200, manager, "GET", path, nil)
	b.want(200, manager, "PUT", fmt.Sprintf("%s/pins/%v", path, one["id"]), object{"start": true, "members": true}, "If-Match", plan.etag())
	run, id := b.run(manager, object{"cycle_id": s.Cycle.ID, "iterations": []int{2000}, "chains": 1, "base_plan_id": lastPart(path)})
	if err := b.solving(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprint(moved.UTC().Format(time.RFC3339), one["kind"], one["supervisor"], one["mentors"])
	if got := b.planOf(manager, run); moved.IsZero() || !slices.Contains(strings.Split(got, "\n"), want) {
		t.Errorf("%s is not in\n%s", want, got)
	}
	other, _ := s.Person(s.Enrolments[0].Mentor)
	b.refused(422, "invalid", b.do(manager, "POST", "/v1/plan-runs", object{"cycle_id": s.Cycle.ID, "base_plan_id": other.ID}), "/base_plan_id")
	b.refused(409, "base-plan-missing", b.do(manager, "POST", "/v1/plan-runs", object{"cycle_id": s.Cycle.ID, "purpose": "replan"}))
}

func TestARunWithoutANumberOfIterationsGetsItBySizeOfTheCycle(t *testing.T) {
	for _, c := range []struct {
		scenario scenario.Scenario
		want     int
	}{{scenario.S1(scenario.Plain), 100_000}, {scenario.S2(), 2_000 * len(scenario.S2().Enrolments) * len(scenario.S2().Rounds)}} {
		b := build(t)
		manager := b.stage(c.scenario)[c.scenario.Programme.Lead]
		r := b.want(202, manager, "POST", "/v1/plan-runs", object{"cycle_id": c.scenario.Cycle.ID, "chains": 3})
		if got := r.JSON["iterations"].([]any); len(got) != 1 || got[0] != float64(c.want) {
			t.Errorf("%s with %d mentors and %d rounds gets %v iterations, want %d", c.scenario.Name, len(c.scenario.Enrolments), len(c.scenario.Rounds), got, c.want)
		}
		p := b.want(200, manager, "GET", "/v1/plan-runs/"+idIn(r)+"/progress", nil)
		if p.JSON["iterations_planned"] != float64(3*c.want) {
			t.Errorf("of three chains %v are planned", p.JSON["iterations_planned"])
		}
	}
}
