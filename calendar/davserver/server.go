package davserver

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"path"
	"strings"

	"github.com/emersion/go-webdav"
	"github.com/emersion/go-webdav/caldav"
)

// Options are what a server needs.
type Options struct {
	Store Store // read only, unless it is a Writer
	// Authenticate says whether a name and a password belong together, and whose calendars they open: the user of the
	// Store. It is asked with every request, and compares in constant time.
	Authenticate func(ctx context.Context, name, password string) (user string, ok bool)
	Prefix       string // of every path, such as "/dav"; "" serves from the root
	Realm        string // shown by clients that ask for the password; "" means Kreds
}

// Server is an http.Handler that serves CalDAV.
type Server struct {
	options Options
	dav     caldav.Handler
}

// New makes a server.
func New(o Options) *Server {
	o.Prefix = strings.TrimSuffix(o.Prefix, "/")
	if o.Realm == "" {
		o.Realm = "Kreds"
	}
	return &Server{o, caldav.Handler{Backend: &backend{o.Store, o.Prefix}, Prefix: o.Prefix}}
}

// signedIn is the key of a request's user and condition in its context.
type signedIn struct{}

type session struct {
	user      string
	condition Condition // of a DELETE, which go-webdav does not pass on
}

func sessionOf(ctx context.Context) session {
	s, _ := ctx.Value(signedIn{}).(session)
	return s
}

// ServeHTTP lets a user in, guards what go-webdav would not, and hands over.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	user, ok := "", false
	if name, password, given := r.BasicAuth(); given {
		user, ok = s.options.Authenticate(r.Context(), name, password)
	}
	if !ok || user == "" || strings.Contains(user, "/") || user == "." || user == ".." {
		w.Header().Set("WWW-Authenticate", `Basic realm="`+s.options.Realm+`", charset="UTF-8"`)
		http.Error(w, "sign in with your name and password", http.StatusUnauthorized)
		return
	}
	if !s.owns(user, r.URL.Path) {
		http.Error(w, "there is nothing of yours here", http.StatusNotFound)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "the request is too large or broke off", http.StatusRequestEntityTooLarge)
		return
	}
	condition := condition(r.Header)
	switch {
	case r.Method == http.MethodPut:
		// go-webdav decodes by itself; what it would stumble over is refused before.
		if _, err := decode(body); err != nil {
			http.Error(w, "this is no iCalendar object", http.StatusBadRequest)
			return
		}
	case len(body) > 0:
		if err := shallowXML(body); err != nil {
			http.Error(w, "this is no request of WebDAV", http.StatusBadRequest)
			return
		}
	}
	r = r.WithContext(context.WithValue(r.Context(), signedIn{}, session{user, condition}))
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.dav.ServeHTTP(w, s.slashed(r))
}

// owns says whether a path is the user's own, or one where everybody begins.
func (s *Server) owns(user, at string) bool {
	if at == "/.well-known/caldav" {
		return true
	}
	rest, ok := strings.CutPrefix(path.Clean("/"+at), s.options.Prefix)
	if !ok || rest != "" && rest[0] != '/' {
		return false
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(rest, "/"), "/")
	return first == "" || first == user
}

// slashed gives a collection the slash at its end, which go-webdav compares.
func (s *Server) slashed(r *http.Request) *http.Request {
	depth := strings.Count(strings.Trim(strings.TrimPrefix(r.URL.Path, s.options.Prefix), "/"), "/")
	if depth > 2 || strings.HasSuffix(r.URL.Path, "/") || r.URL.Path == "/.well-known/caldav" {
		return r
	}
	u := *r.URL
	u.Path, u.RawPath = u.Path+"/", ""
	r.URL = &u
	return r
}

// condition reads the preconditions of a request.
func condition(h http.Header) Condition {
	match := webdav.ConditionalMatch(h.Get("If-Match"))
	c := Condition{Absent: webdav.ConditionalMatch(h.Get("If-None-Match")).IsWildcard(), Exists: match.IsWildcard()}
	if match.IsSet() && !c.Exists {
		etag, err := match.ETag()
		if c.ETag = etag; err != nil || etag == "" {
			c.Never = true
		}
	}
	return c
}

// httpError gives an error of the Store its status.
func httpError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrNotFound):
		return webdav.NewHTTPError(http.StatusNotFound, err)
	case errors.Is(err, ErrExists):
		return webdav.NewHTTPError(http.StatusMethodNotAllowed, err) // RFC 4918 §9.3.1
	case errors.Is(err, ErrPrecondition):
		return webdav.NewHTTPError(http.StatusPreconditionFailed, err)
	case errors.Is(err, ErrUIDConflict):
		return caldav.NewPreconditionError(caldav.PreconditionNoUIDConflict)
	}
	return err
}
