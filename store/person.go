package store

import (
	"errors"

	"gorm.io/gorm/clause"

	"kreds/supervision"
)

type personRow struct {
	Of             owned                `gorm:"embedded"`
	ID             supervision.PersonID `gorm:"primaryKey"`
	ExternalID     maybe
	Name           string
	Email          string
	OrganisationID supervision.OrganisationID
	TimeZone       string
	Languages      doc[[]string]
	Unit           string
	Site           string
	Seniority      int
	Experience     string
	WorkHours      doc[supervision.WorkHours]
	Extended       bool
	Version        int
}

func (personRow) TableName() string { return "person" }

func (r personRow) person() supervision.Person {
	return supervision.Person{ID: r.ID, ExternalID: string(r.ExternalID), Name: r.Name, Email: r.Email, Organisation: r.OrganisationID,
		TimeZone: r.TimeZone, Languages: r.Languages.v, Unit: r.Unit, Site: r.Site, Seniority: r.Seniority,
		Experience: supervision.Experience(r.Experience), WorkHours: r.WorkHours.v, Extended: r.Extended, Version: r.Version}
}

func (tx *Tx) personRow(p supervision.Person) *personRow {
	return &personRow{tx.owned(), p.ID, maybe(p.ExternalID), p.Name, p.Email, p.Organisation, p.TimeZone, docOf(orEmpty(p.Languages)),
		p.Unit, p.Site, p.Seniority, string(p.Experience), docOf(p.WorkHours), p.Extended, p.Version}
}

// PutPerson writes a person over the version they have and raises it; version 0 is new.
func (tx *Tx) PutPerson(p *supervision.Person) error {
	p.Version++
	return named(tx.put(tx.personRow(*p), p.ID.Any(), p.Version))
}

// Person returns one person.
func (tx *Tx) Person(id supervision.PersonID) (supervision.Person, error) {
	r, err := first[personRow](tx.from("person").Where("t.id = ?", id))
	return r.person(), err
}

// PersonByExternalID finds the person whom an outside system calls so.
func (tx *Tx) PersonByExternalID(id string) (supervision.Person, error) {
	r, err := first[personRow](tx.from("person").Where("t.external_id = ?", id))
	return r.person(), err
}

// People returns the people with these ids; ids that are not there are not in the answer.
func (tx *Tx) People(of []supervision.PersonID) (map[supervision.PersonID]supervision.Person, error) {
	rows, err := many[personRow](tx.from("person").Where("t.id IN ?", ids(of)))
	m := make(map[supervision.PersonID]supervision.Person, len(rows))
	for _, r := range rows {
		m[r.ID] = r.person()
	}
	return m, err
}

// AllPeople lists everybody of the tenant in the order of ids.
func (tx *Tx) AllPeople() ([]supervision.Person, error) {
	rows, err := many[personRow](tx.from("person").Order("t.id"))
	return each(rows, err, personRow.person)
}

// PersonFilter narrows a list of people; zero members do not.
type PersonFilter struct {
	Organisation supervision.OrganisationID
	ExternalID   string
	Email        string
	Role         supervision.Role
}

// ListPeople is a page, by name, of those whom the actor may see.
func (tx *Tx) ListPeople(f PersonFilter, p Page) ([]supervision.Person, error) {
	but := supervision.Deny
	if f != (PersonFilter{}) {
		but = supervision.ViewSupervisor // it does not show what the filters ask for
	}
	q := tx.visibleBut(tx.from("person"), People, "listPeople", but)
	if !f.Organisation.IsZero() {
		q = q.Where("t.organisation_id = ?", f.Organisation)
	}
	if f.ExternalID != "" {
		q = q.Where("t.external_id = ?", f.ExternalID)
	}
	if f.Email != "" {
		q = q.Where("t.email = ?", f.Email)
	}
	if f.Role != "" {
		q = q.Where(`EXISTS (SELECT 1 FROM role_assignment a WHERE a.tenant = t.tenant AND a.person_id = t.id AND a.role = ?
			AND (a.valid_from IS NULL OR a.valid_from <= ?) AND (a.valid_to IS NULL OR a.valid_to >= ?))`, f.Role, tx.Today(), tx.Today())
	}
	rows, err := many[personRow](p.byName(q))
	return each(rows, err, personRow.person)
}

// LockPeople locks people in the order of their ids, before sessions and before occupancy is touched. On SQLite the one
// writer is the lock. Absent when one of them is not there.
func (tx *Tx) LockPeople(of []supervision.PersonID) error {
	if len(of) == 0 {
		return nil
	}
	q := tx.from("person").Where("t.id IN ?", of).Order("t.id").Select("t.id")
	if !tx.s.sqlite {
		q = q.Clauses(clause.Locking{Strength: "NO KEY UPDATE"})
	}
	var got []supervision.PersonID
	if err := q.Scan(&got).Error; err != nil {
		err = classify(err)
		if errors.Is(err, errLocked) {
			return errAgain
		}
		return err
	}
	want := map[supervision.PersonID]bool{}
	for _, id := range of {
		want[id] = true
	}
	if len(got) != len(want) {
		return supervision.Absent()
	}
	return nil
}

// Names returns the names of people.
func (tx *Tx) Names(of []supervision.PersonID) (map[supervision.PersonID]string, error) {
	var rows []struct {
		ID   supervision.PersonID
		Name string
	}
	err := tx.from("person").Where("t.id IN ?", ids(of)).Select("t.id, t.name").Scan(&rows).Error
	m := make(map[supervision.PersonID]string, len(rows))
	for _, r := range rows {
		m[r.ID] = r.Name
	}
	return m, classify(err)
}
