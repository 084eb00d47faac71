package check_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kreds/scheduling"
	"kreds/scheduling/check"
)

var update = flag.Bool("update", false, "write testdata anew from the builder")

// Every rule that is built has a case in testdata: an instance, a plan that is lawful, and one that breaks this rule and no
// other. The files are the cases; the builder below only spares writing them by hand.
func TestCases(t *testing.T) {
	if *update {
		writeCases(t)
	}
	for _, id := range scheduling.ProfileField.Rules() {
		t.Run(id, func(t *testing.T) {
			dir := filepath.Join("testdata", id)
			p := read(t, filepath.Join(dir, "instance.json"), func(b []byte) (*scheduling.Problem, error) { return scheduling.Decode(bytes.NewReader(b)) })
			asPlan := func(b []byte) (*scheduling.Plan, error) { return scheduling.DecodePlan(bytes.NewReader(b), p) }
			lawful, unlawful := read(t, filepath.Join(dir, "lawful.json"), asPlan), read(t, filepath.Join(dir, "unlawful.json"), asPlan)
			want := read(t, filepath.Join(dir, "violations.json"), func(b []byte) (v []scheduling.Violation, err error) { return v, json.Unmarshal(b, &v) })

			if r := check.Check(p, lawful); !r.Lawful() || r.Hard != 0 {
				t.Errorf("the lawful plan: %+v", r.Violations)
			}
			r := check.Check(p, unlawful)
			if diff := cmp.Diff(want, r.Violations); diff != "" || r.Hard != len(want) {
				t.Errorf("the unlawful plan (-want +got), hard %d:\n%s", r.Hard, diff)
			}
			if len(want) == 0 || want[0].Rule != id {
				t.Errorf("the case expects %+v", want)
			}
			others := slices.DeleteFunc(scheduling.ProfileField.Rules(), func(other string) bool { return other == id })
			if r := (check.Judge{Only: others}).Check(p, unlawful); !r.Lawful() {
				t.Errorf("without %s nothing is left to object to, but: %+v", id, r.Violations)
			}
			if r := (check.Judge{Only: []string{id}}).Check(p, unlawful); !cmp.Equal(want, r.Violations) {
				t.Errorf("%s alone: %+v", id, r.Violations)
			}
		})
	}
}

// There is a case for each rule that is built, and none for another.
func TestCasesCoverTheLaw(t *testing.T) {
	dirs, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range dirs {
		if !slices.Contains([]string{"fuzz", "rapid"}, d.Name()) { // what failing tests leave
			got = append(got, d.Name())
		}
	}
	if diff := cmp.Diff(scheduling.ProfileField.Rules(), got); diff != "" {
		t.Errorf("(-rules +directories):\n%s", diff)
	}
	for _, id := range scheduling.ProfileCore.Rules() {
		if !slices.Contains(got, id) {
			t.Errorf("core judges %s, which has no case", id)
		}
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

type ruleCase struct {
	instance         *scheduling.Problem
	lawful, unlawful *scheduling.Plan
}

func cases() map[string]ruleCase {
	out := map[string]ruleCase{}
	add := func(id string, p *scheduling.Problem, lawful, unlawful []string) {
		out[id] = ruleCase{p, plan(p, lawful...), plan(p, unlawful...)}
	}
	one := func(round string, start int) []string { return []string{say(round, "s0", start, "m0")} }
	apart := []string{say("G1", "s0", at(1, 10), "m0", "m2", "m3"), say("G1", "s0", at(2, 10), "m1", "m4", "m5")}
	together := []string{say("G1", "s0", at(1, 10), "m0", "m1", "m2"), say("G1", "s0", at(2, 10), "m3", "m4", "m5")}

	p := cycle(1, 6, 1, group("G1", scheduling.Remix))
	p.Rounds[0].Dur, p.Rounds[0].DurBySize = 8, nil
	add("H01", p, apart, []string{say("G1", "s0", at(1, 10), "m0", "m1"), say("G1", "s0", at(2, 10), "m2", "m3", "m4", "m5")})

	add("H02", cycle(1, 2, 1, individual("I1")), []string{say("I1", "s0", at(1, 10), "m0"), say("I1", "s0", at(1, 11), "m1")}, []string{say("I1", "s0", at(1, 10), "m0", "m1")})

	p = cycle(1, 1, 1, individual("I1"))
	p.Mentors[0].Busy = []scheduling.BusySpan{
		{Span: scheduling.Span{From: at(1, 10), To: at(1, 11)}, Kind: scheduling.Tentative},
		{Span: scheduling.Span{From: at(1, 11), To: at(1, 12)}, Kind: scheduling.Unknown},
	}
	add("H03", p, one("I1", at(1, 11)), one("I1", at(1, 10.5)))

	add("H04", cycle(1, 1, 1, individual("I1")), one("I1", at(1, 16)), one("I1", at(1, 16.5)))

	for _, id := range []string{"H05", "H06", "H07", "H08", "H09", "H22", "H23"} {
		p = cycle(1, 6, 1, group("G1", scheduling.Remix))
		p.Forbidden = []scheduling.Pair{{A: "m1", B: "m0", Rule: id}, {A: "m3", B: "m5", Rule: id, To: ptr(at(1, 0))}}
		add(id, p, apart, together)
	}

	p = cycle(1, 1, 2, individual("I1"))
	p.Dependent = []scheduling.Pair{{A: "s0", B: "m0", Rule: "H10", From: ptr(at(1, 0))}}
	add("H10", p, one("I1", at(0, 10)), one("I1", at(1, 10)))

	p = cycle(1, 1, 1, introduction("P", 1), individual("I1"))
	p.Mentors[0].PreparedAt = nil
	add("H11", p, append(one("P", at(1, 9)), one("I1", at(2, 10.5))...), append(one("P", at(1, 9)), one("I1", at(2, 10))...))

	p = cycle(2, 1, 1, individual("I1"), individual("I2"))
	p.Mentors[0].Earliest, p.Mentors[0].Latest = ptr(at(2, 0)), ptr(at(9, 12))
	add("H13", p, append(one("I1", at(2, 10)), one("I2", at(9, 11))...), append(one("I1", at(1, 10)), one("I2", at(9, 11.5))...))

	p = cycle(1, 3, 1, individual("I1"))
	p.Supervisors[0].MaxDay, p.Supervisors[0].Buffer = ptr(2), 1
	three := func(a, b, c int) []string {
		return []string{say("I1", "s0", a, "m0"), say("I1", "s0", b, "m1"), say("I1", "s0", c, "m2")}
	}
	add("H15", p, three(at(1, 10), at(1, 11.5), at(2, 10)), three(at(1, 10), at(1, 11), at(1, 14)))

	p = cycle(1, 1, 1, individual("I1"))
	p.Supervisors[0].Blocked = []scheduling.BlockedSpan{{Span: scheduling.Span{From: at(1, 0), To: at(2, 0)}, Reason: "holiday"}}
	add("H16", p, one("I1", at(2, 10)), one("I1", at(1, 10)))

	p = cycle(1, 1, 1, individual("I1"), individual("I2"))
	add("H17", p, append(one("I1", at(1, 10)), one("I2", at(2, 10))...), append(one("I1", at(1, 10)), one("I2", at(1, 14))...))

	p = cycle(3, 1, 1, individual("I1"), individual("I2"))
	p.Gap.Min = 14 * scheduling.SlotsPerDay
	add("H18", p, append(one("I1", at(1, 10)), one("I2", at(15, 10))...), append(one("I1", at(1, 10)), one("I2", at(15, 9))...))

	p = cycle(1, 6, 1, group("G1", scheduling.Closed), group("G2", scheduling.Closed))
	first := []string{say("G1/a", "s0", at(1, 10), "m0", "m2", "m3"), say("G1/b", "s0", at(2, 10), "m1", "m4", "m5")}
	add("H20", p, append(slices.Clone(first), say("G2/a", "s0", at(3, 10), "m3", "m2", "m0"), say("G2/b", "s0", at(4, 10), "m1", "m4", "m5")),
		append(slices.Clone(first), say("G2/a", "s0", at(3, 10), "m1", "m2", "m3"), say("G2/b", "s0", at(4, 10), "m0", "m4", "m5")))

	p = cycle(1, 3, 2, group("G1", scheduling.Remix))
	add("H21", p, []string{say("G1", "s0", at(1, 10), "m0", "m1", "m2")}, []string{say("G1", "s0", at(1, 10), "m0", "m1", "m2", "s1")})

	p = cycle(1, 3, 1, group("G1", scheduling.Remix))
	longer := plan(p, say("G1", "s0", at(1, 10), "m0", "m1", "m2"))
	longer.Sessions[0].Dur = 8
	out["H25"] = ruleCase{p, plan(p, say("G1", "s0", at(1, 10), "m0", "m1", "m2")), longer}

	p = cycle(1, 6, 1, group("G1", scheduling.Remix))
	p.Supervisors[0].Langs = []string{"en", "da"}
	for i, langs := range [][]string{{"en"}, {"da", "en"}, {"da"}, {"da"}, {"da", "en"}, {"en"}} {
		p.Mentors[i].Langs = langs
	}
	add("H26", p, []string{say("G1", "s0", at(1, 10), "m0", "m1", "m5"), say("G1", "s0", at(2, 10), "m2", "m3", "m4")},
		[]string{say("G1", "s0", at(1, 10), "m0", "m1", "m2"), say("G1", "s0", at(2, 10), "m3", "m4", "m5")})

	p = cycle(1, 2, 1, individual("I1"))
	add("H30", p, one("I1", at(1, 10)), one("I1", at(1, 10)))
	out["H30"].lawful.Unassigned = []scheduling.Unassigned{{Mentor: "m1", Round: "I1", Reason: "H03"}}

	p = cycle(1, 1, 1, individual("I1"))
	p.Rounds[0].Open, p.Rounds[0].Close = at(1, 8), at(2, 8)
	add("H31", p, one("I1", at(1, 10)), one("I1", at(1, 10.25)))

	p = cycle(1, 1, 2, individual("I1"), individual("I2"))
	p.MaxPerDay = 2
	add("H32", p, []string{say("I1", "s0", at(1, 10), "m0"), say("I2", "s1", at(1, 11), "m0")}, []string{say("I1", "s0", at(1, 10), "m0"), say("I2", "s1", at(1, 10.5), "m0")})

	p = cycle(1, 1, 1, individual("I1"), individual("I2"))
	p.Gap.Max = ptr(2 * scheduling.SlotsPerDay)
	add("H33", p, append(one("I1", at(1, 10)), one("I2", at(3, 10))...), append(one("I1", at(2, 10)), one("I2", at(1, 10))...))

	p = cycle(1, 2, 1, individual("I1"))
	p.Pins = []scheduling.Pin{{Round: "I1", Start: ptr(at(1, 10))}, {Round: "I1", Members: []string{"m0"}}}
	add("H34", p, []string{say("I1", "s0", at(2, 10), "m0"), say("I1", "s0", at(1, 10), "m1")}, []string{say("I1", "s0", at(1, 10), "m0"), say("I1", "s0", at(2, 10), "m1")})

	p = cycle(1, 1, 3, individual("I1"))
	p.Rounds[0].Qual = "team"
	p.Supervisors[0].Qual, p.Supervisors[0].Admits = []string{"team"}, []string{"B"}
	p.Supervisors[1].Qual, p.Supervisors[1].Admits = []string{"team"}, []string{"A"}
	add("H36", p, []string{say("I1", "s1", at(1, 10), "m0")}, []string{say("I1", "s0", at(1, 10), "m0")})
	return out
}
