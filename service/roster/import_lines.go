package roster

import (
	"slices"

	"kreds/service"
	"kreds/supervision"
)

// lines imports reporting lines. A line is known by its two people, its kind and its first day; circles are looked for, on
// every day, among what is there and what the list brings. A full list ends, by yesterday, the lines of today that it does not
// name.
func (r *importing) lines(s *Service, rows []supervision.ImportRow) error {
	if err := r.tx.LockLines(); err != nil {
		return err
	}
	all, err := r.tx.Lines()
	if err != nil {
		return err
	}
	f, err := r.rosterFacts()
	if err != nil {
		return err
	}
	known := map[supervision.PersonID]bool{}
	for _, p := range f.people {
		known[p.ID] = true
	}
	there := map[supervision.ReportingLine]int{}
	for i, l := range all {
		there[lineKey(l)] = i
	}
	lineOf := map[supervision.LineID]int{} // where the list names it
	var touched []supervision.PersonID
	for _, in := range rows {
		x := r.read(in)
		l := supervision.ReportingLine{Person: x.someone(f, "person"), Manager: x.someone(f, "manager"), Kind: one(x, "kind", supervision.LineDirect, supervision.LineDirect, supervision.LineMatrix)}
		l.Valid.From, _ = x.day("valid_from")
		to, given := x.day("valid_to")
		l.Valid.To = to
		if x.bad {
			continue
		}
		if l.Person == l.Manager {
			x.fault("manager", "same-person", "Nobody is their own manager.")
			continue
		}
		at, exists := there[lineKey(l)]
		if exists {
			if !given {
				to = all[at].Valid.To
			}
			l = all[at]
			l.Valid.To = to
		}
		if checkDays("", l.Valid) != nil {
			x.fault("valid_to", "end-before-start", "%s lies before %s; both are whole days and included.", l.Valid.To, l.Valid.From)
			continue
		}
		if _, twice := lineOf[l.ID]; exists && twice {
			x.fault("person", "duplicate-items", "An earlier row names the same line: the same people, kind and first day.")
			continue
		}
		switch {
		case exists && service.Same(all[at], l):
			r.Unchanged++
		case exists:
			all[at] = l
			touched = append(touched, l.Person)
			r.then(&r.Updated, func() error { return r.tx.PutLine(&l) })
		default:
			l.ID = service.New[supervision.LineID](r.house)
			all, there[lineKey(l)] = append(all, l), len(all)
			touched = append(touched, l.Person)
			r.then(&r.Created, func() error { return r.tx.PutLine(&l) })
		}
		lineOf[l.ID] = x.Line
	}
	touched = append(touched, r.endLines(all, lineOf, known)...)
	r.circles(all, lineOf)
	if len(touched) > 0 {
		r.steps = append(r.steps, func() error { return s.recheckLines(r.tx, all, touched...) })
	}
	return nil
}

// lineKey is what makes a line this one and no other.
func lineKey(l supervision.ReportingLine) supervision.ReportingLine {
	return supervision.ReportingLine{Person: l.Person, Manager: l.Manager, Kind: l.Kind, Valid: supervision.Days{From: l.Valid.From}}
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

// endLines ends what a full list does not name, of those lines that it could name.
func (r *importing) endLines(all supervision.Lines, named map[supervision.LineID]int, known map[supervision.PersonID]bool) (touched []supervision.PersonID) {
	today := r.tx.Today()
	if !r.Full {
		return nil
	}
	for i, l := range all {
		if !l.Valid.Holds(today) || l.Version == 0 || !known[l.Person] || !known[l.Manager] {
			continue
		}
		r.base++
		if _, ok := named[l.ID]; ok {
			continue
		}
		l.Valid.To = today.AddDays(-1)
		if l.Valid.To.Before(l.Valid.From) {
			l.Valid.To = l.Valid.From // it began today
		}
		if l.Valid == all[i].Valid {
			continue
		}
		all[i] = l
		touched = append(touched, l.Person)
		r.then(&r.Ended, func() error { return r.tx.PutLine(&l) })
	}
	return touched
}

// mostCircles is how many circles one import names.
const mostCircles = 20

// circles notes, at the rows that bring them, the circles that lines form.
func (r *importing) circles(all supervision.Lines, lineOf map[supervision.LineID]int) {
	for range mostCircles {
		circle := all.Cycle()
		if circle == nil {
			return
		}
		on := func(l supervision.ReportingLine) bool { // the circle goes from each to their manager
			at := slices.Index(circle, l.Person)
			return at >= 0 && circle[(at+1)%len(circle)] == l.Manager
		}
		brought := false
		for _, l := range all {
			if line, ok := lineOf[l.ID]; ok && on(l) {
				brought = true
				r.fault(line, "manager", "line-cycle", "%d people would be each other's managers in a circle.", len(circle))
			}
		}
		if !brought {
			r.fault(1, "", "line-cycle", "The lines that are there form a circle of %d people already.", len(circle))
		}
		all = slices.DeleteFunc(slices.Clone(all), on)
	}
}
