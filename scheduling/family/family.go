package family

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"

	"kreds/scheduling"
)

// shape is one row of the table of families.
type shape struct {
	name        string
	mentors     int
	supervisors int
	zones       []zone
	orgs        int
	langs       int
	density     float64 // share of the working time that is busy
	from, to    int     // working hours, local
	full        bool    // a whole cycle of profile field
	near        bool    // planted, then filled up
	core        bool    // with a planted core of people who cannot meet
}

var (
	oneZone    = []zone{{base: 4, rule: european}}
	threeZones = []zone{{base: 0, rule: european}, {base: 4, rule: european}, {base: 8, rule: european}}
	eightZones = []zone{
		{base: -32, rule: american}, {base: -20, rule: american}, {base: -12}, {base: 0, rule: european},
		{base: 4, rule: european}, {base: 12}, {base: 22}, {base: 36},
	}
)

var shapes = []shape{
	{name: "tiny12", mentors: 12, supervisors: 2, zones: oneZone, orgs: 3, langs: 1, density: 0.5, from: 8, to: 18},
	{name: "one24", mentors: 24, supervisors: 3, zones: oneZone, orgs: 4, langs: 1, density: 0.5, from: 8, to: 18},
	{name: "cross60", mentors: 60, supervisors: 6, zones: threeZones, orgs: 6, langs: 2, density: 0.5, from: 8, to: 18},
	{name: "cross120", mentors: 120, supervisors: 12, zones: threeZones, orgs: 8, langs: 2, density: 0.5, from: 8, to: 18},
	{name: "dense60", mentors: 60, supervisors: 6, zones: oneZone, orgs: 6, langs: 1, density: 0.7, from: 8, to: 18},
	{name: "global120", mentors: 120, supervisors: 14, zones: eightZones, orgs: 8, langs: 1, density: 0.4, from: 7, to: 21},
	{name: "large500", mentors: 500, supervisors: 50, zones: threeZones, orgs: 12, langs: 2, density: 0.5, from: 8, to: 18},
	{name: "large2000", mentors: 2000, supervisors: 200, zones: threeZones, orgs: 30, langs: 2, density: 0.5, from: 8, to: 18},
	{name: "near24", mentors: 24, supervisors: 3, zones: oneZone, orgs: 4, langs: 1, density: 0.9, from: 8, to: 18, near: true},
	{name: "near60", mentors: 60, supervisors: 6, zones: threeZones, orgs: 6, langs: 2, density: 0.9, from: 8, to: 18, near: true},
	{name: "infeasible24", mentors: 24, supervisors: 4, zones: oneZone, orgs: 4, langs: 1, density: 0.5, from: 8, to: 18, core: true},
	{name: "infeasible60", mentors: 60, supervisors: 7, zones: threeZones, orgs: 6, langs: 2, density: 0.5, from: 8, to: 18, core: true},
	{name: "full23", mentors: 23, supervisors: 2, zones: oneZone, orgs: 1, langs: 1, density: 0.4, from: 8, to: 17, full: true},
	{name: "full120", mentors: 120, supervisors: 10, zones: threeZones, orgs: 4, langs: 2, density: 0.4, from: 8, to: 17, full: true},
	{name: "full500", mentors: 500, supervisors: 42, zones: threeZones, orgs: 12, langs: 2, density: 0.4, from: 8, to: 17, full: true},
}

// Names lists the families in the order of their table.
func Names() []string {
	names := make([]string, len(shapes))
	for i, s := range shapes {
		names[i] = s.name
	}
	return names
}

// Generate makes the instance of a family for a seed. The same two arguments always give an equal problem. An unknown name
// is an error that lists the known ones.
func Generate(name string, seed uint64) (*scheduling.Problem, error) {
	m, err := build(name, seed)
	if err != nil {
		return nil, err
	}
	return m.p, nil
}

// PlantedPlan gives the lawful plan around which a near family was built, without a score. It is false for the other
// families.
func PlantedPlan(name string, seed uint64) (scheduling.Plan, bool) {
	m, err := build(name, seed)
	if err != nil || m.plan == nil {
		return scheduling.Plan{}, false
	}
	return *m.plan, true
}

// Core names people of an instance who can never be planned together: the three mentors share a language only with the
// supervisor, and two of them are free in the mornings only, the third in the afternoons only, so that no group of three
// can meet in the round.
type Core struct {
	Round      string
	Mornings   []string // mentors free in the mornings only
	Afternoons []string // mentors free in the afternoons only
	Supervisor string
	Language   string
}

// KnownCore gives the core that an infeasible family holds, whatever the seed. It is false for the other families.
func KnownCore(name string) (Core, bool) {
	i := slices.IndexFunc(shapes, func(s shape) bool { return s.name == name })
	if i < 0 || !shapes[i].core {
		return Core{}, false
	}
	n := shapes[i].mentors
	return Core{
		Round:      groupRound,
		Mornings:   []string{mentorID(n - 3), mentorID(n - 2)},
		Afternoons: []string{mentorID(n - 1)},
		Supervisor: supervisorID(shapes[i].supervisors - 1),
		Language:   privateLanguage,
	}, true
}

// maker holds one instance while it is made.
type maker struct {
	shape
	rng  *rand.Rand
	p    *scheduling.Problem
	zone map[string]zone // of each person
	plan *scheduling.Plan
}

func build(name string, seed uint64) (*maker, error) {
	i := slices.IndexFunc(shapes, func(s shape) bool { return s.name == name })
	if i < 0 {
		return nil, fmt.Errorf("scheduling/family: no family %q; there are %s", name, strings.Join(Names(), ", "))
	}
	h := fnv.New64a()
	h.Write([]byte(name))
	m := &maker{
		shape: shapes[i],
		rng:   rand.New(rand.NewPCG(seed, h.Sum64())),
		zone:  map[string]zone{},
		p:     &scheduling.Problem{Version: scheduling.Version, Name: name, Seed: seed, SlotMin: 15, StartStep: 2},
	}
	if m.full {
		return m, m.makeFull()
	}
	return m, m.makeCore()
}

func mentorID(i int) string     { return fmt.Sprintf("m%d", i) }
func supervisorID(i int) string { return fmt.Sprintf("s%d", i) }

// chance is true with probability p.
func (m *maker) chance(p float64) bool { return m.rng.Float64() < p }

// pick draws one of the values.
func pick[T any](m *maker, values ...T) T { return values[m.rng.IntN(len(values))] }
