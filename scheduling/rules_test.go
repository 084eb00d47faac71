package scheduling_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kreds/scheduling"
)

var update = flag.Bool("update", false, "write generated files anew")

// The document that people read is the list that the code reads.
func TestConstraintsDocument(t *testing.T) {
	const path = "../docs/constraints.md"
	want := constraintsDocument()
	if *update {
		if err := os.MkdirAll("../docs", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("docs/constraints.md is not what the list says; run go generate ./scheduling (-list +document):\n%s", diff)
	}
}

func constraintsDocument() string {
	var b strings.Builder
	b.WriteString(`# Rules and wishes

This page is generated from the lists in ` + "`scheduling/rules.go` and `scheduling/wishes.go` (`go generate ./scheduling`)" + `. The rules are judged
in one place, ` + "`scheduling/check`" + `, for what people book, move and pin by hand and for what the planner plans.
Times are slots of 15 minutes, intervals half-open; who may meet is judged at the start of a session.

**Judged**: P by the planner's law, E when a cycle's problem is built, C before a confirmation, A also when a session that took
place is recorded. **Profile**: which set judges it; a rule of P or a wish without a profile is not judged yet.
Rules marked with * are never relaxed, by nobody.
`)
	for _, theme := range []scheduling.Theme{scheduling.WhoMeets, scheduling.WhenTheyMay, scheduling.BeforeSure} {
		fmt.Fprintf(&b, "\n## %s\n\n| id | rule | judged | profile | default | may a cycle change it? |\n|---|---|---|---|---|---|\n", theme)
		for _, r := range scheduling.Rules() {
			if r.Theme == theme {
				id := r.ID
				if r.Never {
					id += "*"
				}
				fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", id, r.Sentence, r.Judged, profiles(r.Field, r.Core), r.Default, r.Change)
			}
		}
	}
	b.WriteString(`
## How the rules are read

- A violation is counted once for each rule, session and offending person or pair. Where two sessions collide, the later one is named.
- H13 is judged at each individual and group session. H11 is judged at a mentor's first one.
- H15, H17: standing sessions use up a limit first, then those of the plan by start; each session that comes after it is reached
  breaks the rule. The length of a session counts on the local day, and in the ISO week, of its start.
- H18 compares sessions that follow each other in time, whatever their rounds. H33 wants every later round to start after every
  earlier one; its longest gap binds neighbouring rounds, so that nobody who is unassigned in one is late in the next.
- H20 compares each session of a group with the group's first one, and wants every group in every closed round.
- H25 takes the lengths from the round. A session without a round lasts as any round of its kind says.
- H30 also counts introductions: as many as the round has dates, none of them empty.
- H34: a pin is kept by a session of its round that agrees with every field it gives; two pins need two sessions.
- A standing pin is a session that exists: held, going on, or booked by hand. It was judged when it came about, and the plan has no
  say in it, so what the sessions that keep standing pins break among themselves does not count; what another session breaks with
  them does. A manager's pin has no such right, even if it gives all three.

In profile core a round has one fixed length, H15 knows no limits of hours, and for H26 it is enough that each member shares a language
with the supervisor.

An introduction is judged by H03, H04, H10, H15, H16, H19, H21, H26, H30–H32, H34–H36, and by H11 as "ends a day before its mentors'
first round session"; by no other rule. Of the wishes only W06, W13, W18, ` + "`pref` and `day`" + ` look at introductions.

## Wishes

` + "`soft = Σ weight · f`. \"Session\" is an individual or group session, \"group session\" one of a group round; an attendance is a person in a\nsession. Local days and hours are the person's own.\n")
	for _, profile := range []scheduling.Profile{scheduling.ProfileField, scheduling.ProfileCore} {
		fmt.Fprintf(&b, "\n### Profile %s\n\n| id | wish | f counts | weight | judged |\n|---|---|---|---|---|\n", profile)
		for _, w := range scheduling.Wishes() {
			if w.Profile == profile {
				judged := "not yet"
				if w.Built {
					judged = "yes"
				}
				fmt.Fprintf(&b, "| %s | %s | %s | %d | %s |\n", w.ID, w.Sentence, strings.ReplaceAll(w.Formula, "|", "\\|"), w.Weight, judged)
			}
		}
	}
	return b.String()
}

func profiles(field, core bool) string {
	switch {
	case field && core:
		return "field, core"
	case field:
		return "field"
	case core:
		return "core"
	}
	return "–"
}

func TestListsAreInOrder(t *testing.T) {
	seen := ""
	for _, r := range scheduling.Rules() {
		if r.ID <= seen || r.Sentence == "" || r.Theme == "" || r.Judged == 0 {
			t.Errorf("%s after %s: %+v", r.ID, seen, r)
		}
		if planned := r.Judged&scheduling.ByPlanner != 0; !planned && (r.Field || r.Core) {
			t.Errorf("%s is judged by a profile but not by the planner", r.ID)
		}
		seen = r.ID
	}
	if n := len(scheduling.Rules()); n != 37 {
		t.Errorf("%d rules", n)
	}
	ids := map[string]bool{}
	for _, w := range scheduling.Wishes() {
		if ids[w.ID] || w.Sentence == "" || w.Formula == "" || w.Weight <= 0 {
			t.Errorf("%+v", w)
		}
		ids[w.ID] = true
	}
}

// The sets of the profiles and the judges, spelled out.
func TestWhatIsJudged(t *testing.T) {
	for _, c := range []struct {
		of   string
		want string
		got  []string
	}{
		{"field", "H01 H02 H03 H04 H05 H06 H07 H08 H09 H10 H11 H13 H15 H16 H17 H18 H20 H21 H22 H23 H25 H26 H30 H31 H32 H33 H34 H36", scheduling.ProfileField.Rules()},
		{"core", "H01 H02 H03 H04 H05 H06 H07 H08 H09 H10 H15 H18 H22 H23 H26 H30 H31 H32 H33 H34 H36", scheduling.ProfileCore.Rules()},
		{"recorded", "H01 H02 H05 H06 H07 H08 H09 H10 H21 H22 H23 H36", scheduling.RecordedRules()},
		{"claims", "H15 H17 H18 H32 H33 H35", scheduling.ClaimRules()},
		{"field's wishes", "W01 W03 W04 W06 W10 W11 W13", wishIDs(scheduling.ProfileField)},
		{"core's terms", "pref fair cont mix size dup sen day over change", wishIDs(scheduling.ProfileCore)},
	} {
		if got := strings.Join(c.got, " "); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.of, got, c.want)
		}
	}
	var never []string
	for _, r := range scheduling.Rules() {
		if r.Never {
			never = append(never, r.ID)
		}
	}
	want := []string{"H01", "H02", "H05", "H06", "H07", "H08", "H09", "H10", "H11", "H12", "H21", "H22", "H23", "H26"}
	if !slices.Equal(never, want) {
		t.Errorf("never relaxed: %v", never)
	}
}

func wishIDs(p scheduling.Profile) []string {
	var ids []string
	for _, w := range p.Wishes() {
		ids = append(ids, w.ID)
	}
	return ids
}

func TestJudgesAreLetters(t *testing.T) {
	for judged, want := range map[scheduling.Judged]string{
		scheduling.ByPlanner: "P", scheduling.ByPlanner | scheduling.Afterwards: "P A",
		scheduling.ByPlanner | scheduling.ByConfirmation: "P C", scheduling.ByEligibility: "E", 0: "",
	} {
		if got := judged.String(); got != want {
			t.Errorf("%d: %q, want %q", judged, got, want)
		}
	}
}

func TestWeight(t *testing.T) {
	p := scheduling.Problem{Weights: map[string]int{"W01": 7, "W03": 0}}
	for id, want := range map[string]int{"W01": 7, "W03": 0, "W11": 90, "over": 10, "W99": 0} {
		if got := p.Weight(id); got != want {
			t.Errorf("%s weighs %d, want %d", id, got, want)
		}
	}
}

func TestLocalTime(t *testing.T) {
	// Copenhagen: UTC+1, from Sunday 28 March 2027 01:00 UTC on UTC+2; slot 0 is Monday 1 February 2027 00:00 UTC.
	spring := (7*7+6)*96 + 4
	p := scheduling.Person{Off: []scheduling.Offset{{At: 0, Offset: 4}, {At: spring, Offset: 8}}}
	for _, c := range []struct{ slot, day, week, weekday, at int }{
		{0, 0, 0, 0, 4},
		{91, 0, 0, 0, 95},
		{92, 1, 0, 1, 0},
		{-4, 0, 0, 0, 0}, // before the list begins its first offset holds
		{-5, -1, -1, 6, 95},
		{spring - 1, 55, 7, 6, 7},
		{spring, 55, 7, 6, 12},
		{7*96*7 - 4, 49, 7, 0, 0},
	} {
		weekday, at := p.LocalTime(c.slot)
		if p.LocalDay(c.slot) != c.day || p.LocalWeek(c.slot) != c.week || weekday != c.weekday || at != c.at {
			t.Errorf("slot %d: day %d week %d weekday %d slot of day %d, want %+v", c.slot, p.LocalDay(c.slot), p.LocalWeek(c.slot), weekday, at, c)
		}
	}
	if day := (scheduling.Person{}).LocalDay(-1); day != -1 {
		t.Errorf("without offsets the day is UTC's, got %d", day)
	}
}
