package supervision

import (
	"net/mail"
	"strings"
	"unicode"
)

// The faults of texts that people send, as codes of the catalogue.
const (
	faultControl = "control-character"
	faultUnsafe  = "unsafe-character"
	faultEmpty   = "required"
	faultEmail   = "email"
)

// LineFault says what is wrong with text that stands on one line; empty: nothing.
func LineFault(s string) (code string) { return wordsFault(s, "") }

// TextFault says what is wrong with text of several lines; empty: nothing.
func TextFault(s string) (code string) { return wordsFault(s, "\t\n\r") }

func wordsFault(s, allowed string) string {
	visible := false
	for _, r := range s {
		switch {
		case strings.ContainsRune(allowed, r):
		case unicode.IsControl(r):
			return faultControl
		case unsafeRune(r):
			return faultUnsafe
		case !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r):
			visible = true
		}
	}
	switch {
	case visible || s == "": // what may be empty is its caller's business
		return ""
	case strings.TrimSpace(s) != "":
		return faultUnsafe // nothing but zero-width characters
	}
	return faultEmpty
}

// unsafeRune says whether r changes the direction of its surroundings or breaks the line unseen: embeddings, overrides and
// isolates (Unicode UAX #9), the line and paragraph separators, and the byte order mark. Joiners stay, names need them.
func unsafeRune(r rune) bool {
	switch {
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0x2028, r == 0x2029, r == 0xFEFF:
		return true
	}
	return false
}

// EmailFault says what is wrong with an address; empty: nothing. It takes a bare address (RFC 5322 addr-spec) at a domain name with a dot; no address literal, no comment.
func EmailFault(s string) string {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || a.Name != "" || strings.ContainsAny(s, " \"<>()[]\\,;:") {
		return faultEmail
	}
	labels := strings.Split(s[strings.LastIndexByte(s, '@')+1:], ".")
	if len(labels) < 2 || strings.Trim(labels[len(labels)-1], "0123456789") == "" {
		return faultEmail
	}
	for _, label := range labels {
		if label == "" || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return faultEmail
		}
	}
	return ""
}
