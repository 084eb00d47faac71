package instance

import (
	"cmp"
	"slices"
	"strconv"

	"kreds/scheduling"
	"kreds/supervision"
)

// movable says whether a publication may match, move or cancel the session: it was planned, is on hold, confirmed or proposed, and
// has not started.
func movable(s supervision.Session, now supervision.Instant) bool {
	return s.Planned && !s.Started(now) && (s.State.Occupies() || s.State == supervision.Proposed)
}

// standing sorts the sessions that exist: those of the cycle's rounds that a plan has to keep, and those that only take time.
// What a publication may change is in neither, and what holds nobody's time does not count.
func (f Facts) standing() (pins, taken []supervision.Session) {
	for _, s := range f.Standing {
		switch {
		case !s.State.Standing() || s.Cycle == f.Cycle.ID && movable(s, f.Now):
		case s.Cycle == f.Cycle.ID && f.hasRound(s.Round) && slices.ContainsFunc(s.Mentors, func(a supervision.Attendance) bool { return f.mentor(a.Person) }):
			pins = append(pins, s)
		default:
			taken = append(taken, s)
		}
	}
	byStart := func(x, y supervision.Session) int { return cmp.Or(x.Start.Compare(y.Start), x.ID.Compare(y.ID)) }
	slices.SortFunc(pins, byStart)
	slices.SortFunc(taken, byStart)
	return pins, taken
}

func (f Facts) hasRound(id supervision.RoundID) bool {
	return slices.ContainsFunc(f.Rounds, func(r supervision.Round) bool { return r.ID == id })
}

func (f Facts) mentor(p supervision.PersonID) bool {
	return slices.ContainsFunc(f.Mentors, func(m Mentor) bool { return m.ID == p })
}

// join brings in those who led a pinned session and are not assigned any more, as supervisors without working time.
func (b *builder) join(pins []supervision.Session) {
	for _, s := range pins {
		if _, known := b.names.supervisors[s.Supervisor]; known {
			continue
		}
		n := len(b.names.Supervisors)
		b.names.supervisors[s.Supervisor] = n
		b.names.Supervisors = append(b.names.Supervisors, s.Supervisor)
		b.problem.Supervisors = append(b.problem.Supervisors, scheduling.Supervisor{Person: scheduling.Person{ID: "s" + strconv.Itoa(n)}})
	}
}

// pinStanding pins sessions as they stand. Of their members those count who are still enrolled. An introduction round has at
// least as many dates as it has such sessions.
func (b *builder) pinStanding(pins []supervision.Session) {
	dates := map[string]int{}
	for _, s := range pins {
		round, _ := b.names.RoundName(s.Round)
		leader, _ := b.names.supervisor(s.Supervisor)
		start := b.floor(s.Start)
		b.problem.Pins = append(b.problem.Pins, scheduling.Pin{Round: round, Members: b.names.known(s.MentorIDs()), Supervisor: leader, Start: &start, Standing: true})
		b.names.Standing = append(b.names.Standing, s.ID)
		dates[round]++
	}
	for i := range b.problem.Rounds {
		if r := &b.problem.Rounds[i]; r.Kind == scheduling.Introduction {
			r.Dates = max(r.Dates, dates[r.ID])
		}
	}
}

// take brings sessions into people's time that are no part of the plan. Those of the cycle name their round.
func (b *builder) take(taken []supervision.Session) {
	spans := map[string][]scheduling.TakenSpan{}
	for _, s := range taken {
		t := scheduling.TakenSpan{Span: scheduling.Span{From: b.floor(s.Start), To: b.ceil(s.End)}, Kind: scheduling.Kind(s.Kind)}
		if s.Cycle == b.Cycle.ID {
			t.Round, _ = b.names.RoundName(s.Round)
		}
		for _, p := range s.People() {
			if name, known := b.names.Name(p); known {
				spans[name] = append(spans[name], t)
			}
		}
	}
	for i := range b.problem.Mentors {
		b.problem.Mentors[i].Taken = spans[b.problem.Mentors[i].ID]
	}
	for i := range b.problem.Supervisors {
		b.problem.Supervisors[i].Taken = spans[b.problem.Supervisors[i].ID]
	}
}

// pinPlanned pins what a manager has pinned in a plan. A pin that a standing session keeps already is not asked for again, since
// two pins need two sessions; and nobody is pinned who does not take part any more.
func (b *builder) pinPlanned() {
	standing := slices.Clone(b.problem.Pins)
	for _, p := range b.planned(b.Pins) {
		pin := b.pinOf(p)
		if len(pin.Members) == 0 && pin.Supervisor == "" && pin.Start == nil {
			continue
		}
		kept := slices.IndexFunc(standing, func(s scheduling.Pin) bool {
			return s.Round == pin.Round && (len(pin.Members) == 0 || slices.Equal(s.Members, pin.Members)) &&
				(pin.Supervisor == "" || s.Supervisor == pin.Supervisor) && (pin.Start == nil || *s.Start == *pin.Start)
		})
		if kept >= 0 {
			standing = slices.Delete(standing, kept, kept+1)
			continue
		}
		b.problem.Pins = append(b.problem.Pins, pin)
	}
}

// pinOf is so much of a plan session as is pinned and can be pinned still.
func (b *builder) pinOf(p supervision.PlanSession) (pin scheduling.Pin) {
	pin.Round, _ = b.names.RoundName(p.Round)
	if p.Pinned.Members {
		pin.Members = b.names.known(p.Mentors)
	}
	if p.Pinned.Supervisor {
		if name, known := b.names.supervisor(p.Supervisor); known {
			pin.Supervisor = name
		}
	}
	if p.Pinned.Start {
		start := b.floor(p.Start)
		pin.Start = &start
	}
	return pin
}

// planned are plan sessions of the cycle's rounds in a fixed order.
func (b *builder) planned(sessions []supervision.PlanSession) []supervision.PlanSession {
	out := slices.DeleteFunc(slices.Clone(sessions), func(p supervision.PlanSession) bool { return !b.hasRound(p.Round) })
	slices.SortFunc(out, func(x, y supervision.PlanSession) int {
		return cmp.Or(x.Start.Compare(y.Start), x.Supervisor.Compare(y.Supervisor), x.Round.Compare(y.Round), x.ID.Compare(y.ID))
	})
	return out
}

// reference brings in the plan that a replan starts from, so far as its people take part still.
func (b *builder) reference() {
	var sessions []supervision.PlanSession
	for _, p := range b.planned(b.Reference) {
		if _, known := b.names.supervisor(p.Supervisor); known && len(b.names.known(p.Mentors)) > 0 {
			sessions = append(sessions, p)
		}
	}
	if len(sessions) > 0 {
		plan := Built{b.problem, b.names}.Plan(sessions, nil)
		b.problem.Reference = &plan
	}
}
