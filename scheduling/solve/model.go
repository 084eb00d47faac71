package solve

import (
	"kreds/scheduling"
	"kreds/scheduling/internal/prep"
)

// model is the problem as all chains read it. It is never changed after newModel.
type model struct {
	*prep.Prepared
	prices

	mentors, supervisors, rounds int

	mentorOf, supervisorOf, roundOf map[string]int // by id

	introductions, solos, remixed, closed []int // the rounds of each kind

	field            bool                 // profile field: one language for all, limits of hours, introductions precede all
	closedAt         []int                // of a round: its place in closed, else none
	leaders          [][][]int32          // round, mentor: the supervisors who may lead them
	flagCost         [prep.FlagSets]int64 // in fine units
	flagTime         [prep.FlagSets]int64 // f of times
	priority         []int64              // mentor · rounds + round
	kin              []int32              // of each mentor: the unit or organisation, numbered
	target           []int64              // of each supervisor: the sessions before over counts
	was              []attendance         // the reference, mentor · rounds + round
	late             int                  // before it a change counts three times
	gap              int
	longest          int // noLimit: none
	firstDay, days   int
	firstWeek, weeks int
	pins             pins
}

// attendance is a mentor's session in the reference.
type attendance struct {
	supervisor, start int
	known             bool
}

const noLimit = 1 << 40

// fine is how many units of the search's choices one unit of energy has, so that noise below 1 counts.
const fine = 64

func newModel(p *scheduling.Problem) *model {
	m := &model{
		Prepared: prep.Prepare(p), prices: newPrices(p),
		mentors: len(p.Mentors), supervisors: len(p.Supervisors), rounds: len(p.Rounds),
		mentorOf: map[string]int{}, supervisorOf: map[string]int{}, roundOf: map[string]int{},
		gap: p.Gap.Min, longest: noLimit, field: p.Profile != scheduling.ProfileCore,
	}
	if p.Gap.Max != nil {
		m.longest = *p.Gap.Max
	}
	for i, r := range p.Rounds {
		m.roundOf[r.ID] = i
		m.closedAt = append(m.closedAt, none)
		switch {
		case r.Kind == scheduling.Introduction:
			m.introductions = append(m.introductions, i)
		case r.Kind == scheduling.Individual:
			m.solos = append(m.solos, i)
		case r.Grouping == scheduling.Closed:
			m.closedAt[i] = len(m.closed)
			m.closed = append(m.closed, i)
		default:
			m.remixed = append(m.remixed, i)
		}
	}
	for f := range prep.Flags(prep.FlagSets) {
		m.flagTime[f] = m.timesOf(f)
		m.flagCost[f] = m.price[times] * m.flagTime[f]
		if f&prep.Unloved != 0 && m.judged[unloved] {
			m.flagCost[f] += m.price[unloved]
		}
	}
	m.people()
	m.targets()
	m.reference()
	m.calendar()
	m.pins = m.compilePins()
	return m
}

// timesOf is f of the wish for good hours.
func (m *model) timesOf(f prep.Flags) int64 {
	switch {
	case m.Problem.Profile == scheduling.ProfileCore && f&prep.Inconvenient != 0:
		return 4
	case f&prep.NotPreferred != 0:
		return 1
	}
	return 0
}

// people numbers the people and their kin, and finds who may lead whom.
func (m *model) people() {
	p := m.Problem
	names := map[string]int32{}
	for i, s := range p.Supervisors {
		m.supervisorOf[s.ID] = i
	}
	for i := range p.Mentors {
		m.mentorOf[p.Mentors[i].ID] = i
		of := p.Mentors[i].Unit
		if p.Profile == scheduling.ProfileCore || p.Mix == scheduling.MixOrganisation {
			of = p.Mentors[i].Org
		}
		if _, known := names[of]; !known {
			names[of] = int32(len(names))
		}
		m.kin = append(m.kin, names[of])
		for _, r := range p.Rounds {
			m.priority = append(m.priority, int64(p.Mentors[i].Priority)*int64(r.Priority))
		}
	}
	for r := range p.Rounds {
		row := make([][]int32, m.mentors)
		for s := range p.Supervisors {
			for i := range m.Pairs.Leads(r, s).All() {
				row[i] = append(row[i], int32(s))
			}
		}
		m.leaders = append(m.leaders, row)
	}
}

// targets works out how many sessions each supervisor leads before over counts.
func (m *model) targets() {
	p := m.Problem
	expected, shares := 0, 0
	for _, r := range p.Rounds {
		switch {
		case r.Kind == scheduling.Individual:
			expected += m.mentors
		case r.Kind == scheduling.Group && p.Size.Target > 0:
			expected += m.mentors / p.Size.Target
		}
	}
	for _, s := range p.Supervisors {
		shares += s.Share
	}
	for _, s := range p.Supervisors {
		m.target = append(m.target, int64(11*expected*s.Share/(10*max(1, shares))+1))
	}
}

// reference finds what each mentor had before. Where the reference seats somebody twice in a round, the last one counts.
func (m *model) reference() {
	m.late = m.Problem.Now + 48*scheduling.SlotsPerHour
	m.was = make([]attendance, m.mentors*m.rounds)
	if m.Problem.Reference == nil {
		return
	}
	for _, s := range m.Problem.Reference.Sessions {
		r, known := m.roundOf[s.Round]
		if !known || m.Rounds[r].Place < 0 {
			continue
		}
		leader, known := m.supervisorOf[s.Supervisor]
		if !known {
			leader = none
		}
		for _, id := range s.Members {
			if i, known := m.mentorOf[id]; known {
				m.was[i*m.rounds+r] = attendance{leader, s.Start, true}
			}
		}
	}
}

// farSlots is how far from the cycle a pinned session may lie and still be kept.
const farSlots = 52 * scheduling.SlotsPerWeek

// calendar finds the local days and weeks that sessions may lie on.
func (m *model) calendar() {
	from, to := 0, m.Problem.Weeks*scheduling.SlotsPerWeek
	for _, r := range m.Problem.Rounds {
		from, to = min(from, r.Open), max(to, r.Close)
	}
	for _, pin := range m.Problem.Pins {
		if pin.Start != nil && m.near(*pin.Start) {
			from, to = min(from, *pin.Start), max(to, *pin.Start)
		}
	}
	m.firstDay = scheduling.FloorDiv(from, scheduling.SlotsPerDay) - 2
	m.days = scheduling.FloorDiv(to, scheduling.SlotsPerDay) + 3 - m.firstDay
	m.firstWeek = scheduling.FloorDiv(m.firstDay, 7)
	m.weeks = scheduling.FloorDiv(m.firstDay+m.days, 7) + 1 - m.firstWeek
}

// near says whether a slot is within a year of the cycle.
func (m *model) near(slot int) bool {
	return -farSlots <= slot && slot < m.Problem.Weeks*scheduling.SlotsPerWeek+farSlots
}
