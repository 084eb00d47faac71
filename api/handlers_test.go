package api_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kreds/api"
	"kreds/api/contract"
	"kreds/api/contracttest"
	"kreds/supervision"
)

// house is a small set of typed handlers, as the real ones will be: a person and one answer, kept in memory.
type house struct {
	contract.StrictServerInterface
	version int
	unit    *string
	rows    string
	answer  string
}

func (h *house) person() contract.Person {
	email, organisation := "ida@a.example", contract.ID{1: 7, 6: 0x70, 8: 0x80}
	roles := []contract.Role{contract.RoleMentor}
	return contract.Person{
		ID: contract.ID{2: 7, 6: 0x70, 8: 0x80}, Etag: supervision.Tag{Version: h.version, View: supervision.ViewManager}.String(), Name: "Ida Holm",
		TimeZone: "Europe/Copenhagen", WorkHours: []contract.WorkHours{}, Languages: []string{"da"}, Email: &email, OrganisationID: &organisation, Roles: &roles,
		ExternalID: api.Null[string](nil), Unit: api.Null(h.unit), Site: api.Null[string](nil), Seniority: api.Null[int](nil), Experience: api.Null[contract.Experience](nil),
	}
}

func (h *house) GetPerson(context.Context, contract.GetPersonRequestObject) (contract.GetPersonResponseObject, error) {
	p := h.person()
	return contract.GetPerson200JSONResponse{Body: p, Headers: contract.GetPerson200ResponseHeaders{ETag: p.Etag}}, nil
}

func (h *house) UpdatePerson(ctx context.Context, r contract.UpdatePersonRequestObject) (contract.UpdatePersonResponseObject, error) {
	if present := h.person().Etag; !api.EnvelopeOf(ctx).Match.Holds(present) {
		return nil, &supervision.Error{Kind: supervision.Conflict, Code: "stale-tag", Detail: "The person has changed.", Tag: present}
	}
	if unit, set := api.Changed(r.Body.Unit); set {
		h.unit = unit
		h.version++
	}
	p := h.person()
	return contract.UpdatePerson200JSONResponse{Body: p, Headers: contract.UpdatePerson200ResponseHeaders{ETag: p.Etag}}, nil
}

func (h *house) CreatePerson(ctx context.Context, r contract.CreatePersonRequestObject) (contract.CreatePersonResponseObject, error) {
	h.version, h.unit = 1, r.Body.Unit
	p, replayed := h.person(), api.EnvelopeOf(ctx).Key == "again"
	headers := contract.CreatePerson201ResponseHeaders{ETag: p.Etag, Location: "/v1/people/" + p.ID.String()}
	if replayed {
		headers.IdempotencyReplayed = &replayed
	}
	return contract.CreatePerson201JSONResponse{Body: p, Headers: headers}, nil
}

var answered = time.Date(2027, 1, 13, 7, 0, 0, 0, time.UTC)

func (h *house) PutAnswer(ctx context.Context, r contract.PutAnswerRequestObject) (contract.PutAnswerResponseObject, error) {
	present := ""
	if h.answer != "" {
		present = `"1-o"`
	}
	if !api.EnvelopeOf(ctx).Match.Holds(present) {
		return nil, &supervision.Error{Kind: supervision.Conflict, Code: "stale-tag", Detail: "There is an answer.", Tag: present}
	}
	h.answer = string(r.Body.Answer)
	if *r.Body.ShortNoticeOk {
		h.answer += ", soon"
	}
	id := contract.ID{2: 7, 6: 0x70, 8: 0x80}
	return contract.PutAnswer200JSONResponse{Headers: contract.PutAnswer200ResponseHeaders{ETag: `"1-o"`}, Body: contract.Answer{
		Etag: `"1-o"`, SessionID: id, Person: contract.PersonRef{ID: id, Name: "Ida Holm"}, Answer: contract.AnswerValue(r.Body.Answer),
		Revision: r.Body.Revision, ShortNoticeOk: *r.Body.ShortNoticeOk, AnsweredAt: api.Null(&answered),
	}}, nil
}

func (h *house) CreateImport(_ context.Context, r contract.CreateImportRequestObject) (contract.CreateImportResponseObject, error) {
	if r.JSONBody != nil {
		h.rows = *r.JSONBody.Rows[0].Name
	} else {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		h.rows = string(text)
	}
	return nil, supervision.Fault(supervision.Unavailable, "unavailable", "%s %s %s", r.Params.Kind, *r.Params.Mode, *r.Params.Apply)
}

// TestTypedHandlers: POST, PATCH, PUT and CSV arrive in typed handlers through New, and their replies keep the contract.
func TestTypedHandlers(t *testing.T) {
	h := &house{}
	e, err := api.New(toyConfig(&strings.Builder{}), h)
	if err != nil {
		t.Fatal(err)
	}
	served := contracttest.Check(t, e)
	send := func(method, path, media, body string, header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+everyScope)
		r.Header.Set("Content-Type", media)
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		served.ServeHTTP(w, r)
		return w
	}
	step := func(w *httptest.ResponseRecorder, want int) *httptest.ResponseRecorder {
		t.Helper()
		if w.Code != want {
			t.Fatalf("%d, want %d: %s", w.Code, want, w.Body)
		}
		return w
	}
	const json, patch = "application/json", "application/merge-patch+json"
	made := step(send("POST", "/v1/people", json, with("unit", `"Sales"`), "Idempotency-Key", "one"), 201)
	if made.Header().Get("Idempotency-Replayed") != "" || *h.unit != "Sales" {
		t.Errorf("made: %v %v", made.Header(), h.unit)
	}
	if again := step(send("POST", "/v1/people", json, with("unit", `"Sales"`), "Idempotency-Key", `"again"`), 201); again.Header().Get("Idempotency-Replayed") != "true" {
		t.Errorf("replayed: %v", again.Header())
	}
	step(send("PATCH", ida, patch, `{"seniority":4}`, "If-Match", `"1-m"`), 200)
	if *h.unit != "Sales" {
		t.Error("what is absent was touched")
	}
	cleared := step(send("PATCH", ida, patch, `{"unit":null}`, "If-Match", `"1-m"`), 200)
	if h.unit != nil || cleared.Header().Get("ETag") != `"2-m"` || !strings.Contains(cleared.Body.String(), `"unit":null`) {
		t.Errorf("cleared: %v %s", h.unit, cleared.Body)
	}
	if stale := step(send("PATCH", ida, patch, `{"unit":"HR"}`, "If-Match", `"1-m"`), 412); stale.Header().Get("ETag") != `"2-m"` {
		t.Errorf("stale: %v", stale.Header())
	}
	const answers = "/v1/sessions/x/answers/y"
	step(send("PUT", answers, json, `{"answer":"accepted","revision":0}`, "If-None-Match", "*"), 200)
	step(send("PUT", answers, json, `{"answer":"accepted","revision":0}`, "If-None-Match", "*"), 412)
	step(send("PUT", answers, json, `{"answer":"declined","revision":0,"short_notice_ok":true}`, "If-Match", `"1-o"`), 200)
	if h.answer != "declined, soon" {
		t.Error(h.answer)
	}
	const csv = "external_id,name\ne17,Ida Holm\n"
	p := problem(t, step(send("POST", "/v1/imports?kind=people", "Text/CSV; charset=UTF-8", csv, "Idempotency-Key", "one"), 503))
	if h.rows != csv || p.Detail != "people partial if_clean" {
		t.Errorf("CSV: %q %q", h.rows, p.Detail)
	}
	step(send("POST", "/v1/imports?kind=people", "Application/JSON", `{"rows":[{"name":"Bo Lind"}]}`, "Idempotency-Key", "one"), 503)
	if h.rows != "Bo Lind" {
		t.Errorf("rows: %q", h.rows)
	}
	read := step(send(http.MethodGet, ida, "", ""), 200)
	if copied := step(send(http.MethodGet, ida, "", "", "If-None-Match", read.Header().Get("ETag")), 304); copied.Body.Len() != 0 {
		t.Errorf("304 with %d bytes", copied.Body.Len())
	}
}

func TestNullAndChanged(t *testing.T) {
	text, err := json.Marshal([]any{api.NullIf(""), api.NullIf("x"), api.NullIf(supervision.Date{}), api.Null[int](nil)})
	if err != nil || string(text) != `[null,"x",null,null]` {
		t.Errorf("%s %v", text, err)
	}
	var patch contract.PersonPatch
	if err := json.Unmarshal([]byte(`{"unit":null,"site":"Odense"}`), &patch); err != nil {
		t.Fatal(err)
	}
	if v, set := api.Changed(patch.Unit); v != nil || !set {
		t.Error("null clears")
	}
	if v, set := api.Changed(patch.Site); v == nil || *v != "Odense" || !set {
		t.Error("a value sets")
	}
	if v, set := api.Changed(patch.ExternalID); v != nil || set {
		t.Error("absent keeps")
	}
}

// BenchmarkDoor is the cost of a list and of a create through the door and the generated code, without any use case.
func BenchmarkDoor(b *testing.B) {
	e, err := api.New(toyConfig(io.Discard), &house{})
	if err != nil {
		b.Fatal(err)
	}
	for name, body := range map[string]string{"get": "", "create": person} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r := httptest.NewRequest("GET", ida, nil)
				if body != "" {
					r = httptest.NewRequest("POST", "/v1/people", strings.NewReader(body))
					r.Header.Set("Content-Type", "application/json")
					r.Header.Set("Idempotency-Key", "one")
				}
				r.Header.Set("Authorization", "Bearer "+everyScope)
				w := httptest.NewRecorder()
				if e.ServeHTTP(w, r); w.Code >= 400 {
					b.Fatal(w.Body)
				}
			}
		})
	}
}
