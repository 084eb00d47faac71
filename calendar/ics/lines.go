package ics

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"kreds/calendar"
)

// readAll reads a stream of at most max bytes as UTF-8: a byte order mark is dropped, UTF-16 is translated.
func readAll(r io.Reader, max int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, max+1))
	if err != nil {
		return nil, fmt.Errorf("%w: the stream broke off: %w", calendar.ErrTransient, err)
	}
	if int64(len(data)) > max {
		return nil, fmt.Errorf("%w: a calendar of more than %d bytes", calendar.ErrTooLarge, max)
	}
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return data[3:], nil
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return fromUTF16(data[2:], binary.LittleEndian), nil
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return fromUTF16(data[2:], binary.BigEndian), nil
	}
	return data, nil
}

func fromUTF16(data []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

// lines takes a stream apart into unfolded content lines (RFC 5545 §3.1). Lines end with CRLF or LF; a stream without any LF
// may end them with CR.
type lines struct {
	rest []byte
	end  byte
	buf  []byte
	cut  bool // the last line is longer than what is returned of it
}

func newLines(data []byte) *lines {
	end := byte('\n')
	if bytes.IndexByte(data, '\n') < 0 {
		end = '\r'
	}
	return &lines{rest: data, end: end}
}

// next returns the next line that is not empty. It is valid until the next call; ok is false at the end of the stream. Of a
// line of more than maxLine bytes only so many are returned.
func (l *lines) next() (line []byte, ok bool) {
	l.buf, l.cut = l.buf[:0], false
	for len(l.rest) > 0 {
		l.add(l.physical())
		for len(l.rest) > 0 && (l.rest[0] == ' ' || l.rest[0] == '\t') {
			l.add(l.physical()[1:])
		}
		if len(bytes.TrimSpace(l.buf)) > 0 {
			return l.buf, true
		}
		l.buf = l.buf[:0]
	}
	return nil, false
}

// physical cuts the next physical line off the rest, without its end.
func (l *lines) physical() []byte {
	i := bytes.IndexByte(l.rest, l.end)
	if i < 0 {
		line := l.rest
		l.rest = nil
		return line
	}
	line := l.rest[:i]
	l.rest = l.rest[i+1:]
	return bytes.TrimSuffix(line, []byte("\r"))
}

func (l *lines) add(part []byte) {
	if room := maxLine - len(l.buf); len(part) > room {
		part, l.cut = part[:room], true
	}
	l.buf = append(l.buf, part...)
}

// split finds the name of a content line in upper case, and the value. ok is false when the line has no name or no colon
// outside of quotes, or too long a head.
func split(line []byte) (name string, value []byte, ok bool) {
	end := bytes.IndexAny(line, ";:")
	if name = beginning(line); end <= 0 || name != strings.ToUpper(strings.TrimSpace(string(line[:min(end, maxHead)]))) {
		return "", nil, false
	}
	quoted := false
	for i, c := range line[:min(len(line), maxHead)] {
		switch {
		case c == '"':
			quoted = !quoted
		case c == ':' && !quoted:
			return name, line[i+1:], true
		}
	}
	return "", nil, false
}

// beginning is what looks like the name of a line (RFC 5545 §3.1), in upper case: its first letters, digits and hyphens.
func beginning(line []byte) string {
	line = bytes.TrimSpace(line[:min(len(line), maxHead)])
	end := bytes.IndexFunc(line, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-'
	})
	if end >= 0 {
		line = line[:end]
	}
	return strings.ToUpper(string(line))
}

// clean drops control characters and bytes that are no UTF-8, which neither a database nor a log should meet.
func clean(line []byte) string {
	s := strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(string(line), ""))
	return strings.TrimSpace(s)
}
