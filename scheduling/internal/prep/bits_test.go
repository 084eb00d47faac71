package prep_test

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	_ "kreds/internal/testkit/repeatable"
	"kreds/scheduling/internal/prep"
)

// The oracle of a set of bits is a map.
type set map[int]bool

func (s set) sorted() []int { return slices.Sorted(maps.Keys(s)) }

// between is the numbers of [from, to) that a set for n numbers, rounded up to whole words, can hold.
func between(n, from, to int) (out []int) {
	for i := max(0, from); i < min(to, (n+63)/64*64); i++ {
		out = append(out, i)
	}
	return out
}

func drawBits(t *rapid.T, n int, of string) (prep.Bits, set) {
	b, s := prep.NewBits(n), set{}
	for _, i := range rapid.SliceOfN(rapid.IntRange(0, n-1), 0, n).Draw(t, of) {
		b.Set(i)
		s[i] = true
	}
	return b, s
}

func same(t *rapid.T, what string, b prep.Bits, want set) {
	t.Helper()
	if got := slices.Collect(b.All()); !slices.Equal(got, want.sorted()) {
		t.Fatalf("%s: %v, want %v", what, got, want.sorted())
	}
	if b.Count() != len(want) || b.Empty() != (len(want) == 0) {
		t.Fatalf("%s: %d numbers, empty %t, want %v", what, b.Count(), b.Empty(), want.sorted())
	}
}

// Sets of bits do what sets do, also at and beyond the edges of their words.
func TestBitsAreSets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 200).Draw(t, "n")
		b, s := drawBits(t, n, "first")
		o, other := drawBits(t, n, "second")
		same(t, "as drawn", b, s)
		for i := range n {
			if b.Has(i) != s[i] {
				t.Fatalf("has %d: %t", i, b.Has(i))
			}
		}
		meets := slices.ContainsFunc(s.sorted(), func(i int) bool { return other[i] })
		if b.Meets(o) != meets {
			t.Fatalf("%v meets %v: %t", s.sorted(), other.sorted(), b.Meets(o))
		}
		from := rapid.IntRange(-70, 270).Draw(t, "from")
		to := rapid.IntRange(-70, 270).Draw(t, "to")
		inside := set{}
		for _, i := range between(n, from, to) {
			inside[i] = true
		}
		for _, op := range []struct {
			name string
			do   func(prep.Bits)
			want func(i int) bool
		}{
			{"and", func(b prep.Bits) { b.And(o) }, func(i int) bool { return s[i] && other[i] }},
			{"and not", func(b prep.Bits) { b.AndNot(o) }, func(i int) bool { return s[i] && !other[i] }},
			{"set range", func(b prep.Bits) { b.SetRange(from, to) }, func(i int) bool { return s[i] || inside[i] }},
			{"clear range", func(b prep.Bits) { b.ClearRange(from, to) }, func(i int) bool { return s[i] && !inside[i] }},
			{"keep", func(b prep.Bits) { b.Keep(from, to) }, func(i int) bool { return s[i] && inside[i] }},
		} {
			c, want := slices.Clone(b), set{}
			op.do(c)
			for _, i := range between(n, 0, n+64) {
				if op.want(i) {
					want[i] = true
				}
			}
			same(t, op.name, c, want)
		}
		i := rapid.IntRange(0, n-1).Draw(t, "one")
		c, less := slices.Clone(b), maps.Clone(s)
		c.Clear(i)
		delete(less, i)
		same(t, "clear", c, less)
	})
}

// Erode leaves the starts of free runs, however long.
func TestErodeLeavesTheStartsOfRuns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 200).Draw(t, "n")
		b, s := prep.NewBits(n), set{}
		for from := 0; from < n; from += 1 + rapid.IntRange(0, 70).Draw(t, "gap") {
			to := min(n, from+rapid.IntRange(0, 90).Draw(t, "run"))
			b.SetRange(from, to)
			for ; from < to; from++ {
				s[from] = true
			}
		}
		d, want := rapid.IntRange(1, 130).Draw(t, "length"), set{}
		for i := range s {
			if whole := !slices.ContainsFunc(between(10000, i, i+d), func(k int) bool { return !s[k] }); whole {
				want[i] = true
			}
		}
		same(t, "eroded", b.Erode(d), want)
		same(t, "the set itself", b, s)
	})
}
