package supervision

import "time"

// Session is one meeting that is booked, or was. The row exists from publication or booking on.
type Session struct {
	ID         SessionID
	Cycle      CycleID
	Round      RoundID // zero: booked by hand without one
	Group      GroupID // closed groups only
	Kind       RoundKind
	Supervisor PersonID
	Mentors    []Attendance
	Start, End Instant
	TimeZone   string // the anchor zone
	Mode       Mode
	Place      string
	State      SessionState
	Revision   int // counts changes of time, place and members; each asks for answers anew
	Planned    bool
	MadeOn     Date     // the day from which its relations hold
	Attention  []Reason // what keeps it from being confirmed, or has come up since
	Version    int
}

// SessionState is where a session stands.
type SessionState string

const (
	OnHold    SessionState = "on_hold"   // its time is held for its people
	Proposed  SessionState = "proposed"  // the hold was declined, released or lapsed: nobody's time is held
	Confirmed SessionState = "confirmed" // all accepted, and the law held
	Completed SessionState = "completed"
	Cancelled SessionState = "cancelled"
	NoShow    SessionState = "no_show"
)

// Occupies says whether the session holds its people's time: an occupancy row exists exactly then.
func (s SessionState) Occupies() bool { return s == OnHold || s == Confirmed }

// Standing says whether the session counts for others that are planned: it occupies, or has taken place.
func (s SessionState) Standing() bool { return s.Occupies() || s == Completed || s == NoShow }

// Attendance is one mentor's part in a session.
type Attendance struct {
	Person        PersonID
	Answer        Answer
	Revision      int // the revision that is answered
	ShortNoticeOK bool
	AnsweredAt    Instant
	Version       int
}

// Answer is what a mentor says to a session's revision.
type Answer string

const (
	Invited   Answer = "invited"
	Accepted  Answer = "accepted"
	Tentative Answer = "tentative"
	Declined  Answer = "declined"
)

// Accepts says whether the mentor has accepted the revision; silence is no answer (H24).
func (a Attendance) Accepts(revision int) bool { return a.Answer == Accepted && a.Revision == revision }

// Same says whether a part has the same content as another, whatever their versions.
func (a Attendance) Same(b Attendance) bool {
	return a.Person == b.Person && a.Answer == b.Answer && a.Revision == b.Revision && a.ShortNoticeOK == b.ShortNoticeOK && a.AnsweredAt.Equal(b.AnsweredAt)
}

// People lists everybody whose time the session takes: its mentors and its supervisor.
func (s Session) People() []PersonID {
	people := make([]PersonID, 0, len(s.Mentors)+1)
	for _, a := range s.Mentors {
		people = append(people, a.Person)
	}
	people = append(people, s.Supervisor)
	sortIDs(people)
	return people
}

// MentorIDs lists its mentors in the order of their ids.
func (s Session) MentorIDs() []PersonID {
	ids := make([]PersonID, 0, len(s.Mentors))
	for _, a := range s.Mentors {
		ids = append(ids, a.Person)
	}
	sortIDs(ids)
	return ids
}

// Attendance returns the part of one mentor; ok is false for everybody else.
func (s Session) Attendance(p PersonID) (a Attendance, ok bool) {
	for _, a := range s.Mentors {
		if a.Person == p {
			return a, true
		}
	}
	return Attendance{}, false
}

// Answered says whether every mentor has accepted the present revision, or need not: an introduction waits for nobody.
func (s Session) Answered() bool {
	if s.Kind == KindIntroduction {
		return true
	}
	for _, a := range s.Mentors {
		if !a.Accepts(s.Revision) {
			return false
		}
	}
	return true
}

// Started says whether the session has begun.
func (s Session) Started(now time.Time) bool { return !now.Before(s.Start) }
