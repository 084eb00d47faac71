package caldav_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"kreds/calendar"
	"kreds/calendar/ics"
)

const uid = "0123456789abcdefghijklmnopqrstuv"

// appointment is a session on a day of March 2026.
func appointment(day int) calendar.Appointment {
	start := time.Date(2026, time.March, day, 9, 0, 0, 0, time.UTC)
	return calendar.Appointment{
		UID: uid, Interval: calendar.Interval{Start: start, End: start.Add(time.Hour)}, Sequence: day, Status: calendar.Confirmed,
		Modified: start.AddDate(0, -1, 0), URL: "https://kreds.example.org/r/5f2b8c",
	}
}

func encoded(t *testing.T, a calendar.Appointment) string {
	t.Helper()
	data, err := ics.EncodeAppointment(a)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// sent returns the values of a header in the requests of a method since the last call of f.calls.
func (f *fake) sent(method, header string) (values []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, call := range f.seen {
		if strings.HasPrefix(call, method+" ") {
			values = append(values, f.headers[i].Get(header))
		}
	}
	return values
}

// TestWritesWithETagsOfAllForms: what may be sent as a precondition is, what may not is compared.
func TestWritesWithETagsOfAllForms(t *testing.T) {
	for name, c := range map[string]struct {
		form func(int) string
		sent bool
	}{
		"strong":      {func(v int) string { return strconv.Quote(strconv.Itoa(v)) }, true},
		"weak":        {func(v int) string { return fmt.Sprintf(`W/"%d"`, v) }, false},
		"unquoted":    {func(v int) string { return fmt.Sprint(v) }, false},
		"half quoted": {func(v int) string { return fmt.Sprintf(`"%d`, v) }, false},
		"missing":     {func(int) string { return "" }, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.etag = c.form
			sink := f.source().(calendar.Sink)
			first, err := sink.Put(t.Context(), f.ref(), appointment(10), "")
			if err != nil || first.ETag == "" {
				t.Fatalf("%+v, %v", first, err)
			}
			if got := f.sent("PUT", "If-None-Match"); len(got) != 1 || got[0] != "*" {
				t.Errorf("If-None-Match: %q", got)
			}
			f.calls()
			second, err := sink.Put(t.Context(), f.ref(), appointment(11), first.ETag)
			if err != nil || second.ETag == first.ETag {
				t.Fatalf("%+v, %v", second, err)
			}
			want := ""
			if c.sent {
				want = first.ETag
			}
			if got := f.sent("PUT", "If-Match"); len(got) != 1 || got[0] != want {
				t.Errorf("If-Match: %q, want %q", got, want)
			}
			if _, err := sink.Put(t.Context(), f.ref(), appointment(12), first.ETag); !errors.Is(err, calendar.ErrPrecondition) {
				t.Errorf("a stale version: %v", err)
			}
			if err := sink.Delete(t.Context(), f.ref(), uid, first.ETag); !errors.Is(err, calendar.ErrPrecondition) {
				t.Errorf("a stale deletion: %v", err)
			}
			if err := sink.Delete(t.Context(), f.ref(), uid, second.ETag); err != nil {
				t.Errorf("Delete: %v", err)
			}
			if _, ok, err := sink.Find(t.Context(), f.ref(), uid); ok || err != nil {
				t.Errorf("after the deletion: %v, %v", ok, err)
			}
		})
	}
}

// TestServerThatIgnoresPreconditions still overwrites nobody's event.
func TestServerThatIgnoresPreconditions(t *testing.T) {
	f := newFake(t)
	f.blind = true
	sink := f.source().(calendar.Sink)
	f.put(uid+".ics", event("somebody-elses"))
	if _, err := sink.Put(t.Context(), f.ref(), appointment(10), ""); !errors.Is(err, calendar.ErrPrecondition) {
		t.Errorf("Put: %v", err)
	}
	if err := sink.Delete(t.Context(), f.ref(), uid, ""); !errors.Is(err, calendar.ErrPrecondition) {
		t.Errorf("Delete: %v", err)
	}
	if n := count(f.calls(), "PUT") + count(f.calls(), "DELETE"); n != 0 {
		t.Errorf("%d changes were sent", n)
	}
}

// TestFailuresThatAreToldInsideOfASuccess: Xandikos says 207 and means 412.
func TestFailuresThatAreToldInsideOfASuccess(t *testing.T) {
	for inner, want := range map[string]error{
		`<D:status>HTTP/1.1 412 Precondition Failed</D:status><D:error><C:no-uid-conflict/></D:error>`:     calendar.ErrUIDConflict,
		`<D:status>HTTP/1.1 412 Precondition Failed</D:status><D:error><C:valid-calendar-data/></D:error>`: calendar.ErrInvalidData,
		`<D:status>HTTP/1.1 412 Precondition Failed</D:status>`:                                            calendar.ErrPrecondition,
		`<D:status>HTTP/1.1 507 Insufficient Storage</D:status>`:                                           calendar.ErrTooLarge,
	} {
		f := newFake(t)
		sink := f.source().(calendar.Sink)
		f.spoil = func(w http.ResponseWriter, r *http.Request, _ string) bool {
			if r.Method != http.MethodPut {
				return false
			}
			multistatus(w, `<D:response><D:href>`+r.URL.Path+`</D:href>`+inner+`</D:response>`)
			return true
		}
		if _, err := sink.Put(t.Context(), f.ref(), appointment(10), ""); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", inner, err, want)
		}
	}
}

// TestRefusalsOfAWrite: what a server says of a PUT, and what that means.
func TestRefusalsOfAWrite(t *testing.T) {
	xmlError := func(condition string) string {
		return `<?xml version="1.0"?><D:error xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><X:other xmlns:X="x"/>` + condition + `</D:error>`
	}
	for _, c := range []struct {
		status int
		body   string
		want   error
	}{
		{401, "", calendar.ErrAuth}, {403, "", calendar.ErrForbidden}, {404, "", calendar.ErrNotFound}, {409, "", calendar.ErrNotFound},
		{400, "", calendar.ErrInvalidData}, {415, "", calendar.ErrInvalidData}, {413, "", calendar.ErrTooLarge}, {507, "", calendar.ErrTooLarge},
		{405, "", calendar.ErrUnsupported}, {423, "", calendar.ErrTransient}, {500, "", calendar.ErrTransient}, {503, "", calendar.ErrTransient},
		{418, "", calendar.ErrProtocol},
		{409, xmlError("<C:no-uid-conflict><D:href>/ada/c/x.ics</D:href></C:no-uid-conflict>"), calendar.ErrUIDConflict},
		{403, xmlError("<C:unique-scheduling-object-resource/>"), calendar.ErrUIDConflict},
		{403, xmlError("<C:valid-calendar-data/>"), calendar.ErrInvalidData},
		{403, xmlError("<C:max-resource-size/>"), calendar.ErrTooLarge},
		{403, xmlError("<D:need-privileges/>"), calendar.ErrForbidden},
		{403, "<html><D:error>", calendar.ErrForbidden},
	} {
		f := newFake(t)
		sink := f.source().(calendar.Sink)
		f.spoil = func(w http.ResponseWriter, r *http.Request, _ string) bool {
			if r.Method != http.MethodPut {
				return false
			}
			w.Header().Set("Content-Type", "text/xml; charset=utf-8")
			w.WriteHeader(c.status)
			io.WriteString(w, c.body)
			return true
		}
		_, err := sink.Put(t.Context(), f.ref(), appointment(10), "")
		if !errors.Is(err, c.want) {
			t.Errorf("%d %s: %v, want %v", c.status, c.body, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), uid) {
			t.Errorf("the error names the event: %v", err)
		}
		if n := count(f.calls(), "PUT"); n != 1 {
			t.Errorf("%d: sent %d times", c.status, n)
		}
	}
}

// TestCompressionDoesNotWeakenETags: what is compared is asked for as it is stored.
func TestCompressionDoesNotWeakenETags(t *testing.T) {
	f := newFake(t)
	f.put(uid+".ics", encoded(t, appointment(10)))
	sink := f.source().(calendar.Sink)
	f.calls()
	if _, ok, err := sink.Find(t.Context(), f.ref(), uid); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if got := f.sent("GET", "Accept-Encoding"); len(got) != 1 || got[0] != "identity" {
		t.Errorf("Accept-Encoding: %q", got)
	}
}
