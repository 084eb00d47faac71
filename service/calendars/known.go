package calendars

import (
	"strings"
	"time"

	"kreds/calendar"
	"kreds/internal/seal"
	"kreds/store"
	"kreds/supervision"
)

// known is what is known of a connection before it is read.
type known struct {
	connection supervision.Connection
	account    calendar.Account
	zone       *time.Location // of the owner
	cursors    map[string]store.Cursor
	objects    map[string][]calendar.Object // by calendar
	own        map[string]bool              // names of our own events
	covers     calendar.Interval
	at         supervision.Instant
	trusted    bool // its owner asked for the reading, and so vouches for what is gone
}

// look gathers what is known of a connection.
func (s *Service) look(tx *store.Tx, c supervision.Connection) (k known, err error) {
	k = known{connection: c, at: tx.Now()}
	p, err := tx.Person(c.Person)
	if err != nil {
		return k, err
	}
	if k.account, k.zone, err = s.account(tx, c, p); err != nil {
		return k, err
	}
	if k.cursors, err = tx.Cursors(c.ID); err != nil {
		return k, err
	}
	if k.objects, err = tx.Objects(c.ID); err != nil {
		return k, err
	}
	if k.own, err = tx.OwnNames(c.Person); err != nil {
		return k, err
	}
	jobs, err := tx.OpenJobs(c.ID.Any())
	if err != nil {
		return k, err
	}
	for _, j := range jobs {
		k.trusted = k.trusted || j.Wanted > c.Done
	}
	last, err := tx.RunningUntil(c.Person)
	k.covers = horizon(tx.Now(), last)
	return k, err
}

// account is what the provider needs, with the password opened.
func (s *Service) account(tx *store.Tx, c supervision.Connection, p supervision.Person) (a calendar.Account, zone *time.Location, err error) {
	zone, err = calendar.LoadZone(p.TimeZone)
	if err != nil {
		return a, nil, internal("the zone of person %s: %w", p.ID, err)
	}
	a = calendar.Account{URL: c.URL, User: c.User, Zone: p.TimeZone, Emails: []string{p.Email}}
	if strings.Contains(c.User, "@") && !strings.EqualFold(c.User, p.Email) {
		a.Emails = append(a.Emails, c.User)
	}
	if len(c.Password) > 0 {
		password, err := s.Open(tx, passwordPlace(tx, c.ID), c.Password)
		if err != nil {
			return a, zone, err
		}
		a.Password = string(password)
	}
	return a, zone, nil
}

// passwordPlace is where the password of a connection stands.
func passwordPlace(tx *store.Tx, id supervision.ConnectionID) seal.Place {
	return seal.Place{Table: "connection", Column: "password", Tenant: tx.Tenant(), Row: id}
}

// horizon is the time of which readings speak: whole days from the day before today to 400 days ahead, or to the end of the
// person's running cycles where that is later.
func horizon(now time.Time, last supervision.Date) calendar.Interval {
	today := supervision.DateOf(now.UTC())
	end := today.AddDays(401)
	if end.Before(last.AddDays(2)) && !last.IsZero() {
		end = last.AddDays(2) // a day more than its own, in whatever zone
	}
	return calendar.Interval{Start: today.AddDays(-1).Midnight(time.UTC), End: end.Midnight(time.UTC)}
}
