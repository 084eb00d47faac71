package roster

import (
	"context"
	"slices"
	"time"

	"kreds/internal/seal"
	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// The longest lives of tokens, in days. Those that open content or instances live shorter, and the command alone makes them.
const (
	longestToken    = 365
	longestContent  = 30
	longestInstance = 7
)

// NewToken is what a token shall be. Person is the one whose token it is; an integration's has none.
type NewToken struct {
	Kind   supervision.TokenKind
	Name   string
	Scopes []supervision.Scope
	Person supervision.PersonID
	Days   int
}

// TokenSeen is a token with its person's name.
type TokenSeen struct {
	supervision.Token
	PersonName string
}

type seenToken = service.Seen[TokenSeen]

// TokenMade is a token with its secret, which is told once: a repeat of the call has none.
type TokenMade struct {
	seenToken
	Secret seal.Secret `json:"-"`
}

// ListTokens is a page of the tokens that the actor may see, of one kind or of all, and whether there are more.
func (s *Service) ListTokens(ctx context.Context, actor supervision.Actor, kind supervision.TokenKind, p store.Page) (list []seenToken, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		rows, err := tx.ListTokens(kind, p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		plain, err := service.SeenAll(tx, store.Tokens, "listTokens", rows, func(t supervision.Token) supervision.UUID { return t.ID.Any() })
		if err != nil {
			return err
		}
		people := make([]supervision.PersonID, len(plain))
		for i, t := range plain {
			people[i] = t.Object.Person
		}
		names, err := tx.Names(people)
		list = make([]seenToken, len(plain))
		for i, t := range plain {
			list[i] = seenToken{Object: TokenSeen{t.Object, names[t.Object.Person]}, View: t.View}
		}
		return err
	})
	return list, more, err
}

// CreateToken makes a token from a signed-in session: one's own, or an integration's of the tenant. It opens no more than its
// maker's roles do.
func (s *Service) CreateToken(ctx context.Context, c service.Call, n NewToken) (service.Outcome[TokenMade], error) {
	if c.Actor.Kind != supervision.BySession {
		return service.Outcome[TokenMade]{}, supervision.Fault(supervision.Forbidden, "sign-in-required", "Only a signed-in person makes tokens; the command kreds token makes them for others.")
	}
	if n.Kind == supervision.PersonalToken {
		n.Person = c.Actor.Person
	}
	return s.makeToken(ctx, c, n, func(tx *store.Tx) error {
		subject := n.Person.Any()
		if n.Kind == supervision.IntegrationToken {
			subject = tx.Tenant().Any()
		}
		if _, err := tx.MayOn("createToken", subject); err != nil {
			return err
		}
		return s.grantable(tx, n)
	})
}

// grantable refuses scopes above the maker's own rights.
func (s *Service) grantable(tx *store.Tx, n NewToken) error {
	for _, scope := range n.Scopes {
		switch scope {
		case supervision.ScopeContent, supervision.ScopePlanInstance:
			return supervision.Fault(supervision.Invalid, "scope-not-grantable", "Only the command kreds token gives the scope %s.", scope)
		case supervision.ScopePlanning:
			runs, err := tx.MightEver("createPlanRun")
			if err != nil {
				return err
			}
			leads, err := tx.MightEver("createPreparation")
			if err != nil {
				return err
			}
			if !runs && !leads {
				return supervision.Fault(supervision.Invalid, "scope-not-grantable", "You run no programme and supervise nobody, so a token of yours cannot open %s.", scope)
			}
		}
	}
	return nil
}

// MakeToken makes a token by command, for a person or for an integration of the actor's tenant.
func (s *Service) MakeToken(ctx context.Context, actor supervision.Actor, n NewToken) (TokenMade, error) {
	out, err := s.makeToken(ctx, service.Call{Actor: actor, Operation: "createToken"}, n, func(tx *store.Tx) error {
		if actor.Kind != supervision.ByCommand {
			return supervision.Denied("createToken")
		}
		return nil
	})
	return out.Value, err
}

func (s *Service) makeToken(ctx context.Context, c service.Call, n NewToken, may func(*store.Tx) error) (service.Outcome[TokenMade], error) {
	b := newBearer(n.Kind)
	out, err := service.Act(ctx, s.House, c, service.Step[TokenMade]{
		May: func(tx *store.Tx) (service.Target, error) {
			return service.Target{Noun: store.Tokens}, may(tx)
		},
		Act:  func(tx *store.Tx) (TokenMade, error) { return s.putToken(tx, n, b) },
		Made: func(x TokenMade) supervision.UUID { return x.Object.ID.Any() },
	})
	if err == nil && !out.Replayed {
		out.Value.Secret = b.secret
	}
	return out, err
}

// bearer is a new secret, the hash under which it is kept, and its beginning, by which its owner knows it.
type bearer struct {
	secret seal.Secret
	hash   []byte
	shown  string
}

func newBearer(k supervision.TokenKind) (b bearer) {
	prefix := "kreds_pt_"
	if k == supervision.IntegrationToken {
		prefix = "kreds_it_"
	}
	b.secret, b.hash = seal.Bearer(prefix)
	b.shown = b.secret.Reveal()[:len(prefix)+4]
	return b
}

// putToken makes a token of a new secret.
func (s *Service) putToken(tx *store.Tx, n NewToken, b bearer) (made TokenMade, err error) {
	if err := n.check(); err != nil {
		return made, err
	}
	t := supervision.Token{ID: service.New[supervision.TokenID](s.House), Kind: n.Kind, Name: service.Tidy(n.Name), Prefix: b.shown,
		Scopes: n.Scopes, Person: n.Person, MadeAt: tx.Now(), ExpiresAt: tx.Now().Add(time.Duration(n.Days) * 24 * time.Hour)}
	name := ""
	if n.Kind == supervision.PersonalToken {
		p, err := tx.Person(n.Person)
		if err != nil {
			return made, service.Unknown(err, "/person_id", "unknown-person")
		}
		name = p.Name
	}
	err = tx.PutToken(&t, b.hash)
	return TokenMade{seenToken: seenToken{Object: TokenSeen{t, name}, View: tokenView(t)}}, err
}

func tokenView(t supervision.Token) supervision.View {
	if t.Kind == supervision.IntegrationToken {
		return supervision.ViewManager
	}
	return supervision.ViewOwner
}

// check refuses scopes that the kind of token does not have, and lives that are too long.
func (n NewToken) check() error {
	has := supervision.PersonalScopes()
	if n.Kind == supervision.IntegrationToken {
		has = supervision.IntegrationScopes()
	}
	longest := longestToken
	if len(n.Scopes) == 0 {
		return supervision.Faulty("/scopes", "min-items", "A token without a scope opens nothing.")
	}
	for _, scope := range n.Scopes {
		switch {
		case !slices.Contains(has, scope):
			return supervision.Fault(supervision.Invalid, "scope-not-grantable", "A token of the kind %s cannot have the scope %s. It can have: %v.", n.Kind, scope, has)
		case scope == supervision.ScopeContent:
			longest = min(longest, longestContent)
		case scope == supervision.ScopePlanInstance:
			longest = min(longest, longestInstance)
		}
	}
	if n.Days < 1 || n.Days > longest {
		return supervision.Faulty("/days", "range", "A token with these scopes lives 1 to %d days.", longest)
	}
	if service.Tidy(n.Name) == "" {
		return supervision.Faulty("/name", "required", "Name the token, so that its owner recognises it.")
	}
	return nil
}

// RevokeToken ends a token at once.
func (s *Service) RevokeToken(ctx context.Context, c service.Call, id supervision.TokenID) error {
	_, err := service.Act(ctx, s.House, c, service.Step[struct{}]{
		May: func(tx *store.Tx) (service.Target, error) { return on(tx, store.Tokens, "revokeToken", id.Any()) },
		Act: func(tx *store.Tx) (none struct{}, err error) {
			view, err := tx.See(store.Tokens, "listTokens", id.Any())
			if err != nil {
				return none, err
			}
			t, err := tx.Token(id)
			if err != nil || !t.RevokedAt.IsZero() {
				return none, err // the step is already taken
			}
			if err := c.Tagged(t.Version, view); err != nil {
				return none, err
			}
			return none, tx.RevokeToken(&t)
		},
	})
	return err
}
