package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// tagReads gives the answer to a GET a tag that stands for all of it, and answers 304 instead of 200 when it is the one that
// the reader has (RFC 9110 §13.1.2: weak comparison). Handlers need not know: they send the object's etag, its version in the
// reader's view. A body holds parts that have no share in that version (names, answers, what the clock says), so a digest of
// the body is added to it. Text that is not JSON comes with a tag of its own, which stays.
func tagReads(c echo.Context) { answerReads(c, false) }

// notModified is tagReads for what comes with a tag of all of it.
func notModified(c echo.Context) { answerReads(c, true) }

func answerReads(c echo.Context, whole bool) {
	if r := c.Request(); r.Method == http.MethodGet || r.Method == http.MethodHead {
		c.Response().Writer = &taggingWriter{ResponseWriter: c.Response().Writer, whole: whole, have: strings.Join(r.Header.Values("If-None-Match"), ",")}
	}
}

// tagged ends the answer to a GET; err is what its handler ended with. A reply that broke off is not sent: the refusal is.
func tagged(c echo.Context, err *error) {
	w, ok := c.Response().Writer.(*taggingWriter)
	if !ok || !w.held {
		return
	}
	w.held = false
	if *err != nil {
		c.Response().Committed, c.Response().Size = false, 0
		for _, name := range []string{"ETag", "Content-Type", "Content-Length"} {
			w.Header().Del(name)
		}
		return
	}
	w.Header().Set("ETag", readTag(w.Header().Get("ETag"), w.body.Bytes()))
	w.WriteHeader(http.StatusOK)
	_, *err = w.Write(w.body.Bytes())
}

// readTag is the tag of an object's body: "3-m" becomes "3-m.8f14e45fceea167a".
func readTag(etag string, body []byte) string {
	sum := sha256.Sum256(body)
	return strings.TrimSuffix(etag, `"`) + "." + hex.EncodeToString(sum[:8]) + `"`
}

// versionTag is the object's etag in a tag that a reader was given.
func versionTag(tag string) string {
	if version, _, ok := strings.Cut(tag, "."); ok && strings.HasSuffix(tag, `"`) {
		return version + `"`
	}
	return tag
}

type taggingWriter struct {
	http.ResponseWriter
	have   string // If-None-Match
	whole  bool   // tags stand for all of the body already
	ended  bool   // the header is out
	held   bool   // the body is kept until its tag is known
	silent bool   // the reader has it
	body   bytes.Buffer
}

func (w *taggingWriter) WriteHeader(status int) {
	tag := w.Header().Get("ETag")
	if !w.ended && !w.whole && status == http.StatusOK && tag != "" && isJSON(w.Header().Get("Content-Type")) {
		w.ended, w.held = true, true
		return
	}
	w.ended = true
	if status == http.StatusOK && tag != "" && w.has(tag) {
		w.silent = true
		w.Header().Del("Content-Length")
		w.Header().Del("Content-Type")
		status = http.StatusNotModified
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *taggingWriter) has(tag string) bool {
	if w.have == "" {
		return false
	}
	tags, star, ok := parseTags(w.have)
	if star {
		return true
	}
	for _, t := range tags {
		if ok && strings.TrimPrefix(t, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

func (w *taggingWriter) Write(b []byte) (int, error) {
	switch {
	case w.held:
		return w.body.Write(b)
	case w.silent:
		return len(b), nil
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *taggingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
