package store

import (
	"strings"

	"kreds/supervision"
)

type planRow struct {
	Of          owned              `gorm:"embedded"`
	ID          supervision.PlanID `gorm:"primaryKey"`
	CycleID     supervision.CycleID
	RunID       supervision.RunID
	Number      int
	State       string
	Score       doc[supervision.Score]
	Terms       doc[[]supervision.Term]
	Unassigned  doc[[]supervision.Unplaced]
	Unknown     int
	Basis       int
	Put         int
	Moved       int
	Gone        int
	MadeAt      instant
	PublishedAt instant
	Version     int
}

func (planRow) TableName() string { return "plan" }

func (r planRow) plan() supervision.Plan {
	return supervision.Plan{ID: r.ID, Cycle: r.CycleID, Run: r.RunID, Number: r.Number, State: supervision.PlanState(r.State), Score: r.Score.v,
		Terms: r.Terms.v, Unassigned: r.Unassigned.v, Unknown: r.Unknown, Basis: r.Basis, Put: r.Put, Moved: r.Moved, Gone: r.Gone,
		MadeAt: r.MadeAt.get(), PublishedAt: r.PublishedAt.get(), Version: r.Version}
}

// PutPlan writes a plan over the version it has and raises it; version 0 is new and gets its number in the cycle.
func (tx *Tx) PutPlan(p *supervision.Plan) error {
	if p.Version == 0 {
		err := tx.db.Raw("SELECT coalesce(max(number), 0) + 1 FROM plan WHERE tenant = ? AND cycle_id = ?", tx.actor.Tenant, p.Cycle).Scan(&p.Number).Error
		if err != nil {
			return classify(err)
		}
	}
	p.Version++
	err := tx.put(&planRow{tx.owned(), p.ID, p.Cycle, p.Run, p.Number, string(p.State), docOf(p.Score), docOf(orEmpty(p.Terms)),
		docOf(orEmpty(p.Unassigned)), p.Unknown, p.Basis, p.Put, p.Moved, p.Gone, at(p.MadeAt), at(p.PublishedAt), p.Version}, p.ID.Any(), p.Version)
	if duplicate(err) && strings.Contains(err.Error(), "number") {
		return errAgain // another plan of the cycle got the number at the same moment
	}
	return named(err)
}

// Plan returns one plan.
func (tx *Tx) Plan(id supervision.PlanID) (supervision.Plan, error) {
	r, err := first[planRow](tx.from("plan").Where("t.id = ?", id))
	return r.plan(), err
}

// PlanFilter narrows a list of plans.
type PlanFilter struct {
	Cycle supervision.CycleID
	Run   supervision.RunID
	State []supervision.PlanState
}

// ListPlans is a page of those that the actor may see.
func (tx *Tx) ListPlans(f PlanFilter, p Page) ([]supervision.Plan, error) {
	q := tx.visible(tx.from("plan"), Plans, "listPlans")
	if !f.Cycle.IsZero() {
		q = q.Where("t.cycle_id = ?", f.Cycle)
	}
	if !f.Run.IsZero() {
		q = q.Where("t.run_id = ?", f.Run)
	}
	if len(f.State) > 0 {
		q = q.Where("t.state IN ?", f.State)
	}
	rows, err := many[planRow](p.byID(q))
	return each(rows, err, planRow.plan)
}

type planSessionRow struct {
	Of           owned                     `gorm:"embedded"`
	ID           supervision.PlanSessionID `gorm:"primaryKey"`
	PlanID       supervision.PlanID
	RoundID      supervision.RoundID
	GroupName    string
	SupervisorID supervision.PersonID
	StartsAt     instant
	EndsAt       instant
	Mode         string
	Pinned       doc[supervision.Pinned]
	SessionID    supervision.SessionID
	Unknown      int
}

func (planSessionRow) TableName() string { return "plan_session" }

type planMentorRow struct {
	Of            owned                     `gorm:"embedded"`
	PlanSessionID supervision.PlanSessionID `gorm:"primaryKey"`
	PersonID      supervision.PersonID      `gorm:"primaryKey"`
}

func (planMentorRow) TableName() string { return "plan_session_mentor" }

func (tx *Tx) planSessionRow(s supervision.PlanSession) *planSessionRow {
	return &planSessionRow{tx.owned(), s.ID, s.Plan, s.Round, s.Group, s.Supervisor, at(s.Start), at(s.End), string(s.Mode), docOf(s.Pinned), s.Session, s.Unknown}
}

// PutPlanSessions keeps the sessions of a new plan.
func (tx *Tx) PutPlanSessions(sessions []supervision.PlanSession) error {
	rows := make([]*planSessionRow, len(sessions))
	var mentors []*planMentorRow
	for i, s := range sessions {
		rows[i] = tx.planSessionRow(s)
		for _, m := range s.Mentors {
			mentors = append(mentors, &planMentorRow{tx.owned(), s.ID, m})
		}
	}
	if err := insertAll(tx, rows); err != nil {
		return named(err)
	}
	return named(insertAll(tx, mentors))
}

// PutPlanSession writes a session of a plan. The plan's version is raised by its caller: its sessions have no tag of their own.
func (tx *Tx) PutPlanSession(s supervision.PlanSession) error {
	if err := tx.overwrite(tx.planSessionRow(s)); err != nil {
		return named(err)
	}
	if _, err := tx.remove("plan_session_mentor", "plan_session_id = ?", s.ID); err != nil {
		return err
	}
	var mentors []*planMentorRow
	for _, m := range s.Mentors {
		mentors = append(mentors, &planMentorRow{tx.owned(), s.ID, m})
	}
	return named(insertAll(tx, mentors))
}

// PlanSessions lists the sessions of a plan by start.
func (tx *Tx) PlanSessions(plan supervision.PlanID) ([]supervision.PlanSession, error) {
	return tx.planSessions(many[planSessionRow](tx.from("plan_session").Where("t.plan_id = ?", plan).Order("t.starts_at, t.id")))
}

// ListPlanSessions is a page of the sessions of a plan that the actor may see, in the order of ids.
func (tx *Tx) ListPlanSessions(plan supervision.PlanID, p Page) ([]supervision.PlanSession, error) {
	q := tx.visible(tx.from("plan_session"), PlanSessions, "listPlanSessions").Where("t.plan_id = ?", plan)
	return tx.planSessions(many[planSessionRow](p.byID(q)))
}

func (tx *Tx) planSessions(rows []planSessionRow, err error) ([]supervision.PlanSession, error) {
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	of := make([]supervision.PlanSessionID, len(rows))
	for i, r := range rows {
		of[i] = r.ID
	}
	mentors, err := many[planMentorRow](tx.from("plan_session_mentor").Where("t.plan_session_id IN ?", of).Order("t.plan_session_id, t.person_id"))
	if err != nil {
		return nil, err
	}
	in := map[supervision.PlanSessionID][]supervision.PersonID{}
	for _, m := range mentors {
		in[m.PlanSessionID] = append(in[m.PlanSessionID], m.PersonID)
	}
	return each(rows, nil, func(r planSessionRow) supervision.PlanSession {
		return supervision.PlanSession{ID: r.ID, Plan: r.PlanID, Round: r.RoundID, Group: r.GroupName, Mentors: in[r.ID], Supervisor: r.SupervisorID,
			Start: r.StartsAt.get(), End: r.EndsAt.get(), Mode: supervision.Mode(r.Mode), Pinned: r.Pinned.v, Session: r.SessionID, Unknown: r.Unknown}
	})
}

// PlanNow is what can be told of a plan now: how many sessions it has, and the version of its cycle.
type PlanNow struct {
	Sessions int
	Cycle    int
}

// PlansNow tells it of several plans.
func (tx *Tx) PlansNow(of []supervision.PlanID) (map[supervision.PlanID]PlanNow, error) {
	var rows []struct {
		ID       supervision.PlanID
		Version  int
		Sessions int
	}
	err := tx.from("plan").Joins("JOIN cycle c ON c.tenant = t.tenant AND c.id = t.cycle_id").Where("t.id IN ?", ids(of)).
		Select("t.id, c.version, (SELECT count(*) FROM plan_session s WHERE s.tenant = t.tenant AND s.plan_id = t.id) AS sessions").Scan(&rows).Error
	m := map[supervision.PlanID]PlanNow{}
	for _, r := range rows {
		m[r.ID] = PlanNow{r.Sessions, r.Version}
	}
	return m, classify(err)
}
