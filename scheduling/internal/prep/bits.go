package prep

import (
	"iter"
	"math/bits"
)

// Bits is a set of small whole numbers, one bit each. Sets that meet in an operation have the same length.
type Bits []uint64

const word = 64

// NewBits makes an empty set for the numbers 0 to n-1.
func NewBits(n int) Bits { return make(Bits, (n+word-1)/word) }

// Has says whether i is in the set.
func (b Bits) Has(i int) bool { return b[i/word]&(1<<(uint(i)%word)) != 0 }

// Set puts i into the set.
func (b Bits) Set(i int) { b[i/word] |= 1 << (uint(i) % word) }

// Clear takes i out of the set.
func (b Bits) Clear(i int) { b[i/word] &^= 1 << (uint(i) % word) }

// SetRange puts the numbers of [from, to) into the set.
func (b Bits) SetRange(from, to int) {
	for w, mask := range b.masks(from, to) {
		b[w] |= mask
	}
}

// ClearRange takes the numbers of [from, to) out of the set.
func (b Bits) ClearRange(from, to int) {
	if from < 0 {
		from = 0
	}
	if n := len(b) * word; to > n {
		to = n
	}
	if from >= to {
		return
	}
	first, last := from/word, (to-1)/word
	head := ^uint64(0) << (uint(from) % word)
	tail := ^uint64(0) >> (word - 1 - uint(to-1)%word)
	if first == last {
		b[first] &^= head & tail
		return
	}
	b[first] &^= head
	for w := first + 1; w < last; w++ {
		b[w] = 0
	}
	b[last] &^= tail
}

// Keep takes everything outside [from, to) out of the set.
func (b Bits) Keep(from, to int) {
	if from >= to {
		clear(b)
		return
	}
	b.ClearRange(0, from)
	b.ClearRange(to, len(b)*word)
}

// masks walks the words that [from, to) touches, with the touched bits of each.
func (b Bits) masks(from, to int) iter.Seq2[int, uint64] {
	from, to = max(from, 0), min(to, len(b)*word)
	return func(yield func(int, uint64) bool) {
		for from < to {
			end := min(to, (from/word+1)*word)
			mask := (^uint64(0) << (uint(from) % word)) & (^uint64(0) >> (word - 1 - uint(end-1)%word))
			if !yield(from/word, mask) {
				return
			}
			from = end
		}
	}
}

// And keeps what is in o too.
func (b Bits) And(o Bits) {
	o = o[:len(b)]
	for w := range b {
		b[w] &= o[w]
	}
}

// AndNot takes out what is in o.
func (b Bits) AndNot(o Bits) {
	o = o[:len(b)]
	for w := range b {
		b[w] &^= o[w]
	}
}

// Meets says whether the two sets share a number.
func (b Bits) Meets(o Bits) bool {
	o = o[:len(b)]
	for w := range b {
		if b[w]&o[w] != 0 {
			return true
		}
	}
	return false
}

// Empty says whether nothing is in the set.
func (b Bits) Empty() bool {
	for _, w := range b {
		if w != 0 {
			return false
		}
	}
	return true
}

// Count is how many numbers are in the set.
func (b Bits) Count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// All walks the numbers of the set in rising order.
func (b Bits) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		for w, v := range b {
			for ; v != 0; v &= v - 1 {
				if !yield(w*word + bits.TrailingZeros64(v)) {
					return
				}
			}
		}
	}
}

// Erode gives the numbers i for which all of [i, i+d) is in b: the starts of free runs of length d. It doubles the
// length it has, so that it takes log d passes.
func (b Bits) Erode(d int) Bits {
	out := append(Bits(nil), b...)
	for have := 1; have < d; {
		step := min(have, d-have)
		out.andShifted(step)
		have += step
	}
	return out
}

// andShifted keeps the i for which i+n is in the set too.
func (b Bits) andShifted(n int) {
	words, rest := n/word, uint(n%word)
	for w := range b {
		var v uint64
		if w+words < len(b) {
			v = b[w+words] >> rest
		}
		if rest > 0 && w+words+1 < len(b) {
			v |= b[w+words+1] << (word - rest)
		}
		b[w] &= v
	}
}
