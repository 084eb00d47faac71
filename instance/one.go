package instance

import (
	"fmt"
	"slices"
	"strconv"

	"kreds/calendar"
	"kreds/scheduling"
	"kreds/supervision"
)

// Case is sessions at hand before the law: the small problem of their people and their time, the plan that consists of them in their
// order, and their places in it, for check.Judge.At.
type Case struct {
	Built
	Plan scheduling.Plan
	At   []int
	// OffGrid are sessions that begin inside a slot, which no problem can say: H31 for whatever is planned, booked or moved. A
	// session that is recorded afterwards may begin on any minute.
	OffGrid []scheduling.Violation
}

// For makes the case of sessions at hand: a booking, a move, a confirmation, all sessions of a publication. The facts name the
// people of these sessions, with Standing all else that takes their time; a session at hand that stands there, too, counts once,
// as it is at hand, and one that is cancelled at hand takes nobody's time any more. Whoever of a session's people the facts do not
// know as mentor or supervisor is a stranger (H21).
//
// People's own time is wanted for the time of the sessions alone. A mentor's introduction in the cycle, on hold, confirmed or
// completed, counts as a preparation that is done when it ends (H11). Whether a closed group keeps its members is asked of the
// sessions at hand only (H20).
func For(f Facts, sessions ...supervision.Session) (Case, error) {
	fr, err := newFrame(f.Cycle, f.Rounds)
	if err != nil {
		return Case{}, err
	}
	f.Standing = others(f.Standing, sessions)
	sessions = slices.DeleteFunc(slices.Clone(sessions), func(s supervision.Session) bool { return s.State == supervision.Cancelled })
	var detail []calendar.Busy
	for _, s := range sessions {
		if !s.Start.Before(s.End) {
			return Case{}, fmt.Errorf("instance: session %s ends before it begins", s.ID)
		}
		detail = append(detail, calendar.Busy{Interval: calendar.Interval{Start: fr.at(fr.floor(s.Start)), End: fr.at(fr.ceil(s.End))}, Kind: calendar.BusyTime})
	}
	f.Mentors = introduced(f)
	b, err := newBuilder(f, fr, times(calendar.Union(detail)), sessions...)
	if err != nil {
		return Case{}, err
	}
	b.strangers(sessions)
	b.take(slices.DeleteFunc(slices.Clone(f.Standing), func(s supervision.Session) bool { return !s.State.Standing() }))
	c := Case{Plan: scheduling.Plan{Sessions: []scheduling.Session{}, Unassigned: []scheduling.Unassigned{}}, At: []int{}}
	if c.Built, err = b.built(); err != nil {
		return Case{}, err
	}
	return c, c.bring(b, sessions)
}

// others are the sessions that are not at hand.
func others(standing, hand []supervision.Session) []supervision.Session {
	return slices.DeleteFunc(slices.Clone(standing), func(s supervision.Session) bool {
		return slices.ContainsFunc(hand, func(h supervision.Session) bool { return h.ID == s.ID && !h.ID.IsZero() })
	})
}

// introduced counts standing introductions of the cycle as preparations.
func introduced(f Facts) []Mentor {
	mentors := slices.Clone(f.Mentors)
	for _, s := range f.Standing {
		if s.Kind != supervision.KindIntroduction || s.Cycle != f.Cycle.ID || !s.State.Occupies() && s.State != supervision.Completed {
			continue
		}
		for i := range mentors {
			m := &mentors[i]
			if _, attends := s.Attendance(m.ID); attends && (m.PreparedAt.IsZero() || s.End.Before(m.PreparedAt)) {
				m.PreparedAt = s.End
			}
		}
	}
	return mentors
}

// strangers names those who are neither mentor nor supervisor of the problem.
func (b *builder) strangers(sessions []supervision.Session) {
	for _, s := range sessions {
		for _, p := range s.People() {
			if _, known := b.names.Name(p); !known {
				b.names.Others = append(b.names.Others, p)
			}
		}
	}
}

// bring makes the plan of the sessions at hand.
func (c *Case) bring(b *builder, sessions []supervision.Session) error {
	var groups []supervision.GroupID
	for i, s := range sessions {
		one := scheduling.Session{Start: b.floor(s.Start), Dur: c.length(s.Start, s.End), Mode: scheduling.Virtual}
		if s.Mode == supervision.InPerson {
			one.Mode = scheduling.InPerson
		}
		if !s.Round.IsZero() {
			name, known := c.Map.RoundName(s.Round)
			if !known {
				return fmt.Errorf("instance: session %s names round %s, which is not of cycle %s", s.ID, s.Round, b.Cycle.ID)
			}
			one.Round = name
		}
		if !s.Group.IsZero() && c.closed(one.Round) {
			if !slices.Contains(groups, s.Group) {
				groups = append(groups, s.Group)
			}
			one.Group = "g" + strconv.Itoa(slices.Index(groups, s.Group)+1)
		}
		for _, a := range s.Mentors {
			name, _ := c.Map.Name(a.Person)
			one.Members = append(one.Members, name)
		}
		if name, known := c.Map.supervisor(s.Supervisor); known {
			one.Supervisor = name
		} else {
			one.Supervisor, _ = c.Map.Name(s.Supervisor)
		}
		c.Plan.Sessions = append(c.Plan.Sessions, one)
		c.At = append(c.At, i)
		if _, exact := c.Map.Slot(s.Start); !exact {
			c.OffGrid = append(c.OffGrid, scheduling.Violation{Rule: "H31", Round: one.Round, Session: i, Subjects: []string{}, Detail: "the session starts inside a slot"})
		}
	}
	return nil
}
