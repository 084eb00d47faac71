package check_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kreds/scheduling"
	"kreds/scheduling/check"
)

var update = flag.Bool("update", false, "write testdata anew from the builder")

// Every way to break a rule that is built has a case in testdata: an instance, a plan that is lawful, and one that breaks this
// rule and no other. A folder is called by the rule, and by the way where the rule has several. The files are the cases; the
// builder in plain_test.go and ways_test.go only spares writing them by hand.
func TestCases(t *testing.T) {
	if *update {
		writeCases(t)
	}
	for _, name := range caseNames(t) {
		t.Run(name, func(t *testing.T) {
			dir, id := filepath.Join("testdata", name), ruleOf(name)
			p := read(t, filepath.Join(dir, "instance.json"), func(b []byte) (*scheduling.Problem, error) { return scheduling.Decode(bytes.NewReader(b)) })
			asPlan := func(b []byte) (*scheduling.Plan, error) { return scheduling.DecodePlan(bytes.NewReader(b), p) }
			if p.Name != name {
				t.Errorf("the instance is called %s", p.Name)
			}
			lawful, unlawful := read(t, filepath.Join(dir, "lawful.json"), asPlan), read(t, filepath.Join(dir, "unlawful.json"), asPlan)
			want := read(t, filepath.Join(dir, "violations.json"), func(b []byte) (v []scheduling.Violation, err error) { return v, json.Unmarshal(b, &v) })

			if r := check.Check(p, lawful); !r.Lawful() || r.Hard != 0 {
				t.Errorf("the lawful plan: %+v", r.Violations)
			}
			r := check.Check(p, unlawful)
			if diff := cmp.Diff(want, r.Violations); diff != "" || r.Hard != len(want) {
				t.Errorf("the unlawful plan (-want +got), hard %d:\n%s", r.Hard, diff)
			}
			if len(want) != 1 && !slices.Contains(manifold, name) || slices.ContainsFunc(want, func(v scheduling.Violation) bool { return v.Rule != id }) {
				t.Errorf("the case expects %+v", want)
			}
			others := slices.DeleteFunc(p.Profile.Rules(), func(other string) bool { return other == id })
			if r := (check.Judge{Only: others}).Check(p, unlawful); !r.Lawful() {
				t.Errorf("without %s nothing is left to object to, but: %+v", id, r.Violations)
			}
			if r := (check.Judge{Only: []string{id}}).Check(p, unlawful); !cmp.Equal(want, r.Violations) {
				t.Errorf("%s alone: %+v", id, r.Violations)
			}
		})
	}
}

// manifold are the cases that cannot be made with one violation only: a person too many in one place is missing in another, and
// a day that is closed is closed for all.
var manifold = []string{"H16-blackout", "H20"}

// ruleOf is the rule of a case.
func ruleOf(name string) string {
	id, _, _ := strings.Cut(name, "-")
	return id
}

// caseNames are the folders, without what failing tests leave.
func caseNames(t *testing.T) (names []string) {
	t.Helper()
	dirs, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		if !slices.Contains([]string{"fuzz", "rapid"}, d.Name()) {
			names = append(names, d.Name())
		}
	}
	return names
}

// There are cases for each rule that is built, and for no other; a folder is there for each case of the builder. Some rules
// are shown in profile core, too.
func TestCasesCoverTheLaw(t *testing.T) {
	names := caseNames(t)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(cases())), names); diff != "" {
		t.Errorf("(-builder +folders):\n%s", diff)
	}
	var got []string
	for _, name := range names {
		got = append(got, ruleOf(name))
		if strings.HasSuffix(name, "-core") && !slices.Contains(scheduling.ProfileCore.Rules(), ruleOf(name)) {
			t.Errorf("core does not judge %s", name)
		}
	}
	if diff := cmp.Diff(scheduling.ProfileField.Rules(), slices.Compact(got)); diff != "" {
		t.Errorf("(-rules +cases):\n%s", diff)
	}
}

func read[V any](t *testing.T, path string, decode func([]byte) (V, error)) V {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	v, err := decode(b)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return v
}

func writeCases(t *testing.T) {
	for id, c := range cases() {
		dir := filepath.Join("testdata", id)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		c.instance.Name = id
		var instance, lawful, unlawful bytes.Buffer
		violations, err := json.MarshalIndent(check.Check(c.instance, c.unlawful).Violations, "", " ")
		for _, err := range []error{err, scheduling.Encode(&instance, c.instance), scheduling.EncodePlan(&lawful, c.lawful), scheduling.EncodePlan(&unlawful, c.unlawful),
			os.WriteFile(filepath.Join(dir, "instance.json"), instance.Bytes(), 0o644), os.WriteFile(filepath.Join(dir, "lawful.json"), lawful.Bytes(), 0o644),
			os.WriteFile(filepath.Join(dir, "unlawful.json"), unlawful.Bytes(), 0o644), os.WriteFile(filepath.Join(dir, "violations.json"), append(violations, '\n'), 0o644)} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}
