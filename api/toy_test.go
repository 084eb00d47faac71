package api_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"

	"kreds/api"
	"kreds/api/contract"
	"kreds/api/contracttest"
	"kreds/supervision"
)

// The tokens that the toy knows. A secret never tells what it opens; these do, for the reader's sake.
const (
	everyScope   = "toy-personal-all"
	selfOnly     = "toy-personal-self"
	integration  = "toy-integration-logistics"
	revoked      = "toy-revoked"
	signedInUser = "toy-session"
)

var everyScopeList = []string{"self", "logistics.read", "logistics.write", "planning", "plan.instance"}

func toyAuthenticate(ctx context.Context, c api.Credential) (context.Context, api.Grant, error) {
	tenant, principal := supervision.TenantID{1}, supervision.UUID{2}
	switch {
	case c.Scheme == api.Session && c.Secret == signedInUser:
		return ctx, api.Grant{Scheme: api.Session, Tenant: tenant, Principal: principal}, nil
	case c.Scheme == api.PersonalToken && c.Secret == everyScope:
		return ctx, api.Grant{Scheme: api.PersonalToken, Scopes: everyScopeList, Tenant: tenant, Principal: principal}, nil
	case c.Scheme == api.PersonalToken && c.Secret == selfOnly:
		return ctx, api.Grant{Scheme: api.PersonalToken, Scopes: []string{"self"}, Tenant: tenant, Principal: supervision.UUID{3}}, nil
	case c.Scheme == api.PersonalToken && c.Secret == integration:
		return ctx, api.Grant{Scheme: api.IntegrationToken, Scopes: []string{"logistics.read"}, Tenant: tenant, Principal: supervision.UUID{4}}, nil
	}
	return ctx, api.Grant{}, supervision.Fault(supervision.Unauthenticated, "unauthenticated", "unknown or revoked")
}

// toy is an echo over the real contract whose handlers answer with the contract's own examples.
type toy struct {
	http.Handler
	echo     *echo.Echo
	document *api.Document
	requests map[string]any                                           // what the handler of an operation was given
	answer   map[string]func(ctx context.Context, r any) (any, error) // handlers of a test's own, by operationId
	log      *strings.Builder
	leaked   []api.Secret
}

func toyConfig(log io.Writer) api.Config {
	return api.Config{
		Base: "https://kreds.a.example", Authenticate: toyAuthenticate,
		Log: slog.New(slog.NewJSONHandler(log, nil)),
	}
}

func newToy(t *testing.T) *toy {
	t.Helper()
	document, err := api.Contract()
	if err != nil {
		t.Fatal(err)
	}
	y := &toy{document: document, requests: map[string]any{}, answer: map[string]func(context.Context, any) (any, error){}, log: &strings.Builder{}}
	config := toyConfig(y.log)
	config.Leaked = func(_ context.Context, s api.Secret) { y.leaked = append(y.leaked, s) }
	if y.echo, err = api.NewEcho(config, document); err != nil {
		t.Fatal(err)
	}
	contract.RegisterHandlers(y.echo, contract.NewStrictHandler(nil, []contract.StrictMiddlewareFunc{y.handle}))
	y.Handler = contracttest.Check(t, y.echo)
	return y
}

func (y *toy) handle(_ contract.StrictHandlerFunc, name string) contract.StrictHandlerFunc {
	id := strings.ToLower(name[:1]) + name[1:]
	return func(c echo.Context, request any) (any, error) {
		y.requests[id] = request
		if own, ok := y.answer[id]; ok {
			return own(c.Request().Context(), request)
		}
		return nil, y.example(c, id)
	}
}

// example answers with the example of the operation's success reply.
func (y *toy) example(c echo.Context, id string) error {
	operation, _ := y.document.ByID(id)
	status, reply := success(operation)
	h := c.Response().Header()
	for name := range reply.Headers {
		switch name {
		case "ETag":
			h.Set(name, `"1-m"`)
		case "Location":
			h.Set(name, "/v1/somewhere")
		}
	}
	media := api.EnvelopeOf(c.Request().Context()).Accept
	if reply.Content[media] == nil {
		return c.NoContent(status)
	}
	value := exampleOf(reply.Content[media])
	if text, ok := value.(string); ok {
		return c.Blob(status, media, []byte(text))
	}
	if object, ok := value.(map[string]any); ok && object["etag"] != nil {
		h.Set("ETag", object["etag"].(string))
	}
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return c.Blob(status, media, body)
}

func success(o *api.Operation) (int, *openapi3.Response) {
	for _, status := range []int{200, 201, 202, 204} {
		if r := o.Responses.Status(status); r != nil {
			return status, r.Value
		}
	}
	panic(o.ID + " has no success reply")
}

// exampleOf is a copy of the one example of a media type.
func exampleOf(m *openapi3.MediaType) any {
	for _, name := range slices.Sorted(maps.Keys(m.Examples)) {
		text, err := json.Marshal(m.Examples[name].Value.Value)
		if err != nil {
			panic(err)
		}
		var value any
		if err := json.Unmarshal(text, &value); err != nil {
			panic(err)
		}
		return value
	}
	return nil
}

// call is one request to the toy; zero fields have usable defaults.
type call struct {
	method, path string
	body         string
	media        string // "": application/json for a body
	token        string // "": every scope; "-": none
	header       http.Header
}

// request makes the request with all that its operation asks for, save what the call sets itself.
func (c call) request(y *toy) *http.Request {
	if c.method == "" {
		c.method = http.MethodGet
	}
	var body io.Reader
	if c.body != "" {
		body = strings.NewReader(c.body)
	}
	r := httptest.NewRequest(c.method, c.path, body)
	if c.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.media != "" {
		r.Header.Set("Content-Type", c.media)
	}
	switch c.token {
	case "":
		r.Header.Set("Authorization", "Bearer "+everyScope)
	case "-":
	default:
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if operation, _, ok := y.document.Match(r); ok {
		if operation.Parameters.GetByInAndName("header", "Idempotency-Key") != nil {
			r.Header.Set("Idempotency-Key", "8e03c1d2")
		}
		if operation.Parameters.GetByInAndName("header", "If-Match") != nil {
			r.Header.Set("If-Match", `"1-m"`)
		}
	}
	for name, values := range c.header {
		if r.Header[name] = values; len(values) == 0 {
			delete(r.Header, name)
		}
	}
	return r
}

func (y *toy) do(c call) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	y.ServeHTTP(w, c.request(y))
	return w
}

// problem reads the refusal that came back.
func problem(t *testing.T, w *httptest.ResponseRecorder) contract.Problem {
	t.Helper()
	var p contract.Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("status %d is no problem document: %v\n%s", w.Code, err, w.Body)
	}
	return p
}

// faults lists code and place of the errors of a problem.
func faults(p contract.Problem) []string {
	var list []string
	if p.Errors == nil {
		return nil
	}
	for _, f := range *p.Errors {
		switch {
		case f.Pointer != nil:
			list = append(list, f.Code+" "+*f.Pointer)
		case f.Parameter != nil:
			list = append(list, f.Code+" "+*f.Parameter)
		default:
			list = append(list, f.Code)
		}
	}
	return list
}
