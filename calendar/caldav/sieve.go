package caldav

import (
	"fmt"
	"io"
	"strings"

	"kreds/calendar"
)

// sieve drops the control characters that XML does not allow, which servers pass on from events, and refuses tags of any
// length.
type sieve struct {
	src     io.Reader
	within  place
	quote   byte   // of the attribute's value that we are in; 0: none
	size    int    // of the tag so far
	closing string // what ends the markup
	tail    string // the last octets of the markup
}

type place int

const (
	inText place = iota
	inTag
	inMarkup // a comment, CDATA, a processing instruction: may be long, and ends in its own way
)

var errTag = fmt.Errorf("a tag of more than %d octets: %w", maxTag, calendar.ErrTooLarge)

// Read passes on what is left.
func (s *sieve) Read(p []byte) (int, error) {
	n, err := s.src.Read(p)
	kept := 0
	for _, b := range p[:n] {
		if b < 0x20 && b != '\t' && b != '\n' && b != '\r' || b == 0x7f {
			continue
		}
		if !s.follow(b) {
			return kept, errTag
		}
		p[kept] = b
		kept++
	}
	return kept, err
}

// follow keeps track of tags; it says no when one is too long.
func (s *sieve) follow(b byte) bool {
	switch {
	case s.within == inText:
		if b == '<' {
			s.within, s.size, s.quote = inTag, 0, 0
		}
	case s.within == inMarkup:
		if s.tail += string(rune(b)); len(s.tail) > len(s.closing) {
			s.tail = s.tail[1:]
		}
		if b == '>' && strings.HasSuffix(s.tail, s.closing) {
			s.within = inText
		}
	default:
		s.size++
		switch {
		case s.size == 1 && b == '?':
			s.within, s.closing, s.tail = inMarkup, "?>", ""
		case s.size == 2 && b == '[' && s.tail == "!":
			s.within, s.closing, s.tail = inMarkup, "]]>", ""
		case s.size == 2 && b == '-' && s.tail == "!":
			s.within, s.closing, s.tail = inMarkup, "-->", ""
		case s.quote != 0:
			if b == s.quote {
				s.quote = 0
			}
		case b == '"' || b == '\'':
			s.quote = b
		case b == '>':
			s.within = inText
		}
		if s.size == 1 && s.within == inTag {
			s.tail = string(rune(b))
		}
	}
	return s.size <= maxTag
}
