package outbound_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"kreds/internal/outbound"
)

func logTo(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// names is a resolver that answers each question for IPv4 addresses with what ask says, and knows no others.
func names(t *testing.T, ask func(name string) []string) *net.Resolver {
	t.Helper()
	var running sync.WaitGroup
	t.Cleanup(running.Wait)
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		running.Go(func() {
			defer far.Close()
			for answerOne(far, ask) == nil {
			}
		})
		return near, nil
	}}
}

// answerOne answers one question in the form that DNS has on a stream (RFC 1035 §4.2.2).
func answerOne(conn net.Conn, ask func(name string) []string) error {
	var size uint16
	if err := binary.Read(conn, binary.BigEndian, &size); err != nil {
		return err
	}
	buf := make([]byte, size)
	if _, err := io.ReadFull(conn, buf); err != nil {
		return err
	}
	var msg dnsmessage.Message
	if err := msg.Unpack(buf); err != nil {
		return err
	}
	q := msg.Questions[0]
	reply := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: msg.ID, Response: true, RecursionAvailable: true},
		Questions: msg.Questions,
	}
	if q.Type == dnsmessage.TypeA {
		for _, a := range ask(strings.TrimSuffix(q.Name.String(), ".")) {
			reply.Answers = append(reply.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 0},
				Body:   &dnsmessage.AResource{A: netip.MustParseAddr(a).As4()},
			})
		}
	}
	packed, err := reply.Pack()
	if err != nil {
		return err
	}
	_, err = conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(packed))), packed...))
	return err
}

// TestRebinding: a name that was let through leads inside the next time it is asked for.
func TestRebinding(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") })
	_, port, _ := strings.Cut(strings.TrimPrefix(s.URL, "http://"), ":")
	inner := watch(t, "127.0.0.2:"+port)
	turn := 0
	m := maker(t, outbound.Policy{
		Allow: allow(t, s, "moving.example"), // 127.0.0.1 alone
		Resolver: names(t, func(string) []string {
			if turn++; turn%2 == 1 {
				return []string{"127.0.0.1"}
			}
			return []string{"127.0.0.2"}
		}),
	})
	c := m.Client(outbound.Options{})
	for i := range 1000 {
		err := get(t, c, "http://moving.example:"+port)
		if i%2 == 0 && err != nil {
			t.Fatalf("call %d to the allowed address: %v", i, err)
		}
		if i%2 == 1 && !errors.Is(err, outbound.ErrRefusedAddress) {
			t.Fatalf("call %d to another address: %v, want ErrRefusedAddress", i, err)
		}
	}
	inner.untouched(t)
}

// TestNameOfInnerAddress: an ordinary name that resolves inside is refused, every time.
func TestNameOfInnerAddress(t *testing.T) {
	inner := watch(t, "127.0.0.1:0")
	m := maker(t, outbound.Policy{Resolver: names(t, func(string) []string { return []string{"127.0.0.1"} })})
	m.LetPort(inner.port)
	c := m.Client(outbound.Options{})
	for range 200 {
		if err := get(t, c, fmt.Sprintf("https://cal.example.org:%d/", inner.port)); !errors.Is(err, outbound.ErrRefusedAddress) {
			t.Fatalf("%v, want ErrRefusedAddress", err)
		}
	}
	inner.untouched(t)
}

// TestOneBadAddressOfMany: the allowed address is called, the other one never.
func TestOneBadAddressOfMany(t *testing.T) {
	var seen int
	s := serve(t, func(http.ResponseWriter, *http.Request) { seen++ })
	_, port, _ := strings.Cut(strings.TrimPrefix(s.URL, "http://"), ":")
	inner := watch(t, "127.0.0.2:"+port)
	m := maker(t, outbound.Policy{
		Allow:    allow(t, s, "many.example"),
		Resolver: names(t, func(string) []string { return []string{"127.0.0.2", "127.0.0.1"} }),
	})
	if err := get(t, m.Client(outbound.Options{}), "http://many.example:"+port); err != nil || seen != 1 {
		t.Errorf("%v, the allowed address was called %d times", err, seen)
	}
	inner.untouched(t)
}

// TestAllowedPairOnly: host and network belong together, and to one port.
func TestAllowedPairOnly(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) {})
	_, port, _ := strings.Cut(strings.TrimPrefix(s.URL, "http://"), ":")
	m := maker(t, outbound.Policy{
		Allow:    allow(t, s, "dav.house"),
		Resolver: names(t, func(string) []string { return []string{"127.0.0.1"} }),
	})
	c := m.Client(outbound.Options{})
	for url, want := range map[string]error{
		"http://dav.house:" + port:   nil,
		"http://other.house:" + port: outbound.ErrScheme,
		"https://other.house":        outbound.ErrRefusedAddress,
		"https://dav.house":          outbound.ErrRefusedAddress,
	} {
		if err := get(t, c, url); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", url, err, want)
		}
	}
}
