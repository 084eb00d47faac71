package instance

import (
	"slices"

	"kreds/scheduling"
	"kreds/supervision"
)

// refusal is a kind of answer and the rules that lead to it.
type refusal struct {
	kind  supervision.Kind
	code  string
	rules []string // none: all others
}

// notPossible is the answer to everything that rests on private facts: lines, pairs, avoid lists, competitors.
const notPossible = "placement-not-possible"

// privateRules rest on facts that nobody is told of.
var privateRules = []string{"H05", "H06", "H07", "H08", "H09", "H10", "H22", "H23"}

// refusals are the answers in the order in which they are given: who may meet is judged before when.
var refusals = []refusal{
	{supervision.Invalid, "group-size", []string{"H01", "H02"}},
	{supervision.Invalid, "participant-role", []string{"H21"}},
	{supervision.Invalid, notPossible, privateRules},
	{supervision.Invalid, "not-qualified", []string{"H26", "H36", "H37"}},
	{supervision.Invalid, "slot-not-offered", []string{"H04", "H16", "H19", "H25", "H31"}},
	{supervision.Conflict, "slot-taken", []string{"H03", "H32"}},
	{supervision.Conflict, "preparation-missing", []string{"H11"}},
	{supervision.Conflict, "rules-not-accepted", []string{"H12"}},
	{supervision.Conflict, "calendar-unknown", []string{"H27"}},
	{supervision.Conflict, "rule-violated", nil},
}

// Refuse is the one error by which broken rules answer a reader, nil where no rule is broken. The first answer of the table that
// has a broken rule is given, with the reasons of its own rules and of no others, so that nothing is learned of people by asking
// for times. What rests on private facts is refused in the same words whatever the fact, without a reason.
func Refuse(violations []scheduling.Violation, m *Mapping, reader supervision.PersonID) error {
	for _, r := range refusals {
		mine := slices.DeleteFunc(slices.Clone(violations), func(v scheduling.Violation) bool {
			return r.rules != nil && !slices.Contains(r.rules, v.Rule)
		})
		if len(mine) == 0 {
			continue
		}
		if r.code == notPossible {
			return NotPossible()
		}
		e := &supervision.Error{Kind: r.kind, Code: r.code, Reasons: Reasons(mine, m, reader), Law: true}
		e.Detail = e.Reasons[0].Detail
		return e
	}
	return nil
}

// NotPossible is the refusal of everything that rests on private facts; it is always the same.
func NotPossible() *supervision.Error {
	return &supervision.Error{Kind: supervision.Invalid, Code: notPossible, Detail: notPossibleWords, Law: true}
}
