package prep

import (
	"slices"
	"strconv"

	"kreds/scheduling"
)

// Prepared is the prepared form of a problem. It is never changed after Prepare, so goroutines may share it.
type Prepared struct {
	Problem     *scheduling.Problem
	Rounds      []Round
	Mentors     []Person
	Supervisors []Person
	Pairs       Pairs

	judged map[string]bool
	langs  map[string]int
	zones  map[string]*Zone
}

// Person is a mentor or a supervisor.
type Person struct {
	*scheduling.Person
	Mentor     *scheduling.Mentor     // nil for supervisors
	Supervisor *scheduling.Supervisor // nil for mentors
	Zone       *Zone
	Langs      Bits
	Times      []Times // by round

	work []scheduling.Span // united and in order
}

// Times says when a person may be in a session of one round: Starts and Flags by the index of the session's length, see
// Round.Lengths.
type Times struct {
	Starts []Bits
	Flags  [][]Flags // by start; only those in Starts are worked out
}

// Prepare works out the prepared form. The problem must pass Validate, and must not change as long as the form is in use.
func Prepare(problem *scheduling.Problem) *Prepared {
	p := &Prepared{
		Problem: problem, judged: map[string]bool{}, langs: map[string]int{}, zones: map[string]*Zone{},
	}
	for _, id := range problem.Profile.Rules() {
		p.judged[id] = true
	}
	place := 0
	for i := range problem.Rounds {
		r := newRound(problem, i)
		if r.Place = -1; r.Kind != scheduling.Introduction {
			r.Place = place
			place++
		}
		p.Rounds = append(p.Rounds, r)
	}
	p.number()
	for i := range problem.Mentors {
		m := &problem.Mentors[i]
		p.Mentors = append(p.Mentors, p.person(Person{Person: &m.Person, Mentor: m}))
	}
	for i := range problem.Supervisors {
		s := &problem.Supervisors[i]
		p.Supervisors = append(p.Supervisors, p.person(Person{Person: &s.Person, Supervisor: s}))
	}
	p.Pairs = p.pairs()
	return p
}

// Judges says whether the problem's profile judges a rule.
func (p *Prepared) Judges(rule string) bool { return p.judged[rule] }

// number gives each language of the problem its place in the sets.
func (p *Prepared) number() {
	add := func(langs []string) {
		for _, l := range langs {
			if _, known := p.langs[l]; !known {
				p.langs[l] = len(p.langs)
			}
		}
	}
	for _, m := range p.Problem.Mentors {
		add(m.Langs)
	}
	for _, s := range p.Problem.Supervisors {
		add(s.Langs)
	}
}

func (p *Prepared) person(who Person) Person {
	who.Zone = p.zone(who.Off)
	who.Langs = NewBits(max(1, len(p.langs)))
	for _, l := range who.Person.Langs {
		who.Langs.Set(p.langs[l])
	}
	who.work = united(who.Work)
	for i := range p.Rounds {
		who.Times = append(who.Times, p.times(&who, &p.Rounds[i]))
	}
	return who
}

// times works out a person's starts in a round, and the flags of each.
func (p *Prepared) times(who *Person, r *Round) Times {
	var t Times
	prefers := NewBits(r.Len)
	for _, s := range who.Prefer {
		prefers.SetRange(r.From(s.From), r.From(s.To))
	}
	for _, length := range r.Lengths {
		starts := p.Starts(who, r, length)
		flags := make([]Flags, r.Len)
		for i := range starts.All() {
			flags[i] = who.Zone.flags(r.Slot(i), length)
			if len(who.Prefer) > 0 && !prefers.Has(i) {
				flags[i] |= NotPreferred
			}
		}
		t.Starts, t.Flags = append(t.Starts, starts), append(t.Flags, flags)
	}
	return t
}

// FlagsAt works out the flags of any start, also of one at which the person may not be.
func (p *Prepared) FlagsAt(who *Person, start, length int) Flags {
	f := who.Zone.flags(start, length)
	if len(who.Prefer) > 0 && !slices.ContainsFunc(who.Prefer, func(s scheduling.Span) bool { return s.From <= start && start < s.To }) {
		f |= NotPreferred
	}
	return f
}

// Round is a round with its grid of starts.
type Round struct {
	*scheduling.Round
	Grid
	Index   int   // in Problem.Rounds
	Place   int   // among the individual and group rounds, in the template's order; -1 for an introduction
	Lengths []int // the lawful lengths of its sessions in slots, each once, shortest first

	bySize map[int]int
}

func newRound(p *scheduling.Problem, i int) Round {
	r := Round{Round: &p.Rounds[i], Index: i, bySize: map[int]int{}}
	r.Grid = newGrid(scheduling.Span{From: r.Open, To: r.Close}, p.StartStep)
	from, to := p.Size.Min, p.Size.Max
	switch r.Kind {
	case scheduling.Individual:
		from, to = 1, 1
	case scheduling.Introduction:
		from, to = 1, max(1, len(p.Mentors))
	}
	for size := from; size <= to; size++ {
		length := r.Dur
		if by, ok := r.DurBySize[strconv.Itoa(size)]; ok && length <= 0 && p.Profile != scheduling.ProfileCore {
			length = by
		}
		if length > 0 {
			r.bySize[size] = length
			r.Lengths = append(r.Lengths, length)
		}
	}
	slices.Sort(r.Lengths)
	r.Lengths = slices.Compact(r.Lengths)
	return r
}

// Length gives the index in Lengths for a session of so many mentors; false when no length is lawful for that size.
func (r *Round) Length(size int) (int, bool) {
	length, ok := r.bySize[size]
	return slices.Index(r.Lengths, length), ok
}

// Grid numbers the slots of a window at which a session may start.
type Grid struct {
	First int // the slot of start 0
	Step  int
	Len   int
}

func newGrid(window scheduling.Span, step int) Grid {
	g := Grid{Step: max(1, step)}
	g.First = ceilDiv(window.From, g.Step) * g.Step
	g.Len = max(0, ceilDiv(window.To-g.First, g.Step))
	return g
}

// Slot gives the slot of start i.
func (g Grid) Slot(i int) int { return g.First + i*g.Step }

// From gives the first start at or after a slot; it may lie outside of [0, Len).
func (g Grid) From(slot int) int { return ceilDiv(slot-g.First, g.Step) }

// At gives the number of a slot; false when it is no start of the grid.
func (g Grid) At(slot int) (int, bool) {
	i := (slot - g.First) / g.Step
	return i, slot >= g.First && g.Slot(i) == slot && i < g.Len
}

// united joins spans that overlap or touch, in order.
func united(spans []scheduling.Span) []scheduling.Span {
	sorted := slices.SortedFunc(slices.Values(spans), func(a, b scheduling.Span) int { return a.From - b.From })
	var out []scheduling.Span
	for _, s := range sorted {
		if last := len(out) - 1; last >= 0 && s.From <= out[last].To {
			out[last].To = max(out[last].To, s.To)
		} else if s.From < s.To {
			out = append(out, s)
		}
	}
	return out
}

func ceilDiv(a, b int) int { return -scheduling.FloorDiv(-a, b) }
