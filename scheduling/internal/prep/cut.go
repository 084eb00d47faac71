package prep

import "kreds/scheduling"

// The rules that take starts away from one person, whatever the rest of the plan is, in the order in which an explanation
// names them. H31 comes before all: a start that is not on the grid or too late for the length is no start at all.
var cuts = []struct {
	rule string
	take func(*Prepared, *Person, *Round, int, Bits)
}{
	{"H04", outsideWork},
	{"H16", blocked},
	{"H13", outsideProgramme},
	{"H11", unprepared},
	{"H03", busy},
	{"H32", overlapsTaken},
	{"H17", fullMentorDay},
	{"H18", nearTaken},
	{"H33", orderedByTaken},
	{"H15", supervisorTaken},
}

// Starts gives the starts of a round at which a person may be in a session of so many slots.
func (p *Prepared) Starts(who *Person, r *Round, length int) Bits {
	b := p.Window(r, length)
	for _, c := range cuts {
		if p.judged[c.rule] {
			c.take(p, who, r, length, b)
		}
	}
	return b
}

// Window gives all the starts of a round from which a session of so many slots ends inside it (H31).
func (p *Prepared) Window(r *Round, length int) Bits {
	b := NewBits(r.Len)
	b.SetRange(0, min(r.Len, r.From(r.Close-length+1)))
	return b
}

// Cut is how many starts a rule takes away.
type Cut struct {
	Rule   string
	Starts int
}

// Explain takes from b, rule by rule, the starts at which the person may not be in a session of so many slots, and tells how
// many each rule took. A start that several rules forbid is counted for the first one.
func (p *Prepared) Explain(who *Person, r *Round, length int, b Bits) []Cut {
	var out []Cut
	left := b.Count()
	for _, c := range cuts {
		if !p.judged[c.rule] {
			continue
		}
		c.take(p, who, r, length, b)
		if n := b.Count(); n < left {
			out = append(out, Cut{c.rule, left - n})
			left = n
		}
	}
	return out
}

// overlapping takes the starts from which a session would share a slot with the span.
func (r *Round) overlapping(s scheduling.Span, length int, b Bits) {
	if s.From < s.To {
		b.ClearRange(r.From(s.From-length+1), r.From(s.To))
	}
}

func outsideWork(_ *Prepared, who *Person, r *Round, length int, b Bits) {
	free := 0 // the first start that is not settled yet
	for _, w := range who.work {
		from := r.From(w.From)
		b.ClearRange(free, from)
		free = max(free, from, r.From(w.To-length+1))
	}
	b.ClearRange(free, len(b)*word)
}

func blocked(_ *Prepared, who *Person, r *Round, length int, b Bits) {
	for _, s := range who.Blocked {
		r.overlapping(s.Span, length, b)
	}
}

func busy(_ *Prepared, who *Person, r *Round, length int, b Bits) {
	for _, s := range who.Busy {
		if s.Kind == scheduling.Busy || s.Kind == scheduling.Tentative {
			r.overlapping(s.Span, length, b)
		}
	}
}

func outsideProgramme(_ *Prepared, who *Person, r *Round, length int, b Bits) {
	if who.Mentor == nil || r.Kind == scheduling.Introduction {
		return
	}
	if e := who.Mentor.Earliest; e != nil {
		b.ClearRange(0, r.From(*e))
	}
	if l := who.Mentor.Latest; l != nil {
		b.ClearRange(r.From(*l-length+1), len(b)*word)
	}
}

// unprepared looks at a preparation outside of the plan only; where there are introductions, the plan decides.
func unprepared(p *Prepared, who *Person, r *Round, _ int, b Bits) {
	if who.Mentor == nil || r.Kind == scheduling.Introduction {
		return
	}
	for _, other := range p.Rounds {
		if other.Kind == scheduling.Introduction {
			return
		}
	}
	if at := who.Mentor.PreparedAt; at != nil {
		b.ClearRange(0, r.From(*at+scheduling.SlotsPerDay))
	} else {
		clear(b)
	}
}

func overlapsTaken(_ *Prepared, who *Person, r *Round, length int, b Bits) {
	for _, t := range who.Taken {
		r.overlapping(t.Span, length, b)
	}
}

// fullMentorDay takes the days on which the standing sessions of a mentor leave no room for one more.
func fullMentorDay(p *Prepared, who *Person, r *Round, _ int, b Bits) {
	if who.Mentor == nil || r.Kind == scheduling.Introduction {
		return
	}
	days := map[int]int{}
	for _, t := range who.Taken {
		if t.Kind != scheduling.Introduction {
			days[who.Zone.Day(t.From)]++
		}
	}
	who.Zone.full(r, b, func(day int) bool { return days[day] >= p.Problem.MaxPerDay })
}

// full takes the days that are full.
func (z *Zone) full(r *Round, b Bits, isFull func(day int) bool) {
	for _, run := range z.Rounds[r.Index].Runs {
		if isFull(run.Day) {
			b.ClearRange(run.From, run.To)
		}
	}
}

func nearTaken(p *Prepared, who *Person, r *Round, _ int, b Bits) {
	if who.Mentor == nil || r.Kind == scheduling.Introduction {
		return
	}
	for _, t := range who.Taken {
		if t.Kind != scheduling.Introduction {
			b.ClearRange(r.From(t.From-p.Problem.Gap.Min+1), r.From(t.From+p.Problem.Gap.Min))
		}
	}
}

// orderedByTaken looks at the standing sessions that name another round.
func orderedByTaken(p *Prepared, who *Person, r *Round, _ int, b Bits) {
	if who.Mentor == nil || r.Kind == scheduling.Introduction {
		return
	}
	for _, t := range who.Taken {
		if t.Kind == scheduling.Introduction {
			continue
		}
		for _, other := range p.Rounds {
			if other.ID != t.Round || other.Place < 0 {
				continue
			}
			steps := r.Place - other.Place
			if steps > 0 {
				b.ClearRange(0, r.From(t.From+1))
			} else if steps < 0 {
				b.ClearRange(r.From(t.From), len(b)*word)
			}
			if longest := p.Problem.Gap.Max; longest != nil && steps == 1 {
				b.ClearRange(r.From(t.From+*longest+1), len(b)*word)
			} else if longest != nil && steps == -1 {
				b.ClearRange(0, r.From(t.From-*longest))
			}
		}
	}
}

// supervisorTaken keeps the buffer to standing sessions, and takes the days and weeks that these have filled.
func supervisorTaken(p *Prepared, who *Person, r *Round, length int, b Bits) {
	s := who.Supervisor
	if s == nil {
		return
	}
	type load struct{ sessions, slots int }
	days, weeks := map[int]load{}, map[int]load{}
	for _, t := range who.Taken {
		b.ClearRange(r.From(t.From-length-s.Buffer+1), r.From(t.To+s.Buffer))
		day := who.Zone.Day(t.From)
		days[day] = load{days[day].sessions + 1, days[day].slots + t.To - t.From}
		week := scheduling.FloorDiv(day, 7)
		weeks[week] = load{weeks[week].sessions + 1, weeks[week].slots + t.To - t.From}
	}
	hours := p.Problem.Profile != scheduling.ProfileCore
	over := func(l load, sessions, slots *int) bool {
		return sessions != nil && l.sessions+1 > *sessions || hours && slots != nil && l.slots+length > *slots
	}
	who.Zone.full(r, b, func(day int) bool {
		return over(days[day], s.MaxDay, s.MaxDaySlots) || over(weeks[scheduling.FloorDiv(day, 7)], s.MaxWeek, s.MaxWeekSlots)
	})
}
