package api_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kreds/api"
)

// pathOf fills the parameters of an operation's path, and the query parameters that it requires.
func pathOf(o *api.Operation) string {
	id := "01a303c2-e000-7000-8000-0000000000b1"
	path := strings.NewReplacer("{id}", id, "{person_id}", id, "{plan_session_id}", id, "{token}", "secret", "{code}", "slot-taken").Replace(o.Path)
	switch o.ID {
	case "createImport":
		return path + "?kind=people"
	case "getAvailability":
		return path + "?from=2027-03-01T00:00:00Z&to=2027-03-02T00:00:00Z"
	}
	return path
}

// TestEveryExample sends every request example of the contract through the door and the generated code, and takes the reply
// example back: requests are bound member for member, replies are what the contract says.
func TestEveryExample(t *testing.T) {
	y := newToy(t)
	for _, o := range y.document.Operations() {
		bodies := map[string]any{"": nil}
		if o.RequestBody != nil {
			bodies = map[string]any{}
			for media, content := range o.RequestBody.Value.Content {
				bodies[media] = exampleOf(content)
			}
		}
		for media, example := range bodies {
			t.Run(o.ID+" "+media, func(t *testing.T) {
				c := call{method: o.Method, path: pathOf(o), media: media}
				if text, isText := example.(string); isText {
					c.body = text
				} else if media != "" {
					text, _ := json.Marshal(example)
					c.body = string(text)
				}
				if len(o.Schemes) == 1 && o.Schemes[0] == api.Session {
					c.token, c.header = "-", http.Header{"Cookie": {"__Host-sid=" + signedInUser}}
				}
				w := y.do(c)
				want, _ := success(o)
				if w.Code != want {
					t.Fatalf("%d, want %d: %s", w.Code, want, w.Body)
				}
				if media != "" {
					bound(t, y.requests[o.ID], example)
				}
			})
		}
	}
}

// bound compares the body that a handler was given with what was sent; a default that was not sent may be there, too.
func bound(t *testing.T, request, sent any) {
	t.Helper()
	v := reflect.ValueOf(request)
	if text, isText := sent.(string); isText {
		got, err := io.ReadAll(v.FieldByName("Body").Interface().(io.Reader))
		if err != nil || string(got) != text {
			t.Errorf("the handler read %q, %v", got, err)
		}
		return
	}
	body := v.FieldByName("Body")
	if f := v.FieldByName("JSONBody"); f.IsValid() {
		body = f
	}
	if !body.IsValid() || body.IsNil() {
		t.Fatalf("the handler got no body: %#v", request)
	}
	text, err := json.Marshal(body.Interface())
	if err != nil {
		t.Fatal(err)
	}
	var got any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sent, without(got, sent)); diff != "" {
		t.Errorf("sent and bound differ (-sent +bound):\n%s", diff)
	}
}

// without takes the members away from a that b does not have, all the way down.
func without(a, b any) any {
	switch a := a.(type) {
	case map[string]any:
		b, _ := b.(map[string]any)
		maps.DeleteFunc(a, func(name string, _ any) bool { _, sent := b[name]; return !sent })
		for name := range a {
			a[name] = without(a[name], b[name])
		}
	case []any:
		if b, ok := b.([]any); ok && len(a) == len(b) {
			for i := range a {
				a[i] = without(a[i], b[i])
			}
		}
	}
	return a
}

// TestDefaultsReachTheHandler: what the contract fills in is there when the handler looks.
func TestDefaultsReachTheHandler(t *testing.T) {
	y := newToy(t)
	y.do(call{method: "POST", path: "/v1/plan-runs", body: `{"cycle_id":"01a303c2-e000-7000-8000-0000000000d4"}`})
	text, _ := json.Marshal(reflect.ValueOf(y.requests["createPlanRun"]).FieldByName("Body").Interface())
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"cycle_id": "01a303c2-e000-7000-8000-0000000000d4", "purpose": "plan", "seed": 1.0, "chains": 4.0}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	y.do(call{path: "/v1/people"})
	params := reflect.ValueOf(y.requests["listPeople"]).FieldByName("Params")
	if size := params.FieldByName("PageSize"); size.IsNil() || size.Elem().Int() != 50 {
		t.Error("page_size did not get its default")
	}
	if order := params.FieldByName("Order"); order.IsNil() || order.Elem().String() != "name" {
		t.Error("order did not get its default")
	}
}

// TestOptionalBody: an act without input may come with an empty object, with spaces, or with nothing at all.
func TestOptionalBody(t *testing.T) {
	y := newToy(t)
	path := "/v1/plans/01a303c2-e000-7000-8000-0000000000e2/publication"
	for _, c := range []call{{body: "{}"}, {body: " "}, {}} {
		c.method, c.path = "POST", path
		if w := y.do(c); w.Code != 200 {
			t.Errorf("body %q: %d %s", c.body, w.Code, w.Body)
		}
	}
	r := call{method: "POST", path: path}.request(y)
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader("")), -1 // chunked, and nothing in it
	w := httptest.NewRecorder()
	if y.ServeHTTP(w, r); w.Code != 200 {
		t.Errorf("an empty chunked body: %d %s", w.Code, w.Body)
	}
}

// TestMergePatchTellsNullFromAbsent: null clears, absent keeps (RFC 7396).
func TestMergePatchTellsNullFromAbsent(t *testing.T) {
	y := newToy(t)
	w := y.do(call{method: "PATCH", path: "/v1/people/01a303c2-e000-7000-8000-0000000000b1", media: "application/merge-patch+json",
		body: `{"unit":null,"seniority":4}`})
	if w.Code != 200 {
		t.Fatal(w.Code, w.Body)
	}
	text, _ := json.Marshal(reflect.ValueOf(y.requests["updatePerson"]).FieldByName("Body").Interface())
	var got map[string]any
	_ = json.Unmarshal(text, &got)
	if diff := cmp.Diff(map[string]any{"unit": nil, "seniority": 4.0}, got); diff != "" {
		t.Error(diff)
	}
	if !slices.Contains(slices.Collect(maps.Keys(got)), "unit") {
		t.Error("null was lost")
	}
}
