package calendars_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"kreds/calendar"
	"kreds/calendar/caldav"
	"kreds/calendar/calendartest"
	"kreds/calendar/davserver"
	"kreds/internal/outbound"
	"kreds/internal/seal"
	"kreds/internal/testkit/caldavserver"
	"kreds/service/calendars"
	"kreds/store"
	"kreds/supervision"
)

// server is a real CalDAV server with one calendar of Alice's, and the hand of another program of hers.
type server struct {
	url    string
	put    func(t *testing.T, name, ics string)
	get    func(t *testing.T, name string) (ics string, there bool)
	delete func(t *testing.T, name string)
}

var alice = caldavserver.Alice

// embedded is the server that the house brings along; it knows no sync-collection.
func embedded(t *testing.T) server {
	memory := &davserver.Memory{}
	if err := memory.Create(t.Context(), alice.Name, davserver.Calendar{Name: "home", Title: "Home"}); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(davserver.New(davserver.Options{Store: memory, Authenticate: func(_ context.Context, name, password string) (string, bool) {
		return name, password == alice.Password
	}}))
	t.Cleanup(s.Close)
	return server{
		url: s.URL,
		put: func(t *testing.T, name, ics string) {
			o := davserver.Object{Name: name, UID: strings.TrimSuffix(name, ".ics"), Data: []byte(ics)}
			if _, err := memory.Put(t.Context(), alice.Name, "home", o, davserver.Condition{}); err != nil {
				t.Fatal(err)
			}
		},
		get: func(t *testing.T, name string) (string, bool) {
			o, err := memory.Object(t.Context(), alice.Name, "home", name)
			return string(o.Data), err == nil
		},
		delete: func(t *testing.T, name string) {
			if err := memory.Delete(t.Context(), alice.Name, "home", name, davserver.Condition{}); err != nil {
				t.Fatal(err)
			}
		},
	}
}

func radicale(t *testing.T) server {
	s := caldavserver.Radicale(t)
	home := s.Calendar(t, alice)
	return server{
		url: s.URL,
		put: func(t *testing.T, name, ics string) { s.Do(t, alice, http.MethodPut, home+name, ics) },
		get: func(t *testing.T, name string) (string, bool) {
			status, ics := s.Try(t, alice, http.MethodGet, home+name, "")
			return ics, status == http.StatusOK
		},
		delete: func(t *testing.T, name string) { s.Do(t, alice, http.MethodDelete, home+name, "") },
	}
}

// allowed makes clients that may call one server on the loopback.
func allowed(t *testing.T, raw string) *outbound.Maker {
	t.Helper()
	var policy outbound.Policy
	if raw != "" {
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		port, err := strconv.ParseUint(u.Port(), 10, 16)
		if err != nil {
			t.Fatal(err)
		}
		policy.Allow = []outbound.Allow{{Plain: true, Host: u.Hostname(), Port: uint16(port), Net: netip.MustParsePrefix("127.0.0.1/32")}}
	}
	m := outbound.New(policy)
	t.Cleanup(m.Close)
	return m
}

func checking(m *outbound.Maker) func(string) error {
	return func(raw string) error { _, err := m.CheckURL(raw); return err }
}

// TestTheMainPathOverCalDAV: connect, read, write, move by hand, move by us, cancel.
func TestTheMainPathOverCalDAV(t *testing.T) {
	for name, start := range map[string]func(*testing.T) server{"embedded": embedded, "radicale": radicale} {
		t.Run(name, func(t *testing.T) {
			b, s := setup(t), start(t)
			m := allowed(t, s.url)
			b.Providers["caldav"], b.CheckURL = caldav.New(m), checking(m)
			ida, ole := b.person("ida"), b.person("ole")
			foreign := calendartest.Event{UID: "dentist", Interval: calendar.Interval{Start: monday.Add(time.Hour), End: monday.Add(2 * time.Hour)}}
			s.put(t, "dentist.ics", foreign.ICS())

			out, err := b.CreateConnection(t.Context(), b.as(ida), calendars.NewConnection{Kind: "caldav", URL: s.url, User: alice.Name, Password: seal.NewSecret(alice.Password)})
			if err != nil {
				t.Fatal(err)
			}
			b.work()
			c := b.connection(out.Value.Object.ID)
			if target, ok := c.Target(); c.State != supervision.ConnectionActive || !ok || len(c.Calendars) != 1 {
				t.Fatalf("%s, %s: %+v, written to %+v", c.State, c.FaultCode, c.Calendars, target)
			}
			if got := b.states(ida, monday, 3); got != "free busy free" {
				t.Errorf("the morning is %s", got)
			}
			foreign.UID, foreign.Interval = "lunch", calendar.Interval{Start: monday.Add(2 * time.Hour), End: monday.Add(3 * time.Hour)}
			s.put(t, "lunch.ics", foreign.ICS())
			s.delete(t, "dentist.ics")
			b.sync(c)
			if got := b.states(ida, monday, 3); got != "free free busy" {
				t.Errorf("after a change outside the morning is %s", got)
			}

			x := b.session(monday.AddDate(0, 0, 20), ida, ole)
			b.work()
			d := b.delivery(x, ida)
			ics, there := s.get(t, d.UID+".ics")
			if !there || !strings.Contains(ics, "STATUS:TENTATIVE") || d.State != supervision.DeliveryDone {
				t.Fatalf("%s (%s): there is %q", d.State, d.Fault, ics)
			}
			b.sync(c)
			if got := b.states(ida, x.Start, 1); got != "free" {
				t.Errorf("our own event makes its time %s", got)
			}
			b.change(&x, func(x *supervision.Session) {
				x.State, x.Start, x.End, x.Revision = supervision.Confirmed, x.Start.Add(time.Hour), x.End.Add(time.Hour), 1
			})
			b.work()
			if ics, _ = s.get(t, d.UID+".ics"); !strings.Contains(ics, "STATUS:CONFIRMED") || !strings.Contains(ics, "SEQUENCE:1") {
				t.Errorf("after a move there is %q", ics)
			}

			foreign.UID, foreign.Interval = d.UID, calendar.Interval{Start: x.Start.Add(5 * time.Hour), End: x.End.Add(5 * time.Hour)}
			s.put(t, d.UID+".ics", foreign.ICS())
			b.change(&x, func(x *supervision.Session) {
				x.Start, x.End, x.Revision = x.Start.Add(time.Hour), x.End.Add(time.Hour), 2
			})
			b.work()
			after, _ := s.get(t, d.UID+".ics")
			if d = b.delivery(x, ida); d.State != supervision.DeliveryDiverged || !strings.Contains(after, calendartest.Secret) {
				t.Errorf("moved by hand: %s (%s), there is %q", d.State, d.Fault, after)
			}

			y := b.session(monday.AddDate(0, 0, 30), ida, ole)
			b.work()
			b.change(&y, func(y *supervision.Session) { y.State = supervision.Cancelled })
			b.work()
			if _, there := s.get(t, b.delivery(y, ida).UID+".ics"); there {
				t.Error("a cancelled session still stands there")
			}
		})
	}
}

func TestAWrongPasswordOverCalDAV(t *testing.T) {
	b, s := setup(t), embedded(t)
	m := allowed(t, s.url)
	b.Providers["caldav"], b.CheckURL = caldav.New(m), checking(m)
	out, err := b.CreateConnection(t.Context(), b.as(b.person("ida")), calendars.NewConnection{Kind: "caldav", URL: s.url, User: "alice", Password: seal.NewSecret("hunter2")})
	if err != nil {
		t.Fatal(err)
	}
	b.work()
	if c := b.connection(out.Value.Object.ID); c.State != supervision.ConnectionRevoked {
		t.Errorf("the connection is %s, %s", c.State, c.FaultCode)
	}
	if err := b.Store.Close(); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.log.String(), "hunter2") || occurrences(t, b.file, "hunter2") > 0 {
		t.Error("the password is in the log or in the database")
	}
}

// TestAddressesAreJudgedBeforeTheyAreKept: by the outbound client's own judgement, in codes of the catalogue.
func TestAddressesAreJudgedBeforeTheyAreKept(t *testing.T) {
	b := setup(t)
	b.CheckURL = checking(allowed(t, ""))
	ida := b.person("ida")
	for raw, code := range map[string]string{
		"http://dav.a.example/":       "url-scheme",
		"ftp://dav.a.example/":        "url-scheme",
		"https://u:p@dav.a.example/":  "url-scheme",
		"https://dav.a.example:25/":   "port-not-allowed",
		"https://127.0.0.1/":          "outbound-address-refused",
		"https://169.254.169.254/":    "outbound-address-refused",
		"https://[::1]/":              "outbound-address-refused",
		"https://localhost/":          "outbound-address-refused",
		"https://0x7f000001/":         "outbound-address-refused",
		"https://calendar.internal/x": "outbound-address-refused",
	} {
		_, err := b.CreateConnection(t.Context(), b.as(ida), calendars.NewConnection{Kind: "caldav", URL: raw, User: "ida", Password: seal.NewSecret("pw")})
		if supervision.CodeOf(err) != code || supervision.KindOf(err) != supervision.Invalid {
			t.Errorf("%s: %v", raw, err)
		}
	}
	b.view(func(tx *store.Tx) error {
		all, err := tx.ConnectionsOf([]supervision.PersonID{ida.ID})
		if len(all) != 0 {
			t.Errorf("%d were kept", len(all))
		}
		return err
	})
}
