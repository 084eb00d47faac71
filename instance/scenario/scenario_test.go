package scenario_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kreds/calendar"
	"kreds/instance"
	"kreds/instance/scenario"
	"kreds/supervision"
)

// before is an instant three weeks before a scenario's first day.
func before(s scenario.Scenario) time.Time {
	return s.Cycle.Span.From.AddDays(-21).Midnight(time.UTC).Add(8 * time.Hour)
}

func facts(t *testing.T, s scenario.Scenario) instance.Facts {
	t.Helper()
	f, err := s.Facts(before(s))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func build(t *testing.T, s scenario.Scenario) instance.Built {
	t.Helper()
	b, err := instance.Build(facts(t, s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func all(t *testing.T) []scenario.Scenario {
	t.Helper()
	var out []scenario.Scenario
	for _, name := range scenario.Names() {
		s, err := scenario.Named(name)
		if err != nil || s.Name != name {
			t.Fatal(name, s.Name, err)
		}
		out = append(out, s)
	}
	return out
}

func TestScenariosAreSound(t *testing.T) {
	for _, s := range all(t) {
		t.Run(s.Name, func(t *testing.T) {
			ids, emails, externals := map[supervision.UUID]bool{}, map[string]bool{}, map[string]bool{}
			fresh := func(id supervision.UUID) {
				if id.IsZero() || ids[id] || id[6]>>4 != 8 || id[8]>>6 != 2 {
					t.Errorf("id %s is used twice, or no UUID of version 8", id)
				}
				ids[id] = true
			}
			known := func(p supervision.PersonID) {
				if _, ok := s.Person(p); !ok {
					t.Errorf("nobody is %s", p)
				}
			}
			fresh(s.Tenant.ID.Any())
			fresh(s.Programme.ID.Any())
			fresh(s.Template.ID.Any())
			fresh(s.Cycle.ID.Any())
			for _, o := range s.Organisations {
				fresh(o.ID.Any())
				if len(s.Holidays[o.ID]) != 8 {
					t.Errorf("%s has %d holidays", o.Name, len(s.Holidays[o.ID]))
				}
			}
			for _, p := range s.People {
				fresh(p.ID.Any())
				if !strings.HasSuffix(p.Email, ".example") || emails[p.Email] || externals[p.ExternalID] || !strings.HasSuffix(p.Name, " Demo") {
					t.Errorf("%s %s <%s> is not visibly made up, or stands there twice", p.ExternalID, p.Name, p.Email)
				}
				emails[p.Email], externals[p.ExternalID] = true, true
				if !slices.ContainsFunc(s.Organisations, func(o supervision.Organisation) bool { return o.ID == p.Organisation }) {
					t.Errorf("%s belongs nowhere", p.Name)
				}
			}
			for _, r := range s.Roles {
				fresh(r.ID.Any())
				known(r.Person)
			}
			for _, l := range s.Lines {
				fresh(l.ID.Any())
				known(l.Person)
				known(l.Manager)
				if err := l.Check(); err != nil {
					t.Error(err)
				}
			}
			if circle := s.Lines.Cycle(); circle != nil {
				t.Errorf("managers in a circle: %v", circle)
			}
			mentoring := map[supervision.PersonID]bool{}
			for _, p := range s.Pairs {
				fresh(p.ID.Any())
				for _, x := range slices.Concat(p.Mentors, p.Mentees) {
					known(x)
				}
				mentoring[p.Mentors[0]] = true
			}
			for _, r := range s.Rounds {
				fresh(r.ID.Any())
			}
			role := func(p supervision.PersonID, want supervision.Role) {
				if !slices.ContainsFunc(s.Roles, func(r supervision.RoleAssignment) bool { return r.Person == p && r.Role == want }) {
					t.Errorf("%s is no %s", p, want)
				}
			}
			for _, e := range s.Enrolments {
				fresh(e.ID.Any())
				role(e.Mentor, supervision.RoleMentor)
				if !mentoring[e.Mentor] {
					t.Errorf("%s mentors nobody", e.Mentor)
				}
			}
			for _, a := range s.Assignments {
				fresh(a.ID.Any())
				role(a.Supervisor, supervision.RoleSupervisor)
			}
			role(s.Programme.Lead, supervision.RoleProgrammeManager)
			if len(s.Programme.Purpose) < 30 {
				t.Errorf("a purpose of %d bytes", len(s.Programme.Purpose))
			}
			if b := build(t, s); len(b.Problem.Dependent) != 0 {
				t.Errorf("supervisors stand outside: %v", b.Problem.Dependent)
			}
		})
	}
	if _, err := scenario.Named("s9"); err == nil || !strings.Contains(err.Error(), "s1a") {
		t.Errorf("a scenario that is none: %v", err)
	}
}

func TestAScenarioIsTheSameEachTime(t *testing.T) {
	again := all(t)
	for i, s := range all(t) {
		if diff := cmp.Diff(s, again[i]); diff != "" {
			t.Error(diff)
		}
	}
}

// Calendars are believable: about as full as they should be, nobody in two meetings at once, meetings of several people, series and
// single ones, within office hours.
func TestCalendars(t *testing.T) {
	for name, share := range map[string]float64{"s1": 0.10, "s2": 0.20, "s3": 0.10} {
		s, _ := scenario.Named(name)
		busy, err := s.Busy()
		if err != nil {
			t.Fatal(err)
		}
		zone, _ := calendar.LoadZone("Europe/Copenhagen")
		hours, single, series, shared := map[supervision.PersonID]time.Duration{}, 0, 0, 0
		uids := map[string]bool{}
		for _, m := range s.Meetings {
			if uids[m.UID] {
				t.Errorf("%s twice", m.UID)
			}
			uids[m.UID] = true
			times, _ := m.Occurrences()
			for _, o := range times {
				start := o.Start.In(zone)
				if wd := start.Weekday(); wd == time.Saturday || wd == time.Sunday || start.Hour() < 8 || o.End.In(zone).Hour()*60+o.End.In(zone).Minute() > 17*60 {
					t.Fatalf("%s: %s", m.UID, start)
				}
				if name == "s3" && supervision.DateOf(start) == scenario.LearningDay {
					t.Fatalf("%s lies on the learning day", m.UID)
				}
				for _, p := range m.People {
					hours[p] += o.End.Sub(o.Start)
				}
			}
			if m.Times == 1 && m.Rule() == "" {
				single++
			} else if strings.HasPrefix(m.Rule(), "FREQ=WEEKLY;INTERVAL=") {
				series++
			}
			if len(m.People) > 1 {
				shared++
			}
		}
		if single < len(s.Meetings)/4 || series < 5 || shared < len(s.Meetings)/2 || single+series != len(s.Meetings) {
			t.Errorf("%s: of %d meetings %d are single, %d series, %d shared", name, len(s.Meetings), single, series, shared)
		}
		weeks := float64(s.Cycle.Span.From.DaysUntil(s.Cycle.Span.To)+1) / 7
		for p, sum := range hours {
			var union time.Duration
			for _, b := range busy[p] {
				union += b.End.Sub(b.Start)
			}
			if union != sum {
				t.Errorf("%s: %s is in two meetings at once", name, p)
			}
			if is := sum.Hours() / (45 * weeks); is < share-0.03 || is > share+0.03 {
				t.Errorf("%s: %s is busy for %.2f of the time, want %.2f", name, p, is, share)
			}
		}
		if want := len(s.Enrolments) + len(s.Assignments); len(hours) != want {
			t.Errorf("%s: %d people have calendars, want %d", name, len(hours), want)
		}
	}
}

func TestShift(t *testing.T) {
	s := scenario.S2()
	kept := scenario.S2()
	moved := s.Shift(10)
	if diff := cmp.Diff(kept, s); diff != "" {
		t.Fatalf("the scenario itself was changed: %s", diff)
	}
	if diff := cmp.Diff(s, moved.Shift(-10)); diff != "" {
		t.Errorf("there and back: %s", diff)
	}
	for _, c := range []struct{ what, got, want string }{
		{"cycle", moved.Cycle.Span.From.String(), "2027-04-12"},
		{"programme", moved.Programme.Span.To.String(), "2028-01-07"},
		{"blackout", moved.Cycle.Settings.Blackouts[0].FromOn.String(), "2027-09-20"},
		{"holiday", moved.Holidays[s.Organisations[0].ID][4].On.String(), "2027-07-15"},
		{"window", moved.Rounds[1].Window.From.String(), "2027-04-25"},
		{"target", moved.Rounds[1].Target.String(), "2027-05-09"},
		{"pair", moved.Pairs[0].Span.From.String(), "2027-04-12"},
		{"open end", moved.Pairs[0].Span.To.String(), ""},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", c.what, c.got, c.want)
		}
	}
	zone, _ := calendar.LoadZone("Europe/Copenhagen")
	was, _ := s.Meetings[0].Occurrences()
	is, _ := moved.Meetings[0].Occurrences()
	for i := range was {
		a, b := was[i].Start.In(zone), is[i].Start.In(zone)
		if a.AddDate(0, 0, 70).Format(time.DateTime) != b.Format(time.DateTime) {
			t.Fatalf("the meeting of %s is on %s: its clock time has changed", a, b)
		}
	}
}
