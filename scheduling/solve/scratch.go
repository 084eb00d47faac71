package solve

import (
	"kreds/scheduling"
	"kreds/scheduling/internal/prep"
)

// scratch is room for what is worked out again and again, so that the search allocates nothing while it moves.
type scratch struct {
	free    []prep.Bits   // by round: when all members of a meeting are free
	part    []prep.Bits   // by round: when a supervisor with a pinned time is free
	own     [][]prep.Bits // by round: when each of a pool is free
	solo    [1]int32
	looked  []int32
	members []int32
	pooling []int32
	todo    []errand
}

// errand is a mentor who needs a session in a round.
type errand struct {
	mentor int32
	round  int
}

// poolMost is how many people a search for one new group looks at.
const poolMost = 32

func newScratch(m *model) scratch {
	var s scratch
	for r := range m.Rounds {
		s.free = append(s.free, prep.NewBits(m.Rounds[r].Len))
		s.part = append(s.part, prep.NewBits(m.Rounds[r].Len))
		var own []prep.Bits
		if m.Rounds[r].Kind == scheduling.Group {
			for range poolMost {
				own = append(own, prep.NewBits(m.Rounds[r].Len))
			}
		}
		s.own = append(s.own, own)
	}
	return s
}

// look gives the supervisors to look at for a mentor: all, or, where they are many, those of the mentor's other sessions and a
// random stretch. The list belongs to the state until the next call.
func (st *state) look(m int32, r int, most int) []int32 {
	all := st.leaders[r][m]
	if len(all) <= most {
		return all
	}
	st.looked = st.looked[:0]
	before, after := st.around(m, r)
	for _, s := range [...]int{before, after} {
		if s != none && st.Pairs.Leads(r, s).Has(int(m)) {
			st.looked = append(st.looked, int32(s))
		}
	}
	for i, k := st.rng.n(len(all)), 0; k < most; k++ {
		st.looked = append(st.looked, all[(i+k)%len(all)])
	}
	return st.looked
}
