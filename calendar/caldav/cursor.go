package caldav

import (
	"strings"

	"kreds/calendar"
)

// cursor is where a reader of one collection stopped.
type cursor struct {
	kind  cursorKind
	value string
}

type cursorKind string

const (
	fromStart cursorKind = ""
	byToken   cursorKind = "token" // a sync token (RFC 6578 §4)
	byTag     cursorKind = "tag"   // a getctag, which changes with anything in the collection
	byList    cursorKind = "list"  // the server tells neither: the list of ETags is all there is
)

const maxToken = 4096 // octets of a token that is kept

func (c cursor) encode() calendar.Cursor {
	if c.kind == fromStart {
		return ""
	}
	return calendar.Cursor(string(c.kind) + " " + c.value)
}

// decodeCursor reads what encode wrote. Anything else begins anew.
func decodeCursor(s calendar.Cursor) cursor {
	kind, value, ok := strings.Cut(string(s), " ")
	switch c := (cursor{cursorKind(kind), value}); {
	case ok && (c.kind == byToken || c.kind == byTag) && value != "", ok && c.kind == byList:
		return c
	}
	return cursor{}
}

// newCursor is the best that a server gives.
func newCursor(token, ctag string) cursor {
	switch {
	case token != "" && len(token) <= maxToken:
		return cursor{byToken, token}
	case ctag != "" && len(ctag) <= maxToken:
		return cursor{byTag, ctag}
	}
	return cursor{kind: byList}
}
