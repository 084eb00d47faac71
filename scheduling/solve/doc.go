// Package solve searches for a plan of a problem: sessions that keep every rule, and leave as few wishes unfulfilled as it can
// find in the iterations it is given.
//
// # How it searches
//
// A session is known by its supervisor and its start, so there are no group numbers to tell apart. A first plan is built:
// introductions, what is pinned, groups, and then individual sessions by regret, whoever would lose most coming first. Each
// iteration after that is a move: it takes some sessions out and seats their people again (ruin and recreate), or lets two groups
// exchange members. Simulated annealing decides whether the new plan is kept; it runs in cycles that cool from a high to a low
// heat, each twice as long as the one before and beginning at the best plan so far. Seating draws among the good choices with
// noise of the same heat. While somebody lacks a session, one move in four is a rescue, which clears a time for them and seats
// again whoever had it.
//
// All rules are kept at every moment; what may be lacking is a session for somebody, a pin, or a date of an introduction. These
// have a price that is high, yet finite, so that the search can pass through such plans. The best plan is chosen as the law
// compares: broken rules, then the unassigned, then lifted wishes, then the soft score.
//
// The plan is changed by two acts only, place and remove, which keep the counts of every wish exact and can be taken back one by
// one. Where people can meet is an AND of sets of starts (package prep). A closed group is a set of members with a supervisor
// and a start for each closed round; it stands in all of them or in none. Profile core does not ask for that, but the search does
// it there too.
//
// # What a run depends on
//
// The problem, the seed and the iterations of each chain, and nothing else: chains share nothing, the heat of the annealing
// follows from the number of the iteration, and all arithmetic is in whole numbers. Of several chains the best plan is the
// result, the first one's where they are equal. A run that the context stops gives the same plan as one that is asked for the
// iterations it had come to.
//
// # What it does not do
//
// It gives no bound: unless a plan costs nothing at all, it does not know how far from the best it is. For problems of up to six
// mentors, tests compare it with every plan there is. What it does with pins is told at type pins.
package solve
