package store

import (
	"slices"

	"gorm.io/gorm"

	"kreds/supervision"
)

// Noun is a kind of row that people may see: its table, and how relations reach its rows. reach is a condition on a
// relation r and a row t of the table; it is the only place that says whose subject a row is.
type Noun struct {
	table string
	reach string
}

// The kinds of rows that people may see.
var (
	Tenants       = Noun{"tenant", "r.subject = t.tenant"}
	Organisations = Noun{"organisation", "r.subject IN (t.id, t.tenant)"}
	People        = Noun{"person", "r.subject IN (t.id, t.organisation_id, t.tenant)"}
	Roles         = Noun{"role_assignment", "r.subject IN (t.subject, t.tenant)"}
	Lines         = Noun{"reporting_line", `(r.subject IN (t.person_id, t.tenant) OR r.kind = 'self' AND r.subject = t.manager_id
		OR r.subject = (SELECT o.organisation_id FROM person o WHERE o.tenant = t.tenant AND o.id = t.person_id))`}
	Pairs = Noun{"pair", `(r.subject = t.tenant OR r.subject IN (SELECT pp.person_id FROM pair_party pp WHERE pp.tenant = t.tenant AND pp.pair_id = t.id
		AND (r.kind <> 'supervisor_of' OR pp.side = 'mentor' OR t.kind = 'peer'))
		OR r.subject IN (SELECT o.organisation_id FROM person o JOIN pair_party pp ON pp.tenant = o.tenant AND pp.person_id = o.id WHERE o.tenant = t.tenant AND pp.pair_id = t.id))`}
	PairMeetings = Noun{"pair_meeting", "r.subject IN (SELECT pp.person_id FROM pair_party pp WHERE pp.tenant = t.tenant AND pp.pair_id = t.pair_id)"}
	Tokens       = Noun{"token", "(r.subject = t.person_id OR t.kind = 'integration' AND r.subject = t.tenant)"}
	Jobs         = Noun{"job", "r.subject IN (t.person_id, t.tenant)"}
	Audits       = Noun{"audit_entry", "r.subject IN (t.person_id, t.tenant)"}
	Imports      = Noun{"import", "r.subject = t.maker"}
	// A programme and its cycles are around those, too, who stand to one of their mentors as mentee or as a manager.
	Programmes = Noun{"programme", `(r.subject IN (t.id, t.tenant) OR r.kind IN ('mentee_of', 'manager_of', 'manager_of_mentee_of') AND r.subject IN
		(SELECT e.mentor_id FROM enrolment e JOIN cycle c ON c.tenant = e.tenant AND c.id = e.cycle_id WHERE e.tenant = t.tenant AND c.programme_id = t.id AND e.state = 'active'))`}
	Preparations = Noun{"preparation", "r.subject IN (t.programme_id, t.person_id)"}
	// Whoever manages a programme makes cycles from templates, so all of them are in reach.
	Templates = Noun{"cycle_template", "(r.subject = t.tenant OR r.kind = 'manages' OR r.subject IN (SELECT c.id FROM cycle c WHERE c.tenant = t.tenant AND c.template_id = t.id))"}
	Cycles    = Noun{"cycle", `(r.subject IN (t.id, t.tenant) OR r.kind IN ('mentee_of', 'manager_of', 'manager_of_mentee_of') AND r.subject IN
		(SELECT e.mentor_id FROM enrolment e WHERE e.tenant = t.tenant AND e.cycle_id = t.id AND e.state = 'active'))`}
	Enrolments  = Noun{"enrolment", "r.subject IN (t.cycle_id, t.mentor_id)"}
	Assignments = Noun{"supervisor_assignment", "r.subject IN (t.cycle_id, t.supervisor_id)"}
	Connections = Noun{"connection", "r.subject IN (t.person_id, t.tenant)"}
	Runs        = Noun{"plan_run", "r.subject = t.cycle_id"}
	// Who supervises in a cycle sees the plans in which they have a session, and of these their own sessions.
	Plans = Noun{"plan", `(r.subject = t.cycle_id AND (r.kind <> 'supervises_in' OR r.viewer IN
		(SELECT ps.supervisor_id FROM plan_session ps WHERE ps.tenant = t.tenant AND ps.plan_id = t.id)))`}
	PlanSessions = Noun{"plan_session", `(r.subject = (SELECT p.cycle_id FROM plan p WHERE p.tenant = t.tenant AND p.id = t.plan_id) AND
		(r.kind <> 'supervises_in' OR r.viewer = t.supervisor_id))`}
	Placements = Noun{"placement", "r.subject IN (t.mentor_id, t.group_id, t.cycle_id)"}
	Groups     = Noun{"supervision_group", "r.subject IN (t.id, t.cycle_id)"}
	Sessions   = Noun{"session", "r.subject IN (t.id, t.group_id, t.cycle_id, t.tenant)"}
	Feeds      = Noun{"feed", "r.subject = t.person_id"}
)

// Name is the noun as the audit and the stream of changes name it.
func (n Noun) Name() string { return n.table }

// house says that the house itself looks, for which every row is there.
func (tx *Tx) house() bool {
	return tx.actor.Kind == supervision.ByTask || tx.actor.Kind == supervision.ByCommand
}

// todays cuts relations r to the viewer's of today.
const todays = "r.tenant = t.tenant AND r.viewer = ? AND (r.from_on IS NULL OR r.from_on <= ?) AND (r.to_on IS NULL OR r.to_on >= ?)"

// visible cuts a query to the rows that the actor may see by an action. Deny wins.
func (tx *Tx) visible(q *gorm.DB, n Noun, a supervision.Action) *gorm.DB {
	return tx.visibleBut(q, n, a, supervision.Deny)
}

// visibleBut is visible without what the actor sees in one view only: where that view hides what a filter asks for.
func (tx *Tx) visibleBut(q *gorm.DB, n Noun, a supervision.Action, but supervision.View) *gorm.DB {
	if tx.house() {
		return q
	}
	grant, deny := tx.kinds(a, func(v supervision.View) bool { return v != but })
	if len(grant) == 0 {
		return q.Where("1 = 0")
	}
	cond, args := tx.reached(n, grant)
	q = q.Where(cond, args...)
	if len(deny) > 0 {
		cond, args = tx.reached(n, deny)
		q = q.Where("NOT "+cond, args...)
	}
	return q
}

// kinds lists the relations that grant the actor an action in one of the views, and those that deny it.
func (tx *Tx) kinds(a supervision.Action, in func(supervision.View) bool) (grant, deny []supervision.RelationKind) {
	row, err := supervision.Policy(a)
	row, open := row.OpenedTo(tx.actor)
	if err != nil || !open {
		return nil, nil
	}
	row.Grants = slices.DeleteFunc(slices.Clone(row.Grants), func(g supervision.Grant) bool { return g.View != supervision.Deny && !in(g.View) })
	return row.Kinds()
}

// reached is the condition that a relation of the actor's of today, of one of these kinds, reaches a row.
func (tx *Tx) reached(n Noun, kinds []supervision.RelationKind) (cond string, args []any) {
	return "EXISTS (SELECT 1 FROM relation r WHERE " + todays + " AND r.kind IN ? AND " + n.reach + ")",
		[]any{tx.actor.Viewer(), tx.Today(), tx.Today(), kinds}
}

// Views says by which view the actor sees each of these rows by an action; rows that they may not see are not in the answer.
func (tx *Tx) Views(n Noun, a supervision.Action, rows []supervision.UUID) (map[supervision.UUID]supervision.View, error) {
	views := make(map[supervision.UUID]supervision.View, len(rows))
	if tx.house() {
		for _, id := range rows {
			views[id] = supervision.ViewManager
		}
		return views, nil
	}
	row, err := supervision.Policy(a)
	row, open := row.OpenedTo(tx.actor)
	if err != nil || !open || len(rows) == 0 {
		return views, err
	}
	var found []struct {
		ID   supervision.UUID
		Kind supervision.RelationKind
	}
	err = tx.from(n.table).Joins("JOIN relation r ON "+todays+" AND "+n.reach, tx.actor.Viewer(), tx.Today(), tx.Today()).
		Where("t."+n.key()+" IN ?", rows).Select("DISTINCT t." + n.key() + " AS id, r.kind AS kind").Scan(&found).Error
	if err != nil {
		return nil, classify(err)
	}
	has := map[supervision.UUID][]supervision.RelationKind{}
	for _, f := range found {
		has[f.ID] = append(has[f.ID], f.Kind)
	}
	for id, kinds := range has {
		if v, ok := row.Decide(kinds); ok {
			views[id] = v
		}
	}
	return views, nil
}

func (n Noun) key() string {
	if n == Tenants {
		return "tenant"
	}
	return "id"
}

// See is the view by which the actor sees one row by an action; Absent when they may not.
func (tx *Tx) See(n Noun, a supervision.Action, id supervision.UUID) (supervision.View, error) {
	views, err := tx.Views(n, a, []supervision.UUID{id})
	if err != nil {
		return supervision.Deny, err
	}
	v, ok := views[id]
	if !ok {
		return supervision.Deny, supervision.Absent()
	}
	return v, nil
}

// May asks the policy whether the actor may take an action on a row, and answers with the view: Forbidden to those who see
// the row and may not, Absent to all others.
func (tx *Tx) May(n Noun, a supervision.Action, id supervision.UUID) (supervision.View, error) {
	v, err := tx.See(n, a, id)
	if err == nil || supervision.KindOf(err) != supervision.NotFound {
		return v, err
	}
	row, perr := supervision.Policy(a)
	if perr == nil && row.See != "" {
		if _, serr := tx.See(n, row.See, id); serr == nil {
			return supervision.Deny, supervision.Denied(a)
		}
	}
	return supervision.Deny, err
}

// MayOn asks the policy about an action whose subject is no row of its own: the tenant in which something is made, a person
// for whom something is made.
func (tx *Tx) MayOn(a supervision.Action, subjects ...supervision.UUID) (supervision.View, error) {
	if tx.house() {
		return supervision.ViewManager, nil
	}
	row, err := supervision.Policy(a)
	if err != nil {
		return supervision.Deny, err
	}
	row, open := row.OpenedTo(tx.actor)
	if !open {
		return supervision.Deny, supervision.Fault(supervision.Forbidden, "insufficient-scope", "The token's scopes do not open this.")
	}
	kinds, err := tx.standing(subjects)
	if err != nil {
		return supervision.Deny, err
	}
	if v, ok := row.Decide(kinds); ok {
		return v, nil
	}
	return supervision.Deny, supervision.Denied(a)
}

// standing lists how the actor stands today to any of the subjects; to anything at all without subjects.
func (tx *Tx) standing(subjects []supervision.UUID) (kinds []supervision.RelationKind, err error) {
	q := tx.db.Table("relation AS r").Where("r.tenant = ? AND r.viewer = ? AND (r.from_on IS NULL OR r.from_on <= ?) AND (r.to_on IS NULL OR r.to_on >= ?)",
		tx.actor.Tenant, tx.actor.Viewer(), tx.Today(), tx.Today())
	if subjects != nil {
		q = q.Where("r.subject IN ?", subjects)
	}
	err = q.Distinct("r.kind").Order("r.kind").Pluck("r.kind", &kinds).Error
	return kinds, classify(err)
}

// MightEver says whether the actor stands to anybody or anything as the action asks: if not, no object need be looked for.
func (tx *Tx) MightEver(a supervision.Action) (bool, error) {
	row, err := supervision.Policy(a)
	if err != nil || row.Anyone || tx.house() {
		return err == nil, err
	}
	row, open := row.OpenedTo(tx.actor)
	if !open {
		return false, nil
	}
	kinds, err := tx.standing(nil)
	if err != nil {
		return false, err
	}
	_, ok := row.Decide(kinds)
	return ok, nil
}
