package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

// wrong is a request to the true house that cannot be right, and the one answer to it.
type wrong struct {
	row, actor   string
	method, path string
	body         string
	status       int
	code         string
	faults       []string // code and place, all of them
	header       http.Header
	tag          string // the path of the object whose tag is sent
}

// wrongly is a wrong request that is refused as invalid, with these faults.
func wrongly(row, actor, method, path, body string, faults ...string) wrong {
	return wrong{row: row, actor: actor, method: method, path: path, body: body, status: 422, code: "invalid", faults: faults}
}

// as is the request refused by another code.
func (x wrong) as(status int, code string) wrong {
	x.status, x.code = status, code
	return x
}

// with is the request with a header of its own; without values it is left out.
func (x wrong) with(name string, values ...string) wrong {
	x.header = x.header.Clone()
	if x.header == nil {
		x.header = http.Header{}
	}
	x.header[name] = values
	return x
}

// on is the request with the tag of an object that its actor reads.
func (x wrong) on(path string) wrong {
	x.tag = path
	return x
}

// ask makes the request.
func (w *world) ask(b *copied, x wrong) reply {
	r := httptest.NewRequest(x.method, w.fill(x.path), strings.NewReader(w.fill(x.body)))
	if x.body == "" {
		r = httptest.NewRequest(x.method, w.fill(x.path), nil)
	}
	r.Header.Set("Authorization", "Bearer "+w.secret[x.actor])
	media := "application/json"
	if x.method == http.MethodPatch {
		media = "application/merge-patch+json"
	}
	if x.body != "" {
		r.Header.Set("Content-Type", media)
	}
	if x.method == http.MethodPost {
		r.Header.Set("Idempotency-Key", uuid.NewString())
	}
	if x.method != http.MethodGet {
		r.Header.Set("If-Match", `"1-m"`)
	}
	if x.tag != "" {
		r.Header.Set("If-Match", b.want(200, w.secret[x.actor], "GET", w.fill(x.tag), nil).etag())
	}
	for name, values := range x.header {
		r.Header[name] = nil
		for _, v := range values {
			r.Header[name] = append(r.Header[name], w.fill(v))
		}
	}
	rec := httptest.NewRecorder()
	b.ServeHTTP(rec, r)
	out := reply{ResponseRecorder: rec}
	_ = json.Unmarshal(rec.Body.Bytes(), &out.JSON)
	return out
}

// refuse makes wrong requests of one world and holds the answers: each says what is wrong where, and what to do next; nothing
// has changed when all are through, and the house still answers.
func (w *world) refuse(t *testing.T, list []wrong) {
	b := w.copy(t)
	for _, x := range list {
		t.Run(x.row, func(t *testing.T) {
			r := w.ask(b, x)
			if r.Code != x.status {
				t.Fatalf("%d, want %d %s: %.600s", r.Code, x.status, x.code, r.Body)
			}
			p := problem(t, r.ResponseRecorder)
			if p.Code != x.code {
				t.Errorf("code %q, want %q: %s", p.Code, x.code, r.Body)
			}
			got := faults(p)
			slices.Sort(got)
			slices.Sort(x.faults)
			if !slices.Equal(got, x.faults) {
				t.Errorf("errors %q, want %q: %s", got, x.faults, r.Body)
			}
			if p.Detail == "" {
				t.Errorf("no word of what to do: %s", r.Body)
			}
			if next := b.do("", "GET", "/problems/"+p.Code, nil); next.Code != http.StatusOK {
				t.Errorf("the problem's own page answers %d", next.Code)
			}
		})
	}
	b.want(200, w.secret["house"], "GET", "/v1/me", nil)
	held, now := maps.Clone(w.held), contents(t, b.path)
	delete(held, "audit_entry") // that the law refused a step is noted there
	delete(now, "audit_entry")
	if diff := cmp.Diff(held, now); diff != "" {
		t.Errorf("what was refused has changed what is kept: %s", diff)
	}
}

const (
	newPair = `{"kind":"one_to_one","mentor_ids":["$spare"],"mentee_ids":["$sparementee"],"start_on":"2027-02-01"`
	newOne  = `{"email":"n@a.example","organisation_id":"$works","time_zone":"Europe/Copenhagen","name":`
	moves   = "/v1/plans/$draft/moves"
	draft   = "/v1/plans/$draft"
)

func TestWrongValuesAreNamed(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("x", 201)
	w.refuse(t, []wrong{
		wrongly("an unknown zone", "house", "POST", "/v1/people", newOne+`"N","time_zone":"Mars/Olympus"}`).as(400, "duplicate-key").faultsAre("duplicate-key #/time_zone"),
		wrongly("a zone of nowhere", "house", "POST", "/v1/organisations", `{"name":"N","kind":"company","country":"DK","time_zone":"Mars/Olympus"}`, "unknown-zone #/time_zone"),
		wrongly("the server's own zone", "house", "POST", "/v1/organisations", `{"name":"N","kind":"company","country":"DK","time_zone":"Local"}`, "unknown-zone #/time_zone"),
		wrongly("a file for a zone", "house", "POST", "/v1/organisations", `{"name":"N","kind":"company","country":"DK","time_zone":"../../etc/passwd"}`, "unknown-zone #/time_zone"),
		wrongly("an end before its start", "house", "POST", "/v1/pairs", newPair+`,"end_on":"2027-01-31"}`, "end-before-start #/end_on"),
		wrongly("an end before its start, changed", "house", "PATCH", "/v1/pairs/$pair", `{"end_on":"2026-12-31"}`, "end-before-start #/end_on").on("/v1/pairs/$pair"),
		wrongly("a day that is none", "house", "POST", "/v1/pairs", newPair+`,"end_on":"2027-02-30"}`, "format #/end_on"),
		wrongly("a day of no leap year", "pm", "POST", "/v1/preparations", `{"person_id":"$mentor","programme_id":"$programme","kind":"equivalent","completed_on":"2027-02-29"}`, "format #/completed_on"),
		wrongly("a wall clock of no day", "mentor", "PUT", "/v1/people/$mentor/declared-availability", `{"time_zone":"Europe/Copenhagen","weekly":[],"exceptions":[{"start_local":"2027-02-30T08:00","end_local":"2027-02-30T09:00","available":false}]}`,
			"format #/exceptions/0/start_local").on("/v1/people/$mentor/declared-availability"),
		wrongly("an hour that is none", "mentor", "PUT", "/v1/people/$mentor/declared-availability", `{"time_zone":"Europe/Copenhagen","weekly":[{"weekday":"mon","from_time":"25:00","to_time":"26:00"}]}`,
			"format #/weekly/0/from_time", "format #/weekly/0/to_time"),
		wrongly("an instant without an offset", "pm", "POST", moves, `{"plan_session_id":"$plan_session","start":"2027-03-09T08:00:00"}`, "offset-required #/start"),
		wrongly("unknown members", "pm", "POST", "/v1/plan-runs", `{"cycle_id":"$cycle","tenant_id":"$tenant","quick":true}`, "unknown-field #/quick", "unknown-field #/tenant_id"),
		wrongly("wrong types", "pm", "POST", "/v1/plan-runs", `{"cycle_id":7,"chains":"4","iterations":{}}`, "type #/chains", "type #/cycle_id", "type #/iterations"),
		wrongly("nulls", "pm", "POST", "/v1/plan-runs", `{"cycle_id":null,"chains":null}`, "type #/chains", "type #/cycle_id"),
		wrongly("a number beyond all", "pm", "POST", "/v1/plan-runs", `{"cycle_id":"$cycle","seed":1e400}`, "integer-range #/seed"),
		wrongly("a number that is not held exactly", "pm", "POST", "/v1/plan-runs", `{"cycle_id":"$cycle","seed":9007199254740993}`, "integer-range #/seed"),
		wrongly("a negative number", "pm", "POST", "/v1/plan-runs", `{"cycle_id":"$cycle","seed":-1}`, "range #/seed"),
		wrongly("no text", "house", "POST", "/v1/people", newOne+`""}`, "required #/name"),
		wrongly("a text too long", "house", "POST", "/v1/people", newOne+`"`+long+`"}`, "max-length #/name"),
		wrongly("a name that turns the line", "house", "POST", "/v1/people", newOne+`"Ida \u202Eevil"}`, "unsafe-character #/name"),
		wrongly("a name with a control character", "house", "POST", "/v1/people", newOne+`"Ida\u0007"}`, "control-character #/name"),
		wrongly("a name with NUL", "house", "POST", "/v1/people", newOne+`"Ida\u0000Holm"}`, "control-character #/name"),
		wrongly("a name of two lines", "house", "POST", "/v1/people", newOne+`"Ida\nHolm"}`, "control-character #/name"),
		wrongly("half a character", "house", "POST", "/v1/people", newOne+`"Ida \ud83d"}`, "invalid-unicode #/name"),
		wrongly("deep JSON", "house", "POST", "/v1/people", strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000)).as(400, "too-deep"),
		wrongly("no object", "house", "POST", "/v1/people", `[]`, "type #"),
		wrongly("2 MB", "house", "POST", "/v1/people", newOne+`"`+strings.Repeat("x", 2<<20)+`"}`).as(413, "body-too-large"),
	})
}

func TestWrongReferencesAreNamed(t *testing.T) {
	w := newWorld(t)
	never := uuid.NewString()
	w.ids["published_session"] = fmt.Sprint(w.publishedSession(t))
	w.refuse(t, []wrong{
		wrongly("an id of another kind in the path", "house", "GET", "/v1/people/$cycle", "").as(404, "not-found"),
		wrongly("a person for a session", "mentor", "GET", "/v1/sessions/$mentor", "").as(404, "not-found"),
		wrongly("no id in the path", "house", "GET", "/v1/people/%27%20OR%201=1", "").as(404, "not-found"),
		wrongly("an id of another kind in the body", "pm", "POST", "/v1/plan-runs", `{"cycle_id":"$programme"}`, "unknown-reference #/cycle_id"),
		wrongly("no id in the body", "pm", "POST", "/v1/plan-runs", `{"cycle_id":"spring"}`, "format #/cycle_id"),
		wrongly("a pair of nobody", "house", "POST", "/v1/pairs", `{"kind":"one_to_one","mentor_ids":["`+never+`"],"mentee_ids":["$works"],"start_on":"2027-02-01"}`, "unknown-person #/mentor_ids/0", "unknown-person #/mentee_ids/0"),
		wrongly("a pair of one", "house", "POST", "/v1/pairs", `{"kind":"one_to_one","mentor_ids":["$spare"],"mentee_ids":["$spare"],"start_on":"2027-02-01"}`, "same-person #/mentee_ids/0"),
		wrongly("one's own manager", "house", "POST", "/v1/reporting-lines", `{"person_id":"$spare","manager_id":"$spare"}`, "same-person #/manager_id"),
		wrongly("a circle of managers", "house", "POST", "/v1/reporting-lines", `{"person_id":"$boss","manager_id":"$mentor"}`).as(422, "line-cycle"),
		wrongly("the session of another plan", "pm", "POST", moves, `{"plan_session_id":"$published_session","start":"$elsewhen"}`, "unknown-reference #/plan_session_id").on(draft),
		wrongly("a group of two", "pm", "POST", moves, `{"plan_session_id":"$plan_session","mentor_ids":["$mentor","$fellow"]}`).as(422, "group-size").on(draft),
		wrongly("a group of six", "pm", "POST", moves, `{"plan_session_id":"$plan_session","mentor_ids":["$mentor","$fellow","$other","$boss","$mboss","$mentee"]}`, "max-items #/mentor_ids"),
		wrongly("somebody twice", "pm", "POST", moves, `{"plan_session_id":"$plan_session","mentor_ids":["$mentor","$mentor","$fellow"]}`, "duplicate-items #/mentor_ids"),
		wrongly("a group with somebody outside of the cycle", "pm", "POST", moves, `{"plan_session_id":"$plan_session","mentor_ids":["$mentor","$fellow","$spare"]}`, "unknown-person #/mentor_ids/2").on(draft),
		wrongly("a group with nobody", "pm", "POST", moves, `{"plan_session_id":"$plan_session","mentor_ids":["$mentor","$fellow","`+never+`"]}`, "unknown-person #/mentor_ids/2").on(draft),
		wrongly("a supervisor outside of the cycle", "pm", "POST", moves, `{"plan_session_id":"$plan_session","supervisor_id":"$sparesup"}`, "unknown-person #/supervisor_id").on(draft),
		wrongly("moves with a supervisor of nowhere", "pm", "POST", "/v1/plans/$draft/move-checks", `{"moves":[{"plan_session_id":"$plan_session","supervisor_id":"`+never+`"}]}`, "unknown-person #/moves/0/supervisor_id"),
		wrongly("a move of nothing", "pm", "POST", moves, `{"plan_session_id":"$plan_session"}`, "min-properties #"),
		wrongly("a start off the grid", "pm", "POST", moves, `{"plan_session_id":"$plan_session","start":"2027-04-20T08:07:00Z"}`).as(422, "slot-not-offered").on(draft),
		wrongly("a start a thousand years on", "pm", "POST", moves, `{"plan_session_id":"$plan_session","start":"3027-04-20T08:00:00Z"}`).as(422, "slot-not-offered").on(draft),
		wrongly("a start long ago", "pm", "POST", moves, `{"plan_session_id":"$plan_session","start":"0001-01-01T00:00:00Z"}`, "format #/start"),
		wrongly("an answer for a session without one", "sup", "PUT", "/v1/sessions/$group_session2/answers/$sup", `{"answer":"accepted","revision":$revision}`).as(404, "not-found"),
		wrongly("an answer to another revision", "mentor", "PUT", "/v1/sessions/$group_session2/answers/$mentor", `{"answer":"accepted","revision":99}`).as(409, "revision-changed").with("If-Match", "$answer_tag"),
		wrongly("a calendar without https", "mentor", "POST", "/v1/calendar-connections", `{"kind":"caldav","url":"file:///etc/passwd","user":"me","password":"secret"}`).as(422, "outbound-address-refused"),
		wrongly("a calendar without a password", "mentor", "POST", "/v1/calendar-connections", `{"kind":"caldav","url":"https://dav.a.example/","user":"me"}`, "required #/password"),
		wrongly("a kind that is not offered", "mentor", "POST", "/v1/calendar-connections", `{"kind":"google"}`, "kind-not-offered #/kind", "required #/url"),
	})
}

// faultsAre sets the faults.
func (x wrong) faultsAre(faults ...string) wrong {
	x.faults = faults
	return x
}

func (w *world) publishedSession(t *testing.T) any {
	b := w.copy(t)
	return b.want(200, w.secret["pm"], "GET", w.fill("/v1/plans/$published/sessions"), nil).JSON["items"].([]any)[0].(object)["id"]
}

func TestWrongListsAreNamed(t *testing.T) {
	w := newWorld(t)
	b := w.copy(t)
	cursor := func(actor, path string) string {
		c, _ := b.want(200, w.secret[actor], "GET", path, nil).JSON["next_cursor"].(string)
		if c == "" {
			t.Fatalf("%s has one page", path)
		}
		return c
	}
	people, orgs := cursor("house", "/v1/people?page_size=1"), cursor("house", "/v1/organisations?page_size=1")
	list := func(row, actor, path string, faults ...string) wrong {
		return wrongly(row, actor, "GET", path, "", faults...)
	}
	bad := func(row, actor, path string) wrong {
		return list(row, actor, path, "invalid-cursor cursor").as(422, "invalid-cursor")
	}
	w.refuse(t, []wrong{
		list("a page beyond the largest", "house", "/v1/people?page_size=1000000", "range page_size"),
		list("a page beyond all numbers", "house", "/v1/people?page_size=99999999999999999999999999", "type page_size"),
		list("a page of none", "house", "/v1/people?page_size=0", "range page_size"),
		list("a page of words", "house", "/v1/people?page_size=all", "type page_size"),
		bad("somebody else's cursor", "pm", "/v1/people?page_size=1&cursor="+people),
		bad("the cursor of another list", "house", "/v1/people?page_size=1&cursor="+orgs),
		bad("a cursor with other filters", "house", "/v1/people?page_size=1&role=mentor&cursor="+people),
		bad("a cursor of a tenant elsewhere", "foreign", "/v1/people?cursor="+people),
		bad("no cursor", "house", "/v1/people?cursor=abc"),
		bad("a cursor with a bit turned", "house", "/v1/people?page_size=1&cursor="+turned(people)),
		list("an unknown parameter", "house", "/v1/people?limit=5", "unknown-parameter limit"),
		list("a parameter twice", "house", "/v1/people?page_size=1&page_size=2", "duplicate-parameter page_size"),
		list("an order that is none", "house", "/v1/people?order=age", "enum order"),
		list("a filter that is no id", "house", "/v1/people?organisation_id=pilot", "format organisation_id"),
		list("a state that is none", "pm", "/v1/sessions?state=held", "enum state"),
		list("an offset with its plus lost", "pm", "/v1/sessions?from=2027-03-01T00:00:00+01:00&to=2027-03-08T00:00:00Z", "utc-required from"),
		list("a window that ends first", "pm", "/v1/sessions?from=2027-03-08T00:00:00Z&to=2027-03-01T00:00:00Z", "range to"),
		list("a window of years", "mentor", "/v1/people/$mentor/availability?from=2027-01-01T00:00:00Z&to=2029-01-01T00:00:00Z", "range to"),
		list("no window", "mentor", "/v1/people/$mentor/availability", "required from", "required to"),
		list("control characters", "house", "/v1/people?external_id=%00").as(400, "malformed-request"),
		list("broken escapes", "house", "/v1/people?external_id=%zz").as(400, "malformed-request"),
	})
}

// turned is a cursor with one character changed.
func turned(cursor string) string {
	mid := len(cursor) / 2
	c := byte('A')
	if cursor[mid] == 'A' {
		c = 'B'
	}
	return cursor[:mid] + string(c) + cursor[mid+1:]
}

func TestWrongHeadersAreNamed(t *testing.T) {
	w := newWorld(t)
	one := wrongly("", "house", "POST", "/v1/organisations", `{"name":"New","kind":"company","country":"DK","time_zone":"UTC"}`)
	change := wrongly("", "house", "PATCH", "/v1/people/$mentor", `{"unit":"New"}`)
	row := func(x wrong, row string, status int, code string, faults ...string) wrong {
		x.row, x.status, x.code, x.faults = row, status, code, faults
		return x
	}
	const key, tag = "Idempotency-Key", "If-Match"
	w.refuse(t, []wrong{
		row(one.with(key), "no key", 400, "idempotency-key-required", "idempotency-key-required "+key),
		row(one.with(key, "a", "b"), "two keys", 400, "idempotency-key-format", "idempotency-key-format "+key),
		row(one.with(key, ""), "an empty key", 400, "idempotency-key-format", "idempotency-key-format "+key),
		row(one.with(key, strings.Repeat("k", 256)), "a key too long", 400, "idempotency-key-format", "idempotency-key-format "+key),
		row(one.with(key, "nøgle"), "a key of other letters", 400, "idempotency-key-format", "idempotency-key-format "+key),
		row(one.with("Content-Type", "text/csv"), "a list for an object", 415, "content-type", "content-type Content-Type"),
		row(one.with("Content-Type", "application/xml"), "XML", 415, "content-type", "content-type Content-Type"),
		row(one.with("Content-Type", "application/json; charset=iso-8859-1"), "Latin-1", 415, "content-type", "content-type Content-Type"),
		row(one.with("Content-Encoding", "gzip"), "packed", 415, "encoding-unsupported", "encoding-unsupported Content-Encoding"),
		row(one.with("Accept", "text/html"), "for a page", 406, "not-acceptable"),
		row(one.with("Authorization", "Basic aWRhOmlkYQ=="), "a password", 401, "unauthenticated"),
		row(one.with("Authorization", "Bearer kreds_pt_never"), "a token of nobody", 401, "unauthenticated"),
		row(one.with("Authorization", "Bearer a", "Bearer b"), "two tokens", 400, "ambiguous-credentials"),
		row(change.with("Content-Type", "application/json"), "JSON for a merge patch", 415, "content-type", "content-type Content-Type"),
		row(change.with(tag), "no tag", 428, "tag-required", "tag-required "+tag),
		row(change.with(tag, "*"), "any tag", 428, "tag-required", "tag-required "+tag),
		row(change.with(tag, "garbage"), "garbage for a tag", 400, "malformed-tag", "malformed-tag "+tag),
		row(change.with(tag, `"1-m`), "half a tag", 400, "malformed-tag", "malformed-tag "+tag),
		row(change.with(tag, `W/"1-m"`), "a weak tag", 412, "stale-tag"),
		row(change.with(tag, `"7-m"`), "an old tag", 412, "stale-tag"),
		row(change.with(tag, `"1-o"`), "the tag of another view", 412, "stale-tag"),
		row(change.with(tag, `"1-m"`).with("If-None-Match", "*"), "both conditions", 400, "malformed-tag", "malformed-tag If-None-Match"),
	})
}
