package outbound_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kreds/internal/outbound"
)

// zeros is size octets of nothing, packed by gzip.
func zeros(t *testing.T, size int64) []byte {
	t.Helper()
	var buf bytes.Buffer
	zip, err := gzip.NewWriterLevel(&buf, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(zip, endless('\x00'), size); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

func TestBombs(t *testing.T) {
	bomb := zeros(t, 256<<20)
	for _, c := range []struct {
		name string
		max  int64
		most int64 // octets that may be read
		send http.HandlerFunc
	}{
		{"gzip beyond the limit", 10 << 20, 10 << 20, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb)
		}},
		{"gzip beyond the ratio", 1 << 30, 4 << 20, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb)
		}},
		{"endless", 10 << 20, 10 << 20, func(w http.ResponseWriter, _ *http.Request) { io.Copy(w, endless('x')) }},
		{"announced too large", 1 << 20, 0, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1073741824")
			io.CopyN(w, endless('x'), 1<<30)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, c.send)
			client := maker(t, outbound.Policy{Allow: allow(t, s)}).Client(outbound.Options{MaxBody: c.max})
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			var n int64
			resp, err := client.Do(req)
			if err == nil {
				n, err = io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
			}
			runtime.ReadMemStats(&after)
			if !errors.Is(err, outbound.ErrTooLarge) {
				t.Errorf("%v, want ErrTooLarge", err)
			}
			if n > c.most {
				t.Errorf("%d octets were read, want at most %d", n, c.most)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20 {
				t.Errorf("%d MiB were allocated", used>>20)
			}
		})
	}
}

func TestBodiesWithinLimits(t *testing.T) {
	text := strings.Repeat("BEGIN:VEVENT\r\n", 1000)
	packed := func() []byte {
		var buf bytes.Buffer
		zip := gzip.NewWriter(&buf)
		io.WriteString(zip, text)
		zip.Close()
		return buf.Bytes()
	}()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/gzip":
			if r.Header.Get("Accept-Encoding") != "gzip" {
				t.Errorf("Accept-Encoding %q", r.Header.Get("Accept-Encoding"))
			}
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(packed)
		case "/plain":
			io.WriteString(w, text)
		case "/empty":
			w.Header().Set("Content-Encoding", "gzip")
			w.WriteHeader(http.StatusNoContent)
		case "/brotli":
			w.Header().Set("Content-Encoding", "br")
			io.WriteString(w, text)
		case "/broken":
			w.Header().Set("Content-Encoding", "gzip")
			io.WriteString(w, text)
		case "/head":
			w.Header().Set("X-Long", strings.Repeat("x", 100<<10))
		}
	})
	m := maker(t, outbound.Policy{Allow: allow(t, s)})
	for _, c := range []struct {
		path string
		max  int
		want error
	}{
		{"/gzip", len(text), nil}, {"/gzip", len(text) - 1, outbound.ErrTooLarge},
		{"/plain", len(text), nil}, {"/plain", len(text) - 1, outbound.ErrTooLarge},
		{"/empty", 1, nil}, {"/brotli", 1 << 20, outbound.ErrEncoding}, {"/broken", 1 << 20, outbound.ErrEncoding},
		{"/head", 1 << 20, outbound.ErrTooLarge},
	} {
		client := m.Client(outbound.Options{}).WithMaxBody(int64(c.max))
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		var got []byte
		resp, err := client.Do(req)
		if err == nil {
			got, err = io.ReadAll(resp.Body)
			resp.Body.Close()
		}
		if !errors.Is(err, c.want) {
			t.Errorf("%s, at most %d: %v, want %v", c.path, c.max, err, c.want)
		}
		if err == nil && c.path != "/empty" && string(got) != text {
			t.Errorf("%s came as %d octets", c.path, len(got))
		}
	}
}

// pipes is a network without a wire, in which time is the test's.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { close(p.done); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 80} }
func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.conns <- far:
		return near, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func TestSlowServers(t *testing.T) {
	wait := func(r *http.Request, d time.Duration) bool {
		select {
		case <-time.After(d):
			return true
		case <-r.Context().Done():
			return false
		}
	}
	drip := func(size int, every time.Duration) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for wait(r, every) {
				w.Write(make([]byte, size))
				w.(http.Flusher).Flush()
			}
		}
	}
	for _, c := range []struct {
		name     string
		send     http.HandlerFunc
		pause    time.Duration // that the caller makes before it reads
		want     error
		from, to time.Duration
	}{
		{"never a header", func(_ http.ResponseWriter, r *http.Request) { wait(r, time.Hour) }, 0, outbound.ErrTimeout, 10 * time.Second, 10 * time.Second},
		{"a late header", func(_ http.ResponseWriter, r *http.Request) { wait(r, 9*time.Second) }, 0, nil, 9 * time.Second, 9 * time.Second},
		{"a drop a second", drip(1, time.Second), 0, outbound.ErrTimeout, 10 * time.Second, 12 * time.Second},
		{"a header and no body", func(w http.ResponseWriter, r *http.Request) {
			w.(http.Flusher).Flush()
			wait(r, time.Hour)
		}, 0, outbound.ErrTimeout, 10 * time.Second, 10 * time.Second},
		{"a steady stream without end", drip(4096, time.Second), 0, outbound.ErrTimeout, 30 * time.Second, 30 * time.Second},
		{"redirects without end of time", func(w http.ResponseWriter, r *http.Request) {
			wait(r, 9*time.Second)
			http.Redirect(w, r, "/", http.StatusFound)
		}, 0, outbound.ErrTimeout, 30 * time.Second, 30 * time.Second},
		{"a caller who takes time", func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "x")
			w.(http.Flusher).Flush()
			wait(r, 2*time.Second)
			io.WriteString(w, "y")
		}, 15 * time.Second, nil, 15 * time.Second, 17 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				network := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
				server := &http.Server{Handler: c.send}
				go server.Serve(network)
				defer server.Close()
				m := outbound.New(outbound.Policy{Allow: []outbound.Allow{{Plain: true, Host: "slow.house", Port: 80}}})
				m.DialWith(network.dial)
				defer m.Close()
				begin := time.Now()
				req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://slow.house/", nil)
				if err != nil {
					t.Fatal(err)
				}
				resp, err := m.Client(outbound.Options{}).Do(req)
				if err == nil {
					time.Sleep(c.pause)
					_, err = io.Copy(io.Discard, resp.Body)
					resp.Body.Close()
				}
				if !errors.Is(err, c.want) {
					t.Errorf("%v, want %v", err, c.want)
				}
				if took := time.Since(begin); took < c.from || took > c.to {
					t.Errorf("it took %s, want from %s to %s", took, c.from, c.to)
				}
			})
		})
	}
}
