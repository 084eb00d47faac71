package store

import (
	"gorm.io/gorm/clause"

	"kreds/supervision"
)

type templateRow struct {
	Of      owned                  `gorm:"embedded"`
	ID      supervision.TemplateID `gorm:"primaryKey"`
	Name    string
	Format  string
	BuiltIn bool
	Steps   doc[[]supervision.TemplateStep]
}

func (templateRow) TableName() string { return "cycle_template" }

func (r templateRow) template() supervision.Template {
	return supervision.Template{ID: r.ID, Name: r.Name, Format: r.Format, BuiltIn: r.BuiltIn, Steps: r.Steps.v}
}

// PutTemplate keeps a new template; templates never change.
func (tx *Tx) PutTemplate(t supervision.Template) error {
	if err := tx.insert(&templateRow{tx.owned(), t.ID, t.Name, t.Format, t.BuiltIn, docOf(t.Steps)}); err != nil {
		return named(err)
	}
	return tx.changed("cycle_template", t.ID.Any(), 1, false)
}

// Template returns one template.
func (tx *Tx) Template(id supervision.TemplateID) (supervision.Template, error) {
	r, err := first[templateRow](tx.from("cycle_template").Where("t.id = ?", id))
	return r.template(), err
}

// ListTemplates is a page of those that the actor may see.
func (tx *Tx) ListTemplates(p Page) ([]supervision.Template, error) {
	rows, err := many[templateRow](p.byID(tx.visible(tx.from("cycle_template"), Templates, "listCycleTemplates")))
	return each(rows, err, templateRow.template)
}

type cycleRow struct {
	Of            owned               `gorm:"embedded"`
	ID            supervision.CycleID `gorm:"primaryKey"`
	ProgrammeID   supervision.ProgrammeID
	TemplateID    supervision.TemplateID
	Name          string
	Format        string
	TimeZone      string
	FromOn        supervision.Date
	ToOn          supervision.Date
	State         string
	Settings      doc[supervision.Settings]
	PublishedPlan supervision.PlanID
	Version       int
}

func (cycleRow) TableName() string { return "cycle" }

func (r cycleRow) cycle() supervision.Cycle {
	return supervision.Cycle{ID: r.ID, Programme: r.ProgrammeID, Template: r.TemplateID, Name: r.Name, Format: r.Format, TimeZone: r.TimeZone,
		Span: supervision.Days{From: r.FromOn, To: r.ToOn}, State: supervision.CycleState(r.State), Settings: r.Settings.v,
		Published: r.PublishedPlan, Version: r.Version}
}

// PutCycle writes a cycle over the version it has and raises it; version 0 is new.
func (tx *Tx) PutCycle(c *supervision.Cycle) error {
	c.Version++
	return named(tx.put(&cycleRow{tx.owned(), c.ID, c.Programme, c.Template, c.Name, c.Format, c.TimeZone, c.Span.From, c.Span.To,
		string(c.State), docOf(c.Settings), c.Published, c.Version}, c.ID.Any(), c.Version))
}

// Cycle returns one cycle.
func (tx *Tx) Cycle(id supervision.CycleID) (supervision.Cycle, error) {
	r, err := first[cycleRow](tx.from("cycle").Where("t.id = ?", id))
	return r.cycle(), err
}

// LockCycle returns a cycle that nobody else changes until the transaction ends.
func (tx *Tx) LockCycle(id supervision.CycleID) (supervision.Cycle, error) {
	q := tx.from("cycle").Where("t.id = ?", id)
	if !tx.s.sqlite {
		q = q.Clauses(clause.Locking{Strength: "NO KEY UPDATE"})
	}
	r, err := first[cycleRow](q)
	return r.cycle(), err
}

// CycleFilter narrows a list of cycles.
type CycleFilter struct {
	Programme supervision.ProgrammeID
	State     []supervision.CycleState
}

// ListCycles is a page, by first day, of those that the actor may see.
func (tx *Tx) ListCycles(f CycleFilter, p Page) ([]supervision.Cycle, error) {
	q := tx.visible(tx.from("cycle"), Cycles, "listCycles")
	if !f.Programme.IsZero() {
		q = q.Where("t.programme_id = ?", f.Programme)
	}
	if len(f.State) > 0 {
		q = q.Where("t.state IN ?", f.State)
	}
	rows, err := many[cycleRow](p.byDay(q, "t.from_on"))
	return each(rows, err, cycleRow.cycle)
}

// CyclesOf lists the cycles of a programme by first day, whatever their state.
func (tx *Tx) CyclesOf(programme supervision.ProgrammeID) ([]supervision.Cycle, error) {
	rows, err := many[cycleRow](tx.from("cycle").Where("t.programme_id = ?", programme).Order("t.from_on, t.id"))
	return each(rows, err, cycleRow.cycle)
}

// AllCycles lists every cycle of the tenant.
func (tx *Tx) AllCycles() ([]supervision.Cycle, error) {
	rows, err := many[cycleRow](tx.from("cycle").Order("t.id"))
	return each(rows, err, cycleRow.cycle)
}

type roundRow struct {
	Of       owned               `gorm:"embedded"`
	ID       supervision.RoundID `gorm:"primaryKey"`
	CycleID  supervision.CycleID
	Position int
	Step     doc[supervision.TemplateStep]
	Site     string
	Priority int
	OpenOn   supervision.Date
	CloseOn  supervision.Date
	TargetOn supervision.Date
}

func (roundRow) TableName() string { return "round" }

func (r roundRow) round() supervision.Round {
	return supervision.Round{ID: r.ID, Cycle: r.CycleID, Position: r.Position, TemplateStep: r.Step.v, Site: r.Site, Priority: r.Priority,
		Window: supervision.Days{From: r.OpenOn, To: r.CloseOn}, Target: r.TargetOn}
}

// Rounds lists the rounds of cycles in their order.
func (tx *Tx) Rounds(of ...supervision.CycleID) ([]supervision.Round, error) {
	rows, err := many[roundRow](tx.from("round").Where("t.cycle_id IN ?", ids(of)).Order("t.cycle_id, t.position"))
	return each(rows, err, roundRow.round)
}

// PutRounds replaces the rounds of a cycle. The cycle's own version is raised by its caller: rounds have no tag of their own.
func (tx *Tx) PutRounds(cycle supervision.CycleID, rounds []supervision.Round) error {
	if _, err := tx.remove("round", "cycle_id = ?", cycle); err != nil {
		return err
	}
	rows := make([]*roundRow, len(rounds))
	for i, r := range rounds {
		rows[i] = &roundRow{tx.owned(), r.ID, cycle, i, docOf(r.TemplateStep), r.Site, r.Priority, r.Window.From, r.Window.To, r.Target}
	}
	return named(insertAll(tx, rows))
}

// CycleZones fills in the zones of the cycles that the map names.
func (tx *Tx) CycleZones(zones map[supervision.CycleID]string) error {
	of := make([]supervision.CycleID, 0, len(zones))
	for id := range zones {
		of = append(of, id)
	}
	var rows []struct {
		ID       supervision.CycleID
		TimeZone string
	}
	err := tx.from("cycle").Where("t.id IN ?", ids(of)).Select("t.id, t.time_zone").Scan(&rows).Error
	for _, r := range rows {
		zones[r.ID] = r.TimeZone
	}
	return classify(err)
}
