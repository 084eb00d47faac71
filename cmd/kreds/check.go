package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"kreds/scheduling"
	"kreds/scheduling/check"
)

// exitUnlawful says that a plan breaks the law.
const exitUnlawful = 3

const checkAbout = `Judges a plan by the law, the same one by which bookings and moves are judged:
which rules it breaks, who is without a session, and what its wishes cost.

  kreds check --in instance.json --plan plan.json

The score is three numbers, compared in this order, smaller is better: hard
counts broken rules, medium weighs those without a session, soft is the cost of
the wishes.

Exit code: 0 the plan keeps every rule, also when somebody is without a session;
3 it breaks rules; 2 the input cannot be used; 1 all else.`

func runCheck(ctx context.Context, p *program, args []string) error {
	f := p.flags("check", "--in FILE --plan FILE [--json]", checkAbout)
	in := f.String("in", "", "the instance `file`; - is standard input")
	from := f.String("plan", "", "the plan `file`, as kreds plan writes it; - is standard input")
	asJSON := f.Bool("json", false, "print one JSON object instead of a text")
	if err := parse(f, args); err != nil {
		return err
	}
	switch {
	case *from == "":
		return bad("name a plan file by --plan FILE. kreds plan makes one.")
	case *in == dash && *from == dash:
		return bad("only one of --in and --plan can be standard input. Name a file for the other.")
	}
	problem, err := readProblem(ctx, *in)
	if err != nil {
		return err
	}
	plan, err := readPlan(ctx, *from, problem, *in)
	if err != nil {
		return err
	}
	report := check.Check(problem, plan)
	if *asJSON {
		err = json.NewEncoder(p.stdout).Encode(report)
	} else {
		err = (&judgement{problem: problem, plan: plan, Report: report}).print(p.stdout)
	}
	switch {
	case err != nil:
		return fmt.Errorf("the report cannot be written: %w", err)
	case !report.Lawful():
		return exit{exitUnlawful, ""}
	}
	return nil
}

// judgement is a report for a reader.
type judgement struct {
	check.Report
	problem *scheduling.Problem
	plan    *scheduling.Plan
	b       strings.Builder
}

func (j *judgement) print(w io.Writer) error {
	verdict := "The plan keeps every rule"
	if !j.Lawful() {
		verdict = "The plan breaks the law: " + counted(len(j.Violations), "violation")
	}
	fmt.Fprintf(&j.b, "%s\n%s: %s.\nScore: %s.\n", verdict+".", titled(j.problem), sessionsOf(j.problem, j.plan), scoreWords(j.Score))
	if j.plan.Score != j.Score {
		fmt.Fprintf(&j.b, "The plan's file says otherwise: %s.\n", scoreWords(j.plan.Score))
	}
	j.violations()
	j.unassigned()
	j.wishes()
	fmt.Fprintf(&j.b, "\nRules judged (profile %s): %s.\n", j.problem.Profile, strings.Join(j.Rules, " "))
	_, err := io.WriteString(w, plain(j.b.String()))
	return err
}

// violations are listed below the sentence of their rule.
func (j *judgement) violations() {
	if j.Lawful() {
		return
	}
	fmt.Fprintf(&j.b, "\nBroken rules. Numbers of time are slots of 15 minutes from %s.\n", j.at(0))
	last := ""
	for _, v := range j.Violations {
		if v.Rule != last {
			rule, _ := scheduling.RuleByID(v.Rule)
			fmt.Fprintf(&j.b, "  %s  %s\n", v.Rule, rule.Sentence)
			last = v.Rule
		}
		where := "round " + v.Round
		if v.Session >= 0 {
			where = j.session(v.Session)
		}
		fmt.Fprintf(&j.b, "    %s: %s\n", where, v.Detail)
	}
}

// session names a session of the plan.
func (j *judgement) session(i int) string {
	s := j.plan.Sessions[i]
	group := ""
	if s.Group != "" {
		group = " of group " + s.Group
	}
	return fmt.Sprintf("session %d, round %s%s, %s with %s", i, s.Round, group, j.at(s.Start), s.Supervisor)
}

// at is the time of a slot.
func (j *judgement) at(slot int) string {
	return j.problem.CycleStart.Add(time.Duration(slot*j.problem.SlotMin) * time.Minute).UTC().Format("Mon 2 Jan 2006 15:04 UTC")
}

func (j *judgement) unassigned() {
	if len(j.plan.Unassigned) == 0 {
		return
	}
	fmt.Fprintf(&j.b, "\nWithout a session, and the rule that took the last possibility:\n")
	for _, u := range j.plan.Unassigned {
		reason := u.Reason
		if rule, known := scheduling.RuleByID(u.Reason); known {
			reason += "  " + rule.Sentence
		}
		fmt.Fprintf(&j.b, "  %s in round %s: %s\n", u.Mentor, u.Round, reason)
	}
}

func (j *judgement) wishes() {
	fmt.Fprintf(&j.b, "\nWishes: weight × count = cost\n")
	for _, w := range j.problem.Profile.Wishes() {
		weight, count := j.problem.Weight(w.ID), j.Terms[w.ID]
		fmt.Fprintf(&j.b, "  %-6s %3d × %5d = %6d  %s\n", w.ID, weight, count, weight*count, w.Sentence)
	}
}
