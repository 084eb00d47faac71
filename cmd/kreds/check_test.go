package main

import (
	"bytes"
	"encoding/json"
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

// planted changes a lawful plan and saves it.
func planted(t *testing.T, in, from string, change func(*scheduling.Plan)) string {
	t.Helper()
	plan := planOf(t, from, in)
	change(plan)
	out := filepath.Join(t.TempDir(), "planted.json")
	save(t, out, func(b *bytes.Buffer) error { return scheduling.EncodePlan(b, plan) })
	return out
}

func TestCheckFindsWhatIsPlanted(t *testing.T) {
	in := generated(t, "full23")
	lawful := planned(t, in, "--iterations", "200")
	problem := problemOf(t, in)
	first := func(plan *scheduling.Plan, kind scheduling.Kind) *scheduling.Session {
		return &plan.Sessions[slices.IndexFunc(plan.Sessions, func(s scheduling.Session) bool {
			return slices.ContainsFunc(problem.Rounds, func(r scheduling.Round) bool { return r.ID == s.Round && r.Kind == kind })
		})]
	}
	for _, c := range []struct {
		rule   string
		change func(*scheduling.Plan)
	}{
		{"H01", func(p *scheduling.Plan) {
			s := first(p, scheduling.Group)
			s.Members = s.Members[:2]
		}},
		{"H02", func(p *scheduling.Plan) {
			s := first(p, scheduling.Individual)
			s.Members = append(s.Members, problem.Mentors[0].ID, problem.Mentors[1].ID)
		}},
		{"H04", func(p *scheduling.Plan) { first(p, scheduling.Individual).Start += scheduling.SlotsPerDay / 2 }},
		{"H30", func(p *scheduling.Plan) { p.Sessions = slices.Delete(p.Sessions, 3, 4) }},
		{"H31", func(p *scheduling.Plan) { first(p, scheduling.Group).Start++ }},
		{"H32", func(p *scheduling.Plan) { p.Sessions = append(p.Sessions, *first(p, scheduling.Individual)) }},
	} {
		t.Run(c.rule, func(t *testing.T) {
			plan := planted(t, in, lawful, c.change)
			told := must(t, exitUnlawful, "check", "--in", in, "--plan", plan)
			rule, _ := scheduling.RuleByID(c.rule)
			if !strings.Contains(told.out, "The plan breaks the law") || !strings.Contains(told.out, rule.ID+"  "+rule.Sentence) {
				t.Errorf("the rule is not told:\n%s", told.out)
			}
			var report check.Report
			if err := json.Unmarshal([]byte(must(t, exitUnlawful, "check", "--in", in, "--plan", plan, "--json").out), &report); err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(report.Violations, func(v scheduling.Violation) bool { return v.Rule == c.rule }) {
				t.Errorf("violations %v", report.Violations)
			}
			for _, v := range report.Violations {
				if !strings.Contains(told.out, v.Detail) {
					t.Errorf("the text leaves out %q", v.Detail)
				}
			}
			if told.err != "" {
				t.Errorf("standard error says %q", told.err)
			}
		})
	}
}

// The JSON form is for programs: these members and no others, never null.
func TestCheckAsJSON(t *testing.T) {
	in := generated(t, "tiny12")
	from := planned(t, in, "--iterations", "100")
	a := must(t, exitOK, "check", "--in", in, "--plan", from, "--json")
	var got struct {
		Hard, Medium, Soft *int
		Terms              map[string]int
		Rules              []string
		Violations         []scheduling.Violation
	}
	d := json.NewDecoder(strings.NewReader(a.out))
	d.DisallowUnknownFields()
	if err := d.Decode(&got); err != nil {
		t.Fatal(err, a.out)
	}
	plan, problem := planOf(t, from, in), problemOf(t, in)
	if got.Hard == nil || got.Medium == nil || got.Soft == nil || got.Violations == nil {
		t.Fatalf("members are missing: %s", a.out)
	}
	if score := (scheduling.Score{Hard: *got.Hard, Medium: *got.Medium, Soft: *got.Soft}); score != plan.Score {
		t.Errorf("score %v, the plan says %v", score, plan.Score)
	}
	if diff := cmp.Diff(problem.Profile.Rules(), got.Rules); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	sum := 0
	for id, f := range got.Terms {
		sum += problem.Weight(id) * f
	}
	if sum != plan.Score.Soft || len(got.Terms) != len(problem.Profile.Wishes()) {
		t.Errorf("terms %v cost %d, want %d", slices.Sorted(maps.Keys(got.Terms)), sum, plan.Score.Soft)
	}
}

func TestCheckReport(t *testing.T) {
	in := generated(t, "tiny12")
	from := planned(t, in, "--iterations", "100")
	told := must(t, exitOK, "check", "--in", in, "--plan", from).out
	for _, w := range scheduling.ProfileCore.Wishes() {
		if !strings.Contains(told, w.Sentence) {
			t.Errorf("the wish %s is left out:\n%s", w.ID, told)
		}
	}
	if !strings.Contains(told, "The plan keeps every rule.") || strings.Contains(told, "otherwise") {
		t.Errorf("%s", told)
	}
	boasting := planted(t, in, from, func(p *scheduling.Plan) { p.Score.Soft = 0 })
	if told := must(t, exitOK, "check", "--in", in, "--plan", boasting).out; !strings.Contains(told, "The plan's file says otherwise: hard 0, medium 0, soft 0.") {
		t.Errorf("a score that is not the law's goes unnoticed:\n%s", told)
	}
}

// Whoever stands in the list of the unassigned breaks no rule.
func TestCheckAllowsTheUnassigned(t *testing.T) {
	in := generated(t, "tiny12")
	plan := planted(t, in, planned(t, in, "--iterations", "100"), func(p *scheduling.Plan) {
		s := p.Sessions[len(p.Sessions)-1]
		p.Sessions = p.Sessions[:len(p.Sessions)-1]
		for _, m := range s.Members {
			p.Unassigned = append(p.Unassigned, scheduling.Unassigned{Mentor: m, Round: s.Round, Reason: scheduling.Unexplained})
		}
	})
	if told := must(t, exitOK, "check", "--in", in, "--plan", plan).out; !strings.Contains(told, ": unknown") {
		t.Errorf("%s", told)
	}
}

func TestCheckRefusesWhatItCannotUse(t *testing.T) {
	in := generated(t, "tiny12")
	plan := planned(t, in, "--iterations", "10")
	folder := t.TempDir()
	file := func(name, text string) string {
		name = filepath.Join(folder, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	good := content(t, plan)
	broken := file("broken.json", good[:40])
	unknown := file("unknown.json", strings.Replace(good, `"seed":`, `"sead":`, 1))
	elsewhere := generated(t, "s1")
	for _, c := range []struct {
		name string
		args []string
		says []string
	}{
		{"no plan", []string{"--in", in}, []string{"--plan", "kreds plan"}},
		{"no instance", []string{"--plan", plan}, []string{"--in", "kreds generate"}},
		{"a missing instance", []string{"--in", filepath.Join(folder, "none"), "--plan", plan}, []string{"no such file"}},
		{"a missing plan", []string{"--in", in, "--plan", filepath.Join(folder, "none")}, []string{"no such file", "kreds plan"}},
		{"half a plan", []string{"--in", in, "--plan", broken}, []string{broken, "no JSON at byte"}},
		{"unknown members", []string{"--in", in, "--plan", unknown}, []string{unknown, "/sead:"}},
		{"the plan of another instance", []string{"--in", elsewhere, "--plan", plan}, []string{plan, elsewhere, "/sessions/0/", "another instance"}},
		{"an instance as the plan", []string{"--in", in, "--plan", in}, []string{"/rounds:"}},
		{"a plan as the instance", []string{"--in", plan, "--plan", plan}, []string{"/version:"}},
		{"standard input twice", []string{"--in", "-", "--plan", "-"}, []string{"only one"}},
		{"an unknown flag", []string{"--in", in, "--plan", plan, "--fast"}, []string{"-fast"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := must(t, exitBadInput, append([]string{"check"}, c.args...)...)
			for _, want := range c.says {
				if !strings.Contains(a.err, want) {
					t.Errorf("%q is missing from: %s", want, a.err)
				}
			}
			if a.out != "" {
				t.Errorf("standard output says %q", a.out)
			}
		})
	}
}
