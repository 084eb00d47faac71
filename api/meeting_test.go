package api_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
	"pgregory.net/rapid"

	"kreds/api"
	_ "kreds/internal/testkit/repeatable"
)

// TestInstantsAndZones (24, 25, 29, 30): an interval is half-open and not empty, and an offset does not contradict the zone.
func TestInstantsAndZones(t *testing.T) {
	text, err := os.ReadFile("testdata/meeting.yaml")
	if err != nil {
		t.Fatal(err)
	}
	document, err := api.LoadDocument(text)
	if err != nil {
		t.Fatal(err)
	}
	e, err := api.NewEcho(toyConfig(&strings.Builder{}), document)
	if err != nil {
		t.Fatal(err)
	}
	var bound map[string]any
	e.POST("/v1/meetings", func(c echo.Context) error {
		bound = c.Request().Body.(interface{ ValidatedValue() any }).ValidatedValue().(map[string]any)
		return c.NoContent(204)
	})
	for _, c := range []struct{ body, fault string }{
		{`{"start":"2027-03-09T08:00:00Z","end":"2027-03-09T09:00:00Z"}`, ""},
		{`{"start":"2027-03-09T08:00:00Z","end":"2027-03-09T09:00:00+01:00"}`, "empty-interval #/end"},
		{`{"start":"2027-03-09T08:00:00Z","end":"2027-03-09T08:00:00.000Z"}`, "empty-interval #/end"},
		{`{"start":"2027-03-09T08:00:00Z","end":"2027-03-09T08:30:00+01:00"}`, "end-before-start #/end"},
		{`{"start":"2027-03-09T08:00:00","time_zone":"Europe/Zurich"}`, "offset-required #/start"},
		{`{"start":"2027-03-09T08:00:00+05:00","time_zone":"Europe/Zurich"}`, "offset-zone-mismatch #/start"},
		{`{"start":"2027-03-09T08:00:00+01:00","time_zone":"Europe/Zurich"}`, ""},
		{`{"start":"2027-07-09T08:00:00+01:00","time_zone":"Europe/Zurich"}`, "offset-zone-mismatch #/start"}, // summer
		{`{"start":"2027-07-09T08:00:00Z","time_zone":"Europe/Zurich"}`, ""},
		{`{"start":"2027-07-09T08:00:00+05:45","time_zone":"Asia/Kathmandu"}`, ""},
		{`{"start":"2027-07-09T08:00:00+14:00","time_zone":"Pacific/Kiritimati"}`, ""},
	} {
		r := httptest.NewRequest("POST", "/v1/meetings", strings.NewReader(c.body))
		r.Header.Set("Content-Type", "application/json; charset=UTF-8")
		w := httptest.NewRecorder()
		e.ServeHTTP(w, r)
		if c.fault == "" {
			if w.Code != 204 || bound["duration_minutes"] == nil {
				t.Errorf("%s: %d %s %v", c.body, w.Code, w.Body, bound)
			}
			continue
		}
		if got := faults(problem(t, w)); w.Code != 422 || !slices.Equal(got, []string{c.fault}) {
			t.Errorf("%s: %d %q, want %q", c.body, w.Code, got, c.fault)
		}
	}
}

// FuzzStrictDecoder: whatever comes, the decoder ends, and what it takes is what encoding/json reads.
func FuzzStrictDecoder(f *testing.F) {
	for _, seed := range []string{person, "", "null", "[]", "{}{}", `{"a":1,"a":2}`, `{"a":"\ud800"}`, `{"a":"\ud83d\ude00"}`, `{"a":1e3}`, "\xff", `"\`,
		strings.Repeat("[", 100), strings.Repeat("[", 32) + strings.Repeat("]", 32), `{"a":"�"}`, `{"\ud800":1}`, `[1,]`, "\ufeff{}", `{"a":-0}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		value, found, err := api.DecodeStrict(text)
		var plain any
		dec := json.NewDecoder(strings.NewReader(string(text)))
		dec.UseNumber()
		sound := dec.Decode(&plain)
		if err != nil {
			return
		}
		if sound != nil {
			t.Fatalf("took %q, which is no JSON: %v", text, sound)
		}
		a, _ := json.Marshal(value)
		b, _ := json.Marshal(plain)
		if string(a) != string(b) {
			t.Fatalf("%q is read as %s, encoding/json reads %s", text, a, b)
		}
		for _, fault := range found {
			if !strings.HasPrefix(fault, "integer-range #") && !strings.HasPrefix(fault, "invalid-unicode #") {
				t.Fatalf("%q", fault)
			}
		}
	})
}

// TestStrictDecoderTakesSoundJSON: sound documents of whole numbers come through untouched and without findings.
func TestStrictDecoderTakesSoundJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var value func(depth int) any
		value = func(depth int) any {
			kinds := 4
			if depth > 0 {
				kinds = 6
			}
			switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
			case 0:
				return nil
			case 1:
				return rapid.Bool().Draw(t, "bool")
			case 2:
				return rapid.Int64Range(-1<<53+1, 1<<53-1).Draw(t, "int")
			case 3:
				return rapid.String().Draw(t, "string")
			case 4:
				list := []any{}
				for range rapid.IntRange(0, 4).Draw(t, "n") {
					list = append(list, value(depth-1))
				}
				return list
			}
			object := map[string]any{}
			for range rapid.IntRange(0, 4).Draw(t, "n") {
				object[rapid.String().Draw(t, "name")] = value(depth - 1)
			}
			return object
		}
		want, err := json.Marshal(value(5))
		if err != nil {
			t.Skip("no JSON")
		}
		got, found, err := api.DecodeStrict(want)
		if err != nil || len(found) > 0 {
			t.Fatalf("%s: %v %q", want, err, found)
		}
		if text, _ := json.Marshal(got); string(text) != string(want) {
			t.Fatalf("%s became %s", want, text)
		}
	})
}
