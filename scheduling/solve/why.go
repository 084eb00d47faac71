package solve

import (
	"kreds/scheduling"
	"kreds/scheduling/internal/prep"
)

// Unplaced is a mentor without a session in a round, and what became of the options. An option is a supervisor and a start of
// the round from which a session ends inside it; for a group, one of the shortest lawful length. Every option is counted once,
// for the first rule of the list that takes it away from this plan; so the numbers add up to all options there were, and the
// last rule is the one that took the last.
type Unplaced struct {
	Mentor  string
	Round   string
	Removed []RuleCount
}

// RuleCount is how many options a rule took away.
type RuleCount struct {
	Rule    string
	Options int
}

// reason is the rule that took the last option.
func (u Unplaced) reason() string { return u.Removed[len(u.Removed)-1].Rule }

// unplaced explains everybody who lacks a session, by round and in the problem's order.
func (st *state) unplaced() []Unplaced {
	var out []Unplaced
	for r := range st.rounds {
		for m := range st.mentors {
			if st.at[m*st.rounds+r] < 0 {
				out = append(out, Unplaced{st.Mentors[m].ID, st.Rounds[r].ID, st.why(int32(m), r)})
			}
		}
	}
	return out
}

// ruleOrder is the order in which rules take options away, from who may meet to when they can.
var ruleOrder = []string{
	"H25", "H31", "H36", "H26", "H10", "H04", "H16", "H13", "H11", "H03", "H32", "H17", "H18", "H33", "H15",
	"H01", "H05", "H06", "H07", "H08", "H09", "H22", "H23", "H20", "H30", "H34",
}

func (st *state) why(m int32, r int) []RuleCount {
	taken := map[string]int{}
	round := &st.Rounds[r]
	switch {
	case len(round.Lengths) == 0:
		return []RuleCount{{"H25", 0}}
	case st.Window(round, round.Lengths[0]).Empty() || st.supervisors == 0:
		return []RuleCount{{"H31", 0}}
	}
	for s := range st.supervisors {
		st.whyNotWith(taken, m, r, s)
	}
	var out []RuleCount
	for _, rule := range ruleOrder {
		if taken[rule] > 0 {
			out = append(out, RuleCount{rule, taken[rule]})
		}
	}
	return out
}

// whyNotWith counts the options with one supervisor.
func (st *state) whyNotWith(taken map[string]int, m int32, r, s int) {
	round := &st.Rounds[r]
	length := round.Lengths[0]
	b := st.Window(round, length)
	if !st.Pairs.Leads(r, s).Has(int(m)) {
		rule := st.WhyNot(r, s, int(m))
		if rule == "" {
			rule = "H10"
		}
		taken[rule] += b.Count()
		return
	}
	for i := range b.All() {
		if !st.Pairs.LeadsAt(s, int(m), round.Slot(i)) {
			taken["H10"]++
			b.Clear(i)
		}
	}
	for _, who := range [...]*prep.Person{&st.Mentors[m], &st.Supervisors[s]} {
		for _, c := range st.Explain(who, round, length, b) {
			taken[c.Rule] += c.Starts
		}
	}
	for i := range b.All() {
		start := round.Slot(i)
		rule := st.ownRule(m, r, start, length)
		if rule == "" && !st.opening(s, r, 0).Has(i) && !st.meetsThen(r, s, start) {
			rule = "H15"
		}
		if rule == "" {
			rule = st.companyRule(m, r, s, i)
		}
		taken[rule]++
	}
}

// meetsThen says whether the supervisor leads a group of the round at the start, in which one more might sit.
func (st *state) meetsThen(r, s, start int) bool {
	for _, id := range st.byRound[r] {
		if x := &st.sessions[id]; x.supervisor == s && x.start == start && len(x.members) < st.most(r) {
			return true
		}
	}
	return false
}

// most is how many mentors one session of the round may have.
func (m *model) most(r int) int {
	switch m.Rounds[r].Kind {
	case scheduling.Individual:
		return 1
	case scheduling.Group:
		return m.Problem.Size.Max
	}
	return m.mentors
}

// ownRule is the first rule by which the mentor's other sessions keep them from one at the start, empty if there is none.
func (st *state) ownRule(m int32, r, start, length int) string {
	b := prep.NewBits(st.Rounds[r].Len)
	i, _ := st.Rounds[r].At(start)
	b.Set(i)
	if st.carve(b, int(m), r, length); b.Has(i) {
		return ""
	}
	place := st.Rounds[r].Place
	introduced := false
	rule := "H11"
	for o, id := range st.at[int(m)*st.rounds : (int(m)+1)*st.rounds] {
		if id < 0 || o == r {
			continue
		}
		x := &st.sessions[id]
		other := st.Rounds[o].Place
		introduced = introduced || other < 0
		switch {
		case x.start < start+length && start < x.start+x.length:
			return "H32"
		case place < 0 || other < 0:
		case st.field && st.Mentors[m].Zone.Day(x.start) == st.Mentors[m].Zone.Day(start) && st.Problem.MaxPerDay == 1:
			rule = "H17"
		case max(x.start-start, start-x.start) < st.gap:
			rule = "H18"
		case rule == "H11" && (place < other != (start < x.start) || max(x.start-start, start-x.start) > st.longest):
			rule = "H33"
		}
	}
	if rule == "H11" && !st.field {
		return "H33"
	}
	return rule
}

// companyRule is why a mentor who could meet a supervisor at a start does not: there is no group for them.
func (st *state) companyRule(m int32, r, s, i int) string {
	round := &st.Rounds[r]
	switch {
	case round.Kind == scheduling.Introduction:
		return "H30" // there are as many dates as there may be, at other times
	case st.pins.blocked[int(m)*st.rounds+r]:
		return "H34"
	case round.Kind == scheduling.Individual:
		return "H15"
	}
	start := round.Slot(i)
	free, apart := 0, ""
	for o := range st.mentors {
		if int32(o) == m || !st.Mentors[o].Times[r].Starts[0].Has(i) || !st.mayLead(r, s, []int32{m, int32(o)}) || !st.Pairs.LeadsAt(s, o, start) {
			continue
		}
		if st.Pairs.Apart(int(m), o, start) {
			apart = st.Pairs.ApartRule(int(m), o)
			continue
		}
		free++
	}
	switch {
	case free >= st.Problem.Size.Min-1 && st.closedAt[r] >= 0:
		return "H20"
	case free < st.Problem.Size.Min-1 && apart != "":
		return apart
	}
	return "H01"
}
