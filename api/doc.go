// Package api is HTTP in and HTTP out: it holds every request against the contract before a handler sees it, renders every
// error once, and serves the contract's own pages.
//
// # The way of a request
//
// Echo finds the route; the door (door.go) then judges in this order, and the first failure answers: framing and headers (400),
// the credential (401), the route (404, 405), the scope (403), the forms accepted (406), key and tags (400, 428), media type
// and size (415, 413), body and parameters (400, 422). What the door read off the request travels as an Envelope in the
// context. The generated strict server binds the validated values; handlers of package api call one use case and return its
// result or its error. An error becomes a problem document in problem.go and nowhere else.
//
// # What is decided here, and where
//
// The contract (openapi.yaml) says names, limits and defaults; the catalogue (problems.yaml) says which code has which status
// and words. Nothing here knows a rule of the field.
package api
