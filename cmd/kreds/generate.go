package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"time"

	"kreds/instance"
	"kreds/instance/scenario"
	"kreds/scheduling"
	"kreds/scheduling/family"
)

const generateAbout = `Writes an instance file, a cycle to be planned: rounds, mentors, supervisors,
when they are free and who may not meet. Families are drawn by a seed, scenarios
are made-up cycles that are always the same. Nobody in them exists.

  kreds generate --list
  kreds generate --family cross60 --seed 7 --out cross60.json
  kreds generate --family s2 --shift 52 --out s2.json

The same flags give the same file, byte for byte.

Exit code: 0 the file was written; 2 the flags cannot be used; 1 all else.`

// mostShift is how many weeks a scenario can be moved: the planner's calendar begins in 1970.
const mostShift = 2500

// introduced has a line for each family and scenario.
var introduced = map[string]string{
	"tiny12":       "12 mentors, 2 supervisors, one time zone; good for a first try",
	"one24":        "24 mentors, 3 supervisors, one time zone",
	"cross60":      "60 mentors, 6 supervisors, three time zones, two languages",
	"cross120":     "120 mentors, 12 supervisors, three time zones, two languages",
	"dense60":      "60 mentors, 6 supervisors, one time zone, 70 % of the working time busy",
	"global120":    "120 mentors, 14 supervisors, eight time zones around the world",
	"large500":     "500 mentors, 50 supervisors, three time zones, two languages",
	"large2000":    "2000 mentors, 200 supervisors, three time zones, two languages",
	"near24":       "24 mentors, 3 supervisors, 90 % of the working time busy; all can be placed, in few ways",
	"near60":       "60 mentors, 6 supervisors, 90 % of the working time busy; all can be placed, in few ways",
	"infeasible24": "24 mentors, 4 supervisors; three of the mentors can never meet, so not all can be placed",
	"infeasible60": "60 mentors, 7 supervisors; three of the mentors can never meet, so not all can be placed",
	"full23":       "23 mentors, 2 supervisors; a whole cycle with introduction and closed groups",
	"full120":      "120 mentors, 10 supervisors; a whole cycle across four organisations and three time zones",
	"full500":      "500 mentors, 42 supervisors; a whole cycle across twelve organisations and three time zones",

	"s1":  "6 mentors, 1 supervisor; a small internal pilot, February to June 2027",
	"s1a": "7 mentors, 1 supervisor; s1 where one mentor manages four others, so one split into groups is lawful",
	"s1b": "7 mentors, 1 supervisor; s1 where one mentor manages five others, so no split is",
	"s2":  "23 mentors, 2 supervisors; a leadership programme inside a company, February to October 2027",
	"s3":  "16 mentors, 2 supervisors; a programme across five firms with a learning day, March to September 2027",
}

func runGenerate(ctx context.Context, p *program, args []string) error {
	f := p.flags("generate", "--family NAME [--seed N | --shift WEEKS] [--out FILE]", generateAbout)
	name := f.String("family", "", "the `name` of a family or a scenario; see --list")
	seed := f.Uint64("seed", 1, "families only: where chance begins; another `number` gives another instance")
	shift := f.Int("shift", 0, "scenarios only: move all dates by so many `weeks`, below 0 into the past")
	out := f.String("out", dash, "the `file` to write; - is standard output")
	list := f.Bool("list", false, "name the families and scenarios")
	if err := parse(f, args); err != nil {
		return err
	}
	if *list {
		return p.listInstances()
	}
	set := map[string]bool{}
	f.Visit(func(g *flag.Flag) { set[g.Name] = true })
	var problem *scheduling.Problem
	var err error
	switch isScenario := slices.Contains(scenario.Names(), *name); {
	case *name == "":
		return bad("name a family or a scenario by --family NAME. kreds generate --list names them.")
	case isScenario:
		if set["seed"] {
			fmt.Fprintf(p.stderr, "%s is always the same; --seed changes nothing.\n", *name)
		}
		if *shift < -mostShift || *shift > mostShift {
			return bad("--shift %d is too far; from %d to %d weeks are known.", *shift, -mostShift, mostShift)
		}
		problem, err = staged(*name, *shift)
	case !slices.Contains(family.Names(), *name):
		return bad("there is no family or scenario %.40q. kreds generate --list names them.", *name)
	case set["shift"]:
		return bad("%s has no dates to be moved; --shift is for scenarios. Leave it out.", *name)
	default:
		problem, err = family.Generate(*name, *seed)
	}
	if err != nil {
		return err
	}
	if err := writable(*out, ""); err != nil {
		return err
	}
	if err := p.writeDocument(*out, func(w io.Writer) error { return scheduling.Encode(w, problem) }); err != nil {
		return fmt.Errorf("the instance cannot be written: %w. Name another place by --out", err)
	}
	return nil
}

// staged is a scenario as an instance, three weeks before its first day.
func staged(name string, weeks int) (*scheduling.Problem, error) {
	s, err := scenario.Named(name)
	if err != nil {
		return nil, err
	}
	s = s.Shift(weeks)
	facts, err := s.Facts(s.Cycle.Span.From.AddDays(-21).Midnight(time.UTC))
	if err != nil {
		return nil, err
	}
	built, err := instance.Build(facts)
	if err != nil {
		return nil, err
	}
	built.Problem.Name = name
	return built.Problem, nil
}

// listInstances names what can be generated.
func (p *program) listInstances() error {
	row := func(name string) error {
		_, err := fmt.Fprintf(p.stdout, "  %-13s %s\n", name, introduced[name])
		return err
	}
	sections := []struct {
		title string
		names []string
	}{
		{"Families, drawn by --seed:\n", family.Names()},
		{"\nScenarios, always the same, moved by --shift:\n", scenario.Names()},
	}
	for _, s := range sections {
		if _, err := io.WriteString(p.stdout, s.title); err != nil {
			return err
		}
		for _, name := range s.names {
			if err := row(name); err != nil {
				return err
			}
		}
	}
	return nil
}
