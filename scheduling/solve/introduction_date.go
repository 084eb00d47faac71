package solve

import (
	"slices"

	"kreds/scheduling/internal/prep"
)

// datesLookedAt is how many supervisors the search looks at for a date, where there are more.
const datesLookedAt = 8

// bestDate finds the supervisor and start at which a date gains most: the worth of seating whoever can come, less what the time
// costs them. A date with pinned members needs them all.
func (st *state) bestDate(r int, d *date, pool []int32, noise int64) (best choice, members []int32) {
	best.cost = noLimit
	li, ok := st.Rounds[r].Length(len(pool))
	if !ok { // nobody is in the pool
		return best, nil
	}
	offset := st.rng.n(max(1, st.supervisors))
	looked := 0
	for k := range st.supervisors {
		s := (offset + k) % st.supervisors
		if d.supervisor != none && d.supervisor != s || looked == datesLookedAt && len(members) > 0 {
			continue
		}
		looked++
		for lang := range st.tongues(s) {
			c, some := st.dateWith(r, li, s, lang, d, pool, noise)
			if c.cost < best.cost {
				best, members = c, some
			}
		}
	}
	return best, members
}

// tongues walks the languages of a supervisor, of which an introduction has one; in profile core it needs none, which is -1.
func (st *state) tongues(s int) func(func(int) bool) {
	if !st.field {
		return func(yield func(int) bool) { yield(none) }
	}
	return st.Supervisors[s].Langs.All()
}

// dateWith finds the best start of a date with one supervisor in one language.
func (st *state) dateWith(r, li, s, lang int, d *date, pool []int32, noise int64) (best choice, members []int32) {
	best = choice{supervisor: s, i: none, li: li, cost: noLimit}
	gain := make([]int64, st.Rounds[r].Len)
	able := make([]int, st.Rounds[r].Len)
	free := make([]prep.Bits, len(pool))
	for k, m := range pool {
		if !st.listens(r, s, lang, m, d) {
			continue
		}
		q := meeting{round: r, members: st.single(m), want: d.want, settled: d.members != nil}
		free[k] = slices.Clone(st.common(&q, li))
		for i := range free[k].All() {
			if st.Pairs.LeadsAt(s, int(m), st.Rounds[r].Slot(i)) {
				gain[i] += st.price[missing]*st.priority[int(m)*st.rounds+r] - st.startCost(m, r, li, s, i)
				able[i]++
			} else {
				free[k].Clear(i)
			}
		}
	}
	open := st.openFor(s, r, li, d.want)
	for i := range open.All() {
		if able[i] == 0 || d.members != nil && able[i] < len(pool) {
			continue
		}
		cost := st.flagCost[st.Supervisors[s].Times[r].Flags[li][i]] - gain[i] - st.gust(noise)
		if st.leads[s].led[int(st.Supervisors[s].Zone.Rounds[r].Day[i])-st.firstDay] == 0 {
			cost += st.price[day]
		}
		if cost < best.cost {
			best.i, best.cost = i, cost
		}
	}
	if best.i == none {
		return best, nil
	}
	for k, m := range pool {
		if free[k] != nil && free[k].Has(best.i) {
			members = append(members, m)
		}
	}
	return best, members
}

// listens says whether a mentor can be introduced by a supervisor in a language.
func (st *state) listens(r, s, lang int, m int32, d *date) bool {
	if d.members != nil && d.pinnedLeader {
		return true
	}
	return st.Pairs.Leads(r, s).Has(int(m)) && (lang == none || st.Mentors[m].Langs.Has(lang))
}
