package instance_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kreds"
	"kreds/instance"
	"kreds/scheduling"
	"kreds/supervision"
)

func violation(rule string, subjects ...string) scheduling.Violation {
	return scheduling.Violation{Rule: rule, Round: "I1", Subjects: subjects, Detail: strings.Join(subjects, " and ") + " broke slot 4711"}
}

func refused(t testing.TB, m *instance.Mapping, reader supervision.PersonID, violations ...scheduling.Violation) *supervision.Error {
	t.Helper()
	var e *supervision.Error
	if !errors.As(instance.Refuse(violations, m, reader), &e) {
		t.Fatalf("%v are no refusal", violations)
	}
	return e
}

func TestRefusals(t *testing.T) {
	m := build(t, facts(4, 1)).Map
	catalogue := string(kreds.Problems())
	for rules, want := range map[string]struct {
		code   string
		status string
	}{
		"H01 H02":                         {"group-size", "422"},
		"H21":                             {"participant-role", "422"},
		"H05 H06 H07 H08 H09 H10 H22 H23": {"placement-not-possible", "422"},
		"H26 H36 H37":                     {"not-qualified", "422"},
		"H04 H16 H19 H25 H31":             {"slot-not-offered", "422"},
		"H03 H32":                         {"slot-taken", "409"},
		"H11":                             {"preparation-missing", "409"},
		"H12":                             {"rules-not-accepted", "409"},
		"H27":                             {"calendar-unknown", "409"},
		"H13 H14 H15 H17 H18 H20 H24 H30 H33 H34 H35": {"rule-violated", "409"},
	} {
		for _, rule := range strings.Fields(rules) {
			e := refused(t, m, person(1), violation(rule, "m1"))
			kind := map[supervision.Kind]string{supervision.Invalid: "invalid", supervision.Conflict: "conflict"}[e.Kind]
			if e.Code != want.code || e.Detail == "" {
				t.Errorf("%s: %s, want %s", rule, e.Code, want.code)
			}
			entry := regexp.MustCompile(`(?m)^  ` + e.Code + `:\n    \{status: (\d+), kind: (\w+)`).FindStringSubmatch(catalogue)
			if entry == nil || entry[1] != want.status || entry[2] != kind {
				t.Errorf("%s: the catalogue says %v, the error %s, %s", rule, entry, want.status, kind)
			}
			if len(e.Reasons) != 1 != (e.Code == "placement-not-possible") || len(e.Reasons) == 1 && (e.Reasons[0].Rule != rule || len(e.Reasons[0].Help) == 0) {
				t.Errorf("%s: reasons %+v", rule, e.Reasons)
			}
		}
	}
	if err := instance.Refuse(nil, m, person(1)); err != nil {
		t.Errorf("nothing is broken: %v", err)
	}
}

func TestTheFirstAnswerOfTheTableIsGiven(t *testing.T) {
	m := build(t, facts(4, 1)).Map
	all := []string{"H18", "H27", "H12", "H11", "H03", "H31", "H36", "H22", "H21", "H01"}
	codes := []string{"rule-violated", "calendar-unknown", "rules-not-accepted", "preparation-missing", "slot-taken", "slot-not-offered", "not-qualified", "placement-not-possible", "participant-role", "group-size"}
	var violations []scheduling.Violation
	for i, rule := range all {
		violations = append(violations, violation(rule, "m1", "m2"))
		e := refused(t, m, person(1), violations...)
		if e.Code != codes[i] {
			t.Errorf("with %s: %s, want %s", rule, e.Code, codes[i])
		}
		for _, r := range e.Reasons {
			if r.Rule != rule {
				t.Errorf("with %s: the reason %s belongs to another answer", rule, r.Rule)
			}
		}
	}
}

func TestReasonsCountOthersAndSpeakToTheReader(t *testing.T) {
	m := build(t, facts(4, 1)).Map
	for _, c := range []struct {
		name       string
		reader     supervision.PersonID
		violations []scheduling.Violation
		want       []string
	}{
		{"you alone", person(1), []scheduling.Violation{violation("H03", "m0")}, []string{"You are not free at that time."}},
		{"you and others", person(1), []scheduling.Violation{violation("H03", "m0"), violation("H03", "m1"), violation("H03", "m1"), violation("H03", "m2")},
			[]string{"You are not free at that time. 2 other people are not free at that time."}},
		{"you and one other", person(1), []scheduling.Violation{violation("H24", "m0"), violation("H24", "m1")},
			[]string{"You have not accepted this time. 1 other person has not accepted this time."}},
		{"one other", person(101), []scheduling.Violation{violation("H03", "m2")}, []string{"1 person is not free at that time."}},
		{"two others", person(101), []scheduling.Violation{violation("H03", "m2"), violation("H03", "m3")}, []string{"2 people are not free at that time."}},
		{"somebody from elsewhere reads", person(77), []scheduling.Violation{violation("H27", "m2")}, []string{"The calendars of 1 person are not known well enough."}},
		{"nobody is named", person(1), []scheduling.Violation{violation("H27")}, []string{"The calendars of 1 person are not known well enough."}},
		{"by rule", person(1), []scheduling.Violation{violation("H18", "m1"), violation("H17", "m0"), violation("H15", "s0")}, []string{
			"The supervisor's sessions would be too close to each other, or too many in a day or a week.", "You have another session on that day.", "Sessions of 1 person would be too close to each other."}},
		{"the supervisor reads", person(101), []scheduling.Violation{violation("H15", "s0")}, []string{"Your sessions would be too close to each other, or too many in a day or a week."}},
		{"private facts are one neutral reason", person(1), []scheduling.Violation{violation("H05", "m0", "m1"), violation("H22", "m0", "m2"), violation("H10", "s0", "m0")},
			[]string{"This placement is not possible. Choose other people."}},
	} {
		var got []string
		for _, r := range instance.Reasons(c.violations, m, c.reader) {
			got = append(got, r.Detail)
			if r.Subject != "" || r.Help == nil {
				t.Errorf("%s: %+v", c.name, r)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// No rule, subject or reader makes a reason say a name or a slot; and whichever private fact is broken, between whomever, the answer
// is the same.
func TestReasonsBetrayNobody(t *testing.T) {
	m := build(t, facts(4, 2)).Map
	var rules []string
	for _, r := range scheduling.Rules() {
		rules = append(rules, r.ID)
	}
	secret := []string{"H05", "H06", "H07", "H08", "H09", "H10", "H22", "H23"}
	name := regexp.MustCompile(`\b[msx]\d|4711|%`)
	rapid.Check(t, func(t *rapid.T) {
		var violations, private []scheduling.Violation
		subjects := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"m0", "m1", "m2", "m3", "s0", "s1", "x0"}), 0, 3, rapid.ID)
		for range rapid.IntRange(1, 5).Draw(t, "violations") {
			violations = append(violations, violation(rapid.SampledFrom(rules).Draw(t, "rule"), subjects.Draw(t, "subjects")...))
			private = append(private, violation(rapid.SampledFrom(secret).Draw(t, "secret"), subjects.Draw(t, "subjects")...))
		}
		reader := person(rapid.SampledFrom([]int{1, 2, 101, 77}).Draw(t, "reader"))
		for _, r := range instance.Reasons(violations, m, reader) {
			if name.MatchString(r.Detail+strings.Join(r.Help, " ")) || r.Subject != "" || slices.Contains(secret, r.Rule) {
				t.Fatalf("%+v", r)
			}
		}
		var e *supervision.Error
		if errors.As(instance.Refuse(private, m, reader), &e); !cmp.Equal(e, instance.NotPossible()) {
			t.Fatalf("%+v differs from %+v", e, instance.NotPossible())
		}
		if errors.As(instance.Refuse(violations, m, reader), &e); name.MatchString(e.Error()) {
			t.Fatal(e)
		}
	})
}

func TestWhySomebodyIsUnplaced(t *testing.T) {
	for _, c := range []struct {
		u            supervision.Unplaced
		rule, detail string
	}{
		{supervision.Unplaced{Rule: "H03", Removed: []supervision.RuleRemoved{{Rule: "H03", Options: 8}, {Rule: "H01"}}}, "H03", "Of 8 possibilities, 8 by H03 ("},
		{supervision.Unplaced{Rule: "H05", Removed: []supervision.RuleRemoved{{Rule: "H05", Options: 3}, {Rule: "H22", Options: 4}, {Rule: "H03", Options: 2}}}, "",
			"Of 9 possibilities, 2 by H03 ("},
		{supervision.Unplaced{Rule: scheduling.Unexplained}, "", "The planner found no place"},
		{supervision.Unplaced{}, "", "The planner found no place"},
	} {
		rule, detail := instance.WhyUnplaced(c.u)
		if rule != c.rule || !strings.HasPrefix(detail, c.detail) {
			t.Errorf("%+v: %q, %q", c.u, rule, detail)
		}
		for _, secret := range []string{"H05", "H22"} {
			if strings.Contains(detail, secret) {
				t.Errorf("%q tells of %s", detail, secret)
			}
		}
	}
	_, detail := instance.WhyUnplaced(supervision.Unplaced{Rule: "H05", Removed: []supervision.RuleRemoved{{Rule: "H05", Options: 3}, {Rule: "H22", Options: 4}}})
	if detail != "Of 7 possibilities, 7 by rules on who may meet." {
		t.Errorf("private facts are told as %q", detail)
	}
}
