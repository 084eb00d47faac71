package api

import (
	"context"
	"crypto/sha256"

	"kreds/supervision"
)

// Envelope is what the door read off a request before a handler sees it.
type Envelope struct {
	Operation *Operation
	RequestID supervision.UUID // also in the problem's instance and in the log
	Language  Language
	Accept    string   // the media type of the reply, where the operation offers several
	Grant     Grant    // zero where nobody has to be known
	Key       string   // Idempotency-Key, unquoted; empty where none is asked for
	Hash      [32]byte // of what the key stands for: media type, query and body
	Match     Match    // If-Match and If-None-Match of a change
	Filters   string   // the query without page_size and cursor, in canonical order
	Cursor    string   // the cursor of the query
}

type envelopeKey struct{}

// EnvelopeOf returns the envelope of the request in whose context a handler runs. It is empty outside of a request.
func EnvelopeOf(ctx context.Context) *Envelope {
	if e, ok := ctx.Value(envelopeKey{}).(*Envelope); ok {
		return e
	}
	return &Envelope{Language: English}
}

// WithEnvelope puts an envelope into a context; the door does so, and tests of handlers may.
func WithEnvelope(ctx context.Context, e *Envelope) context.Context {
	return context.WithValue(ctx, envelopeKey{}, e)
}

// hashOf is the hash of an intention. The parts are told apart by their lengths.
func hashOf(parts ...[]byte) [32]byte {
	h := sha256.New()
	for _, part := range parts {
		n := len(part)
		h.Write([]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
		h.Write(part)
	}
	return [32]byte(h.Sum(nil))
}
