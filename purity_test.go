package kreds_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Clock, zone of the machine, chance and ids are fields with defaults that cmd sets. In these folders nobody reaches for
// them: a plan, a decision and a test are of the instant that they are given.
var pure = []string{"supervision", "scheduling", "instance", "calendar", "service", "store"}

// Adapters talk to the outside and wait for it.
var impure = []string{"calendar/caldav", "calendar/calendartest"}

// impurities finds, in one file, every reach for clock, machine zone, global randomness and id makers.
func impurities(name string, source any) (found []string, err error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	path := map[string]string{}
	for _, i := range file.Imports {
		p := strings.Trim(i.Path.Value, `"`)
		local := p[strings.LastIndex(p, "/")+1:]
		if local == "v2" {
			local = "rand"
		}
		if i.Name != nil {
			local = i.Name.Name
		}
		path[local] = p
	}
	ast.Inspect(file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		x, ok := sel.X.(*ast.Ident)
		if !ok {
			return true
		}
		if why := reaches(path[x.Name], sel.Sel.Name); why != "" {
			found = append(found, fmt.Sprintf("%s: %s.%s %s", set.Position(sel.Pos()), x.Name, sel.Sel.Name, why))
		}
		return true
	})
	return found, nil
}

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

func TestPureRoomsReachForNothing(t *testing.T) {
	for _, root := range pure {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && slices.Contains(impure, filepath.ToSlash(path)):
				return fs.SkipDir
			case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
				return nil
			}
			source, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			found, err := impurities(path, source)
			for _, f := range found {
				t.Error(f)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func TestPurityFindsAPlantedFault(t *testing.T) {
	for _, line := range []string{"time.Now()", "time.Since(time.Time{})", "time.Unix(0, 0).In(time.Local)", "rand.IntN(3)", "uuid.NewV7()", "func() { now := time.Now; _ = now }"} {
		source := "package p\nimport (\n\"time\"\n\"math/rand/v2\"\n\"github.com/google/uuid\"\n)\nvar _ = uuid.Nil\nvar _ = rand.New\nvar _ = time.UTC\nvar x = " + line
		found, err := impurities("planted.go", source)
		if err != nil {
			t.Fatal(err)
		}
		if len(found) == 0 {
			t.Errorf("%s was not found", line)
		}
	}
	clean := "package p\nimport \"time\"\ntype S struct{ Now func() time.Time }\nfunc (s S) F() time.Time { return s.Now() }"
	if found, _ := impurities("clean.go", clean); len(found) > 0 {
		t.Errorf("a field named Now was taken for the clock: %v", found)
	}
}
