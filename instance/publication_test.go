package instance_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kreds/instance"
	"kreds/supervision"
)

func newIDs(after ...int) instance.NewIDs {
	return instance.NewIDs{
		Session: counting[supervision.SessionID](after...), Group: counting[supervision.GroupID](after...), Placement: counting[supervision.PlacementID](after...),
	}
}

// publication is of a cycle of introduction, individual, two closed rounds and a remixed one.
func publication(plan ...supervision.PlanSession) instance.Publication {
	f := facts(1, 1)
	p := instance.Publication{Now: local("02-10 08:00"), Cycle: f.Cycle, Rounds: f.Rounds}
	p.Rounds[4].TemplateStep = supervision.TemplateStep{Kind: supervision.KindGroup, Grouping: supervision.Remix}
	ids := planIDs()
	for _, s := range plan {
		s.ID = ids()
		p.Plan = append(p.Plan, s)
	}
	return p
}

func inGroup(label string, s supervision.PlanSession) supervision.PlanSession {
	s.Group = label
	return s
}

// twoGroups is a whole plan for six mentors.
func twoGroups() []supervision.PlanSession {
	return []supervision.PlanSession{
		sessionAt(0, "02-12 09:00", 101, 1, 2, 3, 4, 5, 6),
		sessionAt(1, "02-22 09:00", 101, 1), sessionAt(1, "02-22 11:00", 101, 2),
		inGroup("b", sessionAt(2, "03-16 09:00", 101, 1, 2, 3)), inGroup("a", sessionAt(2, "03-17 09:00", 102, 4, 5, 6)),
		inGroup("b", sessionAt(3, "04-22 09:00", 101, 1, 2, 3)), inGroup("a", sessionAt(3, "04-23 09:00", 102, 4, 5, 6)),
		sessionAt(4, "06-02 09:00", 101, 1, 3, 5), sessionAt(4, "06-02 09:00", 102, 2, 4, 6),
	}
}

// apply is the state of the cycle after a publication.
func apply(p instance.Publication, out instance.Published) instance.Publication {
	sessions := map[supervision.SessionID]supervision.Session{}
	for _, s := range p.Sessions {
		sessions[s.ID] = s
	}
	for _, s := range slices.Concat(out.Put, out.Hold, out.Cancel) {
		sessions[s.ID] = s
	}
	for _, m := range out.Move {
		sessions[m.To.ID] = m.To
	}
	p.Sessions = nil
	for _, s := range sessions {
		p.Sessions = append(p.Sessions, s)
	}
	groups := map[supervision.GroupID]supervision.Group{}
	for _, g := range slices.Concat(p.Groups, out.GroupsMade, out.GroupsChanged, out.GroupsDissolved) {
		groups[g.ID] = g
	}
	p.Groups = nil
	for _, g := range groups {
		p.Groups = append(p.Groups, g)
	}
	placements := map[supervision.PlacementID]supervision.Placement{}
	for _, x := range slices.Concat(p.Placements, out.PlacementsMade, out.PlacementsAgain) {
		placements[x.ID] = x
	}
	p.Placements = nil
	for _, x := range placements {
		p.Placements = append(p.Placements, x)
	}
	return p
}

// counts are the sizes of Put, Move, Hold, Keep, Cancel and Pins.
func counts(out instance.Published) [6]int {
	return [6]int{len(out.Put), len(out.Move), len(out.Hold), len(out.Keep), len(out.Cancel), len(out.Pins)}
}

func TestTheFirstPublicationPutsEverything(t *testing.T) {
	p := publication(twoGroups()...)
	p.Rounds[3].Site, p.Plan[5].Mode = "north", supervision.InPerson
	p.Now = local("02-10 00:30") // still the day before in UTC
	p.Language = func(people []supervision.PersonID) string {
		if slices.Contains(people, person(101)) {
			return "da"
		}
		return "en"
	}
	out := instance.Publish(p, newIDs())
	if counts(out) != [6]int{9} {
		t.Fatalf("%v", counts(out))
	}
	gid := counting[supervision.GroupID]()
	b, a := gid(), gid() // by the group's first session
	group := func(id supervision.GroupID, n, leader int, language string, members ...int) supervision.Group {
		g := supervision.Group{ID: id, Cycle: p.Cycle.ID, Number: n, Supervisor: person(leader), Language: language, State: supervision.GroupOffered, MadeOn: date("02-10")}
		for _, m := range members {
			g.Members = append(g.Members, person(m))
		}
		return g
	}
	if diff := cmp.Diff([]supervision.Group{group(b, 1, 101, "da", 1, 2, 3), group(a, 2, 102, "en", 4, 5, 6)}, out.GroupsMade); diff != "" {
		t.Error(diff)
	}
	want := supervision.Session{
		ID: counting[supervision.SessionID]()(), Cycle: p.Cycle.ID, Round: round(0), Kind: "introduction", Supervisor: person(101), Start: local("02-12 09:00"), End: local("02-12 12:00"),
		TimeZone: "Europe/Copenhagen", Mode: supervision.Virtual, State: supervision.OnHold, Revision: 1, Planned: true, MadeOn: date("02-10"),
	}
	for m := 1; m <= 6; m++ {
		want.Mentors = append(want.Mentors, supervision.Attendance{Person: person(m), Answer: supervision.Invited})
	}
	if diff := cmp.Diff(want, out.Put[0]); diff != "" {
		t.Error(diff)
	}
	for i, s := range out.Put {
		if s.Round == round(2) || s.Round == round(3) {
			if want := map[supervision.PersonID]supervision.GroupID{person(101): b, person(102): a}[s.Supervisor]; s.Group != want {
				t.Errorf("session %d belongs to group %v", i, s.Group)
			}
		} else if !s.Group.IsZero() {
			t.Errorf("session %d of no closed round has a group", i)
		}
		if inPerson := s.Place == "north" && s.Mode == supervision.InPerson; inPerson != (i == 5) {
			t.Errorf("session %d: %q, %s", i, s.Place, s.Mode)
		}
	}
	if len(out.Named) != 9 || out.Named[p.Plan[0].ID] != out.Put[0].ID {
		t.Errorf("named: %v", out.Named)
	}
	if len(out.PlacementsMade) != 6 || out.PlacementsMade[0].Group != b || out.PlacementsMade[5].Group != a || !out.PlacementsMade[0].ProposedAt.Equal(p.Now) {
		t.Errorf("placements: %+v", out.PlacementsMade)
	}
}

func TestPublishingTheSamePlanAgainKeepsEverything(t *testing.T) {
	p := publication(twoGroups()...)
	again := instance.Publish(apply(p, instance.Publish(p, newIDs())), newIDs(100))
	if counts(again) != [6]int{0, 0, 0, 9} || len(again.GroupsKept) != 2 || len(again.GroupsMade)+len(again.GroupsChanged)+len(again.GroupsDissolved)+len(again.PlacementsMade)+len(again.PlacementsAgain) != 0 {
		t.Errorf("%+v", again)
	}
}

// published is a cycle with twoGroups in it, and another plan to come.
func published(change func(plan []supervision.PlanSession) []supervision.PlanSession) (before, next instance.Publication) {
	p := publication(twoGroups()...)
	before = apply(p, instance.Publish(p, newIDs()))
	next = before
	next.Plan = nil
	for i, s := range change(twoGroups()) {
		s.ID = supervision.PlanSessionID{1: 1, 15: byte(i)}
		next.Plan = append(next.Plan, s)
	}
	return before, next
}

func TestAMovedSessionKeepsItsIdAndAsksAnew(t *testing.T) {
	before, next := published(func(plan []supervision.PlanSession) []supervision.PlanSession {
		plan[1] = sessionAt(1, "02-23 09:00", 102, 1)
		return plan
	})
	for i := range next.Sessions {
		if s := &next.Sessions[i]; s.Round == round(1) && s.MentorIDs()[0] == person(1) {
			s.State, s.Attention, s.Place = supervision.Confirmed, []supervision.Reason{{Rule: "H03"}}, "here"
			s.Mentors = []supervision.Attendance{{Person: person(1), Answer: supervision.Accepted, Revision: 1, ShortNoticeOK: true, Version: 4}}
		}
	}
	out := instance.Publish(next, newIDs(100))
	if counts(out) != [6]int{0, 1, 0, 8} {
		t.Fatalf("%v", counts(out))
	}
	was, is := out.Move[0].From, out.Move[0].To
	want := was
	want.Supervisor, want.Start, want.End, want.Revision, want.State, want.Attention, want.Place = person(102), local("02-23 09:00"), local("02-23 10:00"), 2, supervision.OnHold, nil, ""
	want.Mentors = []supervision.Attendance{{Person: person(1), Answer: supervision.Accepted, Revision: 1, Version: 4}}
	if diff := cmp.Diff(want, is); diff != "" {
		t.Error(diff)
	}
	if is.Answered() || !slices.ContainsFunc(before.Sessions, func(s supervision.Session) bool { return s.ID == is.ID }) || out.Named[next.Plan[1].ID] != is.ID {
		t.Errorf("%+v", is)
	}
}

func TestWhoComesAndWhoGoes(t *testing.T) {
	_, next := published(func(plan []supervision.PlanSession) []supervision.PlanSession {
		plan[1].Mentors = []supervision.PersonID{person(3)} // another mentor: another session
		for i := range plan {
			if plan[i].Group == "b" { // in place of 2 comes 7
				plan[i].Mentors = []supervision.PersonID{person(7), person(3), person(1)}
				plan[i].Group = "x"
			}
		}
		return plan
	})
	out := instance.Publish(next, newIDs(100))
	if counts(out) != [6]int{1, 2, 0, 6, 1} {
		t.Fatalf("%v", counts(out))
	}
	if out.Put[0].MentorIDs()[0] != person(3) || out.Cancel[0].MentorIDs()[0] != person(1) || out.Cancel[0].State != supervision.Cancelled {
		t.Errorf("put %+v, cancelled %+v", out.Put[0], out.Cancel[0])
	}
	if len(out.GroupsChanged) != 1 || out.GroupsChanged[0].Number != 1 || !slices.Equal(out.GroupsChanged[0].Members, []supervision.PersonID{person(1), person(3), person(7)}) || len(out.GroupsKept) != 1 {
		t.Errorf("groups: %+v", out.GroupsChanged)
	}
	for _, m := range out.Move {
		if diff := cmp.Diff([]supervision.PersonID{person(1), person(3), person(7)}, m.To.MentorIDs()); diff != "" || m.To.Group != out.GroupsChanged[0].ID || m.To.Revision != 2 {
			t.Errorf("%s %+v", diff, m.To)
		}
	}
	// The newcomer gets a seat, those who stay in the group keep theirs as it is, and 2 is asked about having none.
	if len(out.PlacementsMade) != 1 || out.PlacementsMade[0].Mentor != person(7) || len(out.PlacementsAgain) != 1 || !out.PlacementsAgain[0].Group.IsZero() {
		t.Errorf("placements %+v %+v", out.PlacementsMade, out.PlacementsAgain)
	}
}

func TestGroupsFindEachOtherByTheirMembers(t *testing.T) {
	_, next := published(func(plan []supervision.PlanSession) []supervision.PlanSession {
		for i, members := range map[int][]int{3: {4, 5, 3}, 4: {1, 2, 6}, 5: {4, 5, 3}, 6: {1, 2, 6}} {
			plan[i].Mentors = nil
			for _, m := range members {
				plan[i].Mentors = append(plan[i].Mentors, person(m))
			}
			plan[i].Supervisor = person(101)
		}
		return plan
	})
	for i := range next.Placements {
		if next.Placements[i].Mentor == person(1) {
			next.Placements[i].State, next.Placements[i].AnsweredAt, next.Placements[i].Version = supervision.PlacementAccepted, next.Now, 5
		}
	}
	out := instance.Publish(next, newIDs(100))
	if len(out.GroupsChanged) != 2 || len(out.GroupsMade)+len(out.GroupsDissolved) != 0 {
		t.Fatalf("%+v", out)
	}
	number := map[supervision.PersonID]int{}
	for _, g := range out.GroupsChanged {
		for _, m := range g.Members {
			number[m] = g.Number
		}
		if g.Supervisor != person(101) {
			t.Errorf("group %d is led by %v", g.Number, g.Supervisor)
		}
	}
	if number[person(1)] != 1 || number[person(2)] != 1 || number[person(6)] != 1 || number[person(4)] != 2 || number[person(3)] != 2 {
		t.Errorf("%v", number)
	}
	var again []supervision.PersonID
	for _, p := range out.PlacementsAgain {
		again = append(again, p.Mentor)
		if p.State != supervision.PlacementProposed || !p.AnsweredAt.IsZero() {
			t.Errorf("%+v", p)
		}
	}
	if !slices.Equal(again, []supervision.PersonID{person(3), person(6)}) {
		t.Errorf("proposed again: %v", again)
	}
}

func TestAGroupTooFewAndOneTooMany(t *testing.T) {
	_, next := published(func(plan []supervision.PlanSession) []supervision.PlanSession {
		return append(slices.DeleteFunc(plan, func(s supervision.PlanSession) bool { return s.Group == "a" }),
			inGroup("c", sessionAt(2, "03-17 09:00", 102, 7, 8, 9)), inGroup("c", sessionAt(3, "04-23 09:00", 102, 7, 8, 9)))
	})
	out := instance.Publish(next, newIDs(100))
	if len(out.GroupsMade) != 1 || out.GroupsMade[0].Number != 3 || len(out.GroupsDissolved) != 1 || out.GroupsDissolved[0].Number != 2 || out.GroupsDissolved[0].State != supervision.GroupDissolved {
		t.Errorf("%+v %+v", out.GroupsMade, out.GroupsDissolved)
	}
	if counts(out) != [6]int{2, 0, 0, 7, 2} {
		t.Errorf("%v", counts(out))
	}
	after := apply(next, out)
	after.Plan = append(slices.Clone(after.Plan), inGroup("d", sessionAt(2, "03-18 09:00", 102, 10, 11, 12)))
	if again := instance.Publish(after, newIDs(200)); len(again.GroupsMade) != 1 || again.GroupsMade[0].Number != 4 {
		t.Errorf("the number of a dissolved group is not given again: %+v", again.GroupsMade)
	}
}

func TestRemixedGroupsAndIntroductionsFindTheLargestOverlap(t *testing.T) {
	before, next := published(func(plan []supervision.PlanSession) []supervision.PlanSession {
		plan[0] = sessionAt(0, "02-12 09:00", 101, 1, 2)
		plan[7], plan[8] = sessionAt(4, "06-04 09:00", 101, 2, 4, 1), sessionAt(4, "06-03 09:00", 102, 3, 5, 6)
		return append(plan, sessionAt(0, "02-12 14:00", 102, 3, 4, 5, 6), sessionAt(4, "06-07 09:00", 102, 7, 8, 9))
	})
	out := instance.Publish(next, newIDs(100))
	id := func(r int, supervisor int) supervision.SessionID {
		i := slices.IndexFunc(before.Sessions, func(s supervision.Session) bool { return s.Round == round(r) && s.Supervisor == person(supervisor) })
		return before.Sessions[i].ID
	}
	named := func(i int) supervision.SessionID { return out.Named[next.Plan[i].ID] }
	if named(9) != id(0, 101) { // four of six come from the old introduction
		t.Error("the larger part of the introduction keeps its id")
	}
	if named(7) != id(4, 102) || named(8) != id(4, 101) {
		t.Error("2 and 4 stay together, and so do 3 and 5")
	}
	if counts(out) != [6]int{2, 3, 0, 6} {
		t.Errorf("%v", counts(out))
	}
}

func TestTiesGoToTheEarlierStart(t *testing.T) {
	early, late := sessionAt(4, "06-02 09:00", 101, 1, 2, 5), sessionAt(4, "06-03 09:00", 101, 3, 4, 6)
	for _, p := range []instance.Publication{publication(sessionAt(4, "06-10 09:00", 101, 1, 2, 3, 4)), publication(sessionAt(4, "06-01 09:00", 102, 4, 3, 2, 1))} {
		for _, order := range [][]int{{0, 1}, {1, 0}} {
			rows := []supervision.Session{stands(1, early, "group", supervision.OnHold, true), stands(2, late, "group", supervision.OnHold, true)}
			p.Sessions = []supervision.Session{rows[order[0]], rows[order[1]]}
			if out := instance.Publish(p, newIDs()); out.Named[p.Plan[0].ID] != rows[0].ID {
				t.Errorf("two of either: %v", out.Named)
			}
		}
	}
}

// Closed groups are found by their members, and their sessions by the group, whoever sits in them.
func TestSessionsOfClosedGroupsFollowTheirGroup(t *testing.T) {
	p := publication(inGroup("a", sessionAt(2, "03-16 09:00", 101, 1, 2, 3)), inGroup("b", sessionAt(2, "03-17 09:00", 101, 4, 5, 6)))
	row := func(n byte, members ...int) supervision.Group {
		g := supervision.Group{ID: supervision.GroupID{n}, Cycle: p.Cycle.ID, Number: int(n), State: supervision.GroupActive}
		for _, m := range members {
			g.Members = append(g.Members, person(m))
		}
		return g
	}
	p.Groups = []supervision.Group{row(1, 1, 2, 3), row(2, 4, 5, 6)}
	for i, members := range [][]int{{4, 5, 6}, {1, 2, 3}} { // exchanged by hand
		s := stands(i+1, sessionAt(2, "03-18 09:00", 101, members...), "group", supervision.OnHold, true)
		s.Group = p.Groups[i].ID
		p.Sessions = append(p.Sessions, s)
	}
	p.Sessions = append(p.Sessions, stands(3, sessionAt(2, "03-19 09:00", 101, 1, 2, 3), "group", supervision.OnHold, true))
	out := instance.Publish(p, newIDs(100))
	if out.Named[p.Plan[0].ID] != p.Sessions[0].ID || out.Named[p.Plan[1].ID] != p.Sessions[1].ID || len(out.Move) != 2 || len(out.Cancel) != 1 {
		t.Errorf("%+v", out)
	}
}

func TestWhoHasNothingInCommonIsNoMatch(t *testing.T) {
	p := publication(sessionAt(4, "06-02 09:00", 101, 1, 2, 3))
	p.Sessions = []supervision.Session{stands(1, sessionAt(4, "06-02 09:00", 101, 4, 5, 6), "group", supervision.OnHold, true)}
	if out := instance.Publish(p, newIDs(100)); counts(out) != [6]int{1, 0, 0, 0, 1} {
		t.Errorf("%v", counts(out))
	}
}

func TestWhatMayNotBeChangedIsAPinOrLeftAlone(t *testing.T) {
	p := publication(
		sessionAt(1, "02-09 09:00", 101, 1), // took place yesterday
		sessionAt(1, "02-22 09:00", 101, 2), // booked by hand
		sessionAt(1, "02-09 10:00", 101, 3), // recorded at 10:07
		sessionAt(1, "02-23 09:00", 101, 4),
	)
	recorded := sessionAt(1, "02-09 10:07", 101, 3)
	p.Sessions = []supervision.Session{
		stands(1, p.Plan[0], "individual", supervision.Confirmed, true),
		stands(2, p.Plan[1], "individual", supervision.OnHold, false),
		stands(3, recorded, "individual", supervision.Completed, false),
		stands(4, sessionAt(1, "02-26 09:00", 101, 9), "individual", supervision.Confirmed, false), // by hand, and not in the plan
		stands(5, sessionAt(1, "02-08 09:00", 101, 8), "individual", supervision.Proposed, true),   // went by
		stands(6, p.Plan[3], "individual", supervision.Cancelled, true),
		stands(7, p.Plan[3], "individual", supervision.OnHold, true), // of another cycle
	}
	p.Sessions[6].Cycle = supervision.CycleID{2}
	out := instance.Publish(p, newIDs())
	if counts(out) != [6]int{1, 0, 0, 0, 0, 3} || out.Put[0].MentorIDs()[0] != person(4) {
		t.Errorf("%v %+v", counts(out), out.Put)
	}
	for i, s := range p.Sessions[:3] {
		if out.Named[p.Plan[i].ID] != s.ID {
			t.Errorf("plan session %d is %v, named %v", i, s.ID, out.Named[p.Plan[i].ID])
		}
	}
}

func TestALapsedHoldIsPlacedAgain(t *testing.T) {
	p := publication(inGroup("a", sessionAt(2, "03-16 09:00", 101, 1, 2, 3)))
	p = apply(p, instance.Publish(p, newIDs()))
	s := &p.Sessions[0]
	s.State, s.Revision = supervision.Proposed, 3
	s.Mentors[0] = supervision.Attendance{Person: person(1), Answer: supervision.Accepted, Revision: 3, AnsweredAt: p.Now, ShortNoticeOK: true, Version: 2}
	s.Mentors[1] = supervision.Attendance{Person: person(2), Answer: supervision.Declined, Revision: 3, AnsweredAt: p.Now, Version: 2}
	s.Mentors[2] = supervision.Attendance{Person: person(3), Answer: supervision.Accepted, Revision: 2, AnsweredAt: p.Now, Version: 2}
	out := instance.Publish(p, newIDs())
	if counts(out) != [6]int{0, 0, 1} {
		t.Fatalf("%v", counts(out))
	}
	got := out.Hold[0]
	want := []supervision.Attendance{s.Mentors[0], {Person: person(2), Answer: supervision.Invited, Version: 2}, {Person: person(3), Answer: supervision.Invited, Version: 2}}
	if diff := cmp.Diff(want, got.Mentors); diff != "" || got.State != supervision.OnHold || got.Revision != 3 {
		t.Errorf("%s %+v", diff, got)
	}
	if s.State != supervision.Proposed || s.Mentors[1].Answer != supervision.Declined {
		t.Error("the facts were changed")
	}
}

func TestWithdrawnPlacementsAreProposedAgain(t *testing.T) {
	p := publication(sessionAt(1, "02-22 09:00", 101, 1), sessionAt(1, "02-22 11:00", 101, 2))
	p.Placements = []supervision.Placement{
		{ID: supervision.PlacementID{1}, Cycle: p.Cycle.ID, Mentor: person(1), State: supervision.PlacementWithdrawn, Objection: []byte("sealed"), Version: 3},
		{ID: supervision.PlacementID{2}, Cycle: p.Cycle.ID, Mentor: person(2), State: supervision.PlacementObjected},
		{ID: supervision.PlacementID{3}, Cycle: p.Cycle.ID, Mentor: person(9), State: supervision.PlacementAccepted},
	}
	out := instance.Publish(p, newIDs())
	want := []supervision.Placement{{ID: supervision.PlacementID{1}, Cycle: p.Cycle.ID, Mentor: person(1), State: supervision.PlacementProposed, ProposedAt: p.Now, Version: 3}}
	if diff := cmp.Diff(want, out.PlacementsAgain); diff != "" || len(out.PlacementsMade) != 0 {
		t.Errorf("%s %+v", diff, out.PlacementsMade)
	}
}
