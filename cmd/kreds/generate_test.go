package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kreds/instance/scenario"
	"kreds/scheduling/family"
)

// Every line of the list is true, and nothing is left out.
func TestListIntroducesEveryInstance(t *testing.T) {
	names := slices.Concat(family.Names(), scenario.Names())
	if diff := cmp.Diff(slices.Sorted(slices.Values(names)), slices.Sorted(maps.Keys(introduced))); diff != "" {
		t.Errorf("introduced (-what there is +what is introduced):\n%s", diff)
	}
	told := must(t, exitOK, "generate", "--list").out
	for _, name := range names {
		p := problemOf(t, generated(t, name))
		line := fmt.Sprintf("  %-13s %d mentors, %s", name, len(p.Mentors), counted(len(p.Supervisors), "supervisor"))
		if !strings.Contains(told, "\n"+line) {
			t.Errorf("%q does not begin a line of the list", line)
		}
		if p.Name != name {
			t.Errorf("%s calls itself %q", name, p.Name)
		}
	}
}

func TestGenerateRepeatsItself(t *testing.T) {
	for _, name := range []string{"tiny12", "full23", "s1", "s2", "s3"} {
		first := must(t, exitOK, "generate", "--family", name)
		if again := must(t, exitOK, "generate", "--family", name); first.out != again.out || first.err != "" {
			t.Errorf("%s differs, or says %q", name, first.err)
		}
		if content(t, generated(t, name)) != first.out {
			t.Errorf("%s: the file is not what standard output gets", name)
		}
	}
	first := must(t, exitOK, "generate", "--family", "tiny12", "--seed", "1").out
	if other := must(t, exitOK, "generate", "--family", "tiny12", "--seed", "2").out; first == other {
		t.Error("another seed gives the same instance")
	}
}

func TestScenariosMoveByWeeks(t *testing.T) {
	start := func(name string, weeks int) time.Time {
		file := filepath.Join(t.TempDir(), "moved.json")
		must(t, exitOK, "generate", "--family", name, "--shift", strconv.Itoa(weeks), "--out", file)
		return problemOf(t, file).CycleStart
	}
	for _, name := range scenario.Names() {
		begins := start(name, 0)
		if begins.Year() != 2027 {
			t.Errorf("%s begins on %s", name, begins)
		}
		for _, weeks := range []int{52, -3, mostShift, -mostShift} {
			if got, want := start(name, weeks), begins.AddDate(0, 0, 7*weeks); !got.Equal(want) {
				t.Errorf("%s moved by %d weeks begins on %s, want %s", name, weeks, got, want)
			}
		}
	}
}

func TestScenariosTakeNoSeed(t *testing.T) {
	plain := must(t, exitOK, "generate", "--family", "s1")
	seeded := must(t, exitOK, "generate", "--family", "s1", "--seed", "5")
	if plain.out != seeded.out || plain.err != "" || !strings.Contains(seeded.err, "--seed changes nothing") {
		t.Errorf("without a seed %q, with one %q", plain.err, seeded.err)
	}
}

func TestGenerateRefusesWhatItCannotUse(t *testing.T) {
	folder := t.TempDir()
	for _, c := range []struct {
		name string
		args []string
		says string
	}{
		{"no name", nil, "--list"},
		{"an unknown name", []string{"--family", "tiny13"}, `"tiny13"`},
		{"a family that is moved", []string{"--family", "tiny12", "--shift", "3"}, "--shift"},
		{"too far", []string{"--family", "s1", "--shift", strconv.Itoa(mostShift + 1)}, "too far"},
		{"too far back", []string{"--family", "s1", "--shift", strconv.Itoa(-mostShift - 1)}, "too far"},
		{"a seed that is no number", []string{"--family", "tiny12", "--seed", "x"}, "-seed"},
		{"a folder that is not there", []string{"--family", "tiny12", "--out", filepath.Join(folder, "no", "f.json")}, "--out"},
		{"a word that is no flag", []string{"tiny12"}, `"tiny12"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := must(t, exitBadInput, append([]string{"generate"}, c.args...)...)
			if a.out != "" || !strings.Contains(a.err, c.says) {
				t.Errorf("%q is missing from %q; standard output has %d bytes", c.says, a.err, len(a.out))
			}
		})
	}
	alone(t, folder)
}
