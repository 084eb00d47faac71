package kreds_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// The floor plan: what each package may import of the house, and which outside modules. Imports point downward only; a
// package without a row fails. Test kits, which tests alone import, stand at the end.
var rooms = map[string]room{
	"kreds": {},

	// The leaves: pure, they import nothing of ours.
	"kreds/supervision": {},
	"kreds/scheduling":  {},
	"kreds/calendar":    {},

	// The planner.
	"kreds/scheduling/check":         {ours: "scheduling"},
	"kreds/scheduling/internal/prep": {ours: "scheduling"},
	"kreds/scheduling/solve":         {ours: "scheduling scheduling/check scheduling/internal/prep"},
	"kreds/scheduling/family":        {ours: "scheduling"},

	// Outside calendars.
	"kreds/calendar/ics":       {ours: "calendar", outside: "github.com/emersion/go-ical"},
	"kreds/calendar/caldav":    {ours: "calendar calendar/ics internal/outbound", outside: "github.com/emersion/go-webdav"},
	"kreds/calendar/davserver": {ours: "calendar", outside: "github.com/emersion/go-webdav github.com/emersion/go-ical"},

	// The translator and the memory.
	"kreds/instance":          {ours: "supervision scheduling calendar"},
	"kreds/instance/scenario": {ours: "supervision scheduling calendar instance"},
	"kreds/migrations":        {},
	"kreds/store": {ours: "supervision scheduling calendar instance migrations",
		outside: "gorm.io/gorm gorm.io/driver/postgres gorm.io/driver/sqlite modernc.org/sqlite github.com/jackc/pgx/v5 github.com/pressly/goose/v3 " +
			"github.com/riverqueue/river github.com/riverqueue/river/riverdriver github.com/riverqueue/river/riverdriver/riverdatabasesql " +
			"github.com/riverqueue/river/riverdriver/riversqlite github.com/riverqueue/river/rivertype"},

	// What several rooms need and no library gives.
	"kreds/internal/seal":     {},
	"kreds/internal/outbound": {outside: "golang.org/x/net"},

	// The use cases.
	"kreds/service/task":      {ours: "supervision"},
	"kreds/service":           {ours: "supervision store internal/seal service/task", outside: "golang.org/x/text"},
	"kreds/service/roster":    {ours: "supervision calendar calendar/ics scheduling instance store service service/task internal/seal", outside: "golang.org/x/text"},
	"kreds/service/planning":  {ours: "supervision calendar scheduling scheduling/check scheduling/solve instance store service service/task internal/seal service/booking"},
	"kreds/service/booking":   {ours: "supervision calendar scheduling scheduling/check scheduling/query instance store service service/task internal/seal"},
	"kreds/service/calendars": {ours: "supervision calendar calendar/ics instance store service service/task internal/seal"},

	// The doors.
	"kreds/api/contract": {ours: "supervision", outside: "github.com/labstack/echo/v4 github.com/oapi-codegen/nullable github.com/oapi-codegen/runtime"},
	"kreds/api": {ours: ". supervision scheduling calendar instance store service service/roster service/planning service/booking service/calendars api/contract internal/seal",
		outside: "github.com/labstack/echo/v4 github.com/getkin/kin-openapi github.com/oapi-codegen/nullable github.com/swaggest/swgui github.com/google/uuid go.yaml.in/yaml/v4 golang.org/x/text"},
	"kreds/jobs": {ours: "supervision store service service/task service/roster service/planning service/booking service/calendars",
		outside: "github.com/riverqueue/river github.com/riverqueue/river/riverdriver github.com/riverqueue/river/riverdriver/riverdatabasesql " +
			"github.com/riverqueue/river/riverdriver/riversqlite github.com/riverqueue/river/rivertype"},
	"kreds/cmd/kreds": {ours: "supervision scheduling scheduling/check scheduling/solve scheduling/family calendar calendar/caldav calendar/davserver calendar/ics instance instance/scenario " +
		"store service service/task service/roster service/planning service/booking service/calendars api jobs internal/seal internal/outbound",
		outside: "github.com/caarlos0/env/v11 github.com/google/uuid"},

	// Test kits.
	"kreds/store/storetest":               {ours: "supervision store internal/testkit/postgres", outside: "github.com/google/uuid", tests: true},
	"kreds/api/contracttest":              {ours: ". api", outside: "github.com/getkin/kin-openapi", tests: true},
	"kreds/calendar/calendartest":         {ours: "calendar calendar/ics", outside: "github.com/google/go-cmp", tests: true},
	"kreds/internal/testkit/process":      {tests: true},
	"kreds/internal/testkit/repeatable":   {outside: "pgregory.net/rapid", tests: true},
	"kreds/internal/testkit/postgres":     {ours: "internal/testkit/process", outside: "github.com/jackc/pgx/v5", tests: true},
	"kreds/bench":                         {tests: true},
	"kreds/internal/testkit/caldavserver": {ours: "internal/testkit/process", outside: "golang.org/x/crypto", tests: true},
}

// room is what a package may import.
type room struct {
	ours    string // packages of the house, without the module's name; "." is the root
	outside string // modules
	tests   bool   // no product package may import it
}

// pkg is what `go list -json` tells of a package.
type pkg struct {
	ImportPath string
	Imports    []string
}

// modules whose packages are imported by path; the longest that fits is meant.
func moduleOf(path string, modules []string) string {
	best := ""
	for _, m := range modules {
		if (path == m || strings.HasPrefix(path, m+"/")) && len(m) > len(best) {
			best = m
		}
	}
	return best
}

// faultsOf holds packages against the floor plan.
func faultsOf(rooms map[string]room, packages []pkg, modules []string) (faults []string) {
	for _, p := range packages {
		r, ok := rooms[p.ImportPath]
		if !ok {
			faults = append(faults, p.ImportPath+" has no row in the floor plan")
			continue
		}
		ours, outside := strings.Fields(r.ours), strings.Fields(r.outside)
		for _, i := range p.Imports {
			name, inside := strings.CutPrefix(i, "kreds")
			switch {
			case inside && (name == "" || name[0] == '/'):
				if name = strings.TrimPrefix(name, "/"); name == "" {
					name = "."
				}
				if !slices.Contains(ours, name) {
					faults = append(faults, p.ImportPath+" imports "+i)
				} else if rooms[i].tests && !r.tests {
					faults = append(faults, p.ImportPath+" imports the test kit "+i)
				}
			case strings.Contains(strings.SplitN(i, "/", 2)[0], "."):
				if m := moduleOf(i, modules); !slices.Contains(outside, m) {
					faults = append(faults, fmt.Sprintf("%s imports %s of %s", p.ImportPath, i, m))
				}
			}
		}
	}
	return faults
}

func TestTheFloorPlanHolds(t *testing.T) {
	packages, modules := listed(t)
	for _, f := range faultsOf(rooms, packages, modules) {
		t.Error(f)
	}
	there := map[string]bool{}
	for _, p := range packages {
		there[p.ImportPath] = true
	}
	for _, name := range slices.Sorted(maps.Keys(rooms)) {
		if !there[name] {
			t.Errorf("the floor plan has a row for %s, which does not exist", name)
		}
	}
}

func TestTheFloorPlanFindsAPlantedFault(t *testing.T) {
	packages, modules := listed(t)
	for name, plant := range map[string]pkg{
		"a leaf that looks up":        {"kreds/scheduling", []string{"kreds/store"}},
		"a checker with search state": {"kreds/scheduling/check", []string{"kreds/scheduling", "kreds/scheduling/internal/prep"}},
		"SQL in the API":              {"kreds/api", []string{"gorm.io/gorm"}},
		"HTTP in a use case":          {"kreds/service/roster", []string{"github.com/labstack/echo/v4"}},
		"services that are friends":   {"kreds/service/roster", []string{"kreds/service/planning"}},
		"a test kit in the product":   {"kreds/cmd/kreds", []string{"kreds/internal/testkit/postgres"}},
		"a package without a row":     {"kreds/utils", nil},
	} {
		if len(faultsOf(rooms, append(slices.Clone(packages), plant), modules)) == 0 {
			t.Errorf("%s: not found", name)
		}
	}
}

// listed asks the go command for the packages of the house and for the modules that it knows.
func listed(t *testing.T) (packages []pkg, modules []string) {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
	out, err = exec.Command("go", "list", "-m", "all").Output()
	if err != nil {
		t.Fatalf("go list -m: %v", err)
	}
	for _, line := range strings.Split(string(out), "\n") {
		if m, _, _ := strings.Cut(line, " "); m != "" {
			modules = append(modules, m)
		}
	}
	return packages, modules
}
