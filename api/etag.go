package api

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// notModified answers 304 instead of 200 when the reply's tag is the one that the reader has (RFC 9110 §13.1.2: weak
// comparison). Handlers need not know.
func notModified(c echo.Context) {
	r := c.Request()
	if (r.Method != http.MethodGet && r.Method != http.MethodHead) || r.Header.Get("If-None-Match") == "" {
		return
	}
	c.Response().Writer = &conditionalWriter{ResponseWriter: c.Response().Writer, have: strings.Join(r.Header.Values("If-None-Match"), ",")}
}

type conditionalWriter struct {
	http.ResponseWriter
	have   string
	silent bool
}

func (w *conditionalWriter) WriteHeader(status int) {
	if tag := w.Header().Get("ETag"); status == http.StatusOK && tag != "" && w.has(tag) {
		w.silent = true
		w.Header().Del("Content-Length")
		w.Header().Del("Content-Type")
		status = http.StatusNotModified
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *conditionalWriter) has(tag string) bool {
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

func (w *conditionalWriter) Write(b []byte) (int, error) {
	if w.silent {
		return len(b), nil
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *conditionalWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
