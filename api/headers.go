package api

import (
	"net/http"
	"strings"

	"kreds/supervision"
)

// readKey reads the Idempotency-Key: one header of 1 to 255 visible ASCII characters, bare or as the quoted string of the
// IETF draft. The quotes do not belong to the key.
func readKey(h http.Header) (string, error) {
	values := h.Values("Idempotency-Key")
	if len(values) == 0 {
		return "", headerFault("idempotency-key-required", "Idempotency-Key", "Send a new key for this intention and the same one when you repeat it.")
	}
	key := strings.TrimSpace(values[0])
	if len(key) >= 2 && key[0] == '"' && key[len(key)-1] == '"' {
		key = key[1 : len(key)-1]
	}
	visible := !strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\\' })
	if len(values) > 1 || key == "" || len(key) > 255 || !visible {
		return "", headerFault("idempotency-key-format", "Idempotency-Key", "Send one key of 1 to 255 visible characters.")
	}
	return key, nil
}

func headerFault(code, header, detail string) error {
	kind := supervision.Malformed
	if code == "tag-required" {
		kind = supervision.Conflict
	}
	return &supervision.Error{Kind: kind, Code: code, Detail: detail, Fields: []supervision.Field{{Parameter: header, Code: code, Detail: detail}}}
}

// Match is the condition of a change: If-Match with the tags it may start from, or If-None-Match: * for a part that is not
// there yet (RFC 9110 §13.1).
type Match struct {
	First bool     // If-None-Match: *
	Tags  []string // If-Match, quotes included; weak tags are kept and never match (§13.1.1 asks for strong comparison)
}

// Holds says whether an object with the present etag, quotes included, may be changed. The digest of a body that a reader got
// with it is no part of its version. An empty tag is an object that is not there.
func (m Match) Holds(present string) bool {
	if m.First {
		return present == ""
	}
	for _, tag := range m.Tags {
		if versionTag(tag) == present && present != "" {
			return true
		}
	}
	return false
}

// readMatch reads the condition that the operation asks for. mayBeFirst says that If-None-Match: * is offered, too.
func readMatch(h http.Header, mayBeFirst bool) (Match, error) {
	given, none := h.Values("If-Match"), h.Values("If-None-Match")
	switch {
	case len(given) > 0 && len(none) > 0:
		return Match{}, headerFault("malformed-tag", "If-None-Match", "Send If-Match or If-None-Match and not both.")
	case len(none) > 0 && mayBeFirst:
		if len(none) > 1 || strings.TrimSpace(none[0]) != "*" {
			return Match{}, headerFault("malformed-tag", "If-None-Match", "Only `*` is read here: the part is not there yet.")
		}
		return Match{First: true}, nil
	case len(given) == 0:
		return Match{}, headerFault("tag-required", "If-Match", "Send If-Match with the etag of the object that you read.")
	}
	tags, star, ok := parseTags(strings.Join(given, ","))
	switch {
	case star:
		return Match{}, headerFault("tag-required", "If-Match", "`*` would change whatever is there; send the etag of the object that you read.")
	case !ok:
		return Match{}, headerFault("malformed-tag", "If-Match", "Send the etag as it was given, quotes included, for example \"3-m\".")
	}
	return Match{Tags: tags}, nil
}

// parseTags reads a list of entity tags (RFC 9110 §8.8.3).
func parseTags(list string) (tags []string, star, ok bool) {
	rest := strings.TrimSpace(list)
	if rest == "*" {
		return nil, true, true
	}
	for len(tags) < 20 {
		weak := ""
		if strings.HasPrefix(rest, "W/") {
			weak, rest = "W/", rest[2:]
		}
		if !strings.HasPrefix(rest, `"`) {
			return nil, false, false
		}
		end := strings.IndexByte(rest[1:], '"')
		if end < 0 {
			return nil, false, false
		}
		opaque := rest[:end+2]
		if strings.ContainsFunc(opaque, func(r rune) bool { return r < '!' || r == 0x7F }) {
			return nil, false, false
		}
		tags = append(tags, weak+opaque)
		rest = strings.TrimSpace(rest[end+2:])
		if rest == "" {
			return tags, false, true
		}
		if rest[0] != ',' {
			return nil, false, false
		}
		rest = strings.TrimSpace(rest[1:])
	}
	return nil, false, false
}
