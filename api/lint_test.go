package api_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kreds/api"
)

// The manners of the contract, held by a machine. A rule that has to be bent has its exceptions written down here with the
// reason.

func loaded(t *testing.T) *api.Document {
	t.Helper()
	document, err := api.Contract()
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func TestDocumentAndExamplesValidate(t *testing.T) {
	document := loaded(t)
	if err := document.T.Validate(context.Background()); err != nil {
		t.Error(err)
	}
	if document.T.OpenAPI != "3.0.3" {
		t.Error("the validator is slow and without pointers on any version but 3.0.3")
	}
}

// outsideV1 are the paths that other people's software keeps for years.
var outsideV1 = []string{"/feeds/{token}/calendar.ics", "/healthz", "/readyz", "/problems/{code}"}

func TestPaths(t *testing.T) {
	document := loaded(t)
	noun, part, parameter := regexp.MustCompile(`^[a-z]+(-[a-z]+)*s$|^people$|^me$`), regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`), regexp.MustCompile(`^\{[a-z_]+\}$`)
	names := map[string]string{} // the parameter of a position
	for path := range document.T.Paths.Map() {
		if slices.Contains(outsideV1, path) {
			continue
		}
		segments := strings.Split(strings.TrimPrefix(path, "/v1/"), "/")
		if !strings.HasPrefix(path, "/v1/") || !noun.MatchString(segments[0]) {
			t.Errorf("%s is not /v1/{plural noun}", path)
		}
		for i, s := range segments {
			if strings.ContainsAny(s, "{}:") && !parameter.MatchString(s) || !strings.Contains(s, "{") && !part.MatchString(s) {
				t.Errorf("%s: %q is neither a kebab-case word nor a parameter that fills its segment", path, s)
			}
			if parameter.MatchString(s) {
				position := strings.Join(segments[:i], "/")
				if had, ok := names[position]; ok && had != s {
					t.Errorf("%s: %s is called %s elsewhere", path, s, had)
				}
				names[position] = s
			}
		}
	}
}

func TestOperationsAreDescribed(t *testing.T) {
	document := loaded(t)
	id := regexp.MustCompile(`^[a-z]+([A-Z][a-z]+)*$`)
	var tags []string
	for _, tag := range document.T.Tags {
		tags = append(tags, tag.Name)
	}
	count := 0
	for _, item := range document.T.Paths.Map() {
		count += len(item.Operations())
	}
	if all := document.Operations(); len(all) != count {
		t.Errorf("%d operations have %d ids", count, len(all))
	}
	for _, o := range document.Operations() {
		if !id.MatchString(o.ID) {
			t.Errorf("operationId %q", o.ID)
		}
		if len(o.Tags) != 1 || !slices.Contains(tags, o.Tags[0]) {
			t.Errorf("%s has the tags %q", o.ID, o.Tags)
		}
		if o.Summary == "" || !strings.HasSuffix(o.Summary, ".") || strings.Contains(o.Summary, ". ") {
			t.Errorf("%s: the summary is no single sentence: %q", o.ID, o.Summary)
		}
		if o.Security == nil {
			t.Errorf("%s does not name its security", o.ID)
		}
		if d := o.Responses.Default(); d == nil || d.Ref != "#/components/responses/Refusal" {
			t.Errorf("%s: default is not the refusal", o.ID)
		}
		for _, p := range o.Parameters {
			if p.Value.Description == "" {
				t.Errorf("%s: parameter %s has no description", o.ID, p.Value.Name)
			}
		}
	}
}

func TestKindsAndHeaders(t *testing.T) {
	for _, o := range loaded(t).Operations() {
		has := func(header string) bool { return o.Parameters.GetByInAndName("header", header) != nil }
		must := func(holds bool, what string) {
			if !holds {
				t.Errorf("%s (%s %s, %s): %s", o.ID, o.Method, o.Path, o.Kind, what)
			}
		}
		standardPost := o.Kind == api.Standard && o.Method == "POST"
		switch o.Kind {
		case api.Standard:
			must(slices.Contains([]string{"GET", "HEAD", "POST", "PATCH", "DELETE"}, o.Method), "method")
		case api.Set:
			must(o.Method == "PUT", "a set is a PUT")
		case api.Act, api.Query:
			must(o.Method == "POST", "acts and queries are POSTs")
		default:
			t.Errorf("%s has no x-kind", o.ID)
		}
		must(has("Idempotency-Key") == (standardPost || o.Kind == api.Act), "creates and acts, and only they, take an Idempotency-Key")
		must(has("If-Match") == (o.Kind == api.Set || o.Kind == api.Act || o.Method == "PATCH" || o.Method == "DELETE"), "If-Match")
		match := o.Parameters.GetByInAndName("header", "If-Match")
		must(match == nil || match.Required != has("If-None-Match"), "If-Match is required unless If-None-Match: * is offered")
		must(!has("If-None-Match") || o.Kind == api.Set, "only a set may be the first writing")
		if o.Method == "PATCH" {
			content := o.RequestBody.Value.Content
			must(len(content) == 1 && content["application/merge-patch+json"] != nil, "PATCH takes a merge patch and nothing else")
		}
		if o.Method == "GET" || o.Method == "DELETE" || o.Method == "HEAD" {
			must(o.RequestBody == nil, "takes a body")
		}
	}
}

// untagged are objects without a version of their own, and why.
var untagged = map[string]string{
	"getMe":              "computed for the caller",
	"getAvailability":    "computed, with its own as_of_at",
	"getPlanRunProgress": "progress is a part without a tag, so that the run's tag changes with its state only",
	"getPlanRunInstance": "an instance never changes",
	"getHealth":          "a probe",
	"getReady":           "a probe",
	"getProblem":         "a page",
	"checkMoves":         "a query",
}

func TestReplies(t *testing.T) {
	for _, o := range loaded(t).Operations() {
		status, reply := success(o)
		tag, location := reply.Headers["ETag"] != nil, reply.Headers["Location"] != nil
		isList := strings.HasPrefix(o.ID, "list") || o.ID == "getReadiness"
		if location != (status == 201 || status == 202) {
			t.Errorf("%s: %d and Location", o.ID, status)
		}
		if want := status != 204 && !isList && untagged[o.ID] == ""; tag != want && o.ID != "deletePin" {
			t.Errorf("%s: ETag is %v", o.ID, tag)
		}
		if o.Responses.Status(304) != nil != (tag && (o.Method == "GET" || o.Method == "HEAD")) {
			t.Errorf("%s: a tagged GET, and only it, has 304", o.ID)
		}
		if (reply.Headers["Idempotency-Replayed"] != nil) != (o.Parameters.GetByInAndName("header", "Idempotency-Key") != nil) {
			t.Errorf("%s: Idempotency-Replayed", o.ID)
		}
		if isList {
			schema := reply.Content["application/json"].Schema.Value
			if schema.Properties["items"] == nil || schema.Properties["next_cursor"] == nil || !schema.Properties["next_cursor"].Value.Nullable {
				t.Errorf("%s is no list", o.ID)
			}
			for _, name := range []string{"page_size", "cursor"} {
				if o.Parameters.GetByInAndName("query", name) == nil {
					t.Errorf("%s lacks %s", o.ID, name)
				}
			}
		}
		for media, content := range reply.Content {
			if len(content.Examples) != 1 {
				t.Errorf("%s: the reply as %s has %d examples", o.ID, media, len(content.Examples))
			}
		}
		if o.RequestBody != nil {
			for media, content := range o.RequestBody.Value.Content {
				if len(content.Examples) != 1 {
					t.Errorf("%s: the request as %s has %d examples", o.ID, media, len(content.Examples))
				}
			}
		}
	}
}

// Scopes by the kind of token that can hold them.
var (
	personalScopes    = []string{"self", "logistics.read", "logistics.write", "planning", "content", "plan.instance"}
	integrationScopes = []string{"logistics.read", "logistics.write", "people.import", "lines.import", "pairs.import", "busy.write"}
	// openToIntegrations are the operations that an integration token may reach at all; none of them gives content.
	openToIntegrations = []string{"applyImport", "createImport", "getCriteria", "getCycle", "getImport", "getMe", "getProgramme",
		"getSession", "listConstraints", "listCycles", "listProgrammes", "listSessions"}
)

func TestWhoMayCall(t *testing.T) {
	var open []string
	for _, o := range loaded(t).Operations() {
		for _, scope := range o.Scopes {
			personal := slices.Contains(personalScopes, scope) && slices.Contains(o.Schemes, api.PersonalToken)
			integration := slices.Contains(integrationScopes, scope) && slices.Contains(o.Schemes, api.IntegrationToken)
			if !personal && !integration {
				t.Errorf("%s: no credential of %v can have the scope %s", o.ID, o.Schemes, scope)
			}
		}
		for _, s := range []struct {
			scheme api.Scheme
			scopes []string
		}{{api.PersonalToken, personalScopes}, {api.IntegrationToken, integrationScopes}} {
			reaches := len(o.Scopes) == 0 || slices.ContainsFunc(o.Scopes, func(x string) bool { return slices.Contains(s.scopes, x) })
			if slices.Contains(o.Schemes, s.scheme) && !reaches {
				t.Errorf("%s admits %s and no scope of it", o.ID, s.scheme)
			}
		}
		if slices.Contains(o.Schemes, api.IntegrationToken) {
			open = append(open, o.ID)
		}
		if len(o.Schemes) == 0 && !slices.Contains(outsideV1, o.Path) {
			t.Errorf("%s is open to everybody", o.ID)
		}
		if slices.Contains(o.Scopes, "plan.instance") && (len(o.Scopes) > 1 || !slices.Equal(o.Schemes, []api.Scheme{api.PersonalToken})) {
			t.Errorf("%s: no role and no other scope opens an instance", o.ID)
		}
	}
	if !slices.Equal(open, openToIntegrations) {
		t.Errorf("open to integrations:\n%q, want\n%q", open, openToIntegrations)
	}
}
