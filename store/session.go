package store

import (
	"fmt"
	"slices"

	"gorm.io/gorm/clause"

	"kreds/supervision"
)

type sessionRow struct {
	Of           owned                 `gorm:"embedded"`
	ID           supervision.SessionID `gorm:"primaryKey"`
	CycleID      supervision.CycleID
	RoundID      supervision.RoundID
	GroupID      supervision.GroupID
	Kind         string
	SupervisorID supervision.PersonID
	StartsAt     instant
	EndsAt       instant
	TimeZone     string
	Mode         string
	Place        string
	State        string
	Revision     int
	Planned      bool
	MadeOn       supervision.Date
	Attention    doc[[]supervision.Reason]
	Version      int
}

func (sessionRow) TableName() string { return "session" }

type attendanceRow struct {
	Of            owned                 `gorm:"embedded"`
	SessionID     supervision.SessionID `gorm:"primaryKey"`
	PersonID      supervision.PersonID  `gorm:"primaryKey"`
	Answer        string
	Revision      int
	ShortNoticeOk bool
	AnsweredAt    instant
	Version       int
}

func (attendanceRow) TableName() string { return "attendance" }

func (tx *Tx) attendanceRow(s supervision.SessionID, a supervision.Attendance) *attendanceRow {
	return &attendanceRow{tx.owned(), s, a.Person, string(a.Answer), a.Revision, a.ShortNoticeOK, at(a.AnsweredAt), a.Version}
}

// putSession writes a session over the version it has and raises it; version 0 is new. was is what is stored of it. A mentor's
// part is written only where it is another one, and then over the version that it has: each content has a version of its own.
func (tx *Tx) putSession(s *supervision.Session, was supervision.Session) error {
	s.Version++
	err := tx.put(&sessionRow{tx.owned(), s.ID, s.Cycle, s.Round, s.Group, string(s.Kind), s.Supervisor, at(s.Start), at(s.End), s.TimeZone,
		string(s.Mode), s.Place, string(s.State), s.Revision, s.Planned, s.MadeOn, docOf(orEmpty(s.Attention)), s.Version}, s.ID.Any(), s.Version)
	if err != nil {
		return named(err)
	}
	for i := range s.Mentors {
		a := &s.Mentors[i]
		before, there := was.Attendance(a.Person)
		switch {
		case !there:
			a.Version = 1
			err = named(tx.insert(tx.attendanceRow(s.ID, *a)))
		case a.Same(before):
			a.Version = before.Version
		default:
			err = tx.PutAttendance(s.ID, a)
		}
		if err != nil {
			return err
		}
	}
	if !slices.ContainsFunc(was.Mentors, func(a supervision.Attendance) bool { _, stays := s.Attendance(a.Person); return !stays }) {
		return nil
	}
	_, err = tx.remove("attendance", "session_id = ? AND person_id NOT IN ?", s.ID, ids(s.MentorIDs()))
	return err
}

// PutSession writes a session whose time and people stay as they are: its attention, or its state from on_hold to confirmed.
// Occupancy follows by Claim alone, so a session that takes other time or other people's, or that begins or ceases to take it,
// is refused here, and so is a new one that takes time.
func (tx *Tx) PutSession(s *supervision.Session) error {
	var was supervision.Session
	if s.Version > 0 {
		var err error
		if was, err = tx.Session(s.ID); err != nil {
			return err
		}
	}
	moved := s.Version > 0 && (!s.Start.Equal(was.Start) || !s.End.Equal(was.End) || !slices.Equal(s.People(), was.People()))
	if s.Version == was.Version && (moved || s.State.Occupies() != was.State.Occupies()) {
		return &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: fmt.Errorf("store: session %s takes other time than before; that is for Claim", s.ID)}
	}
	return tx.putSession(s, was)
}

// PutAttendance writes one mentor's part over the version it has and raises it.
func (tx *Tx) PutAttendance(session supervision.SessionID, a *supervision.Attendance) error {
	a.Version++
	r := tx.attendanceRow(session, *a)
	columns, keys, err := tx.columns(r)
	if err != nil {
		return err
	}
	res := tx.db.Table(r.TableName()).Where(keys).Where("version = ?", a.Version-1).Updates(columns)
	if res.Error != nil {
		return classify(res.Error)
	}
	if res.RowsAffected == 0 {
		return supervision.Fault(supervision.Conflict, "stale-tag", "This answer was changed in the meantime. Read it again.")
	}
	return tx.changed("attendance", session.Any(), a.Version, false)
}

// PutEarlierTime keeps a time that a session no longer has.
func (tx *Tx) PutEarlierTime(s supervision.Session, why string) error {
	return classify(tx.db.Exec("INSERT INTO session_time (tenant, session_id, revision, starts_at, ends_at, why) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		tx.actor.Tenant, s.ID, s.Revision, at(s.Start), at(s.End), why).Error)
}

// Session returns one session.
func (tx *Tx) Session(id supervision.SessionID) (supervision.Session, error) {
	list, err := tx.SessionsByID([]supervision.SessionID{id})
	if err != nil || len(list) == 0 {
		return supervision.Session{}, absent(err)
	}
	return list[0], nil
}

// SessionsByID returns the sessions with these ids in the order of ids.
func (tx *Tx) SessionsByID(of []supervision.SessionID) ([]supervision.Session, error) {
	return tx.sessions(many[sessionRow](tx.from("session").Where("t.id IN ?", ids(of)).Order("t.id")))
}

// LockSessions locks sessions in the order of their ids, after their people, and returns them.
func (tx *Tx) LockSessions(of []supervision.SessionID) ([]supervision.Session, error) {
	q := tx.from("session").Where("t.id IN ?", ids(of)).Order("t.id")
	if !tx.s.sqlite {
		q = q.Clauses(clause.Locking{Strength: "NO KEY UPDATE"})
	}
	return tx.sessions(many[sessionRow](q))
}

// SessionsIn lists the sessions of a cycle, whatever their state, by start.
func (tx *Tx) SessionsIn(cycle supervision.CycleID) ([]supervision.Session, error) {
	return tx.sessions(many[sessionRow](tx.from("session").Where("t.cycle_id = ?", cycle).Order("t.starts_at, t.id")))
}

// SessionsOf lists the sessions in which any of these people take part as mentor or supervisor and that end after an
// instant, whatever their state, by start.
func (tx *Tx) SessionsOf(people []supervision.PersonID, after supervision.Instant) ([]supervision.Session, error) {
	q := tx.from("session").Where("t.ends_at > ?", at(after)).Where(`(t.supervisor_id IN ? OR EXISTS
		(SELECT 1 FROM attendance a WHERE a.tenant = t.tenant AND a.session_id = t.id AND a.person_id IN ?))`, ids(people), ids(people))
	return tx.sessions(many[sessionRow](q.Order("t.starts_at, t.id")))
}

// HeldSessions lists the sessions on hold that lie ahead: the sweep rings those that are ready again.
func (tx *Tx) HeldSessions() ([]supervision.Session, error) {
	return tx.sessions(many[sessionRow](tx.from("session").Where("t.state = 'on_hold' AND t.starts_at > ?", at(tx.now)).Order("t.id")))
}

// SessionFilter narrows a list of sessions.
type SessionFilter struct {
	From, To  supervision.Instant // half-open, by start
	Cycle     supervision.CycleID
	Group     supervision.GroupID
	State     []supervision.SessionState
	Attention bool
	Mine      bool
}

// ListSessions is a page of those that the actor may see.
func (tx *Tx) ListSessions(f SessionFilter, p Page) ([]supervision.Session, error) {
	q := tx.visible(tx.from("session"), Sessions, "listSessions")
	if !f.From.IsZero() {
		q = q.Where("t.starts_at >= ?", at(f.From))
	}
	if !f.To.IsZero() {
		q = q.Where("t.starts_at < ?", at(f.To))
	}
	if !f.Cycle.IsZero() {
		q = q.Where("t.cycle_id = ?", f.Cycle)
	}
	if !f.Group.IsZero() {
		q = q.Where("t.group_id = ?", f.Group)
	}
	if len(f.State) > 0 {
		q = q.Where("t.state IN ?", f.State)
	}
	if f.Attention {
		q = q.Where("CAST(t.attention AS text) <> '[]'")
	}
	if f.Mine {
		q = q.Where(`(t.supervisor_id = ? OR EXISTS (SELECT 1 FROM attendance a WHERE a.tenant = t.tenant AND a.session_id = t.id AND a.person_id = ?))`,
			tx.actor.Person, tx.actor.Person)
	}
	return tx.sessions(many[sessionRow](p.byStart(q)))
}

func (tx *Tx) sessions(rows []sessionRow, err error) ([]supervision.Session, error) {
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	of := make([]supervision.SessionID, len(rows))
	for i, r := range rows {
		of[i] = r.ID
	}
	parts, err := many[attendanceRow](tx.from("attendance").Where("t.session_id IN ?", of).Order("t.session_id, t.person_id"))
	if err != nil {
		return nil, err
	}
	in := map[supervision.SessionID][]supervision.Attendance{}
	for _, a := range parts {
		in[a.SessionID] = append(in[a.SessionID], supervision.Attendance{Person: a.PersonID, Answer: supervision.Answer(a.Answer), Revision: a.Revision,
			ShortNoticeOK: a.ShortNoticeOk, AnsweredAt: a.AnsweredAt.get(), Version: a.Version})
	}
	return each(rows, nil, func(r sessionRow) supervision.Session {
		return supervision.Session{ID: r.ID, Cycle: r.CycleID, Round: r.RoundID, Group: r.GroupID, Kind: supervision.RoundKind(r.Kind),
			Supervisor: r.SupervisorID, Mentors: in[r.ID], Start: r.StartsAt.get(), End: r.EndsAt.get(), TimeZone: r.TimeZone,
			Mode: supervision.Mode(r.Mode), Place: r.Place, State: supervision.SessionState(r.State), Revision: r.Revision, Planned: r.Planned,
			MadeOn: r.MadeOn, Attention: r.Attention.v, Version: r.Version}
	})
}
