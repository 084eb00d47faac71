package check

import (
	"fmt"
	"maps"
	"slices"

	"kreds/scheduling"
)

// What is fixed: H34.

// What is pinned stays: any of members, supervisor and start of a session, in any combination. Two pins need two sessions, so
// pins and sessions are matched; a pin is broken when no matching keeps it beside those before it.
func pinsStay(h *hearing) {
	kept := slices.Collect(maps.Values(scheduling.KeepPins(h.problem.Pins, h.plan.Sessions)))
	for i, pin := range h.problem.Pins {
		if !slices.Contains(kept, i) {
			h.found = append(h.found, finding{rule: h.rule, round: pin.Round, subjects: pinned(pin), pin: i,
				detail: fmt.Sprintf("no session of round %s keeps pin %d", pin.Round, i)})
		}
	}
}

// pinned are the people whom a pin names.
func pinned(pin scheduling.Pin) []string {
	people := slices.Clone(pin.Members)
	if pin.Supervisor != "" {
		people = append(people, pin.Supervisor)
	}
	return people
}

// Pinned gives the sessions of a plan that agree with a pin of all three fields, members, supervisor and start: for
// Judge.Standing, where the standing sessions of a cycle came into the problem as such pins.
func Pinned(p *scheduling.Problem, plan *scheduling.Plan) []int {
	var out []int
	for i, s := range plan.Sessions {
		if slices.ContainsFunc(p.Pins, func(pin scheduling.Pin) bool {
			whole := len(pin.Members) > 0 && pin.Supervisor != "" && pin.Start != nil
			return whole && pin.Agrees(s)
		}) {
			out = append(out, i)
		}
	}
	return out
}
