package scheduling_test

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	_ "kreds/internal/testkit/repeatable"
	"kreds/scheduling"
)

// drawProblem draws any problem that is well formed. It need not be a sensible one.
func drawProblem(t *rapid.T) *scheduling.Problem {
	profile := rapid.SampledFrom([]scheduling.Profile{scheduling.ProfileField, scheduling.ProfileCore}).Draw(t, "profile")
	p := &scheduling.Problem{
		Version: scheduling.Version, Name: rapid.String().Draw(t, "name"), Seed: rapid.Uint64().Draw(t, "seed"), Profile: profile,
		Weights: map[string]int{}, SlotMin: 15, Weeks: rapid.IntRange(1, 60).Draw(t, "weeks"), StartStep: rapid.IntRange(1, 4).Draw(t, "step"),
		CycleStart: time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 7*rapid.IntRange(-100, 100).Draw(t, "monday")),
		Now:        slot().Draw(t, "now"),
		Size:       scheduling.Size{Min: 3, Max: 5, Target: 4},
		Gap:        scheduling.Gap{Min: rapid.IntRange(0, 2000).Draw(t, "gap"), Max: rapid.Ptr(rapid.IntRange(0, 9000), true).Draw(t, "longest")},
		Mix:        rapid.SampledFrom([]string{"unit", "organisation"}).Draw(t, "mix"),
		Credit:     rapid.SampledFrom([]string{"clock", "half_then_share", "half_then_third", "individual_only"}).Draw(t, "credit"),
		OrgRule:    scheduling.OrgRule{Kind: rapid.SampledFrom([]string{"any", "same", "mixed"}).Draw(t, "org rule"), Q: 2},
		MaxPerDay:  1, Travel: 4, Rooms: rapid.MapOfN(name(), rapid.IntRange(0, 9), 0, 2).Draw(t, "rooms"),
		Events: spans().Draw(t, "events"), InPersonDays: spans().Draw(t, "in-person days"), Freeze: 14 * scheduling.SlotsPerDay,
	}
	for _, w := range profile.Wishes() {
		if rapid.Bool().Draw(t, "weigh") {
			p.Weights[w.ID] = rapid.IntRange(0, 100).Draw(t, w.ID)
			p.Levels = append(p.Levels, w.ID)
		}
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "rounds") {
		p.Rounds = append(p.Rounds, drawRound(t, fmt.Sprintf("R%d", i), profile))
	}
	for i := range rapid.IntRange(2, 6).Draw(t, "mentors") {
		p.Mentors = append(p.Mentors, scheduling.Mentor{
			Person: drawPerson(t, fmt.Sprintf("m%d", i), p.Rounds), Priority: rapid.IntRange(1, 3).Draw(t, "priority"),
			Earliest: rapid.Ptr(slot(), true).Draw(t, "earliest"), Latest: rapid.Ptr(slot(), true).Draw(t, "latest"),
			PreparedAt: rapid.Ptr(slot(), true).Draw(t, "prepared"), Meetings: rapid.SliceOfN(slot(), 0, 3).Draw(t, "meetings"), Co: []string{"m0"},
		})
	}
	for i := range rapid.IntRange(1, 3).Draw(t, "supervisors") {
		most := func(of string) *int { return rapid.Ptr(rapid.IntRange(0, 20), true).Draw(t, of) }
		p.Supervisors = append(p.Supervisors, scheduling.Supervisor{
			Person: drawPerson(t, fmt.Sprintf("s%d", i), p.Rounds), Qual: []string{"EMCC"}, Admits: []string{"A", "B"},
			MaxDay: most("day"), MaxDaySlots: most("day slots"), MaxWeek: most("week"), MaxWeekSlots: most("week slots"),
			Buffer: rapid.IntRange(0, 4).Draw(t, "buffer"), Share: rapid.IntRange(1, 5).Draw(t, "share"),
		})
	}
	until := 900
	p.Forbidden = []scheduling.Pair{{A: "m0", B: "m1", Rule: "H05", From: nil, To: &until}}
	p.Dependent = []scheduling.Pair{{A: "s0", B: "m0", Rule: "H10", From: &until}}
	p.Near = []scheduling.Near{{A: "m0", B: "m1", Steps: 3}}
	p.Pins = []scheduling.Pin{{Round: "R0", Members: []string{"m0"}}, {Round: "R0", Supervisor: "s0"}, {Round: "R0", Start: &until},
		{Round: "R0", Members: []string{"m1"}, Supervisor: "s0", Start: &until, Standing: rapid.Bool().Draw(t, "standing")}}
	if rapid.Bool().Draw(t, "replan") {
		p.Reference = drawPlan(t, p)
	}
	return p
}

func drawRound(t *rapid.T, id string, profile scheduling.Profile) scheduling.Round {
	open := slot().Draw(t, "open")
	r := scheduling.Round{
		ID: id, Kind: rapid.SampledFrom([]scheduling.Kind{scheduling.Introduction, scheduling.Individual, scheduling.Group}).Draw(t, "kind"),
		Open: open, Close: open + rapid.IntRange(1, 2000).Draw(t, "window"), Target: open,
		TargetDay: rapid.Ptr(rapid.IntRange(-9, 300), true).Draw(t, "target day"), Dur: rapid.IntRange(1, 12).Draw(t, "dur"),
		InPerson: rapid.Bool().Draw(t, "in person"), Site: rapid.SampledFrom([]string{"", "North"}).Draw(t, "site"),
		Qual: rapid.SampledFrom([]string{"", "EMCC"}).Draw(t, "qual"), Priority: rapid.IntRange(1, 3).Draw(t, "round priority"),
	}
	switch r.Kind {
	case scheduling.Introduction:
		r.Dates = rapid.IntRange(1, 3).Draw(t, "dates")
	case scheduling.Group:
		r.Grouping = rapid.SampledFrom([]scheduling.Grouping{scheduling.Closed, scheduling.Remix}).Draw(t, "grouping")
		r.Cases = rapid.IntRange(0, 3).Draw(t, "cases")
		if profile == scheduling.ProfileField && rapid.Bool().Draw(t, "by size") {
			r.Dur, r.DurBySize = 0, map[string]int{"3": 6, "4": 8, "5": 10}
		}
	}
	return r
}

func drawPerson(t *rapid.T, id string, rounds []scheduling.Round) scheduling.Person {
	p := scheduling.Person{
		ID: id, Org: rapid.SampledFrom([]string{"", "A", "B"}).Draw(t, "org"), Unit: rapid.SampledFrom([]string{"", "U", "V"}).Draw(t, "unit"),
		Langs: rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"da", "en", "de"}), 0, 3, rapid.ID).Draw(t, "langs"),
		Exp:   rapid.IntRange(0, 5).Draw(t, "exp"), Seniority: rapid.IntRange(0, 9).Draw(t, "seniority"), Site: "North",
		Work: spans().Draw(t, "work"), Prefer: spans().Draw(t, "prefer"), WishWith: []string{"m1"},
	}
	at := -3000
	for range rapid.IntRange(0, 3).Draw(t, "offsets") {
		at += rapid.IntRange(1, 4000).Draw(t, "at")
		p.Off = append(p.Off, scheduling.Offset{At: at, Offset: rapid.IntRange(-48, 56).Draw(t, "offset")})
	}
	for _, s := range spans().Draw(t, "blocked") {
		p.Blocked = append(p.Blocked, scheduling.BlockedSpan{Span: s, Reason: rapid.SampledFrom([]string{"holiday", `"],[\\`, "blackout"}).Draw(t, "reason")})
	}
	for _, s := range spans().Draw(t, "busy") {
		kinds := []scheduling.BusyKind{scheduling.Busy, scheduling.Tentative, scheduling.Unknown, scheduling.Stale}
		p.Busy = append(p.Busy, scheduling.BusySpan{Span: s, Kind: rapid.SampledFrom(kinds).Draw(t, "busy kind")})
	}
	for i, s := range spans().Draw(t, "taken") {
		taken := scheduling.TakenSpan{Span: s, Kind: scheduling.Group}
		if i == 0 {
			taken.Kind, taken.Round = rounds[0].Kind, rounds[0].ID
		}
		p.Taken = append(p.Taken, taken)
	}
	return p
}

// drawPlan draws any plan of the problem that is well formed.
func drawPlan(t *rapid.T, p *scheduling.Problem) *scheduling.Plan {
	plan := &scheduling.Plan{
		Unassigned: []scheduling.Unassigned{{Mentor: "m0", Round: "R0", Reason: "H03"}, {Mentor: "m1", Round: "R0", Reason: "unknown"}},
		Score:      scheduling.Score{Hard: 1, Medium: 2, Soft: rapid.Int().Draw(t, "soft")},
		Bound:      rapid.Ptr(rapid.Float64Range(-1e300, 1e300), true).Draw(t, "bound"), Seed: rapid.Uint64().Draw(t, "plan seed"),
		Iterations: rapid.SliceOfN(rapid.IntRange(0, 1<<40), 0, 2).Draw(t, "iterations"),
	}
	var mentors []string
	for _, m := range p.Mentors {
		mentors = append(mentors, m.ID)
	}
	for range rapid.IntRange(0, 4).Draw(t, "sessions") {
		r := rapid.SampledFrom(p.Rounds).Draw(t, "round")
		s := scheduling.Session{
			Round: r.ID, Members: rapid.SliceOfN(rapid.SampledFrom(mentors), 0, 4).Draw(t, "members"),
			Supervisor: rapid.SampledFrom(p.Supervisors).Draw(t, "supervisor").ID, Start: slot().Draw(t, "start"),
			Dur: max(1, r.Dur), Mode: scheduling.InPerson,
		}
		if r.Grouping == scheduling.Closed {
			s.Group = rapid.SampledFrom([]string{"", "g1"}).Draw(t, "group")
		}
		plan.Sessions = append(plan.Sessions, s)
	}
	return plan
}

func slot() *rapid.Generator[int] { return rapid.IntRange(-3000, 30000) }

func name() *rapid.Generator[string] { return rapid.StringMatching(`[A-Za-z0-9/~._-]{1,8}`) }

func spans() *rapid.Generator[[]scheduling.Span] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) scheduling.Span {
		from := slot().Draw(t, "from")
		return scheduling.Span{From: from, To: from + rapid.IntRange(1, 200).Draw(t, "length")}
	}), 0, 3)
}
