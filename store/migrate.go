package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/rivermigrate"

	"kreds/migrations"
)

// Migrate brings the schema, and the job engine's, to the newest step. It may be run again, and by several processes at once.
// It returns how many steps it took. A database that a newer program has changed is refused, and left as it is.
func (s *Store) Migrate(ctx context.Context) (int, error) {
	m, err := s.migration()
	if err != nil {
		return 0, err
	}
	release, err := s.migrateAlone(ctx)
	if err != nil {
		return 0, err
	}
	defer release()
	for taken := 0; ; {
		before, err := m.reached(ctx)
		if err != nil {
			return taken, err
		}
		n, err := m.up(ctx)
		if taken += n; err == nil {
			return taken, nil
		}
		// On SQLite another process may have taken the step before this one could: then there is progress, and the rest is tried.
		if after, again := m.reached(ctx); !s.sqlite || again != nil || after == before {
			return taken, err
		}
	}
}

// Current says whether the schema is at the newest step. That a newer program has changed it is an error.
func (s *Store) Current(ctx context.Context) (bool, error) {
	m, err := s.migration()
	if err != nil {
		return false, err
	}
	at, err := m.reached(ctx)
	return at == m.newest, err
}

// steps are the last steps of the house's schema and of the job engine's.
type steps struct{ house, engine int64 }

type migration struct {
	db     *sql.DB
	house  *goose.Provider
	engine *rivermigrate.Migrator[*sql.Tx]
	newest steps
}

func (s *Store) migration() (*migration, error) {
	dialect, files := goose.DialectPostgres, migrations.Postgres()
	if s.sqlite {
		dialect, files = goose.DialectSQLite3, migrations.SQLite()
	}
	m := &migration{db: s.pools[0]}
	var err error
	if m.house, err = goose.NewProvider(dialect, m.db, files); err != nil {
		return nil, fmt.Errorf("store: cannot read the migrations: %w", err)
	}
	if m.engine, err = rivermigrate.New(s.JobDriver(), &rivermigrate.Config{Logger: quiet}); err != nil {
		return nil, fmt.Errorf("store: cannot read the job engine's migrations: %w", err)
	}
	for _, v := range m.house.ListSources() {
		m.newest.house = max(m.newest.house, v.Version)
	}
	for _, v := range m.engine.AllVersions() {
		m.newest.engine = max(m.newest.engine, int64(v.Version))
	}
	return m, nil
}

// up takes the steps that are missing.
func (m *migration) up(ctx context.Context) (int, error) {
	done, err := m.house.Up(ctx)
	if err != nil {
		return len(done), fmt.Errorf("store: a migration failed: %w", err)
	}
	more, err := m.engine.Migrate(ctx, rivermigrate.DirectionUp, nil)
	if err != nil {
		return len(done), fmt.Errorf("store: a migration of the job engine failed: %w", err)
	}
	return len(done) + len(more.Versions), nil
}

// reached says at which steps the database is.
func (m *migration) reached(ctx context.Context) (at steps, err error) {
	if at.house, err = m.house.GetDBVersion(ctx); err != nil {
		return at, fmt.Errorf("store: cannot read at which step the database is: %w", err)
	}
	known, err := m.engine.ExistingVersions(ctx)
	for _, v := range known {
		at.engine = max(at.engine, int64(v.Version))
	}
	if err != nil { // also when it does not know a step
		if m.db.QueryRowContext(ctx, "SELECT max(version) FROM river_migration WHERE line = 'main'").Scan(&at.engine) != nil || at.engine <= m.newest.engine {
			return at, fmt.Errorf("store: cannot read at which step the job engine is: %w", err)
		}
	}
	if at.house > m.newest.house || at.engine > m.newest.engine {
		return at, fmt.Errorf("store: the database is newer than this program: it is at step %d (jobs %d), the program knows %d (jobs %d). "+
			"Start the newer program, or restore the backup from before it", at.house, at.engine, m.newest.house, m.newest.engine)
	}
	return at, nil
}

// migrateLock is the advisory lock under which one process at a time migrates.
const migrateLock = 0x6d696772617465 // "migrate"

// migrateAlone keeps other processes from migrating until it is released. The lock belongs to a connection of its own, since
// those of the pool may be too few.
func (s *Store) migrateAlone(ctx context.Context) (release func(), err error) {
	if s.sqlite {
		return func() {}, nil
	}
	conn, err := pgx.ConnectConfig(ctx, s.pg.Config().ConnConfig)
	if err != nil {
		return nil, fmt.Errorf("store: cannot open PostgreSQL to migrate: %w", err)
	}
	release = func() { conn.Close(context.WithoutCancel(ctx)) }
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", migrateLock); err != nil {
		release()
		return nil, fmt.Errorf("store: another process is migrating: %w", err)
	}
	return release, nil
}
