package api

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"kreds/supervision"
)

// checkQuery judges the query of a request by the operation and returns it with the defaults filled in.
func (d *Document) checkQuery(o *Operation, in *openapi3filter.RequestValidationInput, l Language) (url.Values, []finding, error) {
	query, err := url.ParseQuery(in.Request.URL.RawQuery)
	if err != nil || !printable(query) {
		return nil, nil, supervision.Fault(supervision.Malformed, "malformed-request", "The query is not well formed; encode it as RFC 3986 says.")
	}
	var found []finding
	var names []string
	for name := range o.query {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range sortedNames(query) {
		switch parameter := o.query[name]; {
		case parameter == nil:
			found = append(found, finding{parameter: shortName(name), code: "unknown-parameter", values: []string{"names", strings.Join(names, ", ")}})
		case len(query[name]) > 1:
			found = append(found, finding{parameter: name, code: "duplicate-parameter", values: []string{"name", name}})
		case parameter.Schema.Value.Type.Is(openapi3.TypeBoolean) && query.Get(name) != "true" && query.Get(name) != "false":
			found = append(found, finding{parameter: name, code: "type", values: []string{"want", judge{language: l}.want(parameter.Schema.Value)}})
		}
	}
	in.QueryParams = query
	in.Options = &openapi3filter.Options{MultiError: true, SchemaValidationOptions: []openapi3.SchemaValidationOption{
		openapi3.WithStringFormatValidators(queryFormats), openapi3.DisableSchemaErrorDetails(),
	}}
	for _, name := range names {
		if slices.ContainsFunc(found, func(f finding) bool { return f.parameter == name }) {
			continue
		}
		j := judge{parameter: name, language: l}
		found = append(found, oneEach(j.findings(openapi3filter.ValidateParameter(in.Request.Context(), in, o.query[name])))...)
	}
	if len(found) == 0 {
		found = o.checkWindow(query)
	}
	return in.Request.URL.Query(), found, nil
}

func sortedNames(query url.Values) []string {
	var names []string
	for name := range query {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// printable says whether the query is UTF-8 without control characters.
func printable(query url.Values) bool {
	odd := func(text string) bool {
		return !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl)
	}
	for name, values := range query {
		if odd(name) || slices.ContainsFunc(values, odd) {
			return false
		}
	}
	return true
}

// shortName is a name that came from outside, cut to a length that a reply can hold.
func shortName(name string) string {
	if len(name) > 80 {
		return strings.ToValidUTF8(name[:80], "") + "…"
	}
	return name
}

// checkWindow holds from and to against each other and against the operation's longest window.
func (o *Operation) checkWindow(query url.Values) []finding {
	if o.Window == nil || !query.Has("from") || !query.Has("to") {
		return nil
	}
	from, err1 := time.Parse(time.RFC3339Nano, query.Get("from"))
	to, err2 := time.Parse(time.RFC3339Nano, query.Get("to"))
	span := time.Duration(o.Window.Days) * 24 * time.Hour
	switch {
	case err1 != nil || err2 != nil:
		return nil // its format is another finding
	case !to.After(from):
		return []finding{{parameter: "to", code: "range", values: []string{"range", "> from"}}}
	case to.Sub(from) <= span || slices.ContainsFunc(o.Window.Unless, query.Has):
		return nil
	}
	return []finding{{parameter: "to", code: "range", values: []string{"range", "≤ from + " + strconv.Itoa(o.Window.Days) + " d"}}}
}
