package store

import "kreds/supervision"

type tokenRow struct {
	Of         owned               `gorm:"embedded"`
	ID         supervision.TokenID `gorm:"primaryKey"`
	Kind       string
	Name       string
	Prefix     string
	Hash       []byte
	Scopes     doc[[]supervision.Scope]
	PersonID   supervision.PersonID
	MadeAt     instant
	ExpiresAt  instant
	RevokedAt  instant
	LastUsedAt instant
	Version    int
}

func (tokenRow) TableName() string { return "token" }

func (r tokenRow) token() supervision.Token {
	return supervision.Token{ID: r.ID, Kind: supervision.TokenKind(r.Kind), Name: r.Name, Prefix: r.Prefix, Scopes: r.Scopes.v, Person: r.PersonID,
		MadeAt: r.MadeAt.get(), ExpiresAt: r.ExpiresAt.get(), RevokedAt: r.RevokedAt.get(), LastUsedAt: r.LastUsedAt.get(), Version: r.Version}
}

// PutToken keeps a new token under the hash of its secret.
func (tx *Tx) PutToken(t *supervision.Token, hash []byte) error {
	t.Version++
	return named(tx.put(&tokenRow{tx.owned(), t.ID, string(t.Kind), t.Name, t.Prefix, hash, docOf(orEmpty(t.Scopes)), t.Person, at(t.MadeAt), at(t.ExpiresAt),
		at(t.RevokedAt), at(t.LastUsedAt), t.Version}, t.ID.Any(), t.Version))
}

// RevokeToken ends a token at once.
func (tx *Tx) RevokeToken(t *supervision.Token) error {
	r, err := first[tokenRow](tx.from("token").Where("t.id = ?", t.ID))
	if err != nil {
		return err
	}
	t.RevokedAt = tx.now
	return tx.PutToken(t, r.Hash)
}

// Token returns one token.
func (tx *Tx) Token(id supervision.TokenID) (supervision.Token, error) {
	r, err := first[tokenRow](tx.from("token").Where("t.id = ?", id))
	return r.token(), err
}

// TokenByHash finds a token by the hash of its secret in any tenant: this is how a caller's tenant becomes known.
func (s *Store) TokenByHash(tx *Tx, hash []byte) (supervision.TenantID, supervision.Token, error) {
	var r tokenRow
	res := tx.db.Table("token").Where("hash = ?", hash).Limit(1).Scan(&r) // every tenant
	if res.Error != nil || res.RowsAffected == 0 {
		return supervision.TenantID{}, supervision.Token{}, absent(classify(res.Error))
	}
	return r.Of.Tenant, r.token(), nil
}

// TokenUsed notes that a token was used. It is written at most once a minute, without raising the version.
func (tx *Tx) TokenUsed(id supervision.TokenID) error {
	return classify(tx.db.Exec("UPDATE token SET last_used_at = ? WHERE tenant = ? AND id = ?", at(tx.now), tx.actor.Tenant, id).Error)
}

// ListTokens is a page of those that the actor may see, of one kind or of all.
func (tx *Tx) ListTokens(kind supervision.TokenKind, p Page) ([]supervision.Token, error) {
	q := tx.visible(tx.from("token"), Tokens, "listTokens")
	if kind != "" {
		q = q.Where("t.kind = ?", kind)
	}
	rows, err := many[tokenRow](p.byID(q))
	return each(rows, err, tokenRow.token)
}
