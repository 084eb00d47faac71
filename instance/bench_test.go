package instance_test

import (
	"testing"

	"kreds/instance"
	"kreds/instance/scenario"
	"kreds/supervision"
)

// A whole cycle of 23 mentors, and all its sessions at hand at once, as a publication claims them.
func BenchmarkBuild(b *testing.B) {
	s := scenario.S2()
	f, err := s.Facts(local("01-11 09:00"))
	if err != nil {
		b.Fatal(err)
	}
	b.Run("cycle", func(b *testing.B) {
		for b.Loop() {
			if _, err := instance.Build(f); err != nil {
				b.Fatal(err)
			}
		}
	})
	var sessions []supervision.Session
	for _, e := range s.Enrolments {
		for i, r := range s.Rounds[1:] {
			start := r.Window.From.AddDays(3 + i).Midnight(copenhagen).Add(8 * 3600e9)
			sessions = append(sessions, supervision.Session{ID: supervision.SessionID{byte(len(sessions) + 1)}, Round: r.ID, Kind: r.Kind, Supervisor: f.Supervisors[0].ID,
				Mentors: []supervision.Attendance{{Person: e.Mentor}}, Start: start, End: start.Add(3600e9)})
		}
	}
	b.Run("claim", func(b *testing.B) {
		for b.Loop() {
			if _, err := instance.For(f, sessions...); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("one", func(b *testing.B) {
		one := f
		one.Mentors, one.Supervisors = f.Mentors[:1], f.Supervisors[:1]
		for b.Loop() {
			if _, err := instance.For(one, sessions[0]); err != nil {
				b.Fatal(err)
			}
		}
	})
}
