package scheduling

import "slices"

// Agrees says whether a session keeps every field that the pin gives.
func (p Pin) Agrees(s Session) bool {
	return s.Round == p.Round && (len(p.Members) == 0 || sameMembers(s.Members, p.Members)) &&
		(p.Supervisor == "" || s.Supervisor == p.Supervisor) && (p.Start == nil || s.Start == *p.Start)
}

// Whole says whether the pin gives all three fields, so that the plan has no choice.
func (p Pin) Whole() bool { return len(p.Members) > 0 && p.Supervisor != "" && p.Start != nil }

func sameMembers(a, b []string) bool {
	set := func(ids []string) []string { return slices.Compact(slices.Sorted(slices.Values(ids))) }
	return slices.Equal(set(a), set(b))
}

// KeepPins gives each pin a session of its own that agrees with it, as far as there are such sessions: by session, the pin.
// A pin is left without one when no matching gives it one beside the pins before it; matched ones may change sessions for it
// (augmenting paths).
func KeepPins(pins []Pin, sessions []Session) map[int]int {
	keptBy := map[int]int{}
	var keep func(pin int, tried map[int]bool) bool
	keep = func(pin int, tried map[int]bool) bool {
		for i, s := range sessions {
			if tried[i] || !pins[pin].Agrees(s) {
				continue
			}
			tried[i] = true
			if other, taken := keptBy[i]; !taken || keep(other, tried) {
				keptBy[i] = pin
				return true
			}
		}
		return false
	}
	for pin := range pins {
		keep(pin, map[int]bool{})
	}
	return keptBy
}
