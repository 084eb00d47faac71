package instance

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"kreds/calendar"
	"kreds/scheduling"
	"kreds/supervision"
)

// extended are the hours that a person may opt in to on days on which they work (H04).
var extended = calendar.Hours{From: 7 * 60, To: 20 * 60}

// offsets lists how far a person's clock is ahead of UTC, from a week before the frame to a week after it.
func (f frame) offsets(zone *time.Location) (out []scheduling.Offset) {
	t, end := f.start.Add(-week), f.interval().End.Add(week)
	for {
		_, seconds := t.In(zone).Zone()
		ahead := int(time.Duration(seconds)*time.Second/slot+week/slot) - int(week/slot) // towards minus infinity
		o := scheduling.Offset{At: f.ceil(t), Offset: ahead}
		switch last := len(out) - 1; {
		case last >= 0 && out[last].Offset == o.Offset:
		case last >= 0 && out[last].At == o.At:
			out[last] = o
		default:
			out = append(out, o)
		}
		if _, t = t.In(zone).ZoneBounds(); t.IsZero() || !t.Before(end) {
			return out
		}
	}
}

// work is a person's working time in the intervals, which are ordered, in slots that lie wholly in it.
func (f frame) work(p supervision.Person, in []calendar.Interval) (out []scheduling.Span, err error) {
	if len(in) == 0 {
		return nil, nil
	}
	whole := calendar.Interval{Start: in[0].Start, End: in[len(in)-1].End}
	off, err := calendar.Declared{Zone: p.TimeZone, Week: weekOf(p)}.Busy(whole)
	if err != nil {
		return nil, fmt.Errorf("instance: working hours of person %s: %w", p.ID, err)
	}
	for _, on := range calendar.Subtract([]calendar.Busy{{Interval: whole, Kind: calendar.BusyTime}}, times(off)) {
		for _, i := range in {
			if s := f.inwards(on.Clip(i)); s.From < s.To {
				out = append(out, s)
			}
		}
	}
	return out, nil
}

// weekOf is the weekly grid of a person's working hours; without any it is office hours.
func weekOf(p supervision.Person) (grid [7][]calendar.Hours) {
	hours := p.WorkHours
	if len(hours) == 0 {
		hours = supervision.OfficeHours()
	}
	for _, h := range hours {
		day := &grid[h.Weekday]
		if p.Extended && len(*day) == 0 {
			*day = append(*day, extended)
		}
		*day = append(*day, calendar.Hours{From: h.From, To: h.To})
	}
	return grid
}

// busy is what a person's calendars say in the intervals, in all the slots that it touches. Where two states meet in a slot, the
// one that forbids or warns more counts, and time of which nobody speaks is unknown.
func (f frame) busy(spans []calendar.Span, in []calendar.Interval) (out []scheduling.BusySpan) {
	var taken, stale []calendar.Busy
	var spoken []calendar.Interval
	for _, s := range spans {
		spoken = append(spoken, s.Interval)
	}
	slots := func(i calendar.Interval) calendar.Interval {
		s := f.outwards(i)
		return calendar.Interval{Start: f.at(s.From), End: f.at(s.To)}
	}
	for _, i := range in {
		for _, u := range calendar.Subtract([]calendar.Busy{{Interval: i, Kind: calendar.UnknownTime}}, spoken) {
			taken = append(taken, calendar.Busy{Interval: slots(u.Interval), Kind: u.Kind})
		}
		for _, s := range spans {
			part := s.Clip(i)
			if part.Empty() || s.State == calendar.StateFree {
				continue
			}
			b := calendar.Busy{Interval: slots(part), Kind: kinds[s.State]}
			if s.State == calendar.StateStale {
				stale = append(stale, b)
			} else {
				taken = append(taken, b)
			}
		}
	}
	taken = calendar.Union(taken)
	for _, b := range taken {
		out = append(out, scheduling.BusySpan{Span: f.outwards(b.Interval), Kind: scheduling.BusyKind(b.Kind)})
	}
	for _, b := range calendar.Subtract(stale, times(taken)) {
		out = append(out, scheduling.BusySpan{Span: f.outwards(b.Interval), Kind: scheduling.Stale})
	}
	slices.SortFunc(out, func(a, b scheduling.BusySpan) int { return a.From - b.From })
	return out
}

// kinds are the words of calendars for what a span says; a state that nobody knows takes the time.
var kinds = map[calendar.State]calendar.BusyKind{
	calendar.StateBusy:      calendar.BusyTime,
	calendar.StateTentative: calendar.TentativeTime,
	calendar.StateUnknown:   calendar.UnknownTime,
	calendar.StateStale:     calendar.UnknownTime, // kept apart; see busy
}

// prefer is what a person prefers of the intervals, in slots that lie wholly in it.
func (f frame) prefer(wishes, in []calendar.Interval) (out []scheduling.Span) {
	for _, i := range in {
		for _, w := range wishes {
			if s := f.inwards(w.Clip(i)); s.From < s.To {
				out = append(out, s)
			}
		}
	}
	return merged(out)
}

// merged joins spans that overlap or touch, in order.
func merged(spans []scheduling.Span) (out []scheduling.Span) {
	slices.SortFunc(spans, func(a, b scheduling.Span) int { return cmp.Or(a.From-b.From, a.To-b.To) })
	for _, s := range spans {
		if last := len(out) - 1; last >= 0 && s.From <= out[last].To {
			out[last].To = max(out[last].To, s.To)
		} else {
			out = append(out, s)
		}
	}
	return out
}

func times(busy []calendar.Busy) (out []calendar.Interval) {
	for _, b := range busy {
		out = append(out, b.Interval)
	}
	return out
}
