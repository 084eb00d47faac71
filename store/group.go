package store

import "kreds/supervision"

type groupRow struct {
	Of           owned               `gorm:"embedded"`
	ID           supervision.GroupID `gorm:"primaryKey"`
	CycleID      supervision.CycleID
	Number       int
	SupervisorID supervision.PersonID
	Language     string
	State        string
	MadeOn       supervision.Date
	Version      int
}

func (groupRow) TableName() string { return "supervision_group" }

type memberRow struct {
	Of       owned                `gorm:"embedded"`
	GroupID  supervision.GroupID  `gorm:"primaryKey"`
	PersonID supervision.PersonID `gorm:"primaryKey"`
}

func (memberRow) TableName() string { return "group_member" }

// PutGroup writes a group over the version it has and raises it; version 0 is new and gets its number in the cycle.
func (tx *Tx) PutGroup(g *supervision.Group) error {
	if g.Version == 0 {
		err := tx.db.Raw("SELECT coalesce(max(number), 0) + 1 FROM supervision_group WHERE tenant = ? AND cycle_id = ?", tx.actor.Tenant, g.Cycle).Scan(&g.Number).Error
		if err != nil {
			return classify(err)
		}
	}
	g.Version++
	err := tx.put(&groupRow{tx.owned(), g.ID, g.Cycle, g.Number, g.Supervisor, g.Language, string(g.State), g.MadeOn, g.Version}, g.ID.Any(), g.Version)
	if err != nil {
		return named(err)
	}
	if _, err := tx.remove("group_member", "group_id = ?", g.ID); err != nil {
		return err
	}
	var rows []*memberRow
	for _, m := range g.Members {
		rows = append(rows, &memberRow{tx.owned(), g.ID, m})
	}
	return named(insertAll(tx, rows))
}

// Group returns one group.
func (tx *Tx) Group(id supervision.GroupID) (supervision.Group, error) {
	groups, err := tx.groups(many[groupRow](tx.from("supervision_group").Where("t.id = ?", id)))
	if err != nil || len(groups) == 0 {
		return supervision.Group{}, absent(err)
	}
	return groups[0], nil
}

// GroupsIn lists the groups of a cycle, whatever their state, by number.
func (tx *Tx) GroupsIn(cycle supervision.CycleID) ([]supervision.Group, error) {
	return tx.groups(many[groupRow](tx.from("supervision_group").Where("t.cycle_id = ?", cycle).Order("t.number")))
}

// AllGroups lists every group of the tenant.
func (tx *Tx) AllGroups() ([]supervision.Group, error) {
	return tx.groups(many[groupRow](tx.from("supervision_group").Order("t.id")))
}

// GroupFilter narrows a list of groups.
type GroupFilter struct {
	Cycle supervision.CycleID
	State []supervision.GroupState
}

// ListGroups is a page of those that the actor may see.
func (tx *Tx) ListGroups(f GroupFilter, p Page) ([]supervision.Group, error) {
	q := tx.visible(tx.from("supervision_group"), Groups, "listGroups")
	if !f.Cycle.IsZero() {
		q = q.Where("t.cycle_id = ?", f.Cycle)
	}
	if len(f.State) > 0 {
		q = q.Where("t.state IN ?", f.State)
	}
	return tx.groups(many[groupRow](p.byID(q)))
}

func (tx *Tx) groups(rows []groupRow, err error) ([]supervision.Group, error) {
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	of := make([]supervision.GroupID, len(rows))
	for i, r := range rows {
		of[i] = r.ID
	}
	members, err := many[memberRow](tx.from("group_member").Where("t.group_id IN ?", of).Order("t.group_id, t.person_id"))
	if err != nil {
		return nil, err
	}
	in := map[supervision.GroupID][]supervision.PersonID{}
	for _, m := range members {
		in[m.GroupID] = append(in[m.GroupID], m.PersonID)
	}
	return each(rows, nil, func(r groupRow) supervision.Group {
		return supervision.Group{ID: r.ID, Cycle: r.CycleID, Number: r.Number, Supervisor: r.SupervisorID, Members: in[r.ID], Language: r.Language,
			State: supervision.GroupState(r.State), MadeOn: r.MadeOn, Version: r.Version}
	})
}

// absent is err, or that nothing is there.
func absent(err error) error {
	if err != nil {
		return err
	}
	return supervision.Absent()
}
