package seal_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kreds/internal/seal"
)

func masters(t *testing.T) (*seal.Masters, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys")
	m, err := seal.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	return m, path
}

func TestASealedValueOpensAtItsPlaceOnly(t *testing.T) {
	m, _ := masters(t)
	k, _ := m.NewDataKey([16]byte{1})
	home := seal.Place{Table: "connection", Column: "password", Tenant: [16]byte{7}, Row: [16]byte{9}}
	sealed := k.Seal(home, []byte("hunter2"))
	if bytes.Contains(sealed, []byte("hunter2")) {
		t.Fatal("the plain text is in the sealed value")
	}
	if got, err := k.Open(home, sealed); err != nil || string(got) != "hunter2" {
		t.Fatalf("got %q, %v", got, err)
	}
	for name, p := range map[string]seal.Place{
		"another row":    {Table: "connection", Column: "password", Tenant: home.Tenant, Row: [16]byte{8}},
		"another tenant": {Table: "connection", Column: "password", Tenant: [16]byte{6}, Row: home.Row},
		"another column": {Table: "connection", Column: "user", Tenant: home.Tenant, Row: home.Row},
		"another split":  {Table: "connectionp", Column: "assword", Tenant: home.Tenant, Row: home.Row},
	} {
		if _, err := k.Open(p, sealed); err == nil {
			t.Errorf("opened in %s", name)
		}
	}
	for i := range sealed {
		bad := bytes.Clone(sealed)
		bad[i] ^= 1
		if _, err := k.Open(home, bad); err == nil {
			t.Errorf("opened with byte %d changed", i)
		}
	}
	other, _ := m.NewDataKey([16]byte{1})
	if _, err := other.Open(home, sealed); err == nil {
		t.Error("opened with another key of the same id")
	}
}

func TestADataKeySurvivesTheKeyFileAndARotation(t *testing.T) {
	m, path := masters(t)
	id := [16]byte{3}
	k, wrapped := m.NewDataKey(id)
	p := seal.Place{Table: "t", Column: "c"}
	sealed := k.Seal(p, []byte("x"))

	again, err := seal.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	k2, err := again.DataKey(id, wrapped)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := k2.Open(p, sealed); err != nil || string(got) != "x" {
		t.Fatalf("got %q, %v", got, err)
	}

	text, _ := os.ReadFile(path)
	second := strings.Replace(string(text), "\n1 ", "\n1 ", 1) + "2 " + strings.Repeat("A", 43) + "=\n"
	rotated, err := seal.Parse([]byte(second))
	if err != nil {
		t.Fatal(err)
	}
	rewrapped, err := rotated.Rewrap(id, wrapped)
	if err != nil {
		t.Fatal(err)
	}
	alone, err := seal.Parse([]byte("2 " + strings.Repeat("A", 43) + "=\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := alone.DataKey(id, wrapped); err == nil {
		t.Error("the old wrapping opened without the old master key")
	}
	k3, err := alone.DataKey(id, rewrapped)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := k3.Open(p, sealed); err != nil || string(got) != "x" {
		t.Fatalf("got %q, %v", got, err)
	}
	if _, err := alone.DataKey([16]byte{4}, rewrapped); err == nil {
		t.Error("a wrapping opened under another data key's id")
	}
}

func TestTheKeyFileIsGuarded(t *testing.T) {
	_, path := masters(t)
	info, _ := os.Stat(path)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %04o", info.Mode().Perm())
	}
	if _, err := seal.Create(path); err == nil {
		t.Error("a key file was overwritten")
	}
	os.Chmod(path, 0o644)
	if _, err := seal.Load(path); err == nil || !strings.Contains(err.Error(), "0600") {
		t.Errorf("a readable key file was taken: %v", err)
	}
	for _, text := range []string{"", "x", "1 short", "0 " + strings.Repeat("A", 43) + "="} {
		if _, err := seal.Parse([]byte(text)); err == nil {
			t.Errorf("%q was taken for a key file", text)
		}
	}
}

func TestASecretShowsNowhere(t *testing.T) {
	s, hash := seal.Bearer("kreds_pt_")
	if len(s.Reveal()) != len("kreds_pt_")+43 || !bytes.Equal(hash, seal.Hash(s.Reveal())) {
		t.Fatalf("a bearer secret of %d characters", len(s.Reveal()))
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "s", s, "in", struct{ S seal.Secret }{s})
	j, _ := json.Marshal(map[string]any{"s": s})
	for _, out := range []string{fmt.Sprint(s), fmt.Sprintf("%+v %#v %s %q", s, s, s, s), string(j), log.String()} {
		if strings.Contains(out, s.Reveal()) {
			t.Errorf("shown in %s", out)
		}
	}
}
