package roster

import (
	"context"
	"errors"
	"time"

	"kreds/internal/seal"
	"kreds/store"
	"kreds/supervision"
)

// Identify finds out who comes with a bearer secret. Malformed, unknown, expired and revoked are one answer.
func (s *Service) Identify(ctx context.Context, secret string) (supervision.Actor, error) {
	var actor supervision.Actor
	var used bool
	err := s.Store.View(ctx, supervision.Actor{Kind: supervision.ByCommand}, func(tx *store.Tx) error {
		tenant, t, err := s.Store.TokenByHash(tx, seal.Hash(secret))
		if err != nil {
			return err
		}
		if t.State(tx.Now()) != "active" {
			return supervision.Absent()
		}
		actor = supervision.Actor{Tenant: tenant, Person: t.Person, Token: t.ID, Kind: supervision.ByToken, Scopes: t.Scopes}
		if t.Kind == supervision.IntegrationToken {
			actor.Kind = supervision.ByIntegration
		}
		used = tx.Now().Sub(t.LastUsedAt) < time.Minute
		return nil
	})
	if supervision.KindOf(err) == supervision.NotFound {
		return actor, &supervision.Error{Kind: supervision.Unauthenticated, Code: "unauthenticated", Err: errors.New("roster: the token is unknown, expired or revoked")}
	}
	if err == nil && !used {
		s.noteUse(ctx, actor)
	}
	return actor, err
}

// useTime is what noting the use of a token may take. Whoever reads does not wait for those who write.
const useTime = 250 * time.Millisecond

// noteUse notes that a token was used. That is worth having and nothing to refuse a request for: what cannot be written in a
// short time is left to the next request.
func (s *Service) noteUse(ctx context.Context, actor supervision.Actor) {
	ctx, cancel := context.WithTimeout(ctx, useTime)
	defer cancel()
	if err := s.Store.Update(ctx, actor, func(tx *store.Tx) error { return tx.TokenUsed(actor.Token) }); err != nil {
		s.Log.Warn("the use of a token was not noted", "token", actor.Token, "error", err)
	}
}

// Admit says whether the actor stands to anybody or anything as an action asks; if not, no object need be looked for.
func (s *Service) Admit(ctx context.Context, actor supervision.Actor, a supervision.Action) error {
	return s.Store.View(ctx, actor, func(tx *store.Tx) error {
		ok, err := tx.MightEver(a)
		if err == nil && !ok {
			return supervision.Denied(a)
		}
		return err
	})
}
