package prep_test

import (
	"slices"
	"testing"
	"time"

	"kreds/scheduling"
	"kreds/scheduling/internal/prep"
)

// Edges that chance seldom meets: the longest gap to a standing session of the next round, and the end of what is preferred.
func TestEdges(t *testing.T) {
	longest := 100
	person := scheduling.Person{ID: "m0", Work: []scheduling.Span{{From: 0, To: 600}}, Prefer: []scheduling.Span{{From: 310, To: 316}},
		Taken: []scheduling.TakenSpan{{Span: scheduling.Span{From: 400, To: 404}, Kind: scheduling.Individual, Round: "I2"}}}
	early := -96
	p := prep.Prepare(&scheduling.Problem{
		Version: scheduling.Version, Profile: scheduling.ProfileField, SlotMin: 15, CycleStart: time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC), Weeks: 1, StartStep: 2,
		Rounds: []scheduling.Round{{ID: "I1", Kind: scheduling.Individual, Close: 600, Dur: 4, Priority: 1}, {ID: "I2", Kind: scheduling.Individual, Close: 600, Dur: 4, Priority: 1}},
		Gap:    scheduling.Gap{Max: &longest}, MaxPerDay: 9, Mentors: []scheduling.Mentor{{Person: person, PreparedAt: &early, Priority: 1}},
	})
	m, r := &p.Mentors[0], &p.Rounds[0]
	starts := slices.Collect(m.Times[0].Starts[0].All())
	if first, last := r.Slot(starts[0]), r.Slot(starts[len(starts)-1]); first != 300 || last != 396 {
		t.Errorf("starts from %d to %d, want 300 to 396", first, last)
	}
	for slot, liked := range map[int]bool{308: false, 310: true, 314: true, 316: false} {
		i, _ := r.At(slot)
		if got := m.Times[0].Flags[0][i]&prep.NotPreferred == 0; got != liked || p.FlagsAt(m, slot, 4) != m.Times[0].Flags[0][i] {
			t.Errorf("a start at %d is preferred: %t, want %t", slot, got, liked)
		}
	}
}
