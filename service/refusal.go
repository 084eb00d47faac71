package service

import (
	"context"
	"time"

	"kreds/store"
)

// manyRefusals is how many refusals of one actor in 24 hours are no accident any more.
const manyRefusals = 10

// NoteRefusal writes into the audit that the law refused a step: who tried it on what, and not why. The transaction of the
// step is rolled back, so this is one of its own. Refusals tell, little by little, who cannot be with whom; many of one actor
// are a warning in the log. The refusal stands even where it cannot be noted.
func (h *House) NoteRefusal(ctx context.Context, c Call, t Target) {
	var n int
	err := h.Store.Update(ctx, c.Actor, func(tx *store.Tx) error {
		if err := tx.Audit(c.Operation, t.Noun, t.ID, "refused", c.Request, ""); err != nil {
			return err
		}
		var err error
		n, err = tx.RefusalsSince(tx.Now().Add(-24 * time.Hour))
		return err
	})
	about := []any{"operation", c.Operation, "request", c.Request, "viewer", c.Actor.Viewer()}
	switch {
	case err != nil:
		h.Log.ErrorContext(ctx, "a refusal could not be noted", append(about, "error", err)...)
	case n > manyRefusals:
		h.Log.WarnContext(ctx, "many refused steps in 24 hours", append(about, "refused", n)...)
	}
}
