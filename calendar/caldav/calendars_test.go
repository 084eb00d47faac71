package caldav_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kreds/calendar"
)

// TestCalendarsAreDescribed: which collections are calendars for events, and what is known of them.
func TestCalendarsAreDescribed(t *testing.T) {
	f := newFake(t)
	f.spoil = func(w http.ResponseWriter, r *http.Request, _ string) bool {
		switch {
		case r.URL.Path == "/ada/" && r.Header.Get("Depth") == "0":
			multistatus(w, response("/ada/", `<C:calendar-home-set><D:href>/ada/</D:href><D:href>/shared/</D:href><D:href>/ada</D:href></C:calendar-home-set>`))
		case r.URL.Path == "/ada/":
			multistatus(w,
				response("/ada/", `<D:resourcetype><D:collection/></D:resourcetype>`),
				response("/ada/z", calendarType+`<D:displayname> Work &amp; more </D:displayname><C:calendar-timezone-id>Europe/Berlin</C:calendar-timezone-id>`+
					`<D:current-user-privilege-set><D:privilege><D:read/></D:privilege></D:current-user-privilege-set>`),
				response("/ada/b/", calendarType+`<C:supported-calendar-component-set><C:comp name="VTODO"/><C:comp name="vevent"/></C:supported-calendar-component-set>`+
					`<C:schedule-calendar-transp><C:transparent/></C:schedule-calendar-transp>`+
					`<C:calendar-timezone>BEGIN:VCALENDAR&#13;
BEGIN:VTIMEZONE&#13;
TZID:America/New_York&#13;
BEGIN:STANDARD&#13;
DTSTART:20001101T020000&#13;
TZOFFSETFROM:-0400&#13;
TZOFFSETTO:-0500&#13;
END:STANDARD&#13;
END:VTIMEZONE&#13;
END:VCALENDAR&#13;
</C:calendar-timezone>`+
					`<D:current-user-privilege-set><D:privilege><D:read/></D:privilege><D:privilege><D:write-content/></D:privilege></D:current-user-privilege-set>`),
				response("/ada/tasks/", calendarType+`<C:supported-calendar-component-set><C:comp name="VTODO"/></C:supported-calendar-component-set>`),
				response("/ada/bin/", `<D:resourcetype><D:collection/><C:calendar/><N:deleted-calendar xmlns:N="http://nextcloud.com/ns"/></D:resourcetype>`),
				response("/ada/inbox/", `<D:resourcetype><D:collection/><C:schedule-inbox/></D:resourcetype>`),
				`<D:response><D:href>/ada/secret/</D:href><D:status>HTTP/1.1 403 Forbidden</D:status></D:response>`,
				response("/shared/team/", calendarType))
		case r.URL.Path == "/shared/":
			multistatus(w, response("/shared/%74eam", calendarType))
		default:
			return false
		}
		return true
	}
	list, err := f.source().Calendars(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []calendar.Info{
		{Ref: f.URL + "/ada/b/", TimeZone: "America/New_York", Writable: true, Transparent: true},
		{Ref: f.URL + "/ada/z/", Name: "Work & more", TimeZone: "Europe/Berlin"},
		{Ref: f.URL + "/shared/team/", Writable: true},
	}
	if d := cmp.Diff(want, list); d != "" {
		t.Error(d)
	}
	if n := count(f.calls(), "PROPFIND /ada/"); n != 2 {
		t.Errorf("a home set that is named twice was asked %d times in all, want 2", n)
	}
}
