package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
)

// serving is a Kreds that runs as its operator runs it: by its commands and its environment. A test speaks HTTP to it, with
// tokens from kreds token.
type serving struct {
	t    *testing.T
	dir  string
	env  map[string]string
	base string
}

func (s *serving) getenv(name string) string { return s.env[name] }

// command runs a command that must succeed.
func (s *serving) command(args ...string) string {
	s.t.Helper()
	var out, said bytes.Buffer
	if code := run(s.t.Context(), args, s.getenv, &out, &said); code != exitOK {
		s.t.Fatalf("kreds %s: exit %d\n%s%s", strings.Join(args, " "), code, &out, &said)
	}
	return out.String()
}

// serve founds a house in a folder of its own and serves it until the test ends. It returns the first manager's token.
func serve(t *testing.T, env map[string]string, founding ...string) (*serving, string) {
	t.Helper()
	dir := t.TempDir()
	s := &serving{t: t, dir: dir, env: map[string]string{"KREDS_DATABASE": filepath.Join(dir, "kreds.db"), "KREDS_KEY_FILE": filepath.Join(dir, "kreds.key"),
		"KREDS_LISTEN": "127.0.0.1:0", "KREDS_LOG": "warn"}}
	for k, v := range env {
		s.env[k] = v
	}
	s.command(append([]string{"init", "--token-file", filepath.Join(dir, "manager.token")}, founding...)...)
	for _, name := range []string{"kreds.key", "manager.token"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	said, w := io.Pipe()
	var ended sync.WaitGroup
	ended.Go(func() {
		if code := run(ctx, []string{"serve"}, s.getenv, io.Discard, w); code != exitOK {
			t.Errorf("kreds serve: exit %d", code)
		}
		w.Close()
	})
	t.Cleanup(func() { cancel(); ended.Wait() })
	first := make([]byte, 200)
	n, err := said.Read(first)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, said) }()
	where := regexp.MustCompile(`http://[0-9.:]+`).FindString(string(first[:n]))
	if where == "" {
		t.Fatalf("kreds serve said %q", first[:n])
	}
	s.base = where
	return s, secretIn(t, filepath.Join(dir, "manager.token"))
}

func secretIn(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// token makes a token for a person by kreds token.
func (s *serving) token(person, scopes string) string {
	s.t.Helper()
	path := filepath.Join(s.dir, person+"."+scopes+".token")
	s.command("token", "--person", person, "--scopes", scopes, "--days", "7", "--out", path)
	return secretIn(s.t, path)
}

// reply is what a request was answered by.
type reply struct {
	status int
	tag    string
	body   []byte
	json   object
}

func (a reply) str(member string) string { return str(a.json, member) }

func (a reply) items() (list []object) {
	for _, x := range a.json["items"].([]any) {
		list = append(list, x.(object))
	}
	return list
}

// ask makes a request and wants a status. A text is sent as CSV, everything else as JSON. Headers come in pairs.
func (s *serving) ask(want int, token, method, path string, body any, headers ...string) reply {
	s.t.Helper()
	var in []byte
	media := "application/json"
	switch v := body.(type) {
	case nil:
	case string:
		in, media = []byte(v), "text/csv"
	default:
		var err error
		if in, err = json.Marshal(v); err != nil {
			s.t.Fatal(err)
		}
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.base+path, bytes.NewReader(in))
	if err != nil {
		s.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if in != nil {
		r.Header.Set("Content-Type", media)
	}
	if method == http.MethodPost {
		r.Header.Set("Idempotency-Key", uuid.NewString())
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer got.Body.Close()
	a := reply{status: got.StatusCode, tag: got.Header.Get("ETag")}
	if a.body, err = io.ReadAll(got.Body); err != nil {
		s.t.Fatal(err)
	}
	_ = json.Unmarshal(a.body, &a.json)
	if a.status != want {
		s.t.Fatalf("%s %s: %d, want %d\n%s", method, path, a.status, want, a.body)
	}
	return a
}

// await asks until what is answered will do. The work is done by the program's own worker, in real time.
func (s *serving) await(token, path, what string, enough func(reply) bool) reply {
	s.t.Helper()
	for end := time.Now().Add(2 * time.Minute); ; {
		a := s.ask(http.StatusOK, token, "GET", path, nil)
		if enough(a) {
			return a
		}
		if time.Now().After(end) {
			s.t.Fatalf("%s: not after two minutes\n%s", what, a.body)
		}
		time.Sleep(50 * time.Millisecond) // another process has to be asked again
	}
}

// imported imports a list and returns the ids by external id.
func (s *serving) imported(token, kind string, list any) map[string]string {
	s.t.Helper()
	begun := s.ask(http.StatusAccepted, token, "POST", "/v1/imports?kind="+kind, list)
	done := s.await(token, "/v1/imports/"+begun.str("id"), "the import of "+kind, func(a reply) bool { return a.str("state") != "queued" })
	if done.str("state") != "applied" {
		s.t.Fatalf("the import of %s ended as %s", kind, done.body)
	}
	ids := map[string]string{}
	for external, id := range done.json["ids"].(object) {
		ids[external] = fmt.Sprint(id)
	}
	return ids
}

func TestServeSaysWhatKeepsItFromStarting(t *testing.T) {
	s, _ := serve(t, nil, "--tenant", "A", "--organisation", "A", "--time-zone", "Europe/Copenhagen", "--manager", "Ada", "--email", "ada@a.example")
	for name, c := range map[string]struct {
		set  map[string]string
		says string
	}{
		"a port that is taken": {map[string]string{"KREDS_LISTEN": strings.TrimPrefix(s.base, "http://")}, "KREDS_LISTEN"},
		"no key file":          {map[string]string{"KREDS_KEY_FILE": filepath.Join(s.dir, "none")}, "none"},
		"an old database":      {map[string]string{"KREDS_DATABASE": filepath.Join(t.TempDir(), "new.db")}, "kreds migrate"},
	} {
		t.Run(name, func(t *testing.T) {
			env := map[string]string{}
			for k, v := range s.env {
				env[k] = v
			}
			for k, v := range c.set {
				env[k] = v
			}
			var out, said bytes.Buffer
			if code := run(t.Context(), []string{"serve"}, func(k string) string { return env[k] }, &out, &said); code != exitFailed || !strings.Contains(said.String(), c.says) {
				t.Errorf("exit %d, said %q", code, &said)
			}
		})
	}
}
