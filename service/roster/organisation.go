package roster

import (
	"context"
	"slices"

	"kreds/calendar"
	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

type seenOrganisation = service.Seen[supervision.Organisation]

// ListOrganisations is a page of the organisations that the actor may see, all or the one with an external id, and whether
// there are more.
func (s *Service) ListOrganisations(ctx context.Context, actor supervision.Actor, externalID string, p store.Page) (list []seenOrganisation, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		rows, err := tx.ListOrganisations(externalID, p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		list, err = service.SeenAll(tx, store.Organisations, "listOrganisations", rows, func(o supervision.Organisation) supervision.UUID { return o.ID.Any() })
		return err
	})
	return list, more, err
}

// GetOrganisation returns one organisation.
func (s *Service) GetOrganisation(ctx context.Context, actor supervision.Actor, id supervision.OrganisationID) (seen seenOrganisation, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		seen, err = s.organisation(tx, "getOrganisation", id)
		return err
	})
	return seen, err
}

func (s *Service) organisation(tx *store.Tx, a supervision.Action, id supervision.OrganisationID) (seen seenOrganisation, err error) {
	if seen.View, err = tx.See(store.Organisations, a, id.Any()); err != nil {
		return seen, err
	}
	seen.Object, err = tx.Organisation(id)
	return seen, err
}

// CreateOrganisation makes an organisation.
func (s *Service) CreateOrganisation(ctx context.Context, c service.Call, o supervision.Organisation) (service.Outcome[seenOrganisation], error) {
	return service.Act(ctx, s.House, c, service.Step[seenOrganisation]{
		May: func(tx *store.Tx) (service.Target, error) {
			return s.onTenant(tx, "createOrganisation", store.Organisations)
		},
		Act: func(tx *store.Tx) (seenOrganisation, error) {
			o, err := s.makeOrganisation(tx, o)
			if err != nil {
				return seenOrganisation{}, err
			}
			view, err := tx.See(store.Organisations, "getOrganisation", o.ID.Any())
			return seenOrganisation{Object: o, View: view}, err
		},
		Made: func(x seenOrganisation) supervision.UUID { return x.Object.ID.Any() },
	})
}

func (s *Service) makeOrganisation(tx *store.Tx, o supervision.Organisation) (supervision.Organisation, error) {
	o.ID, o.Version = service.New[supervision.OrganisationID](s.House), 0
	if err := checkOrganisation(&o); err != nil {
		return o, err
	}
	err := tx.PutOrganisation(&o)
	return o, err
}

// UpdateOrganisation changes what the function changes. Competitor groups are the programme manager's.
func (s *Service) UpdateOrganisation(ctx context.Context, c service.Call, id supervision.OrganisationID, change func(*supervision.Organisation)) (service.Outcome[seenOrganisation], error) {
	return service.Act(ctx, s.House, c, service.Step[seenOrganisation]{
		May: func(tx *store.Tx) (service.Target, error) {
			return on(tx, store.Organisations, "updateOrganisation", id.Any())
		},
		Act: func(tx *store.Tx) (seenOrganisation, error) {
			seen, err := s.organisation(tx, "getOrganisation", id)
			if err != nil {
				return seen, err
			}
			before := seen.Object
			change(&seen.Object)
			if service.Same(before, seen.Object) {
				return seen, nil // the step is already taken
			}
			if err := c.Tagged(before.Version, seen.View); err != nil {
				return seen, err
			}
			if !slices.Equal(before.Competitors, seen.Object.Competitors) {
				if _, err := tx.May(store.Organisations, "updateOrganisation/competitors", id.Any()); err != nil {
					return seen, err
				}
			}
			if err := checkOrganisation(&seen.Object); err != nil {
				return seen, err
			}
			if err := tx.PutOrganisation(&seen.Object); err != nil || slices.Equal(before.Competitors, seen.Object.Competitors) {
				return seen, err
			}
			return seen, s.recheckOrganisation(tx, id)
		},
	})
}

// recheckOrganisation rings for the sessions of an organisation's people.
func (s *Service) recheckOrganisation(tx *store.Tx, id supervision.OrganisationID) error {
	all, err := tx.AllPeople()
	if err != nil {
		return err
	}
	var people []supervision.PersonID
	for _, p := range all {
		if p.Organisation == id {
			people = append(people, p.ID)
		}
	}
	return service.Recheck(tx, people...)
}

func checkOrganisation(o *supervision.Organisation) error {
	o.Name = service.Tidy(o.Name)
	var f supervision.Faults
	if _, err := calendar.LoadZone(o.TimeZone); err != nil {
		f.Add("/time_zone", "unknown-zone", "%q is not an IANA time zone, for example Europe/Copenhagen.", o.TimeZone)
	}
	return f.Err()
}

// Holidays are the holidays of an organisation, with the version of their own tag.
type Holidays struct {
	Organisation supervision.OrganisationID
	Days         []supervision.Holiday
	Version      int
}

// GetHolidays returns the holidays of an organisation.
func (s *Service) GetHolidays(ctx context.Context, actor supervision.Actor, id supervision.OrganisationID) (seen service.Seen[Holidays], err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		o, err := s.organisation(tx, "getHolidays", id)
		if err != nil {
			return err
		}
		days, err := tx.Holidays(id)
		seen = service.Seen[Holidays]{Object: Holidays{id, days[id], o.Object.HolidaysVersion}, View: o.View}
		return err
	})
	return seen, err
}

// PutHolidays replaces the holidays of an organisation.
func (s *Service) PutHolidays(ctx context.Context, c service.Call, id supervision.OrganisationID, days []supervision.Holiday) (service.Outcome[service.Seen[Holidays]], error) {
	return service.Act(ctx, s.House, c, service.Step[service.Seen[Holidays]]{
		May: func(tx *store.Tx) (service.Target, error) {
			return on(tx, store.Organisations, "putHolidays", id.Any())
		},
		Act: func(tx *store.Tx) (seen service.Seen[Holidays], err error) {
			o, err := s.organisation(tx, "getHolidays", id)
			if err != nil {
				return seen, err
			}
			now, err := tx.Holidays(id)
			if err != nil {
				return seen, err
			}
			seen = service.Seen[Holidays]{Object: Holidays{id, now[id], o.Object.HolidaysVersion}, View: o.View}
			sorted := slices.Clone(days)
			slices.SortFunc(sorted, func(a, b supervision.Holiday) int { return a.On.Compare(b.On) })
			if slices.Equal(sorted, now[id]) {
				return seen, nil // the step is already taken
			}
			if err := c.Tagged(o.Object.HolidaysVersion, o.View); err != nil {
				return seen, err
			}
			if err := tx.PutHolidays(&o.Object, sorted); err != nil {
				return seen, err
			}
			if err := s.recheckOrganisation(tx, id); err != nil {
				return seen, err
			}
			return service.Seen[Holidays]{Object: Holidays{id, sorted, o.Object.HolidaysVersion}, View: o.View}, nil
		},
	})
}
