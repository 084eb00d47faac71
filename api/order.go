package api

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"kreds/calendar"
)

// checkMembers finds what a schema cannot say in OpenAPI 3.0 keywords: members of which one must follow the other
// (x-interval: after it; x-span: not before it), instants whose offset contradicts the object's time_zone, and null where a
// default would silently take its place.
func (d *Document) checkMembers(s *openapi3.Schema, value any, path []string) []finding {
	var found []finding
	for _, part := range s.AllOf {
		found = append(found, d.checkMembers(part.Value, value, path)...)
	}
	switch v := value.(type) {
	case []any:
		if s.Items == nil {
			return found
		}
		for i, element := range v {
			found = append(found, d.checkMembers(s.Items.Value, element, append(slices.Clone(path), strconv.Itoa(i)))...)
		}
	case map[string]any:
		found = append(found, checkOrder(s, v, path)...)
		found = append(found, checkOffsets(s, v, path)...)
		for name, member := range v {
			ref, ok := s.Properties[name]
			if !ok {
				continue
			}
			here := append(slices.Clone(path), name)
			if member == nil && ref.Value.Default != nil && !ref.Value.Nullable {
				found = append(found, finding{pointer: pointer(here), code: "type", values: []string{"want", judge{}.want(ref.Value)}})
			}
			found = append(found, d.checkMembers(ref.Value, member, here)...)
		}
	}
	return found
}

func checkOrder(s *openapi3.Schema, object map[string]any, path []string) []finding {
	var found []finding
	for _, rule := range []string{"x-interval", "x-span"} {
		var names []string
		if extension(s.Extensions, rule, &names) != nil || len(names) != 2 {
			continue
		}
		earlier, later := object[names[0]], object[names[1]]
		order, comparable := compareMembers(earlier, later)
		here := pointer(append(slices.Clone(path), names[1]))
		values := []string{"later", names[1], "earlier", names[0]}
		switch {
		case !comparable:
		case order > 0:
			found = append(found, finding{pointer: here, code: "end-before-start", values: values})
		case order == 0 && rule == "x-interval":
			found = append(found, finding{pointer: here, code: "empty-interval", values: values})
		}
	}
	return found
}

// compareMembers orders two instants, days, wall clock times or whole numbers.
func compareMembers(a, b any) (order int, ok bool) {
	switch a := a.(type) {
	case json.Number:
		b, isNumber := b.(json.Number)
		m, err1 := a.Int64()
		n, err2 := b.Int64()
		return compare(m < n, m > n), isNumber && err1 == nil && err2 == nil
	case string:
		b, isText := b.(string)
		if !isText {
			return 0, false
		}
		s, err1 := time.Parse(time.RFC3339Nano, a)
		t, err2 := time.Parse(time.RFC3339Nano, b)
		if err1 == nil && err2 == nil {
			return s.Compare(t), true
		}
		return compare(a < b, a > b), len(a) == len(b) // days and wall clock times order as text
	}
	return 0, false
}

func compare(less, more bool) int {
	switch {
	case less:
		return -1
	case more:
		return 1
	}
	return 0
}

// checkOffsets holds the offsets of an object's instants against its own time_zone. Z is always right.
func checkOffsets(s *openapi3.Schema, object map[string]any, path []string) []finding {
	name, ok := object["time_zone"].(string)
	if !ok || checkZone(name) != nil {
		return nil
	}
	zone, err := calendar.LoadZone(name)
	if err != nil {
		return nil
	}
	var found []finding
	for member, ref := range s.Properties {
		text, ok := object[member].(string)
		if !ok || ref.Value.Format != "date-time" || checkInstant(text) != nil || text[len(text)-1] == 'Z' {
			continue
		}
		t, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			continue
		}
		_, said := t.Zone()
		if _, is := t.In(zone).Zone(); is != said {
			found = append(found, finding{
				pointer: pointer(append(slices.Clone(path), member)), code: "offset-zone-mismatch",
				values: []string{"zone", name, "offset", t.In(zone).Format("-07:00")},
			})
		}
	}
	return found
}
