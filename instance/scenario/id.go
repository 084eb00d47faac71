package scenario

import (
	"crypto/sha256"
	"strings"
)

// id is the id of what these words name: a UUID of version 8 (RFC 9562 §5.8) made of their hash, so that a scenario has the same ids
// on every machine.
func id[T ~[16]byte](words ...string) T {
	sum := sha256.Sum256([]byte("kreds scenario\x00" + strings.Join(words, "\x00")))
	var out T
	copy(out[:], sum[:])
	out[6] = out[6]&0x0f | 0x80
	out[8] = out[8]&0x3f | 0x80
	return out
}
