package api_test

import (
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"kreds/api"
	"kreds/api/contracttest"
	"kreds/calendar"
	"kreds/instance/scenario"
	"kreds/internal/seal"
	"kreds/service"
	"kreds/service/booking"
	"kreds/service/calendars"
	"kreds/service/planning"
	"kreds/service/roster"
	"kreds/store"
	"kreds/supervision"
)

// actors are all who may knock, in the order of the columns of the access tables.
var actors = []string{
	"house", "pm", "pm2", "orgpm", // who run: the tenant, this programme, another one, another organisation
	"sup", "sup2", // the mentor's own supervisor, and another one of the same cycle
	"mentor", "fellow", "other", // the mentor, a fellow of the group, a mentor of another group
	"boss", "mboss", "mentee", // the mentor's manager, the mentee's manager, the mentee
	"hr", "sponsor", "op",
	"self", "content", "planning", // house again, by tokens of one scope
	"lr", "lw", "pe", "li", "pa", "bw", // integrations of one scope
	"foreign", "nobody", // who runs another tenant, and no token at all
}

// world is a house with one thing of everything, as it stands on one morning: a cycle that is planned, published and partly
// confirmed, and a draft of another plan; a second programme of another organisation; a second tenant.
type world struct {
	*built
	s      scenario.Scenario
	path   string // of the database
	door   http.Handler
	secret map[string]string // of each actor
	person map[string]supervision.Person
	ids    map[string]string // what the tables call $name
	held   map[string]string // what the database holds
}

// serve opens a database behind the true door, calendars included.
func serve(t *testing.T, path string, masters *seal.Masters) (*built, http.Handler) {
	t.Helper()
	b := &built{t: t, now: time.Date(2027, 1, 4, 8, 0, 0, 0, time.UTC), says: map[supervision.PersonID][]calendar.Busy{}}
	newID := func() supervision.UUID { return supervision.UUID(uuid.Must(uuid.NewV7())) }
	clock := func() time.Time { return b.now }
	s, err := store.Open(t.Context(), store.Config{URL: path, Now: clock, NewID: newID})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	b.House = &service.House{Store: s, Masters: masters, Now: clock, NewID: newID, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), BaseURL: "https://kreds.a.example"}
	r := roster.New(b.House)
	e, err := api.New(api.Config{Base: b.BaseURL, Authenticate: api.Identified(r), Admit: api.Admitted(r), Log: b.Log}, &api.Handlers{
		Roster: r, Planning: planning.New(b.House), Booking: booking.New(b.House), Cursors: api.NewCursors(masters.Derive("cursors")),
		// Nothing here calls a calendar service: that is a task's, and tasks are not worked.
		Calendars: calendars.New(b.House, map[string]calendar.Provider{"caldav": nil, "ics": nil}, func(raw string) error {
			if !strings.HasPrefix(raw, "https://") {
				return fmt.Errorf("not called")
			}
			return nil
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	b.Handler = contracttest.Check(t, e)
	return b, e
}

// newWorld builds the world once for a test; copies of it are cheap. Tests that have a world of their own run beside each other.
func newWorld(t *testing.T) *world {
	t.Helper()
	t.Parallel()
	masters, err := seal.Create(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{path: filepath.Join(t.TempDir(), "world.db"), secret: map[string]string{"nobody": ""},
		person: map[string]supervision.Person{}, ids: map[string]string{}}
	w.built, w.door = serve(t, w.path, masters)
	if _, err := w.Store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.people()
	w.elsewhere()
	w.plans()
	w.things()
	for _, a := range actors[:len(actors)-1] {
		w.want(200, w.secret[a], "GET", "/v1/me", nil) // so that no token is used for the first time in a copy
	}
	if err := w.Store.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+w.path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil { // into the one file that is copied
		t.Fatal(err)
	}
	w.held = contents(t, w.path)
	return w
}

// copy is the world once more, as it was built.
func (w *world) copy(t *testing.T) *copied {
	t.Helper()
	text, err := os.ReadFile(w.path)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.Config{URL: path, Now: w.Now, NewID: w.NewID})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	b, house, door := *w.built, *w.House, contracttest.Check(t, w.door)
	house.Store = s
	b.t, b.House = t, &house
	b.Handler = http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		w.House.Store = s // the one door of the world leads into the copy that is asked
		door.ServeHTTP(out, in)
	})
	return &copied{&b, path}
}

// copied is a copy of the world, and where it is kept.
type copied struct {
	*built
	path string
}

// fill puts the world's ids for $names.
func (w *world) fill(text string) string {
	return os.Expand(text, func(name string) string {
		id, ok := w.ids[name]
		if !ok {
			w.t.Fatalf("the world has no $%s", name)
		}
		return id
	})
}

// token gives an actor a token with so many scopes.
func (w *world) token(name string, of supervision.PersonID, scopes ...supervision.Scope) supervision.TokenID {
	w.t.Helper()
	kind, prefix := supervision.PersonalToken, "kreds_pt_"
	if of.IsZero() {
		kind, prefix = supervision.IntegrationToken, "kreds_it_"
	}
	secret, hash := seal.Bearer(prefix)
	id := service.New[supervision.TokenID](w.House)
	w.must(func(tx *store.Tx) error {
		return tx.PutToken(&supervision.Token{ID: id, Kind: kind, Name: name, Prefix: prefix, Scopes: scopes, Person: of, MadeAt: tx.Now(),
			ExpiresAt: tx.Now().AddDate(0, 3, 0)}, hash)
	})
	w.secret[name] = secret.Reveal()
	return id
}

// join adds somebody to the tenant, with roles where they hold.
func (w *world) join(name string, org supervision.OrganisationID, role supervision.Role, scope supervision.RoleScope, subject supervision.UUID) supervision.PersonID {
	w.t.Helper()
	p := supervision.Person{ID: service.New[supervision.PersonID](w.House), ExternalID: "x-" + name, Name: "Demo " + name, Email: name + "@world.example", Organisation: org,
		TimeZone: "Europe/Copenhagen", Languages: []string{"da", "en"}, Experience: supervision.Developing, WorkHours: supervision.OfficeHours()}
	w.must(func(tx *store.Tx) error {
		if err := tx.PutPerson(&p); err != nil || role == "" {
			return err
		}
		a := supervision.RoleAssignment{ID: service.New[supervision.RoleID](w.House), Person: p.ID, Role: role, Scope: scope, Subject: subject}
		w.ids[name+"_role"] = a.ID.String()
		return tx.PutRole(&a)
	})
	w.called(name, p)
	return p.ID
}

// called names a person of the world, and gives them a token that opens all that a personal token can.
func (w *world) called(name string, p supervision.Person) {
	w.person[name], w.ids[name] = p, p.ID.String()
	if slices.Contains(actors, name) {
		w.token(name, p.ID, supervision.PersonalScopes()...)
	}
}

// people puts the small pilot into the house, with two supervisors and with everybody around the mentor m2.
func (w *world) people() {
	w.t.Helper()
	s := scenario.S1(scenario.Plain)
	works, practice := s.Organisations[0].ID, s.Organisations[1].ID
	find := func(key string) supervision.Person {
		p, ok := s.Called(key)
		if !ok {
			w.t.Fatalf("the pilot has no %s", key)
		}
		return p
	}
	mentor, mentee, pm, head := find("m2"), find("e2"), find("p0"), find("t0")
	s.Programme.Organisation = works
	s.Roles = slices.DeleteFunc(s.Roles, func(r supervision.RoleAssignment) bool { return r.Person == head.ID })
	for i := range s.Roles {
		if s.Roles[i].Person == pm.ID {
			s.Roles[i].Scope, s.Roles[i].Subject = supervision.ScopeProgramme, s.Programme.ID.Any()
		}
	}
	for i := range s.Pairs {
		s.Pairs[i].Span.From = supervision.MustDate("2027-01-01")
	}
	around := map[supervision.PersonID]string{mentor.ID: "boss", mentee.ID: "mboss"}
	made := map[string]supervision.Person{}
	for _, name := range []string{"boss", "mboss", "sup2"} {
		p := find("k0")
		p.ID, p.ExternalID, p.Name, p.Email = service.New[supervision.PersonID](w.House), "x-"+name, "Demo "+name, name+"@pilot.example"
		s.People = append(s.People, p)
		made[name] = p
	}
	second := made["sup2"]
	second.Organisation = practice
	s.People[len(s.People)-1] = second
	for i, l := range s.Lines {
		if l.Person == find("e4").ID {
			s.Lines[i].Manager = find("m5").ID // so that m4 and m5 may not meet, as m0 and m1 may not
		}
		if name, ok := around[l.Person]; ok {
			s.Lines[i].Manager = made[name].ID
			w.ids[name+"_line"] = l.ID.String()
		}
	}
	s.Roles = append(s.Roles, supervision.RoleAssignment{ID: service.New[supervision.RoleID](w.House), Person: second.ID, Role: supervision.RoleSupervisor,
		Scope: supervision.ScopeTenant, Subject: s.Tenant.ID.Any()})
	s.Assignments = append(s.Assignments, supervision.Assignment{ID: service.New[supervision.AssignmentID](w.House), Cycle: s.Cycle.ID, Supervisor: second.ID, Share: 1,
		State: supervision.AssignmentActive})
	w.s = s
	w.stage(s)

	tenant := s.Tenant.ID.Any()
	w.ids["tenant"], w.ids["works"], w.ids["practice"] = s.Tenant.ID.String(), works.String(), practice.String()
	w.ids["programme"], w.ids["cycle"], w.ids["template"] = s.Programme.ID.String(), s.Cycle.ID.String(), s.Template.ID.String()
	w.called("mentor", mentor)
	w.called("mentee", mentee)
	w.called("pm", pm)
	w.called("hr", find("h0"))
	w.called("boss", made["boss"])
	w.called("mboss", made["mboss"])
	house := w.join("house", works, supervision.RoleProgrammeManager, supervision.ScopeTenant, tenant)
	w.join("op", works, supervision.RoleOperator, supervision.ScopeTenant, tenant)
	w.join("sponsor", works, supervision.RoleSponsor, supervision.ScopeTenant, tenant)
	w.join("spare", works, supervision.RoleMentor, supervision.ScopeTenant, tenant)
	w.join("sparesup", practice, supervision.RoleSupervisor, supervision.ScopeTenant, tenant)
	w.join("sparementee", works, supervision.RoleMentee, supervision.ScopeTenant, tenant)
	w.token("self", house, supervision.ScopeSelf)
	w.token("content", house, supervision.ScopeContent)
	w.token("planning", house, supervision.ScopePlanning)
	for name, scope := range map[string]supervision.Scope{"lr": supervision.ScopeLogisticsRead, "lw": supervision.ScopeLogisticsWrite, "pe": supervision.ScopePeopleImport,
		"li": supervision.ScopeLinesImport, "pa": supervision.ScopePairsImport, "bw": supervision.ScopeBusyWrite} {
		w.ids[name+"_token"] = w.token(name, supervision.PersonID{}, scope).String()
	}
	w.ids["mentor_token"] = w.token("mentor's second", mentor.ID, supervision.ScopeSelf).String()
}

func (w *world) roster() *roster.Service { return roster.New(w.House) }
