package instance_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kreds/instance"
	"kreds/supervision"
)

// laid writes rounds as "N 02-01..02-04 I 02-05..03-05@02-19".
func laid(rounds []supervision.Round) string {
	var out []string
	for _, r := range rounds {
		short := func(d supervision.Date) string { return d.String()[5:] }
		s := fmt.Sprintf("%s %s..%s", map[supervision.RoundKind]string{"introduction": "N", "individual": "I", "group": "G"}[r.Kind], short(r.Window.From), short(r.Window.To))
		if r.Kind != supervision.KindIntroduction {
			s += "@" + short(r.Target)
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func pattern(s string) (steps []supervision.TemplateStep) {
	for _, c := range s {
		steps = append(steps, supervision.TemplateStep{Kind: map[rune]supervision.RoundKind{'N': "introduction", 'I': "individual", 'G': "group"}[c]})
	}
	return steps
}

func TestWindows(t *testing.T) {
	for _, c := range []struct {
		name      string
		cycle     supervision.Days
		programme supervision.Days
		steps     string
		blackouts []supervision.Blackout
		want      string
	}{
		{"a pilot of five months", days("02-01", "06-30"), days("02-01", "06-30"), "NIGGI", nil,
			"N 02-01..02-04 I 02-05..03-05@02-19 G 03-15..04-12@03-29 G 04-21..05-19@05-05 I 05-29..06-26@06-12"},
		{"a programme of nine months", days("02-01", "10-29"), days("02-01", "10-29"), "NIGGGI", nil,
			"N 02-01..02-13 I 02-14..03-14@02-28 G 04-09..05-07@04-23 G 06-02..06-30@06-16 G 07-26..08-23@08-09 I 09-18..10-16@10-02"},
		{"across firms", days("03-01", "09-30"), days("03-01", "09-30"), "NIGGG", nil,
			"N 03-01..03-12 I 03-13..04-10@03-27 G 05-06..06-03@05-20 G 06-28..07-26@07-12 G 08-21..09-18@09-04"},
		{"no introduction: the first window is cut to the programme", days("02-01", "04-01"), days("02-10", ""), "IG", nil, "I 02-10..03-02@02-16 G 03-04..04-01@03-18"},
		{"too little time for the introduction", days("02-01", "03-31"), days("02-01", "03-31"), "NIG", nil, "N 02-01..02-05 I 02-07..03-01@02-15 G 03-03..03-31@03-17"},
		{"three working days before the first target are enough", days("02-01", "04-09"), days("02-01", "04-09"), "NIG", nil, "N 02-01..02-03 I 02-04..03-04@02-18 G 03-10..04-07@03-24"},
		{"a weekend does not count", days("01-29", "04-08"), days("01-29", "04-08"), "NIG", nil, "N 01-29..02-04 I 02-06..03-01@02-15 G 03-08..04-05@03-22"},
		{"nor does a blackout", days("02-01", "04-09"), days("02-01", "04-09"), "NIG", []supervision.Blackout{{FromOn: date("02-02"), ToOn: date("02-02")}}, "N 02-01..02-08 I 02-10..03-04@02-18 G 03-10..04-07@03-24"},
		{"an introduction alone", days("02-01", "02-28"), days("02-01", "02-28"), "N", nil, "N 02-01..02-28"},
		{"a few days", days("02-01", "02-04"), days("02-01", "02-04"), "NI", nil, "N 02-01..02-04 I 02-06..02-06@02-03"},
	} {
		cycle := supervision.Cycle{Span: c.cycle, Settings: supervision.Settings{Blackouts: c.blackouts}}
		if got := laid(instance.Windows(cycle, supervision.Programme{Span: c.programme}, pattern(c.steps))); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// Whatever the cycle: windows have a first and a last day, targets rise and lie in the cycle, and the introduction ends before the
// first round opens.
func TestWindowsAreInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := date("02-01").AddDays(rapid.IntRange(0, 400).Draw(t, "start"))
		span := supervision.Days{From: from, To: from.AddDays(rapid.IntRange(0, 400).Draw(t, "length"))}
		steps := "N" + rapid.StringOfN(rapid.RuneFrom([]rune("IG")), 1, 8, -1).Draw(t, "steps")
		rounds := instance.Windows(supervision.Cycle{Span: span}, supervision.Programme{Span: span}, pattern(steps))
		for i, r := range rounds {
			if r.Position != i || r.Window.From.IsZero() || r.Window.To.Before(r.Window.From) {
				t.Fatalf("round %d: %+v", i, r)
			}
			if !span.Holds(r.Target) || i > 1 && r.Target.Before(rounds[i-1].Target) {
				t.Fatalf("round %d has its target on %s: %s", i, r.Target, laid(rounds))
			}
		}
		if !rounds[0].Window.To.Before(rounds[1].Window.From) {
			t.Fatal(laid(rounds))
		}
	})
}
