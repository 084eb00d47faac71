package solve

import (
	"slices"

	"kreds/scheduling"
	"kreds/scheduling/internal/prep"
)

func (m *model) compilePins() pins {
	out := pins{solos: map[int]want{}, seats: map[int][]want{}, dates: map[int][]date{}, blockOf: map[int]int{}, blocked: make([]bool, m.mentors*m.rounds)}
	c := pinCompiler{m, &out, make([]bool, m.mentors*m.rounds)}
	var open []scheduling.Pin
	for _, pin := range m.Problem.Pins {
		if !c.freeze(pin) {
			open = append(open, pin)
		}
	}
	c.completeGroups()
	for _, pin := range open {
		c.bind(pin)
	}
	out.hopeless = len(m.Problem.Pins) - out.kept()
	out.any = len(m.Problem.Pins) > 0 || len(m.introductions) > 0
	for i, b := range out.blocks {
		for _, r := range b.rounds {
			for _, m := range b.members {
				out.blockOf[int(m)*c.rounds+r] = i
			}
		}
	}
	for _, r := range m.introductions {
		for c.dates(r) < m.Rounds[r].Dates {
			out.dates[r] = append(out.dates[r], date{want: anything})
		}
	}
	return out
}

// kept counts the pins that the search can hope to keep.
func (p *pins) kept() int {
	n := len(p.frozen) + len(p.named)
	for _, seats := range p.seats {
		n += len(seats)
	}
	for _, dates := range p.dates {
		n += len(dates)
	}
	return n
}

// pinCompiler sorts the pins.
type pinCompiler struct {
	*model
	out   *pins
	bound []bool // mentor · rounds + round: a pin of that round names the mentor
}

// freeze takes a pin of all three fields.
func (c *pinCompiler) freeze(pin scheduling.Pin) bool {
	if !pin.Whole() || !c.near(*pin.Start) {
		return false
	}
	r, members := c.roundOf[pin.Round], c.indices(pin.Members)
	if c.any(c.bound, r, members) || c.Rounds[r].Kind == scheduling.Introduction && c.dates(r) == c.Rounds[r].Dates {
		return false
	}
	f := frozen{round: r, supervisor: c.supervisorOf[pin.Supervisor], start: *pin.Start, length: c.lengthFor(r, len(members)), members: members, group: none}
	if c.closedAt[r] >= 0 {
		f.group = c.frozenGroup(&f)
	}
	c.out.frozen = append(c.out.frozen, f)
	c.name(r, members)
	return true
}

// lengthFor is the length of a pinned session, also of one whose size is not lawful.
func (m *model) lengthFor(r, size int) int {
	round := &m.Rounds[r]
	if li, ok := round.Length(size); ok {
		return round.Lengths[li]
	}
	switch {
	case round.Dur > 0:
		return round.Dur
	case len(round.Lengths) > 0 && size < m.Problem.Size.Min:
		return round.Lengths[0]
	case len(round.Lengths) > 0:
		return round.Lengths[len(round.Lengths)-1]
	}
	return max(1, size*scheduling.SlotsPerHour/2)
}

// bind takes a pin that leaves something open.
func (c *pinCompiler) bind(pin scheduling.Pin) {
	r := c.roundOf[pin.Round]
	w := anything
	if pin.Supervisor != "" {
		w.supervisor, w.pinnedLeader = c.supervisorOf[pin.Supervisor], true
	}
	if pin.Start != nil {
		w.start, w.timed, w.pinnedStart = *pin.Start, true, true
	}
	members := c.indices(pin.Members)
	kind := c.Rounds[r].Kind
	switch {
	case c.any(c.bound, r, members) || !c.keepable(r, members, w):
	case kind == scheduling.Introduction:
		if c.dates(r) < c.Rounds[r].Dates {
			c.out.dates[r] = append(c.out.dates[r], date{w, members, true})
			c.name(r, members)
		}
	case len(members) == 0:
		c.out.seats[r] = append(c.out.seats[r], w)
	case kind == scheduling.Individual:
		if len(members) == 1 {
			c.out.solos[int(members[0])*c.rounds+r] = w
			c.bindNamed(r, members)
		}
	case c.closedAt[r] < 0:
		c.out.blocks = append(c.out.blocks, block{members, w.supervisor, []int{r}, []want{w}, []bool{true}, none})
		c.bindNamed(r, members)
	default:
		c.bindClosed(r, members, w)
	}
}

// keepable says whether some supervisor and start could keep the pin, judged by what does not depend on the plan.
func (c *pinCompiler) keepable(r int, members []int32, w want) bool {
	if w.timed && !c.near(w.start) {
		return false
	}
	round := &c.Rounds[r]
	for li, length := range round.Lengths {
		if len(members) > 0 && length != c.lengthFor(r, len(members)) {
			continue
		}
		for s := range c.supervisors {
			b := c.Window(round, length)
			if c.narrow(b, r, li, s, members, w) && !b.Empty() {
				return true
			}
		}
	}
	return false
}

// narrow leaves in b the starts at which a supervisor and members may meet by what does not depend on the plan, when w binds
// them. It is false when they may never.
func (m *model) narrow(b prep.Bits, r, li, s int, members []int32, w want) bool {
	if w.supervisor != none && w.supervisor != s {
		return false
	}
	for _, i := range members {
		if !w.pinnedLeader && !m.Pairs.Leads(r, s).Has(int(i)) {
			return false
		}
		if !w.pinnedStart {
			b.And(m.Mentors[i].Times[r].Starts[li])
		}
	}
	if !w.pinnedLeader || !w.pinnedStart {
		b.And(m.Supervisors[s].Times[r].Starts[li])
	}
	if w.timed {
		i, ok := m.Rounds[r].At(w.start)
		if !ok {
			return false
		}
		b.Keep(i, i+1)
	}
	return true
}

// dates counts the dates of an introduction round that pins bind.
func (c *pinCompiler) dates(r int) int {
	n := len(c.out.dates[r])
	for _, f := range c.out.frozen {
		if f.round == r {
			n++
		}
	}
	return n
}

// any says whether one of the mentors is marked in the round.
func (c *pinCompiler) any(marks []bool, r int, members []int32) bool {
	return slices.ContainsFunc(members, func(m int32) bool { return marks[int(m)*c.rounds+r] })
}

func (c *pinCompiler) mark(marks []bool, r int, members []int32) {
	for _, m := range members {
		marks[int(m)*c.rounds+r] = true
	}
}

// name notes that a pin of the round names these mentors.
func (c *pinCompiler) name(r int, members []int32) {
	c.mark(c.bound, r, members)
	c.mark(c.out.blocked, r, members)
}

// bindNamed notes that a pin of the round binds these mentors to one session, which the search has to place.
func (c *pinCompiler) bindNamed(r int, members []int32) {
	c.out.named = append(c.out.named, errand{members[0], r})
	c.name(r, members)
}

// indices gives mentors in rising order.
func (m *model) indices(ids []string) []int32 {
	var out []int32
	for _, id := range ids {
		out = append(out, int32(m.mentorOf[id]))
	}
	slices.Sort(out)
	return slices.Compact(out)
}
