package caldav_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"kreds/calendar"
	"kreds/calendar/caldav"
)

// repeated is a reader of head, many times part, and tail.
func repeated(head, part string, times int, tail string) io.Reader {
	whole := strings.Repeat(part, 8192/len(part)+1) // not octet by octet
	return io.MultiReader(strings.NewReader(head), &repeater{part: whole, left: times * len(part)}, strings.NewReader(tail))
}

type repeater struct {
	part string
	at   int
	left int
}

func (r *repeater) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), r.left)], r.part[r.at:])
	r.at = (r.at + n) % len(r.part)
	r.left -= n
	return n, nil
}

const open207 = xml.Header + `<D:multistatus xmlns:D="DAV:">`

// TestHostileMultistatus: each of these is refused, in bounded memory.
func TestHostileMultistatus(t *testing.T) {
	for name, c := range map[string]struct {
		body func() io.Reader
		want error
	}{
		"more responses than anybody has": {func() io.Reader {
			return repeated(open207, `<D:response><D:href>/a.ics</D:href><D:propstat><D:prop><D:getetag>"1"</D:getetag></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>`, 100_000, "</D:multistatus>")
		}, calendar.ErrTooLarge},
		"more than 32 MiB": {func() io.Reader {
			return repeated(open207, "<D:response><D:href>/a.ics</D:href>"+strings.Repeat(" ", 1<<20)+"</D:response>", 40, "</D:multistatus>")
		}, calendar.ErrTooLarge},
		"one value without end": {func() io.Reader { return repeated(open207+"<D:response>", "x", 1<<30, "") }, calendar.ErrTooLarge},
		"deep nesting":          {func() io.Reader { return repeated(open207, "<D:response>", 5_000_000, "") }, calendar.ErrProtocol},
		"a little too deep": {func() io.Reader {
			return strings.NewReader(open207 + "<D:response>" + strings.Repeat("<D:x>", 70) + strings.Repeat("</D:x>", 70) + "</D:response></D:multistatus>")
		}, calendar.ErrProtocol},
		"many elements in one": {func() io.Reader { return repeated(open207+"<D:response>", "<D:x/>", 4_000_000, "") }, calendar.ErrProtocol},
		"many attributes": {func() io.Reader {
			return repeated(open207+"<D:response ", `a="" `, 5_000_000, "/>")
		}, calendar.ErrTooLarge},
		"many attributes that hold brackets": {func() io.Reader {
			return repeated(open207+"<D:response ", `a=">" `, 5_000_000, "/>")
		}, calendar.ErrTooLarge},
		"a long name": {func() io.Reader { return repeated(open207+"<D:", "a", 20<<20, "/>") }, calendar.ErrTooLarge},
		"billion laughs": {func() io.Reader {
			return strings.NewReader(`<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]><D:multistatus xmlns:D="DAV:"><D:response><D:href>&lol2;</D:href></D:response></D:multistatus>`)
		}, calendar.ErrProtocol},
		"an outer entity": {func() io.Reader {
			return strings.NewReader(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><D:multistatus xmlns:D="DAV:"><D:response><D:href>&f;</D:href></D:response></D:multistatus>`)
		}, calendar.ErrProtocol},
		"an unknown entity":       {func() io.Reader { return strings.NewReader(open207 + "<D:response>&lol;</D:response></D:multistatus>") }, calendar.ErrProtocol},
		"HTML":                    {func() io.Reader { return strings.NewReader("<html><body>sign in<br></body></html>") }, calendar.ErrProtocol},
		"nothing":                 {func() io.Reader { return strings.NewReader("") }, calendar.ErrProtocol},
		"half of it":              {func() io.Reader { return strings.NewReader(open207 + "<D:response><D:href>/a") }, calendar.ErrProtocol},
		"an end without a start":  {func() io.Reader { return strings.NewReader(open207 + "</D:response>") }, calendar.ErrProtocol},
		"UTF-16":                  {func() io.Reader { return strings.NewReader(`<?xml version="1.0" encoding="utf-16"?><x/>`) }, calendar.ErrProtocol},
		"bytes that are no UTF-8": {func() io.Reader { return strings.NewReader(open207 + "<D:response>\xff</D:response></D:multistatus>") }, calendar.ErrProtocol},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.noSync = true
			source := f.source()
			f.spoil = func(w http.ResponseWriter, r *http.Request, _ string) bool {
				if r.Header.Get("Depth") != "1" {
					return false
				}
				w.Header().Set("Content-Type", "application/xml")
				w.WriteHeader(http.StatusMultiStatus)
				io.Copy(w, c.body())
				return true
			}
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			begin := time.Now()
			_, err := source.Changes(t.Context(), f.ref(), "", nil)
			took := time.Since(begin)
			runtime.ReadMemStats(&after)
			if !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if used := (after.HeapSys - min(after.HeapSys, before.HeapSys)) >> 20; used > 160 {
				t.Errorf("%d MiB more were needed", used)
			}
			t.Logf("%d MiB allocated, heap grew by %d MiB, %s", (after.TotalAlloc-before.TotalAlloc)>>20, (after.HeapSys-min(after.HeapSys, before.HeapSys))>>20, took)
		})
	}
}

// TestHTMLInsteadOfAnswers: a page that asks for a password, where calendars were.
func TestHTMLInsteadOfAnswers(t *testing.T) {
	f := newFake(t)
	f.put("a.ics", event("a"))
	source := f.source()
	f.spoil = func(w http.ResponseWriter, _ *http.Request, _ string) bool {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<html>sign in</html>")
		return true
	}
	if _, err := source.Changes(t.Context(), f.ref(), "", nil); !errors.Is(err, calendar.ErrProtocol) {
		t.Errorf("Changes: %v, want ErrProtocol", err)
	}
	if _, err := source.Calendars(t.Context()); !errors.Is(err, calendar.ErrProtocol) {
		t.Errorf("Calendars: %v, want ErrProtocol", err)
	}
	if _, _, err := source.(calendar.Sink).Find(t.Context(), f.ref(), "a"); !errors.Is(err, calendar.ErrProtocol) {
		t.Errorf("Find: %v, want ErrProtocol", err)
	}
	if err := source.(calendar.Sink).Delete(t.Context(), f.ref(), "a", ""); !errors.Is(err, calendar.ErrProtocol) {
		t.Errorf("Delete: %v, want ErrProtocol", err)
	}
}

// TestSlowServer: the caller's deadline ends the reading, and it may be tried again.
func TestSlowServer(t *testing.T) {
	f := newFake(t)
	source := f.source()
	release := make(chan struct{})
	f.spoil = func(http.ResponseWriter, *http.Request, string) bool { <-release; return true }
	defer close(release)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := source.Changes(ctx, f.ref(), "", nil); !errors.Is(err, calendar.ErrTransient) {
		t.Errorf("%v, want ErrTransient", err)
	}
}

func FuzzMultistatus(f *testing.F) {
	f.Add([]byte(open207 + response("/a.ics", `<D:getetag>"1"</D:getetag>`) + "<D:sync-token>t</D:sync-token></D:multistatus>"))
	f.Add([]byte(open207 + `<D:response><D:href>/a</D:href><D:status>HTTP/1.1 404</D:status><D:error><D:x/></D:error></D:response></D:multistatus>`))
	f.Add([]byte(`<!-- --><D:multistatus xmlns:D="DAV:"><D:response><![CDATA[ <a ' ]]>]]></D:response></D:multistatus>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		members, token, err := caldav.ReadMultistatus(bytes.NewReader(data))
		again, tokenAgain, errAgain := caldav.ReadMultistatus(&dribble{data})
		if members != again || token != tokenAgain || (err == nil) != (errAgain == nil) {
			t.Fatalf("read at once: %d, %q, %v; octet by octet: %d, %q, %v", members, token, err, again, tokenAgain, errAgain)
		}
		if err != nil && !errors.Is(err, calendar.ErrProtocol) && !errors.Is(err, calendar.ErrTooLarge) {
			t.Fatal(fmt.Errorf("an error of no kind: %w", err))
		}
	})
}

// dribble gives one octet at a time.
type dribble struct{ left []byte }

func (d *dribble) Read(p []byte) (int, error) {
	if len(d.left) == 0 {
		return 0, io.EOF
	}
	p[0] = d.left[0]
	d.left = d.left[1:]
	return 1, nil
}
