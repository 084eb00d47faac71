package check

import (
	"fmt"
	"slices"
)

// How much in a day and a week: H15, H17. Standing sessions outside of the plan (taken) count first, then those of the plan that
// stand, then by start; who comes after the limit is reached breaks it.

// A supervisor's sessions are at least the buffer apart and stay within the day's and week's limits (number and hours). Profile
// core knows no limits of hours.
func supervisorLimits(h *hearing) {
	for i := range h.problem.Supervisors {
		s := &h.problem.Supervisors[i]
		all := h.occasions[s.ID]
		for i, later := range all {
			for _, earlier := range all[:i] {
				if later.From < earlier.To+s.Buffer {
					h.find(fmt.Sprintf("%s has less than %d slots between the session that ends at %d and that at %d", s.ID, s.Buffer, earlier.To, later.From),
						[]string{s.ID}, earlier.session, later.session)
				}
			}
		}
		day, week, one, length := s.LocalDay, s.LocalWeek, func(occasion) int { return 1 }, occasion.length
		h.limit(s.ID, all, day, one, s.MaxDay, "sessions on local day %d")
		h.limit(s.ID, all, week, one, s.MaxWeek, "sessions in week %d")
		if !h.core {
			h.limit(s.ID, all, day, length, s.MaxDaySlots, "slots of sessions on local day %d")
			h.limit(s.ID, all, week, length, s.MaxWeekSlots, "slots of sessions in week %d")
		}
	}
}

// A mentor has at most one supervision session a local day, or as many as the cycle says.
func onePerDay(h *hearing) {
	for _, m := range h.problem.Mentors {
		counting := slices.DeleteFunc(slices.Clone(h.occasions[m.ID]), func(o occasion) bool { return !o.counts() })
		h.limit(m.ID, counting, m.LocalDay, func(occasion) int { return 1 }, &h.problem.MaxPerDay, "sessions on local day %d")
	}
}

func (o occasion) length() int { return o.To - o.From }

// limit finds the occasions by which a person passes the most of a period. The earlier ones of the period take part.
func (h *hearing) limit(id string, all []occasion, period func(slot int) int, amount func(occasion) int, most *int, of string) {
	if most == nil {
		return
	}
	sum, before := map[int]int{}, map[int][]int{}
	for _, o := range h.standingFirst(all) {
		k := period(o.From)
		sum[k] += amount(o)
		before[k] = append(before[k], o.session)
		if sum[k] > *most {
			h.find(fmt.Sprintf("%s has %d "+of+", %d at most", id, sum[k], k, *most), []string{id}, before[k]...)
		}
	}
}

// standingFirst orders occasions by how firm they are, then by start.
func (h *hearing) standingFirst(all []occasion) []occasion {
	firmness := func(o occasion) int {
		switch {
		case o.session < 0:
			return 0
		case h.sessions[o.session].stands:
			return 1
		}
		return 2
	}
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b occasion) int { return firmness(a) - firmness(b) })
	return out
}
