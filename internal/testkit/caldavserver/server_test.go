package caldavserver_test

import (
	"net/http"
	"strings"
	"testing"

	"kreds/internal/testkit/caldavserver"
)

const event = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:one\r\nDTSTAMP:20260301T000000Z\r\n" +
	"DTSTART:20260316T080000Z\r\nDTEND:20260316T090000Z\r\nSUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

func TestServersKeepEventsAndAskForPasswords(t *testing.T) {
	for name, start := range map[string]func(testing.TB) *caldavserver.Server{
		"radicale": caldavserver.Radicale, "xandikos": caldavserver.Xandikos,
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			at := s.Calendar(t, caldavserver.Alice) + "one.ics"
			s.Do(t, caldavserver.Alice, http.MethodPut, at, event)
			if got := s.Do(t, caldavserver.Alice, http.MethodGet, at, ""); !strings.Contains(got, "UID:one") {
				t.Errorf("what was put comes back as %q", got)
			}
			eve := caldavserver.User{Name: "alice", Password: "wrong"}
			if status, _ := s.Try(t, eve, http.MethodGet, at, ""); status != http.StatusUnauthorized {
				t.Errorf("a wrong password: %d, want 401", status)
			}
		})
	}
}
