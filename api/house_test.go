package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"kreds/api"
	"kreds/api/contracttest"
	"kreds/calendar"
	"kreds/internal/seal"
	"kreds/service"
	"kreds/service/booking"
	"kreds/service/calendars"
	"kreds/service/planning"
	"kreds/service/roster"
	"kreds/store"
	"kreds/store/storetest"
	"kreds/supervision"
)

// built is the true house over a database of its own, with a clock that the test sets, behind the true door. Every reply is
// held against the contract.
type built struct {
	http.Handler
	*service.House
	t     *testing.T
	url   string // of the database
	now   time.Time
	actor supervision.Actor // the house itself
	org   supervision.OrganisationID
	says  map[supervision.PersonID][]calendar.Busy // what everybody's calendar says
}

// build is over a SQLite file.
func build(t *testing.T) *built {
	t.Helper()
	return buildOn(t, filepath.Join(t.TempDir(), "kreds.db"))
}

// onBoth runs a case over both databases.
func onBoth(t *testing.T, test func(t *testing.T, b *built)) {
	t.Run("sqlite", func(t *testing.T) { test(t, build(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, buildOn(t, storetest.PostgresURL(t))) })
}

func buildOn(t *testing.T, url string) *built {
	t.Helper()
	b := &built{t: t, url: url, now: time.Date(2027, 1, 4, 8, 0, 0, 0, time.UTC), says: map[supervision.PersonID][]calendar.Busy{}}
	newID := func() supervision.UUID { return supervision.UUID(uuid.Must(uuid.NewV7())) }
	clock := func() time.Time { return b.now }
	s, err := store.Open(t.Context(), store.Config{URL: url, Now: clock, NewID: newID})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	masters, err := seal.Create(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	b.House = &service.House{Store: s, Masters: masters, Now: clock, NewID: newID, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), BaseURL: "https://kreds.a.example"}
	r := roster.New(b.House)
	e, err := api.New(api.Config{Base: b.BaseURL, Authenticate: api.Identified(r), Admit: api.Admitted(r), Log: b.Log},
		&api.Handlers{Roster: r, Planning: planning.New(b.House), Booking: booking.New(b.House), Cursors: api.NewCursors(masters.Derive("cursors")),
			// Nothing here calls a calendar service: that is a task's, and tasks are not worked.
			Calendars: calendars.New(b.House, map[string]calendar.Provider{"caldav": nil}, func(string) error { return nil })})
	if err != nil {
		t.Fatal(err)
	}
	b.Handler = contracttest.Check(t, e)
	b.actor = service.Command(service.New[supervision.TenantID](b.House))
	b.must(func(tx *store.Tx) error {
		if err := b.MakeTenant(tx, supervision.Tenant{ID: b.actor.Tenant, Name: "House A", Language: "en"}); err != nil {
			return err
		}
		o := supervision.Organisation{ID: service.New[supervision.OrganisationID](b.House), Name: "A", Kind: supervision.Company, Country: "DK", TimeZone: "Europe/Copenhagen"}
		b.org = o.ID
		return tx.PutOrganisation(&o)
	})
	return b
}

func (b *built) must(fn func(*store.Tx) error) {
	b.t.Helper()
	if err := b.Store.Update(context.Background(), b.actor, fn); err != nil {
		b.t.Fatal(err)
	}
}

// person makes somebody with roles in the whole tenant, and a token that opens all that a personal token can.
func (b *built) person(name string, roles ...supervision.Role) (supervision.Person, string) {
	b.t.Helper()
	p := supervision.Person{ID: service.New[supervision.PersonID](b.House), ExternalID: name, Name: name, Email: name + "@a.example", Organisation: b.org,
		TimeZone: "Europe/Copenhagen", Languages: []string{"en"}, Experience: supervision.Developing, WorkHours: supervision.OfficeHours()}
	secret, hash := seal.Bearer("kreds_pt_")
	b.must(func(tx *store.Tx) error {
		if err := tx.PutPerson(&p); err != nil {
			return err
		}
		for _, r := range roles {
			a := supervision.RoleAssignment{ID: service.New[supervision.RoleID](b.House), Person: p.ID, Role: r, Scope: supervision.ScopeTenant, Subject: b.actor.Tenant.Any()}
			if err := tx.PutRole(&a); err != nil {
				return err
			}
		}
		return tx.PutToken(&supervision.Token{ID: service.New[supervision.TokenID](b.House), Kind: supervision.PersonalToken, Name: "test", Prefix: "kreds_pt_",
			Scopes: supervision.PersonalScopes(), Person: p.ID, MadeAt: tx.Now(), ExpiresAt: tx.Now().AddDate(1, 0, 0)}, hash)
	})
	return p, secret.Reveal()
}

// reply is an answer, with its body read as JSON.
type reply struct {
	*httptest.ResponseRecorder
	JSON map[string]any
}

func (r reply) etag() string { return r.Header().Get("ETag") }

// do makes a request with a token. Headers come in pairs; an act gets a key of its own unless one is given.
func (b *built) do(token, method, path string, body any, headers ...string) reply {
	b.t.Helper()
	var in io.Reader
	media := "application/json"
	switch v := body.(type) {
	case nil:
	case string:
		in = bytes.NewReader([]byte(v))
	default:
		text, err := json.Marshal(v)
		if err != nil {
			b.t.Fatal(err)
		}
		in = bytes.NewReader(text)
	}
	r := httptest.NewRequest(method, path, in)
	r.Header.Set("Authorization", "Bearer "+token)
	if method == http.MethodPatch {
		media = "application/merge-patch+json"
	}
	if in != nil {
		r.Header.Set("Content-Type", media)
	}
	if method == http.MethodPost {
		r.Header.Set("Idempotency-Key", uuid.NewString())
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	out := reply{ResponseRecorder: w}
	_ = json.Unmarshal(w.Body.Bytes(), &out.JSON)
	return out
}

// want is do for an answer with a status.
func (b *built) want(status int, token, method, path string, body any, headers ...string) reply {
	b.t.Helper()
	r := b.do(token, method, path, body, headers...)
	if r.Code != status {
		b.t.Fatalf("%s %s: %d, want %d\n%s", method, path, r.Code, status, r.Body)
	}
	return r
}

type object = map[string]any

func TestAnOrganisationIsMadeChangedAndMadeOnce(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	_, mentor := b.person("ida", supervision.RoleMentor)
	body := object{"name": "B", "kind": "company", "country": "DK", "time_zone": "Europe/Copenhagen"}

	first := b.want(201, manager, "POST", "/v1/organisations", body, "Idempotency-Key", "k1")
	again := b.want(201, manager, "POST", "/v1/organisations", body, "Idempotency-Key", "k1")
	if again.JSON["id"] != first.JSON["id"] || again.Header().Get("Idempotency-Replayed") != "true" {
		t.Errorf("a repeat made %v after %v", again.JSON["id"], first.JSON["id"])
	}
	body["name"] = "C"
	b.want(422, manager, "POST", "/v1/organisations", body, "Idempotency-Key", "k1")
	b.want(403, mentor, "POST", "/v1/organisations", body)

	path := "/v1/organisations/" + fmt.Sprint(first.JSON["id"])
	changed := b.want(200, manager, "PATCH", path, object{"name": "Beta"}, "If-Match", first.etag())
	if changed.JSON["name"] != "Beta" {
		t.Errorf("it is called %v", changed.JSON["name"])
	}
	stale := b.want(412, manager, "PATCH", path, object{"name": "Gamma"}, "If-Match", first.etag())
	if stale.JSON["code"] != "stale-tag" {
		t.Errorf("a stale tag was answered by %v", stale.JSON["code"])
	}
	b.want(422, manager, "PATCH", path, object{"time_zone": "Mars/Olympus"}, "If-Match", changed.etag())
	list := b.want(200, manager, "GET", "/v1/organisations?page_size=1", nil)
	if list.JSON["next_cursor"] == nil {
		t.Error("a page of one of two organisations has no cursor")
	}
	rest := b.want(200, manager, "GET", "/v1/organisations?page_size=1&cursor="+fmt.Sprint(list.JSON["next_cursor"]), nil)
	if rest.JSON["next_cursor"] != nil || len(rest.JSON["items"].([]any)) != 1 {
		t.Errorf("the second page is %s", rest.Body)
	}
}
