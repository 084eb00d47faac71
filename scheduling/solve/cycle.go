package solve

import (
	"fmt"
	"math"
	"os"
)

// cycle is the annealing schedule: cycles that grow longer, each cooling from a high to a low heat, each beginning at the best
// plan so far. It knows the number of the iteration and nothing of any budget, so that a run that is stopped after n iterations
// is the same as one that was asked for n.
type cycle struct {
	high   int64 // in fine units
	length int
	at     int
	re bool
	fresh  bool // a new cycle has just begun, and another went before
}

var tuneHigh, tuneLen, cooling, tuneNoise = envInt("HIGH", 100), int(envInt("LEN", 100)), float64(envInt("COOL", 16)), envInt("NOISE", 100)

var tuneTwo, tuneDay = int(envInt("TWO", 0)), int(envInt("DAY", 8))

var tuneBan, tunePull, tuneGather = int(envInt("BAN", 0)), int(envInt("PULL", 4)), int(envInt("GATHER", 0))

var tuneRe, tuneGrow = envInt("RE", 100), int(envInt("GROW", 200))

func envInt(k string, d int64) int64 {
	fmt.Sscan(os.Getenv(k), &d)
	return d
}

const (
	coolin     = 16 // a cycle ends at the high heat divided by this
	coolingLen  = 1 << 10
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
	return cycle{high: max(1, fine*m.dearest()*tuneHigh/2400), length: tuneLen * max(1, m.mentors*m.rounds)}
}

// next gives the heat of the next iteration, in fine units.
func (c *cycle) next() int64 {
	c.fresh = c.at == c.length
	if c.fresh {
		c.at = 0
		c.length = c.length * tuneGrow / 100
		if !c.re {
			c.re = true
			c.high = c.high * tuneRe / 100
		}
	}
	heat := c.high * coolingSteps[c.at*coolingLen/c.length] / noiseUnit
	c.at++
	return max(1, heat)
}
