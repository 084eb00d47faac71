package api_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"

	"kreds/api"
	"kreds/supervision"
)

// refuse lets one operation of a toy fail with an error.
func refuse(y *toy, id string, err error) {
	y.answer[id] = func(context.Context, any) (any, error) { return nil, err }
}

func TestProblemShowsWhatTheErrorSays(t *testing.T) {
	y := newToy(t)
	refuse(y, "movePlanSession", fmt.Errorf("wrapped on the way: %w", &supervision.Error{
		Kind: supervision.Conflict, Code: "slot-taken", Detail: "2027-03-09T08:00:00Z is taken.",
		Fields:  []supervision.Field{{Pointer: "#/start", Code: "slot-taken", Detail: "Taken."}},
		Reasons: []supervision.Reason{{Rule: "H03", Detail: "Somebody is busy.", Help: []string{"Another day"}}},
		Err:     errors.New("constraint occupancy_excl"),
	}))
	w := y.do(call{method: "POST", path: plan + "/moves", body: move("2027-03-09T08:00:00Z")})
	p := problem(t, w)
	if w.Code != 409 || p.Type != "https://kreds.a.example/problems/slot-taken" || p.Title != "The time is taken" || p.Detail != "2027-03-09T08:00:00Z is taken." || p.Retryable {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if !regexp.MustCompile(`^urn:uuid:[0-9a-f-]{36}$`).MatchString(p.Instance) || w.Header().Get("X-Request-Id") != p.Instance[len("urn:uuid:"):] {
		t.Errorf("instance %s, X-Request-Id %s", p.Instance, w.Header().Get("X-Request-Id"))
	}
	if p.Errors == nil || len(*p.Errors) != 1 || p.Reasons == nil || (*p.Reasons)[0].Rule != "H03" || strings.Contains(w.Body.String(), "occupancy") {
		t.Errorf("%s", w.Body)
	}
	if !strings.Contains(y.log.String(), w.Header().Get("X-Request-Id")) {
		t.Error("the log does not name the request")
	}
}

func TestProblemOfAnIllegalStep(t *testing.T) {
	y := newToy(t)
	refuse(y, "setCycleState", &supervision.Error{Kind: supervision.Conflict, Code: "invalid-transition",
		Step: &supervision.Step{From: "draft", To: "closed", Allowed: []string{"designed", "cancelled"}}})
	p := problem(t, y.do(call{method: "PUT", path: "/v1/cycles/x/state", body: `{"state":"closed"}`}))
	if p.From == nil || *p.From != "draft" || *p.To != "closed" || !slices.Equal(*p.Allowed, []string{"designed", "cancelled"}) {
		t.Errorf("%+v", p)
	}
}

// TestRefusalsThatTellNothing: what may not be told is not told, whatever the error holds.
func TestRefusalsThatTellNothing(t *testing.T) {
	for _, code := range []string{"placement-not-possible", "not-found"} {
		kind := map[string]supervision.Kind{"placement-not-possible": supervision.Invalid, "not-found": supervision.NotFound}[code]
		y := newToy(t)
		var bodies []string
		for i, rule := range []string{"H05", "H22"} {
			refuse(y, "movePlanSession", &supervision.Error{Kind: kind, Code: code, Detail: "Ida is the manager of Bo " + rule,
				Reasons: []supervision.Reason{{Rule: rule, Subject: "Bo", Detail: "secret"}}, Fields: []supervision.Field{{Pointer: "#/mentor_ids", Code: fmt.Sprint(i)}}})
			w := y.do(call{method: "POST", path: plan + "/moves", body: move("2027-03-09T08:00:00Z")})
			p := problem(t, w)
			bodies = append(bodies, strings.ReplaceAll(w.Body.String(), p.Instance, ""))
			if strings.Contains(w.Body.String(), "Bo") || strings.Contains(w.Body.String(), rule) {
				t.Errorf("%s tells: %s", code, w.Body)
			}
		}
		if diff := cmp.Diff(bodies[0], bodies[1]); diff != "" {
			t.Errorf("%s: two causes differ:\n%s", code, diff)
		}
	}
}

func TestFaultsOfOursSayNothingOutside(t *testing.T) {
	const canary = "dsn=postgres://kreds:hunter2@db"
	for name, handler := range map[string]func(context.Context, any) (any, error){
		"foreign error": func(context.Context, any) (any, error) { return nil, errors.New(canary) },
		"internal": func(context.Context, any) (any, error) {
			return nil, supervision.Fault(supervision.Internal, "internal", canary)
		},
		"unknown code": func(context.Context, any) (any, error) {
			return nil, &supervision.Error{Kind: supervision.Internal, Code: canary}
		},
		"panic":             func(context.Context, any) (any, error) { panic(canary) },
		"panic of an error": func(context.Context, any) (any, error) { panic(errors.New(canary)) },
		"echo's own":        func(context.Context, any) (any, error) { return nil, echo.NewHTTPError(500, canary) },
	} {
		y := newToy(t)
		y.answer["listPeople"] = handler
		w := y.do(call{path: "/v1/people"})
		if w.Code != 500 || strings.Contains(w.Body.String(), "hunter2") || problem(t, w).Code != "internal" {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

func TestUnavailable(t *testing.T) {
	for code, c := range map[string]struct {
		err    error
		status int
		after  string
	}{
		"unavailable":       {&supervision.Error{Kind: supervision.Unavailable, RetryAfter: 1500 * time.Millisecond, Err: errors.New("db down")}, 503, "2"},
		"too-many-requests": {echo.NewHTTPError(429), 429, "5"},
		"storage-full":      {&supervision.Error{Kind: supervision.Unavailable, Code: "storage-full"}, 507, ""},
		"timeout":           {&supervision.Error{Kind: supervision.Internal, Err: fmt.Errorf("query: %w", context.DeadlineExceeded)}, 504, ""},
	} {
		y := newToy(t)
		refuse(y, "listPeople", c.err)
		w := y.do(call{path: "/v1/people"})
		if p := problem(t, w); w.Code != c.status || p.Code != code || !p.Retryable || w.Header().Get("Retry-After") != c.after {
			t.Errorf("%s: %d %s %q", code, w.Code, p.Code, w.Header().Get("Retry-After"))
		}
	}
}

func TestProblemsInDanish(t *testing.T) {
	y := newToy(t)
	c := create(with("seniority", "10"))
	for header, want := range map[string]string{"da": "Skal være 1–9.", "da-DK,da;q=0.9,en;q=0.8": "Skal være 1–9.", "en": "Must be 1–9.", "fr": "Must be 1–9.", "": "Must be 1–9."} {
		c.header = http.Header{"Accept-Language": {header}}
		w := y.do(c)
		if p := problem(t, w); (*p.Errors)[0].Detail != want {
			t.Errorf("%q: %q", header, (*p.Errors)[0].Detail)
		}
		if lang := w.Header().Get("Content-Language"); (lang == "da") != strings.HasPrefix(want, "Skal") {
			t.Errorf("%q: Content-Language %q", header, lang)
		}
	}
}

// TestTextsOfInstantsAreReadable: no regular expression reaches people.
func TestTextsOfFaultsAreReadable(t *testing.T) {
	y := newToy(t)
	for _, body := range []string{with("organisation_id", `"x"`), with("languages", `["Danish"]`), with("work_hours", `[{"weekday":"mon","from_time":"8","to_time":"9"}]`), with("email", `"x"`)} {
		for _, f := range *problem(t, y.do(create(body))).Errors {
			if strings.ContainsAny(f.Detail, "^$\\|{}") || f.Detail == "" {
				t.Errorf("%s: %q", body, f.Detail)
			}
		}
	}
}

func TestEveryAnswerCarriesTheHeaders(t *testing.T) {
	y := newToy(t)
	for _, c := range []call{{path: "/v1/people"}, {path: "/v1/dogs"}, {path: "/v1/people", token: "-"}, {path: "/healthz"}, {method: "PUT", path: "/v1/me"}} {
		w := y.do(c)
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
			"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s is %q", c.path, name, got)
			}
		}
		if !strings.Contains(w.Header().Get("Cache-Control"), "no-store") || w.Header().Get("Strict-Transport-Security") == "" {
			t.Errorf("%s: %v", c.path, w.Header())
		}
	}
}

// TestCodesInGoAreCatalogued: a code that a package of the house puts into an error stands in the catalogue. It reads the
// sources, so that a code in a branch which no test reaches is found, too.
func TestCodesInGoAreCatalogued(t *testing.T) {
	catalogue, err := api.Problems()
	if err != nil {
		t.Fatal(err)
	}
	problemCode := regexp.MustCompile(`(?:supervision\.)?Fault\((?:supervision\.)?[A-Z][a-z]+[A-Za-z]*, "([a-z0-9-]+)"|Error\{[^}]*?Code:\s*"([a-z0-9-]+)"|(?:bodyFault|headerFault)\("([a-z0-9-]+)"`)
	faultCode := regexp.MustCompile(`(?:Faulty|\.And|\.Add)\([^,()]+(?:\([^()]*\))?, "([a-z0-9-]+)"|\b(?:named\(path|one)\(?(?:path, )?"([a-z-]+)"|finding\{[^}]*code: "([a-z-]+)"|formatFault\{(?:code: )?"([a-z-]+)"|r\.find\("([a-z-]+)"|\bfault[A-Z][a-z]+ += "([a-z-]+)"`)
	seen := map[string]bool{}
	for _, root := range []string{"../api", "../service", "../supervision", "../store", "../instance", "../jobs", "../cmd"} {
		_ = filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, ".gen.go") {
				return nil
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Error(err)
			}
			for _, m := range problemCode.FindAllStringSubmatch(string(text), -1) {
				code := m[1] + m[2] + m[3]
				seen[code] = true
				if _, ok := catalogue.Problems[code]; !ok {
					t.Errorf("%s: the problem %q is not in the catalogue", path, code)
				}
			}
			for _, m := range faultCode.FindAllStringSubmatch(string(text), -1) {
				code := strings.Join(m[1:], "")
				seen[code] = true
				if _, ok := catalogue.Faults[code]; !ok {
					t.Errorf("%s: the fault %q is not in the catalogue", path, code)
				}
			}
			return nil
		})
	}
	for _, code := range []string{"not-found", "trailing-data", "content-type", "idempotency-key-required", "unknown-field", "end-before-start", "control-character", "invalid-unicode"} {
		if !seen[code] {
			t.Errorf("the search does not find %q, which is there", code)
		}
	}
}

// TestDeadline: a call that takes longer than it may ends with 504 and may be repeated.
func TestDeadline(t *testing.T) {
	document, err := api.Contract()
	if err != nil {
		t.Fatal(err)
	}
	config := toyConfig(&strings.Builder{})
	config.Deadline = time.Millisecond
	e, err := api.NewEcho(config, document)
	if err != nil {
		t.Fatal(err)
	}
	e.GET("/v1/me", func(c echo.Context) error {
		<-c.Request().Context().Done()
		return fmt.Errorf("query: %w", c.Request().Context().Err())
	})
	w := get(e, "/v1/me", "Authorization", "Bearer "+everyScope)
	if p := problem(t, w); w.Code != 504 || p.Code != "timeout" || !p.Retryable {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
