package main

import (
	"bytes"
	"database/sql"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kreds/service/roster"
	"kreds/supervision"
)

// site is where an operator sets up an installation.
type site struct {
	t   *testing.T
	dir string
	env map[string]string
}

func newSite(t *testing.T) *site {
	dir := t.TempDir()
	return &site{t, dir, map[string]string{"KREDS_DATABASE": filepath.Join(dir, "kreds.db"), "KREDS_KEY_FILE": filepath.Join(dir, "kreds.key")}}
}

// run runs a command and returns its exit code and what it said, on both streams.
func (s *site) run(args ...string) (code int, out, said string) {
	s.t.Helper()
	var o, e bytes.Buffer
	code = run(s.t.Context(), args, func(name string) string { return s.env[name] }, &o, &e)
	return code, o.String(), e.String()
}

// must runs a command that has to end well.
func (s *site) must(args ...string) string {
	s.t.Helper()
	code, out, said := s.run(args...)
	if code != exitOK {
		s.t.Fatalf("kreds %s: exit %d\n%s", strings.Join(args, " "), code, said)
	}
	return out
}

func (s *site) file(name string) string { return filepath.Join(s.dir, name) }

// init is a founding that is in order, with some flags given otherwise.
func (s *site) init(other map[string]string) []string {
	flags := map[string]string{"tenant": "House A", "organisation": "A", "time-zone": "Europe/Copenhagen", "manager": "Mona Lind", "email": "mona@a.example",
		"token-file": s.file("manager.token")}
	maps.Copy(flags, other)
	args := []string{"init"}
	for _, name := range slices.Sorted(maps.Keys(flags)) {
		args = append(args, "--"+name, flags[name])
	}
	return args
}

// tenants lists the tenants that there are, with the people of each.
func (s *site) tenants() (list []string) {
	s.t.Helper()
	c, err := loadConfig(func(name string) string { return s.env[name] })
	if err != nil {
		s.t.Fatal(err)
	}
	h, err := openHouse(s.t.Context(), c, c.logger())
	if err != nil {
		s.t.Fatal(err)
	}
	defer h.Store.Close()
	for _, name := range []string{"House A", "House B"} {
		t, err := roster.New(h).Tenant(s.t.Context(), name)
		if supervision.KindOf(err) == supervision.NotFound {
			continue
		}
		if err != nil || t.Name != name {
			s.t.Fatalf("%s: %v, %v", name, t, err)
		}
		list = append(list, name)
	}
	return list
}

// What is wrong is said, all of it, before anything is made; corrected, the same command goes through.
func TestInitMakesAllOfATenantOrNothing(t *testing.T) {
	for name, c := range map[string]struct {
		flags map[string]string
		says  []string
	}{
		"a zone that is none": {map[string]string{"time-zone": "Nowhere/X"}, []string{"Nowhere/X"}},
		"all of it":           {map[string]string{"time-zone": "Nowhere/X", "language": "danish", "country": "Denmark", "email": "mona", "days": "999"}, []string{"Nowhere/X", "danish", "Denmark", `"mona"`, "365"}},
		"flags missing":       {map[string]string{"email": "", "manager": " "}, []string{"--email", "--manager"}},
		"a name on two lines": {map[string]string{"manager": "Mona\nLind"}, []string{"/manager"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			code, out, said := s.run(s.init(c.flags)...)
			if code != exitBadInput || out != "" {
				t.Errorf("exit %d and %q, want %d and nothing", code, out, exitBadInput)
			}
			for _, word := range c.says {
				if !strings.Contains(said, word) {
					t.Errorf("it does not speak of %s: %s", word, said)
				}
			}
			if left, err := os.ReadDir(s.dir); err != nil || len(left) > 0 {
				t.Errorf("it left %v, %v", left, err)
			}
			s.must(s.init(nil)...)
			s.must("token", "--person", "manager", "--scopes", "self", "--days", "1")
		})
	}
}

// A secret that cannot be kept is not made.
func TestATokenThatCannotBeKeptIsNotMade(t *testing.T) {
	s := newSite(t)
	taken := s.file("taken")
	if err := os.WriteFile(taken, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{taken, s.file("no/folder")} {
		if code, _, said := s.run(s.init(map[string]string{"token-file": path})...); code != exitFailed || !strings.Contains(said, path) {
			t.Errorf("init to %s: exit %d, %s", path, code, said)
		}
	}
	if _, err := os.Stat(s.env["KREDS_DATABASE"]); err == nil {
		t.Error("a database was made")
	}
	s.must(s.init(nil)...)
	tokens := func() string { return strings.Join(s.tokens(), " ") }
	before := tokens()
	for _, args := range [][]string{{"--out", taken}, {"--out", s.file("no/folder")}, {"--out", s.file("new"), "--days", "999"}, {"--out", s.file("new"), "--scopes", "wizard"}} {
		args = append([]string{"token", "--person", "manager", "--scopes", "self", "--days", "1"}, args...)
		if code, out, _ := s.run(args...); code == exitOK || out != "" {
			t.Errorf("%v: exit %d, %s", args, code, out)
		}
	}
	if after := tokens(); after != before {
		t.Errorf("tokens were made: %s, before %s", after, before)
	}
	if _, err := os.Stat(s.file("new")); err == nil {
		t.Error("a file for a token that was not made is left")
	}
	if text, err := os.ReadFile(taken); err != nil || string(text) != "mine" {
		t.Errorf("the file that was there holds %q, %v", text, err)
	}
	s.must("token", "--person", "manager", "--scopes", "self", "--days", "1", "--out", s.file("new"))
	if info, err := os.Stat(s.file("new")); err != nil || info.Mode().Perm() != 0o600 || tokens() == before {
		t.Errorf("a good token: %v, %v, %s", info, err, tokens())
	}
}

// tokens lists the tokens of the first tenant by their beginnings.
func (s *site) tokens() (list []string) {
	s.t.Helper()
	db, err := sql.Open("sqlite", "file:"+s.env["KREDS_DATABASE"]+"?mode=ro")
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(s.t.Context(), "SELECT prefix FROM token ORDER BY prefix")
	if err != nil {
		s.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var prefix string
		if err := rows.Scan(&prefix); err != nil {
			s.t.Fatal(err)
		}
		list = append(list, prefix)
	}
	return list
}

// A second init makes a second tenant beside the first; the first one again is refused, and leaves no file.
func TestInitTwice(t *testing.T) {
	s := newSite(t)
	if out := s.must(s.init(nil)...); !strings.Contains(out, "Key file") || !strings.Contains(out, "House A") {
		t.Errorf("the first says %s", out)
	}
	key, err := os.ReadFile(s.env["KREDS_KEY_FILE"])
	if err != nil {
		t.Fatal(err)
	}
	again := s.file("again.token")
	if code, _, said := s.run(s.init(map[string]string{"token-file": again})...); code != exitFailed || !strings.Contains(said, "one of these already") {
		t.Errorf("the same again: exit %d, %s", code, said)
	}
	if _, err := os.Stat(again); err == nil {
		t.Error("a refused init left its token's file")
	}
	if out := s.must(s.init(map[string]string{"tenant": "House B", "token-file": again})...); strings.Contains(out, "Key file") {
		t.Errorf("the second made another key: %s", out)
	}
	if now, err := os.ReadFile(s.env["KREDS_KEY_FILE"]); err != nil || !bytes.Equal(now, key) {
		t.Errorf("the key file was changed: %v", err)
	}
	if list := s.tenants(); !slices.Equal(list, []string{"House A", "House B"}) {
		t.Errorf("there are %q", list)
	}
	if code, _, said := s.run("token", "--person", "manager", "--scopes", "self", "--days", "1"); code != exitBadInput || !strings.Contains(said, "2 tenants") {
		t.Errorf("a token of nobody's tenant: exit %d, %s", code, said)
	}
	s.must("token", "--tenant", "House B", "--person", "manager", "--scopes", "self", "--days", "1")
}

func TestMigrateTwice(t *testing.T) {
	s := newSite(t)
	if out := s.must("migrate"); !strings.Contains(out, "steps taken") {
		t.Errorf("the first says %s", out)
	}
	if out := s.must("migrate"); out != "The database is at the newest step.\n" {
		t.Errorf("the second says %s", out)
	}
}

// All that is wrong with the configuration is said at once, and by every command that reads it.
func TestConfigurationFaultsAreReportedTogether(t *testing.T) {
	s := newSite(t)
	for k, v := range map[string]string{"KREDS_LISTEN": "nowhere", "KREDS_BASE_URL": "ftp://a.example", "KREDS_OUTBOUND_ALLOW": "x", "KREDS_LOG": "loud"} {
		s.env[k] = v
	}
	for _, args := range [][]string{s.init(nil), {"migrate"}, {"serve"}, {"token", "--person", "manager", "--scopes", "self", "--days", "1"}} {
		code, _, said := s.run(args...)
		for _, name := range []string{"KREDS_LISTEN", "KREDS_BASE_URL", "KREDS_OUTBOUND_ALLOW", "KREDS_LOG"} {
			if code != exitBadInput || !strings.Contains(said, name) {
				t.Errorf("kreds %s: exit %d, and of %s it says nothing: %s", args[0], code, name, said)
			}
		}
	}
	if left, err := os.ReadDir(s.dir); err != nil || len(left) > 0 {
		t.Errorf("they left %v, %v", left, err)
	}
}

// Each command tells what it does and what its flags are.
func TestHelp(t *testing.T) {
	s := newSite(t)
	all := s.must()
	for _, c := range commands() {
		if !strings.Contains(all, c.name) || !strings.Contains(all, c.summary) {
			t.Errorf("the list of commands does not tell of %s", c.name)
		}
		for _, args := range [][]string{{c.name, "-h"}, {"help", c.name}} {
			code, _, said := s.run(args...)
			if code != exitOK || !strings.HasPrefix(said, "Usage: kreds "+c.name) || strings.Count(said, "\n") < 3 {
				t.Errorf("kreds %s: exit %d\n%s", strings.Join(args, " "), code, said)
			}
		}
		if code, _, said := s.run(c.name, "--nonsense"); code != exitBadInput || !strings.Contains(said, "nonsense") {
			t.Errorf("kreds %s --nonsense: exit %d, %s", c.name, code, said)
		}
	}
	if code, _, said := s.run("nonsense"); code != exitBadInput || !strings.Contains(said, "nonsense") {
		t.Errorf("kreds nonsense: exit %d, %s", code, said)
	}
}
