package store

import (
	"context"
	"fmt"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/rivermigrate"

	"kreds/migrations"
)

// Migrate brings the schema, and the job engine's, to the newest step. It may be run again, and by several processes.
// It returns how many steps were taken.
func (s *Store) Migrate(ctx context.Context) (int, error) {
	dialect, files := goose.DialectPostgres, migrations.Postgres()
	if s.sqlite {
		dialect, files = goose.DialectSQLite3, migrations.SQLite()
	}
	steps, err := goose.NewProvider(dialect, s.pools[0], files)
	if err != nil {
		return 0, fmt.Errorf("store: cannot read the migrations: %w", err)
	}
	done, err := steps.Up(ctx)
	if err != nil {
		return len(done), fmt.Errorf("store: a migration failed: %w", err)
	}
	engine, err := rivermigrate.New(s.JobDriver(), &rivermigrate.Config{Logger: quiet})
	if err != nil {
		return len(done), fmt.Errorf("store: cannot read the job engine's migrations: %w", err)
	}
	more, err := engine.Migrate(ctx, rivermigrate.DirectionUp, nil)
	if err != nil {
		return len(done), fmt.Errorf("store: a migration of the job engine failed: %w", err)
	}
	return len(done) + len(more.Versions), nil
}

// Current says whether the schema is at the newest step.
func (s *Store) Current(ctx context.Context) (bool, error) {
	dialect, files := goose.DialectPostgres, migrations.Postgres()
	if s.sqlite {
		dialect, files = goose.DialectSQLite3, migrations.SQLite()
	}
	steps, err := goose.NewProvider(dialect, s.pools[0], files)
	if err != nil {
		return false, err
	}
	pending, err := steps.HasPending(ctx)
	return !pending, classify(err)
}
