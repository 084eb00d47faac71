package solve

import (
	"cmp"
	"container/heap"
	"slices"
)

// build makes the first plan: introductions, pinned groups and sessions, closed groups, remixed groups, then the individual sessions by
// regret. Whoever has the fewest times comes first.
func (st *state) build() {
	for _, r := range st.introductions {
		st.introduce(r, 0)
	}
	st.fillBlocks(0)
	st.buildPinned()
	if len(st.closed) > 0 {
		st.fillClosed(st.byScarcity(st.closed), 0)
	}
	for _, r := range st.remixed {
		st.fillRemix(r, st.byScarcity([]int{r}), 0)
	}
	st.buildSolos()
	for range len(st.pins.seats) {
		st.countUnkept()
		mark, f := len(st.journal), st.f
		if st.f[unkept] > 0 && !st.keepSeat(0) {
			st.rollback(mark, &f)
		}
	}
	st.countUnkept()
	st.commit()
}

// buildPinned seats the mentors whom pins bind in rounds of individual sessions, those with a time first.
func (st *state) buildPinned() {
	for _, timed := range [...]bool{true, false} {
		for _, e := range st.pins.named {
			if w, solo := st.pins.solos[int(e.mentor)*st.rounds+e.round]; solo && w.timed == timed {
				st.insertSolo(e.mentor, e.round, 0, regretLook)
			}
		}
	}
}

// byScarcity lists the mentors without a session in the first of the rounds whom no pin binds, those with the fewest starts
// first.
func (st *state) byScarcity(rounds []int) []int32 {
	list := st.unbound(rounds[0], st.lacking[rounds[0]])
	starts := make([]int, st.mentors)
	for _, m := range list {
		starts[m] = noLimit
		for _, r := range rounds {
			times := st.Mentors[m].Times[r].Starts
			if len(times) == 0 || len(st.leaders[r][m]) == 0 {
				starts[m] = 0
				continue
			}
			starts[m] = min(starts[m], times[len(times)-1].Count()*len(st.leaders[r][m]))
		}
	}
	slices.SortFunc(list, func(a, b int32) int { return cmp.Or(starts[a]-starts[b], int(a-b)) })
	return list
}

// regret is what it costs a mentor to go without the best supervisor of a round.
type regret struct {
	errand
	cost  int64
	tries int
}

// regrets is a heap, the greatest first.
type regrets []regret

func (h regrets) Len() int { return len(h) }
func (h regrets) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(h[j].cost, h[i].cost), int(h[i].mentor-h[j].mentor), h[i].round-h[j].round) < 0
}
func (h regrets) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *regrets) Push(x any)   { *h = append(*h, x.(regret)) }
func (h *regrets) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// regretLook is how many supervisors the first plan looks at for a session, where there are more.
const regretLook = 24

// regretTries is how often a regret that has fallen goes back into the heap.
const regretTries = 3

// buildSolos inserts the individual sessions, the greatest regret first. Regrets are worked out again when they come to the
// top, since every insertion may change them.
func (st *state) buildSolos() {
	var h regrets
	for _, r := range st.solos {
		for _, m := range st.lacking[r] {
			h = append(h, regret{errand{m, r}, st.regretOf(m, r), 0})
		}
	}
	heap.Init(&h)
	for len(h) > 0 {
		top := &h[0]
		if now := st.regretOf(top.mentor, top.round); now < top.cost && top.tries < regretTries {
			top.cost = now
			top.tries++
			heap.Fix(&h, 0)
			continue
		}
		next := heap.Pop(&h).(regret)
		st.insertSolo(next.mentor, next.round, 0, regretLook)
	}
}

// regretOf is the distance from the best choice to the best one with another supervisor; without another it is at its
// greatest, without any it is the least.
func (st *state) regretOf(m int32, r int) int64 {
	best, ok := st.chooseSolo(m, r, 0, regretLook)
	if !ok {
		return -1
	}
	q := meeting{round: r, members: st.single(m), want: anything}
	for _, s := range st.look(m, r, regretLook) {
		if int(s) != best.supervisor {
			q.leaders = append(q.leaders, s)
		}
	}
	if _, pinned := st.pins.solos[int(m)*st.rounds+r]; pinned || len(q.leaders) == 0 {
		return noLimit
	}
	second, ok := st.choose(&q)
	if !ok {
		return noLimit
	}
	return max(0, second.cost-best.cost)
}
