package api

import (
	"context"

	"kreds/api/contract"
	"kreds/service"
	"kreds/service/roster"
	"kreds/supervision"
)

// tokenJSON renders a token; its state is that of the moment of asking.
func (h *Handlers) tokenJSON(s service.Seen[roster.TokenSeen]) contract.Token {
	t := s.Object
	j := contract.Token{
		ID: contract.ID(t.ID), Etag: tagOf(t.Version, s.View), Kind: contract.TokenKind(t.Kind), Name: t.Name, Prefix: t.Prefix,
		Scopes: words[contract.Scope](t.Scopes), Person: Null[contract.PersonRef](nil), State: contract.TokenState(t.State(h.Roster.Now())),
		CreatedAt: t.MadeAt, ExpiresAt: t.ExpiresAt, LastUsedAt: NullIf(t.LastUsedAt),
	}
	if !t.Person.IsZero() {
		j.Person = Null(&contract.PersonRef{ID: contract.ID(t.Person), Name: t.PersonName})
	}
	return j
}

// ListTokens answers GET /v1/tokens.
func (h *Handlers) ListTokens(ctx context.Context, r contract.ListTokensRequestObject) (contract.ListTokensResponseObject, error) {
	p, err := h.page(ctx, r.Params.PageSize)
	if err != nil {
		return nil, err
	}
	rows, more, err := h.Roster.ListTokens(ctx, actorOf(ctx), supervision.TokenKind(or(r.Params.Kind, "")), p)
	if err != nil {
		return nil, err
	}
	cursor, err := next(ctx, h, rows, more, func(s service.Seen[roster.TokenSeen]) supervision.UUID { return s.Object.ID.Any() })
	return contract.ListTokens200JSONResponse{Items: each(rows, h.tokenJSON), NextCursor: cursor}, err
}

// CreateToken answers POST /v1/tokens.
func (h *Handlers) CreateToken(ctx context.Context, r contract.CreateTokenRequestObject) (contract.CreateTokenResponseObject, error) {
	b := r.Body
	out, err := h.Roster.CreateToken(ctx, callOf(ctx), roster.NewToken{
		Kind: supervision.TokenKind(b.Kind), Name: b.Name, Scopes: words[supervision.Scope](b.Scopes), Days: b.Days,
	})
	if err != nil {
		return nil, err
	}
	t := h.tokenJSON(service.Seen[roster.TokenSeen]{Object: out.Value.Object, View: out.Value.View})
	return contract.CreateToken201JSONResponse{Body: contract.TokenMade{Token: t, Secret: NullIf(out.Value.Secret.Reveal())}, Headers: contract.CreateToken201ResponseHeaders{
		ETag: t.Etag, Location: "/v1/tokens/" + t.ID.String(), IdempotencyReplayed: replayed(out.Replayed),
	}}, nil
}

// RevokeToken answers DELETE /v1/tokens/{id}.
func (h *Handlers) RevokeToken(ctx context.Context, r contract.RevokeTokenRequestObject) (contract.RevokeTokenResponseObject, error) {
	id, err := PathID[supervision.TokenID](r.ID)
	if err != nil {
		return nil, err
	}
	return contract.RevokeToken204Response{}, h.Roster.RevokeToken(ctx, callOf(ctx), id)
}
