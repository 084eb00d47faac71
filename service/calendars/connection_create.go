package calendars

import (
	"context"
	"net/url"
	"strings"

	"kreds/internal/seal"
	"kreds/service"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// NewConnection is what a person gives to connect a calendar account.
type NewConnection struct {
	Kind     string
	Name     string // "": the host
	URL      string
	User     string
	Password seal.Secret
}

// CreateConnection connects an account of the actor. It is called for the first time by the reading that this rings. If the
// account turns out to have exactly one calendar that can be written, and its owner has none yet, sessions are written there.
func (s *Service) CreateConnection(ctx context.Context, c service.Call, n NewConnection) (service.Outcome[seenConnection], error) {
	return service.Act(ctx, s.House, c, service.Step[seenConnection]{
		May: func(tx *store.Tx) (service.Target, error) {
			return own(tx, "createCalendarConnection", store.Connections)
		},
		Act: func(tx *store.Tx) (seen seenConnection, err error) {
			if err := s.check(n); err != nil {
				return seen, err
			}
			x := supervision.Connection{ID: service.New[supervision.ConnectionID](s.House), Person: tx.Actor().Person, Kind: n.Kind, Name: n.Name,
				URL: strings.TrimSpace(n.URL), User: n.User, State: supervision.ConnectionPending, Wanted: 1}
			if x.Name == "" {
				x.Name = hostOf(x.URL)
			}
			if x.Password, err = s.sealed(tx, x, n.Password); err != nil {
				return seen, err
			}
			if err := tx.PutConnection(&x); err != nil {
				return seen, err
			}
			if err := tx.Enqueue(task.Sync{Tenant: tx.Tenant(), Connection: x.ID}); err != nil {
				return seen, err
			}
			return s.seen(tx, x)
		},
		Made: func(x seenConnection) supervision.UUID { return x.Object.ID.Any() },
	})
}

func (s *Service) check(n NewConnection) error {
	var f supervision.Faults
	if _, ok := s.Providers[n.Kind]; !ok {
		f.Add("/kind", "kind-not-offered", "This installation does not connect calendars of the kind %s.", n.Kind)
	}
	if n.URL == "" {
		f.Add("/url", "required", "The address of the service is needed.")
	}
	if n.Kind == "caldav" && n.User == "" {
		f.Add("/user", "required", "The user name is needed.")
	}
	if n.Kind == "caldav" && n.Password.IsZero() {
		f.Add("/password", "required", "The password is needed; if the service offers them, an app password.")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if err := s.CheckURL(n.URL); err != nil {
		return addressFault(err)
	}
	return nil
}

// hostOf is what a connection is called whose owner gives it no name.
func hostOf(raw string) string {
	if u, err := url.Parse(raw); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	host, _, _ := strings.Cut(raw, "/")
	return host
}

// sealed seals a password for its connection, with its owner's data key.
func (s *Service) sealed(tx *store.Tx, c supervision.Connection, password seal.Secret) ([]byte, error) {
	if password.IsZero() {
		return nil, nil
	}
	key, err := s.DataKey(tx, store.PersonKey, c.Person.Any())
	if err != nil {
		return nil, err
	}
	return key.Seal(passwordPlace(tx, c.ID), []byte(password.Reveal())), nil
}
