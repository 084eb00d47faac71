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
	kept := slices.Collect(maps.Values(h.keeps))
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
