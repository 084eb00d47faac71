package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

const (
	ida    = "/v1/people/01a303c2-e000-7000-8000-0000000000b1"
	plan   = "/v1/plans/01a303c2-e000-7000-8000-0000000000e2"
	person = `{"name":"Ida Holm","email":"ida@a.example","organisation_id":"01a303c2-e000-7000-8000-0000000000a1","time_zone":"Europe/Copenhagen"}`
)

// with replaces one member of the person, or adds it.
func with(name, value string) string {
	members := strings.Split(strings.Trim(person, "{}"), ",")
	members = slices.DeleteFunc(members, func(m string) bool { return strings.HasPrefix(m, `"`+name+`":`) })
	return "{" + strings.Join(append(members, fmt.Sprintf("%q:%s", name, value)), ",") + "}"
}

func meeting(minutes string) string {
	return `{"pair_id":"01a303c2-e000-7000-8000-0000000000c3","met_on":"2027-02-15","mode":"virtual","duration_minutes":` + minutes + `}`
}

func move(start string) string {
	return `{"plan_session_id":"01a303c2-e000-7000-8000-0000000000e3","start":"` + start + `"}`
}

func create(body string) call { return call{method: "POST", path: "/v1/people", body: body} }

// badInput is one bad request and the one right refusal of it.
type badInput struct {
	row    string // of the table of bad inputs
	call   call
	status int
	code   string
	faults []string // code and place, all of them
}

func invalid(row string, c call, faults ...string) badInput {
	return badInput{row, c, 422, "invalid", faults}
}

func refused(row string, c call, status int, code string, faults ...string) badInput {
	return badInput{row, c, status, code, faults}
}

func run(t *testing.T, cases []badInput) {
	t.Helper()
	y := newToy(t)
	for _, b := range cases {
		t.Run(b.row, func(t *testing.T) {
			clear(y.requests)
			w := y.do(b.call)
			if w.Code != b.status {
				t.Fatalf("%d, want %d %s: %s", w.Code, b.status, b.code, w.Body)
			}
			p := problem(t, w)
			if p.Code != b.code {
				t.Errorf("code %q, want %q: %s", p.Code, b.code, w.Body)
			}
			if got := faults(p); !slices.Equal(got, b.faults) {
				t.Errorf("errors %q, want %q", got, b.faults)
			}
			if len(y.requests) > 0 {
				t.Error("the handler was called")
			}
		})
	}
}

func TestBadBodies(t *testing.T) {
	deep := strings.Repeat("[", 20000) + strings.Repeat("]", 20000)
	large := with("name", `"`+strings.Repeat("x", 1<<20)+`"`)
	run(t, []badInput{
		refused("1 empty", create(""), 400, "body-required"),
		refused("1 only spaces", create(" \n"), 400, "body-required"),
		invalid("2 null", create("null"), "type #"),
		invalid("3 array", create("[]"), "type #"),
		refused("4 broken", create(`{"name":`), 400, "malformed-json"),
		refused("4 trailing comma", create(`{"name":"x",}`), 400, "malformed-json"),
		refused("5 second document", create(`{}{}`), 400, "trailing-data"),
		refused("6 garbage behind", create(`{} x`), 400, "trailing-data"),
		refused("7 duplicate", create(`{"name":"a","name":"b"}`), 400, "duplicate-key", "duplicate-key #/name"),
		refused("7 duplicate, escaped", create(`{"name":"a","nam\u0065":"b"}`), 400, "duplicate-key", "duplicate-key #/name"),
		refused("7 duplicate inside", create(with("work_hours", `[{"weekday":"mon","weekday":"tue"}]`)), 400, "duplicate-key", "duplicate-key #/work_hours/0/weekday"),
		invalid("8 unknown", create(with("foo", "1")), "unknown-field #/foo"),
		invalid("8 unknown inside", create(with("work_hours", `[{"weekday":"mon","from_time":"08:00","to_time":"09:00","x/~y":1}]`)), "unknown-field #/work_hours/0/x~1~0y"),
		invalid("9 other case", create(with("NAME", `"x"`)), "unknown-field #/NAME"),
		invalid("10 tenant in the body", create(with("tenant_id", `"x"`)), "unknown-field #/tenant_id"),
		invalid("11 role in the profile", call{method: "PATCH", path: ida, media: "application/merge-patch+json", body: `{"role":"admin"}`}, "unknown-field #/role"),
		invalid("12 read only", create(with("id", `"x"`)), "read-only #/id"),
		invalid("12 read only", create(with("created_at", `"x"`)), "read-only #/created_at"),
		invalid("12 read only on change", call{method: "PATCH", path: "/v1/pairs/x", media: "application/merge-patch+json", body: `{"state":"active"}`}, "read-only #/state"),
		refused("13 invalid UTF-8", create("{\"name\":\"\xff\"}"), 400, "invalid-utf8"),
		refused("13 surrogates as UTF-8", create("{\"name\":\"\xed\xa0\x80\"}"), 400, "invalid-utf8"),
		invalid("14 lone surrogate", create(with("name", `"x\ud800"`)), "invalid-unicode #/name"),
		invalid("14 lone second half", create(with("name", `"\ude00x"`)), "invalid-unicode #/name"),
		invalid("14 first half before another escape", create(with("name", `"\ud83d\u0041"`)), "invalid-unicode #/name"),
		invalid("14 halves in the wrong order", create(with("name", `"\ude00\ud83d"`)), "invalid-unicode #/name"),
		refused("15 depth", create(deep), 400, "too-deep"),
		refused("15 depth, unclosed", create(strings.Repeat(`{"a":`, 40)), 400, "too-deep"),
		refused("16 too large", create(large), 413, "body-too-large"),
		refused("17 text/plain", call{method: "POST", path: "/v1/people", body: person, media: "text/plain"}, 415, "content-type", "content-type Content-Type"),
		refused("17 no type", call{method: "POST", path: "/v1/people", body: person, header: http.Header{"Content-Type": {}}}, 415, "content-type", "content-type Content-Type"),
		refused("17 utf-16", call{method: "POST", path: "/v1/people", body: person, media: "application/json; charset=utf-16"}, 415, "content-type", "content-type Content-Type"),
		refused("17 two types", call{method: "POST", path: "/v1/people", body: person, header: http.Header{"Content-Type": {"application/json", "text/csv"}}}, 415, "content-type", "content-type Content-Type"),
		refused("17 JSON for a merge patch", call{method: "PATCH", path: ida, body: `{}`}, 415, "content-type", "content-type Content-Type"),
		refused("18 gzip", call{method: "POST", path: "/v1/people", body: person, header: http.Header{"Content-Encoding": {"gzip"}}}, 415, "encoding-unsupported", "encoding-unsupported Content-Encoding"),
		refused("19 XML", call{path: "/v1/people", header: http.Header{"Accept": {"application/xml"}}}, 406, "not-acceptable"),
		refused("19 JSON refused", call{path: "/v1/people", header: http.Header{"Accept": {"*/*, application/json;q=0"}}}, 406, "not-acceptable"),
		refused("body of a GET", call{path: "/v1/people", body: "{}"}, 400, "body-unexpected"),
		refused("CSV in Latin-1", call{method: "POST", path: "/v1/imports?kind=people", media: "text/csv", body: "name\nS\xf8ren\n"}, 400, "invalid-utf8"),
	})
}

func TestBadMembers(t *testing.T) {
	cases := []badInput{
		invalid("21 number for text", create(with("name", "5")), "type #/name"),
		invalid("21 text for number", create(with("seniority", `"4"`)), "type #/seniority"),
		invalid("21 null", create(with("name", "null")), "type #/name"),
		invalid("21 null for a default", create(with("extended_hours", "null")), "type #/extended_hours"),
		invalid("21 number for an enum", create(with("experience", "5")), "type #/experience"),
		invalid("21 fraction for text", create(with("name", "1.5")), "type #/name"),
		invalid("enum", create(with("experience", `"wise"`)), "enum #/experience"),
		invalid("enum inside of a nullable one", call{method: "PATCH", path: ida, media: "application/merge-patch+json", body: `{"experience":"wise"}`}, "enum #/experience"),
		invalid("missing", create(`{"name":"x"}`), "required #/email", "required #/organisation_id", "required #/time_zone"),
		invalid("email", create(with("email", `"ida"`)), "email #/email"),
		invalid("35 Arabic-Indic digits", call{method: "POST", path: plan + "/moves", body: move("٢٠٢٧-03-09T08:00:00Z")}, "format #/start"),
		invalid("29 no offset", call{method: "POST", path: plan + "/moves", body: move("2027-03-09T08:00:00")}, "offset-required #/start"),
		invalid("pattern", create(with("work_hours", `[{"weekday":"mon","from_time":"8","to_time":"17:00"}]`)), "format #/work_hours/0/from_time"),
		invalid("id", create(with("organisation_id", `"a"`)), "format #/organisation_id"),
		invalid("day", call{method: "POST", path: "/v1/role-assignments", body: `{"person_id":"01a303c2-e000-7000-8000-0000000000b1","role":"mentor","valid_from":"2027-02-30"}`}, "format #/valid_from"),
		invalid("days in disorder", call{method: "POST", path: "/v1/role-assignments", body: `{"person_id":"01a303c2-e000-7000-8000-0000000000b1","role":"mentor","valid_from":"2027-02-03","valid_to":"2027-02-02"}`}, "end-before-start #/valid_to"),
		invalid("twice the same", create(with("languages", `["da","da"]`)), "duplicate-items #/languages"),
		invalid("no items", create(with("languages", `[]`)), "min-items #/languages"),
		invalid("too few members", call{method: "POST", path: plan + "/moves", body: `{"plan_session_id":"01a303c2-e000-7000-8000-0000000000e3"}`}, "min-properties #"),
		invalid("24 empty interval", call{method: "POST", path: "/v1/people", body: with("work_hours", `[{"weekday":"mon","from_time":"08:00","to_time":"08:00"}]`)}, "empty-interval #/work_hours/0/to_time"),
		invalid("25 end before start", call{method: "POST", path: "/v1/people", body: with("work_hours", `[{"weekday":"mon","from_time":"08:00","to_time":"07:00"}]`)}, "end-before-start #/work_hours/0/to_time"),
	}
	for _, n := range []string{"1e3", "60.0", "9007199254740993", "1e400", "-0.5"} {
		cases = append(cases, invalid("22 minutes "+n, call{method: "POST", path: "/v1/pair-meetings", body: meeting(n)}, "integer-range #/duration_minutes"))
	}
	for _, n := range []string{"-60", "0", "1", "1441"} {
		cases = append(cases, invalid("23 minutes "+n, call{method: "POST", path: "/v1/pair-meetings", body: meeting(n)}, "range #/duration_minutes"))
	}
	for _, start := range []string{"2026-02-30T10:00:00Z", "2027-03-09T24:00:00Z", "2027-03-09T10:00:60Z", "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z",
		"2027-03-09T10:00:00+14:01", "2027-03-09T10:00:00-25:00", "2027-03-09T10:00:00,5Z", "2027-03-09t10:00:00z", "tomorrow", ""} {
		cases = append(cases, invalid("28 34 start "+start, call{method: "POST", path: plan + "/moves", body: move(start)}, "format #/start"))
	}
	for _, zone := range []string{"Local", "", "../../etc/passwd", "EST5EDT4", "W. Europe Standard Time", "europe/copenhagen", "+01:00"} {
		code := "unknown-zone #/time_zone"
		if zone == "" {
			code = "required #/time_zone"
		}
		cases = append(cases, invalid("33 zone "+zone, create(with("time_zone", `"`+zone+`"`)), code))
	}
	for name, code := range map[string]string{
		`""`: "required", `"   "`: "required", `"` + strings.Repeat("x", 201) + `"`: "max-length", `"` + strings.Repeat("x", 1<<19) + `"`: "max-length",
		`"a\rb"`: "control-character", `"a\nb"`: "control-character", `"a\u0000b"`: "control-character", `"a\u000bb"`: "control-character", `"a\u001bb"`: "control-character",
		`"a\u202eb"`: "unsafe-character", `"a\u2028b"`: "unsafe-character", `"\u200b\u200b"`: "unsafe-character", `"a\u2066b"`: "unsafe-character",
	} {
		cases = append(cases, invalid("36 37 38 name "+name[:min(len(name), 12)], create(with("name", name)), code+" #/name"))
	}
	for _, address := range []string{"a@b", "a b@c.d", `x\r\nBcc:y@z.example`, strings.Repeat("x", 250) + "@a.example", "ida@[127.0.0.1]", "a@b.c,d@e.f", "Ida <ida@a.example>", "ida@a.example.", "ida@127.0.0.1"} {
		code := "email"
		if len(address) > 254 {
			code = "max-length"
		}
		cases = append(cases, invalid("42 "+address[:min(len(address), 20)], create(with("email", `"`+address+`"`)), code+" #/email"))
	}
	run(t, cases)
}

// TestAllFaultsInOneReply: one answer names parameters and members, at most twenty.
func TestAllFaultsInOneReply(t *testing.T) {
	y := newToy(t)
	p := problem(t, y.do(call{method: "POST", path: "/v1/imports?kind=dogs&x=1", body: `{"rows":[{"seniority":10,"a":1}],"b":2}`}))
	want := []string{"unknown-parameter x", "enum kind", "unknown-field #/b", "unknown-field #/rows/0/a", "range #/rows/0/seniority"}
	got := faults(p)
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	many := make([]string, 30)
	for i := range many {
		many[i] = fmt.Sprintf(`"m%02d":1`, i)
	}
	if got := faults(problem(t, y.do(create("{"+strings.Join(many, ",")+"}")))); len(got) != 20 {
		t.Errorf("%d faults in one reply", len(got))
	}
}

// TestValuesAreNotEchoed: a refusal names the place, never what was sent there.
func TestValuesAreNotEchoed(t *testing.T) {
	y := newToy(t)
	const secret = "hunter2\\u0007"
	for _, c := range []call{
		{method: "POST", path: "/v1/calendar-connections", body: `{"kind":"caldav","password":"` + secret + `"}`},
		{method: "POST", path: "/v1/calendar-connections", body: `{"kind":"` + secret + `","password":["` + secret + `"]}`},
		{method: "POST", path: "/v1/calendar-connections", body: `{"password":"` + secret},
		{path: "/v1/people?order=" + secret},
	} {
		w := y.do(c)
		if w.Code < 400 || strings.Contains(w.Body.String(), "hunter2") || strings.Contains(y.log.String(), "hunter2") {
			t.Errorf("%s %s: %d %s\n%s", c.method, c.path, w.Code, w.Body, y.log)
		}
	}
}
