package instance

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"kreds/calendar"
	"kreds/scheduling"
	"kreds/supervision"
)

// Built is a problem and the way back from it.
type Built struct {
	Problem *scheduling.Problem
	Map     *Mapping
}

// Build makes the problem of a whole cycle. The same facts give the same problem, whatever the order of their lists.
//
// It fails on what no cycle can be planned with: days or zones that are missing, somebody who is mentor and supervisor at once,
// settings that the planner does not know.
func Build(f Facts) (Built, error) {
	fr, err := newFrame(f.Cycle, f.Rounds)
	if err != nil {
		return Built{}, err
	}
	b, err := newBuilder(f, fr, []calendar.Interval{fr.interval()})
	if err != nil {
		return Built{}, err
	}
	if p, both := b.both(); both {
		return Built{}, fmt.Errorf("instance: person %s is enrolled in cycle %s and assigned to it as a supervisor; one of the two must end", p, f.Cycle.ID)
	}
	pins, taken := f.standing()
	b.join(pins)
	b.pastIsBlocked()
	b.pinStanding(pins)
	b.take(taken)
	b.pinPlanned()
	b.reference()
	return b.built()
}

// builder makes one problem.
type builder struct {
	Facts
	frame
	settings supervision.Settings
	detail   []calendar.Interval // people's own time is wanted for these
	problem  *scheduling.Problem
	names    *Mapping
	orgs     map[supervision.OrganisationID]string
	units    map[unit]string
	quals    map[string]string
}

// unit is a part of an organisation.
type unit struct {
	org  supervision.OrganisationID
	name string
}

// newBuilder makes everything that problems of whole cycles and of single sessions share: rounds, people, who may not meet, and
// the cycle's settings. It leaves out what stands beside the plan. Sessions at hand may lie outside of the frame.
func newBuilder(f Facts, fr frame, detail []calendar.Interval, hand ...supervision.Session) (*builder, error) {
	b := &builder{Facts: f, frame: fr, settings: settings(f.Cycle.Settings), detail: detail}
	b.Rounds, b.Mentors, b.Supervisors = slices.Clone(f.Rounds), slices.Clone(f.Mentors), slices.Clone(f.Supervisors)
	slices.SortStableFunc(b.Rounds, func(x, y supervision.Round) int { return x.Position - y.Position })
	slices.SortFunc(b.Mentors, func(x, y Mentor) int { return byNumber(x.Person, y.Person) })
	slices.SortFunc(b.Supervisors, func(x, y Supervisor) int { return byNumber(x.Person, y.Person) })
	b.number()
	b.problem = b.cycle()
	for i, r := range b.Rounds {
		b.problem.Rounds = append(b.problem.Rounds, b.round(r, b.names.Rounds[i].Name))
	}
	if err := b.people(); err != nil {
		return nil, err
	}
	b.apart(hand)
	return b, nil
}

// byNumber is the order in which people are numbered.
func byNumber(x, y Person) int {
	return cmp.Or(cmp.Compare(x.ExternalID, y.ExternalID), x.ID.Compare(y.ID))
}

// number gives people, rounds, organisations, units and qualifications their names.
func (b *builder) number() {
	b.names = &Mapping{Start: b.start, Rounds: nameRounds(b.Rounds)}
	external := map[supervision.OrganisationID]string{}
	for _, o := range b.Organisations {
		external[o.ID] = o.ExternalID
	}
	orgs, units, quals := map[supervision.OrganisationID]bool{}, map[unit]bool{}, map[string]bool{}
	add := func(p Person) {
		orgs[p.Organisation] = true
		if p.Unit != "" {
			units[unit{p.Organisation, p.Unit}] = true
		}
	}
	for _, m := range b.Mentors {
		b.names.Mentors = append(b.names.Mentors, m.ID)
		add(m.Person)
	}
	for _, s := range b.Supervisors {
		b.names.Supervisors = append(b.names.Supervisors, s.ID)
		add(s.Person)
		for _, o := range s.Assignment.Admits {
			orgs[o] = true
		}
		for _, q := range s.Assignment.Quals {
			quals[q] = true
		}
	}
	for _, r := range b.Rounds {
		quals[r.Qual] = true
	}
	delete(quals, "")
	byExternal := func(x, y supervision.OrganisationID) int {
		return cmp.Or(cmp.Compare(external[x], external[y]), x.Compare(y))
	}
	b.orgs = numbered("o", orgs, byExternal)
	b.units = numbered("u", units, func(x, y unit) int { return cmp.Or(byExternal(x.org, y.org), cmp.Compare(x.name, y.name)) })
	b.quals = numbered("q", quals, cmp.Compare[string])
	b.names.index()
}

// numbered names the members of a set by their order.
func numbered[K comparable](prefix string, set map[K]bool, order func(x, y K) int) map[K]string {
	names := map[K]string{}
	for i, k := range slices.SortedFunc(maps.Keys(set), order) {
		names[k] = prefix + strconv.Itoa(i)
	}
	return names
}

// both finds somebody who would be two people of one problem.
func (b *builder) both() (supervision.PersonID, bool) {
	for _, s := range b.Supervisors {
		if _, ok := b.names.mentors[s.ID]; ok {
			return s.ID, true
		}
	}
	return supervision.PersonID{}, false
}

// cycle makes the head of the problem.
func (b *builder) cycle() *scheduling.Problem {
	s := b.settings
	p := &scheduling.Problem{
		Version: scheduling.Version, Name: b.Cycle.ID.String(), Profile: scheduling.ProfileField, Weights: map[string]int{}, Levels: slices.Clone(s.Lifted),
		SlotMin: int(slot / time.Minute), CycleStart: b.start, Weeks: b.weeks, StartStep: slotsOf(s.StartStep), Now: b.floor(b.Now),
		Size: scheduling.Size{Min: s.Size.Min, Max: s.Size.Max, Target: s.Size.Target},
		Gap:  scheduling.Gap{Min: s.GapMinDays * scheduling.SlotsPerDay},
		Mix:  scheduling.MixOrganisation, Credit: s.Credit, OrgRule: scheduling.OrgRule{Kind: s.OrgRule.Kind, Q: s.OrgRule.MaxEach},
		Travel: scheduling.SlotsPerHour, Rooms: map[string]int{}, MaxPerDay: 1, Freeze: 14 * scheduling.SlotsPerDay,
	}
	maps.Copy(p.Weights, s.Weights)
	maps.Copy(p.Weights, b.Weights)
	if s.GapMaxDays > 0 {
		longest := s.GapMaxDays * scheduling.SlotsPerDay
		p.Gap.Max = &longest
	}
	if b.Programme.Scope == supervision.InternalScope {
		p.Mix = scheduling.MixUnit
	}
	if p.OrgRule.Kind != scheduling.OrgMixed {
		p.OrgRule.Q = 0
	}
	for _, e := range b.Events {
		p.Events = append(p.Events, b.days(e))
	}
	p.Events = merged(p.Events)
	return p
}

// settings fills what a cycle leaves open with its defaults. A cycle that limits its supervisors at all says all of the limits.
func settings(s supervision.Settings) supervision.Settings {
	d := supervision.Defaults()
	s.Size.Min, s.Size.Max = cmp.Or(s.Size.Min, d.Size.Min), cmp.Or(s.Size.Max, d.Size.Max)
	s.Size.Target = cmp.Or(s.Size.Target, min(max(d.Size.Target, s.Size.Min), s.Size.Max))
	s.GapMinDays, s.StartStep = cmp.Or(s.GapMinDays, d.GapMinDays), cmp.Or(s.StartStep, d.StartStep)
	s.ManagerSteps, s.Credit = max(s.ManagerSteps, d.ManagerSteps), cmp.Or(s.Credit, d.Credit)
	s.OrgRule.Kind, s.Limits = cmp.Or(s.OrgRule.Kind, d.OrgRule.Kind), cmp.Or(s.Limits, d.Limits)
	if s.Buffer == nil {
		s.Buffer = d.Buffer
	}
	return s
}

// built checks the form of what was made.
func (b *builder) built() (Built, error) {
	if err := b.problem.Validate(); err != nil {
		return Built{}, fmt.Errorf("instance: cycle %s makes no problem: %w", b.Cycle.ID, err)
	}
	return Built{b.problem, b.names}, nil
}
