package seal

import (
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"strings"
)

// Secret is a text that must not be shown by accident: it prints, logs and marshals as a mark. Reveal is the one way to it.
type Secret struct{ text string }

const mark = "(secret)"

// NewSecret hides a text.
func NewSecret(s string) Secret { return Secret{s} }

// Reveal gives the text to the one place that needs it.
func (s Secret) Reveal() string { return s.text }

// IsZero says whether there is no text.
func (s Secret) IsZero() bool { return s.text == "" }

func (s Secret) String() string               { return mark }
func (s Secret) GoString() string             { return mark }
func (s Secret) MarshalText() ([]byte, error) { return []byte(mark), nil }
func (s Secret) LogValue() slog.Value         { return slog.StringValue(mark) }

// Bearer makes a bearer secret of 256 random bits with a readable prefix ("kreds_pt_…"), and the hash by which it is kept.
func Bearer(prefix string) (s Secret, hash []byte) {
	text := prefix + strings.TrimRight(base64.URLEncoding.EncodeToString(random(32)), "=")
	return Secret{text}, Hash(text)
}

// Hash is how bearer secrets are kept and looked up. They hold 256 random bits, so one SHA-256 is enough.
func Hash(secret string) []byte {
	h := sha256.Sum256([]byte(secret))
	return h[:]
}
