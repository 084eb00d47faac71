package outbound_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"kreds/internal/outbound"
)

// throughProxy counts the calls that went through the proxy of the environment.
var throughProxy atomic.Int64

// TestMain runs all tests in an environment that names a proxy. It must be there from the start: net/http reads it once.
func TestMain(m *testing.M) {
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { throughProxy.Add(1) }))
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"} {
		os.Setenv(name, proxy.URL)
	}
	os.Unsetenv("NO_PROXY")
	os.Unsetenv("no_proxy")
	code := m.Run()
	proxy.Close()
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// maker makes a Maker for one test.
func maker(t *testing.T, p outbound.Policy) *outbound.Maker {
	t.Helper()
	m := outbound.New(p)
	t.Cleanup(m.Close)
	return m
}

// serve starts a plain http server for one test.
func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// allow makes the entry that lets a server of the test through, under its own address or another host name.
func allow(t *testing.T, server *httptest.Server, hosts ...string) []outbound.Allow {
	t.Helper()
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	if err != nil {
		t.Fatal(err)
	}
	if len(hosts) == 0 {
		hosts = []string{u.Hostname()}
	}
	var entries []outbound.Allow
	for _, h := range hosts {
		entries = append(entries, outbound.Allow{
			Plain: u.Scheme == "http", Host: h, Port: uint16(port), Net: netip.MustParsePrefix("127.0.0.1/32"),
		})
	}
	return entries
}

// get calls a URL and returns the error of the call or of its body.
func get(t *testing.T, c *outbound.Client, url string) error {
	t.Helper()
	return send(t, c, http.MethodGet, url, "")
}

// send makes a call with a method and a body.
func send(t *testing.T, c *outbound.Client, method, url, body string) error {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	buf := make([]byte, 32<<10)
	for {
		if _, err := resp.Body.Read(buf); err != nil {
			if err.Error() == "EOF" {
				return nil
			}
			return err
		}
	}
}

// sentinel listens where nobody may call, and counts who does.
type sentinel struct {
	port uint16
	hits atomic.Int64
}

func watch(t *testing.T, address string) *sentinel {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	s := &sentinel{port: uint16(l.Addr().(*net.TCPAddr).Port)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.hits.Add(1)
			conn.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return s
}

// untouched checks that nobody called.
func (s *sentinel) untouched(t *testing.T) {
	t.Helper()
	if n := s.hits.Load(); n != 0 {
		t.Errorf("the inner server was reached %d times", n)
	}
}
