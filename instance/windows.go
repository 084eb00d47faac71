package instance

import (
	"time"

	"kreds/supervision"
)

// Of round windows: so many days on either side of the target; what the introduction keeps free before the first target; how many
// working days it needs at least, and gets where there are fewer; and the day on which the first round then opens after it.
const (
	windowDays        = 14
	introductionLead  = 15
	introductionLeast = 3
	introductionDays  = 5
	opensAfter        = 2
)

// Windows gives the steps of a template their days in a cycle, which has a first and a last day. The target of round r of R,
// introductions not counted, is start + ⌊(r − 0.5) / R × length⌋ days, both ends counted in the length; its window is 14 days on
// either side of it, cut to the programme. Introductions lie from the cycle's start to 15 days before the first target; where that
// leaves fewer than three working days, in the cycle's first five, and the first round opens two days after. Working days are
// Monday to Friday without blackouts.
//
// Rounds come without ids, in the order of the steps. A manager may change the windows.
func Windows(c supervision.Cycle, p supervision.Programme, steps []supervision.TemplateStep) []supervision.Round {
	of := 0
	for _, s := range steps {
		if s.Kind != supervision.KindIntroduction {
			of++
		}
	}
	length := c.Span.From.DaysUntil(c.Span.To) + 1
	var out []supervision.Round
	n := 0
	for i, s := range steps {
		r := supervision.Round{Cycle: c.ID, Position: i, TemplateStep: s, Priority: 1}
		if s.Kind != supervision.KindIntroduction {
			n++
			r.Target = c.Span.From.AddDays((2*n - 1) * length / (2 * of))
			r.Window = cut(supervision.Days{From: r.Target.AddDays(-windowDays), To: r.Target.AddDays(windowDays)}, p.Span)
		}
		out = append(out, r)
	}
	introduce(c, out)
	return out
}

// introduce gives the introductions their days, and keeps the first round after them.
func introduce(c supervision.Cycle, rounds []supervision.Round) {
	first := -1
	introduced := false
	for i, r := range rounds {
		if r.Kind == supervision.KindIntroduction {
			introduced = true
		} else if first < 0 {
			first = i
		}
	}
	if !introduced {
		return
	}
	span := c.Span
	if first >= 0 {
		span.To = rounds[first].Target.AddDays(-introductionLead)
	}
	if len(workingDays(c, span, introductionLeast)) < introductionLeast {
		if days := workingDays(c, c.Span, introductionDays); len(days) > 0 {
			span.To = days[len(days)-1]
		} else {
			span.To = c.Span.To
		}
		if first >= 0 {
			w := &rounds[first].Window
			w.From = span.To.AddDays(opensAfter)
			if w.To.Before(w.From) { // a cycle of a few days
				w.To = w.From
			}
		}
	}
	for i := range rounds {
		if r := &rounds[i]; r.Kind == supervision.KindIntroduction {
			r.Window, r.Target = span, span.From.AddDays(span.From.DaysUntil(span.To)/2)
		}
	}
}

// cut is the part of days within the programme; where there is none, the days as they are.
func cut(d, programme supervision.Days) supervision.Days {
	if both, ok := d.Clip(programme); ok {
		return both
	}
	return d
}

// workingDays lists the first working days of a span, at most so many.
func workingDays(c supervision.Cycle, span supervision.Days, most int) (days []supervision.Date) {
	for d := span.From; len(days) < most && !span.To.Before(d); d = d.AddDays(1) {
		if wd := d.Weekday(); wd == time.Saturday || wd == time.Sunday || blackedOut(c, d) {
			continue
		}
		days = append(days, d)
	}
	return days
}

func blackedOut(c supervision.Cycle, d supervision.Date) bool {
	for _, b := range c.Settings.Blackouts {
		if (supervision.Days{From: b.FromOn, To: b.ToOn}).Holds(d) {
			return true
		}
	}
	return false
}
