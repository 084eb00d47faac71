package check_test

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"kreds/scheduling"
)

// All people of these tests live in a zone one hour ahead of UTC; day 0 is Monday 1 February 2027.

// at is the slot of a local hour, such as 10 or 10.5, of a local day.
func at(day int, hour float64) int { return day*scheduling.SlotsPerDay + int(4*hour) - 4 }

func ptr(n int) *int { return &n }

// cycle is a lawful frame for cases: everybody works Mon–Fri 08–17, speaks Danish and was prepared long ago; no gaps, no limits.
func cycle(weeks, mentors, supervisors int, rounds ...scheduling.Round) *scheduling.Problem {
	p := &scheduling.Problem{
		Version: scheduling.Version, Profile: scheduling.ProfileField, SlotMin: 15, CycleStart: time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC),
		Weeks: weeks, StartStep: 2, Rounds: rounds, Size: scheduling.Size{Min: 3, Max: 5, Target: 4},
		Mix: scheduling.MixUnit, Credit: scheduling.ClockTime, OrgRule: scheduling.OrgRule{Kind: scheduling.OrgAny}, MaxPerDay: 1,
	}
	for i := range p.Rounds {
		if p.Rounds[i].Close == 0 {
			p.Rounds[i].Close = weeks * scheduling.SlotsPerWeek
		}
	}
	person := func(id string) scheduling.Person {
		q := scheduling.Person{ID: id, Off: []scheduling.Offset{{At: 0, Offset: 4}}, Org: "A", Unit: "U", Langs: []string{"da"}, Exp: 3, Seniority: 2}
		for day := range 7 * weeks {
			if day%7 < 5 {
				q.Work = append(q.Work, scheduling.Span{From: at(day, 8), To: at(day, 17)})
			}
		}
		return q
	}
	for i := range mentors {
		p.Mentors = append(p.Mentors, scheduling.Mentor{Person: person(fmt.Sprintf("m%d", i)), PreparedAt: ptr(-scheduling.SlotsPerWeek), Priority: 1})
	}
	for i := range supervisors {
		p.Supervisors = append(p.Supervisors, scheduling.Supervisor{Person: person(fmt.Sprintf("s%d", i)), Share: 1})
	}
	return p
}

func introduction(id string, dates int) scheduling.Round {
	return scheduling.Round{ID: id, Kind: scheduling.Introduction, Dur: 6, Dates: dates, Priority: 1}
}

func individual(id string) scheduling.Round {
	return scheduling.Round{ID: id, Kind: scheduling.Individual, Dur: 4, Priority: 1}
}

func group(id string, g scheduling.Grouping) scheduling.Round {
	return scheduling.Round{ID: id, Kind: scheduling.Group, Grouping: g, DurBySize: map[string]int{"3": 6, "4": 8, "5": 10}, Priority: 1}
}

// plan reads sessions such as "G1 s0 48: m0 m1 m2" or, with a group, "G1/a s0 48: m0 m1 m2", and gives them their round's length.
func plan(p *scheduling.Problem, sessions ...string) *scheduling.Plan {
	out := &scheduling.Plan{}
	for _, text := range sessions {
		var head, supervisor string
		var start int
		left, right, _ := strings.Cut(text, ":")
		if _, err := fmt.Sscan(left, &head, &supervisor, &start); err != nil {
			panic(text + ": " + err.Error())
		}
		s := scheduling.Session{Supervisor: supervisor, Start: start, Members: strings.Fields(right), Mode: scheduling.Virtual, Dur: 4}
		s.Round, s.Group, _ = strings.Cut(head, "/")
		for _, r := range p.Rounds {
			if r.ID == s.Round {
				s.Dur = r.Dur
				if d, ok := r.DurBySize[fmt.Sprint(len(s.Members))]; ok {
					s.Dur = d
				}
			}
		}
		out.Sessions = append(out.Sessions, s)
	}
	return out
}

// say is one session for plan.
func say(round, supervisor string, start int, members ...string) string {
	return fmt.Sprintf("%s %s %d: %s", round, supervisor, start, strings.Join(members, " "))
}

// copied is a copy that shares nothing with the plan.
func copied(in *scheduling.Plan) *scheduling.Plan {
	out := *in
	out.Sessions = append([]scheduling.Session{}, in.Sessions...)
	for i := range out.Sessions {
		out.Sessions[i].Members = append([]string{}, in.Sessions[i].Members...)
	}
	out.Unassigned = append([]scheduling.Unassigned{}, in.Unassigned...)
	return &out
}

// copiedProblem is a copy that shares no list with the problem which a test may change.
func copiedProblem(in *scheduling.Problem) *scheduling.Problem {
	out := *in
	out.Weights = maps.Clone(in.Weights)
	out.Rounds = append([]scheduling.Round{}, in.Rounds...)
	out.Mentors = append([]scheduling.Mentor{}, in.Mentors...)
	out.Supervisors = append([]scheduling.Supervisor{}, in.Supervisors...)
	out.Forbidden = append([]scheduling.Pair{}, in.Forbidden...)
	out.Dependent = append([]scheduling.Pair{}, in.Dependent...)
	out.Pins = append([]scheduling.Pin{}, in.Pins...)
	if in.Reference != nil {
		out.Reference = copied(in.Reference)
	}
	return &out
}
