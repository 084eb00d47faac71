package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"kreds/supervision"
)

// Config says where the memory is and by what it tells time and names things.
type Config struct {
	// URL is a file name or a postgres:// URL.
	URL   string
	Now   func() time.Time
	NewID func() supervision.UUID
}

// Store is an open database.
type Store struct {
	now    func() time.Time
	newID  func() supervision.UUID
	sqlite bool
	write  *gorm.DB // SQLite: the one writer connection, shared with the job engine
	read   *gorm.DB // SQLite: a pool of readers; PostgreSQL: the same as write
	pools  []*sql.DB
	pg     *pgxpool.Pool
	jobs   *river.Client[*sql.Tx] // inserts only
}

// Open opens the database. It does not create the schema; Migrate does.
func Open(ctx context.Context, c Config) (*Store, error) {
	s := &Store{now: c.Now, newID: c.NewID}
	var err error
	if strings.HasPrefix(c.URL, "postgres://") || strings.HasPrefix(c.URL, "postgresql://") {
		err = s.openPostgres(ctx, c.URL)
	} else {
		err = s.openSQLite(ctx, c.URL)
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	if s.jobs, err = river.NewClient(s.JobDriver(), &river.Config{Logger: quiet}); err != nil {
		s.Close()
		return nil, fmt.Errorf("store: cannot reach the job engine: %w", err)
	}
	return s, nil
}

func (s *Store) openPostgres(ctx context.Context, raw string) error {
	cfg, err := pgxpool.ParseConfig(raw)
	if err != nil {
		return errors.New("store: KREDS_DATABASE is no postgres URL of the form postgres://user@host:port/name") // the URL may hold a password
	}
	cfg.ConnConfig.RuntimeParams["application_name"] = "kreds"
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	if s.pg, err = pgxpool.NewWithConfig(ctx, cfg); err != nil {
		return fmt.Errorf("store: cannot open PostgreSQL: %w", err)
	}
	if err := s.pg.Ping(ctx); err != nil {
		return fmt.Errorf("store: PostgreSQL does not answer: %w. Maybe KREDS_DATABASE names another host, or it is still starting", err)
	}
	db := stdlib.OpenDBFromPool(s.pg)
	s.pools = append(s.pools, db)
	s.write, err = gorm.Open(postgres.New(postgres.Config{Conn: db}), s.gorm())
	s.read = s.write
	return err
}

func (s *Store) openSQLite(ctx context.Context, path string) error {
	s.sqlite = true
	// The file holds names and times of people; SQLite gives the files beside it the same mode.
	if f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return fmt.Errorf("store: cannot open the database file: %w", err)
	} else if err := f.Close(); err != nil {
		return err
	}
	open := func(pragmas url.Values, most int) (*gorm.DB, error) {
		db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+pragmas.Encode())
		if err != nil {
			return nil, err
		}
		db.SetMaxOpenConns(most)
		s.pools = append(s.pools, db)
		if err := db.PingContext(ctx); err != nil {
			return nil, fmt.Errorf("store: cannot open the database file %s: %w", path, err)
		}
		return gorm.Open(sqlite.New(sqlite.Config{DriverName: "sqlite", Conn: db}), s.gorm())
	}
	var err error
	s.write, err = open(url.Values{
		"_pragma": {"journal_mode(WAL)", "busy_timeout(5000)", "foreign_keys(1)", "synchronous(NORMAL)"}, "_txlock": {"immediate"},
	}, 1)
	if err != nil {
		return err
	}
	s.read, err = open(url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(5000)", "query_only(1)"}}, 4)
	return err
}

func (s *Store) gorm() *gorm.Config {
	return &gorm.Config{
		SkipDefaultTransaction: true,
		NowFunc:                s.now,
		Logger:                 logger.Discard, // errors are returned, and statements may hold names
		NamingStrategy:         nil,
	}
}

// JobDriver is the engine's way to this database; jobs builds its worker on it.
func (s *Store) JobDriver() riverdriver.Driver[*sql.Tx] {
	if s.sqlite {
		return riversqlite.New(s.pools[0])
	}
	return riverdatabasesql.NewWithPgxListener(s.pools[0], s.pg)
}

// SQLite says whether the database is the embedded one.
func (s *Store) SQLite() bool { return s.sqlite }

// Ping says whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	for _, db := range s.pools {
		if err := db.PingContext(ctx); err != nil {
			return classify(err)
		}
	}
	return nil
}

// Close closes the database.
func (s *Store) Close() error {
	var errs []error
	for _, db := range s.pools {
		errs = append(errs, db.Close())
	}
	if s.pg != nil {
		s.pg.Close()
	}
	return errors.Join(errs...)
}
