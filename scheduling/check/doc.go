// Package check is the law of the planner: it says which rules a plan breaks and what its wishes cost.
//
// What a person books by hand, moves or pins, and what the planner plans, is judged here and nowhere else; the search, the
// slot search and the explanations are faster readings of the same rules, and tests hold them equal to this one.
//
// So the package imports the words of package scheduling alone, and works on intervals, sets and maps. Each rule is one
// function that is opened by its sentence; there is one file for each theme. It decides nothing about form: a problem or a
// plan that would not pass Validate is judged as well as it can be, without a panic, and an unknown person or round is never
// lawful.
package check
