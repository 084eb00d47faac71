package check

import (
	"cmp"
	"slices"

	"kreds/scheduling"
)

// hearing is one plan before the law: who is who, who sits where, and what was found so far.
type hearing struct {
	problem *scheduling.Problem
	plan    *scheduling.Plan
	judge   Judge
	core    bool // profile core

	persons     map[string]*scheduling.Person
	mentors     map[string]*scheduling.Mentor
	supervisors map[string]*scheduling.Supervisor
	rounds      map[string]*scheduling.Round
	order       map[string]int // of individual and group rounds: the place in the template

	sessions  []session                  // as in the plan
	keeps     map[int]int                // by session: the pin that it keeps
	occasions map[string][]occasion      // by person, by start
	forbidden map[pair][]scheduling.Pair // by the two mentors, in order of their ids
	dependent map[pair][]scheduling.Pair // supervisor, mentor

	rule  string // the one that is being judged
	found []finding
}

// session is one session of the plan with what the rules ask of it.
type session struct {
	scheduling.Session
	index  int
	round  *scheduling.Round // nil: booked without one, or unknown
	kind   scheduling.Kind
	span   scheduling.Span
	seats  []string // the members, each once
	stands bool     // it keeps a standing pin
}

// people are the members and the supervisor, each once.
func (s session) people() []string {
	if s.Supervisor == "" || slices.Contains(s.seats, s.Supervisor) {
		return s.seats
	}
	return append(slices.Clip(s.seats), s.Supervisor)
}

// occasion is a session in a person's time: one of the plan, or a standing one outside of the problem (session -1).
type occasion struct {
	scheduling.Span
	session int
	kind    scheduling.Kind
	round   string
}

// counts says whether the occasion is an individual or a group session: introductions don't count in gap, order and the
// sessions of a mentor's day.
func (o occasion) counts() bool { return o.kind != scheduling.Introduction }

// pair is two ids.
type pair [2]string

func unordered(a, b string) pair { return pair{min(a, b), max(a, b)} }

func open(p *scheduling.Problem, plan *scheduling.Plan, j Judge) *hearing {
	h := &hearing{
		problem: p, plan: plan, judge: j, core: p.Profile == scheduling.ProfileCore,
		persons: map[string]*scheduling.Person{}, mentors: map[string]*scheduling.Mentor{},
		supervisors: map[string]*scheduling.Supervisor{}, rounds: map[string]*scheduling.Round{},
		order: map[string]int{}, occasions: map[string][]occasion{},
		forbidden: map[pair][]scheduling.Pair{}, dependent: map[pair][]scheduling.Pair{},
	}
	for i := range p.Rounds {
		r := &p.Rounds[i]
		h.rounds[r.ID] = r
		if r.Kind != scheduling.Introduction {
			h.order[r.ID] = len(h.order)
		}
	}
	for i := range p.Supervisors {
		s := &p.Supervisors[i]
		h.supervisors[s.ID], h.persons[s.ID] = s, &s.Person
	}
	for i := range p.Mentors {
		m := &p.Mentors[i]
		h.mentors[m.ID], h.persons[m.ID] = m, &m.Person
	}
	for _, f := range p.Forbidden {
		key := unordered(f.A, f.B)
		h.forbidden[key] = append(h.forbidden[key], f)
	}
	for _, d := range p.Dependent {
		key := pair{d.A, d.B}
		h.dependent[key] = append(h.dependent[key], d)
	}
	h.seat()
	return h
}

// seat brings the sessions of the plan and the standing ones into everybody's time.
func (h *hearing) seat() {
	for id, person := range h.persons {
		for _, t := range person.Taken {
			h.occasions[id] = append(h.occasions[id], occasion{t.Span, -1, t.Kind, t.Round})
		}
	}
	h.keeps = scheduling.KeepPins(h.problem.Pins, h.plan.Sessions)
	for i, s := range h.plan.Sessions {
		round := h.rounds[s.Round]
		sn := session{Session: s, index: i, round: round, seats: distinct(s.Members)}
		if pin, keeps := h.keeps[i]; keeps {
			sn.stands = h.problem.Pins[pin].Standing
		}
		sn.kind = kindOf(round, len(sn.seats))
		if h.core && round != nil {
			sn.Dur = round.Dur // in profile core a round has one fixed length
		}
		sn.span = sn.Session.Span()
		h.sessions = append(h.sessions, sn)
		for _, id := range sn.people() {
			h.occasions[id] = append(h.occasions[id], occasion{sn.span, i, sn.kind, s.Round})
		}
	}
	for _, list := range h.occasions {
		slices.SortStableFunc(list, func(a, b occasion) int {
			return cmp.Or(a.From-b.From, a.To-b.To, a.session-b.session)
		})
	}
}

// kindOf is the kind of a session: its round's, and without one an individual session for one mentor, else a group session.
func kindOf(round *scheduling.Round, seats int) scheduling.Kind {
	switch {
	case round != nil:
		return round.Kind
	case seats == 1:
		return scheduling.Individual
	}
	return scheduling.Group
}

// of gives the sessions of a kind.
func (h *hearing) of(kind scheduling.Kind) []session {
	return slices.DeleteFunc(slices.Clone(h.sessions), func(s session) bool { return s.kind != kind })
}

// distinct gives the ids in their order, each once.
func distinct(ids []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, id := range ids {
		if !seen[id] {
			out, seen[id] = append(out, id), true
		}
	}
	return out
}
