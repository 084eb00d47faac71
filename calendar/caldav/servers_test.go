package caldav_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kreds/calendar"
	"kreds/calendar/caldav"
	"kreds/calendar/calendartest"
	"kreds/internal/testkit/caldavserver"
)

// real are the real servers; each test starts them anew.
var real = []struct {
	name  string
	start func(testing.TB) *caldavserver.Server
	// strange is a token of the server's own form that it has never given.
	strange calendar.Cursor
}{
	{"radicale", caldavserver.Radicale, "token http://radicale.org/ns/sync/00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"},
	{"xandikos", caldavserver.Xandikos, "token 0123456789abcdef0123456789abcdef01234567"},
}

var alice = caldavserver.Alice

// accountOn makes an empty calendar on a running server and the hand on it. Poison is an object that the server takes and
// nobody can read as an event.
func accountOn(t *testing.T, p *caldav.Provider, s *caldavserver.Server, strange calendar.Cursor) calendartest.Account {
	t.Helper()
	ref := s.Calendar(t, alice)
	hand := calendartest.Hand{
		Put:    func(t *testing.T, e calendartest.Event) { s.Do(t, alice, http.MethodPut, ref+e.UID+".ics", e.ICS()) },
		Get:    func(t *testing.T, uid string) string { return s.Do(t, alice, http.MethodGet, ref+uid+".ics", "") },
		Delete: func(t *testing.T, uid string) { s.Do(t, alice, http.MethodDelete, ref+uid+".ics", "") },
		Poison: func(t *testing.T) { s.Do(t, alice, http.MethodPut, ref+"poison.ics", poison) },
		Forget: func(*testing.T, calendar.Cursor) calendar.Cursor { return strange },
		Drop:   func(t *testing.T) { s.Do(t, alice, http.MethodDelete, ref, "") },
		Occupy: func(t *testing.T, uid string) {
			s.Do(t, alice, http.MethodPut, ref+uid+".ics", single("another").ICS())
		},
		Elsewhere: func(t *testing.T, uid string) {
			s.Do(t, alice, http.MethodPut, ref+"elsewhere.ics", single(uid).ICS())
		},
	}
	source := open(t, p, calendar.Account{URL: s.URL, User: alice.Name, Password: alice.Password})
	return calendartest.Account{Source: source, Ref: ref, Hand: hand}
}

// poison is an event whose end is before its start: servers keep it, and nobody knows when it is.
var poison = strings.Replace(single("poison").ICS(), "DTEND:2026", "DTEND:2025", 1)

func single(uid string) calendartest.Event {
	start := time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC)
	return calendartest.Event{UID: uid, Interval: calendar.Interval{Start: start, End: start.Add(time.Hour)}}
}

func TestRealServers(t *testing.T) {
	for _, r := range real {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			s := r.start(t)
			p := provider(t, s.URL)
			newAccount := func(t *testing.T) calendartest.Account { return accountOn(t, p, s, r.strange) }
			t.Run("source", func(t *testing.T) { calendartest.TestSource(t, newAccount) })
			t.Run("sink", func(t *testing.T) { calendartest.TestSink(t, newAccount) })
			t.Run("freebusy", func(t *testing.T) { calendartest.TestFreeBusy(t, newAccount) })
		})
	}
}

// TestSyncOnRealServers: both know sync-collection, and the token is what a reader goes on from.
func TestSyncOnRealServers(t *testing.T) {
	for _, r := range real {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			s := r.start(t)
			a := accountOn(t, provider(t, s.URL), s, r.strange)
			a.Hand.Put(t, single("one"))
			a.Hand.Put(t, single("two"))
			d, err := a.Source.Changes(t.Context(), a.Ref, "", nil)
			if err != nil || !strings.HasPrefix(string(d.Next), "token ") || len(d.Objects) != 2 {
				t.Fatalf("the first reading: %d objects, next %q, %v", len(d.Objects), d.Next, err)
			}
			a.Hand.Delete(t, "one")
			next, err := a.Source.Changes(t.Context(), a.Ref, d.Next, nil)
			if err != nil || next.Full || len(next.Objects) != 0 || len(next.Gone) != 1 || !strings.HasSuffix(next.Gone[0], "/one.ics") {
				t.Errorf("after a deletion: %+v, %v", next, err)
			}
			// A token that the server has never given is answered by 403 here and by 500 there.
			forgotten, err := a.Source.Changes(t.Context(), a.Ref, r.strange, nil)
			if err != nil || !forgotten.Full || len(forgotten.Objects) != 1 {
				t.Errorf("with a strange token: %+v, %v", forgotten, err)
			}
		})
	}
}

// TestDiscovery: from a bare host and port, from its well-known address, from a calendar; a wrong password is asked once.
func TestDiscoveryOnRealServers(t *testing.T) {
	for _, r := range real {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			s := r.start(t)
			p := provider(t, s.URL)
			ref := s.Calendar(t, alice)
			host := strings.TrimPrefix(s.URL, "http://")
			for _, given := range []string{host, s.URL, s.URL + "/.well-known/caldav", s.URL + "/alice", ref, "webcal://" + host} {
				source := open(t, p, calendar.Account{URL: given, User: alice.Name, Password: alice.Password})
				list, err := source.Calendars(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				found := false
				for _, info := range list {
					found = found || info.Ref == ref && info.Writable && !info.Transparent
				}
				if !found {
					t.Errorf("from %s: %+v does not have %s", given, list, ref)
				}
			}
		})
	}
}

// TestProbeSet puts fourteen events that tell programs apart onto real servers and reads the busy time back.
func TestProbeSetOnRealServers(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("..", "ics", "testdata", "probe", "*.ics"))
	if err != nil || len(paths) != 14 {
		t.Fatalf("%d probes, %v", len(paths), err)
	}
	for _, r := range real {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			s := r.start(t)
			a := accountOn(t, provider(t, s.URL), s, "")
			for _, path := range paths {
				data, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				s.Do(t, alice, http.MethodPut, a.Ref+filepath.Base(path), string(data))
			}
			window := calendar.Interval{
				Start: time.Date(2026, time.March, 16, 0, 0, 0, 0, time.UTC), End: time.Date(2026, time.April, 14, 0, 0, 0, 0, time.UTC),
			}
			busy, _, err := a.Source.(calendar.FreeBusy).Busy(t.Context(), a.Ref, window)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, b := range busy {
				s := b.Start.Format("01-02 15:04–") + b.End.Format("01-02 15:04")
				if b.Kind != calendar.BusyTime {
					s += " " + string(b.Kind)
				}
				got = append(got, s)
			}
			want := []string{
				"03-16 00:00–03-16 02:00", "03-16 08:00–03-16 09:00", "03-16 23:00–03-17 23:00", "03-18 11:00–03-18 12:00",
				"03-19 14:00–03-19 15:00 tentative", "03-20 13:00–03-20 14:00", "03-20 16:00–03-20 17:00", "03-20 19:00–03-20 20:00",
				"03-21 08:00–03-21 09:30", "03-25 08:00–03-25 09:30", "03-30 07:00–03-30 08:00", "03-31 15:00–03-31 16:00",
				"04-06 12:00–04-06 13:00", "04-13 07:00–04-13 08:00",
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
