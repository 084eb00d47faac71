package check

import (
	"fmt"
	"strconv"

	"kreds/scheduling"
)

// Where a session lies and how long it is: H25, H31.

// An individual session lasts 60 minutes, a group session 30 minutes for each contracted member (3→90, 4→120, 5→150), or as its
// round says. A session without a round lasts as any round of its kind says; where there is none, by these defaults.
func contractedLength(h *hearing) {
	for _, s := range h.sessions {
		if s.kind == scheduling.Introduction {
			continue
		}
		lawful := h.lengths(s)
		if !lawful[s.Dur] {
			h.find(fmt.Sprintf("the session lasts %d slots, its round does not say so for %d members", s.Dur, len(s.seats)), nil, s.index)
		}
	}
}

// lengths are the lawful ones of a session of this kind and size, in slots.
func (h *hearing) lengths(s session) map[int]bool {
	lawful := map[int]bool{}
	from := h.problem.Rounds
	if s.round != nil {
		from = []scheduling.Round{*s.round}
	}
	known := false
	for _, r := range from {
		if r.Kind != s.kind {
			continue
		}
		known = true
		if r.Dur > 0 {
			lawful[r.Dur] = true
		} else if d, ok := r.DurBySize[strconv.Itoa(len(s.seats))]; ok {
			lawful[d] = true
		}
	}
	if !known && s.kind == scheduling.Individual {
		lawful[scheduling.SlotsPerHour] = true
	} else if !known {
		lawful[len(s.seats)*scheduling.SlotsPerHour/2] = true
	}
	return lawful
}

// A session starts on the start step and lies wholly inside its round's window. Without a round the cycle is the window.
func insideWindow(h *hearing) {
	for _, s := range h.sessions {
		if step := max(1, h.problem.StartStep); s.Start%step != 0 {
			h.find(fmt.Sprintf("the session starts at %d, not at a multiple of %d", s.Start, step), nil, s.index)
		}
		window := scheduling.Span{From: 0, To: h.problem.Weeks * scheduling.SlotsPerWeek}
		if s.round != nil {
			window = scheduling.Span{From: s.round.Open, To: s.round.Close}
		} else if s.Round != "" {
			h.find(fmt.Sprintf("the problem has no round %s", s.Round), nil, s.index)
		}
		if s.span.From >= s.span.To || !window.Contains(s.span) {
			h.find(fmt.Sprintf("the session %s lies outside of %s", slots(s.span), slots(window)), nil, s.index)
		}
	}
}
