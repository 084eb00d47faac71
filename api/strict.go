package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"kreds/supervision"
)

// maxDepth is how deep the JSON of a body may be nested.
const maxDepth = 32

// maxInteger is the largest whole number that every JSON reader can hold, 2^53 − 1 (RFC 8259 §6).
const maxInteger = 1<<53 - 1

// decodeStrict reads one JSON value: UTF-8, nested at most 32 levels, nothing after it, no member twice. Numbers stay
// json.Number. What cannot be read is an error; faults of single members that can be read around (half of a character, a
// number that is no whole one) come as findings.
func decodeStrict(text []byte) (any, []finding, error) {
	if !utf8.Valid(text) {
		return nil, nil, supervision.Fault(supervision.Malformed, "invalid-utf8", "The body is not UTF-8 from byte %d on.", firstInvalid(text))
	}
	if depth(text) > maxDepth {
		return nil, nil, supervision.Fault(supervision.Malformed, "too-deep", "The JSON is nested deeper than %d levels.", maxDepth)
	}
	var whole json.RawMessage
	dec := json.NewDecoder(bytes.NewReader(text))
	if err := dec.Decode(&whole); err != nil {
		return nil, nil, malformed(text, err)
	}
	if rest := bytes.TrimLeft(text[dec.InputOffset():], " \t\r\n"); len(rest) > 0 {
		return nil, nil, supervision.Fault(supervision.Malformed, "trailing-data", "Something follows the JSON value at byte %d.", len(text)-len(rest))
	}
	r := &strictReader{text: whole, dec: json.NewDecoder(bytes.NewReader(whole))}
	r.dec.UseNumber()
	value, err := r.value()
	return value, r.findings, err
}

func malformed(text []byte, err error) error {
	at := int64(len(text))
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at = syntax.Offset
	}
	return supervision.Fault(supervision.Malformed, "malformed-json", "The JSON breaks off or goes wrong at byte %d.", at)
}

func firstInvalid(text []byte) int {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return len(text)
}

// depth is the deepest nesting of brackets outside of strings, also in text that is no JSON.
func depth(text []byte) (deepest int) {
	now, quoted, escaped := 0, false, false
	for _, b := range text {
		switch {
		case escaped:
			escaped = false
		case quoted && b == '\\':
			escaped = true
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '{' || b == '[':
			now++
			deepest = max(deepest, now)
		case b == '}' || b == ']':
			now--
		}
	}
	return deepest
}

// strictReader walks the tokens of a value that is known to be sound JSON.
type strictReader struct {
	text     []byte
	dec      *json.Decoder
	path     []string
	findings []finding
}

func (r *strictReader) value() (any, error) {
	from := r.dec.InputOffset()
	token, err := r.dec.Token()
	if err != nil {
		return nil, malformed(r.text, err)
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '{' {
			return r.object()
		}
		return r.array()
	case string:
		r.checkString(t, from)
		return t, nil
	case json.Number:
		if !isWhole(t.String()) {
			r.find("integer-range")
		}
		return t, nil
	}
	return token, nil
}

func (r *strictReader) object() (any, error) {
	object := map[string]any{}
	for r.dec.More() {
		from := r.dec.InputOffset()
		token, err := r.dec.Token()
		if err != nil {
			return nil, malformed(r.text, err)
		}
		name := token.(string) // sound JSON has nothing else here
		r.path = append(r.path, name)
		r.checkString(name, from)
		if _, twice := object[name]; twice {
			e := supervision.Fault(supervision.Malformed, "duplicate-key", "A member stands twice; name it once.")
			e.Fields = []supervision.Field{{Pointer: pointer(r.path), Code: "duplicate-key", Detail: "This member stands here more than once."}}
			return nil, e
		}
		if object[name], err = r.value(); err != nil {
			return nil, err
		}
		r.path = r.path[:len(r.path)-1]
	}
	_, err := r.dec.Token()
	return object, err
}

func (r *strictReader) array() (any, error) {
	list := []any{}
	for r.dec.More() {
		r.path = append(r.path, strconv.Itoa(len(list)))
		element, err := r.value()
		if err != nil {
			return nil, err
		}
		list = append(list, element)
		r.path = r.path[:len(r.path)-1]
	}
	_, err := r.dec.Token()
	return list, err
}

func (r *strictReader) find(code string) {
	if len(r.findings) < maxFindings {
		r.findings = append(r.findings, finding{pointer: pointer(r.path), code: code})
	}
}

// checkString looks for lone surrogates, which encoding/json turns into U+FFFD without a word.
func (r *strictReader) checkString(value string, from int64) {
	if strings.ContainsRune(value, utf8.RuneError) && hasLoneSurrogate(r.text[from:r.dec.InputOffset()]) {
		r.find("invalid-unicode")
	}
}

// hasLoneSurrogate says whether a quoted string has an escaped surrogate without its other half (RFC 8259 §8.2).
func hasLoneSurrogate(quoted []byte) bool {
	high := false
	for i := 0; i < len(quoted); i++ {
		if quoted[i] != '\\' || i+1 >= len(quoted) {
			if high {
				return true
			}
			continue
		}
		i++
		if quoted[i] != 'u' || i+4 >= len(quoted) {
			if high {
				return true
			}
			continue
		}
		unit, err := strconv.ParseUint(string(quoted[i+1:i+5]), 16, 16)
		i += 4
		isLow := err == nil && unit >= 0xDC00 && unit <= 0xDFFF
		if high != isLow {
			return true
		}
		high = err == nil && unit >= 0xD800 && unit <= 0xDBFF
	}
	return high
}

// isWhole says whether a JSON number is written as a whole one that every reader can hold.
func isWhole(literal string) bool {
	n, err := strconv.ParseInt(literal, 10, 64)
	return err == nil && n >= -maxInteger && n <= maxInteger
}

// pointer is the JSON pointer of a path as a URI fragment (RFC 6901 §6). Names come from the sender, so they are cut where
// they are longer than any of ours.
func pointer(path []string) string {
	var b strings.Builder
	b.WriteByte('#')
	for _, name := range path {
		if len(name) > 80 {
			name = strings.ToValidUTF8(name[:80], "") + "…"
		}
		b.WriteByte('/')
		for _, c := range []byte(strings.NewReplacer("~", "~0", "/", "~1").Replace(name)) {
			if c == '~' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._!$&'()*+,;=:@", c) >= 0 {
				b.WriteByte(c)
			} else {
				fmt.Fprintf(&b, "%%%02X", c)
			}
		}
		if b.Len() > 900 {
			b.WriteString("/…")
			break
		}
	}
	return b.String()
}
