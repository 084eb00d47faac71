package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// The demo is its own test: it looks at what it has done from outside, and ends with an error where that is not there.
func TestTheDemoVerifiesItsResultFromOutside(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	var out, said bytes.Buffer
	if code := run(t.Context(), []string{"demo", "--once", "--json", "--out", dir, "--listen", "127.0.0.1:0"}, func(string) string { return "" }, &out, &said); code != exitOK {
		t.Fatalf("exit %d\n%s", code, &said)
	}
	var got demoResult
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v: %s", err, &out)
	}
	if got.Soft <= 0 || got.FeedURL == "" {
		t.Errorf("the result is %s", &out)
	}
	got.Soft, got.FeedURL = 0, ""
	if want := (demoResult{Mentors: 23, Supervisors: 2, Sessions: 66, Groups: 6, WrittenBack: 204}); got != want {
		t.Errorf("the result is %+v, want %+v", got, want)
	}
	for _, name := range []string{"kreds.db", "kreds.key", "manager.token", "instance.json", "plan.json"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	in, plan := filepath.Join(dir, "instance.json"), filepath.Join(dir, "plan.json")
	if judged := typed(t, "check", "--in", in, "--plan", plan, "--json"); judged.code != exitOK {
		t.Errorf("kreds check does not find the plan lawful: %s", judged.out)
	}
	again := typed(t, "demo", "--once", "--out", dir)
	if again.code != exitBadInput {
		t.Errorf("a demo over another one ended with %d", again.code)
	}
}
