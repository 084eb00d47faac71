package scheduling

// Local time of a person, from their list of offsets. Days count from the Monday of Problem.CycleStart, which is day 0; weeks
// are ISO weeks of the local day, week 0 begins on day 0.

// OffsetAt is how many slots the person's local time is ahead of UTC at a slot: the last entry of Off at or before it. Before
// the first entry the first one holds; without any the person lives by UTC.
func (p Person) OffsetAt(slot int) int {
	offset := 0
	for i, o := range p.Off {
		if i > 0 && o.At > slot {
			break
		}
		offset = o.Offset
	}
	return offset
}

// LocalDay is the day on which the slot begins for the person.
func (p Person) LocalDay(slot int) int { return FloorDiv(slot+p.OffsetAt(slot), SlotsPerDay) }

// TargetFor is the target day of a round for the person (W01): the day that the round tells, which is one for all people whatever
// their zone. Where a document does not tell it, it is the day on which Target falls for the person; for who lives half a day
// from the cycle that may be the day beside.
func (p Person) TargetFor(r *Round) int {
	if r.TargetDay != nil {
		return *r.TargetDay
	}
	return p.LocalDay(r.Target)
}

// LocalWeek is the ISO week of the local day.
func (p Person) LocalWeek(slot int) int { return FloorDiv(p.LocalDay(slot), 7) }

// LocalTime is the weekday (Monday 0) and the slot of the day (0–95) at which the slot begins for the person.
func (p Person) LocalTime(slot int) (weekday, slotOfDay int) {
	local := slot + p.OffsetAt(slot)
	day := FloorDiv(local, SlotsPerDay)
	return day - 7*FloorDiv(day, 7), local - day*SlotsPerDay
}

// FloorDiv divides towards minus infinity, since slots may be negative. b > 0.
func FloorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
