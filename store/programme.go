package store

import "kreds/supervision"

type programmeRow struct {
	Of             owned                   `gorm:"embedded"`
	ID             supervision.ProgrammeID `gorm:"primaryKey"`
	Name           string
	Mode           string
	Scope          string
	Integration    string
	Setting        string
	Purpose        string
	Strategic      string
	StartOn        supervision.Date
	EndOn          supervision.Date
	K              int
	LeadID         supervision.PersonID
	OrganisationID supervision.OrganisationID
	Goals          doc[[]supervision.Goal]
	Version        int
}

func (programmeRow) TableName() string { return "programme" }

func (r programmeRow) programme() supervision.Programme {
	return supervision.Programme{ID: r.ID, Name: r.Name, Mode: supervision.ProgrammeMode(r.Mode), Scope: supervision.ProgrammeScope(r.Scope),
		Integration: r.Integration, Setting: r.Setting, Purpose: r.Purpose, Strategic: r.Strategic,
		Span: supervision.Days{From: r.StartOn, To: r.EndOn}, K: r.K, Lead: r.LeadID, Organisation: r.OrganisationID, Goals: r.Goals.v, Version: r.Version}
}

// PutProgramme writes a programme over the version it has and raises it; version 0 is new.
func (tx *Tx) PutProgramme(p *supervision.Programme) error {
	p.Version++
	return named(tx.put(&programmeRow{tx.owned(), p.ID, p.Name, string(p.Mode), string(p.Scope), p.Integration, p.Setting, p.Purpose, p.Strategic,
		p.Span.From, p.Span.To, p.K, p.Lead, p.Organisation, docOf(orEmpty(p.Goals)), p.Version}, p.ID.Any(), p.Version))
}

// Programme returns one programme.
func (tx *Tx) Programme(id supervision.ProgrammeID) (supervision.Programme, error) {
	r, err := first[programmeRow](tx.from("programme").Where("t.id = ?", id))
	return r.programme(), err
}

// ListProgrammes is a page, by first day, of those that the actor may see: of all, or of one organisation.
func (tx *Tx) ListProgrammes(of supervision.OrganisationID, p Page) ([]supervision.Programme, error) {
	q := tx.visible(tx.from("programme"), Programmes, "listProgrammes")
	if !of.IsZero() {
		q = q.Where("t.organisation_id = ?", of)
	}
	rows, err := many[programmeRow](p.byDay(q, "t.start_on"))
	return each(rows, err, programmeRow.programme)
}

// AllProgrammes lists every programme of the tenant.
func (tx *Tx) AllProgrammes() ([]supervision.Programme, error) {
	rows, err := many[programmeRow](tx.from("programme").Order("t.id"))
	return each(rows, err, programmeRow.programme)
}

type preparationRow struct {
	Of          owned                     `gorm:"embedded"`
	ID          supervision.PreparationID `gorm:"primaryKey"`
	ProgrammeID supervision.ProgrammeID
	PersonID    supervision.PersonID
	Kind        string
	SessionID   supervision.SessionID
	CompletedOn supervision.Date
	Version     int
}

func (preparationRow) TableName() string { return "preparation" }

func (r preparationRow) preparation() supervision.Preparation {
	return supervision.Preparation{ID: r.ID, Programme: r.ProgrammeID, Person: r.PersonID, Kind: supervision.PreparationKind(r.Kind),
		Session: r.SessionID, CompletedOn: r.CompletedOn, Version: r.Version}
}

// PutPreparation writes a preparation over the version it has and raises it; version 0 is new.
func (tx *Tx) PutPreparation(p *supervision.Preparation) error {
	p.Version++
	return named(tx.put(&preparationRow{tx.owned(), p.ID, p.Programme, p.Person, string(p.Kind), p.Session, p.CompletedOn, p.Version}, p.ID.Any(), p.Version))
}

// Preparation returns one preparation.
func (tx *Tx) Preparation(id supervision.PreparationID) (supervision.Preparation, error) {
	r, err := first[preparationRow](tx.from("preparation").Where("t.id = ?", id))
	return r.preparation(), err
}

// PreparationsIn lists the preparations of a programme's mentors, by day.
func (tx *Tx) PreparationsIn(programme supervision.ProgrammeID) ([]supervision.Preparation, error) {
	rows, err := many[preparationRow](tx.from("preparation").Where("t.programme_id = ?", programme).Order("t.completed_on, t.id"))
	return each(rows, err, preparationRow.preparation)
}

// PreparationFilter narrows a list of preparations.
type PreparationFilter struct {
	Programme supervision.ProgrammeID
	Person    supervision.PersonID
}

// ListPreparations is a page of those that the actor may see.
func (tx *Tx) ListPreparations(f PreparationFilter, p Page) ([]supervision.Preparation, error) {
	q := tx.visible(tx.from("preparation"), Preparations, "listPreparations")
	if !f.Programme.IsZero() {
		q = q.Where("t.programme_id = ?", f.Programme)
	}
	if !f.Person.IsZero() {
		q = q.Where("t.person_id = ?", f.Person)
	}
	rows, err := many[preparationRow](p.byID(q))
	return each(rows, err, preparationRow.preparation)
}
