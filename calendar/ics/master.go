package ics

import (
	"slices"
	"time"

	"kreds/calendar"
)

// master expands an event that may recur.
type master struct {
	*series
	event  *calendar.Event
	loc    *time.Location
	start  time.Time // wall clock in loc, as all walls here
	length length

	excluded   moments // by EXDATE, or by an override of their own
	future     []override
	from, to   time.Time // walls of occurrences that can overlap the window
	seen       map[int64]bool
	unreadable int // rules that are not expanded
}

func (m *master) expand(first time.Time) {
	if m.steps.spend(len(m.event.ExDates)+len(m.overrides)) != nil {
		m.unknown(m.event, "", first, m.length)
		return
	}
	m.excluded, m.seen = newMoments(), map[int64]bool{}
	reach, ahead := min(m.length.atMost(), farthest), time.Duration(0)
	for _, x := range m.event.ExDates {
		m.excluded.add(m.scope, m.event.Start, x)
	}
	for _, o := range m.overrides {
		m.excluded.add(m.scope, m.event.Start, *o.event.RecurrenceID)
		if o.event.AndFuture {
			m.future = append(m.future, o)
			reach = max(reach, min(o.len.atMost(), farthest)+min(max(o.shift, 0), farthest))
			ahead = max(ahead, min(max(-o.shift, 0), farthest))
		}
	}
	m.from, m.to = m.window.Start.UTC().Add(-slack-reach), m.window.End.UTC().Add(slack+ahead)

	m.occur(m.start, first, m.loc, nil)
	for _, text := range m.event.Rules {
		r, err := parseRule(text)
		if err != nil {
			m.unreadable++
			m.unknown(m.event, text, first, m.length)
			continue
		}
		if stuck, err := m.rule(r); err != nil {
			m.unknown(m.event, text, stuck, m.length)
		}
	}
	for _, p := range m.event.RDates {
		if m.steps.spend(1) != nil {
			m.unknown(m.event, "", first, m.length)
			break
		}
		m.rdate(p)
	}
	if m.event.Unsupported != "" && m.unreadable == 0 {
		m.unknown(m.event, "", first, m.length)
	}
}

// occur adds the occurrence at a wall clock in a zone, once. own is the length that a period has of its own.
func (m *master) occur(wall, at time.Time, in *time.Location, own *length) {
	if m.seen[at.Unix()] && own == nil {
		return
	}
	m.seen[at.Unix()] = true
	local := wall
	if in != m.loc {
		local = asUTC(calendar.WallOf(at.In(m.loc)))
	}
	if m.excluded.have(local, at) {
		return
	}
	kind, l := kindOf(m.event), m.length
	i, _ := slices.BinarySearchFunc(m.future, at, func(o override, at time.Time) int {
		if o.of.After(at) {
			return 1
		}
		return -1
	})
	if i > 0 { // the last THISANDFUTURE at or before it
		o := m.future[i-1]
		wall = wall.Add(o.shift)
		at = wallOf(wall).In(in)
		kind, l = kindOf(o.event), o.len
	}
	if own != nil {
		l = *own
	}
	m.take(at, l.end(wall, in, at), kind)
}

// rdate adds a recurrence date. A date among the times of a timed event is meant somewhere on that day: all of it is taken.
func (m *master) rdate(p calendar.Period) {
	wall, in := asUTC(p.Start.Wall), m.location(p.Start)
	var own *length
	switch {
	case p.End != nil || p.Duration != nil:
		l := m.scope.length(p.Start, p.End, p.Duration)
		if l.atMost() < 0 {
			at := wallOf(wall).In(in)
			m.backwards(m.event, l.end(wall, in, at), at)
			return
		}
		own = &l
	case p.Start.Form == calendar.Date && m.event.Start.Form != calendar.Date:
		in, own = m.loc, &length{days: 1}
	}
	m.occur(wall, wallOf(wall).In(in), in, own)
}

// rule adds the occurrences of a rule. If the rule uses up its steps, or has more occurrences than it may, stuck is the instant
// from which on nothing is known of it.
func (m *master) rule(r *rule) (stuck time.Time, err error) {
	from := m.from
	if r.count > 0 {
		from = m.start // they have to be counted from the first
	}
	counted := map[int64]bool{}
	over := false
	// one counts an occurrence and adds it, and says whether to go on. Two wall clocks that a jump makes one instant are one.
	one := func(wall, at time.Time) bool {
		if r.count > 0 {
			counted[at.Unix()] = true
		}
		stuck = at
		if !wall.Before(m.from) {
			if m.limit--; m.limit < 0 {
				over = true
				return false
			}
			m.occur(wall, at, m.loc, nil)
		}
		return r.count == 0 || len(counted) != r.count
	}
	stuck = wallOf(m.start).In(m.loc)
	err = r.walk(m.start, from, m.to, m.steps, func(wall time.Time) bool {
		at := wallOf(wall).In(m.loc)
		if r.until != nil && m.after(*r.until, wall, at) {
			return false
		}
		if !one(wall, at) {
			return false
		}
		if second, twice := secondTime(wall, at, m.loc); r.freq == hourly && twice {
			return one(wall, second) // the hour that comes twice is two hours
		}
		return true
	})
	if over {
		err = errBudget
	}
	return stuck, err
}

// after says whether an occurrence lies after UNTIL (RFC 5545 §3.3.10). A date covers the whole day of the event's zone, a time
// without Z is the event's wall clock. For all-day events, where programs write all kinds of times, the more generous of
// date and instant counts.
func (m *master) after(until calendar.Moment, wall, at time.Time) bool {
	limit := asUTC(until.Wall)
	switch {
	case until.Form == calendar.Date:
		return !wall.Before(limit.AddDate(0, 0, 1))
	case m.event.Start.Form == calendar.Date:
		return wall.After(limit) && (until.Form != calendar.UTC || at.After(limit))
	case until.Form == calendar.UTC:
		return at.After(limit)
	}
	return wall.After(limit)
}

// secondTime is the later instant at which a clock in loc shows the same as it does at at, if there is one.
func secondTime(wall, at time.Time, loc *time.Location) (time.Time, bool) {
	_, end := at.In(loc).ZoneBounds()
	if end.IsZero() || end.Sub(at) > slack {
		return time.Time{}, false
	}
	_, offset := end.In(loc).Zone()
	later := wall.Add(-time.Duration(offset) * time.Second)
	return later, later.After(at) && calendar.WallOf(later.In(loc)) == wallOf(wall)
}
