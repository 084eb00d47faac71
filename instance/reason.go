package instance

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kreds/scheduling"
	"kreds/supervision"
)

// notPossibleWords are all that is ever said of a conflict.
const notPossibleWords = "This placement is not possible. Choose other people."

// wording is how a broken rule is told. A rule that names people says you to the reader whom it concerns and counts the others;
// fact is said once, whoever it concerns.
type wording struct {
	fact string
	you  string
	they string // %s is "1 person" or "3 people", and {is}, {has}, {are} stand in the right number
	help []string
}

var otherTime = "Ask for other times and choose one of them."

// wordings are the words of each rule that is not private.
var wordings = map[string]wording{
	"H01": {fact: "The group has not a lawful size; a group session has 3 to 5 mentors, or as many as the cycle says.", help: []string{"Add or leave out mentors."}},
	"H02": {fact: "An individual session has exactly one mentor and one supervisor.", help: []string{"Name one mentor and one supervisor."}},
	"H03": {you: "You are not free at that time.", they: "%s {is} not free at that time.", help: []string{otherTime}},
	"H04": {you: "The time lies outside your working hours.", they: "The time lies outside the working hours of %s.", help: []string{otherTime}},
	"H11": {you: "Your preparation has not ended a day before.", they: "The preparation of %s has not ended a day before.",
		help: []string{"Record a training or its equivalent, or hold an introduction first."}},
	"H12": {you: "You have not accepted the ground rules in force.", they: "%s {has} not accepted the ground rules in force.", help: []string{"Ask the members to accept them."}},
	"H13": {you: "The time lies before your first pair meeting, or after the end of the programme.", they: "For %s the time lies before the first pair meeting, or after the end of the programme.",
		help: []string{"Choose a later time, or record the pair's first meeting.", "After the programme's end, choose an earlier one."}},
	"H14": {fact: "The notice is too short for the time.", help: []string{"Choose a later time, or let all parties agree to a short notice."}},
	"H15": {you: "Your sessions would be too close to each other, or too many in a day or a week.", they: "The supervisor's sessions would be too close to each other, or too many in a day or a week.",
		help: []string{otherTime, "Choose another supervisor.", "Raise the supervisor's limits."}},
	"H16": {you: "The time is blocked for you: a holiday, a blackout, or it has passed.", they: "The time is blocked for %s: a holiday, a blackout, or it has passed.", help: []string{otherTime}},
	"H17": {you: "You have another session on that day.", they: "%s {has} another session on that day.", help: []string{"Choose another day."}},
	"H18": {you: "Your sessions would be too close to each other.", they: "Sessions of %s would be too close to each other.", help: []string{"Choose a time further from the sessions before and after."}},
	"H19": {fact: "People cannot meet in person then.", help: []string{"Choose an in-person day, or meet online."}},
	"H20": {fact: "A closed group keeps its members and its supervisor in all its rounds.", help: []string{"Change the group in a new plan."}},
	"H21": {fact: "Only mentors of the cycle and one supervisor take part.", help: []string{"Leave the others out, or enrol them first."}},
	"H24": {you: "You have not accepted this time.", they: "%s {has} not accepted this time.", help: []string{"Wait for the answers."}},
	"H25": {fact: "The session has not the length that its round says.", help: []string{"Choose an end that fits the round and the number of mentors."}},
	"H26": {fact: "The people of the session have no language that all share.", help: []string{"Choose a supervisor or a group with a language that all speak."}},
	"H27": {you: "Your calendar is not known well enough.", they: "The calendars of %s {are} not known well enough.", help: []string{"Wait until they have been read again."}},
	"H30": {you: "You would not have exactly one session in the round.", they: "%s would not have exactly one session in the round.", help: []string{"Give each mentor one session in each round."}},
	"H31": {fact: "The session does not start on the start step, or lies outside the window of its round.", help: []string{"Choose a start that is offered.", "Widen the round's window."}},
	"H32": {you: "You have another session at that time.", they: "%s {has} another session at that time.", help: []string{otherTime}},
	"H33": {you: "Your rounds would be out of order, or too far apart.", they: "The rounds of %s would be out of order, or too far apart.", help: []string{"Choose a time between the rounds before and after."}},
	"H34": {fact: "Something that is pinned would not stay.", help: []string{"Take the pin away, or keep what it fixes."}},
	"H35": {fact: "The site has no room left at that time.", help: []string{otherTime}},
	"H36": {fact: "The supervisor has not the qualification that the round needs, or is not admitted to the organisation of every mentor.", help: []string{"Choose another supervisor."}},
	"H37": {fact: "The organisations in the group are not what the cycle asks for.", help: []string{"Choose other mentors for the group."}},
}

// Reasons tells a reader which rules are broken, each once and in the order of their ids. Other people are counted and never
// named; of what rests on private facts nothing is told but that it is not possible. m is the mapping of the problem that the
// violations speak of.
func Reasons(violations []scheduling.Violation, m *Mapping, reader supervision.PersonID) []supervision.Reason {
	byRule := map[string]map[string]bool{} // rule: the people whom it concerns
	var rules []string
	for _, v := range violations {
		rule := v.Rule
		if slices.Contains(privateRules, rule) {
			rule = notPossible
		}
		if byRule[rule] == nil {
			byRule[rule] = map[string]bool{}
			rules = append(rules, rule)
		}
		for _, who := range v.Subjects {
			byRule[rule][who] = true
		}
	}
	slices.SortFunc(rules, func(a, b string) int { return cmp.Compare(a, b) })
	self, _ := m.Name(reader)
	var out []supervision.Reason
	for _, rule := range rules {
		if rule == notPossible {
			out = append(out, supervision.Reason{Rule: notPossible, Detail: notPossibleWords, Help: []string{}})
			continue
		}
		w, known := wordings[rule]
		if !known {
			w = wording{fact: sentence(rule)}
		}
		out = append(out, supervision.Reason{Rule: rule, Detail: w.tell(byRule[rule], self), Help: append([]string{}, w.help...)})
	}
	return out
}

// WhyUnplaced tells why a plan could not place a mentor: the rule that took the last possibility, and how many of them each rule
// took. The rule is empty where it is not known, or rests on private facts; those are told as one.
func WhyUnplaced(u supervision.Unplaced) (rule, detail string) {
	told := func(id string) (scheduling.Rule, bool) {
		r, known := scheduling.RuleByID(id)
		return r, known && !slices.Contains(privateRules, id)
	}
	if r, may := told(u.Rule); may {
		rule = r.ID
	}
	var parts []string
	private, total := 0, 0
	for _, x := range u.Removed {
		total += x.Options
		if r, may := told(x.Rule); !may {
			private += x.Options
		} else if x.Options > 0 {
			parts = append(parts, fmt.Sprintf("%d by %s (%s)", x.Options, r.ID, strings.TrimSuffix(r.Sentence, ".")))
		}
	}
	if private > 0 {
		parts = append(parts, fmt.Sprintf("%d by rules on who may meet", private))
	}
	if len(parts) == 0 {
		return rule, "The planner found no place in the iterations that it was given. More of them may find one."
	}
	return rule, fmt.Sprintf("Of %d possibilities, %s.", total, strings.Join(parts, ", "))
}

// sentence is the law's own, for a rule without words of its own.
func sentence(rule string) string {
	if r, known := scheduling.RuleByID(rule); known {
		return r.Sentence
	}
	return "A rule stands against it."
}

// tell says it to somebody who is self in the problem, or nobody there.
func (w wording) tell(people map[string]bool, self string) string {
	if w.fact != "" {
		return w.fact
	}
	others := len(people)
	var parts []string
	if self != "" && people[self] {
		parts = append(parts, w.you)
		others--
	}
	if others > 0 || len(parts) == 0 {
		parts = append(parts, w.count(others, len(parts) > 0))
	}
	return strings.Join(parts, " ")
}

// count says it of so many people whom it does not name. Where nobody is known by number, it is somebody.
func (w wording) count(n int, besides bool) string {
	words := strings.NewReplacer("{is}", "are", "{has}", "have", "{are}", "are")
	who := fmt.Sprintf("%d people", n)
	if besides {
		who = fmt.Sprintf("%d other people", n)
	}
	if n <= 1 {
		words = strings.NewReplacer("{is}", "is", "{has}", "has", "{are}", "are")
		if who = "1 person"; besides {
			who = "1 other person"
		}
	}
	text := words.Replace(w.they)
	if strings.Contains(text, "%s") {
		text = fmt.Sprintf(text, who)
	}
	return text
}
