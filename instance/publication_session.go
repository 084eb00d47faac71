package instance

import (
	"slices"

	"kreds/calendar"
	"kreds/supervision"
)

// outcome says what becomes of each session.
func (m *matching) outcome(out *Published, ids NewIDs) {
	for i, p := range m.plan {
		if !m.pinned[i].IsZero() {
			continue
		}
		if m.row[i] < 0 {
			s := m.fresh(i, ids.Session())
			out.Put = append(out.Put, s)
			out.Named[p.ID] = s.ID
			continue
		}
		was := m.rows[m.row[i]]
		out.Named[p.ID] = was.ID
		switch {
		case !m.same(was, p):
			out.Move = append(out.Move, Moved{was, m.moved(was, i)})
		case was.State == supervision.Proposed:
			out.Hold = append(out.Hold, m.heldAgain(was))
		default:
			out.Keep = append(out.Keep, was)
		}
	}
	for k, s := range m.rows {
		if !m.taken[k] {
			s.State, s.Attention = supervision.Cancelled, nil
			out.Cancel = append(out.Cancel, s)
		}
	}
}

// same says whether a session is what the plan has: time, mode, supervisor and members.
func (m *matching) same(s supervision.Session, p supervision.PlanSession) bool {
	return s.Start.Equal(p.Start) && s.End.Equal(p.End) && s.Mode == p.Mode && s.Supervisor == p.Supervisor && slices.Equal(s.MentorIDs(), p.Mentors)
}

// fresh is a session that the plan puts.
func (m *matching) fresh(i int, id supervision.SessionID) supervision.Session {
	p := m.plan[i]
	r := m.round[p.Round]
	s := supervision.Session{
		ID: id, Cycle: m.Cycle.ID, Round: p.Round, Group: m.group[i], Kind: r.Kind, Supervisor: p.Supervisor,
		Start: p.Start, End: p.End, TimeZone: m.Cycle.TimeZone, Mode: p.Mode, State: supervision.OnHold, Revision: 1, Planned: true, MadeOn: m.today(),
	}
	s.Place = m.place(p, "")
	for _, mentor := range p.Mentors {
		s.Mentors = append(s.Mentors, supervision.Attendance{Person: mentor, Answer: supervision.Invited})
	}
	return s
}

// moved is a session as the plan has it: a new revision, on hold. Who has answered before has answered an earlier revision.
func (m *matching) moved(was supervision.Session, i int) supervision.Session {
	p := m.plan[i]
	s := was
	s.Supervisor, s.Start, s.End, s.Mode, s.Place = p.Supervisor, p.Start, p.End, p.Mode, m.place(p, was.Place)
	s.State, s.Revision, s.Attention = supervision.OnHold, was.Revision+1, nil
	s.Mentors = nil
	for _, mentor := range p.Mentors {
		a, member := was.Attendance(mentor)
		if !member {
			a = supervision.Attendance{Person: mentor, Answer: supervision.Invited}
		}
		a.ShortNoticeOK = false
		s.Mentors = append(s.Mentors, a)
	}
	return s
}

// heldAgain is a session whose time is held again as it was.
func (m *matching) heldAgain(was supervision.Session) supervision.Session {
	s := was
	s.State, s.Attention = supervision.OnHold, nil
	s.Mentors = slices.Clone(was.Mentors)
	for i, a := range s.Mentors {
		if !a.Accepts(s.Revision) {
			s.Mentors[i] = supervision.Attendance{Person: a.Person, Answer: supervision.Invited, Version: a.Version}
		}
	}
	return s
}

// place is where people meet in person: the round's site, unless somebody chose another place for such a session.
func (m *matching) place(p supervision.PlanSession, chosen string) string {
	if p.Mode != supervision.InPerson {
		return ""
	}
	if chosen != "" {
		return chosen
	}
	return m.round[p.Round].Site
}

// today is the day in the cycle's zone; the cycle's zone was loaded when the plan was judged.
func (m *matching) today() supervision.Date {
	if zone, err := calendar.LoadZone(m.Cycle.TimeZone); err == nil {
		return supervision.DateOf(m.Now.In(zone))
	}
	return supervision.DateOf(m.Now.UTC())
}

// placements makes a seat for each mentor whom the plan names for the first time, and proposes a seat again whose group is another
// one now.
func (m *matching) placements(out *Published, ids NewIDs) {
	group := map[supervision.PersonID]supervision.GroupID{}
	var mentors []supervision.PersonID
	for i, p := range m.plan {
		for _, mentor := range p.Mentors {
			if _, known := group[mentor]; !known || !m.group[i].IsZero() {
				group[mentor] = m.group[i]
			}
			mentors = append(mentors, mentor)
		}
	}
	for _, mentor := range sorted(mentors) {
		at := slices.IndexFunc(m.Placements, func(p supervision.Placement) bool { return p.Cycle == m.Cycle.ID && p.Mentor == mentor })
		p := supervision.Placement{Cycle: m.Cycle.ID, Mentor: mentor, Group: group[mentor], State: supervision.PlacementProposed, ProposedAt: supervision.At(m.Now)}
		if at < 0 {
			p.ID = ids.Placement()
			out.PlacementsMade = append(out.PlacementsMade, p)
			continue
		}
		if was := m.Placements[at]; was.Group != p.Group || was.State == supervision.PlacementWithdrawn {
			p.ID, p.Version = was.ID, was.Version
			out.PlacementsAgain = append(out.PlacementsAgain, p)
		}
	}
}
