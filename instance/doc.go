// Package instance is the one translator between the field and the planner: facts become a scheduling.Problem, a plan becomes
// sessions, and what the law found becomes what its reader may know. It is pure: no I/O, no clock, no chance.
//
// # Ways in
//
//   - Build makes the problem of a whole cycle, and the Mapping that leads back from it.
//   - For makes the small problem by which sessions at hand are judged: a booking, a move, a confirmation, a claim.
//   - Windows gives a cycle's rounds their days, from a template.
//
// # Ways back
//
//   - Built.Sessions and Mapping.Unplaced turn a plan into sessions and into those whom it could not place; Built.Plan goes the
//     other way.
//   - Publish decides what a publication does to the sessions, groups and placements that exist.
//   - Refuse and Reasons turn broken rules into words that betray nobody.
//
// # What the planner is told
//
// It knows nobody's name. People are m0, m1, … and s0, s1, …, rounds N1, I1, G2, …, and organisations, units, qualifications are
// numbered. Time is slots of 15 minutes from a Monday 00:00 UTC: busy time is rounded outwards, working time inwards.
package instance
