package scheduling

import (
	"maps"
	"slices"
)

func (v *validation) cycle() {
	p := v.problem
	v.between("/size/min", p.Size.Min, 1, maxCount)
	v.between("/size/max", p.Size.Max, 1, maxCount)
	v.between("/size/target", p.Size.Target, 1, maxCount)
	if p.Size.Min > p.Size.Max {
		v.faults.add("/size/min", "the smallest size %d is above the largest %d", p.Size.Min, p.Size.Max)
	}
	v.between("/gap/min", p.Gap.Min, 0, maxSlot-1)
	if p.Gap.Max != nil {
		v.between("/gap/max", *p.Gap.Max, 0, maxSlot-1)
	}
	oneOf(v, "/mix", p.Mix, MixUnit, MixOrganisation)
	oneOf(v, "/credit", p.Credit, ClockTime, HalfThenShare, HalfThenThird, IndividualOnly)
	v.spans("/events", p.Events)
	oneOf(v, "/org_rule/kind", p.OrgRule.Kind, OrgAny, OrgSame, OrgMixed)
	if p.OrgRule.Kind == OrgMixed {
		v.between("/org_rule/q", p.OrgRule.Q, 1, maxCount)
	} else {
		v.between("/org_rule/q", p.OrgRule.Q, 0, maxCount)
	}
	v.spans("/in_person_days", p.InPersonDays)
	v.between("/travel", p.Travel, 0, SlotsPerWeek)
	for _, site := range slices.Sorted(maps.Keys(p.Rooms)) {
		v.id(under("/rooms", site), site)
		v.between(under("/rooms", site), p.Rooms[site], 0, maxCount)
	}
	v.between("/max_per_day", p.MaxPerDay, 1, maxCount)
	v.between("/freeze", p.Freeze, 0, maxSlot-1)
}

func (v *validation) pairs() {
	p := v.problem
	v.count("/forbidden", len(p.Forbidden), maxPairs)
	for i, pair := range p.Forbidden {
		at := item("/forbidden", i)
		v.pair(pair, at, mentorRole, "H05", "H06", "H07", "H08", "H09", "H22", "H23")
		if pair.A == pair.B {
			v.faults.add(at, "%s cannot be forbidden to meet themselves", quoted(pair.A))
		}
	}
	v.count("/dependent", len(p.Dependent), maxPairs)
	for i, pair := range p.Dependent {
		v.pair(pair, item("/dependent", i), supervisorRole, "H10")
	}
	v.count("/near", len(p.Near), maxPairs)
	for i, n := range p.Near {
		at := item("/near", i)
		v.known(at+"/0", n.A, mentorRole)
		v.known(at+"/1", n.B, mentorRole)
		v.between(at+"/2", n.Steps, 0, maxCount)
	}
}

// pair wants a first person of the role, a mentor, one of the rules, and bounds in order.
func (v *validation) pair(p Pair, at string, first role, rules ...string) {
	if v.faults.full() {
		return
	}
	v.known(at+"/0", p.A, first)
	v.known(at+"/1", p.B, mentorRole)
	oneOf(v, at+"/2", p.Rule, rules...)
	v.optionalSlot(at+"/3", p.From)
	v.optionalSlot(at+"/4", p.To)
	if p.From != nil && p.To != nil && *p.From >= *p.To {
		v.faults.add(at+"/3", "a pair holds from before to, not in [%d, %d)", *p.From, *p.To)
	}
}

func (v *validation) pins() {
	v.count("/pins", len(v.problem.Pins), maxList)
	for i, pin := range v.problem.Pins {
		if v.faults.full() {
			return
		}
		at := item("/pins", i)
		if v.rounds[pin.Round] == nil {
			v.faults.add(at+"/round", "there is no round %s", quoted(pin.Round))
		}
		v.words(at+"/members", pin.Members)
		for k, m := range pin.Members {
			v.known(item(at+"/members", k), m, mentorRole)
		}
		if pin.Supervisor != "" {
			v.known(at+"/supervisor", pin.Supervisor, supervisorRole)
		}
		v.optionalSlot(at+"/start", pin.Start)
		if len(pin.Members) == 0 && pin.Supervisor == "" && pin.Start == nil {
			v.faults.add(at, "a pin fixes members, supervisor or start; maybe it can go")
		}
		if pin.Standing && !pin.Whole() {
			v.faults.add(at+"/standing", "a standing session has members, a supervisor and a start; give all three, or leave standing out")
		}
	}
}
