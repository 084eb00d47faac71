package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"kreds/api"
	"kreds/api/contract"
	"kreds/supervision"
)

func TestBadQueries(t *testing.T) {
	const sessions = "/v1/sessions?"
	cases := []badInput{
		invalid("49 order", call{path: "/v1/people?order=name%3Bdrop"}, "enum order"),
		invalid("52 twice", call{path: "/v1/people?page_size=1&page_size=2"}, "duplicate-parameter page_size"),
		invalid("53 unknown", call{path: "/v1/people?q=ida"}, "unknown-parameter q"),
		invalid("53 other case", call{path: "/v1/people?Page_size=1"}, "unknown-parameter Page_size"),
		invalid("54 from after to", call{path: sessions + "from=2027-03-02T00:00:00Z&to=2027-03-01T00:00:00Z"}, "range to"),
		invalid("54 from is to", call{path: sessions + "from=2027-03-02T00:00:00Z&to=2027-03-02T00:00:00Z"}, "range to"),
		invalid("54 63 days", call{path: sessions + "from=2027-03-01T00:00:00Z&to=2027-05-03T00:00:00Z"}, "range to"),
		invalid("30 + in a query", call{path: sessions + "from=2027-03-01T00:00:00+01:00"}, "utc-required from"),
		invalid("30 offset in a query", call{path: sessions + "from=2027-03-01T00:00:00%2B01:00"}, "utc-required from"),
		invalid("28 no such day", call{path: sessions + "from=2027-02-30T00:00:00Z"}, "format from"),
		invalid("state", call{path: sessions + "state=on_hold,held"}, "enum state"),
		invalid("boolean", call{path: sessions + "mine=1"}, "type mine"),
		invalid("id", call{path: sessions + "cycle_id=c3"}, "format cycle_id"),
		invalid("missing", call{path: ida + "/availability?from=2027-03-01T00:00:00Z"}, "required to"),
		invalid("51 empty cursor", call{path: "/v1/people?cursor="}, "required cursor"),
		refused("55 broken escape", call{path: "/v1/people?q=%zz"}, 400, "malformed-request"),
		refused("55 NUL in a query", call{path: "/v1/people?external_id=%00"}, 400, "malformed-request"),
		refused("55 overlong UTF-8 in a query", call{path: "/v1/people?external_id=%c0%af"}, 400, "malformed-request"),
	}
	for size, code := range map[string]string{"0": "range", "-1": "range", "201": "range", "1e9": "type", "abc": "type", "99999999999999999999": "type", "": "required"} {
		cases = append(cases, invalid("50 page_size "+size, call{path: "/v1/people?page_size=" + size}, code+" page_size"))
	}
	run(t, cases)
	y := newToy(t)
	for _, path := range []string{sessions + "from=2027-03-01T00:00:00Z&to=2027-05-02T00:00:00Z", // 62 days
		sessions + "from=2027-03-01T00:00:00Z&to=2028-03-01T00:00:00Z&cycle_id=01a303c2-e000-7000-8000-0000000000d4",
		sessions + "state=on_hold,confirmed&mine=true&page_size=200"} {
		if w := y.do(call{path: path}); w.Code != 200 {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestBadPaths(t *testing.T) {
	run(t, []badInput{
		refused("20 wrong method", call{method: "PUT", path: "/v1/people"}, 405, "method-not-allowed"),
		refused("no such route", call{path: "/v1/dogs"}, 404, "not-found"),
		refused("no such route outside", call{path: "/dogs"}, 404, "not-found"),
		refused("55 NUL", call{path: "/v1/people/%00"}, 400, "malformed-request"),
		refused("55 overlong UTF-8", call{path: "/v1/people/%c0%af"}, 400, "malformed-request"),
		refused("55 two slashes", call{path: "/v1//people"}, 404, "not-found"),
		refused("trailing slash", call{path: "/v1/people/"}, 404, "not-found"),
		refused("47 no id, too long", call{path: "/v1/people/" + strings.Repeat("x", 37)}, 404, "not-found"),
	})
	y := newToy(t)
	if w := y.do(call{method: "PUT", path: "/v1/people"}); !strings.Contains(w.Header().Get("Allow"), "GET") || !strings.Contains(w.Header().Get("Allow"), "POST") {
		t.Errorf("Allow is %q", w.Header().Get("Allow"))
	}
}

// TestMalformedIDIsAbsent (47, 48): an id that cannot be one and an id of nobody get the same answer.
func TestMalformedIDIsAbsent(t *testing.T) {
	y := newToy(t)
	y.answer["getPerson"] = func(_ context.Context, r any) (any, error) {
		if _, err := api.PathID[supervision.PersonID](r.(contract.GetPersonRequestObject).ID); err != nil {
			return nil, err
		}
		return nil, supervision.Absent()
	}
	var bodies []string
	for _, id := range []string{"7", "01a303c2-e000-7000-8000-0000000000b1", "01a303c2 e000", "%2e%2e%2fjobs", strings.Repeat("x", 36), strings.Repeat("x", 100)} {
		w := y.do(call{path: "/v1/people/" + strings.ReplaceAll(id, " ", "%20")})
		if w.Code != 404 {
			t.Errorf("%s: %d", id, w.Code)
		}
		p := problem(t, w)
		p.Instance = ""
		text, _ := json.Marshal(p)
		bodies = append(bodies, string(text))
	}
	if slices.Sort(bodies); bodies[0] != bodies[len(bodies)-1] {
		t.Errorf("the answers differ:\n%s", strings.Join(bodies, "\n"))
	}
}

func TestKeys(t *testing.T) {
	key := func(values ...string) call {
		return call{method: "POST", path: "/v1/people", body: person, header: http.Header{"Idempotency-Key": values}}
	}
	missing := call{method: "POST", path: "/v1/people", body: person, header: http.Header{"Idempotency-Key": {}}}
	const at = " Idempotency-Key"
	run(t, []badInput{
		refused("57 missing", missing, 400, "idempotency-key-required", "idempotency-key-required"+at),
		refused("58 empty", key(""), 400, "idempotency-key-format", "idempotency-key-format"+at),
		refused("58 quotes around nothing", key(`""`), 400, "idempotency-key-format", "idempotency-key-format"+at),
		refused("58 space inside", key("a b"), 400, "idempotency-key-format", "idempotency-key-format"+at),
		refused("58 256 characters", key(strings.Repeat("x", 256)), 400, "idempotency-key-format", "idempotency-key-format"+at),
		refused("58 not ASCII", key("nøgle"), 400, "idempotency-key-format", "idempotency-key-format"+at),
		refused("58 one quote", key(`"a`), 400, "idempotency-key-format", "idempotency-key-format"+at),
		refused("58 two", key("a", "b"), 400, "idempotency-key-format", "idempotency-key-format"+at),
	})
	y := newToy(t)
	var got []*api.Envelope
	y.answer["createPerson"] = func(ctx context.Context, _ any) (any, error) {
		got = append(got, api.EnvelopeOf(ctx))
		return nil, supervision.Fault(supervision.Conflict, "email-taken", "The address is taken.")
	}
	for _, c := range []call{key("8e03"), key(`"8e03"`), key(strings.Repeat("x", 255)), key("8e03")} {
		y.do(c)
	}
	other := key("8e03")
	other.body = with("name", `"Ida"`)
	y.do(other)
	if len(got) != 5 || got[0].Key != "8e03" || got[1].Key != "8e03" || len(got[2].Key) != 255 {
		t.Fatalf("the keys did not arrive: %v", got)
	}
	if got[0].Hash != got[3].Hash || got[0].Hash == got[4].Hash {
		t.Error("the hash is of the request: the same body the same, another body another")
	}
	// 59 and 60 are found inside of the call; the door only words them.
	y.answer["createPerson"] = func(context.Context, any) (any, error) {
		e := supervision.Fault(supervision.Conflict, "idempotency-key-in-use", "The first request with this key is still running.")
		e.RetryAfter = time.Second
		return nil, e
	}
	if w := y.do(key("8e03")); w.Code != 409 || w.Header().Get("Retry-After") != "1" || !problem(t, w).Retryable {
		t.Errorf("60: %d %q", w.Code, w.Header().Get("Retry-After"))
	}
	y.answer["createPerson"] = func(context.Context, any) (any, error) {
		return nil, supervision.Fault(supervision.Invalid, "idempotency-key-reused", "This key was used with another body.")
	}
	if w := y.do(key("8e03")); w.Code != 422 {
		t.Errorf("59: %d", w.Code)
	}
}

func TestConditionsOfChanges(t *testing.T) {
	match := func(values ...string) call {
		return call{method: "PATCH", path: ida, media: "application/merge-patch+json", body: "{}", header: http.Header{"If-Match": values}}
	}
	holidays := func(h http.Header) call {
		return call{method: "PUT", path: "/v1/organisations/x/holidays", body: `{"holidays":[]}`, header: h}
	}
	missing := match()
	const at = " If-Match"
	run(t, []badInput{
		refused("61 missing", missing, 428, "tag-required", "tag-required"+at),
		refused("62 star", match("*"), 428, "tag-required", "tag-required"+at),
		refused("62 bare", match("3-m"), 400, "malformed-tag", "malformed-tag"+at),
		refused("62 unclosed", match(`"3-m`), 400, "malformed-tag", "malformed-tag"+at),
		refused("62 empty", match(""), 400, "malformed-tag", "malformed-tag"+at),
		refused("62 garbage behind", match(`"3-m" x`), 400, "malformed-tag", "malformed-tag"+at),
		refused("a part: neither", holidays(http.Header{"If-Match": {}}), 428, "tag-required", "tag-required"+at),
		refused("a part: both", holidays(http.Header{"If-Match": {`"1-m"`}, "If-None-Match": {"*"}}), 400, "malformed-tag", "malformed-tag If-None-Match"),
		refused("a part: not a star", holidays(http.Header{"If-Match": {}, "If-None-Match": {`"1-m"`}}), 400, "malformed-tag", "malformed-tag If-None-Match"),
	})
	y := newToy(t)
	present := supervision.Tag{Version: 3, View: supervision.ViewManager}.String()
	decide := func(ctx context.Context, _ any) (any, error) {
		if !api.EnvelopeOf(ctx).Match.Holds(present) {
			return nil, &supervision.Error{Kind: supervision.Conflict, Code: "stale-tag", Detail: "It has changed.", Tag: present}
		}
		return nil, supervision.Fault(supervision.Conflict, "conflict", "but it was right")
	}
	y.answer["updatePerson"], y.answer["putHolidays"] = decide, decide
	for header, want := range map[string]int{`"3-m"`: 409, `"2-m", "3-m"`: 409, `"2-m"`: 412, `W/"3-m"`: 412, `"3-s"`: 412} {
		w := y.do(match(header))
		if w.Code != want {
			t.Errorf("If-Match %s: %d, want %d", header, w.Code, want)
		}
		if w.Code == 412 && w.Header().Get("ETag") != present {
			t.Errorf("If-Match %s: the present tag is %q", header, w.Header().Get("ETag"))
		}
	}
	if w := y.do(match(`"2-m"`, `"3-m"`)); w.Code != 409 {
		t.Errorf("two lines: %d", w.Code)
	}
	if w := y.do(holidays(http.Header{"If-Match": {}, "If-None-Match": {"*"}})); w.Code != 412 {
		t.Errorf("a first writing over something: %d", w.Code)
	}
}

// TestLargeBodies (16): a length that is told is believed before a byte is read, one that is not told is counted.
func TestLargeBodies(t *testing.T) {
	y := newToy(t)
	told := call{method: "POST", path: "/v1/people", body: person}.request(y)
	told.Body, told.ContentLength = io.NopCloser(iotest.ErrReader(errors.New("nobody reads this"))), 1<<20+1
	told.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(strings.NewReader("{"), told.Body), told.Body} // the first byte says that there is a body
	counted := call{method: "POST", path: "/v1/people", body: person}.request(y)
	counted.Body, counted.ContentLength = io.NopCloser(strings.NewReader(with("name", `"`+strings.Repeat("x", 1<<20)+`"`))), -1
	broken := call{method: "POST", path: "/v1/people", body: person}.request(y)
	broken.Body = io.NopCloser(io.MultiReader(strings.NewReader("{"), iotest.ErrReader(io.ErrUnexpectedEOF)))
	slow := call{method: "POST", path: "/v1/people", body: person}.request(y)
	slow.Body = io.NopCloser(io.MultiReader(strings.NewReader("{"), iotest.ErrReader(os.ErrDeadlineExceeded)))
	for want, r := range map[string]*http.Request{"413 told": told, "413 counted": counted, "400 broken off": broken, "408 slow": slow} {
		w := httptest.NewRecorder()
		if y.echo.ServeHTTP(w, r); !strings.HasPrefix(want, fmt.Sprint(w.Code)) {
			t.Errorf("%s: %d %s", want, w.Code, w.Body)
		}
	}
}

// TestHeadersTooLarge (56): the server ends a request with 33 KiB of headers before echo sees it, and serves 16 KiB.
func TestHeadersTooLarge(t *testing.T) {
	y := newToy(t)
	server := httptest.NewUnstartedServer(y)
	server.Config = api.NewServer(y)
	server.Start()
	defer server.Close()
	for size, want := range map[int]int{33 << 10: 431, 16 << 10: 200} {
		r, _ := http.NewRequest(http.MethodGet, server.URL+"/healthz", nil)
		r.Header.Set("X-Much", strings.Repeat("x", size))
		answer, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("%d bytes: %d, want %d", size, answer.StatusCode, want)
		}
	}
}
