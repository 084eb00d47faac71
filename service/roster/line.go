package roster

import (
	"context"
	"maps"
	"slices"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// LineSeen is a reporting line with the names of its two people.
type LineSeen struct {
	supervision.ReportingLine
	PersonName  string
	ManagerName string
}

type seenLine = service.Seen[LineSeen]

// ListLines is a page of the reporting lines that the actor may see, and whether there are more.
func (s *Service) ListLines(ctx context.Context, actor supervision.Actor, f store.LineFilter, p store.Page) (list []seenLine, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		rows, err := tx.ListLines(f, p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		plain, err := service.SeenAll(tx, store.Lines, "listReportingLines", rows, func(l supervision.ReportingLine) supervision.UUID { return l.ID.Any() })
		if err != nil {
			return err
		}
		list, err = s.linesNamed(tx, plain...)
		return err
	})
	return list, more, err
}

func (s *Service) linesNamed(tx *store.Tx, plain ...service.Seen[supervision.ReportingLine]) ([]seenLine, error) {
	var people []supervision.PersonID
	for _, l := range plain {
		people = append(people, l.Object.Person, l.Object.Manager)
	}
	names, err := tx.Names(people)
	list := make([]seenLine, len(plain))
	for i, l := range plain {
		list[i] = seenLine{Object: LineSeen{l.Object, names[l.Object.Person], names[l.Object.Manager]}, View: l.View}
	}
	return list, err
}

// CreateLine says that a person reports to a manager.
func (s *Service) CreateLine(ctx context.Context, c service.Call, l supervision.ReportingLine) (service.Outcome[seenLine], error) {
	return service.Act(ctx, s.House, c, service.Step[seenLine]{
		May: func(tx *store.Tx) (service.Target, error) {
			person, err := tx.Person(l.Person)
			if err != nil && supervision.KindOf(err) != supervision.NotFound {
				return service.Target{}, err
			}
			return s.onTenant(tx, "createReportingLine", store.Lines, person.Organisation.Any())
		},
		Act: func(tx *store.Tx) (seenLine, error) {
			l := l
			l.ID, l.Version = service.New[supervision.LineID](s.House), 0
			if err := s.known(tx, []supervision.PersonID{l.Person, l.Manager}, func(i int) string { return []string{"/person_id", "/manager_id"}[i] }); err != nil {
				return seenLine{}, err
			}
			return s.putLine(tx, l, supervision.ViewManager)
		},
		Made: func(x seenLine) supervision.UUID { return x.Object.ID.Any() },
	})
}

// UpdateLine changes the days and the kind of a reporting line. It is ended by its last day, never deleted.
func (s *Service) UpdateLine(ctx context.Context, c service.Call, id supervision.LineID, change func(*supervision.ReportingLine)) (service.Outcome[seenLine], error) {
	return service.Act(ctx, s.House, c, service.Step[seenLine]{
		May: func(tx *store.Tx) (service.Target, error) {
			return on(tx, store.Lines, "updateReportingLine", id.Any())
		},
		Act: func(tx *store.Tx) (seenLine, error) {
			view, err := tx.See(store.Lines, "listReportingLines", id.Any())
			if err != nil {
				return seenLine{}, err
			}
			before, err := tx.Line(id)
			if err != nil {
				return seenLine{}, err
			}
			l := before
			change(&l)
			if service.Same(before, l) {
				list, err := s.linesNamed(tx, service.Seen[supervision.ReportingLine]{Object: l, View: view})
				return list[0], err // the step is already taken
			}
			if err := c.Tagged(before.Version, view); err != nil {
				return seenLine{}, err
			}
			return s.putLine(tx, l, view)
		},
	})
}

// putLine judges a line among all others, which nobody else changes meanwhile, and writes it.
func (s *Service) putLine(tx *store.Tx, l supervision.ReportingLine, view supervision.View) (seenLine, error) {
	if err := l.Check(); err != nil {
		return seenLine{}, err
	}
	if err := tx.LockLines(); err != nil {
		return seenLine{}, err
	}
	all, err := tx.Lines()
	if err != nil {
		return seenLine{}, err
	}
	all = slices.DeleteFunc(all, func(o supervision.ReportingLine) bool { return o.ID == l.ID })
	for _, o := range all {
		if lineKey(o) == lineKey(l) {
			return seenLine{}, supervision.Fault(supervision.Conflict, "conflict", "There is such a line from that day already. Change its last day.")
		}
	}
	all = append(all, l)
	if circle := all.Cycle(); circle != nil {
		return seenLine{}, supervision.LineCycle(len(circle))
	}
	if err := tx.PutLine(&l); err != nil {
		return seenLine{}, err
	}
	if err := s.recheckLines(tx, all, l.Person); err != nil {
		return seenLine{}, err
	}
	list, err := s.linesNamed(tx, service.Seen[supervision.ReportingLine]{Object: l, View: view})
	return list[0], err
}

// recheckLines rings for the sessions that lines above these people may forbid (H05 to H08, H10): theirs, those of everybody
// below them, and those of the mentors of all of these.
func (s *Service) recheckLines(tx *store.Tx, lines supervision.Lines, people ...supervision.PersonID) error {
	below := lines.Below(people)
	pairs, err := tx.Pairs()
	if err != nil {
		return err
	}
	about := slices.Collect(maps.Keys(below))
	for _, p := range pairs {
		all := p.People()
		if slices.ContainsFunc(all, func(x supervision.PersonID) bool { return below[x] }) {
			about = append(about, all...)
		}
	}
	slices.SortFunc(about, supervision.PersonID.Compare)
	return service.Recheck(tx, slices.Compact(about)...)
}
