// Package kreds carries the contract of the service: the HTTP document and the catalogue of problem codes. Everything else
// stands in the folders below; ARCHITECTURE.md is the map.
package kreds

import _ "embed"

//go:embed openapi.yaml
var openAPI []byte

//go:embed problems.yaml
var problems []byte

// OpenAPI returns openapi.yaml, the contract by which requests and replies are judged (OpenAPI 3.0.3).
func OpenAPI() []byte { return openAPI }

// Problems returns problems.yaml, the catalogue of problem codes.
func Problems() []byte { return problems }
