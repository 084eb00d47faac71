package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
)

// Document is the contract, loaded and indexed. It is not changed after loading and may be used by many goroutines.
type Document struct {
	T   *openapi3.T
	ops map[string]*Operation // by method and echo path
	ids map[string]*Operation // by operationId
}

// Kind is the kind of an operation; there are four.
type Kind string

const (
	Standard Kind = "standard" // list, create, get, change, delete
	Set      Kind = "set"      // PUT of a part or a state
	Act      Kind = "act"      // POST of a noun, with input or effects of its own
	Query    Kind = "query"    // POST that stores nothing
)

// Scheme is a security scheme of the contract.
type Scheme string

const (
	Session          Scheme = "session"
	PersonalToken    Scheme = "personalToken"
	IntegrationToken Scheme = "integrationToken"
)

// Operation is one operation of the contract.
type Operation struct {
	ID       string
	Method   string
	Path     string   // as the contract writes it, /v1/people/{id}
	Kind     Kind     // x-kind
	Scopes   []string // x-scopes: any of them opens it; none: every credential of its schemes does
	Schemes  []Scheme // who may come at all; none: everybody
	Problems []string // x-problems: the codes of its own
	Window   *Window  // x-window
	*openapi3.Operation

	route    *routers.Route
	query    map[string]*openapi3.Parameter
	accepts  []string // media types of its replies
	consumes []string // media types of its body
}

// Window is the longest window of the parameters from and to; a filter named in Unless lifts it.
type Window struct {
	Days   int      `json:"days"`
	Unless []string `json:"unless"`
}

// LoadDocument reads and validates a document.
func LoadDocument(text []byte) (*Document, error) {
	loader := openapi3.NewLoader()
	t, err := loader.LoadFromData(text)
	if err != nil {
		return nil, fmt.Errorf("api: the document cannot be read: %w", err)
	}
	if err := t.Validate(context.Background(), openapi3.DisableExamplesValidation(), openapi3.DisableSchemaDefaultsValidation()); err != nil {
		return nil, fmt.Errorf("api: the document is not valid: %w", err)
	}
	d := &Document{T: t, ops: map[string]*Operation{}, ids: map[string]*Operation{}}
	for path, item := range t.Paths.Map() {
		for method, op := range item.Operations() {
			o, err := operation(t, path, method, item, op)
			if err != nil {
				return nil, err
			}
			d.ops[method+" "+EchoPath(path)] = o
			d.ids[o.ID] = o
		}
	}
	return d, nil
}

func operation(t *openapi3.T, path, method string, item *openapi3.PathItem, op *openapi3.Operation) (*Operation, error) {
	o := &Operation{
		ID: op.OperationID, Method: method, Path: path, Operation: op,
		route: &routers.Route{Spec: t, Path: path, PathItem: item, Method: method, Operation: op},
		query: map[string]*openapi3.Parameter{},
	}
	for name, into := range map[string]any{"x-kind": &o.Kind, "x-scopes": &o.Scopes, "x-problems": &o.Problems, "x-window": &o.Window} {
		if err := extension(op.Extensions, name, into); err != nil {
			return nil, fmt.Errorf("api: %s of %s: %w", name, o.ID, err)
		}
	}
	if op.Security != nil {
		for _, requirement := range *op.Security {
			for scheme := range requirement {
				o.Schemes = append(o.Schemes, Scheme(scheme))
			}
		}
		slices.Sort(o.Schemes)
	}
	for _, ref := range slices.Concat(item.Parameters, op.Parameters) {
		if ref.Value.In == openapi3.ParameterInQuery {
			o.query[ref.Value.Name] = ref.Value
		}
	}
	for _, reply := range op.Responses.Map() {
		for media := range reply.Value.Content {
			o.accepts = append(o.accepts, media)
		}
	}
	slices.Sort(o.accepts)
	if op.RequestBody != nil {
		for media := range op.RequestBody.Value.Content {
			o.consumes = append(o.consumes, media)
		}
		slices.Sort(o.consumes)
	}
	return o, nil
}

// extension reads an x-member, if it is there.
func extension(from map[string]any, name string, into any) error {
	raw, ok := from[name]
	if !ok {
		return nil
	}
	text, err := json.Marshal(raw)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// EchoPath is the contract's path as echo writes it: /v1/people/:id.
func EchoPath(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}

// Find returns the operation that echo routed to, by method and echo's path of the route.
func (d *Document) Find(method, echoPath string) (*Operation, bool) {
	o, ok := d.ops[method+" "+echoPath]
	return o, ok
}

// ByID returns the operation with the operationId.
func (d *Document) ByID(id string) (*Operation, bool) {
	o, ok := d.ids[id]
	return o, ok
}

// Match returns the operation and the path parameters of a request that has not been routed.
func (d *Document) Match(r *http.Request) (*Operation, map[string]string, bool) {
	have := strings.Split(r.URL.Path, "/")
	for _, o := range d.ids {
		want := strings.Split(o.Path, "/")
		if o.Method != r.Method || len(want) != len(have) {
			continue
		}
		params, ok := map[string]string{}, true
		for i, segment := range want {
			if name, isParam := strings.CutPrefix(segment, "{"); isParam {
				params[strings.TrimSuffix(name, "}")] = have[i]
			} else if ok = segment == have[i]; !ok {
				break
			}
		}
		if ok {
			return o, params, true
		}
	}
	return nil, nil, false
}

// Route is the operation as kin-openapi's filters want it.
func (o *Operation) Route() *routers.Route { return o.route }

// Operations lists the operations, ordered by operationId.
func (d *Document) Operations() []*Operation {
	all := make([]*Operation, 0, len(d.ids))
	for _, o := range d.ids {
		all = append(all, o)
	}
	slices.SortFunc(all, func(a, b *Operation) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// ProblemCodes lists every problem code that the document names, sorted: x-problems of its operations, replies and schemas.
func (d *Document) ProblemCodes() []string {
	var codes []string
	text, err := d.T.MarshalJSON()
	if err != nil {
		panic("api: a loaded document cannot be written: " + err.Error())
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		panic("api: a written document cannot be read: " + err.Error())
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for name, e := range v {
				if list, ok := e.([]any); ok && name == "x-problems" {
					for _, code := range list {
						codes = append(codes, fmt.Sprint(code))
					}
					continue
				}
				walk(e)
			}
		}
	}
	walk(tree)
	slices.Sort(codes)
	return slices.Compact(codes)
}
