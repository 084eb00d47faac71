package instance

import (
	"cmp"
	"slices"
	"time"

	"kreds/calendar"
	"kreds/scheduling"
	"kreds/supervision"
)

// Sessions turns a plan of the problem into plan sessions, by round, start and supervisor. newID gives their ids in that order.
// What a manager has pinned stays pinned, and a session that stands already names itself.
func (b Built) Sessions(plan *scheduling.Plan, newID func() supervision.PlanSessionID) []supervision.PlanSession {
	order := map[string]int{}
	for i, r := range b.Map.Rounds {
		order[r.Name] = i
	}
	list := slices.Clone(plan.Sessions)
	slices.SortStableFunc(list, func(x, y scheduling.Session) int {
		return cmp.Or(order[x.Round]-order[y.Round], x.Start-y.Start, cmp.Compare(x.Supervisor, y.Supervisor), slices.Compare(x.Members, y.Members))
	})
	keeps := scheduling.KeepPins(b.Problem.Pins, list)
	out := make([]supervision.PlanSession, 0, len(list))
	for i, s := range list {
		p := supervision.PlanSession{
			ID: newID(), Group: s.Group, Start: b.Map.Instant(s.Start), End: b.Map.Instant(s.Start + s.Dur), Mode: supervision.Mode(s.Mode),
		}
		p.Round, _ = b.Map.Round(s.Round)
		p.Supervisor, _ = b.Map.Person(s.Supervisor)
		for _, m := range s.Members {
			if id, known := b.Map.Person(m); known {
				p.Mentors = append(p.Mentors, id)
			}
		}
		if pin, kept := keeps[i]; kept && pin < len(b.Map.Standing) {
			p.Session = b.Map.Standing[pin]
		} else if kept {
			of := b.Problem.Pins[pin]
			p.Pinned = supervision.Pinned{Members: len(of.Members) > 0, Supervisor: of.Supervisor != "", Start: of.Start != nil}
		}
		p.Unknown = b.Unknown(p)
		out = append(out, p)
	}
	return out
}

// Plan turns plan sessions, and those without one, into a plan of the problem. Who or what the problem does not know is left out.
func (b Built) Plan(sessions []supervision.PlanSession, unplaced []supervision.Unplaced) scheduling.Plan {
	plan := scheduling.Plan{Sessions: []scheduling.Session{}, Unassigned: []scheduling.Unassigned{}}
	for _, p := range sessions {
		round, known := b.Map.RoundName(p.Round)
		leader, leads := b.Map.supervisor(p.Supervisor)
		if !known || !leads {
			continue
		}
		start, _ := b.Map.Slot(p.Start)
		s := scheduling.Session{
			Round: round, Members: b.Map.known(p.Mentors), Supervisor: leader, Start: start, Dur: b.length(p.Start, p.End), Mode: scheduling.Virtual,
		}
		if p.Mode == supervision.InPerson {
			s.Mode = scheduling.InPerson
		}
		if b.closed(round) {
			s.Group = p.Group
		}
		plan.Sessions = append(plan.Sessions, s)
	}
	for _, u := range unplaced {
		round, known := b.Map.RoundName(u.Round)
		if name := b.Map.known([]supervision.PersonID{u.Mentor}); known && len(name) > 0 {
			plan.Unassigned = append(plan.Unassigned, scheduling.Unassigned{Mentor: name[0], Round: round, Reason: cmp.Or(u.Rule, scheduling.Unexplained)})
		}
	}
	return plan
}

// Unplaced turns those whom a plan could not place into the words of the field. removed says, for mentor and round, how many
// possibilities each rule took away, as far as that is known.
func (m *Mapping) Unplaced(list []scheduling.Unassigned, removed func(mentor, round string) []supervision.RuleRemoved) []supervision.Unplaced {
	out := make([]supervision.Unplaced, 0, len(list))
	for _, u := range list {
		mentor, known := m.Person(u.Mentor)
		round, of := m.Round(u.Round)
		if !known || !of {
			continue
		}
		one := supervision.Unplaced{Mentor: mentor, Round: round, Rule: u.Reason}
		if removed != nil {
			one.Removed = removed(u.Mentor, u.Round)
		}
		out = append(out, one)
	}
	return out
}

// length counts the slots between two instants, at least one.
func (b Built) length(start, end time.Time) int {
	f := frame{start: b.Map.Start}
	return max(1, f.ceil(end)-f.floor(start))
}

func (b Built) closed(round string) bool {
	return slices.ContainsFunc(b.Problem.Rounds, func(r scheduling.Round) bool { return r.ID == round && r.Grouping == scheduling.Closed })
}

// Unknown counts the people of a plan session whose calendar is unknown or stale at its time. Who takes part no more counts as known.
func (b Built) Unknown(p supervision.PlanSession) (n int) {
	f := frame{start: b.Map.Start}
	at := f.outwards(calendar.Interval{Start: p.Start, End: p.End})
	uncertain := func(who scheduling.Person) bool {
		return slices.ContainsFunc(who.Busy, func(x scheduling.BusySpan) bool {
			return (x.Kind == scheduling.Unknown || x.Kind == scheduling.Stale) && x.Overlaps(at)
		})
	}
	for i, id := range b.Map.Mentors {
		if slices.Contains(p.Mentors, id) && uncertain(b.Problem.Mentors[i].Person) {
			n++
		}
	}
	for i, id := range b.Map.Supervisors {
		if p.Supervisor == id && uncertain(b.Problem.Supervisors[i].Person) {
			n++
		}
	}
	return n
}
