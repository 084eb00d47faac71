package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"kreds/internal/seal"
	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// newID makes UUIDs of version 7.
func newID() supervision.UUID { return supervision.UUID(uuid.Must(uuid.NewV7())) }

// openHouse opens the database and the key file of a configuration.
func openHouse(ctx context.Context, c Config, log *slog.Logger) (*service.House, error) {
	masters, err := seal.Load(c.KeyFile)
	if err != nil {
		return nil, err
	}
	s, err := openStore(ctx, c)
	if err != nil {
		return nil, err
	}
	return &service.House{Store: s, Masters: masters, Now: time.Now, NewID: newID, Log: log, BaseURL: c.BaseURL}, nil
}

func openStore(ctx context.Context, c Config) (*store.Store, error) {
	return store.Open(ctx, store.Config{URL: c.Database, Now: time.Now, NewID: newID})
}

// migrated opens the database and brings it to the newest step.
func migrated(ctx context.Context, c Config) (*store.Store, int, error) {
	s, err := openStore(ctx, c)
	if err != nil {
		return nil, 0, err
	}
	n, err := s.Migrate(ctx)
	if err != nil {
		s.Close()
		return nil, n, err
	}
	return s, n, nil
}

func runMigrate(ctx context.Context, p *program, args []string) error {
	f := p.flags("migrate", "", "Brings the database of KREDS_DATABASE to the newest step. It may be run again, and while others serve.")
	if err := parse(f, args); err != nil {
		return err
	}
	c, err := loadConfig(p.getenv)
	if err != nil {
		return err
	}
	s, n, err := migrated(ctx, c)
	if err != nil {
		return err
	}
	defer s.Close()
	if n == 0 {
		fmt.Fprintf(p.stdout, "The database is at the newest step.\n")
	} else {
		fmt.Fprintf(p.stdout, "%d steps taken; the database is at the newest step.\n", n)
	}
	return nil
}
