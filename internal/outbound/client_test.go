package outbound_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"kreds/internal/outbound"
)

func TestReadsFollowRedirectsWithMethodAndBody(t *testing.T) {
	for _, method := range []string{"GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT"} {
		for _, status := range []int{301, 302, 307, 308} {
			t.Run(fmt.Sprint(method, status), func(t *testing.T) {
				arrived := ""
				s := serve(t, func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/old" {
						http.Redirect(w, r, "/new", status)
						return
					}
					body, _ := io.ReadAll(r.Body)
					arrived = r.Method + " " + r.URL.Path + " " + string(body) + " " + r.Header.Get("Depth") + r.Header.Get("Referer")
				})
				c := maker(t, outbound.Policy{Allow: allow(t, s)}).Client(outbound.Options{})
				req, err := http.NewRequestWithContext(t.Context(), method, s.URL+"/old", strings.NewReader("<x/>"))
				if err != nil {
					t.Fatal(err)
				}
				req.Header.Set("Depth", "1")
				resp, err := c.Do(req)
				if err != nil {
					t.Fatal(err)
				}
				defer resp.Body.Close()
				if want := method + " /new <x/> 1"; arrived != want {
					t.Errorf("%q arrived, want %q", arrived, want)
				}
				if got := resp.Request.URL.String(); got != s.URL+"/new" {
					t.Errorf("the answer is said to come from %s", got)
				}
			})
		}
	}
}

func TestWritesFollowNoRedirect(t *testing.T) {
	for _, method := range []string{"PUT", "DELETE", "POST", "MKCALENDAR", "MKCOL"} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			var seen atomic.Int64
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				seen.Add(1)
				http.Redirect(w, r, "/new", status)
			})
			c := maker(t, outbound.Policy{Allow: allow(t, s)}).Client(outbound.Options{})
			if err := send(t, c, method, s.URL, "x"); !errors.Is(err, outbound.ErrRedirect) {
				t.Errorf("%s %d: %v", method, status, err)
			}
			if seen.Load() != 1 {
				t.Errorf("%s %d: sent %d times", method, status, seen.Load())
			}
		}
	}
}

func TestRedirectsEnd(t *testing.T) {
	var seen atomic.Int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if n := seen.Add(1); r.URL.Path == "/five" && n > 5 {
			return
		}
		http.Redirect(w, r, r.URL.Path, http.StatusFound)
	})
	c := maker(t, outbound.Policy{Allow: allow(t, s)}).Client(outbound.Options{})
	if err := get(t, c, s.URL+"/five"); err != nil {
		t.Errorf("five redirects: %v", err)
	}
	seen.Store(0)
	if err := get(t, c, s.URL+"/ever"); !errors.Is(err, outbound.ErrRedirect) {
		t.Errorf("endless redirects: %v", err)
	}
	if seen.Load() != 6 {
		t.Errorf("%d requests, want 6", seen.Load())
	}
}

func TestRedirectFromHTTPSToHTTPIsRefused(t *testing.T) {
	plain := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("plain http was called") })
	secure := httptest.NewTLSServer(http.RedirectHandler(plain.URL, http.StatusFound))
	t.Cleanup(secure.Close)
	m := maker(t, outbound.Policy{
		Allow:   append(allow(t, plain), allow(t, secure)...),
		RootCAs: secure.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs,
	})
	if err := get(t, m.Client(outbound.Options{}), secure.URL); !errors.Is(err, outbound.ErrScheme) {
		t.Errorf("%v, want ErrScheme", err)
	}
}

func TestCertificatesAreChecked(t *testing.T) {
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	secure.Config.ErrorLog = nil
	t.Cleanup(secure.Close)
	m := maker(t, outbound.Policy{Allow: allow(t, secure)})
	if err := get(t, m.Client(outbound.Options{}), secure.URL); !errors.Is(err, outbound.ErrTLS) {
		t.Errorf("an unknown authority: %v, want ErrTLS", err)
	}
}

// TestProxyOfTheEnvironmentIsIgnored uses a name, since addresses of this machine never go through a proxy.
func TestProxyOfTheEnvironmentIsIgnored(t *testing.T) {
	var direct atomic.Int64
	s := serve(t, func(http.ResponseWriter, *http.Request) { direct.Add(1) })
	m := maker(t, outbound.Policy{Allow: allow(t, s, "dav.house"), Resolver: names(t, func(string) []string { return []string{"127.0.0.1"} })})
	_, port, _ := strings.Cut(strings.TrimPrefix(s.URL, "http://"), ":")
	if err := get(t, m.Client(outbound.Options{}), "http://dav.house:"+port); err != nil {
		t.Error(err)
	}
	if throughProxy.Load() != 0 || direct.Load() != 1 {
		t.Errorf("%d calls through the proxy, %d direct", throughProxy.Load(), direct.Load())
	}
}

// TestBrokenKeptConnection: the server answers once on each connection and breaks off at the next request.
func TestBrokenKeptConnection(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	requests := make(chan *http.Request, 16)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s := &http.Server{}
			first := true
			s.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				requests <- r
				if !first {
					panic(http.ErrAbortHandler)
				}
				first = false
			})
			one := &oneConn{conn: conn, closed: make(chan struct{})}
			s.ConnState = func(_ net.Conn, state http.ConnState) {
				if state == http.StateClosed {
					one.Close()
				}
			}
			s.Serve(one)
			s.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	s := &httptest.Server{URL: "http://" + l.Addr().String()}
	for _, c := range []struct {
		method string
		want   error
		sent   int
	}{{"PROPFIND", nil, 3}, {"REPORT", nil, 3}, {"PUT", outbound.ErrUnreachable, 2}, {"DELETE", outbound.ErrUnreachable, 2}} {
		m := outbound.New(outbound.Policy{Allow: allow(t, s)})
		client := m.Client(outbound.Options{})
		if err := send(t, client, c.method, s.URL, "x"); err != nil {
			t.Fatal(err)
		}
		if err := send(t, client, c.method, s.URL, "x"); !errors.Is(err, c.want) {
			t.Errorf("%s on a broken connection: %v, want %v", c.method, err, c.want)
		}
		m.Close()
		if len(requests) != c.sent {
			t.Errorf("%s was sent %d times, want %d", c.method, len(requests), c.sent)
		}
		for len(requests) > 0 {
			if last := <-requests; len(requests) == 0 && c.want == nil && !last.Close {
				t.Errorf("%s was repeated without Connection: close", c.method)
			}
		}
	}
}

// oneConn is a listener that gives one connection and then waits until that is closed.
type oneConn struct {
	conn   net.Conn
	given  bool
	closed chan struct{}
}

func (o *oneConn) Accept() (net.Conn, error) {
	if o.given {
		<-o.closed
		return nil, net.ErrClosed
	}
	o.given = true
	return o.conn, nil
}

func (o *oneConn) Close() error {
	select {
	case <-o.closed:
	default:
		close(o.closed)
	}
	return nil
}

func (o *oneConn) Addr() net.Addr { return o.conn.LocalAddr() }

func TestCallerGivesUp(t *testing.T) {
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	c := maker(t, outbound.Policy{Allow: allow(t, s)}).Client(outbound.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if resp, err := c.Do(req); !errors.Is(err, context.Canceled) {
		if err == nil {
			resp.Body.Close()
		}
		t.Errorf("%v, want context.Canceled", err)
	}
}

func TestErrorsNameNoAddress(t *testing.T) {
	var log strings.Builder
	m := maker(t, outbound.Policy{
		Resolver: names(t, func(string) []string { return []string{"10.20.30.40"} }),
		Log:      logTo(&log),
	})
	err := get(t, m.Client(outbound.Options{}), "https://cal.example.org/secret-path?token=secret")
	if !errors.Is(err, outbound.ErrRefusedAddress) {
		t.Fatalf("%v, want ErrRefusedAddress", err)
	}
	for _, text := range []string{err.Error(), fmt.Sprintf("%+v %#v", err, err)} {
		if strings.Contains(text, "10.20.30.40") || strings.Contains(text, "secret") {
			t.Errorf("the error tells too much: %s", text)
		}
	}
	if !strings.Contains(err.Error(), "cal.example.org") {
		t.Errorf("the error does not name the host: %v", err)
	}
	if !strings.Contains(log.String(), "10.20.30.40") || strings.Contains(log.String(), "secret") {
		t.Errorf("the operator's log: %s", log.String())
	}
}
