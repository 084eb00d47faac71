package store

import "kreds/supervision"

type enrolmentRow struct {
	Of          owned                   `gorm:"embedded"`
	ID          supervision.EnrolmentID `gorm:"primaryKey"`
	CycleID     supervision.CycleID
	MentorID    supervision.PersonID
	State       string
	Endorsed    bool
	EnrolledOn  supervision.Date
	WithdrawnOn supervision.Date
	Version     int
}

func (enrolmentRow) TableName() string { return "enrolment" }

func (r enrolmentRow) enrolment() supervision.Enrolment {
	return supervision.Enrolment{ID: r.ID, Cycle: r.CycleID, Mentor: r.MentorID, State: supervision.EnrolmentState(r.State), Endorsed: r.Endorsed,
		EnrolledOn: r.EnrolledOn, WithdrawnOn: r.WithdrawnOn, Version: r.Version}
}

// PutEnrolment writes an enrolment over the version it has and raises it; version 0 is new.
func (tx *Tx) PutEnrolment(e *supervision.Enrolment) error {
	e.Version++
	return named(tx.put(&enrolmentRow{tx.owned(), e.ID, e.Cycle, e.Mentor, string(e.State), e.Endorsed, e.EnrolledOn, e.WithdrawnOn, e.Version},
		e.ID.Any(), e.Version))
}

// Enrolment returns one enrolment.
func (tx *Tx) Enrolment(id supervision.EnrolmentID) (supervision.Enrolment, error) {
	r, err := first[enrolmentRow](tx.from("enrolment").Where("t.id = ?", id))
	return r.enrolment(), err
}

// EnrolmentsIn lists the enrolments of a cycle, whatever their state.
func (tx *Tx) EnrolmentsIn(cycle supervision.CycleID) ([]supervision.Enrolment, error) {
	rows, err := many[enrolmentRow](tx.from("enrolment").Where("t.cycle_id = ?", cycle).Order("t.id"))
	return each(rows, err, enrolmentRow.enrolment)
}

// DueWithdrawals lists the active enrolments whose day of withdrawal has come.
func (tx *Tx) DueWithdrawals() ([]supervision.Enrolment, error) {
	rows, err := many[enrolmentRow](tx.from("enrolment").Where("t.state = 'active' AND t.withdrawn_on <= ?", tx.Today()).Order("t.id"))
	return each(rows, err, enrolmentRow.enrolment)
}

// SeatFilter narrows lists of enrolments, supervisor assignments and placements.
type SeatFilter struct {
	Cycle  supervision.CycleID
	Person supervision.PersonID
	Group  supervision.GroupID // placements
	State  []string
}

// ListEnrolments is a page of those that the actor may see.
func (tx *Tx) ListEnrolments(f SeatFilter, p Page) ([]supervision.Enrolment, error) {
	q := f.cut(tx.visible(tx.from("enrolment"), Enrolments, "listEnrolments"), "mentor_id")
	rows, err := many[enrolmentRow](p.byID(q))
	return each(rows, err, enrolmentRow.enrolment)
}

type assignmentRow struct {
	Of           owned                    `gorm:"embedded"`
	ID           supervision.AssignmentID `gorm:"primaryKey"`
	CycleID      supervision.CycleID
	SupervisorID supervision.PersonID
	Share        int
	Limits       doc[*supervision.Limits]
	Quals        doc[[]string]
	Admits       doc[[]supervision.OrganisationID]
	FromOn       supervision.Date
	ToOn         supervision.Date
	State        string
	Version      int
}

func (assignmentRow) TableName() string { return "supervisor_assignment" }

func (r assignmentRow) assignment() supervision.Assignment {
	return supervision.Assignment{ID: r.ID, Cycle: r.CycleID, Supervisor: r.SupervisorID, Share: r.Share, Limits: r.Limits.v, Quals: r.Quals.v,
		Admits: r.Admits.v, Valid: supervision.Days{From: r.FromOn, To: r.ToOn}, State: supervision.AssignmentState(r.State), Version: r.Version}
}

// PutAssignment writes a supervisor assignment over the version it has and raises it; version 0 is new.
func (tx *Tx) PutAssignment(a *supervision.Assignment) error {
	a.Version++
	return named(tx.put(&assignmentRow{tx.owned(), a.ID, a.Cycle, a.Supervisor, a.Share, docOf(a.Limits), docOf(orEmpty(a.Quals)), docOf(orEmpty(a.Admits)),
		a.Valid.From, a.Valid.To, string(a.State), a.Version}, a.ID.Any(), a.Version))
}

// AssignmentsIn lists the supervisor assignments of a cycle, whatever their state.
func (tx *Tx) AssignmentsIn(cycle supervision.CycleID) ([]supervision.Assignment, error) {
	rows, err := many[assignmentRow](tx.from("supervisor_assignment").Where("t.cycle_id = ?", cycle).Order("t.id"))
	return each(rows, err, assignmentRow.assignment)
}

// ListAssignments is a page of those that the actor may see.
func (tx *Tx) ListAssignments(f SeatFilter, p Page) ([]supervision.Assignment, error) {
	q := f.cut(tx.visible(tx.from("supervisor_assignment"), Assignments, "listSupervisorAssignments"), "supervisor_id")
	rows, err := many[assignmentRow](p.byID(q))
	return each(rows, err, assignmentRow.assignment)
}

type placementRow struct {
	Of         owned                   `gorm:"embedded"`
	ID         supervision.PlacementID `gorm:"primaryKey"`
	CycleID    supervision.CycleID
	MentorID   supervision.PersonID
	GroupID    supervision.GroupID
	State      string
	Objection  []byte
	ProposedAt instant
	AnsweredAt instant
	Version    int
}

func (placementRow) TableName() string { return "placement" }

func (r placementRow) placement() supervision.Placement {
	return supervision.Placement{ID: r.ID, Cycle: r.CycleID, Mentor: r.MentorID, Group: r.GroupID, State: supervision.PlacementState(r.State),
		Objection: r.Objection, ProposedAt: r.ProposedAt.get(), AnsweredAt: r.AnsweredAt.get(), Version: r.Version}
}

// PutPlacement writes a placement over the version it has and raises it; version 0 is new.
func (tx *Tx) PutPlacement(p *supervision.Placement) error {
	p.Version++
	return named(tx.put(&placementRow{tx.owned(), p.ID, p.Cycle, p.Mentor, p.Group, string(p.State), p.Objection, at(p.ProposedAt), at(p.AnsweredAt), p.Version},
		p.ID.Any(), p.Version))
}

// Placement returns one placement.
func (tx *Tx) Placement(id supervision.PlacementID) (supervision.Placement, error) {
	r, err := first[placementRow](tx.from("placement").Where("t.id = ?", id))
	return r.placement(), err
}

// PlacementsIn lists the placements of a cycle.
func (tx *Tx) PlacementsIn(cycle supervision.CycleID) ([]supervision.Placement, error) {
	rows, err := many[placementRow](tx.from("placement").Where("t.cycle_id = ?", cycle).Order("t.id"))
	return each(rows, err, placementRow.placement)
}

// ListPlacements is a page of those that the actor may see.
func (tx *Tx) ListPlacements(f SeatFilter, p Page) ([]supervision.Placement, error) {
	q := f.cut(tx.visible(tx.from("placement"), Placements, "listPlacements"), "mentor_id")
	if !f.Group.IsZero() {
		q = q.Where("t.group_id = ?", f.Group)
	}
	rows, err := many[placementRow](p.byID(q))
	return each(rows, err, placementRow.placement)
}
