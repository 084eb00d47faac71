package api

import (
	"slices"

	"kreds/supervision"
)

// maxFindings is how many faults one reply names.
const maxFindings = 20

// finding is a fault of one member or parameter, before it is worded.
type finding struct {
	pointer   string // of a body member, "#/start"
	parameter string // of a query parameter or header
	code      string // of the catalogue's faults
	values    []string
}

// invalid words findings as one 422; nil without findings.
func (c *Catalogue) invalid(l Language, findings []finding) error {
	if len(findings) == 0 {
		return nil
	}
	e := &supervision.Error{Kind: supervision.Invalid, Code: "invalid", Detail: c.Problems["invalid"].Next.In(l)}
	for _, f := range findings[:min(len(findings), maxFindings)] {
		e.Fields = append(e.Fields, supervision.Field{
			Pointer: f.pointer, Parameter: f.parameter, Code: f.code, Detail: c.fault(l, f.code, f.values...),
		})
	}
	return e
}

// merge adds what the strict reader found to what the schema found. At one member the schema's word about the type stands,
// else the reader's: a half character or a broken number explains the rest.
func merge(schema, strict []finding) []finding {
	for _, f := range strict {
		i := slices.IndexFunc(schema, func(s finding) bool { return s.pointer == f.pointer })
		switch {
		case i < 0:
			schema = append(schema, f)
		case schema[i].code != "type":
			schema[i] = f
		}
	}
	return schema
}
