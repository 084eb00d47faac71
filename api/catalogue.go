package api

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"kreds/supervision"
)

// Catalogue holds the problem codes: which status each has, whether the same request may succeed later, and its words.
type Catalogue struct {
	Problems map[string]ProblemCode `yaml:"problems"`
	Faults   map[string]Words       `yaml:"faults"`
}

// ProblemCode is one entry of the catalogue.
type ProblemCode struct {
	Status    int    `yaml:"status"`
	Kind      string `yaml:"kind"`
	Retryable bool   `yaml:"retryable"`
	Title     Words  `yaml:"title"`
	Next      Words  `yaml:"next"`
}

// Words is a text in the languages of the house.
type Words struct {
	EN string `yaml:"en"`
	DA string `yaml:"da"`
}

// In gives the text in the language, English when it is none of ours.
func (w Words) In(l Language) string {
	if l == Danish {
		return w.DA
	}
	return w.EN
}

// kinds names the kinds of errors as problems.yaml does, with the code for an error that brings none of its own.
var kinds = map[supervision.Kind]struct{ name, code string }{
	supervision.Internal:        {"internal", "internal"},
	supervision.Invalid:         {"invalid", "invalid"},
	supervision.Malformed:       {"malformed", "malformed-request"},
	supervision.Unauthenticated: {"unauthenticated", "unauthenticated"},
	supervision.Forbidden:       {"forbidden", "forbidden"},
	supervision.NotFound:        {"not-found", "not-found"},
	supervision.Conflict:        {"conflict", "conflict"},
	supervision.Infeasible:      {"conflict", "rule-violated"},
	supervision.Unavailable:     {"unavailable", "unavailable"},
}

// LoadCatalogue reads problems.yaml and refuses an entry that is not whole.
func LoadCatalogue(text []byte) (*Catalogue, error) {
	var c Catalogue
	if err := yaml.Unmarshal(text, &c); err != nil {
		return nil, fmt.Errorf("api: the catalogue of problems cannot be read: %w", err)
	}
	var named []string
	for _, k := range kinds {
		named = append(named, k.name)
		if _, ok := c.Problems[k.code]; !ok {
			return nil, fmt.Errorf("api: the catalogue lacks %q, the code of kind %q", k.code, k.name)
		}
	}
	for code, p := range c.Problems {
		if p.Status < 400 || p.Status > 599 || !slices.Contains(named, p.Kind) || p.Title.EN == "" || p.Title.DA == "" || p.Next.EN == "" || p.Next.DA == "" {
			return nil, fmt.Errorf("api: problem %q lacks status, kind, title or next step", code)
		}
	}
	for code, w := range c.Faults {
		if w.EN == "" || w.DA == "" {
			return nil, fmt.Errorf("api: fault %q lacks its words", code)
		}
	}
	return &c, nil
}

// Find gives the entry of an error's code, or, for an unknown code, the one of its kind.
func (c *Catalogue) Find(e *supervision.Error) (code string, p ProblemCode) {
	if p, ok := c.Problems[e.Code]; ok {
		return e.Code, p
	}
	code = kinds[e.Kind].code
	return code, c.Problems[code]
}

// fault words a fault of the door; values fill the braces, name after value.
func (c *Catalogue) fault(l Language, code string, values ...string) string {
	text := c.Faults[code].In(l)
	for i := 0; i+1 < len(values); i += 2 {
		text = strings.ReplaceAll(text, "{"+values[i]+"}", values[i+1])
	}
	return text
}
