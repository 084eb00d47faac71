package postgres_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"kreds/internal/testkit/postgres"
)

// connect opens a connection that lives as long as the test.
func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func TestNewIsEmptyAndOwn(t *testing.T) {
	one, two := connect(t, postgres.New(t)), connect(t, postgres.New(t))
	if _, err := one.Exec(t.Context(), "CREATE TABLE seen (n int)"); err != nil {
		t.Fatal(err)
	}
	if _, err := two.Exec(t.Context(), "SELECT n FROM seen"); err == nil {
		t.Error("a second database sees a table of the first")
	}
	// The schema guards overlaps with btree_gist, which belongs to contrib: without it the server is of no use.
	if _, err := one.Exec(t.Context(), "CREATE EXTENSION btree_gist"); err != nil {
		t.Error(err)
	}
}

func TestTemplateMigratesOnce(t *testing.T) {
	runs := 0
	migrate := func(url string) error {
		runs++
		conn, err := pgx.Connect(context.Background(), url)
		if err != nil {
			return err
		}
		defer conn.Close(context.Background())
		_, err = conn.Exec(context.Background(), "CREATE TABLE step (n int); INSERT INTO step VALUES (7)")
		return err
	}
	for i := range 2 {
		conn := connect(t, postgres.Template(t, migrate))
		var n int
		if err := conn.QueryRow(t.Context(), "UPDATE step SET n = n + 1 RETURNING n").Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n != 8 {
			t.Errorf("copy %d starts from %d, want 7", i, n-1)
		}
	}
	if runs != 1 {
		t.Errorf("migrate ran %d times, want 1", runs)
	}
}

// TestServerEndsWithItsProcess runs a test process, kills it, and waits for its server to go.
func TestServerEndsWithItsProcess(t *testing.T) {
	if os.Getenv("KREDS_TEST_CHILD") != "" {
		fmt.Println("url", postgres.New(t))
		os.Stdout.Sync()
		select {}
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestServerEndsWithItsProcess$", "-test.v")
	cmd.Env = append(os.Environ(), "KREDS_TEST_CHILD=1", postgres.Variable+"=")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	url := ""
	for buf := make([]byte, 1024); url == ""; {
		n, err := out.Read(buf)
		said.Write(buf[:n])
		if _, rest, ok := strings.Cut(said.String(), "url "); ok && strings.Contains(rest, "\n") {
			url, _, _ = strings.Cut(rest, "\n")
		}
		if err != nil {
			t.Fatalf("%v; the process said %q", err, said.String())
		}
	}
	connect(t, url).Close(t.Context())
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	for deadline := time.Now().Add(20 * time.Second); ; {
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			return
		}
		conn.Close(t.Context())
		if time.Now().After(deadline) {
			t.Fatal("the server still answers after its process was killed")
		}
		time.Sleep(20 * time.Millisecond)
	}
}
