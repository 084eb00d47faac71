package caldav

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// entityTag takes an ETag as a server sent it, in a header or a property: whatever it looks like it is kept, quotes and W/
// included. One of unreasonable length is none.
func entityTag(sent string) string {
	if sent = strings.TrimSpace(sent); len(sent) > 1024 {
		return ""
	}
	return sent
}

// strong says whether an ETag may stand in If-Match (RFC 9110 §13.1.1): a quoted string without W/. Quotes that a server has
// left out are not guessed.
func strong(etag string) bool {
	return len(etag) >= 2 && etag[0] == '"' && etag[len(etag)-1] == '"' && !strings.ContainsAny(etag[1:len(etag)-1], "\"\x7f\r\n")
}

// bodyTag stands for the ETag of a resource that the server gives none: what it holds. It is never sent.
func bodyTag(data []byte) string {
	sum := sha256.Sum256(data)
	return "body:" + hex.EncodeToString(sum[:])
}
