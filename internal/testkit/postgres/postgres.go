// Package postgres gives tests a PostgreSQL database of their own.
//
// Where KREDS_TEST_POSTGRES holds the URL of a database whose role may create databases, that server is used. Otherwise the
// package starts one server for each test process, from the binaries that are installed on the machine, in a temporary
// folder, on a free loopback port, without durability. It ends with the process that started it, however that ends. Where
// there are no binaries the test fails, and says what to install.
package postgres

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Variable is the environment variable that names a server to use instead of an own one.
const Variable = "KREDS_TEST_POSTGRES"

// patience bounds each statement that makes or drops a database.
const patience = 30 * time.Second

// admin is the URL by which databases are made, found out once in a process.
var admin = sync.OnceValues(func() (string, error) {
	if given := os.Getenv(Variable); given != "" {
		return given, nil
	}
	return start()
})

// New makes an empty database for one test and returns its URL. It is dropped when the test ends, even with connections
// open.
func New(t testing.TB) string {
	t.Helper()
	return create(t, "template1")
}

// template is the migrated database that Template copies.
var template struct {
	sync.Mutex
	name string
	err  error
	done bool
}

// Template makes a database for one test as a copy of one on which migrate has run, and returns its URL. migrate runs once
// in a process, at the first call; each call of a process must name the same steps. It must leave no connection open. On a
// server that is not the process's own, the migrated database stays behind as kreds_template_….
func Template(t testing.TB, migrate func(url string) error) string {
	t.Helper()
	template.Lock()
	defer template.Unlock()
	if !template.done {
		template.done = true
		template.name, template.err = makeTemplate(migrate)
	}
	if template.err != nil {
		t.Fatalf("postgres: the template database was not made: %v", template.err)
	}
	return create(t, template.name)
}

// makeTemplate makes and migrates the database that is copied.
func makeTemplate(migrate func(url string) error) (string, error) {
	base, err := admin()
	if err != nil {
		return "", err
	}
	name := freshName("kreds_template_")
	if err := execute(base, "CREATE DATABASE "+name+" TEMPLATE template1"); err != nil {
		return "", err
	}
	own, err := withDatabase(base, name)
	if err != nil {
		return "", err
	}
	if err := migrate(own); err != nil {
		return "", fmt.Errorf("migrate: %w", err)
	}
	return name, nil
}

// create makes a database from a template and drops it at the end of the test.
func create(t testing.TB, from string) string {
	t.Helper()
	base, err := admin()
	if err != nil {
		t.Fatalf("postgres: no server to test against: %v", err)
	}
	name := freshName("kreds_test_")
	if err := execute(base, "CREATE DATABASE "+name+" TEMPLATE "+from); err != nil {
		t.Fatalf("postgres: %v", err)
	}
	t.Cleanup(func() {
		if err := execute(base, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("postgres: %v", err)
		}
	})
	own, err := withDatabase(base, name)
	if err != nil {
		t.Fatalf("postgres: %v", err)
	}
	return own
}

// execute runs one statement on a connection of its own.
func execute(base, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, base)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

// freshName returns a name that no other test or process uses; it needs no quotes.
func freshName(prefix string) string { return prefix + strings.ToLower(rand.Text()) }

// withDatabase returns the URL of another database on the same server.
func withDatabase(base, name string) (string, error) {
	u, err := url.Parse(base)
	if err != nil || u.Scheme == "" {
		return "", fmt.Errorf("%s must be a URL, postgres://user@host:port/database", Variable)
	}
	u.Path = "/" + name
	return u.String(), nil
}
