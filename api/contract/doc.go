// Package contract is generated from openapi.yaml: the models on the wire, and the strict server interface that package api
// implements. Nothing but package api and its tests imports it, and nobody edits it: change openapi.yaml and run
// go generate ./api/... .
//
// # What a handler can rely on
//
// A handler gets a request that has been validated, with defaults filled in. Ids are supervision.UUID, days supervision.Date.
// A member that may be null is a nullable.Nullable: in a merge patch unset, null and a value are three things; in a reply an
// unset Nullable of a required member would be written as the zero value, so every one has to be set (api.Null does that).
// An optional member of a reply is a pointer: nil is absent, outside of the caller's view.
package contract

//go:generate go tool oapi-codegen -config config.yaml ../../openapi.yaml
