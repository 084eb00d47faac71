package service

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Tidy gives a line of text the one form in which it is kept and compared: Unicode's composed form, without space around it.
func Tidy(line string) string { return strings.TrimSpace(norm.NFC.String(line)) }
