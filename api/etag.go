package api

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
)

// View is the projection of an object that a role got; it is the second half of a tag, so that a reader whose rights have
// changed gets a new one.
type View string

const (
	ManagerView    View = "m" // programme manager
	SupervisorView View = "s"
	OwnView        View = "o" // the person concerned
	MemberView     View = "g" // group member
	LogisticsView  View = "l"
	OperatorView   View = "p"
)

// Tag is the strong entity tag of an object: its version, not its bytes, in one view.
type Tag struct {
	Version int
	View    View
}

// String is the tag as header and member carry it, quotes included: "3-m" in double quotes.
func (t Tag) String() string { return `"` + strconv.Itoa(t.Version) + "-" + string(t.View) + `"` }

// ParseTag reads what String wrote.
func ParseTag(s string) (Tag, bool) {
	inner, ok := strings.CutPrefix(s, `"`)
	inner, ok2 := strings.CutSuffix(inner, `"`)
	version, view, ok3 := strings.Cut(inner, "-")
	n, err := strconv.Atoi(version)
	if !ok || !ok2 || !ok3 || err != nil || view == "" || strconv.Itoa(n) != version {
		return Tag{}, false
	}
	return Tag{n, View(view)}, true
}

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
