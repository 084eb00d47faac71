package check

import (
	"cmp"
	"slices"
	"strings"

	"kreds/scheduling"
)

// The wishes of profile field that are built. Each gives f, without its weight.

// Sessions are spread evenly: each lies near its round's target day (W01).
func evenSpread(h *hearing) int {
	f := 0
	for _, s := range h.sessions {
		if s.kind == scheduling.Introduction || s.round == nil {
			continue
		}
		for _, id := range s.seats {
			if m := h.mentors[id]; m != nil {
				off := min(distance(m.LocalDay(s.Start), m.TargetFor(s.round)), 21)
				f += off * off / 49
			}
		}
	}
	return f
}

// The seniority span in a group is at most 2 levels (W03).
func senioritySpan(h *hearing) int {
	f := 0
	for _, s := range h.of(scheduling.Group) {
		if levels := each(h, s, func(m *scheduling.Mentor) int { return m.Seniority }); len(levels) > 0 {
			f += max(0, slices.Max(levels)-slices.Min(levels)-2)
		}
	}
	return f
}

// Units or organisations are mixed in a group (W04).
func mixedUnits(h *hearing) int {
	of := func(m *scheduling.Mentor) string { return m.Unit }
	if h.problem.Mix == scheduling.MixOrganisation {
		of = func(m *scheduling.Mentor) string { return m.Org }
	}
	return h.repeated(of)
}

// repeated sums size − distinct values over the group sessions.
func (h *hearing) repeated(of func(*scheduling.Mentor) string) int {
	f := 0
	for _, s := range h.of(scheduling.Group) {
		values := each(h, s, of)
		f += len(values) - len(distinct(values))
	}
	return f
}

// Preferred weekdays and times: attendances that start outside of what the person prefers (W06).
func preferredTimes(h *hearing) int {
	f := 0
	h.eachAttendance(func(s session, p *scheduling.Person) {
		if !prefers(p, s.Start) {
			f++
		}
	})
	return f
}

// Groups of the target size, balanced; a fifth seat also carries the credit cliff (W10).
func targetSize(h *hearing) int {
	f := sizeDistance(h)
	if h.problem.Credit == scheduling.HalfThenShare {
		for _, s := range h.of(scheduling.Group) {
			if len(s.seats) >= 5 {
				f += 2
			}
		}
	}
	return f
}

// The same supervisor through the cycle (W11, cont).
func sameSupervisor(h *hearing) int {
	f := 0
	for _, m := range h.problem.Mentors {
		own := h.ownSessions(m.ID)
		for i := 1; i < len(own); i++ {
			if own[i].Supervisor != own[i-1].Supervisor {
				f++
			}
		}
	}
	return f
}

// Not 12–13, not Friday after 15, not Monday before 9, local: attendances that touch those hours (W13).
func unlovedHours(h *hearing) int {
	const monday, friday = 0, 4
	f := 0
	h.eachAttendance(func(s session, p *scheduling.Person) {
		if anySlot(s.span, func(slot int) bool {
			weekday, at := p.LocalTime(slot)
			return oclock(12) <= at && at < oclock(13) ||
				weekday == friday && at >= oclock(15) ||
				weekday == monday && at < oclock(9)
		}) {
			f++
		}
	})
	return f
}

// ownSessions are the individual and group sessions of a mentor in the plan, by start.
func (h *hearing) ownSessions(mentor string) []session {
	var own []session
	for _, o := range h.occasions[mentor] {
		if o.session >= 0 && o.counts() && slices.Contains(h.sessions[o.session].seats, mentor) {
			own = append(own, h.sessions[o.session])
		}
	}
	slices.SortStableFunc(own, func(a, b session) int {
		return cmp.Or(a.Start-b.Start, strings.Compare(a.Supervisor, b.Supervisor))
	})
	return own
}

// each gives a value of every known member.
func each[V any](h *hearing, s session, of func(*scheduling.Mentor) V) []V {
	var out []V
	for _, id := range s.seats {
		if m := h.mentors[id]; m != nil {
			out = append(out, of(m))
		}
	}
	return out
}

// prefers says whether the person likes a session to start at the slot. Who names no preference likes every hour.
func prefers(p *scheduling.Person, slot int) bool {
	start := scheduling.Span{From: slot, To: slot + 1}
	return len(p.Prefer) == 0 || slices.ContainsFunc(p.Prefer, func(s scheduling.Span) bool { return s.Contains(start) })
}

// anySlot asks for each slot of a session; after a week every hour has been seen.
func anySlot(s scheduling.Span, is func(slot int) bool) bool {
	for slot := s.From; slot < s.To && slot-s.From < scheduling.SlotsPerWeek; slot++ {
		if is(slot) {
			return true
		}
	}
	return false
}

func oclock(hour int) int { return hour * scheduling.SlotsPerHour }

func distance(a, b int) int { return max(a-b, b-a) }
