package instance

import (
	"strconv"

	"kreds/scheduling"
	"kreds/supervision"
)

// round makes a round under its name in the problem.
func (b *builder) round(r supervision.Round, name string) scheduling.Round {
	window, target := b.days(r.Window), b.dayNumber(r.Target)
	out := scheduling.Round{
		ID: name, Kind: scheduling.Kind(r.Kind), Open: window.From, Close: window.To, Target: b.noon(r.Target), TargetDay: &target,
		Cases: r.Cases, InPerson: r.InPerson, Site: r.Site, Qual: b.quals[r.Qual], Priority: max(1, r.Priority),
	}
	switch r.Kind {
	case supervision.KindIntroduction:
		out.Dates = max(1, r.Dates)
	case supervision.KindGroup:
		out.Grouping = scheduling.Remix
		if r.Grouping == supervision.Closed {
			out.Grouping = scheduling.Closed
		}
	}
	if r.InPerson {
		b.problem.InPersonDays = merged(append(b.problem.InPersonDays, window))
	}
	if r.Kind != supervision.KindGroup || r.Minutes > 0 && len(r.BySize) == 0 {
		out.Dur = slotsOf(r.MinutesFor(1))
		return out
	}
	out.DurBySize = map[string]int{}
	for size := b.settings.Size.Min; size <= b.settings.Size.Max; size++ {
		out.DurBySize[strconv.Itoa(size)] = slotsOf(r.MinutesFor(size))
	}
	return out
}
