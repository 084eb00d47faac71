package kreds_test

import (
	"bytes"
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

// uses finds, in one file, every use of something in another package that is not as it should be; wrong says why, or nothing.
func uses(name string, source any, wrong func(path, selected string) string) (found []string, err error) {
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
		if why := wrong(path[x.Name], sel.Sel.Name); why != "" {
			found = append(found, fmt.Sprintf("%s: %s.%s %s", set.Position(sel.Pos()), x.Name, sel.Sel.Name, why))
		}
		return true
	})
	return found, nil
}

// usesIn finds them in the product's files below the roots, save in the folders that are left out.
func usesIn(t *testing.T, roots, except []string, wrong func(path, selected string) string) {
	t.Helper()
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && (slices.Contains(except, filepath.ToSlash(path)) || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && path != "."):
				return fs.SkipDir
			case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
				return nil
			}
			source, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if bytes.HasPrefix(source, []byte("//go:build ignore")) {
				return nil // a tool of the builders, no part of the product
			}
			found, err := uses(path, source, wrong)
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
