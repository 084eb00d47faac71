package roster

import (
	"context"

	"kreds/calendar"
	"kreds/internal/seal"
	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// Founding is what a tenant begins with: its first organisation, and the first programme manager with a token.
type Founding struct {
	Tenant       string
	Language     string // BCP 47: what its people speak where nothing else is said
	Organisation string // its name and external id
	Country      string // ISO 3166, two letters
	TimeZone     string // IANA; of the organisation and of the manager
	Manager      string
	Email        string
	ExternalID   string // how other systems name the manager
	Days         int    // how long the token lives
}

// Check names all that is wrong with a founding, before anything is made of it.
func (n Founding) Check() error {
	var f supervision.Faults
	for _, m := range []struct{ pointer, value string }{{"/tenant", n.Tenant}, {"/organisation", n.Organisation}, {"/manager", n.Manager}, {"/external_id", n.ExternalID}} {
		if code := supervision.LineFault(m.value); code != "" {
			f.Add(m.pointer, code, "This is no name: it is empty, or holds characters such as line breaks.")
		} else if service.Tidy(m.value) == "" {
			f.Add(m.pointer, "required", "This is needed.")
		}
	}
	if !isLanguage(n.Language) {
		f.Add("/language", "format", "%q is no language tag, for example da or en.", n.Language)
	}
	if !countryShape.MatchString(n.Country) {
		f.Add("/country", "format", "%q is no country of two letters, for example DK.", n.Country)
	}
	if _, err := calendar.LoadZone(n.TimeZone); err != nil {
		f.Add("/time_zone", "unknown-zone", "%q is not an IANA time zone, for example Europe/Copenhagen.", n.TimeZone)
	}
	if code := supervision.EmailFault(supervision.NormalEmail(n.Email)); code != "" {
		f.Add("/email", code, "%q is not an e-mail address.", n.Email)
	}
	if n.Days < 1 || n.Days > longestToken {
		f.Add("/days", "range", "The manager's token lives 1 to %d days.", longestToken)
	}
	return f.Err()
}

// Found makes a tenant with what it begins with: all of it or nothing. It returns the tenant and the secret of the manager's
// token, which is told once.
func (s *Service) Found(ctx context.Context, n Founding) (supervision.Tenant, seal.Secret, error) {
	t := supervision.Tenant{ID: service.New[supervision.TenantID](s.House), Name: service.Tidy(n.Tenant), Language: n.Language}
	if err := n.Check(); err != nil {
		return t, seal.Secret{}, err
	}
	bearer := newBearer(supervision.PersonalToken)
	err := s.Store.Update(ctx, service.Command(t.ID), func(tx *store.Tx) error {
		if err := s.makeTenant(tx, t); err != nil {
			return err
		}
		o, err := s.makeOrganisation(tx, supervision.Organisation{ExternalID: n.Organisation, Name: n.Organisation, Kind: supervision.Company,
			Country: n.Country, TimeZone: n.TimeZone})
		if err != nil {
			return err
		}
		p, err := s.makePerson(tx, supervision.Person{ExternalID: service.Tidy(n.ExternalID), Name: n.Manager, Email: n.Email, Organisation: o.ID, TimeZone: n.TimeZone})
		if err != nil {
			return err
		}
		r := supervision.RoleAssignment{ID: service.New[supervision.RoleID](s.House), Person: p.ID, Role: supervision.RoleProgrammeManager,
			Scope: supervision.ScopeTenant, Subject: t.ID.Any()}
		if err := tx.PutRole(&r); err != nil {
			return err
		}
		made, err := s.putToken(tx, NewToken{Kind: supervision.PersonalToken, Name: "first manager", Person: p.ID, Days: n.Days,
			Scopes: []supervision.Scope{supervision.ScopeSelf, supervision.ScopePlanning, supervision.ScopeLogisticsRead, supervision.ScopeLogisticsWrite}}, bearer)
		if err != nil {
			return err
		}
		for _, step := range []struct {
			action supervision.Action
			target service.Target
		}{
			{"createOrganisation", service.Target{Noun: store.Organisations, ID: o.ID.Any()}}, {"createPerson", service.Target{Noun: store.People, ID: p.ID.Any()}},
			{"createRoleAssignment", service.Target{Noun: store.Roles, ID: r.ID.Any()}}, {"createToken", service.Target{Noun: store.Tokens, ID: made.Object.ID.Any()}},
		} {
			if err := tx.Audit(step.action, step.target.Noun, step.target.ID, "done", supervision.UUID{}, ""); err != nil {
				return err
			}
		}
		return nil
	})
	return t, bearer.secret, err
}
