package store_test

import (
	"errors"
	"testing"

	"kreds/store"
	"kreds/supervision"
)

// Several plans of a cycle that are made at once get one number each: who comes second to a number runs again.
func TestPlansMadeAtOnceHaveNumbersOfTheirOwn(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		f := h.furnish("House A")
		numbers := make([]int, 4)
		err := errors.Join(h.together(len(numbers), func(s *store.Store, i int) error {
			return s.Update(t.Context(), h.actor, func(tx *store.Tx) error {
				p := supervision.Plan{ID: id[supervision.PlanID](), Cycle: f.Cycle.ID, Run: f.Run.ID, State: supervision.PlanDraft, MadeAt: start}
				err := tx.PutPlan(&p)
				numbers[i] = p.Number
				return err
			})
		})...)
		seen := map[int]bool{f.Plan.Number: true}
		for _, n := range numbers {
			seen[n] = true
		}
		if err != nil || len(seen) != len(numbers)+1 {
			t.Errorf("the numbers are %v beside %d: %v", numbers, f.Plan.Number, err)
		}
	})
}
