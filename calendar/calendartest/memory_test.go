package calendartest_test

import (
	"testing"
	"time"

	"kreds/calendar"
	"kreds/calendar/calendartest"
)

func newAccount(*testing.T) calendartest.Account {
	m := calendartest.NewMemory(time.UTC, "home", "work")
	return calendartest.Account{Source: m, Ref: "home", Hand: calendartest.Hand{
		Put:    func(_ *testing.T, e calendartest.Event) { m.Write("home", e.UID+".ics", e.ICS()) },
		Get:    func(_ *testing.T, uid string) string { return m.Read("home", uid+".ics") },
		Delete: func(_ *testing.T, uid string) { m.Write("home", uid+".ics", "") },
		Poison: func(*testing.T) {
			m.Write("home", "poison.ics", "BEGIN:VCALENDAR\r\nDTSTART;TZID=foo\r\n"+calendartest.Secret)
		},
		Forget: func(_ *testing.T, c calendar.Cursor) calendar.Cursor { m.Forget("home"); return c },
		Drop:   func(*testing.T) { m.Drop("home") },
		Occupy: func(_ *testing.T, uid string) {
			m.Write("home", uid+".ics", calendartest.Event{UID: "another", Interval: calendar.Interval{
				Start: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC), End: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
			}}.ICS())
		},
	}}
}

func TestMemory(t *testing.T) {
	t.Run("source", func(t *testing.T) { calendartest.TestSource(t, newAccount) })
	t.Run("sink", func(t *testing.T) { calendartest.TestSink(t, newAccount) })
	t.Run("freebusy", func(t *testing.T) { calendartest.TestFreeBusy(t, newAccount) })
}
