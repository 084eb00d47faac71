package scheduling_test

import (
	"bytes"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"kreds/scheduling"
)

type schemas struct{ instance, plan *jsonschema.Schema }

func compiled(t *testing.T) schemas {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.DefaultDraft(jsonschema.Draft2020)
	for urn, text := range map[string]string{instanceURN: scheduling.InstanceSchema, planURN: scheduling.PlanSchema} {
		if err := c.AddResource(urn, document(t, text)); err != nil {
			t.Fatal(err)
		}
	}
	return schemas{c.MustCompile(instanceURN), c.MustCompile(planURN)}
}

const (
	instanceURN = "urn:kreds:scheduling:instance:1"
	planURN     = "urn:kreds:scheduling:plan:1"
)

func document(t fataler, text string) any {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// What Encode writes has the published form.
func TestWrittenDocumentsFitTheSchemas(t *testing.T) {
	s := compiled(t)
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		if err := s.instance.Validate(document(t, string(encoded(t, p)))); err != nil {
			t.Fatalf("instance: %v", err)
		}
		var b bytes.Buffer
		if err := scheduling.EncodePlan(&b, drawPlan(t, p)); err != nil {
			t.Fatal(err)
		}
		if err := s.plan.Validate(document(t, b.String())); err != nil {
			t.Fatalf("plan: %v", err)
		}
	})
}

// What the schema refuses Decode refuses, too; each takes one thing of a good instance away or puts a wrong one in.
func TestSchemaAndDecodeRefuseTheSame(t *testing.T) {
	s := compiled(t)
	good := string(encoded(t, smallProblem()))
	for _, c := range []struct{ old, wrong string }{
		{`"version":1`, `"version":2`},
		{`"profile":"field"`, `"profile":"exact"`},
		{`"slot_min":15`, `"slot_min":30`},
		{`"weeks":1`, `"weeks":0`},
		{`"weeks":1`, `"weeks":"1"`},
		{`"start_step":2`, `"start_step":2.5`},
		{`"name":""`, `"title":""`},
		{`"kind":"individual"`, `"kind":"circle"`},
		{`"kind":"individual"`, `"kind":"group"`},
		{`"dur":4`, `"dur":null`},
		{`"target":48,`, ``},
		{`"target_day":null`, `"target_day":0.5`},
		{`"target_day":null`, `"target_day":174763`},
		{`"open":0`, `"open":16777216`},
		{`"id":"m0"`, `"id":""`},
		{`"id":"m0"`, `"id":"m 0"`},
		{`"id":"m0"`, `"id":"m\u00070"`},
		{`"grouping":null`, `"grouping":""`},
		{`"dur_by_size":null`, `"dur_by_size":{}`},
		{`"work":[]`, `"work":[[1]]`},
		{`"work":[]`, `"work":null`},
		{`"busy":[]`, `"busy":[[0,4,"away"]]`},
		{`"taken":[]`, `"taken":[[0,4,"group","I1",1]]`},
		{`"co":[]`, `"co":[],"buffer":0`},
		{`"buffer":0`, `"buffer":0,"co":[]`},
		{`"forbidden":[]`, `"forbidden":[["m0","m1","H10",null,null]]`},
		{`"mix":"unit"`, `"mix":"town"`},
		{`"pins":[]`, `"pins":[{"members":["m0"]}]`},
		{`"pins":[]`, `"pins":[{"round":"I1","members":["m0"],"start":4,"standing":true}]`},
		{`"pins":[]`, `"pins":[{"round":"I1","members":[],"supervisor":"s0","start":4,"standing":true}]`},
		{`"pins":[]`, `"pins":[{"round":"I1","members":["m0"],"supervisor":"s0","start":null,"standing":true}]`},
		{`"pins":[]`, `"pins":[{"round":"I1","start":4,"standing":null}]`},
		{`"reference":null`, `"reference":{}`},
	} {
		bad := strings.Replace(good, c.old, c.wrong, 1)
		if bad == good {
			t.Errorf("%s does not occur", c.old)
		}
		if s.instance.Validate(document(t, bad)) == nil {
			t.Errorf("the schema takes %s", c.wrong)
		}
		if _, err := scheduling.Decode(strings.NewReader(bad)); err == nil {
			t.Errorf("Decode takes %s", c.wrong)
		}
	}
	if err := s.instance.Validate(document(t, good)); err != nil {
		t.Errorf("the good one: %v", err)
	}
}

// The schemas describe the members that the code knows: each one, no other, each with a sentence.
func TestSchemasDescribeEveryMember(t *testing.T) {
	instance, plan := document(t, scheduling.InstanceSchema).(map[string]any), document(t, scheduling.PlanSchema).(map[string]any)
	def := func(of map[string]any, names ...string) []map[string]any {
		var out []map[string]any
		for _, name := range names {
			out = append(out, of["$defs"].(map[string]any)[name].(map[string]any))
		}
		return out
	}
	property := func(name string) []map[string]any {
		return []map[string]any{instance["properties"].(map[string]any)[name].(map[string]any)}
	}
	for _, c := range []struct {
		of      reflect.Type
		objects []map[string]any
	}{
		{reflect.TypeFor[scheduling.Problem](), []map[string]any{instance}},
		{reflect.TypeFor[scheduling.Round](), def(instance, "round")},
		{reflect.TypeFor[scheduling.Mentor](), def(instance, "person", "mentor")},
		{reflect.TypeFor[scheduling.Supervisor](), def(instance, "person", "supervisor")},
		{reflect.TypeFor[scheduling.Pin](), def(instance, "pin")},
		{reflect.TypeFor[scheduling.Size](), property("size")},
		{reflect.TypeFor[scheduling.Gap](), property("gap")},
		{reflect.TypeFor[scheduling.OrgRule](), property("org_rule")},
		{reflect.TypeFor[scheduling.Plan](), []map[string]any{plan}},
		{reflect.TypeFor[scheduling.Session](), def(plan, "session")},
	} {
		described := map[string]bool{}
		for _, o := range c.objects {
			for name, p := range o["properties"].(map[string]any) {
				text, _ := p.(map[string]any)["description"].(string)
				if !strings.HasSuffix(text, ".") {
					t.Errorf("%s.%s is not described by a sentence: %q", c.of.Name(), name, text)
				}
				described[name] = true
			}
		}
		if diff := cmp.Diff(jsonNames(c.of), slices.Sorted(maps.Keys(described))); diff != "" {
			t.Errorf("%s (-code +schema):\n%s", c.of.Name(), diff)
		}
	}
}

func jsonNames(t reflect.Type) []string {
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && !f.Anonymous {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
