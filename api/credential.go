package api

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"kreds/supervision"
)

// sessionCookie holds the secret of a signed-in browser. Its prefix binds it to the host, to https and to the path /.
const sessionCookie = "__Host-sid"

// Credential is what a request presents. Scheme tells the cookie from a token; whether a token is personal or an
// integration's is known once it has been looked up.
type Credential struct {
	Scheme Scheme // Session, or PersonalToken for any bearer token
	Secret Secret
}

// Secret is a text that never shows itself: it prints, logs and marshals as "…".
type Secret string

// String hides the secret.
func (Secret) String() string { return "…" }

// GoString hides the secret from %#v.
func (Secret) GoString() string { return "…" }

// MarshalText hides the secret from encoders and loggers.
func (Secret) MarshalText() ([]byte, error) { return []byte("…"), nil }

// Grant is what a valid credential opens.
type Grant struct {
	Scheme    Scheme
	Scopes    []string // of a token; a session needs none
	Tenant    supervision.TenantID
	Principal supervision.UUID // the person, or the integration's token
}

// Authenticate looks a credential up. The context that it returns travels on to the handlers and may carry the actor. It
// answers Unauthenticated for everything that is not valid now, whatever the reason.
type Authenticate func(ctx context.Context, c Credential) (context.Context, Grant, error)

// tokenParameters are the names under which people put secrets into addresses.
var tokenParameters = []string{"access_token", "api_key", "apikey", "authorization", "auth_token", "bearer", "token"}

// inAddress finds a credential in the query, by name; the secret is returned so that it can be flagged.
func inAddress(r *http.Request) (Secret, bool) {
	if r.URL.RawQuery == "" {
		return "", false
	}
	query, _ := url.ParseQuery(r.URL.RawQuery) // what cannot be parsed is refused later
	for name, values := range query {
		if slices.Contains(tokenParameters, strings.ToLower(name)) && len(values) > 0 {
			return Secret(values[0]), true
		}
	}
	return "", false
}

// presented reads the one credential of a request; ok is false without one. Two at once, or an Authorization that is no
// bearer token, is an error.
func presented(r *http.Request) (c Credential, ok bool, err error) {
	headers := r.Header.Values("Authorization")
	cookies := 0
	for _, cookie := range r.Cookies() {
		if cookie.Name == sessionCookie {
			cookies++
			c, ok = Credential{Session, Secret(cookie.Value)}, true
		}
	}
	if len(headers)+cookies > 1 {
		return Credential{}, false, supervision.Fault(supervision.Malformed, "ambiguous-credentials", "The request carries more than one credential.")
	}
	if len(headers) == 1 {
		scheme, secret, _ := strings.Cut(headers[0], " ")
		secret = strings.TrimSpace(secret)
		if !strings.EqualFold(scheme, "Bearer") || !isTokenText(secret) {
			return Credential{}, false, unauthenticated()
		}
		return Credential{PersonalToken, Secret(secret)}, true, nil
	}
	return c, ok && c.Secret != "", nil
}

// isTokenText says whether s is a b64token (RFC 6750 §2.1) of a bearable length.
func isTokenText(s string) bool {
	return s != "" && len(s) <= 512 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=") == ""
}

// unauthenticated is the one answer to no credential, a malformed, unknown, expired and revoked one.
func unauthenticated() error {
	return &supervision.Error{Kind: supervision.Unauthenticated, Code: "unauthenticated"}
}

// admits says whether the grant may use the operation at all: by its scheme, and for a token by its scopes.
func (o *Operation) admits(g Grant) error {
	if len(o.Schemes) == 0 {
		return nil
	}
	if !slices.Contains(o.Schemes, g.Scheme) {
		if slices.Equal(o.Schemes, []Scheme{Session}) {
			return supervision.Fault(supervision.Forbidden, "sign-in-required", "A token cannot do this; it needs a signed-in session.")
		}
		return supervision.Fault(supervision.Forbidden, "insufficient-scope", "This kind of credential does not open %s.", o.ID)
	}
	if g.Scheme == Session || len(o.Scopes) == 0 || slices.ContainsFunc(o.Scopes, func(s string) bool { return slices.Contains(g.Scopes, s) }) {
		return nil
	}
	return supervision.Fault(supervision.Forbidden, "insufficient-scope", "%s needs one of the scopes %s.", o.ID, strings.Join(o.Scopes, ", "))
}
