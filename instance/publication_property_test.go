package instance_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kreds/instance"
	"kreds/supervision"
)

// drawPlan draws a plan in which each of eight mentors has at most one session in each round, and no supervisor two at once.
func drawPlan(t *rapid.T, name string) []supervision.PlanSession {
	var plan []supervision.PlanSession
	taken := map[time.Time]bool{}
	at := func(base time.Time) time.Time {
		for {
			start := base.Add(time.Duration(rapid.IntRange(0, 60).Draw(t, name+" start")) * 30 * time.Minute)
			if !taken[start] {
				taken[start] = true
				return start
			}
		}
	}
	split := func(most int) (parts [][]supervision.PersonID) {
		people := rapid.Permutation([]int{1, 2, 3, 4, 5, 6, 7, 8}).Draw(t, name+" mentors")[:rapid.IntRange(0, 8).Draw(t, name+" size")]
		for len(people) > 0 {
			n := min(len(people), rapid.IntRange(1, most).Draw(t, name+" part"))
			var part []supervision.PersonID
			for _, p := range people[:n] {
				part = append(part, person(p))
			}
			parts, people = append(parts, part), people[n:]
		}
		return parts
	}
	add := func(r int, group string, start time.Time, members []supervision.PersonID) {
		plan = append(plan, supervision.PlanSession{
			ID: supervision.PlanSessionID{0: byte(len(name)), 15: byte(len(plan) + 1)}, Round: round(r), Group: group, Mentors: members,
			Supervisor: person(rapid.IntRange(101, 102).Draw(t, name+" leader")), Start: start, End: start.Add(time.Hour), Mode: supervision.Virtual,
		})
	}
	bases := []time.Time{local("02-12 09:00"), local("02-22 09:00"), local("03-16 09:00"), local("04-22 09:00"), local("06-02 09:00")}
	for _, m := range split(5) {
		add(0, "", at(bases[0]), m)
	}
	for _, m := range split(1) {
		add(1, "", at(bases[1]), m)
	}
	for i, m := range split(4) {
		for r := 2; r <= 3; r++ {
			add(r, string(rune('a'+i)), at(bases[r]), m)
		}
	}
	for _, m := range split(4) {
		add(4, "", at(bases[4]), m)
	}
	return plan
}

// drawPublication draws a cycle with an earlier plan in it, of which some sessions have changed since, and a plan to publish.
func drawPublication(t *rapid.T) instance.Publication {
	earlier := publication()
	earlier.Plan = drawPlan(t, "old")
	p := apply(earlier, instance.Publish(earlier, newIDs()))
	slices.SortFunc(p.Sessions, func(a, b supervision.Session) int { return a.ID.Compare(b.ID) })
	slices.SortFunc(p.Groups, func(a, b supervision.Group) int { return a.ID.Compare(b.ID) })
	p.Plan = drawPlan(t, "new plan")
	for i := range p.Sessions {
		s := &p.Sessions[i]
		s.State = rapid.SampledFrom([]supervision.SessionState{supervision.OnHold, supervision.OnHold, supervision.Confirmed, supervision.Proposed, supervision.Completed, supervision.Cancelled}).Draw(t, "state")
		s.Planned = rapid.IntRange(0, 5).Draw(t, "by hand") > 0
		if rapid.IntRange(0, 5).Draw(t, "started") == 0 {
			s.Start = p.Now.Add(-time.Minute)
		}
		if rapid.IntRange(0, 2).Draw(t, "in the plan") > 0 {
			continue
		}
		// The new plan has this very session, in place of what it had for its people.
		p.Plan = slices.DeleteFunc(p.Plan, func(x supervision.PlanSession) bool {
			return x.Round == s.Round && slices.ContainsFunc(x.Mentors, func(m supervision.PersonID) bool { return slices.Contains(s.MentorIDs(), m) }) ||
				x.Supervisor == s.Supervisor && x.Start.Equal(s.Start)
		})
		again := supervision.PlanSession{ID: supervision.PlanSessionID{0: 99, 15: byte(i)}, Round: s.Round, Mentors: s.MentorIDs(), Supervisor: s.Supervisor, Start: s.Start, End: s.End, Mode: s.Mode}
		if !s.Group.IsZero() {
			again.Group = s.Group.String()
		}
		p.Plan = append(p.Plan, again)
	}
	return p
}

func mayBeMatched(s supervision.Session, now time.Time) bool {
	return s.Planned && now.Before(s.Start) && (s.State == supervision.OnHold || s.State == supervision.Confirmed || s.State == supervision.Proposed)
}

// Every plan session ends in exactly one list, and so does every session that may be matched; nothing else is touched.
func TestPublishingLeavesNobodyOutAndNothingTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPublication(t)
		out := instance.Publish(p, newIDs(1000))

		var fromPlan, fromRows []supervision.SessionID
		for _, s := range out.Put {
			fromPlan = append(fromPlan, s.ID)
		}
		for _, m := range out.Move {
			if m.From.ID != m.To.ID || m.To.Revision != m.From.Revision+1 || m.To.Round != m.From.Round {
				t.Fatalf("%+v", m)
			}
			fromPlan, fromRows = append(fromPlan, m.To.ID), append(fromRows, m.From.ID)
		}
		for _, s := range slices.Concat(out.Hold, out.Keep) {
			fromPlan, fromRows = append(fromPlan, s.ID), append(fromRows, s.ID)
		}
		for _, s := range out.Cancel {
			fromRows = append(fromRows, s.ID)
		}
		for _, s := range out.Pins {
			fromPlan = append(fromPlan, s.ID)
			if mayBeMatched(s, p.Now) || s.State == supervision.Cancelled {
				t.Fatalf("a pin that is none: %+v", s)
			}
		}
		var named, rows []supervision.SessionID
		for _, s := range p.Plan {
			named = append(named, out.Named[s.ID])
		}
		for _, s := range p.Sessions {
			if mayBeMatched(s, p.Now) {
				rows = append(rows, s.ID)
			}
		}
		for _, list := range []*[]supervision.SessionID{&fromPlan, &fromRows, &named, &rows} {
			slices.SortFunc(*list, supervision.SessionID.Compare)
		}
		if !slices.Equal(fromPlan, named) || len(slices.Compact(slices.Clone(named))) != len(p.Plan) {
			t.Fatalf("the plan names %v, the lists hold %v", named, fromPlan)
		}
		if !slices.Equal(fromRows, rows) {
			t.Fatalf("to be matched %v, the lists hold %v", rows, fromRows)
		}
		for _, s := range slices.Concat(out.Put, out.Hold, out.Keep) {
			plan := p.Plan[slices.IndexFunc(p.Plan, func(x supervision.PlanSession) bool { return out.Named[x.ID] == s.ID })]
			if !s.Start.Equal(plan.Start) || s.Supervisor != plan.Supervisor || !slices.Equal(s.MentorIDs(), slices.SortedFunc(slices.Values(plan.Mentors), supervision.PersonID.Compare)) {
				t.Fatalf("%+v is not what the plan says: %+v", s, plan)
			}
		}
		var groups []supervision.GroupID
		for _, g := range slices.Concat(out.GroupsMade, out.GroupsKept, out.GroupsChanged, out.GroupsDissolved) {
			if slices.Contains(groups, g.ID) {
				t.Fatalf("group %v is decided twice", g.ID)
			}
			groups = append(groups, g.ID)
		}
		if n := len(out.GroupsKept) + len(out.GroupsChanged) + len(out.GroupsDissolved); n != len(p.Groups) {
			t.Fatalf("%d groups before, %d of them decided", len(p.Groups), n)
		}
	})
}

// What is published stays as it is when the same plan is published again.
func TestPublishingAgainKeepsAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPublication(t)
		first := instance.Publish(p, newIDs(1000))
		second := instance.Publish(apply(p, first), newIDs(2000))
		if c := counts(second); c[0]+c[1]+c[2]+c[4] != 0 {
			t.Fatalf("again: %v", c)
		}
		if len(second.GroupsMade)+len(second.GroupsChanged)+len(second.GroupsDissolved)+len(second.PlacementsMade)+len(second.PlacementsAgain) != 0 {
			t.Fatalf("groups or placements again: %+v", second)
		}
		if diff := cmp.Diff(first.Named, second.Named); diff != "" {
			t.Fatal(diff)
		}
	})
}

// The order in which things are listed, and what the plan calls its groups, change nothing.
func TestPublishingIsTheSameInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPublication(t)
		want := instance.Publish(p, newIDs(1000))
		q := p
		q.Plan = rapid.Permutation(p.Plan).Draw(t, "plan")
		q.Sessions = rapid.Permutation(p.Sessions).Draw(t, "sessions")
		q.Groups = rapid.Permutation(p.Groups).Draw(t, "groups")
		q.Rounds = rapid.Permutation(p.Rounds).Draw(t, "rounds")
		q.Placements = rapid.Permutation(p.Placements).Draw(t, "placements")
		q.Plan = slices.Clone(q.Plan)
		for i := range q.Plan {
			q.Plan[i].Mentors = rapid.Permutation(q.Plan[i].Mentors).Draw(t, "members")
			if q.Plan[i].Group != "" {
				q.Plan[i].Group = "called " + q.Plan[i].Group
			}
		}
		got := instance.Publish(q, newIDs(1000))
		byID := func(a, b supervision.Session) int { return a.ID.Compare(b.ID) }
		for _, out := range []*instance.Published{&want, &got} {
			slices.SortFunc(out.Cancel, byID)
			slices.SortFunc(out.Pins, byID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}
