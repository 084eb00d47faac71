package calendars

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kreds/internal/seal"
	"kreds/service"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// Connected is a connection as its readers see it, without its password.
type Connected struct {
	supervision.Connection
	Owner  supervision.PersonRef
	Health supervision.Health
	Push   string // how sessions get to its owner: none, write_back
}

type seenConnection = service.Seen[Connected]

// ListConnections is a page of the connections that the actor may see, and whether there are more.
func (s *Service) ListConnections(ctx context.Context, actor supervision.Actor, f store.ConnectionFilter, p store.Page) (list []seenConnection, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		rows, err := tx.ListConnections(f, p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		all, err := s.connected(tx, rows...)
		if err != nil {
			return err
		}
		list, err = service.SeenAll(tx, store.Connections, "listCalendarConnections", all, func(c Connected) supervision.UUID { return c.ID.Any() })
		return err
	})
	return list, more, err
}

// GetConnection returns one connection.
func (s *Service) GetConnection(ctx context.Context, actor supervision.Actor, id supervision.ConnectionID) (seen seenConnection, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		c, err := tx.Connection(id)
		if err != nil {
			return err
		}
		seen, err = s.seen(tx, c)
		return err
	})
	return seen, err
}

// seen is a connection as the actor sees it now.
func (s *Service) seen(tx *store.Tx, c supervision.Connection) (seen seenConnection, err error) {
	if seen.View, err = tx.See(store.Connections, "getCalendarConnection", c.ID.Any()); err != nil {
		return seen, err
	}
	all, err := s.connected(tx, c)
	if err == nil {
		seen.Object = all[0]
	}
	return seen, err
}

// connected adds what readers see beside the rows.
func (s *Service) connected(tx *store.Tx, rows ...supervision.Connection) ([]Connected, error) {
	var owners []supervision.PersonID
	for _, c := range rows {
		owners = append(owners, c.Person)
	}
	people, err := tx.People(owners)
	if err != nil {
		return nil, err
	}
	all, err := tx.ConnectionsOf(owners)
	if err != nil {
		return nil, err
	}
	written := map[supervision.PersonID]bool{}
	for _, c := range all {
		written[c.Person] = written[c.Person] || target(c) != (place{})
	}
	healths, err := tx.ConnectionHealths(rows)
	if err != nil {
		return nil, err
	}
	list := make([]Connected, len(rows))
	for i, c := range rows {
		c.Password = nil
		list[i] = Connected{Connection: c, Owner: people[c.Person].Ref(), Health: healths[c.ID], Push: "none"}
		if written[c.Person] {
			list[i].Push = "write_back"
		}
	}
	return list, nil
}

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

// ConnectionChange is what an owner changes; nil members stay.
type ConnectionChange struct {
	Name     *string
	User     *string
	Password *seal.Secret
	Counting *[]string // keys of the calendars whose time counts
	WriteTo  *string   // key of the calendar into which sessions are written; "": none
}

// UpdateConnection changes a connection. Sessions are written into one calendar of all of a person's connections; choosing
// one ends the choice of another. What changes what is read rings for a reading.
func (s *Service) UpdateConnection(ctx context.Context, c service.Call, id supervision.ConnectionID, change ConnectionChange) (service.Outcome[seenConnection], error) {
	return service.Act(ctx, s.House, c, service.Step[seenConnection]{
		May: func(tx *store.Tx) (service.Target, error) {
			return on(tx, store.Connections, "updateCalendarConnection", id.Any())
		},
		Act: func(tx *store.Tx) (seen seenConnection, err error) {
			was, all, err := s.lock(tx, id)
			if err != nil {
				return seen, err
			}
			now, err := s.changed(tx, was, change)
			if err != nil {
				return seen, err
			}
			if now.Name == was.Name && now.User == was.User && change.Password == nil && slices.Equal(now.Calendars, was.Calendars) {
				return s.seen(tx, was) // the step is already taken
			}
			view, err := tx.See(store.Connections, "getCalendarConnection", id.Any())
			if err != nil {
				return seen, err
			}
			if err := c.Tagged(was.Version, view); err != nil {
				return seen, err
			}
			if err := s.apply(tx, was, &now, all); err != nil {
				return seen, err
			}
			return s.seen(tx, now)
		},
	})
}

// lock locks all connections of the person to whom one belongs, in the order of ids.
func (s *Service) lock(tx *store.Tx, id supervision.ConnectionID) (c supervision.Connection, all []supervision.Connection, err error) {
	first, err := tx.Connection(id)
	if err != nil {
		return first, nil, err
	}
	if all, err = tx.LockConnectionsOf(first.Person); err != nil {
		return first, nil, err
	}
	i := slices.IndexFunc(all, func(x supervision.Connection) bool { return x.ID == id })
	if i < 0 {
		return first, nil, supervision.Absent()
	}
	return all[i], all, nil
}

// changed is the connection as its owner wants it.
func (s *Service) changed(tx *store.Tx, c supervision.Connection, change ConnectionChange) (supervision.Connection, error) {
	if change.Name != nil {
		c.Name = *change.Name
	}
	if change.User != nil {
		c.User = *change.User
	}
	if change.Password != nil {
		var err error
		if c.Password, err = s.sealed(tx, c, *change.Password); err != nil {
			return c, err
		}
	}
	c.Calendars = slices.Clone(c.Calendars)
	has := func(key string) bool {
		return slices.ContainsFunc(c.Calendars, func(k supervision.ConnectedCalendar) bool { return k.Key == key })
	}
	var f supervision.Faults
	if change.Counting != nil {
		for i, key := range *change.Counting {
			if !has(key) {
				f.Add("/counting/"+strconv.Itoa(i), "unknown-reference", "The account has no calendar %q, or has not been read yet. Choose by `ref`.", key)
			}
		}
		for i, k := range c.Calendars {
			c.Calendars[i].Counts = slices.Contains(*change.Counting, k.Key)
		}
	}
	if change.WriteTo != nil {
		if *change.WriteTo != "" && !has(*change.WriteTo) {
			f.Add("/write_to", "unknown-reference", "The account has no calendar %q, or has not been read yet. Choose by `ref`.", *change.WriteTo)
		}
		for i, k := range c.Calendars {
			c.Calendars[i].Written = k.Key == *change.WriteTo
			if k.Key == *change.WriteTo && !k.Writable {
				return c, supervision.Fault(supervision.Conflict, "calendar-not-writable", "The calendar %q can only be read. Choose one whose `writable` is true.", k.Name)
			}
		}
	}
	return c, f.Err()
}

// apply writes a change and rings what follows from it.
func (s *Service) apply(tx *store.Tx, was supervision.Connection, now *supervision.Connection, all []supervision.Connection) error {
	signs := was.User != now.User || !slices.Equal(was.Password, now.Password)
	counts := !slices.EqualFunc(was.Calendars, now.Calendars, func(x, y supervision.ConnectedCalendar) bool { return x.Counts == y.Counts })
	if was.User != now.User {
		if err := tx.ForgetCalendars(now.ID, nil); err != nil { // another account: nothing of what was read is its
			return err
		}
	}
	if signs && now.State == supervision.ConnectionRevoked {
		now.State = supervision.ConnectionPending
		now.FaultCode, now.FaultText, now.FaultSince = "", "", supervision.Instant{}
	}
	if signs || counts {
		now.Wanted++
		now.Tries, now.NextAt = 0, supervision.Instant{}
	}
	if err := tx.PutConnection(now); err != nil {
		return err
	}
	if signs || counts {
		if err := tx.Enqueue(task.Sync{Tenant: tx.Tenant(), Connection: now.ID}); err != nil {
			return err
		}
	}
	if signs {
		if err := ringWaiting(tx, *now); err != nil {
			return err
		}
	}
	if target(was) == target(*now) {
		return nil
	}
	if target(*now) != (place{}) {
		if err := endOtherTargets(tx, *now, all); err != nil {
			return err
		}
	}
	return raise(tx, now.Person)
}

// endOtherTargets ends the choice of other connections' calendars.
func endOtherTargets(tx *store.Tx, chosen supervision.Connection, all []supervision.Connection) error {
	for _, o := range all {
		if o.ID == chosen.ID || target(o) == (place{}) {
			continue
		}
		o.Calendars = slices.Clone(o.Calendars)
		for i := range o.Calendars {
			o.Calendars[i].Written = false
		}
		if err := tx.PutConnection(&o); err != nil {
			return err
		}
	}
	return nil
}

// ringWaiting rings for the deliveries that waited for a password.
func ringWaiting(tx *store.Tx, c supervision.Connection) error {
	rows, err := tx.LockDeliveriesTo(c.Person)
	if err != nil {
		return err
	}
	for _, d := range rows {
		if d.Connection == c.ID && d.Wanted != d.Done && d.State != supervision.DeliveryDiverged {
			if err := ring(tx, d); err != nil {
				return err
			}
		}
	}
	return nil
}

// DeleteConnection disconnects an account and removes what was read through it. What was written into its calendars stays
// there: without the password nobody can take it out.
func (s *Service) DeleteConnection(ctx context.Context, c service.Call, id supervision.ConnectionID) error {
	_, err := service.Act(ctx, s.House, c, service.Step[struct{}]{
		May: func(tx *store.Tx) (service.Target, error) {
			return on(tx, store.Connections, "deleteCalendarConnection", id.Any())
		},
		Act: func(tx *store.Tx) (none struct{}, err error) {
			x, _, err := s.lock(tx, id)
			if err != nil {
				return none, err
			}
			view, err := tx.See(store.Connections, "getCalendarConnection", id.Any())
			if err != nil {
				return none, err
			}
			if err := c.Tagged(x.Version, view); err != nil {
				return none, err
			}
			return none, s.disconnect(tx, x)
		},
	})
	return err
}

func (s *Service) disconnect(tx *store.Tx, x supervision.Connection) error {
	before, err := health(tx, x.Person)
	if err != nil {
		return err
	}
	jobs, err := tx.OpenJobs(x.ID.Any())
	if err != nil {
		return err
	}
	for _, j := range jobs {
		j.State, j.FinishedAt, j.FaultCode, j.FaultText = "failed", tx.Now(), "not-found", "The connection was deleted."
		if err := tx.PutJob(&j); err != nil {
			return err
		}
	}
	rows, err := tx.LockDeliveriesTo(x.Person)
	if err != nil {
		return err
	}
	for _, d := range rows {
		if d.Connection != x.ID {
			continue
		}
		d.Connection, d.Ref, d.Href, d.ETag = supervision.ConnectionID{}, "", "", ""
		if err := ring(tx, d); err != nil {
			return err
		}
	}
	if err := tx.DeleteConnection(x); err != nil {
		return err
	}
	return s.follow(tx, x.Person, before, true, supervision.SessionID{})
}
