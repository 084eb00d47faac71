// Package caldavserver starts real CalDAV servers for tests, from Debian's packages, each on a free loopback port and in a
// temporary folder of its own, and ends them with their test. Where one is not installed the test fails, and says what to
// install.
package caldavserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"kreds/internal/testkit/process"
)

// User may sign in to a server.
type User struct{ Name, Password string }

// The users of a server. Xandikos has Alice alone.
var (
	Alice = User{"alice", "s3cret"}
	Bob   = User{"bob", "s3cret2"}
)

// Server is a running CalDAV server.
type Server struct {
	URL   string // http://127.0.0.1:port
	home  string // path of a user's calendars, with %s for the name
	calls int
}

// Radicale starts Radicale with Alice and Bob. It has no calendars until one is made.
func Radicale(t testing.TB) *Server {
	t.Helper()
	return RadicaleFor(t, Alice, Bob)
}

// RadicaleFor starts Radicale with users of the test's own.
func RadicaleFor(t testing.TB, users ...User) *Server {
	t.Helper()
	path := installed(t, "radicale", "radicale python3-bcrypt python3-passlib")
	dir := t.TempDir()
	passwords := ""
	for _, u := range users {
		hash, err := bcrypt.GenerateFromPassword([]byte(u.Password), bcrypt.MinCost)
		if err != nil {
			t.Fatal(err)
		}
		passwords += u.Name + ":" + string(hash) + "\n"
	}
	write(t, filepath.Join(dir, "users"), passwords)
	s := &Server{home: "/%s/"}
	start(t, s, dir, func(port int) process.Command {
		config := filepath.Join(dir, "config")
		write(t, config, fmt.Sprintf(`[server]
hosts = 127.0.0.1:%d
max_connections = 20
timeout = 30
[auth]
type = htpasswd
htpasswd_filename = %s/users
htpasswd_encryption = bcrypt
delay = 0
[rights]
type = owner_only
[storage]
filesystem_folder = %s/data
[logging]
level = warning
`, port, dir, dir))
		return process.Command{Path: path, Args: []string{"--config", config}, Dir: dir}
	})
	return s
}

// start runs a server until it answers on its port; it ends with the test.
func start(t testing.TB, s *Server, dir string, command func(port int) process.Command) {
	t.Helper()
	var last error
	for range 3 { // a port that was free may be taken by the time the server asks for it
		port, err := process.FreePort()
		if err != nil {
			t.Fatal(err)
		}
		server, err := process.Start(command(port))
		if err != nil {
			t.Fatal(err)
		}
		s.URL = "http://127.0.0.1:" + strconv.Itoa(port)
		if last = await(s.URL); last == nil {
			t.Cleanup(func() {
				if err := server.Stop(); err != nil {
					t.Errorf("caldavserver: %v", err)
				}
			})
			return
		}
		last = server.Failed(last)
	}
	t.Fatalf("caldavserver: %v", last)
}

// await waits until something speaks HTTP there.
func await(url string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodOptions, url+"/", nil)
		if err != nil {
			return err
		}
		resp, err := direct.Do(req)
		if err == nil {
			return resp.Body.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server does not answer: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// direct is the outside hand on a server: another program of the calendar's owner, who is no client of ours. It keeps no
// connection, so that nothing of it outlives a test.
var direct = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 30 * time.Second}

// Calendar makes a calendar of a user and returns its URL.
func (s *Server) Calendar(t testing.TB, u User) string {
	t.Helper()
	s.calls++
	at := s.URL + fmt.Sprintf(s.home, u.Name) + "c" + strconv.Itoa(s.calls) + "/"
	s.Do(t, u, "MKCALENDAR", at, "")
	return at
}

// Do sends a request and fails the test unless the answer is a success. It returns the body.
func (s *Server) Do(t testing.TB, u User, method, at, body string) string {
	t.Helper()
	status, answer := s.Try(t, u, method, at, body)
	// Xandikos reports some failures inside of a success.
	if status/100 != 2 || status == http.StatusMultiStatus && method != "PROPFIND" && method != "REPORT" {
		t.Fatalf("%s %s: %d %s", method, at, status, answer)
	}
	return answer
}

// Try sends a request and returns what the server answered.
func (s *Server) Try(t testing.TB, u User, method, at, body string) (status int, answer string) {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, at, bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(u.Name, u.Password)
	if method == http.MethodPut {
		req.Header.Set("Content-Type", "text/calendar; charset=utf-8")
	}
	resp, err := direct.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(data)
}

// Port is the port that the server listens on.
func (s *Server) Port() uint16 {
	u, err := url.Parse(s.URL)
	if err != nil {
		panic(err) // made above
	}
	n, err := strconv.ParseUint(u.Port(), 10, 16)
	if err != nil {
		panic(err)
	}
	return uint16(n)
}

// installed finds a program, or fails the test with the packages that hold it.
func installed(t testing.TB, name, packages string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if errors.Is(err, exec.ErrNotFound) {
		t.Fatalf("caldavserver: %s is not installed: run sh scripts/test-deps.sh, or apt-get install %s", name, packages)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(strings.TrimLeft(text, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
}
