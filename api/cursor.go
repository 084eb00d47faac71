package api

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"

	"kreds/supervision"
)

// Cursors makes and reads the cursors of lists. A cursor is a keyset position, opaque to its holder, authenticated, and
// bound to tenant, principal, operation, filters and order; page_size may change.
type Cursors struct{ key []byte }

// NewCursors makes cursors that are good as long as the key is; all processes of an installation share it.
func NewCursors(key []byte) *Cursors { return &Cursors{key: slices.Clone(key)} }

const macSize = 16

// Seal makes the cursor that follows the position in the list that the request asked for. A position holds the values of the
// order's columns and the id, as they stand in the last row of the page.
func (c *Cursors) Seal(ctx context.Context, position any) (string, error) {
	text, err := json.Marshal(position)
	if err != nil {
		return "", supervision.Fault(supervision.Internal, "internal", "A cursor could not be made: %v", err)
	}
	return base64.RawURLEncoding.EncodeToString(append(c.mac(ctx, text), text...)), nil
}

// Open reads the cursor of the request into position; ok is false when the request has none. A cursor that was altered, or
// made for another list, caller, filter or order, is 422 invalid-cursor.
func (c *Cursors) Open(ctx context.Context, position any) (ok bool, err error) {
	cursor := EnvelopeOf(ctx).Cursor
	if cursor == "" {
		return false, nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(raw) < macSize || !hmac.Equal(raw[:macSize], c.mac(ctx, raw[macSize:])) || json.Unmarshal(raw[macSize:], position) != nil {
		return false, &supervision.Error{
			Kind: supervision.Invalid, Code: "invalid-cursor", Detail: "The cursor does not belong to this list. Begin again without a cursor.",
			Fields: []supervision.Field{{Parameter: "cursor", Code: "invalid-cursor", Detail: "The cursor does not belong to this list."}},
		}
	}
	return true, nil
}

func (c *Cursors) mac(ctx context.Context, position []byte) []byte {
	e := EnvelopeOf(ctx)
	operation := ""
	if e.Operation != nil {
		operation = e.Operation.ID
	}
	bound := hashOf([]byte("kreds cursor 1"), e.Grant.Tenant[:], e.Grant.Principal[:], []byte(operation), []byte(e.Filters), position)
	h := hmac.New(sha256.New, c.key)
	h.Write(bound[:])
	return h.Sum(nil)[:macSize]
}

// filtersOf is the path and the query without page_size and cursor, in canonical order.
func filtersOf(path string, query url.Values) string {
	rest := url.Values{}
	for name, values := range query {
		if name != "page_size" && name != "cursor" {
			rest[name] = values
		}
	}
	return path + "?" + rest.Encode()
}
