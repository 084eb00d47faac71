package jobs

import "github.com/riverqueue/river"

// Ends tells how tasks end, from now on: their kinds and the states of their jobs.
func (w *Workers) Ends() <-chan *river.Event {
	ends, _ := w.client.Subscribe(river.EventKindJobCompleted, river.EventKindJobCancelled, river.EventKindJobFailed)
	return ends
}
