package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kreds/internal/testkit/postgres"
	"kreds/store"
)

// empty opens databases in which nothing is yet.
func empty(t *testing.T, test func(t *testing.T, open func() *store.Store)) {
	opener := func(t *testing.T, url string) func() *store.Store {
		return func() *store.Store {
			s, err := store.Open(t.Context(), config(url, time.Now))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			return s
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, opener(t, filepath.Join(t.TempDir(), "kreds.db")))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, opener(t, postgres.New(t)))
	})
}

func TestMigrationsRunFromNothingAndOnce(t *testing.T) {
	empty(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		if ok, err := s.Current(t.Context()); ok || err != nil {
			t.Errorf("an empty database is current: %v, %v", ok, err)
		}
		if n, err := s.Migrate(t.Context()); err != nil || n == 0 {
			t.Fatalf("%d steps, %v", n, err)
		}
		for _, again := range []*store.Store{s, open()} {
			if n, err := again.Migrate(t.Context()); err != nil || n != 0 {
				t.Errorf("a second run took %d steps, %v", n, err)
			}
			if ok, err := again.Current(t.Context()); !ok || err != nil {
				t.Errorf("current %v, %v", ok, err)
			}
		}
	})
}

// A file may be called whatever a file system lets it be called.
func TestADatabaseFileIsTheOneThatIsNamed(t *testing.T) {
	for _, name := range []string{"kreds.db", "my house.db", "50%.db", "what?.db", "a&b=c#d.db", "ærø.db", "%41.db"} {
		path := filepath.Join(t.TempDir(), name)
		s, err := store.Open(t.Context(), config(path, time.Now))
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		defer s.Close()
		if _, err := s.Migrate(t.Context()); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		if ok, err := s.Current(t.Context()); !ok || err != nil {
			t.Errorf("%q is not current, %v", name, err)
		}
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
}

// Several processes may start at once on a database in which nothing is yet.
func TestMigrationsRunOnceForManyAtOnce(t *testing.T) {
	empty(t, func(t *testing.T, open func() *store.Store) {
		stores := []*store.Store{open(), open(), open(), open()}
		errs := make([]error, len(stores))
		var all sync.WaitGroup
		for i, s := range stores {
			all.Go(func() { _, errs[i] = s.Migrate(t.Context()) })
		}
		all.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		if ok, err := stores[0].Current(t.Context()); !ok || err != nil {
			t.Errorf("current %v, %v", ok, err)
		}
	})
}

// A program that is older than the schema does not touch it: it does not know what the newer steps mean.
func TestADatabaseOfANewerProgramIsRefused(t *testing.T) {
	for _, newer := range []string{
		"INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)",
		"INSERT INTO river_migration (line, version) VALUES ('main', 9999)",
	} {
		both(t, func(t *testing.T, h *house) {
			if _, err := h.SQL().Exec(newer); err != nil {
				t.Fatal(err)
			}
			if ok, err := h.Current(t.Context()); ok || err == nil || !strings.Contains(err.Error(), "newer") || !strings.Contains(err.Error(), "9999") {
				t.Errorf("current %v, %v", ok, err)
			}
			if _, err := h.Migrate(t.Context()); err == nil || !strings.Contains(err.Error(), "newer") {
				t.Errorf("it is migrated: %v", err)
			}
		})
	}
}

// What one database holds the other holds too: the same tables with the same columns, null in the same places, in the same
// keys, pointing at the same tables.
func TestBothDatabasesHaveTheSameSchema(t *testing.T) {
	shapes := map[bool]map[string]map[string]column{}
	var lock sync.Mutex
	t.Run("each", func(t *testing.T) {
		both(t, func(t *testing.T, h *house) {
			schema := h.schema()
			lock.Lock()
			defer lock.Unlock()
			shapes[h.SQLite()] = schema
		})
	})
	lite, pg := shapes[true], shapes[false]
	for table, columns := range pg {
		for name, want := range columns {
			got, ok := lite[table][name]
			want.Type, got.Type = "", ""
			if !ok || got != want {
				t.Errorf("%s.%s: SQLite has %+v (there %v), PostgreSQL %+v", table, name, got, ok, want)
			}
		}
		if len(lite[table]) != len(columns) {
			t.Errorf("%s has %d columns in SQLite and %d in PostgreSQL", table, len(lite[table]), len(columns))
		}
	}
	if len(lite) != len(pg) || !slices.Contains([]int{len(pg)}, len(lite)) {
		t.Errorf("%d tables in SQLite, %d in PostgreSQL", len(lite), len(pg))
	}
}
