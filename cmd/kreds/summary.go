package main

import (
	"fmt"
	"slices"
	"strings"

	"kreds/scheduling"
	"kreds/scheduling/solve"
)

// mostNamed bounds a list on the terminal; the plan has all of it.
const mostNamed = 20

// summary tells on standard error what a search came to.
func (p *program) summary(problem *scheduling.Problem, r solve.Result, seed uint64, stopped bool) {
	why := map[solve.End]string{
		solve.Budget: "all iterations are done", solve.Caller: "the time is over", solve.Proven: "no plan can be better",
	}[r.EndedBy]
	if stopped && r.EndedBy == solve.Caller {
		why = "it was stopped"
	}
	fmt.Fprintf(p.stderr, "Ended: %s.\n%s.\nScore: %s.\n", why, sessionsOf(problem, &r.Plan), scoreWords(r.Score))
	if len(r.Unplaced) == 0 {
		fmt.Fprintln(p.stderr, "Everybody has a session in every round.")
	} else {
		fmt.Fprint(p.stderr, missingPlaces(problem, r.Unplaced))
	}
	iterations := counts(r.Iterations)
	fmt.Fprintf(p.stderr, "The same plan again: --seed %d --iterations %s\n", seed, iterations.String())
}

// sessionsOf counts the sessions and closed groups of a plan.
func sessionsOf(problem *scheduling.Problem, plan *scheduling.Plan) string {
	kinds, groups := map[scheduling.Kind]int{}, map[string]bool{}
	for _, s := range plan.Sessions {
		i := slices.IndexFunc(problem.Rounds, func(r scheduling.Round) bool { return r.ID == s.Round })
		kinds[problem.Rounds[i].Kind]++
		if s.Group != "" {
			groups[s.Group] = true
		}
	}
	var parts []string
	for _, k := range []scheduling.Kind{scheduling.Introduction, scheduling.Individual, scheduling.Group} {
		switch {
		case kinds[k] > 0 && k == scheduling.Introduction:
			parts = append(parts, counted(kinds[k], "introduction"))
		case kinds[k] > 0:
			parts = append(parts, fmt.Sprintf("%d %s", kinds[k], k))
		}
	}
	out := counted(len(plan.Sessions), "session")
	if len(parts) > 0 {
		out += " (" + strings.Join(parts, ", ") + ")"
	}
	if len(groups) > 0 {
		out += " and " + counted(len(groups), "closed group")
	}
	return out
}

// missingPlaces tells who has no session, and what took the possibilities away.
func missingPlaces(problem *scheduling.Problem, list []solve.Unplaced) string {
	var b strings.Builder
	places := len(problem.Mentors) * len(problem.Rounds)
	fmt.Fprintf(&b, "%d of %s could not be given. A possibility is a supervisor and a start,\ncounted for the first rule that forbids it:\n",
		len(list), counted(places, "place"))
	named := map[string]bool{}
	for i, u := range list {
		if i == mostNamed {
			fmt.Fprintf(&b, "  … and %d more; the plan lists all of them.\n", len(list)-i)
			break
		}
		total := 0
		var parts []string
		for _, r := range u.Removed {
			total += r.Options
			named[r.Rule] = true
			parts = append(parts, fmt.Sprintf("%s %d", r.Rule, r.Options))
		}
		fmt.Fprintf(&b, "  %s in round %s: %s, none left: %s\n", u.Mentor, u.Round, counted(total, "possibility"), strings.Join(parts, ", "))
	}
	for _, r := range scheduling.Rules() {
		if named[r.ID] {
			fmt.Fprintf(&b, "    %s  %s\n", r.ID, r.Sentence)
		}
	}
	return b.String()
}

// counted is a number of things.
func counted(n int, one string) string {
	switch {
	case n == 1:
		return "1 " + one
	case strings.HasSuffix(one, "y"):
		return fmt.Sprintf("%d %sies", n, strings.TrimSuffix(one, "y"))
	}
	return fmt.Sprintf("%d %ss", n, one)
}
