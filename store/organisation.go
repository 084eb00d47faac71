package store

import (
	"errors"
	"strings"

	"kreds/supervision"
)

type organisationRow struct {
	Of              owned                      `gorm:"embedded"`
	ID              supervision.OrganisationID `gorm:"primaryKey"`
	ExternalID      maybe
	Name            string
	Kind            string
	Country         string
	TimeZone        string
	Competitors     doc[[]string]
	HolidaysVersion int
	Version         int
}

func (organisationRow) TableName() string { return "organisation" }

func (r organisationRow) organisation() supervision.Organisation {
	return supervision.Organisation{ID: r.ID, ExternalID: string(r.ExternalID), Name: r.Name, Kind: supervision.OrganisationKind(r.Kind),
		Country: r.Country, TimeZone: r.TimeZone, Competitors: r.Competitors.v, HolidaysVersion: r.HolidaysVersion, Version: r.Version}
}

func (tx *Tx) organisationRow(o supervision.Organisation) *organisationRow {
	return &organisationRow{tx.owned(), o.ID, maybe(o.ExternalID), o.Name, string(o.Kind), o.Country, o.TimeZone,
		docOf(orEmpty(o.Competitors)), max(o.HolidaysVersion, 1), o.Version}
}

// PutOrganisation writes an organisation over the version it has and raises it; version 0 is new.
func (tx *Tx) PutOrganisation(o *supervision.Organisation) error {
	o.Version++
	return named(tx.put(tx.organisationRow(*o), o.ID.Any(), o.Version))
}

// Organisation returns one organisation.
func (tx *Tx) Organisation(id supervision.OrganisationID) (supervision.Organisation, error) {
	r, err := first[organisationRow](tx.from("organisation").Where("t.id = ?", id))
	return r.organisation(), err
}

// Organisations lists all organisations of the tenant in the order of ids.
func (tx *Tx) Organisations() ([]supervision.Organisation, error) {
	rows, err := many[organisationRow](tx.from("organisation").Order("t.id"))
	return each(rows, err, organisationRow.organisation)
}

// ListOrganisations is a page, by name, of those that the actor may see: of all, or of the one with an external id.
func (tx *Tx) ListOrganisations(externalID string, p Page) ([]supervision.Organisation, error) {
	q := tx.visible(tx.from("organisation"), Organisations, "listOrganisations")
	if externalID != "" {
		q = q.Where("t.external_id = ?", externalID)
	}
	rows, err := many[organisationRow](p.byName(q))
	return each(rows, err, organisationRow.organisation)
}

type holidayRow struct {
	Of             owned                      `gorm:"embedded"`
	OrganisationID supervision.OrganisationID `gorm:"primaryKey"`
	OnDay          supervision.Date           `gorm:"primaryKey"`
	Name           string                     `gorm:"primaryKey"`
}

func (holidayRow) TableName() string { return "holiday" }

// Holidays lists the holidays of organisations, by day.
func (tx *Tx) Holidays(of ...supervision.OrganisationID) (map[supervision.OrganisationID][]supervision.Holiday, error) {
	rows, err := many[holidayRow](tx.from("holiday").Where("t.organisation_id IN ?", ids(of)).Order("t.organisation_id, t.on_day, t.name"))
	m := map[supervision.OrganisationID][]supervision.Holiday{}
	for _, r := range rows {
		m[r.OrganisationID] = append(m[r.OrganisationID], supervision.Holiday{On: r.OnDay, Name: r.Name})
	}
	return m, err
}

// PutHolidays replaces the holidays of an organisation, whose HolidaysVersion it raises.
func (tx *Tx) PutHolidays(o *supervision.Organisation, days []supervision.Holiday) error {
	if _, err := tx.remove("holiday", "organisation_id = ?", o.ID); err != nil {
		return err
	}
	rows := make([]*holidayRow, len(days))
	for i, d := range days {
		rows[i] = &holidayRow{tx.owned(), o.ID, d.On, d.Name}
	}
	if err := insertAll(tx, rows); err != nil {
		return err
	}
	o.HolidaysVersion++
	return tx.PutOrganisation(o)
}

// named turns what the database says of unique names into the house's words.
func named(err error) error {
	switch {
	case !errors.Is(err, errDuplicate):
		if errors.Is(err, errForeign) {
			return supervision.Fault(supervision.Invalid, "invalid", "The request refers to something that is not there.")
		}
		return err
	case strings.Contains(err.Error(), "email"):
		return supervision.Fault(supervision.Conflict, "email-taken", "Somebody here has this e-mail address already. Maybe they are the same person.")
	case strings.Contains(err.Error(), "external_id"):
		return supervision.Fault(supervision.Conflict, "external-id-taken", "Something else has this external id already. Maybe it was imported before.")
	}
	return supervision.Fault(supervision.Conflict, "conflict", "There is one of these already.")
}

// orEmpty keeps a list from being null.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
