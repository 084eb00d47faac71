package calendartest

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"kreds/calendar"
)

// keepsAdded: another title, place and alarm at the same time are no conflict, and a change of the session keeps them.
func keepsAdded(t *testing.T, s *sinkCase) {
	a := appointment()
	p := s.put(t, a, "")
	s.Hand.Put(t, Event{UID: a.UID, Interval: a.Interval, Alarm: true})
	a.Interval, a.Status, a.Sequence, a.InPerson = on(21, 9), calendar.Confirmed, 1, true
	if _, err := s.sink.Put(t.Context(), s.Ref, a, p.ETag); !errors.Is(err, calendar.ErrPrecondition) {
		t.Errorf("Put: %v, want ErrPrecondition", err)
	}
	f, _, err := s.sink.Find(t.Context(), s.Ref, a.UID)
	if err != nil {
		t.Fatal(err)
	}
	s.stands(t, a, s.put(t, a, f.ETag))
	stands := s.Hand.Get(t, a.UID)
	for _, line := range []string{"SUMMARY:" + Secret, "LOCATION:" + Secret, "BEGIN:VALARM", "TRIGGER:-PT15M", "URL:" + a.URL} {
		if !strings.Contains(stands, line) {
			t.Errorf("it lacks %s:\n%s", line, stands)
		}
	}
}

func sparesMoved(t *testing.T, s *sinkCase) {
	a := appointment()
	p := s.put(t, a, "")
	moved := Event{UID: a.UID, Interval: on(20, 15)}
	s.Hand.Put(t, moved)
	b := a
	b.Sequence = 1
	if _, err := s.sink.Put(t.Context(), s.Ref, b, p.ETag); !errors.Is(err, calendar.ErrPrecondition) {
		t.Errorf("Put: %v, want ErrPrecondition", err)
	}
	f, ok, err := s.sink.Find(t.Context(), s.Ref, a.UID)
	if err != nil || !ok || !f.Ours || f.Interval != moved.Interval {
		t.Errorf("Find: %+v, %v, %v; want it where its owner moved it", f, ok, err)
	}
	// Having looked, Kreds may decide for its own version.
	s.stands(t, b, s.put(t, b, f.ETag))
}

func sparesDeleted(t *testing.T, s *sinkCase) {
	a := appointment()
	p := s.put(t, a, "")
	s.Hand.Delete(t, a.UID)
	a.Sequence = 1
	if _, err := s.sink.Put(t.Context(), s.Ref, a, p.ETag); !errors.Is(err, calendar.ErrPrecondition) {
		t.Errorf("Put: %v, want ErrPrecondition", err)
	}
	s.objects(t, 0)
}

func sparesForeign(t *testing.T, s *sinkCase) {
	a := appointment()
	s.Hand.Occupy(t, a.UID)
	f, ok, err := s.sink.Find(t.Context(), s.Ref, a.UID)
	if err != nil || !ok || f.Ours {
		t.Errorf("Find: %+v, %v, %v; want it found and not ours", f, ok, err)
	}
	for _, etag := range []string{"", `"made-up"`} {
		if _, err := s.sink.Put(t.Context(), s.Ref, a, etag); !errors.Is(err, calendar.ErrPrecondition) {
			t.Errorf("Put with ETag %q: %v, want ErrPrecondition", etag, err)
		}
		if err := s.sink.Delete(t.Context(), s.Ref, a.UID, etag); !errors.Is(err, calendar.ErrPrecondition) {
			t.Errorf("Delete with ETag %q: %v, want ErrPrecondition", etag, err)
		}
	}
	for _, o := range s.objects(t, 1) {
		if o.UID == a.UID {
			t.Error("somebody else's event was overwritten")
		}
	}
}

func reportsElsewhere(t *testing.T, s *sinkCase) {
	a := appointment()
	s.Hand.Elsewhere(t, a.UID)
	if _, err := s.sink.Put(t.Context(), s.Ref, a, ""); !errors.Is(err, calendar.ErrUIDConflict) {
		t.Errorf("Put: %v, want ErrUIDConflict", err)
	}
	s.objects(t, 1)
}

func sparesOtherVersion(t *testing.T, s *sinkCase) {
	a := appointment()
	p := s.put(t, a, "")
	s.Hand.Put(t, Event{UID: a.UID, Interval: on(20, 15)})
	if err := s.sink.Delete(t.Context(), s.Ref, a.UID, p.ETag); !errors.Is(err, calendar.ErrPrecondition) {
		t.Errorf("Delete: %v, want ErrPrecondition", err)
	}
	s.objects(t, 1)
}

func sinkSaysGone(t *testing.T, s *sinkCase) {
	a := appointment()
	p := s.put(t, a, "")
	s.Hand.Drop(t)
	for _, etag := range []string{"", p.ETag} {
		if _, err := s.sink.Put(t.Context(), s.Ref, a, etag); !errors.Is(err, calendar.ErrGone) {
			t.Errorf("Put with ETag %q: %v, want ErrGone", etag, err)
		}
	}
	if err := s.sink.Delete(t.Context(), s.Ref, a.UID, p.ETag); err != nil {
		t.Errorf("Delete: %v; what is not there is deleted", err)
	}
}

func putsOnceByMany(t *testing.T, s *sinkCase) {
	a := appointment()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := s.sink.Put(t.Context(), s.Ref, a, ""); err != nil {
				t.Errorf("Put: %v", err)
			}
		})
	}
	wg.Wait()
	s.stands(t, a, s.put(t, a, ""))
}

func letsOneWin(t *testing.T, s *sinkCase) {
	errs := make([]error, 6)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			a := appointment()
			a.Sequence = i
			_, errs[i] = s.sink.Put(t.Context(), s.Ref, a, "")
		})
	}
	wg.Wait()
	f, ok, err := s.sink.Find(t.Context(), s.Ref, name)
	if err != nil || !ok {
		t.Fatalf("Find: %v, %v", ok, err)
	}
	for i, err := range errs {
		if won := i == f.Sequence; won != (err == nil) || !won && !errors.Is(err, calendar.ErrPrecondition) {
			t.Errorf("number %d stands, and number %d was told %v", f.Sequence, i, err)
		}
	}
	s.objects(t, 1)
}
