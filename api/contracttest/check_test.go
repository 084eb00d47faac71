package contracttest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const (
	problemType = "application/problem+json"
	feed        = `{"items":[{"id":"01a303c2-e000-7000-8000-0000000000f2","etag":"\"1-o\"","name":"Phone","state":"active","created_at":"2027-01-11T08:00:00Z","last_read_at":null}],"next_cursor":null}`
	session     = `{"id":"01a303c2-e000-7000-8000-0000000000e6","etag":"\"1-l\"","start":"2027-03-09T08:00:00Z","end":"2027-03-09T09:30:00Z","time_zone":"Europe/Copenhagen","mode":"virtual","place":null,"state":"on_hold","revision":0}`
	notHere     = `{"type":"x","title":"x","status":404,"detail":"x","instance":"x","code":"not-found","retryable":false}`
)

// TestRepliesThatLeaveTheContract: each deviation is noticed, and what is right is not.
func TestRepliesThatLeaveTheContract(t *testing.T) {
	document, err := closed()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		path, media, tag, body string
		status                 int
		ok                     bool
	}{
		"a list":                     {"/v1/feeds", "application/json", "", feed, 200, true},
		"a member too many":          {"/v1/feeds", "application/json", "", strings.Replace(feed, `"name"`, `"url":"x","name"`, 1), 200, false},
		"a member too few":           {"/v1/feeds", "application/json", "", strings.Replace(feed, `,"next_cursor":null`, "", 1), 200, false},
		"an instant with an offset":  {"/v1/feeds", "application/json", "", strings.Replace(feed, "08:00:00Z", "09:00:00+01:00", 1), 200, false},
		"an enum that grew unsaid":   {"/v1/feeds", "application/json", "", strings.Replace(feed, "active", "asleep", 1), 200, false},
		"another media type":         {"/v1/feeds", "text/plain", "", feed, 200, false},
		"another status":             {"/v1/feeds", "application/json", "", feed, 201, false},
		"an object":                  {"/v1/sessions/x", "application/json", `"1-l"`, session, 200, true},
		"an object without a tag":    {"/v1/sessions/x", "application/json", "", session, 200, false},
		"another tag than the etag":  {"/v1/sessions/x", "application/json", `"2-l"`, session, 200, false},
		"a tag of the whole body":    {"/v1/sessions/x", "application/json", `"1-l.8f14e45fceea167a"`, session, 200, true},
		"another with a digest":      {"/v1/sessions/x", "application/json", `"12-l.8f14e45fceea167a"`, session, 200, false},
		"null where none may be":     {"/v1/sessions/x", "application/json", `"1-l"`, strings.Replace(session, `"virtual"`, "null", 1), 200, false},
		"a refusal":                  {"/v1/sessions/x", problemType, "", notHere, 404, true},
		"a refusal in plain JSON":    {"/v1/sessions/x", "application/json", "", notHere, 404, false},
		"another status than said":   {"/v1/sessions/x", problemType, "", notHere, 400, false},
		"a code of nobody":           {"/v1/sessions/x", problemType, "", strings.Replace(notHere, "not-found", "lost", 1), 404, false},
		"a code of other operations": {"/v1/sessions/x", problemType, "", strings.NewReplacer("not-found", "email-taken", "404", "409").Replace(notHere), 409, false},
		"a refusal of no route":      {"/v1/dogs", problemType, "", notHere, 404, true},
		"a page elsewhere":           {"/docs", "text/html", "", "<html>", 200, true},
	} {
		w := httptest.NewRecorder()
		w.Header().Set("Content-Type", c.media)
		if c.tag != "" {
			w.Header().Set("ETag", c.tag)
		}
		w.WriteHeader(c.status)
		w.Body.WriteString(c.body)
		err := Reply(document, httptest.NewRequest(http.MethodGet, c.path, nil), w)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestATagStandsForOneBody: what a reader was given under a tag, they are given again.
func TestATagStandsForOneBody(t *testing.T) {
	var read bodies
	for i, c := range []struct {
		path, tag, body string
		status          int
		ok              bool
	}{
		{"/v1/sessions/x", `"1-l"`, "a", 200, true}, {"/v1/sessions/x", `"1-l"`, "a", 200, true}, {"/v1/sessions/x", `"2-l"`, "b", 200, true},
		{"/v1/sessions/y", `"1-l"`, "b", 200, true}, {"/v1/sessions/x", "", "c", 200, true}, {"/v1/sessions/x", `"1-l"`, "", 304, true},
		{"/v1/sessions/x", `"1-l"`, "b", 200, false},
	} {
		w := httptest.NewRecorder()
		w.Header().Set("ETag", c.tag)
		w.WriteHeader(c.status)
		w.Body.WriteString(c.body)
		if err := read.tell(httptest.NewRequest(http.MethodGet, c.path, nil), w); (err == nil) != c.ok {
			t.Errorf("reply %d: %v", i, err)
		}
	}
}
