package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
	"go.yaml.in/yaml/v4"

	"kreds"
	"kreds/api"
	"kreds/api/contract"
)

// stub has the operations that need no handlers of ours; the others panic, and nobody calls them here.
type stub struct {
	contract.StrictServerInterface
	api.Pages
}

func (s stub) GetHealth(ctx ctxt, r contract.GetHealthRequestObject) (contract.GetHealthResponseObject, error) {
	return s.Pages.GetHealth(ctx, r)
}

func (s stub) GetProblem(ctx ctxt, r contract.GetProblemRequestObject) (contract.GetProblemResponseObject, error) {
	return s.Pages.GetProblem(ctx, r)
}

func served(t *testing.T) *echo.Echo {
	t.Helper()
	e, err := api.New(toyConfig(&strings.Builder{}), stub{})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func get(h http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestRoutesMatch(t *testing.T) {
	e := served(t)
	if err := api.RoutesMatch(e); err != nil {
		t.Errorf("every route of New is in the contract and back: %v", err)
	}
	e.GET("/dav/calendars", func(echo.Context) error { return nil })
	if err := api.RoutesMatch(e); err != nil {
		t.Errorf("the CalDAV address is outside: %v", err)
	}
	e.GET("/console/", func(echo.Context) error { return nil })
	if err := api.RoutesMatch(e); err == nil || !strings.Contains(err.Error(), "/console/") {
		t.Errorf("a route without an entry: %v", err)
	}
	if err := api.RoutesMatch(e, "/console/"); err != nil {
		t.Errorf("a route that is outside on purpose: %v", err)
	}
	if err := api.RoutesMatch(echo.New()); err == nil || !strings.Contains(err.Error(), "getMe") {
		t.Errorf("an entry without a route: %v", err)
	}
}

func TestDocumentIsServed(t *testing.T) {
	e := served(t)
	w := get(e, "/openapi.yaml")
	if w.Code != 200 || w.Body.String() != string(kreds.OpenAPI()) {
		t.Errorf("/openapi.yaml: %d, %d bytes", w.Code, w.Body.Len())
	}
	if again := get(e, "/openapi.yaml", "If-None-Match", w.Header().Get("ETag")); again.Code != 304 || again.Body.Len() != 0 {
		t.Errorf("/openapi.yaml again: %d", again.Code)
	}
	var fromJSON, fromYAML struct {
		Paths map[string]any `yaml:"paths" json:"paths"`
	}
	if err := json.Unmarshal(get(e, "/openapi.json").Body.Bytes(), &fromJSON); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(kreds.OpenAPI(), &fromYAML); err != nil {
		t.Fatal(err)
	}
	if len(fromJSON.Paths) != len(fromYAML.Paths) || len(fromJSON.Paths) == 0 {
		t.Errorf("%d paths in JSON, %d in YAML", len(fromJSON.Paths), len(fromYAML.Paths))
	}
	if _, err := api.LoadDocument(get(e, "/openapi.json").Body.Bytes()); err != nil {
		t.Errorf("the JSON is no document: %v", err)
	}
}

// TestDocumentationComesFromTheBinary: the page and all that it loads is served here, and its policy lets nothing else in.
func TestDocumentationComesFromTheBinary(t *testing.T) {
	e := served(t)
	w := get(e, "/docs")
	html, policy := w.Body.String(), w.Header().Get("Content-Security-Policy")
	if w.Code != 200 || !strings.Contains(html, "/openapi.json") {
		t.Fatalf("%d %s", w.Code, html)
	}
	links := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(html, -1)
	if len(links) < 3 {
		t.Fatalf("the page loads %v", links)
	}
	for _, link := range links {
		if !strings.HasPrefix(link[1], "/docs/") {
			t.Errorf("the page loads %s", link[1])
		}
		if asset := get(e, link[1]); asset.Code != 200 || asset.Body.Len() == 0 {
			t.Errorf("%s: %d", link[1], asset.Code)
		}
	}
	for _, want := range []string{"default-src 'none'", "script-src 'self' 'sha256-", "style-src 'self' 'sha256-", "connect-src 'self'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy %q lacks %q", policy, want)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
		t.Errorf("the policy is %q", policy)
	}
	if inline := strings.Count(html, "<script>") + strings.Count(html, "<style>"); strings.Count(policy, "sha256-") != inline {
		t.Errorf("%d inline parts, policy %q", inline, policy)
	}
	for _, path := range []string{"/docs/nothing.js", "/docs/../openapi.yaml", "/docs/a/b", "/docs/%2e%2e/x"} {
		if w := get(e, path); w.Code != 404 || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", path, w.Code, w.Header().Get("Content-Type"))
		}
	}
}

func TestProblemPages(t *testing.T) {
	e := served(t)
	html := get(e, "/problems/slot-taken", "Accept", "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language", "da")
	if html.Code != 200 || !strings.Contains(html.Header().Get("Content-Type"), "text/html") || !strings.Contains(html.Body.String(), "Tiden er optaget") {
		t.Errorf("%d %s", html.Code, html.Body)
	}
	program := get(e, "/problems/slot-taken")
	if program.Code != 200 || !strings.Contains(program.Body.String(), `"title":"The time is taken"`) {
		t.Errorf("%d %s", program.Code, program.Body)
	}
	if w := get(e, "/problems/dogs"); w.Code != 404 {
		t.Errorf("an unknown code: %d", w.Code)
	}
	if w := get(e, "/healthz"); w.Code != 200 || strings.TrimSpace(w.Body.String()) != `{"state":"up"}` {
		t.Errorf("health: %d %s", w.Code, w.Body)
	}
}
