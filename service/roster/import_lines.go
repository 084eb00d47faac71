package roster

import (
	"slices"

	"kreds/service"
	"kreds/supervision"
)

// lineList is a list of reporting lines, held against the lines that there are.
type lineList struct {
	*importing
	facts   rosterFacts
	all     supervision.Lines // as they are, and then as they shall be
	at      map[supervision.ReportingLine]int
	named   map[supervision.LineID]int // where the list names it
	touched []supervision.PersonID
}

// lines imports reporting lines. A line is known by its two people, its kind and its first day; circles are looked for, on
// every day, among what is there and what the list brings. A full list ends, by yesterday, the lines of today that it does not
// name.
func (r *importing) lines(s *Service, rows []supervision.ImportRow) (err error) {
	if err := r.tx.LockLines(); err != nil {
		return err
	}
	l := lineList{importing: r, at: map[supervision.ReportingLine]int{}, named: map[supervision.LineID]int{}}
	if l.all, err = r.tx.Lines(); err != nil {
		return err
	}
	if l.facts, err = r.rosterFacts(); err != nil {
		return err
	}
	for i, line := range l.all {
		l.at[lineKey(line)] = i
	}
	for _, in := range rows {
		l.line(r.read(in))
	}
	if r.Full {
		l.end()
	}
	l.circles()
	if len(l.touched) > 0 {
		r.steps = append(r.steps, func() error { return s.recheckLines(r.tx, l.all, l.touched...) })
	}
	return nil
}

// lineKey is what makes a line this one and no other: its two people, kind and first day.
func lineKey(l supervision.ReportingLine) supervision.ReportingLine {
	return supervision.ReportingLine{Person: l.Person, Manager: l.Manager, Kind: l.Kind, Valid: supervision.Days{From: l.Valid.From}}
}

// line reads a row. A row that does not give the last day leaves it as it is.
func (l *lineList) line(x *row) {
	line := supervision.ReportingLine{Person: x.someone(l.facts, "person"), Manager: x.someone(l.facts, "manager"),
		Kind: one(x, "kind", supervision.LineDirect, supervision.LineDirect, supervision.LineMatrix)}
	line.Valid.From, _ = x.day("valid_from")
	to, given := x.day("valid_to")
	if x.bad {
		return
	}
	at, exists := l.at[lineKey(line)]
	if exists {
		line = l.all[at]
	}
	if given || !exists {
		line.Valid.To = to
	}
	switch _, twice := l.named[line.ID]; {
	case line.Person == line.Manager:
		x.fault("manager", "same-person", "Nobody is their own manager.")
		return
	case checkDays("", line.Valid) != nil:
		x.fault("valid_to", "end-before-start", "%s lies before %s; both are whole days and included.", line.Valid.To, line.Valid.From)
		return
	case exists && twice:
		x.fault("person", "duplicate-items", "An earlier row names the same line: the same people, kind and first day.")
		return
	}
	switch {
	case !exists:
		line.ID = service.New[supervision.LineID](l.house)
		l.at[lineKey(line)] = len(l.all)
		l.all = append(l.all, line)
		l.put(&l.Created, line)
	case service.Same(l.all[at], line):
		l.Unchanged++
	default:
		l.all[at] = line
		l.put(&l.Updated, line)
	}
	l.named[line.ID] = x.Line
}

// put keeps the writing of a line for later.
func (l *lineList) put(count *int, line supervision.ReportingLine) {
	l.touched = append(l.touched, line.Person)
	l.then(count, func() error { return l.tx.PutLine(&line) })
}

// someone reads a person by external id.
func (x *row) someone(f rosterFacts, name string) supervision.PersonID {
	key, _ := x.text(name)
	if key == "" {
		return supervision.PersonID{}
	}
	p, ok := f.people[key]
	if !ok {
		x.fault(name, "unknown-person", "There is nobody with this external id. Import people first.")
	}
	return p.ID
}

// end ends what a full list does not name, of those lines that it could name.
func (l *lineList) end() {
	known := map[supervision.PersonID]bool{}
	for _, p := range l.facts.people {
		known[p.ID] = true
	}
	for i, line := range l.all {
		if !line.Valid.Holds(l.facts.today) || line.Version == 0 || !known[line.Person] || !known[line.Manager] {
			continue
		}
		l.base++
		if _, ok := l.named[line.ID]; ok {
			continue
		}
		line.Valid.To = l.facts.today.AddDays(-1)
		if line.Valid.To.Before(line.Valid.From) {
			line.Valid.To = line.Valid.From // it began today
		}
		if line.Valid != l.all[i].Valid {
			l.all[i] = line
			l.put(&l.Ended, line)
		}
	}
}

// mostCircles is how many circles one import names.
const mostCircles = 20

// circles notes, at the rows that bring them, the circles that lines form.
func (l *lineList) circles() {
	all := l.all
	for range mostCircles {
		circle := all.Cycle()
		if circle == nil {
			return
		}
		on := func(o supervision.ReportingLine) bool { // the circle goes from each to their manager
			at := slices.Index(circle, o.Person)
			return at >= 0 && circle[(at+1)%len(circle)] == o.Manager
		}
		brought := false
		for _, o := range all {
			if line, ok := l.named[o.ID]; ok && on(o) {
				brought = true
				l.fault(line, "manager", "line-cycle", "%d people would be each other's managers in a circle.", len(circle))
			}
		}
		if !brought {
			l.fault(1, "", "line-cycle", "The lines that are there form a circle of %d people already.", len(circle))
		}
		all = slices.DeleteFunc(slices.Clone(all), on)
	}
}
