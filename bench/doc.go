// Package bench measures what the planner costs on one machine: how fast it searches, and how soon a plan is complete.
//
// It holds benchmarks and nothing to import. Each prints a ratio beside its numbers, so that two runs can be compared even where
// the machines cannot. README.md says how to run them and what the numbers mean.
package bench
