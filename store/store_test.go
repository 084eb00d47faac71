package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"kreds/internal/testkit/postgres"
	"kreds/store"
	"kreds/supervision"
)

// The suite runs over both databases: a case that holds on one holds on the other.
func both(t *testing.T, test func(t *testing.T, h *house)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, open(t, filepath.Join(t.TempDir(), "kreds.db"), true))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		url := postgres.Template(t, func(url string) error {
			s, err := store.Open(context.Background(), config(url, time.Now))
			if err != nil {
				return err
			}
			defer s.Close()
			_, err = s.Migrate(context.Background())
			return err
		})
		test(t, open(t, url, false))
	})
}

// house is a store with one tenant, and a clock that a test sets.
type house struct {
	*store.Store
	t     *testing.T
	url   string
	now   time.Time
	actor supervision.Actor
}

var start = time.Date(2027, 2, 1, 8, 0, 0, 0, time.UTC)

func config(url string, now func() time.Time) store.Config {
	return store.Config{URL: url, Now: now, NewID: func() supervision.UUID { return supervision.UUID(uuid.Must(uuid.NewV7())) }}
}

func open(t *testing.T, url string, migrate bool) *house {
	t.Helper()
	h := &house{t: t, url: url, now: start}
	s, err := store.Open(t.Context(), config(url, func() time.Time { return h.now }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if migrate {
		if _, err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	s.Watch(walls(t))
	h.Store = s
	h.actor = h.tenant("House A")
	return h
}

// tenant makes a tenant and returns the house itself as its actor.
func (h *house) tenant(name string) supervision.Actor {
	h.t.Helper()
	a := supervision.Actor{Tenant: id[supervision.TenantID](), Kind: supervision.ByCommand}
	err := h.Update(h.t.Context(), a, func(tx *store.Tx) error {
		return tx.PutTenant(supervision.Tenant{ID: a.Tenant, Name: name, Language: "en"}, []byte("sealed"))
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

func id[ID ~[16]byte]() ID { return ID(uuid.Must(uuid.NewV7())) }

func (h *house) update(fn func(*store.Tx) error) error {
	return h.Update(h.t.Context(), h.actor, fn)
}

func (h *house) must(fn func(*store.Tx) error) {
	h.t.Helper()
	if err := h.update(fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) view(fn func(*store.Tx) error) {
	h.t.Helper()
	if err := h.View(h.t.Context(), h.actor, fn); err != nil {
		h.t.Fatal(err)
	}
}

// people makes an organisation with so many people.
func (h *house) people(n int) []supervision.Person {
	h.t.Helper()
	var list []supervision.Person
	h.must(func(tx *store.Tx) error {
		o := supervision.Organisation{ID: id[supervision.OrganisationID](), Name: "A", Kind: supervision.Company, Country: "DK", TimeZone: "Europe/Copenhagen"}
		if err := tx.PutOrganisation(&o); err != nil {
			return err
		}
		for i := range n {
			p := supervision.Person{ID: id[supervision.PersonID](), ExternalID: fmt.Sprintf("e%d", i), Name: fmt.Sprintf("Person %d", i),
				Email: fmt.Sprintf("p%d@a.example", i), Organisation: o.ID, TimeZone: "Europe/Copenhagen", Languages: []string{"da", "en"},
				Seniority: 3, Experience: supervision.Developing, WorkHours: supervision.OfficeHours()}
			if err := tx.PutPerson(&p); err != nil {
				return err
			}
			list = append(list, p)
		}
		return nil
	})
	return list
}

func session(at time.Time, people ...supervision.Person) *supervision.Session {
	s := &supervision.Session{ID: id[supervision.SessionID](), Kind: supervision.KindIndividual, Supervisor: people[len(people)-1].ID, Start: at, End: at.Add(time.Hour),
		TimeZone: "Europe/Copenhagen", Mode: supervision.Virtual, State: supervision.OnHold, MadeOn: supervision.DateOf(start)}
	for _, p := range people[:len(people)-1] {
		s.Mentors = append(s.Mentors, supervision.Attendance{Person: p.ID, Answer: supervision.Invited})
	}
	return s
}

func TestAPersonComesBackAsTheyWere(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		p := h.people(2)[1]
		h.view(func(tx *store.Tx) error {
			got, err := tx.Person(p.ID)
			if err != nil {
				return err
			}
			if fmt.Sprint(got) != fmt.Sprint(p) {
				t.Errorf("got  %+v\nwant %+v", got, p)
			}
			return nil
		})
	})
}

func TestNobodyIsTakenTwice(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		p := h.people(4)
		free := func() error { return nil }
		first, clash, beside := session(start, p[0], p[3]), session(start.Add(30*time.Minute), p[1], p[3]), session(start.Add(time.Hour), p[1], p[3])
		h.must(func(tx *store.Tx) error { return tx.Claim([]*supervision.Session{first}, free) })
		err := h.update(func(tx *store.Tx) error { return tx.Claim([]*supervision.Session{clash}, free) })
		if supervision.CodeOf(err) != "slot-taken" {
			t.Fatalf("the clash was answered by %v", err)
		}
		h.must(func(tx *store.Tx) error { return tx.Claim([]*supervision.Session{beside}, free) })
		first.State = supervision.Cancelled
		h.must(func(tx *store.Tx) error { return tx.Claim([]*supervision.Session{first}, free) })
		h.must(func(tx *store.Tx) error { return tx.Claim([]*supervision.Session{session(start, p[2], p[3])}, free) })
	})
}
