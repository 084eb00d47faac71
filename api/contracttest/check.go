// Package contracttest holds replies against the contract in tests: every reply of a handler that is wrapped by Check has to
// be one that openapi.yaml describes.
package contracttest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"kreds"
	"kreds/api"
)

// Check wraps a handler. A reply that the contract does not describe fails t: another status, media type, header or member, a
// member too many or too few, an instant that is not in UTC, a problem code that the operation does not name, a tag that
// differs from the member etag, two bodies under one tag.
func Check(t testing.TB, h http.Handler) http.Handler {
	t.Helper()
	document, err := closed()
	if err != nil {
		t.Fatalf("the contract: %v", err)
	}
	read := bodies{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(sent))
		asked := r.Clone(r.Context())
		record := httptest.NewRecorder()
		h.ServeHTTP(record, r)
		if err := Reply(document, asked, record); err != nil {
			t.Errorf("%s %s: the reply %d leaves the contract: %v\n%s", asked.Method, asked.URL.Path, record.Code, err, record.Body)
		}
		if err := read.tell(asked, record); err != nil {
			t.Errorf("%s %s: %v", asked.Method, asked.URL.Path, err)
		}
		for name, values := range record.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(record.Code)
		_, _ = w.Write(record.Body.Bytes())
	})
}

// closed is the contract with every object of a reply closed, so that a member too many is noticed. The contract itself
// leaves them open, since it may grow.
var closed = sync.OnceValues(func() (*api.Document, error) {
	for _, media := range []string{"text/calendar", "text/html"} {
		openapi3filter.RegisterBodyDecoder(media, openapi3filter.PlainBodyDecoder)
	}
	document, err := api.LoadDocument(kreds.OpenAPI())
	if err != nil {
		return nil, err
	}
	no := false
	for _, schema := range document.T.Components.Schemas {
		s := schema.Value
		if len(s.Properties) > 0 && s.AdditionalProperties.Has == nil && s.AdditionalProperties.Schema == nil {
			s.AdditionalProperties.Has = &no
		}
	}
	return document, nil
})

// Reply says how a recorded reply to a request leaves the document; nil if it does not.
func Reply(document *api.Document, r *http.Request, w *httptest.ResponseRecorder) error {
	operation, params, known := document.Match(r)
	if w.Code >= 400 {
		return errors.Join(refusal(document, operation, w), validated(document, operation, params, r, w, known))
	}
	if !known {
		return nil // a page outside of the contract
	}
	return errors.Join(validated(document, operation, params, r, w, known), tagged(w))
}

func validated(document *api.Document, operation *api.Operation, params map[string]string, r *http.Request, w *httptest.ResponseRecorder, known bool) error {
	if !known {
		return nil
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: operation.Route()},
		Status:                 w.Code,
		Header:                 w.Header(),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true, SchemaValidationOptions: []openapi3.SchemaValidationOption{
			openapi3.WithStringFormatValidators(map[string]openapi3.StringFormatValidator{
				"date-time": openapi3.NewCallbackValidator(inUTC),
				"uuid":      openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringForUUIDOfRFC9562),
			}),
		}},
	}
	input.SetBodyBytes(w.Body.Bytes())
	return openapi3filter.ValidateResponse(r.Context(), input)
}

func inUTC(s string) error {
	if _, err := time.Parse(time.RFC3339Nano, s); err != nil || !strings.HasSuffix(s, "Z") {
		return fmt.Errorf("%q is no instant in UTC with Z", s)
	}
	return nil
}

// refusal holds a problem document against the catalogue and against what the operation says that it may answer.
func refusal(document *api.Document, operation *api.Operation, w *httptest.ResponseRecorder) error {
	if w.Header().Get("Content-Type") != "application/problem+json" {
		return fmt.Errorf("a refusal of type %q", w.Header().Get("Content-Type"))
	}
	if w.Body.Len() == 0 {
		return nil // HEAD
	}
	var problem struct {
		Code   string
		Status int
	}
	if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil {
		return err
	}
	catalogue, err := api.Problems()
	if err != nil {
		return err
	}
	entry, ok := catalogue.Problems[problem.Code]
	if !ok || entry.Status != w.Code || problem.Status != w.Code {
		return fmt.Errorf("%q with status %d and member status %d; the catalogue says %d", problem.Code, w.Code, problem.Status, entry.Status)
	}
	var general []string
	for _, code := range document.T.Components.Responses["Refusal"].Value.Extensions["x-problems"].([]any) {
		general = append(general, fmt.Sprint(code))
	}
	if operation != nil && !slices.Contains(general, problem.Code) && !slices.Contains(operation.Problems, problem.Code) {
		return fmt.Errorf("%s does not name the problem %q", operation.ID, problem.Code)
	}
	return nil
}

// tagged says whether the header ETag is the member etag of the reply's object, where it has one of its own. The answer to a
// GET adds a digest of its body.
func tagged(w *httptest.ResponseRecorder) error {
	var object struct{ Etag *string }
	if tag := w.Header().Get("ETag"); json.Unmarshal(w.Body.Bytes(), &object) == nil && object.Etag != nil && *object.Etag != tag &&
		!strings.HasPrefix(tag, strings.TrimSuffix(*object.Etag, `"`)+".") {
		return fmt.Errorf("the header ETag is %s and the member etag %s", tag, *object.Etag)
	}
	return nil
}

// bodies are the bodies that readers got, by what they asked for and the tag that came with it.
type bodies struct{ sync.Map }

// tell says whether a reader who asks again under a tag has the same body: a strong tag stands for all of it (RFC 9110 §8.8.1).
func (b *bodies) tell(r *http.Request, w *httptest.ResponseRecorder) error {
	tag := w.Header().Get("ETag")
	if r.Method != http.MethodGet || w.Code != http.StatusOK || tag == "" {
		return nil
	}
	key := strings.Join([]string{r.URL.String(), r.Header.Get("Accept"), tag}, " ")
	if was, again := b.LoadOrStore(key, w.Body.String()); again && was != w.Body.String() {
		return fmt.Errorf("the tag %s stands for two bodies:\n%s\n%s", tag, was, w.Body)
	}
	return nil
}
