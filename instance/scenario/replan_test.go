package scenario_test

import (
	"bytes"
	"context"
	"slices"
	"testing"
	"time"

	"kreds/instance"
	"kreds/instance/scenario"
	"kreds/scheduling"
	"kreds/scheduling/check"
	"kreds/scheduling/solve"
	"kreds/supervision"
)

// stood makes sessions of a plan, as they stand at an instant after its publication.
func stood(s scenario.Scenario, plan []supervision.PlanSession, now supervision.Instant) (out []supervision.Session) {
	for i, p := range plan {
		x := supervision.Session{
			ID: supervision.SessionID{14: byte(i >> 8), 15: byte(i + 1)}, Cycle: s.Cycle.ID, Round: p.Round, Kind: roundOf(s, p).Kind,
			Supervisor: p.Supervisor, Start: p.Start, End: p.End, Mode: p.Mode, State: supervision.Confirmed, Planned: true,
		}
		if !p.End.After(now) {
			x.State = supervision.Completed
		}
		for _, m := range p.Mentors {
			x.Mentors = append(x.Mentors, supervision.Attendance{Person: m})
		}
		out = append(out, x)
	}
	return out
}

// A cycle that has begun is replanned from its plan: what has been held and what is going on stays where it is, and none of it
// breaks a rule, although its time is over. Who reads the instance as a file judges alike.
func TestReplanOfACycleThatHasBegun(t *testing.T) {
	s := scenario.S1(scenario.Plain)
	_, base := solved(t, s, 500)
	slices.SortFunc(base, func(x, y supervision.PlanSession) int { return x.Start.Compare(y.Start) })
	group := slices.IndexFunc(base, func(p supervision.PlanSession) bool { return roundOf(s, p).Kind == supervision.RoundKind("group") })
	now := base[group].Start.Add(20 * time.Minute)

	f, err := s.Facts(now)
	if err != nil {
		t.Fatal(err)
	}
	f.Standing, f.Reference = stood(s, base, now), base
	begun := 0
	for _, x := range f.Standing {
		if x.Started(now) {
			begun++
		}
	}
	if begun < 3 || f.Standing[0].State != supervision.Completed || f.Standing[group].State != supervision.Confirmed {
		t.Fatalf("%d sessions have begun: the case is none", begun)
	}
	b, err := instance.Build(f)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := scheduling.Encode(&file, b.Problem); err != nil {
		t.Fatal(err)
	}
	problem, err := scheduling.Decode(&file)
	if err != nil {
		t.Fatal(err)
	}
	r, err := solve.Solve(context.Background(), problem, solve.Options{Seed: 1, Iterations: []int{300}})
	if err != nil {
		t.Fatal(err)
	}
	if report := check.Check(problem, &r.Plan); report.Hard != 0 || r.Score != report.Score {
		t.Errorf("the run scores %v, the law %v: %+v", r.Score, report.Score, report.Violations)
	}
	if len(r.Plan.Unassigned) > 0 {
		t.Errorf("without a session: %v", r.Plan.Unassigned)
	}
	kept := 0
	for _, p := range b.Sessions(&r.Plan, func() supervision.PlanSessionID { return supervision.PlanSessionID{1} }) {
		if !p.Session.IsZero() {
			kept++
		} else if p.Start.Before(now) {
			t.Errorf("a session is planned for %v, which is over", p.Start)
		}
	}
	if kept != begun {
		t.Errorf("%d of the %d sessions that have begun are in the plan", kept, begun)
	}

	// What the manager has pinned has no such right.
	for i := range problem.Pins {
		problem.Pins[i].Standing = false
	}
	if report := check.Check(problem, &r.Plan); report.Hard == 0 {
		t.Error("pins that are no standing sessions are not judged")
	}
}
