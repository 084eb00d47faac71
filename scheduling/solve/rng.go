package solve

import (
	"math"
	"math/bits"
	"math/rand/v2"
)

// random is the stream of one chain.
type random struct{ *rand.PCG }

func newRandom(seed uint64, chain int) random { return random{rand.NewPCG(seed, uint64(chain))} }

// n draws from [0, n), n > 0. The bias of the multiplication is below n/2⁶⁴.
func (r random) n(n int) int {
	hi, _ := bits.Mul64(r.Uint64(), uint64(n))
	return int(hi)
}

// chance is true k times of n.
func (r random) chance(k, n int) bool { return r.n(n) < k }

// shuffle puts a list into random order.
func shuffle[T any](r random, list []T) {
	for i := len(list) - 1; i > 0; i-- {
		j := r.n(i + 1)
		list[i], list[j] = list[j], list[i]
	}
}

// draw takes one of the list.
func draw[T any](r random, list []T) T { return list[r.n(len(list))] }

// The tables of the annealing hold whole numbers in steps of 1/noiseUnit, so that every machine draws alike.
const (
	noiseUnit = 1 << 10
	noiseLen  = 1 << 10
	mostNoise = 8 // above the greatest of gumbelSteps
	waitLen   = 1 << 14
)

// gumbelSteps are the quantiles of the Gumbel distribution, shuffled: the least of cost − T · gumbel is a draw by Boltzmann's
// weights at temperature T.
var gumbelSteps = quantiles(noiseLen, func(u float64) float64 { return -math.Log(-math.Log(u)) })

// waitSteps are the quantiles of the exponential distribution: a plan that is worse by no more than T · wait is accepted.
var waitSteps = quantiles(waitLen, func(u float64) float64 { return -math.Log(u) })

func quantiles(n int, f func(u float64) float64) []int64 {
	out := make([]int64, n)
	for i := range out {
		out[i] = int64(math.Round(f((float64(i)+0.5)/float64(n)) * noiseUnit))
	}
	shuffle(newRandom(1, 1), out)
	return out
}
