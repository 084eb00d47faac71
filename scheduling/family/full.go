package family

import (
	"time"

	"kreds/scheduling"
)

// The calendar of a whole cycle: 1 February to 29 October 2027, 271 days, in a zone an hour ahead of UTC in winter.
const (
	fullDays     = 271
	fullWeeks    = 39
	windowDays   = 14 // a round may lie so many days on either side of its target
	introDur     = 6
	introDensity = 0.15 // busy share in the weeks of the introduction, which people are told of early
	dayStart     = 0
	noon         = 12
)

// dates are days counted from the cycle's start, 1 February 2027.
var (
	blackouts = [][2]int{{161, 182}, {259, 266}}         // the weeks 28–30 and 42
	holidays  = [][2]int{{52, 57}, {94, 95}, {105, 106}} // 25–29 March, 6 and 17 May
	seminar   = [2]int{135, 137}                         // two days at which people meet in person anyway
	sizes     = map[string]int{"3": 6, "4": 8, "5": 10}  // slots of a group session
	sequence  = []scheduling.Kind{scheduling.Individual, scheduling.Group, scheduling.Group, scheduling.Group, scheduling.Individual}
	roundIDs  = []string{"I1", "G1", "G2", "G3", "I2"}
	cycleZone = zone{base: 4, rule: european}
)

// makeFull makes a whole cycle of profile field: an introduction on several dates, then individual, three closed group
// rounds, individual, each within two weeks of its target.
func (m *maker) makeFull() error {
	p := m.p
	p.Profile = scheduling.ProfileField
	p.CycleStart = time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC)
	p.Weeks = fullWeeks
	m.common()
	m.fullRounds()
	p.Size = scheduling.Size{Min: 3, Max: 5, Target: 4}
	p.Gap.Min = 14 * scheduling.SlotsPerDay
	p.Mix, p.Credit = scheduling.MixUnit, scheduling.HalfThenShare
	p.Freeze = 14 * scheduling.SlotsPerDay
	p.Events = []scheduling.Span{m.days(cycleZone, seminar)}

	for i := range m.mentors {
		p.Mentors = append(p.Mentors, m.fullMentor(i))
	}
	m.lines()
	for i := range m.supervisors {
		s := m.supervisor(i)
		s.MaxDay, s.MaxDaySlots = ptr(5), ptr(6*scheduling.SlotsPerHour)
		s.Share = 12 - i%2
		m.calendar(&s.Person, m.density/2)
		p.Supervisors = append(p.Supervisors, s)
	}
	return nil
}

// fullRounds lays the rounds' targets evenly over the cycle, their windows around them, and the introduction before.
func (m *maker) fullRounds() {
	p := m.p
	at := func(day int) int { return cycleZone.at(p.CycleStart, day, dayStart) }
	var rounds []scheduling.Round
	for i, kind := range sequence {
		target := (2*i + 1) * fullDays / (2 * len(sequence))
		r := scheduling.Round{
			ID: roundIDs[i], Kind: kind, Priority: 1,
			Open: at(max(0, target-windowDays)), Close: at(min(fullDays, target+windowDays+1)),
			Target: cycleZone.at(p.CycleStart, target, noon),
		}
		if kind == scheduling.Group {
			r.Grouping, r.DurBySize, r.Cases = scheduling.Closed, map[string]int{}, 3
			for size, dur := range sizes {
				r.DurBySize[size] = dur
			}
		} else {
			r.Dur = coreSoloDur
		}
		rounds = append(rounds, r)
	}
	first := fullDays / (2 * len(sequence))
	p.Rounds = append([]scheduling.Round{{
		ID: "N1", Kind: scheduling.Introduction, Dur: introDur, Dates: 2 + m.mentors/60, Priority: 1,
		Open: at(0), Close: at(first - windowDays), Target: cycleZone.at(p.CycleStart, (first-windowDays)/2, noon),
	}}, rounds...)
}

// fullMentor makes a mentor with a department, a rank, meetings with their mentee every second or third week, and busy time.
func (m *maker) fullMentor(i int) scheduling.Mentor {
	z := m.zones[i%len(m.zones)]
	mentor := scheduling.Mentor{Person: m.person(mentorID(i), z, i%m.orgs), Co: []string{}, Priority: 1}
	mentor.Unit = department(i / m.orgs)
	mentor.Seniority = rank(i / m.orgs)
	mentor.Meetings = []int{}
	for day := m.rng.IntN(14); day < fullDays; day += 14 + 7*m.rng.IntN(2) {
		hour := m.from + m.rng.IntN(m.to-m.from)
		mentor.Meetings = append(mentor.Meetings, z.at(m.p.CycleStart, day-weekday(day)+m.rng.IntN(5), hour))
	}
	mentor.Earliest = ptr(mentor.Meetings[0])
	m.calendar(&mentor.Person, m.density)
	return mentor
}

// department deals 23 people as 9, 8, 4 and 2.
func department(i int) string {
	switch k := i % 23; {
	case k < 9:
		return "sales"
	case k < 17:
		return "research"
	case k < 21:
		return "people"
	}
	return "legal"
}

// rank is 5 for two top managers of each 23, 4 for four heads, and 2 or 3 for the others.
func rank(i int) int {
	switch k := i % 23; {
	case k == 0 || k == 9:
		return 5
	case k == 1 || k == 10 || k == 17 || k == 21:
		return 4
	}
	return 2 + i%2
}

// calendar gives a person holidays, blackouts and busy time, little of it before the first round.
func (m *maker) calendar(p *scheduling.Person, share float64) {
	z := m.zone[p.ID]
	for _, d := range blackouts {
		p.Blocked = append(p.Blocked, scheduling.BlockedSpan{Span: m.days(z, d), Reason: "blackout"})
	}
	for _, d := range holidays {
		p.Blocked = append(p.Blocked, scheduling.BlockedSpan{Span: m.days(z, d), Reason: "holiday"})
	}
	early := 0
	for early < len(p.Work) && p.Work[early].From < m.p.Rounds[0].Close {
		early++
	}
	p.Busy = append(m.busy(p.Work[:early], min(share, introDensity), nil), m.busy(p.Work[early:], share, nil)...)
	if m.rng.IntN(10) == 0 { // a calendar that was not read in its last weeks
		from := z.at(m.p.CycleStart, 230, dayStart)
		p.Busy = append(p.Busy, scheduling.BusySpan{Span: scheduling.Span{From: from, To: fullWeeks * scheduling.SlotsPerWeek}, Kind: scheduling.Unknown})
	}
}

// days is the span of whole local days from the first to before the second.
func (m *maker) days(z zone, d [2]int) scheduling.Span {
	return scheduling.Span{From: z.at(m.p.CycleStart, d[0], dayStart), To: z.at(m.p.CycleStart, d[1], dayStart)}
}

// lines draws the chart of each organisation and what follows from it: the pairs that may not meet because one manages the
// other or the other's mentee, and the distance to the managers of mentees who are further away. About a quarter of the
// mentors have a manager in the cycle; some of these lines end or begin half-way.
func (m *maker) lines() {
	p := m.p
	manager := map[int]int{}
	for i := range p.Mentors {
		above := rank(i/m.orgs) + 1
		if above > 5 {
			continue
		}
		var heads []int
		for j := range p.Mentors {
			same := p.Mentors[j].Org == p.Mentors[i].Org && (p.Mentors[j].Unit == p.Mentors[i].Unit || above == 5)
			if r := rank(j / m.orgs); j != i && same && r >= above && r >= 4 {
				heads = append(heads, j)
			}
		}
		if len(heads) > 0 && m.chance(0.35) {
			manager[i] = pick(m, heads...)
		}
	}
	for i := range p.Mentors {
		if j, ok := manager[i]; ok {
			m.forbid(i, j, "H05")
			if k, ok := manager[j]; ok {
				m.forbid(i, k, "H06")
			}
		}
		boss := m.rng.IntN(len(p.Mentors)) // who manages the mentee, or the mentee's management
		if boss == i || p.Mentors[boss].Org != p.Mentors[i].Org {
			continue
		}
		switch steps := 1 + m.rng.IntN(8); {
		case steps <= 2:
			m.forbid(i, boss, "H07")
		case steps <= 5:
			p.Near = append(p.Near, scheduling.Near{A: p.Mentors[boss].ID, B: p.Mentors[i].ID, Steps: steps})
		}
	}
}

// forbid adds a pair; one of eight holds only before or only after the middle of the cycle.
func (m *maker) forbid(i, j int, rule string) {
	p := m.p
	pair := scheduling.Pair{A: p.Mentors[i].ID, B: p.Mentors[j].ID, Rule: rule}
	if joined(p.Forbidden, pair.A, pair.B) {
		return
	}
	middle := cycleZone.at(p.CycleStart, fullDays/2, dayStart)
	switch m.rng.IntN(16) {
	case 0:
		pair.From = &middle
	case 1:
		pair.To = &middle
	}
	p.Forbidden = append(p.Forbidden, pair)
}
