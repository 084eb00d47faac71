package service

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"kreds/supervision"
)

// Tidy gives a line of text the one form in which it is kept and compared: Unicode's composed form, without space around it.
func Tidy(line string) string { return strings.TrimSpace(norm.NFC.String(line)) }

// Until is the end of a span in a sentence: " to 2027-03-09", or " on" where it has none.
func Until(d supervision.Date) string {
	if d.IsZero() {
		return " on"
	}
	return " to " + d.String()
}

// Texts are words as texts.
func Texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = string(x)
	}
	return out
}

// LongestAhead is how many days a cycle lasts at most, and how far ahead a day may lie: two years.
const LongestAhead = 731
