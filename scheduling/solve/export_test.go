package solve

import (
	"slices"
	"strconv"
	"strings"

	"kreds/scheduling"
	"kreds/scheduling/internal/prep"
)

// Chain opens one chain of a search to the tests.
type Chain struct{ c *chain }

func NewChain(p *scheduling.Problem, seed uint64, number int) Chain {
	return Chain{newChain(newModel(p), seed, number)}
}

// Step is one iteration, as long as there is something to move.
func (c Chain) Step() {
	if !c.c.settled {
		c.c.step()
	}
}

// StepAndTakeBack draws a move, makes it and takes it back, whatever it was worth.
func (c Chain) StepAndTakeBack() {
	before := c.c.f
	c.c.todo = c.c.todo[:0]
	c.c.moves[c.c.pick()].run(c.c.state, c.c.cycle.high)
	c.c.rollback(0, &before)
	c.c.reuse()
}

// Restore goes back to the best plan.
func (c Chain) Restore() { c.c.restore() }

// Plan is the plan in motion, with everybody who lacks a session.
func (c Chain) Plan() scheduling.Plan {
	plan := c.c.plan()
	for _, u := range c.c.unplaced() {
		plan.Unassigned = append(plan.Unassigned, scheduling.Unassigned{Mentor: u.Mentor, Round: u.Round, Reason: u.reason()})
	}
	return plan
}

// Score and Best are what the search says of the plan in motion, and of the best one.
func (c Chain) Score() scheduling.Score { return c.c.score(&c.c.f) }
func (c Chain) Best() scheduling.Score  { return c.c.score(&c.c.best.f) }

// Terms are the counts that the search keeps, by the ids of the wishes.
func (c Chain) Terms() map[string]int {
	out := map[string]int{}
	for id, t := range wishTerms[c.c.Problem.Profile] {
		out[id] = int(c.c.f[t])
	}
	return out
}

// Dump is all that a chain keeps about its plan, in an order that does not depend on how it came about.
type Dump struct {
	Counts  tally
	Energy  int64
	Inc     []int64
	Seats   []string // mentor · rounds + round
	Lacking [][]int32
	Rounds  [][]string
	Leaders []LeaderDump
}

// LeaderDump is what a chain keeps about one supervisor.
type LeaderDump struct {
	Sessions    []string
	Load        int64
	Led         []int16
	Days, Weeks []work
	Open        [][]prep.Bits
}

// Dump reads what the chain keeps.
func (c Chain) Dump() Dump {
	d := c.c.dump()
	d.Energy = c.c.energy
	return d
}

// Fresh works the same out anew: a chain of the same problem into which the sessions of the plan are placed one by one.
func (c Chain) Fresh() Dump {
	st := newState(c.c.model, newRandom(0, 0))
	for r := range c.c.rounds {
		for _, id := range c.c.byRound[r] {
			x := &c.c.sessions[id]
			if x.frozen {
				continue
			}
			next := st.newSession(x.round, x.li, x.supervisor, x.start, x.members, x.group)
			st.sessions[next].block, st.sessions[next].date = x.block, x.date
			st.place(next)
		}
	}
	st.countUnkept()
	d := st.dump()
	d.Energy = st.felt(&st.f)
	return d
}

func (st *state) dump() Dump {
	d := Dump{Counts: st.f, Inc: slices.Clone(st.inc)}
	for _, id := range st.at {
		d.Seats = append(d.Seats, st.named(id))
	}
	for r := range st.rounds {
		lacking := slices.Clone(st.lacking[r])
		slices.Sort(lacking)
		d.Lacking = append(d.Lacking, append([]int32{}, lacking...))
		var names []string
		for _, id := range st.byRound[r] {
			names = append(names, st.named(id))
		}
		slices.Sort(names)
		d.Rounds = append(d.Rounds, names)
	}
	for s := range st.leads {
		l := &st.leads[s]
		out := LeaderDump{Load: l.load, Led: slices.Clone(l.led), Days: slices.Clone(l.days), Weeks: slices.Clone(l.weeks)}
		for _, id := range l.list {
			out.Sessions = append(out.Sessions, st.named(id))
		}
		slices.Sort(out.Sessions)
		for r := range st.rounds {
			var open []prep.Bits
			for li := range st.Rounds[r].Lengths {
				open = append(open, slices.Clone(st.opening(s, r, li)))
			}
			out.Open = append(out.Open, open)
		}
		d.Leaders = append(d.Leaders, out)
	}
	return d
}

// named tells a session by what it is, not by its row.
func (st *state) named(id int32) string {
	if id < 0 {
		return "-"
	}
	x := &st.sessions[id]
	var who []string
	for _, m := range x.members {
		who = append(who, st.Mentors[m].ID)
	}
	return strings.Join([]string{st.Rounds[x.round].ID, st.Supervisors[x.supervisor].ID, strconv.Itoa(x.start), strings.Join(who, "+"),
		"date", strconv.Itoa(x.date), "block", strconv.Itoa(x.block), "closed", strconv.FormatBool(x.group != none)}, " ")
}
