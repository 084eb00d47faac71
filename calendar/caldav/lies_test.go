package caldav_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"kreds/calendar"
)

// TestLostAnswers: a change whose answer is lost has been made or not; the server is asked, and nothing is sent twice.
func TestLostAnswers(t *testing.T) {
	hangUp := func(w http.ResponseWriter) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			conn.Close()
		}
	}
	for _, c := range []struct {
		name string
		done bool
	}{{"after it was done", true}, {"before it was done", false}} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t)
			sink := f.source().(calendar.Sink)
			lose := ""
			f.spoil = func(w http.ResponseWriter, r *http.Request, body string) bool {
				if r.Method != lose {
					return false
				}
				if name := strings.TrimPrefix(r.URL.Path, "/ada/c/"); c.done && lose == http.MethodPut {
					f.store(name, body)
				} else if c.done {
					f.objects[name] = object{gone: true}
				}
				hangUp(w)
				return true
			}
			lose = http.MethodPut
			placed, err := sink.Put(t.Context(), f.ref(), appointment(10), "")
			if c.done != (err == nil) || !c.done && !errors.Is(err, calendar.ErrTransient) {
				t.Errorf("Put: %v", err)
			}
			if n := count(f.calls(), "PUT"); n != 1 {
				t.Errorf("PUT was sent %d times", n)
			}
			if !c.done {
				lose = ""
				if placed, err = sink.Put(t.Context(), f.ref(), appointment(10), ""); err != nil {
					t.Fatal(err)
				}
			}
			f.calls()
			lose = http.MethodDelete
			err = sink.Delete(t.Context(), f.ref(), uid, placed.ETag)
			if c.done != (err == nil) || !c.done && !errors.Is(err, calendar.ErrTransient) {
				t.Errorf("Delete: %v", err)
			}
			if n := count(f.calls(), "DELETE"); n != 1 {
				t.Errorf("DELETE was sent %d times", n)
			}
		})
	}
}

// TestServersThatLie: a success is believed when it can be read back.
func TestServersThatLie(t *testing.T) {
	for name, c := range map[string]struct {
		store func(body string) string
		want  error
	}{
		"stores as it was sent": {func(body string) string { return body }, nil},
		"rewrites bytes, keeps the meaning": {func(body string) string {
			body = strings.Replace(body, "DTSTART:20260310T090000Z", "DTSTART;TZID=Europe/Berlin:20260310T100000", 1)
			return strings.Replace(body, "SUMMARY:", "X-ADDED:by the server\r\nSUMMARY;LANGUAGE=en:", 1)
		}, nil},
		"stores nothing": {func(string) string { return "" }, calendar.ErrProtocol},
		"stores another time": {func(body string) string {
			return strings.Replace(body, "DTSTART:20260310T09", "DTSTART:20260310T08", 1)
		}, calendar.ErrPrecondition},
		"stores another UID": {func(body string) string { return strings.Replace(body, uid, "made-up", 1) }, calendar.ErrPrecondition},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			sink := f.source().(calendar.Sink)
			f.spoil = func(w http.ResponseWriter, r *http.Request, body string) bool {
				if r.Method != http.MethodPut {
					return false
				}
				if data := c.store(body); data != "" {
					f.store(strings.TrimPrefix(r.URL.Path, "/ada/c/"), data)
				}
				w.WriteHeader(http.StatusCreated)
				return true
			}
			placed, err := sink.Put(t.Context(), f.ref(), appointment(10), "")
			if !errors.Is(err, c.want) {
				t.Fatalf("%v, want %v", err, c.want)
			}
			if err == nil && (placed.Href != "/ada/c/"+uid+".ics" || placed.ETag != `"v1"`) {
				t.Errorf("placed at %+v", placed)
			}
			// Put again, it does not go round and round over the server's own bytes.
			f.calls()
			if _, err := sink.Put(t.Context(), f.ref(), appointment(10), placed.ETag); err != nil && c.want == nil {
				t.Errorf("again: %v", err)
			}
			if n := count(f.calls(), "PUT"); n != 0 && c.want == nil {
				t.Errorf("it was sent %d times again", n)
			}
		})
	}
}

// TestOwnersEditBetweenReadAndWrite: the edit comes after we have looked and before we write.
func TestOwnersEditBetweenReadAndWrite(t *testing.T) {
	moved := strings.Replace(encoded(t, appointment(10)), "DTSTART:20260310T09", "DTSTART:20260310T07", 1)
	for _, method := range []string{http.MethodPut, http.MethodDelete} {
		f := newFake(t)
		sink := f.source().(calendar.Sink)
		placed, err := sink.Put(t.Context(), f.ref(), appointment(10), "")
		if err != nil {
			t.Fatal(err)
		}
		f.spoil = func(_ http.ResponseWriter, r *http.Request, _ string) bool {
			if r.Method == method {
				f.store(uid+".ics", moved)
			}
			return false
		}
		if method == http.MethodPut {
			_, err = sink.Put(t.Context(), f.ref(), appointment(11), placed.ETag)
		} else {
			err = sink.Delete(t.Context(), f.ref(), uid, placed.ETag)
		}
		if !errors.Is(err, calendar.ErrPrecondition) {
			t.Errorf("%s: %v, want ErrPrecondition", method, err)
		}
		if o := f.objects[uid+".ics"]; o.data != moved || o.gone {
			t.Errorf("%s: the owner's edit is lost", method)
		}
	}
}

// TestRedirectedWritesAreNotFollowed: a write goes where it was sent or nowhere.
func TestRedirectedWritesAreNotFollowed(t *testing.T) {
	for _, method := range []string{http.MethodPut, http.MethodDelete} {
		f := newFake(t)
		sink := f.source().(calendar.Sink)
		if method == http.MethodDelete {
			f.put(uid+".ics", encoded(t, appointment(10)))
		}
		f.spoil = func(w http.ResponseWriter, r *http.Request, _ string) bool {
			if r.Method != method {
				return false
			}
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
			return true
		}
		var err error
		if method == http.MethodPut {
			_, err = sink.Put(t.Context(), f.ref(), appointment(10), "")
		} else {
			err = sink.Delete(t.Context(), f.ref(), uid, "")
		}
		if !errors.Is(err, calendar.ErrProtocol) {
			t.Errorf("%s: %v, want ErrProtocol", method, err)
		}
		if calls := f.calls(); count(calls, method+" /elsewhere") != 0 {
			t.Errorf("%s was followed: %v", method, calls)
		}
	}
}
