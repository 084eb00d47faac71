package roster

import (
	"context"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// CreateTenant makes a tenant with its keys and the built-in templates. language is what its people speak where nothing else is
// said, a BCP 47 tag.
func (s *Service) CreateTenant(ctx context.Context, name, language string) (supervision.Tenant, error) {
	t := supervision.Tenant{ID: service.New[supervision.TenantID](s.House), Name: service.Tidy(name), Language: language}
	if t.Name == "" {
		return t, supervision.Faulty("/name", "required", "A tenant has a name.")
	}
	if !isLanguage(language) {
		return t, supervision.Faulty("/language", "format", "%q is no language tag, for example da or en.", language)
	}
	err := s.Store.Update(ctx, service.Command(t.ID), func(tx *store.Tx) error { return s.makeTenant(tx, t) })
	return t, err
}

func (s *Service) makeTenant(tx *store.Tx, t supervision.Tenant) error {
	if err := s.MakeTenant(tx, t); err != nil {
		return err
	}
	for _, template := range supervision.BuiltInTemplates() {
		template.ID = service.New[supervision.TemplateID](s.House)
		if err := tx.PutTemplate(template); err != nil {
			return err
		}
	}
	return nil
}

// Tenant finds a tenant by its name; without a name, the only one.
func (s *Service) Tenant(ctx context.Context, name string) (supervision.Tenant, error) {
	var all []supervision.Tenant
	err := s.Store.View(ctx, supervision.Actor{Kind: supervision.ByCommand}, func(tx *store.Tx) (err error) {
		all, err = s.Store.Tenants(tx)
		return err
	})
	if err != nil {
		return supervision.Tenant{}, err
	}
	for _, t := range all {
		if t.Name == name || name == "" && len(all) == 1 {
			return t, nil
		}
	}
	if name == "" {
		return supervision.Tenant{}, supervision.Fault(supervision.Invalid, "invalid", "There are %d tenants; name one.", len(all))
	}
	return supervision.Tenant{}, supervision.Absent()
}

// PersonCalled finds the person whom an outside system calls so.
func (s *Service) PersonCalled(ctx context.Context, actor supervision.Actor, externalID string) (p supervision.Person, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		if p, err = tx.PersonByExternalID(service.Tidy(externalID)); err != nil {
			return err
		}
		_, err = tx.See(store.People, "getPerson", p.ID.Any())
		return err
	})
	return p, err
}
