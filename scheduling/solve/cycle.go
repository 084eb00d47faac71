package solve

import "math"

// cycle is the annealing schedule: cycles that grow longer, each cooling from a high to a low heat, each beginning at the best
// plan so far. It knows the number of the iteration and nothing of any budget, so that a run that is stopped after n iterations
// is the same as one that was asked for n.
type cycle struct {
	high   int64 // in fine units
	length int
	at     int
	fresh  bool // a new cycle has just begun, and another went before
}

const (
	highShare  = 24  // the high heat is the dearest session divided by this
	firstCycle = 100 // iterations of the first cycle for each mentor and round; every next one is twice as long
	cooling    = 16  // a cycle ends at the high heat divided by this
	coolingLen = 1 << 10
)

// coolingSteps falls from noiseUnit to noiseUnit/cooling.
var coolingSteps = func() []int64 {
	out := make([]int64, coolingLen)
	for i := range out {
		out[i] = int64(math.Round(noiseUnit * math.Pow(cooling, -float64(i)/coolingLen)))
	}
	return out
}()

func newCycle(m *model) cycle {
	return cycle{high: max(1, fine*m.dearest()/highShare), length: firstCycle * max(1, m.mentors*m.rounds)}
}

// next gives the heat of the next iteration, in fine units.
func (c *cycle) next() int64 {
	c.fresh = c.at == c.length
	if c.fresh {
		c.at = 0
		c.length *= 2
	}
	heat := c.high * coolingSteps[c.at*coolingLen/c.length] / noiseUnit
	c.at++
	return max(1, heat)
}
