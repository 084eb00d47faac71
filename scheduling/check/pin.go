package check

import (
	"fmt"
	"slices"

	"kreds/scheduling"
)

// What is fixed: H34.

// What is pinned stays: any of members, supervisor and start of a session, in any combination. Two pins need two sessions, so
// pins and sessions are matched; a pin is broken when no matching keeps it beside those before it.
func pinsStay(h *hearing) {
	keptBy := make(map[int]int) // session: the pin it keeps
	for i, pin := range h.problem.Pins {
		if !h.keep(i, keptBy, map[int]bool{}) {
			h.found = append(h.found, finding{rule: h.rule, round: pin.Round, subjects: pinned(pin), pin: i,
				detail: fmt.Sprintf("no session of round %s keeps pin %d", pin.Round, i)})
		}
	}
}

// keep finds a session for a pin, and moves earlier pins to other sessions where it must (an augmenting path).
func (h *hearing) keep(pin int, keptBy map[int]int, tried map[int]bool) bool {
	for _, s := range h.sessions {
		if tried[s.index] || !agrees(s, h.problem.Pins[pin]) {
			continue
		}
		tried[s.index] = true
		if other, taken := keptBy[s.index]; !taken || h.keep(other, keptBy, tried) {
			keptBy[s.index] = pin
			return true
		}
	}
	return false
}

// agrees says whether a session keeps every field that the pin gives.
func agrees(s session, pin scheduling.Pin) bool {
	return s.Round == pin.Round &&
		(len(pin.Members) == 0 || sameSet(s.seats, pin.Members)) &&
		(pin.Supervisor == "" || s.Supervisor == pin.Supervisor) &&
		(pin.Start == nil || s.Start == *pin.Start)
}

func sameSet(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(distinct(a))), slices.Sorted(slices.Values(distinct(b)))
	return slices.Equal(a, b)
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
			return whole && agrees(session{Session: s, seats: distinct(s.Members)}, pin)
		}) {
			out = append(out, i)
		}
	}
	return out
}
