package api

import (
	"mime"
	"slices"
	"strconv"
	"strings"

	"kreds/supervision"
)

// negotiate picks the media type of the reply by the Accept header (RFC 9110 §12.5.1). Problem documents are always
// possible, so a client that accepts nothing of ours gets one that says so.
func negotiate(header string, offers []string) (string, error) {
	offers = slices.DeleteFunc(slices.Clone(offers), func(o string) bool { return o == problemMedia })
	if strings.TrimSpace(header) == "" || len(offers) == 0 {
		return first(offers), nil
	}
	best, bestQ, bestRank := "", 0.0, 0
	for _, offer := range offers {
		if q, rank := quality(header, offer); q > bestQ || q == bestQ && q > 0 && rank > bestRank {
			best, bestQ, bestRank = offer, q, rank
		}
	}
	if best == "" {
		return "", supervision.Fault(supervision.Malformed, "not-acceptable", "The reply can be had as %s.", strings.Join(offers, ", "))
	}
	return best, nil
}

func first(offers []string) string {
	if len(offers) == 0 {
		return ""
	}
	return offers[0]
}

// quality is how much the header likes the media type: the q of the most specific range that holds it, and how specific
// that is. Ranges that cannot be read are passed over.
func quality(header, media string) (q float64, rank int) {
	kind, _, _ := strings.Cut(media, "/")
	for _, part := range strings.Split(header, ",") {
		accepted, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		specific := 0
		switch accepted {
		case media:
			specific = 3
		case kind + "/*":
			specific = 2
		case "*/*":
			specific = 1
		}
		if specific <= rank {
			continue
		}
		q, rank = 1, specific
		if text, ok := params["q"]; ok {
			if q, err = strconv.ParseFloat(text, 64); err != nil || q < 0 || q > 1 {
				q = 0
			}
		}
	}
	return q, rank
}
