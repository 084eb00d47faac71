package family

import (
	"time"

	"kreds/scheduling"
)

const (
	groupRound      = "G1"
	individualRound = "I1"
	coreGroupDur    = 6 // 90 minutes
	coreSoloDur     = 4 // 60 minutes
	coreBuffer      = 1
	coreMaxDay      = 4
	coreMaxWeek     = 12
)

// makeCore makes an instance of profile core: a group round in the weeks 1–2 and an individual round in the weeks 2–4 of a
// cycle that crosses the American and the European change to summer time.
func (m *maker) makeCore() error {
	p := m.p
	p.Profile = scheduling.ProfileCore
	p.CycleStart = time.Date(2027, 3, 8, 0, 0, 0, 0, time.UTC)
	p.Weeks = 4
	week := scheduling.SlotsPerWeek
	p.Rounds = []scheduling.Round{
		{ID: groupRound, Kind: scheduling.Group, Grouping: scheduling.Remix, Open: 0, Close: 2 * week, Target: week, Dur: coreGroupDur, Priority: 1},
		{ID: individualRound, Kind: scheduling.Individual, Open: week, Close: 4 * week, Target: week + 3*week/2, Dur: coreSoloDur, Priority: 1},
	}
	longest := 21 * scheduling.SlotsPerDay
	p.Size = scheduling.Size{Min: 3, Max: 5, Target: 4}
	p.Gap = scheduling.Gap{Min: 5 * scheduling.SlotsPerDay, Max: &longest}
	m.common()

	for i := range m.mentors {
		mentor := scheduling.Mentor{
			Person: m.person(mentorID(i), m.zones[i%len(m.zones)], m.rng.IntN(m.orgs)), Meetings: []int{}, Co: []string{}, Priority: 1,
		}
		mentor.Langs = m.languages(false, i)
		p.Mentors = append(p.Mentors, mentor)
	}
	for i := range m.supervisors {
		s := m.supervisor(i)
		s.MaxDay, s.MaxWeek = ptr(coreMaxDay), ptr(coreMaxWeek)
		p.Supervisors = append(p.Supervisors, s)
	}
	p.Forbidden = m.managers()
	if m.core {
		m.plantCore()
	}
	var keep map[string][]scheduling.Span
	if m.near {
		plan, err := m.plant()
		if err != nil {
			return err
		}
		m.plan, keep = plan, times(plan)
	}
	for i := range p.Mentors {
		m.fill(&p.Mentors[i].Person, m.density, keep)
	}
	for i := range p.Supervisors {
		m.fill(&p.Supervisors[i].Person, m.density, keep)
	}
	return nil
}

// common sets what no family varies to its empty value, so that the JSON form has arrays everywhere.
func (m *maker) common() {
	p := m.p
	p.Weights, p.Levels = map[string]int{}, []string{}
	p.Forbidden, p.Dependent, p.Near = []scheduling.Pair{}, []scheduling.Pair{}, []scheduling.Near{}
	p.Events, p.InPersonDays, p.Pins = []scheduling.Span{}, []scheduling.Span{}, []scheduling.Pin{}
	p.Rooms = map[string]int{}
	p.OrgRule.Kind, p.MaxPerDay = scheduling.OrgAny, 1
	p.Mix, p.Credit = scheduling.MixOrganisation, scheduling.ClockTime
}

// supervisor makes one of equal share, with a buffer of 15 minutes.
func (m *maker) supervisor(i int) scheduling.Supervisor {
	s := scheduling.Supervisor{
		Person: m.person(supervisorID(i), m.zones[i%len(m.zones)], m.rng.IntN(m.orgs)),
		Qual:   []string{}, Admits: []string{}, Buffer: coreBuffer, Share: 1,
	}
	s.Langs = m.languages(true, i)
	return s
}

// fill gives a person busy time; the people of a planted core are free, so that their working time alone keeps them apart.
func (m *maker) fill(p *scheduling.Person, share float64, keep map[string][]scheduling.Span) {
	p.Busy = []scheduling.BusySpan{}
	if p.Langs[0] != privateLanguage {
		p.Busy = m.busy(p.Work, share, keep[p.ID])
	}
}

// plantCore turns the last three mentors and the last supervisor into people with a language of their own who can meet one
// by one, and never three at once.
func (m *maker) plantCore() {
	core, _ := KnownCore(m.name)
	n := len(m.p.Mentors)
	for i := n - 3; i < n; i++ {
		mentor := &m.p.Mentors[i]
		from, to := 8, 12
		if mentor.ID == core.Afternoons[0] {
			from, to = 13, 18
		}
		mentor.Langs = []string{privateLanguage}
		m.move(&mentor.Person, m.zones[0], from, to)
	}
	s := &m.p.Supervisors[len(m.p.Supervisors)-1]
	s.Langs = []string{privateLanguage}
	m.move(&s.Person, m.zones[0], m.from, m.to)
}

// move gives a person another zone and other working hours.
func (m *maker) move(p *scheduling.Person, z zone, from, to int) {
	m.zone[p.ID] = z
	p.Off, p.Work, p.Prefer = z.offsets(m.p.CycleStart), nil, []scheduling.Span{}
	for day := range m.p.Weeks * daysAWeek {
		if weekday(day) < 5 {
			p.Work = append(p.Work, scheduling.Span{From: z.at(m.p.CycleStart, day, from), To: z.at(m.p.CycleStart, day, to)})
		}
	}
}

func ptr[T any](v T) *T { return &v }
