package api_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"kreds/api"
)

// TestLogisticsView: what an integration sees of a session is exactly this, and no people, groups, links or answers.
func TestLogisticsView(t *testing.T) {
	session := loaded(t).T.Components.Schemas["Session"].Value
	want := []string{"end", "etag", "id", "mode", "place", "revision", "start", "state", "time_zone"}
	if got := slices.Sorted(slices.Values(session.Required)); !slices.Equal(got, want) {
		t.Errorf("the logistics view is %q", got)
	}
}

// places walks every schema of the document once, with the place where it stands first.
func places(document *api.Document, visit func(place string, inRequest bool, s *openapi3.Schema)) {
	type key struct {
		s         *openapi3.Schema
		inRequest bool
	}
	seen := map[key]bool{}
	var walk func(place string, inRequest bool, ref *openapi3.SchemaRef)
	walk = func(place string, inRequest bool, ref *openapi3.SchemaRef) {
		if ref == nil || seen[key{ref.Value, inRequest}] {
			return
		}
		s := ref.Value
		seen[key{s, inRequest}] = true
		visit(place, inRequest, s)
		for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
			walk(place+"."+name, inRequest, s.Properties[name])
		}
		walk(place+"[]", inRequest, s.Items)
		walk(place+"{}", inRequest, s.AdditionalProperties.Schema)
		for i, part := range s.AllOf {
			walk(fmt.Sprintf("%s&%d", place, i), inRequest, part)
		}
	}
	for _, o := range document.Operations() {
		if o.RequestBody != nil {
			for media, content := range o.RequestBody.Value.Content {
				walk(o.ID+" "+media, true, content.Schema)
			}
		}
		for _, p := range slices.Concat(document.T.Paths.Find(o.Path).Parameters, o.Parameters) {
			walk(o.ID+" ?"+p.Value.Name, false, p.Value.Schema)
		}
		for status, reply := range o.Responses.Map() {
			for media, content := range reply.Value.Content {
				walk(o.ID+" "+status+" "+media, false, content.Schema)
			}
		}
	}
}

func TestLimitsOfSchemas(t *testing.T) {
	places(loaded(t), func(place string, inRequest bool, s *openapi3.Schema) {
		fixed := len(s.Enum) > 0 || slices.Contains([]string{"date", "date-time", "uuid"}, s.Format)
		switch {
		case s.Type.Is("string") && s.MaxLength == nil && !fixed:
			t.Errorf("%s has no maxLength", place)
		case s.Type.Is("array") && s.MaxItems == nil:
			t.Errorf("%s has no maxItems", place)
		case s.Type.Is("integer") && (s.Min == nil || s.Max == nil):
			t.Errorf("%s has no range", place)
		}
		if len(s.OneOf)+len(s.AnyOf) > 0 || s.Not != nil || s.ReadOnly || s.WriteOnly {
			t.Errorf("%s uses oneOf, anyOf, not, readOnly or writeOnly", place)
		}
		if !inRequest {
			return
		}
		isMap := s.AdditionalProperties.Schema != nil
		if s.Type.Is("object") && !isMap && (s.AdditionalProperties.Has == nil || *s.AdditionalProperties.Has) {
			t.Errorf("%s takes members that nobody knows", place)
		}
		if s.Type.Is("number") {
			t.Errorf("%s: numbers of requests are whole, the decoder counts on it", place)
		}
		if s.Type.Is("string") && !fixed && s.Format == "" && s.Pattern == "" && !strings.HasSuffix(place, "text/csv") {
			t.Errorf("%s: which characters? It needs a format, a pattern or an enum", place)
		}
		if s.Pattern != "" && s.Description == "" {
			t.Errorf("%s: the description words the fault of a pattern", place)
		}
	})
}

func TestNamesOfMembers(t *testing.T) {
	snake := regexp.MustCompile(`^[a-z]+(_[a-z0-9]+)*$`)
	words := []string{"held", "limit", "offset"}
	document := loaded(t)
	places(document, func(place string, _ bool, s *openapi3.Schema) {
		for name, ref := range s.Properties {
			at, value := place+"."+name, ref.Value
			if !snake.MatchString(name) || slices.Contains(words, name) {
				t.Errorf("%s is no name of ours", at)
			}
			if name == "status" && !strings.Contains(place, "problem") && !strings.Contains(place, "getProblem") {
				t.Errorf("%s: state, not status", at)
			}
			isInstant := strings.HasSuffix(name, "_at") || name == "start" || name == "end" || name == "from" || name == "to"
			if problem := strings.Contains(place, "problem+json"); isInstant && !problem && value.Format != "date-time" && !value.Type.Is("boolean") {
				t.Errorf("%s is no date-time", at)
			}
			// The columns of an import are texts that are judged row by row.
			isDay := strings.HasSuffix(name, "_on") || name == "valid_from" || name == "valid_to"
			if isDay && value.Format != "date" && !strings.Contains(place, ".rows[]") {
				t.Errorf("%s is no date", at)
			}
			if strings.HasSuffix(name, "_id") && value.Format != "uuid" && name != "external_id" {
				t.Errorf("%s is no id", at)
			}
		}
	})
	for name := range document.T.Components.Schemas {
		for _, ending := range []string{"Params", "Request", "Response"} {
			if strings.HasSuffix(name, ending) {
				t.Errorf("%s: the generator's own ending", name)
			}
		}
		if !regexp.MustCompile(`^[A-Z][a-z]*([A-Z][a-z]*)*$`).MatchString(name) {
			t.Errorf("%s is not PascalCase", name)
		}
	}
	for _, o := range document.Operations() {
		for _, p := range o.Parameters {
			if p.Value.In == "query" && (!snake.MatchString(p.Value.Name) || slices.Contains(words, p.Value.Name)) {
				t.Errorf("%s: parameter %s", o.ID, p.Value.Name)
			}
			if p.Value.Schema.Value.Type.Is("array") && (p.Value.Explode == nil || *p.Value.Explode) {
				t.Errorf("%s: %s takes its values in one parameter, with commas", o.ID, p.Value.Name)
			}
		}
	}
}

// byView are the schemas with members that are absent outside of the caller's view.
var byView = []string{"CalendarConnection", "Cycle", "Pair", "Person", "Placement", "Plan", "Problem", "ProblemField", "ProblemReason", "Session"}

// TestMembersOfReplies: every declared member of a reply is there, null if unset, save outside of a view.
func TestMembersOfReplies(t *testing.T) {
	document := loaded(t)
	inRequests := map[*openapi3.Schema]bool{}
	places(document, func(_ string, inRequest bool, s *openapi3.Schema) {
		if inRequest {
			inRequests[s] = true
		}
	})
	for name, ref := range document.T.Components.Schemas {
		s := ref.Value
		if inRequests[s] || slices.Contains(byView, name) {
			continue
		}
		for member := range s.Properties {
			if !slices.Contains(s.Required, member) {
				t.Errorf("%s.%s may be absent", name, member)
			}
		}
	}
}

// TestEnumsOfReplies: an enum that only replies have may grow, and says so.
func TestEnumsOfReplies(t *testing.T) {
	document := loaded(t)
	sent := map[string]bool{} // enums that a request has, too
	text := func(s *openapi3.Schema) string { return fmt.Sprint(s.Enum) }
	places(document, func(place string, inRequest bool, s *openapi3.Schema) {
		if inRequest {
			sent[text(s)] = true
		}
	})
	for _, o := range document.Operations() {
		for _, p := range o.Parameters {
			sent[text(p.Value.Schema.Value)] = true
		}
	}
	closed := []string{"[up]", "[ready]"}
	places(document, func(place string, inRequest bool, s *openapi3.Schema) {
		if len(s.Enum) > 0 && !inRequest && !sent[text(s)] && !slices.Contains(closed, text(s)) && s.Extensions["x-extensible-enum"] != true {
			t.Errorf("%s may grow and does not say so", place)
		}
	})
}

// TestPatchesHaveNoDefaults: what is absent from a merge patch stays; a default would overwrite it.
func TestPatchesHaveNoDefaults(t *testing.T) {
	for _, o := range loaded(t).Operations() {
		if o.Method != "PATCH" {
			continue
		}
		for name, ref := range o.RequestBody.Value.Content["application/merge-patch+json"].Schema.Value.Properties {
			if ref.Value.Default != nil {
				t.Errorf("%s: %s has a default", o.ID, name)
			}
		}
	}
}

// TestSchemasComeInThrees: what can be created or changed is X, XCreate, XPatch.
func TestSchemasComeInThrees(t *testing.T) {
	document := loaded(t)
	for _, o := range document.Operations() {
		if o.RequestBody == nil {
			continue
		}
		for _, content := range o.RequestBody.Value.Content {
			name := strings.TrimPrefix(content.Schema.Ref, "#/components/schemas/")
			ending := map[string]string{"PATCH": "Patch", "PUT": "Set"}[o.Method]
			if strings.HasPrefix(o.ID, "create") && name != "" {
				ending = "Create"
			}
			if !strings.HasSuffix(name, ending) {
				t.Errorf("%s takes %s, want …%s", o.ID, name, ending)
			}
		}
	}
}

func TestProblemCodesAreCatalogued(t *testing.T) {
	catalogue, err := api.Problems()
	if err != nil {
		t.Fatal(err)
	}
	used, known := loaded(t).ProblemCodes(), slices.Sorted(maps.Keys(catalogue.Problems))
	for _, code := range used {
		if !slices.Contains(known, code) {
			t.Errorf("the contract uses %q, which the catalogue does not know", code)
		}
	}
	for _, code := range known {
		if !slices.Contains(used, code) {
			t.Errorf("the catalogue has %q, which the contract does not use", code)
		}
	}
}
