package calendartest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"kreds/calendar"
	"kreds/calendar/ics"
)

// TestSink runs the suite of calendar.Sink. newAccount is called once for each case; its Source must be a Sink too.
func TestSink(t *testing.T, newAccount func(t *testing.T) Account) {
	for _, c := range []struct {
		name  string
		needs func(h Hand) bool // nil: always
		run   func(t *testing.T, s *sinkCase)
	}{
		{"puts an appointment, once", nil, putsOnce},
		{"writes what it was given and nothing else", nil, writesNeutral},
		{"replaces its own version", nil, replaces},
		{"keeps one object through changes", nil, keepsOne},
		{"keeps what its owner has added", func(h Hand) bool { return h.Get != nil }, keepsAdded},
		{"does not touch what its owner has moved", nil, sparesMoved},
		{"does not bring back what its owner has deleted", nil, sparesDeleted},
		{"does not overwrite somebody else's event", func(h Hand) bool { return h.Occupy != nil }, sparesForeign},
		{"reports a UID that stands elsewhere", func(h Hand) bool { return h.Elsewhere != nil }, reportsElsewhere},
		{"deletes its own version", nil, deletes},
		{"does not delete another version", nil, sparesOtherVersion},
		{"says that a calendar is gone", func(h Hand) bool { return h.Drop != nil }, sinkSaysGone},
		{"puts once when asked by many", nil, putsOnceByMany},
		{"lets one of several win", nil, letsOneWin},
		{"refuses what is no appointment", nil, refusesNoAppointment},
	} {
		a := newAccount(t)
		if c.needs == nil || c.needs(a.Hand) {
			t.Run(c.name, func(t *testing.T) { c.run(t, &sinkCase{a, a.Source.(calendar.Sink)}) })
		}
	}
}

type sinkCase struct {
	Account
	sink calendar.Sink
}

// name is a delivery name: 32 characters of base32hex.
const name = "0123456789abcdefghijklmnopqrstuv"

func appointment() calendar.Appointment {
	return calendar.Appointment{
		UID: name, Interval: on(20, 9), Sequence: 0, Status: calendar.TentativeStatus,
		Modified: time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC), URL: "https://kreds.example.org/r/5f2b8c",
	}
}

func (s *sinkCase) put(t *testing.T, a calendar.Appointment, etag string) calendar.Placed {
	t.Helper()
	p, err := s.sink.Put(t.Context(), s.Ref, a, etag)
	if err != nil {
		t.Fatalf("Put: %v", err)
	}
	return p
}

// stands checks that the appointment, and nothing else, stands under its name.
func (s *sinkCase) stands(t *testing.T, a calendar.Appointment, at calendar.Placed) {
	t.Helper()
	f, ok, err := s.sink.Find(t.Context(), s.Ref, a.UID)
	if err != nil || !ok || !f.Ours || !ics.Same(a, f) {
		t.Errorf("Find: %+v, %v, %v; want %+v", f, ok, err, a)
	}
	if f.Placed != at || at.Href == "" || at.ETag == "" {
		t.Errorf("it stands at %+v, and Put said %+v", f.Placed, at)
	}
	s.objects(t, 1)
}

// objects checks how many objects the calendar holds.
func (s *sinkCase) objects(t *testing.T, want int) []calendar.Object {
	t.Helper()
	d, err := s.Source.Changes(t.Context(), s.Ref, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Objects) != want {
		t.Errorf("the calendar holds %d objects, want %d", len(d.Objects), want)
	}
	return d.Objects
}

func putsOnce(t *testing.T, s *sinkCase) {
	a := appointment()
	if _, ok, err := s.sink.Find(t.Context(), s.Ref, a.UID); ok || err != nil {
		t.Fatalf("before: %v, %v", ok, err)
	}
	p := s.put(t, a, "")
	s.stands(t, a, p)
	if again := s.put(t, a, ""); again != p { // the first answer was lost
		t.Errorf("put again it stands at %+v, not at %+v", again, p)
	}
	s.stands(t, a, p)
}

func writesNeutral(t *testing.T, s *sinkCase) {
	a := appointment()
	s.put(t, a, "")
	for _, o := range s.objects(t, 1) {
		if o.UID != a.UID || o.Fault != "" || len(o.Events) != 1 || len(o.Events[0].Rules) != 0 || o.Events[0].PartStat != "" || o.Events[0].Transparent {
			t.Errorf("the source reads %+v", o)
		}
		x, err := ics.Expand(o, ics.Options{Window: on(20, 9), Owner: time.UTC})
		if err != nil || len(x.Busy) != 1 || x.Busy[0].Interval != a.Interval || x.Busy[0].Kind != calendar.TentativeTime {
			t.Errorf("it takes %+v, %v", x.Busy, err)
		}
	}
}

func replaces(t *testing.T, s *sinkCase) {
	a := appointment()
	p := s.put(t, a, "")
	b := a
	b.Interval, b.Sequence, b.Status = on(21, 10), 1, calendar.Confirmed
	q := s.put(t, b, p.ETag)
	s.stands(t, b, q)
	if again := s.put(t, b, p.ETag); again != q { // the first answer was lost
		t.Errorf("put again it stands at %+v, not at %+v", again, q)
	}
	// An older version does not win over a newer one.
	if _, err := s.sink.Put(t.Context(), s.Ref, a, p.ETag); !errors.Is(err, calendar.ErrPrecondition) {
		t.Errorf("a stale ETag: %v, want ErrPrecondition", err)
	}
	if _, err := s.sink.Put(t.Context(), s.Ref, a, ""); !errors.Is(err, calendar.ErrPrecondition) {
		t.Errorf("no ETag: %v, want ErrPrecondition", err)
	}
	s.stands(t, b, q)
}

func keepsOne(t *testing.T, s *sinkCase) {
	a := appointment()
	p := s.put(t, a, "")
	for i := range 3 {
		a.Interval, a.Sequence, a.InPerson = on(22+i, 9), i+1, i%2 == 0
		p = s.put(t, a, p.ETag)
		s.stands(t, a, p)
	}
	a.Status, a.Sequence = calendar.Cancelled, 4
	s.stands(t, a, s.put(t, a, p.ETag))
}

func deletes(t *testing.T, s *sinkCase) {
	a := appointment()
	p := s.put(t, a, "")
	for range 2 { // the second time it is deleted already
		if err := s.sink.Delete(t.Context(), s.Ref, a.UID, p.ETag); err != nil {
			t.Errorf("Delete: %v", err)
		}
		s.objects(t, 0)
	}
	s.stands(t, a, s.put(t, a, ""))
	if err := s.sink.Delete(t.Context(), s.Ref, a.UID, ""); err != nil {
		t.Errorf("Delete in whatever version: %v", err)
	}
	s.objects(t, 0)
}

func refusesNoAppointment(t *testing.T, s *sinkCase) {
	for what, change := range map[string]func(*calendar.Appointment){
		"no UID":      func(a *calendar.Appointment) { a.UID = "" },
		"no time":     func(a *calendar.Appointment) { a.End = a.Start },
		"no revision": func(a *calendar.Appointment) { a.Modified = time.Time{} },
	} {
		a := appointment()
		change(&a)
		if _, err := s.sink.Put(t.Context(), s.Ref, a, ""); !errors.Is(err, calendar.ErrInvalidData) {
			t.Errorf("%s: %v, want ErrInvalidData", what, fmt.Sprint(err))
		}
	}
	s.objects(t, 0)
}
