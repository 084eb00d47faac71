package supervision

import "fmt"

// LineKind tells a manager in the line from one in a matrix; both count as managers.
type LineKind string

const (
	LineDirect LineKind = "line"
	LineMatrix LineKind = "matrix"
)

// ReportingLine says who manages a person in a span of days, both ends included.
type ReportingLine struct {
	ID      LineID
	Person  PersonID
	Manager PersonID
	Kind    LineKind
	Valid   Days
	Version int
}

// Lines answers who stands above whom.
type Lines []ReportingLine

// Managers returns the managers of p on a day, in the order of the lines.
func (ls Lines) Managers(p PersonID, on Date) []PersonID {
	var up []PersonID
	for _, l := range ls {
		if l.Person == p && l.Valid.Holds(on) {
			up = append(up, l.Manager)
		}
	}
	return up
}

// Cycle finds a circle of managers that exists on some day: nil, or the people on it.
func (ls Lines) Cycle() []PersonID {
	for _, day := range ls.changes() {
		if c := ls.on(day).cycle(); c != nil {
			return c
		}
	}
	return nil
}

// changes lists the days on which something begins to hold, the earliest possible day among them.
func (ls Lines) changes() []Date {
	days := map[Date]bool{{Year: 1, Month: 1, Day: 1}: true}
	for _, l := range ls {
		if !l.Valid.From.IsZero() {
			days[l.Valid.From] = true
		}
		if !l.Valid.To.IsZero() {
			days[l.Valid.To.AddDays(1)] = true
		}
	}
	return sortedDates(days)
}

// chart is the lines of one day: the managers of each person.
type chart map[PersonID][]PersonID

func (ls Lines) on(day Date) chart {
	c := chart{}
	for _, l := range ls {
		if l.Valid.Holds(day) {
			c[l.Person] = append(c[l.Person], l.Manager)
		}
	}
	return c
}

// Chart is who stands above whom on one day.
type Chart struct{ managers chart }

// On is the chart of a day.
func (ls Lines) On(day Date) Chart { return Chart{ls.on(day)} }

// Above returns everybody who stands above p on the chart's day, and by how many steps, the fewest.
func (c Chart) Above(p PersonID) map[PersonID]int { return c.managers.above(p, 0) }

// Below returns everybody who ever stands below one of these people, them included.
func (ls Lines) Below(people []PersonID) map[PersonID]bool {
	reports := map[PersonID][]PersonID{}
	for _, l := range ls {
		reports[l.Manager] = append(reports[l.Manager], l.Person)
	}
	below := map[PersonID]bool{}
	for front := people; len(front) > 0; {
		p := front[0]
		front = front[1:]
		if !below[p] {
			below[p] = true
			front = append(front[:len(front):len(front)], reports[p]...)
		}
	}
	return below
}

// above returns every person who stands above p and by how many steps, the fewest, up to depth (0: any).
func (c chart) above(p PersonID, depth int) map[PersonID]int {
	seen := map[PersonID]int{}
	front := []PersonID{p}
	for step := 1; len(front) > 0 && (depth == 0 || step <= depth); step++ {
		var next []PersonID
		for _, x := range front {
			for _, m := range c[x] {
				if _, ok := seen[m]; !ok && m != p {
					seen[m] = step
					next = append(next, m)
				}
			}
		}
		front = next
	}
	return seen
}

func (c chart) cycle() []PersonID {
	const (
		unseen = iota
		open
		done
	)
	state := map[PersonID]int{}
	var path []PersonID
	var visit func(PersonID) []PersonID
	visit = func(p PersonID) []PersonID {
		state[p] = open
		path = append(path, p)
		for _, m := range c[p] {
			switch state[m] {
			case open:
				for i, q := range path {
					if q == m {
						return append([]PersonID(nil), path[i:]...)
					}
				}
			case unseen:
				if found := visit(m); found != nil {
					return found
				}
			}
		}
		path = path[:len(path)-1]
		state[p] = done
		return nil
	}
	people := make([]PersonID, 0, len(c))
	for p := range c {
		people = append(people, p)
	}
	sortIDs(people)
	for _, p := range people {
		if state[p] == unseen {
			if found := visit(p); found != nil {
				return found
			}
		}
	}
	return nil
}

// Check says what is wrong with a line by itself.
func (l ReportingLine) Check() error {
	if l.Person == l.Manager {
		return Faulty("/manager_id", "same-person", "Nobody is their own manager.")
	}
	if !l.Valid.From.IsZero() && !l.Valid.To.IsZero() && l.Valid.To.Before(l.Valid.From) {
		return Faulty("/valid_to", "end-before-start", "valid_to %s is before valid_from %s; both are whole days and included.", l.Valid.To, l.Valid.From)
	}
	return nil
}

// LineCycle is the refusal of lines that form a circle.
func LineCycle(n int) error {
	return Fault(Invalid, "line-cycle", "%s", fmt.Sprintf("These lines make %d people each other's managers in a circle. Maybe an old line should end (valid_to) before the new one begins.", n))
}
