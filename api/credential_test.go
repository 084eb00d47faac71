package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"kreds/api"
)

func TestCredentials(t *testing.T) {
	auth := func(values ...string) call {
		return call{path: "/v1/people", token: "-", header: http.Header{"Authorization": values}}
	}
	y := newToy(t)
	var bodies []string
	for _, c := range []call{
		{path: "/v1/people", token: "-"}, auth("Basic aWRhOnB3"), auth("Bearer"), auth("Bearer a b"), auth("Bearer æøå"), auth("Bearer " + strings.Repeat("x", 600)),
		auth("Bearer unknown"), auth("Bearer " + revoked), {path: "/v1/dogs", token: "-"}, {method: "PUT", path: "/v1/people", token: "-"},
		{method: "POST", path: "/v1/people", token: "-", body: "{"},
	} {
		w := y.do(c)
		if w.Code != 401 || !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Bearer ") {
			t.Errorf("68 %v: %d %q", c.header, w.Code, w.Header().Get("WWW-Authenticate"))
		}
		p := problem(t, w)
		p.Instance = ""
		text, _ := json.Marshal(p)
		bodies = append(bodies, string(text))
	}
	if slices.Sort(bodies); bodies[0] != bodies[len(bodies)-1] {
		t.Errorf("68: the answers differ:\n%s", strings.Join(bodies, "\n"))
	}
	cookie := http.Header{"Cookie": {"__Host-sid=" + signedInUser}}
	run(t, []badInput{
		refused("69 cookie and bearer", call{path: "/v1/people", header: cookie}, 400, "ambiguous-credentials"),
		refused("69 two bearers", auth("Bearer "+selfOnly, "Bearer "+everyScope), 400, "ambiguous-credentials"),
		refused("70 fewer scopes", call{path: "/v1/plans", token: selfOnly}, 403, "insufficient-scope"),
		refused("70 an integration where none may be", call{path: "/v1/people", token: integration}, 403, "insufficient-scope"),
		refused("70 comes before the body", call{method: "POST", path: "/v1/plan-runs", token: selfOnly, body: "{"}, 403, "insufficient-scope"),
		refused("a token where a session is asked for", call{method: "POST", path: "/v1/tokens", body: "{}"}, 403, "sign-in-required"),
		refused("70 a session opens no instance", call{path: "/v1/plan-runs/x/instance", token: "-", header: cookie}, 403, "insufficient-scope"),
		refused("71 token in the query", call{path: "/v1/people?access_token=" + everyScope, token: "-"}, 400, "token-in-url"),
		refused("71 also on open pages", call{path: "/healthz?TOKEN=x", token: "-"}, 400, "token-in-url"),
		refused("72 another site with the cookie", call{method: "POST", path: "/v1/people", token: "-", body: person,
			header: http.Header{"Cookie": cookie["Cookie"], "Sec-Fetch-Site": {"cross-site"}}}, 403, "cross-origin"),
	})
	y.do(call{path: "/v1/people?access_token=" + everyScope, token: "-"})
	if len(y.leaked) != 1 || string(y.leaked[0]) != everyScope || strings.Contains(y.log.String(), everyScope) {
		t.Errorf("71: the leak was not handed on, or was logged: %v", y.leaked)
	}
	if w := y.do(call{path: "/v1/people", token: "-", header: cookie}); w.Code != 200 {
		t.Errorf("a session: %d %s", w.Code, w.Body)
	}
	if w := y.do(call{path: "/v1/sessions", token: integration}); w.Code != 200 {
		t.Errorf("an integration: %d %s", w.Code, w.Body)
	}
}

// TestMalformedTokensAreNotLookedUp: what cannot be a token of ours never reaches the tokens' table.
func TestMalformedTokensAreNotLookedUp(t *testing.T) {
	document, _ := api.Contract()
	config, asked := toyConfig(&strings.Builder{}), 0
	config.Authenticate = func(ctx context.Context, c api.Credential) (context.Context, api.Grant, error) {
		asked++
		return toyAuthenticate(ctx, c)
	}
	e, err := api.NewEcho(config, document)
	if err != nil {
		t.Fatal(err)
	}
	for _, header := range []string{"Bearer a b", "Bearer æøå", "Bearer " + strings.Repeat("x", 600), "Bearer ", "Digest x"} {
		get(e, "/v1/me", "Authorization", header)
	}
	if asked != 0 {
		t.Errorf("%d of them were looked up", asked)
	}
	if get(e, "/v1/me", "Authorization", "bearer unknown"); asked != 1 {
		t.Error("the scheme's name is case-insensitive (RFC 9110 §11.1)")
	}
}

// TestPagesOutsideOfTheContract are on their own: a mail's link may carry a secret of its own kind, and needs no token.
func TestPagesOutsideOfTheContract(t *testing.T) {
	y := newToy(t)
	y.echo.GET("/console", func(c echo.Context) error { return c.String(http.StatusOK, "here") })
	if w := get(y.echo, "/console?token=x"); w.Code != 200 || w.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w := get(y.echo, "/elsewhere?token=x"); w.Code != 404 {
		t.Errorf("%d", w.Code)
	}
}
