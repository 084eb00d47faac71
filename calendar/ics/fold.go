package ics

import (
	"bytes"
	"io"
	"unicode/utf8"
)

// folder folds the content lines that ical.Encoder writes, which folds nothing: no line has more than 75 octets, and no rune
// is cut (RFC 5545 §3.1).
type folder struct{ w io.Writer }

const maxOctets = 75

// Write takes whole lines with their CRLF, as ical.Encoder hands them over.
func (f folder) Write(p []byte) (int, error) {
	var out bytes.Buffer
	room := maxOctets
	for i := 0; i < len(p); {
		if p[i] == '\r' || p[i] == '\n' {
			out.WriteByte(p[i])
			room = maxOctets
			i++
			continue
		}
		_, size := utf8.DecodeRune(p[i:])
		if size > room {
			out.WriteString("\r\n ")
			room = maxOctets - 1
		}
		out.Write(p[i : i+size])
		room -= size
		i += size
	}
	if _, err := f.w.Write(out.Bytes()); err != nil {
		return 0, err
	}
	return len(p), nil
}
