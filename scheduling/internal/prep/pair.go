package prep

import (
	"slices"

	"kreds/scheduling"
)

// Pairs says who may meet whom. Mentors and supervisors are meant by their index in the problem.
type Pairs struct {
	apart    []Bits            // mentor: mentors never in one group
	at       map[[2]int][]span // mentors apart for a time only
	atTimes  []Bits            // mentor: mentors in at
	leads    [][]Bits          // round, supervisor: mentors whom the supervisor may lead in it
	ledAt    map[[2]int][]span // supervisor, mentor: dependent for a time only
	someSpan bool              // at is not empty
	rules    map[[2]int]string // of apart and at: the first rule
}

// span is an interval whose bounds may be open.
type span struct{ scheduling.Pair }

// Apart says whether two mentors may not be in one group session that starts at the slot.
func (p *Pairs) Apart(a, b, start int) bool {
	return p.apart[a].Has(b) || p.someSpan && p.atTimes[a].Has(b) && holds(p.at[ordered(a, b)], start)
}

// ApartFrom gives the mentors who are never in one group session with this one; those who are apart for a time are not in
// the set.
func (p *Pairs) ApartFrom(m int) Bits { return p.apart[m] }

// ApartRule gives the rule that keeps two mentors apart, empty if none ever does.
func (p *Pairs) ApartRule(a, b int) string { return p.rules[ordered(a, b)] }

// Leads gives the mentors whom a supervisor may lead in a round: independent of them at least for a time, qualified, admitted
// to their organisation, and with a language in common.
func (p *Pairs) Leads(round, supervisor int) Bits { return p.leads[round][supervisor] }

// LeadsAt says whether a supervisor is independent of a mentor whom they lead, at the slot (H10).
func (p *Pairs) LeadsAt(supervisor, mentor, start int) bool {
	return len(p.ledAt) == 0 || !holds(p.ledAt[[2]int{supervisor, mentor}], start)
}

// Limited says whether some pair holds for a time only, so that Apart and LeadsAt depend on the start.
func (p *Pairs) Limited() bool { return p.someSpan || len(p.ledAt) > 0 }

func (p *Prepared) pairs() Pairs {
	n := len(p.Mentors)
	out := Pairs{at: map[[2]int][]span{}, ledAt: map[[2]int][]span{}, rules: map[[2]int]string{}}
	for range n {
		out.apart, out.atTimes = append(out.apart, NewBits(n)), append(out.atTimes, NewBits(n))
	}
	mentors, supervisors := index(p.Mentors), index(p.Supervisors)
	for _, f := range p.Problem.Forbidden {
		a, okA := mentors[f.A]
		b, okB := mentors[f.B]
		if !okA || !okB || a == b || !p.judged[f.Rule] || !slices.Contains(pairRules, f.Rule) {
			continue
		}
		if key := ordered(a, b); out.rules[key] == "" {
			out.rules[key] = f.Rule
		}
		sets := out.atTimes
		if f.From == nil && f.To == nil {
			sets = out.apart
		} else {
			out.at[ordered(a, b)] = append(out.at[ordered(a, b)], span{f})
			out.someSpan = true
		}
		sets[a].Set(b)
		sets[b].Set(a)
	}
	for r := range p.Rounds {
		var row []Bits
		for s := range p.Supervisors {
			leads := NewBits(n)
			for m := range p.Mentors {
				if len(p.WhyNot(r, s, m)) == 0 {
					leads.Set(m)
				}
			}
			row = append(row, leads)
		}
		out.leads = append(out.leads, row)
	}
	for _, d := range p.Problem.Dependent {
		s, okS := supervisors[d.A]
		m, okM := mentors[d.B]
		if !okS || !okM || d.Rule != independence {
			continue
		}
		if d.From != nil || d.To != nil {
			out.ledAt[[2]int{s, m}] = append(out.ledAt[[2]int{s, m}], span{d})
			continue
		}
		for r := range p.Rounds {
			out.leads[r][s].Clear(m)
		}
	}
	return out
}

const independence = "H10"

// pairRules are the rules that a forbidden pair may name.
var pairRules = []string{"H05", "H06", "H07", "H08", "H09", "H22", "H23"}

// WhyNot gives the first rule by which a supervisor can never lead a mentor in a round, leaving dependence aside; empty if
// there is none.
func (p *Prepared) WhyNot(round, supervisor, mentor int) string {
	s, m := &p.Supervisors[supervisor], &p.Mentors[mentor]
	if qual := p.Rounds[round].Qual; qual != "" && !slices.Contains(s.Supervisor.Qual, qual) {
		return "H36"
	}
	if admits := s.Supervisor.Admits; len(admits) > 0 && !slices.Contains(admits, m.Org) {
		return "H36"
	}
	if !s.Langs.Meets(m.Langs) {
		return "H26"
	}
	return ""
}

func index(people []Person) map[string]int {
	out := make(map[string]int, len(people))
	for i, p := range people {
		out[p.ID] = i
	}
	return out
}

func ordered(a, b int) [2]int { return [2]int{min(a, b), max(a, b)} }

func holds(spans []span, t int) bool {
	for _, s := range spans {
		if s.Holds(t) {
			return true
		}
	}
	return false
}
