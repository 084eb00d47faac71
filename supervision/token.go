package supervision

import "slices"

// Scope is what a token opens, at most; its reach is the role's and the scope's.
type Scope string

const (
	ScopeSelf           Scope = "self"
	ScopeLogisticsRead  Scope = "logistics.read"
	ScopeLogisticsWrite Scope = "logistics.write"
	ScopePlanning       Scope = "planning"
	ScopeContent        Scope = "content"
	ScopePlanInstance   Scope = "plan.instance" // no role has it; the command alone grants it
	ScopePeopleImport   Scope = "people.import"
	ScopeLinesImport    Scope = "lines.import"
	ScopePairsImport    Scope = "pairs.import"
	ScopeBusyWrite      Scope = "busy.write"
)

// PersonalScopes are those a personal token may have.
func PersonalScopes() []Scope {
	return []Scope{ScopeSelf, ScopeLogisticsRead, ScopeLogisticsWrite, ScopePlanning, ScopeContent, ScopePlanInstance}
}

// IntegrationScopes are those an integration token may have; none of them opens content.
func IntegrationScopes() []Scope {
	return []Scope{ScopeLogisticsRead, ScopeLogisticsWrite, ScopePeopleImport, ScopeLinesImport, ScopePairsImport, ScopeBusyWrite}
}

// TokenKind tells a person's token from an integration's.
type TokenKind string

const (
	PersonalToken    TokenKind = "personal"
	IntegrationToken TokenKind = "integration"
)

// Token is a bearer secret, kept as a hash.
type Token struct {
	ID         TokenID
	Kind       TokenKind
	Name       string
	Prefix     string // the first characters of the secret, to recognise it by
	Scopes     []Scope
	Person     PersonID // personal tokens
	MadeAt     Instant
	ExpiresAt  Instant
	RevokedAt  Instant
	LastUsedAt Instant
	Version    int
}

// State of the token at an instant: active, expired or revoked.
func (t Token) State(now Instant) string {
	switch {
	case !t.RevokedAt.IsZero():
		return "revoked"
	case !now.Before(t.ExpiresAt):
		return "expired"
	}
	return "active"
}

// Actor is who takes a step: a person, by session or token, or an integration, by its token.
type Actor struct {
	Tenant TenantID
	Person PersonID // zero: an integration, or the house itself
	Token  TokenID  // zero: no token
	Kind   ActorKind
	Scopes []Scope // of the token
}

// ActorKind is by what credential an actor comes.
type ActorKind string

const (
	BySession     ActorKind = "session"
	ByToken       ActorKind = "personal_token"
	ByIntegration ActorKind = "integration_token"
	ByCommand     ActorKind = "command"
	ByTask        ActorKind = "task"
)

// Viewer is the id by which relations know the actor: the person's, or an integration's token's.
func (a Actor) Viewer() UUID {
	if a.Kind == ByIntegration {
		return a.Token.Any()
	}
	return a.Person.Any()
}

// Opens says whether the credential's scopes open an action that asks for one of these; a session needs none.
func (a Actor) Opens(any []Scope) bool {
	switch a.Kind {
	case BySession, ByCommand, ByTask:
		return true
	}
	if len(any) == 0 {
		return true
	}
	return slices.ContainsFunc(any, func(s Scope) bool { return slices.Contains(a.Scopes, s) })
}
