// Package solve searches for a plan of a problem: sessions that keep every rule, and leave as few wishes unfulfilled as it can
// find in the iterations it is given.
//
// # How it searches
//
// A session is known by its supervisor and its start, so there are no group numbers to tell apart. A first plan is built by
// regret: whoever would lose most comes first. Then each iteration takes some sessions out and seats their people again (ruin
// and recreate), and simulated annealing decides whether the new plan is kept. All rules are kept at every moment; what may be
// lacking is a session for somebody.
//
// The plan is changed by two acts only, place and remove, which keep the counts of every wish exact and can be taken back one by
// one. Where people can meet is an AND of sets of starts (package prep). A closed group is a set of members with a supervisor
// and a start for each closed round; it stands in all of them or in none.
//
// # What a run depends on
//
// The problem, the seed and the iterations of each chain, and nothing else: chains share nothing, the heat of the annealing
// follows from the number of the iteration, and all arithmetic is in whole numbers. A run that the context stops gives the same
// plan as one that is asked for the iterations it had come to.
//
// # What it does with pins
//
// See type pins. Closed groups stay closed in profile core too, although its law does not ask for it.
package solve
