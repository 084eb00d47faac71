package instance

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kreds/calendar"
	"kreds/scheduling"
	"kreds/supervision"
)

// Why time is blocked (H16).
const (
	blockedByHoliday    = "holiday"
	blockedByBlackout   = "blackout"
	blockedByAssignment = "assignment" // the supervisor does not work for the cycle on these days
	blockedByPast       = "past"
)

// people makes mentors and supervisors.
func (b *builder) people() error {
	for i, m := range b.Mentors {
		person, err := b.person("m"+strconv.Itoa(i), m.Person)
		if err != nil {
			return err
		}
		b.problem.Mentors = append(b.problem.Mentors, scheduling.Mentor{
			Person: person, Earliest: b.earliest(m), Latest: b.latest(), PreparedAt: b.prepared(m), Meetings: b.meetings(m), Co: b.comentors(m), Priority: max(1, m.Priority),
		})
	}
	shares := 0
	for i, s := range b.Supervisors {
		person, err := b.person("s"+strconv.Itoa(i), s.Person)
		if err != nil {
			return err
		}
		person.Blocked = b.assigned(person.Blocked, s.Assignment.Valid)
		b.problem.Supervisors = append(b.problem.Supervisors, b.supervisor(person, s.Assignment))
		shares += max(0, s.Assignment.Share)
	}
	for i := range b.problem.Supervisors {
		if shares == 0 { // nobody has said how the work is shared
			b.problem.Supervisors[i].Share = 1
		}
	}
	return nil
}

func (b *builder) person(name string, p Person) (out scheduling.Person, err error) {
	zone, err := calendar.LoadZone(p.TimeZone)
	if err != nil {
		return out, fmt.Errorf("instance: person %s: %w", p.ID, err)
	}
	out = scheduling.Person{
		ID: name, Off: b.offsets(zone), Org: b.orgs[p.Organisation], Unit: b.units[unit{p.Organisation, p.Unit}],
		Langs: languages(p.Languages), Exp: p.Experience.Level(), Seniority: p.Seniority, Site: p.Site,
		Busy: b.busy(p.Busy, b.detail), Prefer: b.prefer(p.Prefer, b.detail),
	}
	for _, h := range b.Holidays[p.Organisation] {
		out.Blocked = b.block(out.Blocked, wholeDays(supervision.Days{From: h.On, To: h.On}, zone), blockedByHoliday)
	}
	for _, x := range b.settings.Blackouts {
		out.Blocked = b.block(out.Blocked, wholeDays(supervision.Days{From: x.FromOn, To: x.ToOn}, b.zone), blockedByBlackout)
	}
	out.Blocked = joined(out.Blocked)
	out.Work, err = b.work(p.Person, b.detail)
	return out, err
}

// languages are the languages as such: en-GB and en are one, whatever the case.
func languages(tags []string) (out []string) {
	for _, t := range tags {
		primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(t)), "-")
		if primary != "" {
			out = append(out, primary)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// block adds blocked time, so much of it as is wanted.
func (b *builder) block(list []scheduling.BlockedSpan, i calendar.Interval, reason string) []scheduling.BlockedSpan {
	for _, d := range b.detail {
		if part := i.Clip(d); !part.Empty() {
			list = append(list, scheduling.BlockedSpan{Span: b.outwards(part), Reason: reason})
		}
	}
	return list
}

// assigned blocks the days on which a supervisor does not work for the cycle.
func (b *builder) assigned(list []scheduling.BlockedSpan, valid supervision.Days) []scheduling.BlockedSpan {
	whole := b.interval()
	if !valid.From.IsZero() {
		list = b.block(list, calendar.Interval{Start: whole.Start, End: midnight(valid.From, b.zone)}, blockedByAssignment)
	}
	if !valid.To.IsZero() {
		list = b.block(list, calendar.Interval{Start: midnight(valid.To.AddDays(1), b.zone), End: whole.End}, blockedByAssignment)
	}
	return joined(list)
}

// pastIsBlocked keeps new sessions out of the time that has gone by.
func (b *builder) pastIsBlocked() {
	past := calendar.Interval{Start: b.start, End: b.Now}
	for i := range b.problem.Mentors {
		p := &b.problem.Mentors[i].Person
		p.Blocked = joined(b.block(p.Blocked, past, blockedByPast))
	}
	for i := range b.problem.Supervisors {
		p := &b.problem.Supervisors[i].Person
		p.Blocked = joined(b.block(p.Blocked, past, blockedByPast))
	}
}

// joined orders blocked time and joins what touches and has one reason.
func joined(list []scheduling.BlockedSpan) (out []scheduling.BlockedSpan) {
	spans := map[string][]scheduling.Span{}
	for _, x := range list {
		spans[x.Reason] = append(spans[x.Reason], x.Span)
	}
	for reason, of := range spans {
		for _, s := range merged(of) {
			out = append(out, scheduling.BlockedSpan{Span: s, Reason: reason})
		}
	}
	slices.SortFunc(out, func(x, y scheduling.BlockedSpan) int {
		return cmp.Or(x.From-y.From, x.To-y.To, strings.Compare(x.Reason, y.Reason))
	})
	return out
}

// supervisor adds what is asked of supervisors. Their own limits go before the cycle's.
func (b *builder) supervisor(p scheduling.Person, a supervision.Assignment) scheduling.Supervisor {
	limits := b.settings.Limits
	if a.Limits != nil {
		limits = *a.Limits
	}
	out := scheduling.Supervisor{
		Person: p, Buffer: slotsOf(*b.settings.Buffer), Share: max(0, a.Share),
		MaxDay: most(limits.DaySessions, 1), MaxDaySlots: most(limits.DayMinutes, 15),
		MaxWeek: most(limits.WeekSessions, 1), MaxWeekSlots: most(limits.WeekMinutes, 15),
	}
	for _, q := range a.Quals {
		if q != "" {
			out.Qual = append(out.Qual, b.quals[q])
		}
	}
	for _, o := range a.Admits {
		out.Admits = append(out.Admits, b.orgs[o])
	}
	slices.Sort(out.Qual)
	slices.Sort(out.Admits)
	out.Qual, out.Admits = slices.Compact(out.Qual), slices.Compact(out.Admits)
	return out
}

// most is a limit in units of so many, nil for none.
func most(limit, unit int) *int {
	if limit <= 0 {
		return nil
	}
	n := limit / unit
	return &n
}
