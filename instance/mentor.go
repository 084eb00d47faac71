package instance

import (
	"slices"

	"kreds/supervision"
)

// practiceDays is how long after its start a pair counts as begun, where no meeting is known (H13).
const practiceDays = 14

// closingDays is how long after the programme a closing session may lie (H13).
const closingDays = 30

// earliest is when a mentor may have a first session: after the first pair meeting, or 14 days after the start of a pair. It is nil
// for a mentor without a pair in the cycle, and for one whose pair has no first day (H13).
func (b *builder) earliest(m Mentor) *int {
	var first *int
	at := func(d supervision.Date) {
		if n := b.day(d); first == nil || n < *first {
			first = &n
		}
	}
	for _, p := range b.practice(m.ID) {
		if p.Span.From.IsZero() {
			return nil
		}
		at(p.Span.From.AddDays(practiceDays))
	}
	if first != nil && len(m.MetOn) > 0 {
		at(slices.MinFunc(m.MetOn, supervision.Date.Compare).AddDays(1))
	}
	return first
}

// practice lists the pairs in which a person mentors on some day of the cycle.
func (b *builder) practice(mentor supervision.PersonID) (out []supervision.Pair) {
	for _, p := range b.Pairs {
		if p.Practised(mentor, b.Cycle.Span) {
			out = append(out, p)
		}
	}
	return out
}

// latest is when the last session of a mentor must have ended: so many days after the programme, nil for one without end (H13).
func (b *builder) latest() *int {
	if b.Programme.Span.To.IsZero() {
		return nil
	}
	n := b.day(b.Programme.Span.To.AddDays(closingDays + 1))
	return &n
}

// prepared is the end of the first preparation that is done; of one whose day alone is known, the end of that day (H11).
func (b *builder) prepared(m Mentor) *int {
	var done []int
	if !m.PreparedAt.IsZero() {
		done = append(done, b.ceil(m.PreparedAt))
	}
	if !m.PreparedOn.IsZero() {
		done = append(done, b.day(m.PreparedOn.AddDays(1)))
	}
	if len(done) == 0 {
		return nil
	}
	first := slices.Min(done)
	return &first
}

// meetings are the days of the pair's meetings, at noon (W08).
func (b *builder) meetings(m Mentor) (out []int) {
	for _, d := range m.MetOn {
		out = append(out, b.noon(d))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// comentors are those with whom a mentor shares a group of mentees (W16).
func (b *builder) comentors(m Mentor) []string {
	var people []supervision.PersonID
	for _, p := range b.practice(m.ID) {
		if p.Kind == supervision.PairGroup {
			people = append(people, p.Mentors...)
		}
	}
	return b.names.known(slices.DeleteFunc(people, func(p supervision.PersonID) bool { return p == m.ID }))
}
