package caldav_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"testing"

	"kreds/calendar"
	"kreds/calendar/calendartest"
	"kreds/calendar/davserver"
)

// embedded starts the server that Kreds brings along, which knows no sync-collection.
func embedded(t *testing.T, store davserver.Store) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(davserver.New(davserver.Options{
		Store: store,
		Authenticate: func(_ context.Context, name, password string) (string, bool) {
			return name, password == "pw-of-"+name
		},
	}))
	t.Cleanup(s.Close)
	return s
}

func TestEmbeddedServer(t *testing.T) {
	n := 0
	newAccount := func(t *testing.T) calendartest.Account {
		n++
		user := fmt.Sprintf("user%d", n)
		store := &davserver.Memory{}
		s := embedded(t, store)
		for _, name := range []string{"home", "work"} {
			if err := store.Create(t.Context(), user, davserver.Calendar{Name: name, Title: name}); err != nil {
				t.Fatal(err)
			}
		}
		load := func(t *testing.T, name string, e calendartest.Event) {
			t.Helper()
			o := davserver.Object{Name: name, UID: e.UID, Data: []byte(e.ICS())}
			if _, err := store.Put(t.Context(), user, "home", o, davserver.Condition{}); err != nil {
				t.Fatal(err)
			}
		}
		source := open(t, provider(t, s.URL), calendar.Account{URL: s.URL, User: user, Password: "pw-of-" + user})
		return calendartest.Account{
			Source: source, Ref: s.URL + "/" + user + "/calendars/home/",
			Hand: calendartest.Hand{
				Put: func(t *testing.T, e calendartest.Event) { load(t, e.UID+".ics", e) },
				Get: func(t *testing.T, uid string) string {
					o, err := store.Object(t.Context(), user, "home", uid+".ics")
					if err != nil {
						t.Fatal(err)
					}
					return string(o.Data)
				},
				Delete: func(t *testing.T, uid string) {
					if err := store.Delete(t.Context(), user, "home", uid+".ics", davserver.Condition{}); err != nil {
						t.Fatal(err)
					}
				},
				Poison: func(t *testing.T) {
					o := davserver.Object{Name: "poison.ics", UID: "poison", Data: []byte(poison)}
					if _, err := store.Put(t.Context(), user, "home", o, davserver.Condition{}); err != nil {
						t.Fatal(err)
					}
				},
				Drop:      func(*testing.T) { store.Drop(user, "home") },
				Occupy:    func(t *testing.T, uid string) { load(t, uid+".ics", single("another")) },
				Elsewhere: func(t *testing.T, uid string) { load(t, "elsewhere.ics", single(uid)) },
			},
		}
	}
	t.Run("source", func(t *testing.T) { calendartest.TestSource(t, newAccount) })
	t.Run("sink", func(t *testing.T) { calendartest.TestSink(t, newAccount) })
	t.Run("freebusy", func(t *testing.T) { calendartest.TestFreeBusy(t, newAccount) })
}
