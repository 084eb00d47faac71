package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"kreds"
	"kreds/api"
)

// odd are values that no member of a body takes, or hardly any.
var odd = []string{`null`, `true`, `-1`, `1e400`, `9007199254740993`, `""`, `"\u0000"`, `"\u202e"`, `"` + strings.Repeat("x", 5000) + `"`, `[]`, `{}`, `[[[[]]]]`,
	`"2027-02-30"`, `"00000000-0000-0000-0000-000000000000"`, `"ffffffff-ffff-ffff-ffff-ffffffffffff"`}

// oddly lists a body with each member in turn, at every depth, replaced by an odd value.
func oddly(body any, put func(any) any) (out []any) {
	switch v := body.(type) {
	case object:
		for name := range v {
			for _, value := range odd {
				out = append(out, put(amended(v, name, json.RawMessage(value))))
			}
			out = append(out, oddly(v[name], func(x any) any { return put(amended(v, name, x)) })...)
		}
		out = append(out, put(amended(v, "tenant_id", "x")))
	case []any:
		if len(v) > 0 {
			out = append(out, oddly(v[0], func(x any) any { return put(append([]any{x}, v[1:]...)) })...)
		}
	}
	return out
}

func amended(v object, name string, value any) object {
	out := object{}
	for k, x := range v {
		out[k] = x
	}
	out[name] = value
	return out
}

// TestEveryOperationBearsOddValues takes each request of the access tables as somebody who may make it, puts odd values in each of
// its places, and wants an answer that is no fault of ours and names the place.
func TestEveryOperationBearsOddValues(t *testing.T) {
	document, err := api.LoadDocument(kreds.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	for _, row := range slices.Concat(accessToPeople, accessToCycles, accessToCalendars) {
		id, _, _ := strings.Cut(row.op, " ")
		o, _ := document.ByID(strings.TrimSuffix(id, ":"))
		cells := strings.ReplaceAll(row.cells, " ", "")
		at := strings.IndexByte(cells, '+')
		if o == nil || at < 0 || row.body == "" && !strings.Contains(row.path, "$") {
			continue
		}
		t.Run(row.op, func(t *testing.T) {
			b, actor := w.copy(t), actors[at]
			headers := w.headers(b, o, row, actor)
			bear := func(path, body string) {
				r := b.do(w.secret[actor], o.Method, path, bodyOf(body), headers...)
				switch {
				case r.Code >= 500:
					t.Errorf("%s %.300s: %d %s", path, body, r.Code, r.Body)
				case r.Code == http.StatusUnprocessableEntity && r.JSON["code"] == "invalid":
					for _, f := range faults(problem(t, r.ResponseRecorder)) {
						if !strings.Contains(f, " ") {
							t.Errorf("%s %.300s: a fault without a place: %s", path, body, r.Body)
						}
					}
				}
			}
			var body object
			if json.Unmarshal([]byte(w.fill(row.body)), &body) == nil {
				for _, x := range oddly(body, func(x any) any { return x }) {
					text, err := json.Marshal(x)
					if err != nil {
						t.Fatal(err)
					}
					bear(w.fill(row.path), string(text))
				}
			}
			for _, name := range reference.FindAllString(row.path, -1) {
				for _, value := range []string{"x", "0", "00000000-0000-0000-0000-000000000000", "%00", "%FF", "..%2f..", "%27%3B--", strings.Repeat("9", 300), url.PathEscape("ø\u202e")} {
					bear(w.fill(strings.Replace(row.path, name, value, 1)), w.fill(row.body))
				}
			}
		})
	}
}

// TestNoIDIsNoWildcard: the id of nothing filters a list down to nothing; it is not taken for a filter that is not there.
func TestNoIDIsNoWildcard(t *testing.T) {
	w := newWorld(t)
	b := w.copy(t)
	for _, path := range []string{"/v1/sessions?cycle_id=", "/v1/sessions?group_id=", "/v1/groups?cycle_id=", "/v1/placements?cycle_id=", "/v1/placements?group_id=", "/v1/plans?cycle_id=",
		"/v1/plans?run_id=", "/v1/plan-runs?cycle_id=", "/v1/enrolments?cycle_id=", "/v1/people?organisation_id=", "/v1/cycles?programme_id=", "/v1/reporting-lines?person_id=", "/v1/audit-entries?object_id="} {
		for _, id := range []string{"00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "01a20bb1-0000-7000-8000-000000000000"} {
			r := b.do(w.secret["house"], "GET", path+id, nil)
			items, _ := r.JSON["items"].([]any)
			if r.Code == http.StatusOK && len(items) > 0 || r.Code >= 500 {
				t.Errorf("%s%s: %d with %d rows", path, id, r.Code, len(items))
			}
			if r.Code != http.StatusOK && fmt.Sprint(faults(problem(t, r.ResponseRecorder))) == "[]" {
				t.Errorf("%s%s: %s", path, id, r.Body)
			}
		}
	}
}
