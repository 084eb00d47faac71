package api

import (
	"bytes"
	"context"
	"html/template"
	"strings"

	"kreds/api/contract"
	"kreds/supervision"
)

// Pages answers the operations that need nothing but the program itself. The handlers embed it.
type Pages struct{}

// GetHealth says that the process lives.
func (Pages) GetHealth(context.Context, contract.GetHealthRequestObject) (contract.GetHealthResponseObject, error) {
	return contract.GetHealth200JSONResponse{State: contract.HealthStateUp}, nil
}

var problemPage = template.Must(template.New("problem").Parse(`<!doctype html>
<html lang="{{.Language}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Code}}</title></head>
<body><h1>{{.Title}}</h1><p>{{.Next}}</p><p><code>{{.Code}}</code> · {{.Status}}</p></body></html>
`))

// GetProblem explains a problem code, in HTML for people and in JSON for programs.
func (Pages) GetProblem(ctx context.Context, request contract.GetProblemRequestObject) (contract.GetProblemResponseObject, error) {
	catalogue, err := Problems()
	if err != nil {
		return nil, err
	}
	entry, ok := catalogue.Problems[request.Code]
	if !ok {
		return nil, supervision.Absent()
	}
	envelope := EnvelopeOf(ctx)
	explained := contract.ProblemType{
		Code: request.Code, Status: entry.Status, Retryable: entry.Retryable,
		Title: entry.Title.In(envelope.Language), Next: entry.Next.In(envelope.Language),
	}
	if !strings.HasPrefix(envelope.Accept, "text/html") {
		return contract.GetProblem200JSONResponse(explained), nil
	}
	var html bytes.Buffer
	err = problemPage.Execute(&html, struct {
		contract.ProblemType
		Language Language
	}{explained, envelope.Language})
	return contract.GetProblem200TextHTMLResponse{Body: &html, ContentLength: int64(html.Len())}, err
}
