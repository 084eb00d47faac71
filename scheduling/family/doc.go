// Package family makes instances of known shape: the families on which the planner is measured and tested.
//
// Generate(name, seed) always makes the same problem, byte for byte: it draws from one PCG stream seeded with the two, and
// knows no clock and no zone database. Families of profile core have one group round and one individual round; those whose
// name begins with full are whole cycles of profile field, with introductions and closed groups.
//
// Two kinds carry a known answer. The near families are feasible by construction: PlantedPlan gives a lawful plan for them
// that leaves few alternatives. The infeasible families hold a core that nobody can plan around: KnownCore names it.
package family
