// Package storetest opens databases for tests: a new one for each, at the newest step, in either dialect.
package storetest

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"kreds/internal/testkit/postgres"
	"kreds/store"
	"kreds/supervision"
)

// NewID makes ids as the product does.
func NewID() supervision.UUID { return supervision.UUID(uuid.Must(uuid.NewV7())) }

// Both runs a test over SQLite and over PostgreSQL: a case that holds on one holds on the other.
func Both(t *testing.T, now func() time.Time, test func(t *testing.T, s *store.Store)) {
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, SQLite(t, now)) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); test(t, Postgres(t, now)) })
}

// SQLite opens a new database file.
func SQLite(t testing.TB, now func() time.Time) *store.Store {
	t.Helper()
	s := open(t, filepath.Join(t.TempDir(), "kreds.db"), now)
	if _, err := s.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s
}

// Postgres opens a new database on a server that the test kit starts.
func Postgres(t testing.TB, now func() time.Time) *store.Store {
	t.Helper()
	return open(t, PostgresURL(t), now)
}

// PostgresURL is the address of a new database at the newest step.
func PostgresURL(t testing.TB) string {
	t.Helper()
	return postgres.Template(t, func(url string) error {
		s, err := store.Open(context.Background(), store.Config{URL: url, Now: time.Now, NewID: NewID})
		if err != nil {
			return err
		}
		defer s.Close()
		_, err = s.Migrate(context.Background())
		return err
	})
}

func open(t testing.TB, url string, now func() time.Time) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), store.Config{URL: url, Now: now, NewID: NewID})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
