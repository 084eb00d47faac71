package planning

import (
	"kreds/scheduling"
	"kreds/supervision"
)

// Constraint is a rule or a wish; one of the two is set.
type Constraint struct {
	Rule *scheduling.Rule
	Wish *scheduling.Wish
}

// ID is the rule's or the wish's.
func (c Constraint) ID() string {
	if c.Rule != nil {
		return c.Rule.ID
	}
	return c.Wish.ID
}

// The kinds of constraints.
const (
	KindRule = "rule"
	KindWish = "wish"
)

// ListConstraints is a page of what real cycles are judged by, in the order of ids: rules, then wishes, or one kind of them. What
// is written down and not judged yet is left out. after is the id before the page, empty for the first.
func (s *Service) ListConstraints(kind, after string, size int) (list []Constraint, more bool) {
	if kind != KindWish {
		for _, r := range rulesInForce(supervision.Network) {
			list = append(list, Constraint{Rule: &r})
		}
	}
	if kind != KindRule {
		for _, w := range scheduling.ProfileField.Wishes() {
			list = append(list, Constraint{Wish: &w})
		}
	}
	for len(list) > 0 && list[0].ID() <= after {
		list = list[1:]
	}
	if len(list) > size {
		return list[:size], true
	}
	return list, false
}

// rulesInForce are the rules by which the cycles of a programme of a mode are judged: by the planner, at a confirmation, and when
// mentors are enrolled, of whom a network alone asks for a living pair (H29).
func rulesInForce(mode supervision.ProgrammeMode) (out []scheduling.Rule) {
	for _, r := range scheduling.Rules() {
		switch {
		case r.Field, r.Judged == scheduling.ByConfirmation, r.ID == "H29" && mode == supervision.Network:
			out = append(out, r)
		}
	}
	return out
}
