package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kreds/scheduling"
	"kreds/scheduling/family"
)

// answer is what a command gives back.
type answer struct {
	code     int
	out, err string
}

// typed runs a command as somebody at a terminal does.
func typed(t *testing.T, args ...string) answer {
	t.Helper()
	var out, err bytes.Buffer
	code := run(t.Context(), args, func(string) string { return "" }, &out, &err)
	return answer{code, out.String(), err.String()}
}

// must runs a command that has to end with a code.
func must(t *testing.T, code int, args ...string) answer {
	t.Helper()
	a := typed(t, args...)
	if a.code != code {
		t.Fatalf("kreds %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), a.code, code, a.out, a.err)
	}
	return a
}

// generated is the file of a family or scenario.
func generated(t *testing.T, name string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name+".json")
	must(t, exitOK, "generate", "--family", name, "--out", file)
	return file
}

// planned is the file of a plan.
func planned(t *testing.T, in string, args ...string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "plan.json")
	must(t, exitOK, append([]string{"plan", "--in", in, "--out", out}, args...)...)
	return out
}

func content(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func problemOf(t *testing.T, file string) *scheduling.Problem {
	t.Helper()
	p, err := scheduling.Decode(strings.NewReader(content(t, file)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func planOf(t *testing.T, file, in string) *scheduling.Plan {
	t.Helper()
	plan, err := scheduling.DecodePlan(strings.NewReader(content(t, file)), problemOf(t, in))
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// alone wants a folder to hold these files and no traces of others.
func alone(t *testing.T, folder string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("files in the folder (-want +got):\n%s", diff)
	}
}

func TestPlanIsLawfulAndRepeatsItself(t *testing.T) {
	in := generated(t, "tiny12")
	first := planned(t, in, "--seed", "7", "--iterations", "400,300,200")
	must(t, exitOK, "check", "--in", in, "--plan", first)
	plan := planOf(t, first, in)
	if plan.Seed != 7 || !slices.Equal(plan.Iterations, []int{400, 300, 200}) || plan.Score.Hard != 0 {
		t.Errorf("seed %d, iterations %v, score %v", plan.Seed, plan.Iterations, plan.Score)
	}
	for _, workers := range []string{"1", "2", "8"} {
		again := planned(t, in, "--seed", "7", "--iterations", "400,300,200", "--workers", workers)
		if diff := cmp.Diff(content(t, first), content(t, again)); diff != "" {
			t.Errorf("with %s workers another plan (-first +again):\n%s", workers, diff)
		}
	}
	for _, other := range [][]string{{"--seed", "8", "--iterations", "400,300,200"}, {"--seed", "7", "--iterations", "400,300,201"}} {
		if content(t, first) == content(t, planned(t, in, other...)) {
			t.Errorf("%v gives the same file", other)
		}
	}
}

func TestOneNumberIsForAllChains(t *testing.T) {
	in := generated(t, "tiny12")
	each, all := planned(t, in, "--iterations", "100,100,100"), planned(t, in, "--iterations", "100", "--chains", "3")
	if content(t, each) != content(t, all) {
		t.Error("--iterations 100 --chains 3 is not --iterations 100,100,100")
	}
	if one := planOf(t, planned(t, in, "--iterations", "100"), in); !slices.Equal(one.Iterations, []int{100}) {
		t.Errorf("--iterations 100 ran %v", one.Iterations)
	}
}

// The plan of a search that a time has ended comes again from the numbers in it.
func TestTimeEndsASearch(t *testing.T) {
	in := generated(t, "one24")
	timed := planned(t, in, "--time", "200ms", "--seed", "3")
	plan := planOf(t, timed, in)
	if len(plan.Iterations) != planChains {
		t.Fatalf("%d chains ran, want %d on every machine", len(plan.Iterations), planChains)
	}
	iterations := counts(plan.Iterations)
	again := planned(t, in, "--seed", "3", "--iterations", iterations.String())
	if diff := cmp.Diff(content(t, timed), content(t, again)); diff != "" {
		t.Errorf("another plan from the same iterations (-timed +again):\n%s", diff)
	}
	must(t, exitOK, "check", "--in", in, "--plan", timed)
	bounded := planOf(t, planned(t, in, "--iterations", "1000000000", "--time", "50ms"), in)
	if len(bounded.Iterations) != 1 || bounded.Iterations[0] >= 1000000000 {
		t.Errorf("with both limits %v", bounded.Iterations)
	}
}

// interrupted is a standard error at which a signal comes when it says something.
type interrupted struct {
	bytes.Buffer
	at     string
	signal context.CancelFunc
}

func (w *interrupted) Write(b []byte) (int, error) {
	if bytes.Contains(b, []byte(w.at)) {
		w.signal()
	}
	return w.Buffer.Write(b)
}

func TestSignalWritesTheBestPlan(t *testing.T) {
	in := generated(t, "s2")
	out := filepath.Join(t.TempDir(), "plan.json")
	ctx, cancel := context.WithCancel(t.Context())
	stderr := &interrupted{at: "Planning", signal: cancel}
	code := run(ctx, []string{"plan", "--in", in, "--out", out, "--time", "10h"}, os.Getenv, new(bytes.Buffer), stderr)
	if code != exitOK || !strings.Contains(stderr.String(), "it was stopped") {
		t.Fatalf("exit code %d\n%s", code, stderr)
	}
	plan := planOf(t, out, in)
	if len(plan.Iterations) != planChains || len(plan.Sessions) == 0 {
		t.Errorf("%d sessions after %v iterations", len(plan.Sessions), plan.Iterations)
	}
	must(t, exitOK, "check", "--in", in, "--plan", out)
}

// A pipe that stays silent does not keep a signal from ending the program.
func TestSignalEndsReading(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	stdin := os.Stdin
	os.Stdin = r
	defer func() { os.Stdin = stdin }()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stderr bytes.Buffer
	if code := run(ctx, []string{"plan", "--in", "-"}, os.Getenv, new(bytes.Buffer), &stderr); code != exitFailed || !strings.Contains(stderr.String(), "standard input") {
		t.Errorf("exit code %d: %s", code, &stderr)
	}
}

func TestPipes(t *testing.T) {
	in := generated(t, "tiny12")
	f, err := os.Open(in)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	stdin := os.Stdin
	os.Stdin = f
	defer func() { os.Stdin = stdin }()
	piped := must(t, exitOK, "plan", "--in", "-", "--out", "-", "--iterations", "100")
	if piped.out != content(t, planned(t, in, "--iterations", "100")) {
		t.Error("standard output is not the file")
	}
}

// S2 is the cycle that people really plan; its plan keeps every rule of profile field and has the sessions it is known to need.
func TestLeadershipProgramme(t *testing.T) {
	in := generated(t, "s2")
	out := planned(t, in, "--iterations", "600")
	told := must(t, exitOK, "check", "--in", in, "--plan", out).out
	for _, want := range []string{"The plan keeps every rule.", "s2: 66 sessions (2 introductions, 46 individual, 18 group) and 6 closed groups.", "hard 0, medium 0"} {
		if !strings.Contains(told, want) {
			t.Errorf("%q is missing from:\n%s", want, told)
		}
	}
}

// Who cannot be placed is no failure; the reasons are told and stand in the plan.
func TestSomebodyWithoutASession(t *testing.T) {
	in := generated(t, "infeasible24")
	out := filepath.Join(t.TempDir(), "plan.json")
	told := must(t, exitOK, "plan", "--in", in, "--out", out, "--iterations", "600").err
	core, _ := family.KnownCore("infeasible24")
	plan := planOf(t, out, in)
	if len(plan.Unassigned) == 0 || plan.Score.Medium == 0 {
		t.Fatalf("all are placed, with a score of %v", plan.Score)
	}
	for _, m := range slices.Concat(core.Mornings, core.Afternoons) {
		i := slices.IndexFunc(plan.Unassigned, func(u scheduling.Unassigned) bool { return u.Mentor == m && u.Round == core.Round })
		if i < 0 {
			t.Errorf("%s is placed", m)
			continue
		}
		if !strings.Contains(told, m+" in round "+core.Round+": ") {
			t.Errorf("%s is not told of:\n%s", m, told)
		}
		rule, known := scheduling.RuleByID(plan.Unassigned[i].Reason)
		if !known || !strings.Contains(told, rule.ID+"  "+rule.Sentence) {
			t.Errorf("the reason %q is not told in words:\n%s", plan.Unassigned[i].Reason, told)
		}
	}
	if told := must(t, exitOK, "check", "--in", in, "--plan", out).out; !strings.Contains(told, core.Afternoons[0]+" in round "+core.Round) {
		t.Errorf("check does not name the unassigned:\n%s", told)
	}
}

// A pin stays even where it breaks a rule; then the plan is written, and the exit code says so.
func TestUnlawfulPin(t *testing.T) {
	p := problemOf(t, generated(t, "tiny12"))
	night := 2 * scheduling.SlotsPerHour
	individual := p.Rounds[slices.IndexFunc(p.Rounds, func(r scheduling.Round) bool { return r.Kind == scheduling.Individual })]
	day := (individual.Open + scheduling.SlotsPerDay) / scheduling.SlotsPerDay * scheduling.SlotsPerDay
	start := day + night
	p.Pins = []scheduling.Pin{{Round: individual.ID, Members: []string{p.Mentors[0].ID}, Supervisor: p.Supervisors[0].ID, Start: &start}}
	in, out := filepath.Join(t.TempDir(), "pinned.json"), filepath.Join(t.TempDir(), "plan.json")
	save(t, in, func(b *bytes.Buffer) error { return scheduling.Encode(b, p) })
	if told := must(t, exitFailed, "plan", "--in", in, "--out", out, "--iterations", "100").err; !strings.Contains(told, "pins") {
		t.Errorf("%s", told)
	}
	if told := must(t, exitUnlawful, "check", "--in", in, "--plan", out).out; !strings.Contains(told, "H04") {
		t.Errorf("%s", told)
	}
}

// A date of an introduction that nobody can keep breaks a rule, too; no pin is to blame.
func TestAnIntroductionThatCannotBeHeld(t *testing.T) {
	in := generated(t, "s1")
	problem := problemOf(t, in)
	for i := range problem.Supervisors {
		problem.Supervisors[i].Work = nil
	}
	save(t, in, func(b *bytes.Buffer) error { return scheduling.Encode(b, problem) })
	out := filepath.Join(t.TempDir(), "plan.json")
	told := must(t, exitFailed, "plan", "--in", in, "--out", out, "--iterations", "100").err
	if strings.Contains(told, "pins") || !strings.Contains(told, "introduction that nobody can hold or come to (H30)") {
		t.Errorf("standard error:\n%s", told)
	}
	if told := must(t, exitUnlawful, "check", "--in", in, "--plan", out).out; !strings.Contains(told, "H30") {
		t.Errorf("kreds check does not say it:\n%s", told)
	}

	problem.Pins = []scheduling.Pin{{Round: problem.Rounds[1].ID, Members: []string{problem.Mentors[0].ID}}}
	save(t, in, func(b *bytes.Buffer) error { return scheduling.Encode(b, problem) })
	if told := must(t, exitFailed, "plan", "--in", in, "--out", out, "--iterations", "100").err; !strings.Contains(told, "pins") || !strings.Contains(told, "(H30)") {
		t.Errorf("both causes, standard error:\n%s", told)
	}
}

func save(t *testing.T, file string, encode func(*bytes.Buffer) error) {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestPlanRefusesWhatItCannotUse(t *testing.T) {
	in := generated(t, "tiny12")
	good := content(t, in)
	folder := t.TempDir()
	file := func(name, text string) string {
		name = filepath.Join(folder, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	broken := file("broken.json", good[:len(good)/2])
	unknown := file("unknown.json", strings.Replace(good, `"weeks":`, `"weaks":`, 1))
	invalid := file("invalid.json", strings.Replace(good, `"start_step":2`, `"start_step":0`, 1))
	steering := file("steering.json", strings.Replace(good, `"weeks":`, `"we\u001b[2Jeks":1,"weeks":`, 1))
	out := filepath.Join(folder, "plan.json")
	for _, c := range []struct {
		name string
		args []string
		says []string
	}{
		{"no instance", nil, []string{"--in", "kreds generate"}},
		{"a missing file", []string{"--in", filepath.Join(folder, "none.json")}, []string{"none.json", "no such file", "kreds generate"}},
		{"a folder", []string{"--in", folder}, []string{"is a directory"}},
		{"half a document", []string{"--in", broken}, []string{broken, "no JSON at byte"}},
		{"unknown members", []string{"--in", unknown}, []string{unknown, "/weaks:", "/weeks:"}},
		{"a wrong value", []string{"--in", invalid}, []string{invalid, "/start_step: a number from 1"}},
		{"what would steer a terminal", []string{"--in", steering}, []string{steering}},
		{"a word that is no flag", []string{"--in", in, "fast"}, []string{`"fast"`}},
		{"an unknown flag", []string{"--in", in, "--fast"}, []string{"-fast"}},
		{"no time", []string{"--in", in, "--time", "0s"}, []string{"--time 0s"}},
		{"a time without a unit", []string{"--in", in, "--time", "10"}, []string{"-time"}},
		{"iterations in words", []string{"--in", in, "--iterations", "many"}, []string{"whole numbers"}},
		{"iterations below zero", []string{"--in", in, "--iterations", "5,-1"}, []string{"whole numbers"}},
		{"no chain", []string{"--in", in, "--chains", "0"}, []string{"0 chains"}},
		{"too many chains", []string{"--in", in, "--chains", "257"}, []string{"257 chains"}},
		{"other numbers than chains", []string{"--in", in, "--iterations", "5,5", "--chains", "3"}, []string{"2 numbers", "3"}},
		{"workers below zero", []string{"--in", in, "--workers", "-1"}, []string{"--workers -1"}},
		{"a seed below zero", []string{"--in", in, "--seed", "-1"}, []string{"-seed"}},
		{"a folder that is not there", []string{"--in", in, "--out", filepath.Join(folder, "no", "plan.json")}, []string{"--out", "no such file"}},
		{"a folder as the plan", []string{"--in", in, "--out", folder}, []string{"is a directory"}},
		{"the instance as the plan", []string{"--in", in, "--out", in}, []string{"overwrite"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := append([]string{"plan"}, c.args...)
			if !slices.Contains(c.args, "--out") {
				args = append(args[:1:1], append([]string{"--out", out}, c.args...)...)
			}
			a := must(t, exitBadInput, args...)
			for _, want := range c.says {
				if !strings.Contains(a.err, want) {
					t.Errorf("%q is missing from: %s", want, a.err)
				}
			}
			if a.out != "" || strings.ContainsRune(a.err, '\x1b') {
				t.Errorf("out %q, err %q", a.out, a.err)
			}
		})
	}
	alone(t, folder, "broken.json", "unknown.json", "invalid.json", "steering.json")
	if content(t, in) != good {
		t.Error("the instance was changed")
	}
}

// A file is replaced as a whole: behind its link, with its permissions, and without traces.
func TestPlanReplacesAFile(t *testing.T) {
	in := generated(t, "tiny12")
	folder := t.TempDir()
	file, link := filepath.Join(folder, "plan.json"), filepath.Join(folder, "latest.json")
	if err := os.WriteFile(file, []byte(strings.Repeat("old ", 10000)), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	must(t, exitOK, "plan", "--in", in, "--out", link, "--iterations", "10")
	must(t, exitOK, "check", "--in", in, "--plan", file)
	if info, err := os.Lstat(link); err != nil || info.Mode().Type() != fs.ModeSymlink {
		t.Errorf("the link is %v, %v", info, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the file is %v, %v", info.Mode(), err)
	}
	alone(t, folder, "plan.json", "latest.json")
}

// A device or a pipe is written, not replaced by a file.
func TestPlanIntoANamedPipe(t *testing.T) {
	in := generated(t, "tiny12")
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	read := make(chan string)
	go func() {
		b, err := os.ReadFile(pipe)
		read <- fmt.Sprint(string(b), err)
	}()
	must(t, exitOK, "plan", "--in", in, "--out", pipe, "--iterations", "10")
	if got, want := <-read, content(t, planned(t, in, "--iterations", "10"))+"<nil>"; got != want {
		t.Errorf("the pipe gave %.80q", got)
	}
	if info, err := os.Stat(pipe); err != nil || info.Mode().Type() != fs.ModeNamedPipe {
		t.Errorf("the pipe is %v, %v", info, err)
	}
}

// A plan that cannot be written leaves what stood there.
func TestFailedWriteLeavesTheFile(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "plan.json")
	if err := os.WriteFile(file, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	full := fmt.Errorf("no space")
	if err := new(program).writeDocument(file, func(w io.Writer) error { io.WriteString(w, "half"); return full }); err == nil {
		t.Error("no error")
	}
	if content(t, file) != "old" {
		t.Errorf("the file is %q", content(t, file))
	}
	alone(t, folder, "plan.json")
}

func TestHelpNamesEveryFlag(t *testing.T) {
	for command, flags := range map[string][]string{
		"plan":     {"-in", "-out", "-time", "-iterations", "-seed", "-chains", "-workers"},
		"check":    {"-in", "-plan", "-json"},
		"generate": {"-family", "-seed", "-shift", "-out", "-list"},
	} {
		a := must(t, exitOK, command, "-h")
		for _, f := range flags {
			if !strings.Contains(a.out+a.err, "\n  "+f+" ") && !strings.Contains(a.out+a.err, "\n  "+f+"\n") {
				t.Errorf("kreds %s -h does not explain %s:\n%s", command, f, a.err)
			}
		}
	}
}
