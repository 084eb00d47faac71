package family

import (
	"fmt"
	"slices"

	"kreds/scheduling"
)

const (
	privateLanguage = "x0"
	daysAWeek       = 7
)

// person makes what mentors and supervisors have in common, without busy time.
func (m *maker) person(id string, z zone, org int) scheduling.Person {
	m.zone[id] = z
	p := scheduling.Person{
		ID: id, Off: z.offsets(m.p.CycleStart), Org: fmt.Sprintf("o%d", org), Unit: fmt.Sprintf("u%d", m.rng.IntN(4)),
		Langs: []string{"l0"}, Exp: pick(m, 1, 1, 3, 3, 5), Seniority: 1 + m.rng.IntN(5),
		Blocked: []scheduling.BlockedSpan{}, WishWith: []string{}, Taken: []scheduling.TakenSpan{},
	}
	for day := range m.p.Weeks * daysAWeek {
		if weekday(day) < 5 {
			p.Work = append(p.Work, scheduling.Span{From: z.at(m.p.CycleStart, day, m.from), To: z.at(m.p.CycleStart, day, m.to)})
		}
	}
	p.Prefer = m.preferences(z)
	return p
}

// preferences draws what a person likes best: mornings, afternoons, some weekdays, or nothing at all.
func (m *maker) preferences(z zone) []scheduling.Span {
	from, to := m.from, m.to
	likes := [5]bool{true, true, true, true, true}
	switch m.rng.IntN(4) {
	case 0:
		return []scheduling.Span{}
	case 1:
		to = 12
	case 2:
		from = 13
	case 3:
		for i := range likes {
			likes[i] = m.chance(0.5)
		}
	}
	spans := []scheduling.Span{}
	for day := range m.p.Weeks * daysAWeek {
		if w := weekday(day); w < 5 && likes[w] {
			spans = append(spans, scheduling.Span{From: z.at(m.p.CycleStart, day, from), To: z.at(m.p.CycleStart, day, to)})
		}
	}
	return spans
}

// languages draws what a person speaks: in families of one language everybody the same, in those of two a third speaks both.
// Supervisors take turns, so that each language has some who lead in it.
func (m *maker) languages(supervisor bool, i int) []string {
	if m.langs == 1 {
		return []string{"l0"}
	}
	k := m.rng.IntN(3)
	if supervisor {
		k = i % 3
	}
	return [][]string{{"l0", "l1"}, {"l0"}, {"l1"}}[k]
}

// busy fills a person's working days with meetings of 30 to 120 minutes on the half-hour grid, which may overlap as meetings do,
// until the share of the working time is met, and never touches the spans to keep.
func (m *maker) busy(work []scheduling.Span, share float64, keep []scheduling.Span) []scheduling.BusySpan {
	list := []scheduling.BusySpan{}
	for _, day := range work {
		taken, kept := make([]bool, day.To-day.From), make([]bool, day.To-day.From)
		for _, k := range keep {
			for t := max(k.From, day.From); t < min(k.To, day.To); t++ {
				kept[t-day.From] = true
			}
		}
		want, have := int(share*float64(len(taken))), 0
		for try := 0; have < want && try < 200; try++ {
			long := 2 * (1 + m.rng.IntN(4))
			if long > len(taken) {
				continue
			}
			from := 2 * m.rng.IntN((len(taken)-long)/2+1)
			if fixed := kept[from : from+long]; slices.Contains(fixed, true) {
				continue
			}
			before := have
			for t := from; t < from+long; t++ {
				if !taken[t] {
					taken[t] = true
					have++
				}
			}
			if have == before {
				continue
			}
			list = append(list, scheduling.BusySpan{
				Span: scheduling.Span{From: day.From + from, To: day.From + from + long}, Kind: m.busyKind(),
			})
		}
	}
	slices.SortFunc(list, func(a, b scheduling.BusySpan) int { return a.From - b.From })
	return list
}

// busyKind makes most meetings firm; a few are tentative, which forbids a session as well.
func (m *maker) busyKind() scheduling.BusyKind {
	if m.rng.IntN(20) == 0 {
		return scheduling.Tentative
	}
	return scheduling.Busy
}

// managers gives about a quarter of the mentors a manager among the mentors of their organisation; the two are a forbidden
// pair for the whole cycle.
func (m *maker) managers() []scheduling.Pair {
	pairs := []scheduling.Pair{}
	byOrg := map[string][]string{}
	for _, b := range m.p.Mentors {
		byOrg[b.Org] = append(byOrg[b.Org], b.ID)
	}
	for _, a := range m.p.Mentors {
		if !m.chance(0.25) {
			continue
		}
		same := slices.DeleteFunc(slices.Clone(byOrg[a.Org]), func(b string) bool { return b == a.ID })
		if len(same) == 0 {
			continue
		}
		if b := pick(m, same...); !joined(pairs, a.ID, b) {
			pairs = append(pairs, scheduling.Pair{A: a.ID, B: b, Rule: "H05"})
		}
	}
	return pairs
}

// joined says whether the list holds the pair, in either order.
func joined(pairs []scheduling.Pair, a, b string) bool {
	return slices.ContainsFunc(pairs, func(p scheduling.Pair) bool {
		return p.A == a && p.B == b || p.A == b && p.B == a
	})
}

// weekday counts from Monday; day counts from the cycle's start, a Monday.
func weekday(day int) int { return ((day % daysAWeek) + daysAWeek) % daysAWeek }
