package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// judge turns what kin-openapi says about a value into findings. at names the value: nil for a body, else the parameter.
type judge struct {
	parameter string
	language  Language
	readOnly  map[string]bool // members of the body that the service sets
}

func (j judge) findings(err error) []finding {
	switch e := err.(type) {
	case nil:
		return nil
	case openapi3.MultiError:
		var all []finding
		for _, one := range e {
			all = append(all, j.findings(one)...)
		}
		return all
	case *openapi3filter.RequestError:
		return j.ofParameter(e)
	case *openapi3.SchemaError:
		return j.ofSchema(e)
	}
	return []finding{j.named(nil, "type", "want", j.want(nil))}
}

func (j judge) named(path []string, code string, values ...string) finding {
	if j.parameter != "" {
		return finding{parameter: j.parameter, code: code, values: values}
	}
	return finding{pointer: pointer(path), code: code, values: values}
}

func (j judge) ofParameter(e *openapi3filter.RequestError) []finding {
	schema := e.Parameter.Schema.Value
	switch {
	case errors.Is(e.Err, openapi3filter.ErrInvalidRequired), errors.Is(e.Err, openapi3filter.ErrInvalidEmptyValue):
		return []finding{j.named(nil, "required")}
	case isParseError(e.Err):
		if schema.Items != nil {
			schema = schema.Items.Value
		}
		return []finding{j.named(nil, "type", "want", j.want(schema))}
	}
	return j.findings(e.Err)
}

func isParseError(err error) bool {
	var parse *openapi3filter.ParseError
	return errors.As(err, &parse)
}

func (j judge) ofSchema(e *openapi3.SchemaError) []finding {
	path, s := e.JSONPointer(), e.Schema
	one := func(code string, values ...string) []finding { return []finding{j.named(path, code, values...)} }
	switch e.SchemaField {
	case "allOf":
		var inner openapi3.MultiError
		if errors.As(e.Origin, &inner) {
			return j.findings(inner)
		}
	case "type", "nullable":
		switch e.Value.(type) {
		case float64, json.Number: // a fraction, or too large for a float64
			if s.Type.Is(openapi3.TypeInteger) {
				return one("integer-range")
			}
		}
	case "properties":
		// The path is the object's; the name stands quoted in the reason only.
		name, err := strconv.Unquote(strings.TrimSuffix(strings.TrimPrefix(e.Reason, "property "), " is unsupported"))
		if err == nil {
			path = append(path, name)
		}
		if len(path) == 1 && j.readOnly[name] {
			return one("read-only")
		}
		return one("unknown-field")
	case "required":
		return one("required")
	case "enum":
		if _, isText := e.Value.(string); s.Type.Is(openapi3.TypeString) == isText {
			return one("enum", "allowed", enumText(s.Enum))
		}
	case "minLength":
		if e.Value == "" {
			return one("required")
		}
		return one("min-length", "min", fmt.Sprint(s.MinLength))
	case "maxLength":
		return one("max-length", "max", fmt.Sprint(*s.MaxLength))
	case "pattern":
		return one("format", "form", s.Description)
	case "format":
		var fault *formatFault
		if errors.As(e.Origin, &fault) {
			return one(fault.code, fault.values...)
		}
		return one("range", "range", rangeText(s)) // int64
	case "minimum", "maximum", "multipleOf":
		return one("range", "range", rangeText(s))
	case "minItems":
		return one("min-items", "min", fmt.Sprint(s.MinItems))
	case "maxItems":
		return one("max-items", "max", fmt.Sprint(*s.MaxItems))
	case "uniqueItems":
		return one("duplicate-items")
	case "minProperties":
		return one("min-properties", "min", fmt.Sprint(s.MinProps))
	}
	return one("type", "want", j.want(s))
}

var wants = map[string]Words{
	openapi3.TypeString:  {"a string", "en tekst"},
	openapi3.TypeInteger: {"a whole number", "et helt tal"},
	openapi3.TypeNumber:  {"a number", "et tal"},
	openapi3.TypeBoolean: {"true or false", "true eller false"},
	openapi3.TypeArray:   {"an array", "en liste"},
	openapi3.TypeObject:  {"an object", "et objekt"},
	"":                   {"a value of its kind", "en værdi af sin art"},
}

func (j judge) want(s *openapi3.Schema) string {
	for kind, words := range wants {
		if s != nil && kind != "" && s.Type.Is(kind) {
			return words.In(j.language)
		}
	}
	return wants[""].In(j.language)
}

func enumText(values []any) string {
	var list []string
	for _, v := range values {
		list = append(list, fmt.Sprint(v))
	}
	return strings.Join(list, ", ")
}

func rangeText(s *openapi3.Schema) string {
	number := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	text := ""
	switch {
	case s.Min != nil && s.Max != nil:
		text = number(*s.Min) + "–" + number(*s.Max)
	case s.Min != nil:
		text = "≥ " + number(*s.Min)
	case s.Max != nil:
		text = "≤ " + number(*s.Max)
	}
	if s.MultipleOf != nil {
		text += ", n × " + number(*s.MultipleOf)
	}
	return text
}

// checkBody judges a decoded body by its schema and fills in the defaults.
func (d *Document) checkBody(schema *openapi3.SchemaRef, value any, l Language) []finding {
	found := d.checkMembers(schema.Value, value, nil)
	j := judge{language: l, readOnly: d.readOnly(schema)}
	err := schema.Value.VisitJSON(value, openapi3.VisitAsRequest(), openapi3.MultiErrors(), openapi3.DefaultsSet(func() {}),
		openapi3.WithStringFormatValidators(bodyFormats), openapi3.DisableSchemaErrorDetails())
	return oneEach(append(j.findings(err), found...))
}

// oneEach keeps the first finding of each member or parameter; the next ones mostly follow from it.
func oneEach(found []finding) []finding {
	type place struct{ pointer, parameter string }
	seen := map[place]bool{}
	return slices.DeleteFunc(found, func(f finding) bool {
		p := place{f.pointer, f.parameter}
		defer func() { seen[p] = true }()
		return seen[p]
	})
}

// readOnly names the members of X that XCreate, XPatch and XSet lack, and those that every object has.
func (d *Document) readOnly(schema *openapi3.SchemaRef) map[string]bool {
	set := map[string]bool{"id": true, "etag": true, "created_at": true, "updated_at": true}
	name, inComponents := strings.CutPrefix(schema.Ref, "#/components/schemas/")
	if !inComponents {
		return set
	}
	for _, ending := range []string{"Create", "Patch", "Set"} {
		if whole, ok := d.T.Components.Schemas[strings.TrimSuffix(name, ending)]; ok && strings.HasSuffix(name, ending) {
			for member := range whole.Value.Properties {
				set[member] = true
			}
		}
	}
	return set
}

// isJSON says whether a media type is JSON, its own or by suffix (RFC 6839).
func isJSON(media string) bool {
	return media == "application/json" || strings.HasSuffix(media, "+json")
}
