package caldav

import (
	"fmt"
	"io"

	"kreds/calendar"
)

// sieve drops the control characters that XML does not allow, which servers pass on from events, and refuses tags of any
// length.
type sieve struct {
	src     io.Reader
	within  place
	quote   byte // of the attribute's value that we are in; 0: none
	size    int  // of the tag so far
	closing byte // what stands before the > that ends the markup: twice ] or -, or ?
	before  byte // the octet before this one
	second  byte // and the one before that
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
	before, second := s.before, s.second
	s.before, s.second = b, before
	switch s.within {
	case inText:
		if b == '<' {
			s.within, s.size, s.quote = inTag, 0, 0
		}
		return true
	case inMarkup:
		if b == '>' && before == s.closing && (s.closing == '?' || second == s.closing) {
			s.within = inText
		}
		return true
	}
	s.size++
	switch {
	case s.size == 1 && b == '?':
		s.within, s.closing = inMarkup, '?'
	case s.size == 2 && before == '!' && b == '[':
		s.within, s.closing = inMarkup, ']'
	case s.size == 2 && before == '!' && b == '-':
		s.within, s.closing = inMarkup, '-'
	case s.quote != 0:
		if b == s.quote {
			s.quote = 0
		}
	case b == '"' || b == '\'':
		s.quote = b
	case b == '>':
		s.within = inText
	}
	return s.size <= maxTag
}
