// Package jobs works the tasks of the house: one small worker for each task, which calls one use case. The engine is River,
// on the same database as everything else.
//
// A task is a bell. It may be worked twice, late, or on another machine, so every use case asks the rows what is true. Three
// kinds of ends are told apart:
//
//   - work that remembers on its own row when it is due again (readings, deliveries, feeds) is never repeated by the engine: the
//     sweep rings for it, so that a waiting repeat does not keep a new bell from being heard;
//   - work that can't succeed by being repeated (what it is about is gone, or may not be done) ends;
//   - everything else is repeated, later each time.
//
// A use case that finishes its work in a transaction completes the job in the same one (store.Tx.FinishJob).
package jobs
