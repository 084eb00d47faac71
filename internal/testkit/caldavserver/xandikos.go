package caldavserver

import (
	"crypto/subtle"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strconv"
	"testing"

	"kreds/internal/testkit/process"
)

// Xandikos starts Xandikos with Alice. Its own port asks nobody for a password; the URL is that of a proxy that does.
func Xandikos(t testing.TB) *Server {
	t.Helper()
	path := installed(t, "xandikos", "xandikos")
	dir := t.TempDir()
	behind := &Server{}
	start(t, behind, dir, func(port int) process.Command {
		return process.Command{
			Path: path,
			Args: []string{"-d", filepath.Join(dir, "data"), "--defaults", "--current-user-principal", "/alice/",
				"-l", "127.0.0.1", "-p", strconv.Itoa(port)},
			Dir: dir,
		}
	})
	target, err := url.Parse(behind.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host
		},
		Transport: &http.Transport{DisableKeepAlives: true},
		ErrorLog:  log.New(io.Discard, "", 0), // clients that give up are no fault
	}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, password, _ := r.BasicAuth()
		if subtle.ConstantTimeCompare([]byte(name+":"+password), []byte(Alice.Name+":"+Alice.Password)) != 1 {
			w.Header().Set("WWW-Authenticate", `Basic realm="xandikos"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	return &Server{URL: front.URL, home: "/%s/calendars/"}
}
