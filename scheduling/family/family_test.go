package family_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"kreds/scheduling"
	"kreds/scheduling/check"
	"kreds/scheduling/family"
)

func generate(t *testing.T, name string, seed uint64) *scheduling.Problem {
	t.Helper()
	p, err := family.Generate(name, seed)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func encoded(t *testing.T, p *scheduling.Problem) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := scheduling.Encode(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestEveryFamilyIsWellFormed(t *testing.T) {
	for _, name := range family.Names() {
		for seed := range uint64(3) {
			p := generate(t, name, seed)
			if err := p.Validate(); err != nil {
				t.Errorf("%s, seed %d: %v", name, seed, err)
			}
			if p.Name != name || p.Seed != seed {
				t.Errorf("%s, seed %d: the instance says %s, %d", name, seed, p.Name, p.Seed)
			}
		}
	}
}

func TestSameSeedSameBytes(t *testing.T) {
	for _, name := range family.Names() {
		if strings.HasSuffix(name, "2000") {
			continue // the bytes of large500 stand for it
		}
		one, again, other := encoded(t, generate(t, name, 7)), encoded(t, generate(t, name, 7)), encoded(t, generate(t, name, 8))
		if !bytes.Equal(one, again) {
			t.Errorf("%s: the same seed gave two instances", name)
		}
		if bytes.Equal(one, other) {
			t.Errorf("%s: two seeds gave the same instance", name)
		}
	}
}

func TestUnknownFamilyIsAnError(t *testing.T) {
	if _, err := family.Generate("tiny13", 1); err == nil || !strings.Contains(err.Error(), "tiny12") {
		t.Errorf("got %v, want an error that names the known families", err)
	}
}

func TestBusyTimeHasTheFamilysDensity(t *testing.T) {
	for name, want := range map[string][2]float64{
		"one24": {0.45, 0.55}, "dense60": {0.65, 0.75}, "global120": {0.35, 0.45}, "near24": {0.85, 0.95},
	} {
		p := generate(t, name, 1)
		busy, work := 0, 0
		for _, m := range p.Mentors {
			taken := map[int]bool{}
			for _, b := range m.Busy {
				for slot := b.From; slot < b.To; slot++ {
					taken[slot] = true
				}
			}
			busy += len(taken)
			for _, w := range m.Work {
				work += w.To - w.From
			}
		}
		if got := float64(busy) / float64(work); got < want[0] || got > want[1] {
			t.Errorf("%s: %.2f of the working time is busy, want %v", name, got, want)
		}
	}
}

func TestAQuarterOfTheMentorsHasAManagerInTheCycle(t *testing.T) {
	p := generate(t, "large500", 1)
	if got := len(p.Forbidden); got < 100 || got > 150 {
		t.Errorf("%d of 500 mentors have a manager in the cycle, want about 125", got)
	}
	org := map[string]string{}
	for _, m := range p.Mentors {
		org[m.ID] = m.Org
	}
	for _, f := range p.Forbidden {
		if org[f.A] != org[f.B] {
			t.Errorf("%s and %s are of two organisations", f.A, f.B)
		}
	}
}

func TestLocalHoursCrossTheChangeToSummerTime(t *testing.T) {
	p := generate(t, "one24", 1)
	for _, w := range p.Mentors[0].Work {
		if _, at := p.Mentors[0].LocalTime(w.From); at != 8*scheduling.SlotsPerHour {
			t.Errorf("a working day begins at local slot %d, want 8:00", at)
		}
	}
	first, last := p.Mentors[0].Work[0], p.Mentors[0].Work[len(p.Mentors[0].Work)-1]
	if a, b := first.From%scheduling.SlotsPerDay, last.From%scheduling.SlotsPerDay; a-b != scheduling.SlotsPerHour {
		t.Errorf("in UTC the days begin at %d and %d, want an hour apart", a, b)
	}
}

func TestNearFamiliesAreFeasibleByConstruction(t *testing.T) {
	for _, name := range []string{"near24", "near60"} {
		for seed := range uint64(5) {
			plan, ok := family.PlantedPlan(name, seed)
			if !ok {
				t.Fatalf("%s: no plan was planted", name)
			}
			report := check.Check(generate(t, name, seed), &plan)
			if !report.Lawful() || report.Medium != 0 {
				t.Errorf("%s, seed %d: the planted plan has score %v: %v", name, seed, report.Score, report.Violations)
			}
		}
	}
	if _, ok := family.PlantedPlan("one24", 1); ok {
		t.Error("one24 claims a planted plan")
	}
}

func TestInfeasibleFamiliesHoldTheirCore(t *testing.T) {
	for _, name := range []string{"infeasible24", "infeasible60"} {
		p := generate(t, name, 3)
		core, ok := family.KnownCore(name)
		if !ok {
			t.Fatalf("%s has no core", name)
		}
		three := append(slices.Clone(core.Mornings), core.Afternoons...)
		free := map[string]bool{} // local hours at which one works
		for _, m := range p.Mentors {
			in := slices.Contains(three, m.ID)
			if speaks := slices.Contains(m.Langs, core.Language); speaks != in {
				t.Errorf("%s: %s speaks the private language: %v", name, m.ID, speaks)
			}
			if !in {
				continue
			}
			for _, w := range m.Work {
				_, at := m.LocalTime(w.From)
				free[m.ID+map[bool]string{true: " mornings", false: " afternoons"}[at < 12*scheduling.SlotsPerHour]] = true
			}
		}
		if len(free) != 3 || !free[core.Mornings[0]+" mornings"] || !free[core.Mornings[1]+" mornings"] || !free[core.Afternoons[0]+" afternoons"] {
			t.Errorf("%s: the core works %v", name, free)
		}
		for _, s := range p.Supervisors {
			if speaks := slices.Contains(s.Langs, core.Language); speaks != (s.ID == core.Supervisor) {
				t.Errorf("%s: %s speaks the private language: %v", name, s.ID, speaks)
			}
		}
	}
	if _, ok := family.KnownCore("one24"); ok {
		t.Error("one24 claims a core")
	}
}

func TestFullCycleHasTheShapeOfALeadershipProgramme(t *testing.T) {
	p := generate(t, "full23", 1)
	if len(p.Mentors) != 23 || len(p.Supervisors) != 2 {
		t.Fatalf("%d mentors, %d supervisors", len(p.Mentors), len(p.Supervisors))
	}
	var kinds, targets []string
	day := func(slot int) string {
		return p.CycleStart.AddDate(0, 0, p.Mentors[0].LocalDay(slot)).Format("2 Jan")
	}
	for _, r := range p.Rounds {
		kinds = append(kinds, string(r.Kind))
		if r.Kind != scheduling.Introduction {
			targets = append(targets, day(r.Target))
			if days := p.Mentors[0].LocalDay(r.Close) - p.Mentors[0].LocalDay(r.Open); days != 29 {
				t.Errorf("the window of %s has %d days, want 29", r.ID, days)
			}
		}
	}
	if want := "introduction individual group group group individual"; strings.Join(kinds, " ") != want {
		t.Errorf("rounds are %v", kinds)
	}
	if want := "28 Feb, 23 Apr, 16 Jun, 9 Aug, 2 Oct"; strings.Join(targets, ", ") != want {
		t.Errorf("targets are %v, want %s", targets, want)
	}
	units := map[string]int{}
	for _, m := range p.Mentors {
		units[m.Unit]++
	}
	if units["sales"] != 9 || units["research"] != 8 || units["people"] != 4 || units["legal"] != 2 {
		t.Errorf("departments are %v", units)
	}
}
