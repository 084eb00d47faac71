package calendars

import (
	"context"
	"slices"
	"strconv"
	"time"

	"kreds/calendar"
	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// Declared is what a person declares of their availability. Warnings are about times that the clocks show twice.
type Declared struct {
	supervision.Declaration
	Person   supervision.PersonID
	Warnings []supervision.Field
}

type seenDeclared = service.Seen[Declared]

// GetDeclaredAvailability returns what a person declares.
func (s *Service) GetDeclaredAvailability(ctx context.Context, actor supervision.Actor, p supervision.PersonID) (seen seenDeclared, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		if seen.View, err = tx.May(store.People, "getDeclaredAvailability", p.Any()); err != nil {
			return err
		}
		d, err := tx.Declared(p)
		if err != nil {
			return err
		}
		seen.Object, err = declared(p, d, false)
		return err
	})
	return seen, err
}

// PutDeclaredAvailability replaces what a person declares. Under strict a time that the clocks show twice is refused; a time
// that they skip always is.
func (s *Service) PutDeclaredAvailability(ctx context.Context, c service.Call, p supervision.PersonID, d supervision.Declaration, strict bool) (service.Outcome[seenDeclared], error) {
	return service.Act(ctx, s.House, c, service.Step[seenDeclared]{
		May: func(tx *store.Tx) (service.Target, error) {
			return on(tx, store.People, "putDeclaredAvailability", p.Any())
		},
		Act: func(tx *store.Tx) (seen seenDeclared, err error) {
			if err := tx.LockPeople([]supervision.PersonID{p}); err != nil {
				return seen, err
			}
			if seen.View, err = tx.May(store.People, "getDeclaredAvailability", p.Any()); err != nil {
				return seen, err
			}
			d := d
			if seen.Object, err = declared(p, d, strict); err != nil {
				return seen, err
			}
			was, err := tx.Declared(p)
			if err != nil && !notThere(err) {
				return seen, err
			}
			d.Version = was.Version
			switch {
			case was.Version == 0:
				err = c.Untouched()
			case same(was, d):
				seen.Object.Version = was.Version // the step is already taken
				return seen, nil
			default:
				err = c.Tagged(was.Version, seen.View)
			}
			if err != nil {
				return seen, err
			}
			before, err := health(tx, p)
			if err != nil {
				return seen, err
			}
			if err := tx.PutDeclared(p, &d); err != nil {
				return seen, err
			}
			seen.Object.Version = d.Version
			return seen, s.follow(tx, p, before, true, supervision.SessionID{})
		},
	})
}

func same(x, y supervision.Declaration) bool {
	return x.TimeZone == y.TimeZone && x.ValidTo == y.ValidTo && slices.Equal(x.Weekly, y.Weekly) && slices.Equal(x.Exceptions, y.Exceptions)
}

// declared judges the times of a declaration on the clock of its zone.
func declared(p supervision.PersonID, d supervision.Declaration, strict bool) (Declared, error) {
	out := Declared{Declaration: d, Person: p}
	loc, err := calendar.LoadZone(d.TimeZone)
	if err != nil {
		return out, supervision.Faulty("/time_zone", "unknown-zone", "%q is not an IANA time zone, for example Europe/Copenhagen.", d.TimeZone)
	}
	var f supervision.Faults
	judge := func(pointer string, w supervision.WallTime) {
		switch shown := timesShown(w, loc); {
		case shown == 0:
			f.Add(pointer, "nonexistent-local-time", "On that day the clocks of %s skip this time. Choose another one.", d.TimeZone)
		case shown > 1 && strict:
			f.Add(pointer, "ambiguous-local-time", "On that day the clocks of %s show this time twice. Choose another one.", d.TimeZone)
		case shown > 1:
			out.Warnings = append(out.Warnings, supervision.Field{Pointer: "#" + pointer, Code: "ambiguous-local-time",
				Detail: "On that day the clocks show this time twice; the first time is meant."})
		}
	}
	for i, e := range d.Exceptions {
		at := "/exceptions/" + strconv.Itoa(i)
		judge(at+"/start_local", e.Start)
		judge(at+"/end_local", e.End)
	}
	return out, f.Err()
}

// timesShown counts how often the clocks of a zone show a wall time: once, twice where they are set back, never where they
// are set forward.
func timesShown(w supervision.WallTime, loc *time.Location) (n int) {
	wall := time.Date(w.On.Year, w.On.Month, w.On.Day, 0, w.Minute, 0, 0, time.UTC)
	offsets := map[int]bool{}
	for _, h := range []time.Duration{-26 * time.Hour, 26 * time.Hour} {
		_, offset := wall.Add(h).In(loc).Zone()
		offsets[offset] = true
	}
	for offset := range offsets {
		at := wall.Add(-time.Duration(offset) * time.Second)
		if _, is := at.In(loc).Zone(); is == offset {
			n++
		}
	}
	return n
}
