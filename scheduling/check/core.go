package check

import (
	"kreds/scheduling"
)

// The ten terms of profile core, without their weights; cont is sameSupervisor. Introductions count in pref and day only.

// inconvenient says whether any part of a session lies outside the person's core hours, 09:00–17:00 local.
func inconvenient(p *scheduling.Person, s scheduling.Span) bool {
	return anySlot(s, func(slot int) bool {
		_, at := p.LocalTime(slot)
		return at < oclock(9) || at >= oclock(17)
	})
}

// Hours that people prefer, at least core hours (pref).
func coreHours(h *hearing) int {
	f := 0
	h.eachAttendance(func(s session, p *scheduling.Person) {
		switch {
		case inconvenient(p, s.span):
			f += 4
		case !prefers(p, s.Start):
			f++
		}
	})
	return f
}

// Inconvenient hours are shared (fair).
func sharedInconvenience(h *hearing) int {
	f := 0
	for i := range h.problem.Mentors {
		m := &h.problem.Mentors[i].Person
		inc := 0
		for _, s := range h.ownSessions(m.ID) {
			if inconvenient(m, s.span) {
				inc++
			}
		}
		f += inc * (inc - 1) / 2
	}
	return f
}

// Remixed groups bring new people together (mix).
func newPairs(h *hearing) int {
	meetings := map[pair]int{}
	for _, s := range h.of(scheduling.Group) {
		if s.round == nil || s.round.Grouping != scheduling.Remix {
			continue
		}
		for i, a := range s.seats {
			for _, b := range s.seats[i+1:] {
				meetings[unordered(a, b)]++
			}
		}
	}
	f := 0
	for _, n := range meetings {
		f += n - 1
	}
	return f
}

// Groups of the target size (size).
func sizeDistance(h *hearing) int {
	f := 0
	for _, s := range h.of(scheduling.Group) {
		f += distance(len(s.seats), h.problem.Size.Target)
	}
	return f
}

// Organisations are mixed in a group (dup).
func sameOrganisation(h *hearing) int {
	return h.repeated(func(m *scheduling.Mentor) string { return m.Org })
}

// Every group has somebody of experience 3 or more (sen).
func noSenior(h *hearing) int {
	f := 0
	for _, s := range h.of(scheduling.Group) {
		senior := false
		for _, exp := range each(h, s, func(m *scheduling.Mentor) int { return m.Exp }) {
			senior = senior || exp >= 3
		}
		if !senior {
			f++
		}
	}
	return f
}

// Supervisors work on few days (day).
func supervisorDays(h *hearing) int {
	type day struct {
		supervisor string
		day        int
	}
	days := map[day]bool{}
	for _, s := range h.sessions {
		if p := h.supervisors[s.Supervisor]; p != nil {
			days[day{p.ID, p.LocalDay(s.Start)}] = true
		}
	}
	return len(days)
}

// Supervisors' load is in proportion to their shares (over).
func overShare(h *hearing) int {
	expected, shares := 0, 0
	for _, r := range h.problem.Rounds {
		switch {
		case r.Kind == scheduling.Individual:
			expected += len(h.problem.Mentors)
		case r.Kind == scheduling.Group && h.problem.Size.Target > 0:
			expected += len(h.problem.Mentors) / h.problem.Size.Target
		}
	}
	for _, s := range h.problem.Supervisors {
		shares += s.Share
	}
	load := map[string]int{}
	for _, s := range h.sessions {
		if s.kind != scheduling.Introduction {
			load[s.Supervisor]++
		}
	}
	f := 0
	for _, s := range h.problem.Supervisors {
		f += max(0, load[s.ID]-11*expected*s.Share/(10*max(1, shares))-1)
	}
	return f
}

// A replan keeps what people have in their calendars (change).
func changedAttendances(h *hearing) int {
	if h.problem.Reference == nil {
		return 0
	}
	reference := map[[2]string]scheduling.Session{} // mentor, round
	for _, s := range h.problem.Reference.Sessions {
		for _, m := range s.Members {
			reference[[2]string{m, s.Round}] = s
		}
	}
	late := h.problem.Now + 48*scheduling.SlotsPerHour
	f := 0
	for _, s := range h.sessions {
		if s.kind == scheduling.Introduction {
			continue
		}
		for _, m := range s.seats {
			was, known := reference[[2]string{m, s.Round}]
			switch {
			case !known || was.Supervisor == s.Supervisor && was.Start == s.Start:
			case min(was.Start, s.Start) < late:
				f += 3
			default:
				f++
			}
		}
	}
	return f
}
