package kreds_test

import (
	"slices"
	"strings"
	"testing"
)

// Clock, zone of the machine, chance and ids are fields with defaults that cmd sets. In these folders nobody reaches for
// them: a plan, a decision and a test are of the instant that they are given.
var pure = []string{"supervision", "scheduling", "instance", "calendar", "service", "store"}

// Adapters talk to the outside and wait for it; test kits are of the tests.
var impure = []string{"calendar/caldav", "calendar/calendartest", "store/storetest"}

// reaches says why something is not for a pure room: it is the clock, the machine's zone, chance, or a maker of ids.
func reaches(path, name string) string {
	switch path {
	case "time":
		if slices.Contains([]string{"Now", "Since", "Until"}, name) {
			return "reads the clock"
		}
		if name == "Local" {
			return "is the zone of the machine"
		}
	case "math/rand", "math/rand/v2":
		if !slices.Contains([]string{"New", "NewPCG", "NewSource", "NewZipf", "Rand", "PCG", "Source", "Zipf", "NewChaCha8", "ChaCha8"}, name) {
			return "is chance that nobody can repeat"
		}
	case "crypto/rand":
		return "is chance that nobody can repeat"
	case "github.com/google/uuid":
		if strings.HasPrefix(name, "New") || name == "Must" {
			return "makes ids"
		}
	}
	return ""
}

func TestPureRoomsReachForNothing(t *testing.T) { usesIn(t, pure, impure, reaches) }

func TestPurityFindsAPlantedFault(t *testing.T) {
	for _, line := range []string{"time.Now()", "time.Since(time.Time{})", "time.Unix(0, 0).In(time.Local)", "rand.IntN(3)", "uuid.NewV7()", "func() { now := time.Now; _ = now }"} {
		source := "package p\nimport (\n\"time\"\n\"math/rand/v2\"\n\"github.com/google/uuid\"\n)\nvar _ = uuid.Nil\nvar _ = rand.New\nvar _ = time.UTC\nvar x = " + line
		found, err := uses("planted.go", source, reaches)
		if err != nil {
			t.Fatal(err)
		}
		if len(found) == 0 {
			t.Errorf("%s was not found", line)
		}
	}
	clean := "package p\nimport \"time\"\ntype S struct{ Now func() time.Time }\nfunc (s S) F() time.Time { return s.Now() }"
	if found, _ := uses("clean.go", clean, reaches); len(found) > 0 {
		t.Errorf("a field named Now was taken for the clock: %v", found)
	}
}
