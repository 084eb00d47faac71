package check

import (
	"fmt"

	"kreds/scheduling"
)

// How many sit in a session: H01, H02.

// A group session has 3 to 5 mentors; the supervisor is not counted. The problem's size may say narrower bounds.
func groupSize(h *hearing) {
	for _, s := range h.of(scheduling.Group) {
		if n, size := len(s.seats), h.problem.Size; n < size.Min || n > size.Max {
			h.find(fmt.Sprintf("the group has %d mentors, %d to %d are lawful", n, size.Min, size.Max), nil, s.index)
		}
	}
}

// An individual session has exactly one mentor and one supervisor.
func oneToOne(h *hearing) {
	for _, s := range h.of(scheduling.Individual) {
		if len(s.seats) != 1 {
			h.find(fmt.Sprintf("the individual session has %d mentors", len(s.seats)), nil, s.index)
		}
		if s.Supervisor == "" {
			h.find("the individual session has no supervisor", nil, s.index)
		}
	}
}
