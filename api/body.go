package api

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"kreds/supervision"
)

// maxBody is the size of a body, 1 MiB.
const maxBody = 1 << 20

// readBody reads the body of a request by what the operation takes. media is empty when there is no body.
func readBody(o *Operation, r *http.Request) (text []byte, media string, err error) {
	if encoding := strings.Join(r.Header.Values("Content-Encoding"), ","); encoding != "" && !strings.EqualFold(strings.TrimSpace(encoding), "identity") {
		return nil, "", bodyFault("encoding-unsupported", "Content-Encoding", "Send the body as it is, without a Content-Encoding.")
	}
	body, empty, err := peek(r)
	switch {
	case err != nil:
		return nil, "", err
	case empty && o.RequestBody != nil && o.RequestBody.Value.Required:
		return nil, "", supervision.Fault(supervision.Malformed, "body-required", "Send a body of type %s.", strings.Join(o.consumes, " or "))
	case empty:
		return nil, "", nil
	case o.RequestBody == nil:
		return nil, "", supervision.Fault(supervision.Malformed, "body-unexpected", "%s takes no body.", o.ID)
	}
	if media, err = mediaOf(o, r); err != nil {
		return nil, "", err
	}
	if r.ContentLength > maxBody {
		return nil, "", tooLarge()
	}
	text, err = io.ReadAll(io.LimitReader(body, maxBody+1))
	switch {
	case err != nil:
		return nil, "", unreadable(err)
	case len(text) > maxBody:
		return nil, "", tooLarge()
	case isJSON(media) && len(bytes.TrimLeft(text, " \t\r\n")) == 0:
		if o.RequestBody.Value.Required {
			return nil, "", supervision.Fault(supervision.Malformed, "body-required", "The body is empty.")
		}
		return nil, "", nil
	}
	return text, media, nil
}

// peek says whether a body follows, also where its length is not told.
func peek(r *http.Request) (body io.Reader, empty bool, err error) {
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 {
		return nil, true, nil
	}
	first := make([]byte, 1)
	n, err := io.ReadFull(r.Body, first)
	switch {
	case n == 1:
		return io.MultiReader(bytes.NewReader(first), r.Body), false, nil
	case errors.Is(err, io.EOF) && r.ContentLength < 0:
		return nil, true, nil
	}
	return nil, false, unreadable(err)
}

// mediaOf reads the one Content-Type, in UTF-8 and of the operation's types, and writes it back in the form that the
// generated code compares with.
func mediaOf(o *Operation, r *http.Request) (string, error) {
	fault := bodyFault("content-type", "Content-Type", "Send the body as "+strings.Join(o.consumes, " or ")+" in UTF-8.")
	headers := r.Header.Values("Content-Type")
	if len(headers) != 1 {
		return "", fault
	}
	media, params, err := mime.ParseMediaType(headers[0])
	charset, hasCharset := params["charset"]
	if err != nil || !slices.Contains(o.consumes, media) || hasCharset && !strings.EqualFold(charset, "utf-8") {
		return "", fault
	}
	r.Header.Set("Content-Type", media)
	return media, nil
}

func bodyFault(code, header, detail string) error {
	return &supervision.Error{Kind: supervision.Malformed, Code: code, Detail: detail, Fields: []supervision.Field{{Parameter: header, Code: code, Detail: detail}}}
}

func tooLarge() error {
	return supervision.Fault(supervision.Malformed, "body-too-large", "The body is larger than %d bytes; send it in parts.", maxBody)
}

func unreadable(err error) error {
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return &supervision.Error{Kind: supervision.Malformed, Code: "request-timeout", Err: err}
	}
	return &supervision.Error{Kind: supervision.Malformed, Code: "malformed-request", Detail: "The body broke off.", Err: err}
}

// checkPlain judges a body that is not JSON.
func checkPlain(text []byte) error {
	if !utf8.Valid(text) {
		return supervision.Fault(supervision.Malformed, "invalid-utf8", "The body is not UTF-8 from byte %d on.", firstInvalid(text))
	}
	return nil
}

// validated is a body that hands the validated value to the generated code, which binds it by exact names. The code would
// fall back to reading the text if the value did not fit its type; that would be a fault of ours, so reading fails.
type validated struct{ value any }

// ValidatedValue is what the generated code binds.
func (v validated) ValidatedValue() any { return v.value }

func (v validated) Read([]byte) (int, error) {
	return 0, supervision.Fault(supervision.Internal, "internal", "a validated body does not fit its generated type")
}

func (v validated) Close() error { return nil }
