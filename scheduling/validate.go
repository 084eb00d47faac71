package scheduling

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
	"unicode"
)

// Bounds of form: wide enough for every cycle, narrow enough that no sum overflows.
const (
	maxSlot    = 1 << 24 // 478 years
	maxDay     = (maxSlot - 1) / SlotsPerDay
	maxPeople  = 10_000
	maxRounds  = 1_000
	maxList    = 100_000 // entries of one list
	maxPairs   = 1_000_000
	maxWeeks   = 520
	maxCount   = 10_000 // priorities, limits, sizes
	maxShare   = 1_000_000
	maxOffset  = SlotsPerDay
	maxID      = 100 // bytes
	maxWeight  = 100
	coreWeight = 10_000

	slotMinutes = 15
)

// Validate says whether the problem has the form that the law and the planner build upon: known references, no id twice,
// intervals that begin before they end, numbers within bounds. It says nothing about a cycle's limits: a well-formed problem may
// have no lawful plan. The error is Faults.
func (p *Problem) Validate() error {
	v := validation{problem: p, persons: map[string]role{}, rounds: map[string]*Round{}}
	if p.Version != Version {
		v.faults.add("/version", "the version is %d, this program knows version %d", p.Version, Version)
		return v.faults.err()
	}
	v.head()
	v.allRounds()
	v.people()
	v.cycle()
	v.pairs()
	v.pins()
	if p.Reference != nil {
		v.plan(p.Reference, "/reference")
	}
	return v.faults.err()
}

// role says what a person is in a problem.
type role int

const (
	mentorRole role = iota + 1
	supervisorRole
)

// validation collects the faults of one document.
type validation struct {
	problem *Problem
	persons map[string]role
	rounds  map[string]*Round
	faults  Faults
}

func (v *validation) head() {
	p := v.problem
	oneOf(v, "/profile", p.Profile, ProfileField, ProfileCore)
	if len(p.Name) > 10*maxID {
		v.faults.add("/name", "the name has %d bytes, at most %d are read", len(p.Name), 10*maxID)
	}
	most := maxWeight
	if p.Profile == ProfileCore {
		most = coreWeight
	}
	for _, id := range slices.Sorted(maps.Keys(p.Weights)) {
		at := under("/weights", id)
		v.wish(at, id)
		v.between(at, p.Weights[id], 0, most)
	}
	for i, id := range p.Levels {
		at := item("/levels", i)
		v.wish(at, id)
		if slices.Contains(p.Levels[:i], id) {
			v.faults.add(at, "the wish %s is lifted twice", quoted(id))
		}
	}
	if p.SlotMin != slotMinutes {
		v.faults.add("/slot_min", "slots have %d minutes, not %d", slotMinutes, p.SlotMin)
	}
	if t := p.CycleStart.UTC(); t.Weekday() != time.Monday || !t.Equal(t.Truncate(24*time.Hour)) || t.Year() < 1970 || t.Year() > 9999 {
		v.faults.add("/cycle_start", "the cycle starts on a Monday 00:00 UTC from 1970 on, not on %s", t.Format("Mon 2006-01-02T15:04:05Z07:00"))
	}
	v.between("/weeks", p.Weeks, 1, maxWeeks)
	v.between("/start_step", p.StartStep, 1, SlotsPerWeek)
	v.slot("/now", p.Now)
}

// wish wants an id of the profile's family of wishes.
func (v *validation) wish(at, id string) {
	w, known := WishByID(id)
	if core := v.problem.Profile == ProfileCore; !known || core != (w.Profile == ProfileCore) {
		v.faults.add(at, "profile %s has no wish %s", v.problem.Profile, quoted(id))
	}
}

func (v *validation) allRounds() {
	v.count("/rounds", len(v.problem.Rounds), maxRounds)
	for i := range v.problem.Rounds {
		if v.faults.full() {
			return
		}
		v.round(&v.problem.Rounds[i], item("/rounds", i))
	}
}

func (v *validation) round(r *Round, at string) {
	v.id(at+"/id", r.ID)
	if v.rounds[r.ID] != nil {
		v.faults.add(at+"/id", "another round has the id %s, too", quoted(r.ID))
	}
	v.rounds[r.ID] = r
	oneOf(v, at+"/kind", r.Kind, Introduction, Individual, Group)
	if r.Kind == Group {
		oneOf(v, at+"/grouping", r.Grouping, Closed, Remix)
	} else if r.Grouping != "" {
		v.faults.add(at+"/grouping", "only group rounds have a grouping")
	}
	v.span(at+"/open", Span{r.Open, r.Close})
	v.slot(at+"/target", r.Target)
	if r.TargetDay != nil {
		v.between(at+"/target_day", *r.TargetDay, -maxDay, maxDay)
	}
	v.durations(r, at)
	switch {
	case r.Kind == Introduction:
		v.between(at+"/dates", r.Dates, 1, maxCount)
	case r.Dates != 0:
		v.faults.add(at+"/dates", "only introductions have a number of dates")
	}
	v.between(at+"/cases", r.Cases, 0, maxCount)
	v.between(at+"/priority", r.Priority, 1, maxCount)
}

// durations wants dur or dur_by_size, the latter for groups only.
func (v *validation) durations(r *Round, at string) {
	switch {
	case r.DurBySize != nil && len(r.DurBySize) == 0:
		v.faults.add(at+"/dur_by_size", "no lengths are given; write null where there are none")
		return
	case r.DurBySize == nil:
		v.between(at+"/dur", r.Dur, 1, SlotsPerWeek)
		return
	case r.Dur != 0:
		v.faults.add(at+"/dur_by_size", "a round has dur or dur_by_size, not both")
	case r.Kind != Group || v.problem.Profile == ProfileCore:
		v.faults.add(at+"/dur_by_size", "only group rounds of profile field have lengths by size")
	}
	for _, size := range slices.Sorted(maps.Keys(r.DurBySize)) {
		at := under(at+"/dur_by_size", size)
		if n, err := strconv.Atoi(size); err != nil || n < 1 || n > maxPeople || strconv.Itoa(n) != size {
			v.faults.add(at, "a group size is due, not %s", quoted(size))
		}
		v.between(at, r.DurBySize[size], 1, SlotsPerWeek)
	}
}

// The small ones.

func oneOf[S ~string](v *validation, at string, value S, allowed ...S) {
	if !slices.Contains(allowed, value) {
		v.faults.add(at, "one of %q is due, not %s", allowed, quoted(string(value)))
	}
}

func (v *validation) between(at string, n, least, most int) {
	if n < least || n > most {
		v.faults.add(at, "a number from %d to %d is due, not %d", least, most, n)
	}
}

func (v *validation) slot(at string, slot int) { v.between(at, slot, 1-maxSlot, maxSlot-1) }

func (v *validation) optionalSlot(at string, slot *int) {
	if slot != nil {
		v.slot(at, *slot)
	}
}

func (v *validation) span(at string, s Span) {
	v.slot(at, s.From)
	v.slot(at, s.To)
	if s.From >= s.To {
		v.faults.add(at, "an interval [from, to) begins before it ends, not [%d, %d)", s.From, s.To)
	}
}

func (v *validation) count(at string, n, most int) {
	if n > most {
		v.faults.add(at, "%d entries, at most %d are read", n, most)
	}
}

func (v *validation) id(at, id string) {
	if id == "" || len(id) > maxID || slices.ContainsFunc([]rune(id), func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }) {
		v.faults.add(at, "an id has 1 to %d bytes without spaces, not %s", maxID, quoted(id))
	}
}

// known wants a person of one of the roles.
func (v *validation) known(at, id string, roles ...role) {
	if has := v.persons[id]; has == 0 {
		v.faults.add(at, "nobody has the id %s", quoted(id))
	} else if !slices.Contains(roles, has) {
		v.faults.add(at, "%s is no %s", quoted(id), roles[0])
	}
}

// String names the role in a sentence.
func (r role) String() string {
	switch r {
	case mentorRole:
		return "mentor"
	case supervisorRole:
		return "supervisor"
	}
	return fmt.Sprintf("role %d", int(r))
}
