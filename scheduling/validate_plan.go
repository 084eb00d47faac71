package scheduling

import "math"

// Unexplained is the reason of an unassigned mentor where no single rule removed the last option.
const Unexplained = "unknown"

// Validate says whether the plan has the form that the law builds upon: known people and rounds, sessions with a length, numbers
// within bounds. Whether it is lawful is package check's question. The problem is valid itself. The error is Faults.
func (plan *Plan) Validate(p *Problem) error {
	v := validation{problem: p, persons: map[string]role{}, rounds: map[string]*Round{}}
	for i := range p.Rounds {
		v.rounds[p.Rounds[i].ID] = &p.Rounds[i]
	}
	for _, m := range p.Mentors {
		v.persons[m.ID] = mentorRole
	}
	for _, s := range p.Supervisors {
		v.persons[s.ID] = supervisorRole
	}
	v.plan(plan, "")
	return v.faults.err()
}

func (v *validation) plan(plan *Plan, at string) {
	v.count(at+"/sessions", len(plan.Sessions), maxList)
	for i := range plan.Sessions {
		if v.faults.full() {
			return
		}
		v.session(&plan.Sessions[i], item(at+"/sessions", i))
	}
	v.count(at+"/unassigned", len(plan.Unassigned), maxPeople*maxRounds)
	for i, u := range plan.Unassigned {
		if v.faults.full() {
			return
		}
		at := item(at+"/unassigned", i)
		v.known(at+"/0", u.Mentor, mentorRole)
		if v.rounds[u.Round] == nil {
			v.faults.add(at+"/1", "there is no round %s", quoted(u.Round))
		}
		if _, known := RuleByID(u.Reason); !known && u.Reason != Unexplained {
			v.faults.add(at+"/2", "the id of a rule or %q is due, not %s", Unexplained, quoted(u.Reason))
		}
	}
	if b := plan.Bound; b != nil && (math.IsNaN(*b) || math.IsInf(*b, 0)) {
		v.faults.add(at+"/bound", "the bound is no number")
	}
	for i, n := range plan.Iterations {
		v.between(item(at+"/iterations", i), n, 0, math.MaxInt)
	}
}

// session leaves the roles to H21: a member may be any person of the problem.
func (v *validation) session(s *Session, at string) {
	round := v.rounds[s.Round]
	if round == nil {
		v.faults.add(at+"/round", "there is no round %s", quoted(s.Round))
	} else if s.Group != "" && round.Grouping != Closed {
		v.faults.add(at+"/group", "only sessions of closed rounds name a group, not those of %s", quoted(s.Round))
	}
	if s.Group != "" {
		v.id(at+"/group", s.Group)
	}
	v.count(at+"/members", len(s.Members), maxPeople)
	for i, m := range s.Members {
		v.known(item(at+"/members", i), m, mentorRole, supervisorRole)
	}
	v.known(at+"/supervisor", s.Supervisor, supervisorRole, mentorRole)
	v.slot(at+"/start", s.Start)
	v.between(at+"/dur", s.Dur, 1, SlotsPerWeek)
	if v.problem.Profile == ProfileCore && round != nil && s.Dur != round.Dur {
		v.faults.add(at+"/dur", "in profile core a session of round %s lasts %d slots, not %d", quoted(s.Round), round.Dur, s.Dur)
	}
	oneOf(v, at+"/mode", s.Mode, Virtual, InPerson)
}
