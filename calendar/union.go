package calendar

import (
	"slices"
	"time"
)

// rank orders what can be said of an instant: the highest that anybody says holds.
type rank int

const (
	rankFree rank = iota
	rankStale
	rankUnknown
	rankTentative
	rankBusy
	ranks
)

// rank of a kind; a kind that nobody knows takes the time.
func (k BusyKind) rank() rank {
	switch k {
	case TentativeTime:
		return rankTentative
	case UnknownTime:
		return rankUnknown
	}
	return rankBusy
}

// kind of a rank above rankStale.
func (r rank) kind() BusyKind {
	switch r {
	case rankTentative:
		return TentativeTime
	case rankUnknown:
		return UnknownTime
	}
	return BusyTime
}

// ranked is an interval of which something is said.
type ranked struct {
	Interval
	rank rank
}

// sweep returns the disjoint intervals in which the highest rank of items is constant, ordered, without free time. Touching
// intervals of one rank are joined.
func sweep(items []ranked) []ranked {
	type edge struct {
		at    time.Time
		rank  rank
		delta int
	}
	edges := make([]edge, 0, 2*len(items))
	for _, i := range items {
		if !i.Empty() {
			edges = append(edges, edge{i.Start, i.rank, 1}, edge{i.End, i.rank, -1})
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return a.at.Compare(b.at) })

	var out []ranked
	var open [ranks]int
	highest := func() rank {
		for r := ranks - 1; r > rankFree; r-- {
			if open[r] > 0 {
				return r
			}
		}
		return rankFree
	}
	now, since := rankFree, time.Time{}
	for i := 0; i < len(edges); {
		at := edges[i].at
		for ; i < len(edges) && edges[i].at.Equal(at); i++ {
			open[edges[i].rank] += edges[i].delta
		}
		next := highest()
		if next == now {
			continue
		}
		if now != rankFree {
			out = append(out, ranked{Interval{since.UTC(), at.UTC()}, now})
		}
		now, since = next, at
	}
	return out
}

// Union returns the same taken time as disjoint intervals, ordered by start, in UTC, empty ones left out. Where intervals
// overlap, busy is stronger than tentative, and tentative than unknown; touching intervals of one kind are joined.
func Union(busy []Busy) []Busy {
	items := make([]ranked, len(busy))
	for i, b := range busy {
		items[i] = ranked{b.Interval, b.Kind.rank()}
	}
	var out []Busy
	for _, i := range sweep(items) {
		out = append(out, Busy{i.Interval, i.rank.kind()})
	}
	return out
}

// ClipAll returns the parts of busy that lie in w, in the order of busy.
func ClipAll(busy []Busy, w Interval) []Busy {
	var out []Busy
	for _, b := range busy {
		if b.Interval = b.Clip(w); !b.Empty() {
			out = append(out, b)
		}
	}
	return out
}

// Subtract returns busy without the time of own, as Union does. It serves intervals that come without UIDs, from which a
// person's own sessions have to be taken so that a session does not stand in its own way.
func Subtract(busy []Busy, own []Interval) []Busy {
	own = slices.Clone(own)
	slices.SortFunc(own, func(a, b Interval) int { return a.Start.Compare(b.Start) })
	var out []Busy
	for _, b := range Union(busy) {
		rest := b.Interval
		for _, o := range own {
			if o.Empty() || !o.Overlaps(rest) {
				continue
			}
			if before := (Interval{rest.Start, o.Start}); !before.Empty() {
				out = append(out, Busy{before, b.Kind})
			}
			rest.Start = o.End
		}
		if !rest.Empty() {
			out = append(out, Busy{rest, b.Kind})
		}
	}
	return Union(out) // brings own times to UTC
}
