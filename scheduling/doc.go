// Package scheduling holds the words of the planner: the problem of a supervision cycle, a plan for it, the score of a
// plan, and the rules and wishes, each as one sentence. It decides nothing itself: package check is the law, package solve
// searches, package query answers questions about times.
//
// # Words
//
// A Problem is one cycle to be planned: rounds, mentors, supervisors and what binds them. A Session is an individual or
// group meeting of mentors with one supervisor, or an introduction; it is identified by its supervisor and its start. A
// Plan is a list of sessions and of those who could not be placed. A Rule (H…) must hold; a Wish (W…, or a term of profile
// core) costs. A Violation is one broken rule. Rules and Wishes are the lists, docs/constraints.md is made from them.
//
// # Documents
//
// A problem and a plan are each one JSON file. Decode and DecodePlan read strictly and name all faults by JSON pointer; what they
// let pass Validate lets pass, too. Both judge form only: a cycle's limits are the law's business.
//
// # Time
//
// The planner knows no zone, no clock and no name. Every instant is a slot: a whole number of 15 minutes counted from
// Problem.CycleStart, a Monday 00:00 UTC; slots may be negative. Every interval is half-open, [from, to). A person's local
// day is computed from their list of offsets, which the translator (package instance) has taken from the zone database.
//
// The package and those below it import the standard library only; a test of the house says so.
package scheduling
