package solve

import "kreds/scheduling"

// term is what the search counts while it moves: the f of a wish, or what a plan lacks.
type term int

const (
	spread  term = iota // W01
	span                // W03
	variety             // W04, dup
	times               // W06, pref
	size                // W10, size
	same                // W11, cont
	unloved             // W13
	fair
	mix
	senior // sen
	day
	over
	change
	missing // the priorities of the unassigned
	unkept  // pins that no session keeps, and introduction rounds without all their dates
	terms
)

// wishTerms are the ids of the wishes that the search knows, in each profile.
var wishTerms = map[scheduling.Profile]map[string]term{
	scheduling.ProfileField: {
		"W01": spread, "W03": span, "W04": variety, "W06": times, "W10": size, "W11": same, "W13": unloved,
	},
	scheduling.ProfileCore: {
		"pref": times, "fair": fair, "cont": same, "mix": mix, "size": size, "dup": variety, "sen": senior,
		"day": day, "over": over, "change": change,
	},
}

// tally holds the count of every term.
type tally [terms]int64

// prices say what a unit of each term costs.
type prices struct {
	judged [terms]bool  // the profile judges the term
	weight [terms]int64 // as the law sums them up
	energy [terms]int64 // as the search feels them: the same, but for what comes before the soft score
	price  [terms]int64 // energy in fine units
	lifted []term       // levels of their own, most important first
}

// The search may pass through plans that lack somebody, so the price of a lack is high, yet finite. It is measured in the
// dearest single session, as is that of a lifted wish.
const (
	lackPrice = 4
	pinPrice  = 12
	liftPrice = 3
)

func newPrices(p *scheduling.Problem) prices {
	var out prices
	profile := p.Profile
	if profile != scheduling.ProfileCore {
		profile = scheduling.ProfileField
	}
	for _, w := range profile.Wishes() {
		if t, known := wishTerms[profile][w.ID]; known {
			out.judged[t] = true
			out.weight[t] = int64(p.Weight(w.ID))
			out.energy[t] = out.weight[t]
		}
	}
	for _, id := range p.Levels {
		if t, known := wishTerms[profile][id]; known && out.judged[t] {
			out.lifted = append(out.lifted, t)
		}
	}
	dear := max(1, out.dearest())
	for i, t := range out.lifted {
		out.energy[t] = dear * liftPrice * int64(len(out.lifted)-i)
	}
	out.energy[missing] = lackPrice * max(dear, 1)
	out.energy[unkept] = pinPrice * max(dear, 1)
	for t, e := range out.energy {
		out.price[t] = fine * e
	}
	return out
}

// dearest is about what one session may cost at worst.
func (p *prices) dearest() int64 {
	worst := [terms]int64{spread: 9, span: 2, variety: 4, times: 4, size: 3, same: 2, unloved: 1, fair: 2, mix: 3, senior: 1, day: 1, over: 1, change: 3}
	sum := int64(0)
	for t, n := range worst {
		sum += n * p.weight[t]
	}
	return sum
}

// soft is the soft score of a tally.
func (p *prices) soft(f *tally) int64 {
	sum := int64(0)
	for t, n := range f {
		sum += p.weight[t] * n
	}
	return sum
}

// felt is the energy of a tally.
func (p *prices) felt(f *tally) int64 {
	sum := int64(0)
	for t, n := range f {
		sum += p.energy[t] * n
	}
	return sum
}

// better says whether a comes before b: pins, the unassigned, the lifted wishes one by one, the soft score.
func (p *prices) better(a, b *tally) bool {
	for _, t := range [...]term{unkept, missing} {
		if a[t] != b[t] {
			return a[t] < b[t]
		}
	}
	for _, t := range p.lifted {
		if a[t] != b[t] {
			return a[t] < b[t]
		}
	}
	return p.soft(a) < p.soft(b)
}

// ideal says that no plan can be better.
func (p *prices) ideal(f *tally) bool {
	if f[unkept] != 0 || f[missing] != 0 || p.soft(f) != 0 {
		return false
	}
	for _, t := range p.lifted {
		if f[t] != 0 {
			return false
		}
	}
	return true
}
