package calendars_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"kreds/calendar"
	"kreds/calendar/calendartest"
	"kreds/internal/seal"
	"kreds/internal/testkit/postgres"
	"kreds/service"
	"kreds/service/calendars"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// bench is a house with the calendars, a clock that the test sets, and a calendar service in memory.
type bench struct {
	*calendars.Service
	t      *testing.T
	file   string
	raw    *sql.DB
	lite   bool
	now    time.Time
	house  supervision.Actor
	org    supervision.OrganisationID
	remote *remote
	log    *safeBuffer
}

var monday = time.Date(2027, 2, 1, 8, 0, 0, 0, time.UTC)

// setup makes a bench over SQLite.
func setup(t *testing.T, refs ...string) *bench {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "kreds.db"), true, refs...)
}

// both runs a test over either database.
func both(t *testing.T, test func(t *testing.T, b *bench)) {
	t.Run("sqlite", func(t *testing.T) { test(t, setup(t)) })
	t.Run("postgres", func(t *testing.T) {
		url := postgres.Template(t, func(url string) error {
			s, err := store.Open(context.Background(), store.Config{URL: url, Now: time.Now, NewID: newID})
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

func newID() supervision.UUID { return supervision.UUID(uuid.Must(uuid.NewV7())) }

func open(t *testing.T, url string, lite bool, refs ...string) *bench {
	t.Helper()
	if len(refs) == 0 {
		refs = []string{"home"}
	}
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, file: url, lite: lite, now: monday, log: &safeBuffer{}, remote: &remote{Memory: calendartest.NewMemory(zone, refs...)}}
	clock := func() time.Time { return b.now }
	s, err := store.Open(t.Context(), store.Config{URL: url, Now: clock, NewID: newID})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if lite {
		if _, err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	driver := map[bool]string{true: "sqlite", false: "pgx"}[lite]
	if b.raw, err = sql.Open(driver, url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.raw.Close() })
	masters, err := seal.Create(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	h := &service.House{Store: s, Masters: masters, Now: clock, NewID: newID, Log: slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		BaseURL: "https://kreds.a.example"}
	b.Service = calendars.New(h, map[string]calendar.Provider{"caldav": b.remote}, func(string) error { return nil })
	b.house = service.Command(service.New[supervision.TenantID](h))
	b.must(func(tx *store.Tx) error {
		if err := h.MakeTenant(tx, supervision.Tenant{ID: b.house.Tenant, Name: "House A", Language: "en"}); err != nil {
			return err
		}
		o := supervision.Organisation{ID: service.New[supervision.OrganisationID](h), Name: "A", Kind: supervision.Company, Country: "DK", TimeZone: "Europe/Copenhagen"}
		b.org = o.ID
		return tx.PutOrganisation(&o)
	})
	return b
}

func (b *bench) must(fn func(*store.Tx) error) {
	b.t.Helper()
	if err := b.Store.Update(context.Background(), b.house, fn); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) view(fn func(*store.Tx) error) {
	b.t.Helper()
	if err := b.Store.View(context.Background(), b.house, fn); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) person(name string) supervision.Person {
	b.t.Helper()
	p := supervision.Person{ID: service.New[supervision.PersonID](b.House), ExternalID: name, Name: name, Email: name + "@a.example", Organisation: b.org,
		TimeZone: "Europe/Copenhagen", Languages: []string{"en"}, Experience: supervision.Developing, WorkHours: supervision.OfficeHours()}
	b.must(func(tx *store.Tx) error { return tx.PutPerson(&p) })
	return p
}

func (b *bench) as(p supervision.Person) service.Call {
	return service.Call{Actor: supervision.Actor{Tenant: b.house.Tenant, Person: p.ID, Kind: supervision.BySession}, Match: service.Always{}}
}

// connect connects the person's account in memory and reads it for the first time.
func (b *bench) connect(p supervision.Person) supervision.Connection {
	b.t.Helper()
	out, err := b.CreateConnection(b.t.Context(), b.as(p), calendars.NewConnection{Kind: "caldav", URL: "https://dav.a.example/", User: p.Name, Password: seal.NewSecret("pw")})
	if err != nil {
		b.t.Fatal(err)
	}
	b.work()
	return b.connection(out.Value.Object.ID)
}

func (b *bench) connection(id supervision.ConnectionID) (c supervision.Connection) {
	b.t.Helper()
	b.view(func(tx *store.Tx) (err error) { c, err = tx.Connection(id); return err })
	return c
}

func (b *bench) sync(c supervision.Connection) supervision.Connection {
	b.t.Helper()
	if err := b.Sync(b.t.Context(), task.Sync{Tenant: b.house.Tenant, Connection: c.ID}); err != nil {
		b.t.Fatal(err)
	}
	return b.connection(c.ID)
}

// event puts somebody's event of an hour into a calendar.
func (b *bench) event(ref, uid string, at time.Time) {
	e := calendartest.Event{UID: uid, Interval: calendar.Interval{Start: at, End: at.Add(time.Hour)}}
	b.remote.Write(ref, uid+".ics", e.ICS())
}

// states spells what is known of a person's time from 08:00 of a day on, an hour a word.
func (b *bench) states(p supervision.Person, day time.Time, hours int) string {
	b.t.Helper()
	from := time.Date(day.Year(), day.Month(), day.Day(), 8, 0, 0, 0, time.UTC)
	a, err := b.GetAvailability(b.t.Context(), b.as(p).Actor, p.ID, calendar.Interval{Start: from, End: from.Add(time.Duration(hours) * time.Hour)})
	if err != nil {
		b.t.Fatal(err)
	}
	var words []string
	for h := range hours {
		at := from.Add(time.Duration(h) * time.Hour)
		i := slices.IndexFunc(a.Spans, func(s calendar.Span) bool { return !at.Before(s.Start) && at.Before(s.End) })
		words = append(words, string(a.Spans[i].State))
	}
	return strings.Join(words, " ")
}

// session books an individual session of two people.
func (b *bench) session(at time.Time, mentor, supervisor supervision.Person) supervision.Session {
	b.t.Helper()
	x := supervision.Session{ID: service.New[supervision.SessionID](b.House), Kind: supervision.KindIndividual, Supervisor: supervisor.ID, Start: at,
		End: at.Add(time.Hour), TimeZone: "Europe/Copenhagen", Mode: supervision.Virtual, State: supervision.OnHold, MadeOn: supervision.DateOf(b.now),
		Mentors: []supervision.Attendance{{Person: mentor.ID, Answer: supervision.Invited}}}
	b.put(&x, nil)
	return x
}

// change changes a session as booking does.
func (b *bench) change(x *supervision.Session, how func(*supervision.Session)) {
	b.t.Helper()
	former := *x
	how(x)
	b.put(x, []supervision.Session{former})
}

func (b *bench) put(x *supervision.Session, former []supervision.Session) {
	b.t.Helper()
	b.must(func(tx *store.Tx) error {
		y := *x
		if err := tx.Claim([]*supervision.Session{&y}, func() error { return nil }); err != nil {
			return err
		}
		if err := b.Outside(tx, []supervision.Session{y}, former); err != nil {
			return err
		}
		*x = y
		return nil
	})
}

func (b *bench) delivery(x supervision.Session, p supervision.Person) (d supervision.Delivery) {
	b.t.Helper()
	b.view(func(tx *store.Tx) (err error) { d, err = tx.Delivery(x.ID, p.ID); return err })
	return d
}

// rung lists the tasks that wait, as "kind", and takes them out of the queue.
func (b *bench) rung() (bells []bell) {
	b.t.Helper()
	args := map[bool]string{true: "json(args)", false: "args"}[b.lite]
	rows, err := b.raw.Query("SELECT id, kind, " + args + " FROM river_job WHERE state = 'available' ORDER BY id")
	if err != nil {
		b.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var one bell
		if err := rows.Scan(&one.id, &one.kind, &one.args); err != nil {
			b.t.Fatal(err)
		}
		bells = append(bells, one)
	}
	if err := rows.Err(); err != nil {
		b.t.Fatal(err)
	}
	for _, one := range bells {
		if _, err := b.raw.Exec(fmt.Sprintf("DELETE FROM river_job WHERE id = %d", one.id)); err != nil {
			b.t.Fatal(err)
		}
	}
	return bells
}

type bell struct {
	id   int64
	kind string
	args []byte
}

// kinds spells bells by their kinds, sorted.
func kinds(bells []bell) string {
	var words []string
	for _, one := range bells {
		words = append(words, one.kind)
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

// work does what waits until nothing of the calendars' own does, and returns the bells for others.
func (b *bench) work() (others []bell) {
	b.t.Helper()
	for {
		bells := b.rung()
		if len(bells) == 0 {
			return others
		}
		for _, one := range bells {
			var err error
			switch one.kind {
			case "sync":
				err = b.Sync(b.t.Context(), read[task.Sync](b.t, one))
			case "deliver":
				err = b.Deliver(b.t.Context(), read[task.Deliver](b.t, one))
			case "render":
				err = b.Render(b.t.Context(), read[task.Render](b.t, one))
			default:
				others = append(others, one)
			}
			if err != nil {
				b.t.Fatalf("%s: %v", one.kind, err)
			}
		}
	}
}

func read[T any](t *testing.T, one bell) (v T) {
	t.Helper()
	if err := json.Unmarshal(one.args, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// remote is a calendar service in memory that can be made to fail. A nil hook does nothing.
type remote struct {
	*calendartest.Memory

	mu      sync.Mutex
	opens   func(a calendar.Account) error
	reads   func(ref string) error
	lists   func([]calendar.Info) []calendar.Info
	tells   func(ref string, d *calendar.Delta)
	since   func(from calendar.Cursor)
	ends    func(ctx context.Context) // after an answer
	wrote   func() error              // after a PUT, in place of its answer
	erases  func(ref string) error
	puts    int
	deletes int
}

func (r *remote) Open(ctx context.Context, a calendar.Account) (calendar.Source, error) {
	if r.opens != nil {
		if err := r.opens(a); err != nil {
			return nil, err
		}
	}
	return r, ctx.Err()
}

func (r *remote) Calendars(ctx context.Context) ([]calendar.Info, error) {
	infos, err := r.Memory.Calendars(ctx)
	if r.lists != nil {
		infos = r.lists(infos)
	}
	return infos, err
}

func (r *remote) Changes(ctx context.Context, ref string, since calendar.Cursor, known calendar.Known) (calendar.Delta, error) {
	if r.reads != nil {
		if err := r.reads(ref); err != nil {
			return calendar.Delta{}, err
		}
	}
	if r.since != nil {
		r.since(since)
	}
	d, err := r.Memory.Changes(ctx, ref, since, known)
	if r.tells != nil {
		r.tells(ref, &d)
	}
	if r.ends != nil {
		r.ends(ctx)
	}
	return d, err
}

func (r *remote) Put(ctx context.Context, ref string, a calendar.Appointment, etag string) (calendar.Placed, error) {
	r.count(&r.puts)
	placed, err := r.Memory.Put(ctx, ref, a, etag)
	if r.wrote != nil {
		if err := r.wrote(); err != nil {
			return calendar.Placed{}, err
		}
	}
	return placed, err
}

func (r *remote) Delete(ctx context.Context, ref, uid, etag string) error {
	r.count(&r.deletes)
	if r.erases != nil {
		if err := r.erases(ref); err != nil {
			return err
		}
	}
	return r.Memory.Delete(ctx, ref, uid, etag)
}

func (r *remote) count(n *int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*n++
}

// stands finds what stands in a calendar under the name of a delivery.
func (b *bench) stands(ref string, d supervision.Delivery) (calendar.Found, bool) {
	b.t.Helper()
	f, ok, err := b.remote.Find(b.t.Context(), ref, d.UID)
	if err != nil {
		b.t.Fatal(err)
	}
	return f, ok
}

// safeBuffer takes the log of several goroutines.
type safeBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Buffer.Write(p)
}
func secret(s string) *seal.Secret { v := seal.NewSecret(s); return &v }

func text(s string) *string { return &s }

// update changes a connection as its owner.
func (b *bench) update(p supervision.Person, c supervision.Connection, change calendars.ConnectionChange) supervision.Connection {
	b.t.Helper()
	if _, err := b.UpdateConnection(b.t.Context(), b.as(p), c.ID, change); err != nil {
		b.t.Fatal(err)
	}
	return b.connection(c.ID)
}

// occurrences counts a word in the files of a database.
func occurrences(t *testing.T, file, word string) (n int) {
	t.Helper()
	for _, name := range []string{file, file + "-wal"} {
		data, err := os.ReadFile(name)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		n += bytes.Count(data, []byte(word))
	}
	return n
}
