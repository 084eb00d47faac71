package api_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"kreds/api"
	"kreds/api/contract"
	"kreds/supervision"
)

type ctxt = context.Context

func TestTags(t *testing.T) {
	if got := (supervision.Tag{Version: 3, View: supervision.ViewManager}).String(); got != `"3-m"` {
		t.Error(got)
	}
}

// TestReadersCopy: a reader who has the present body gets 304 and no bytes; the handler need not know.
func TestReadersCopy(t *testing.T) {
	y := newToy(t)
	tag := y.do(call{path: ida}).Header().Get("ETag")
	if !regexp.MustCompile(`^"1-m\.[0-9a-f]{16}"$`).MatchString(tag) {
		t.Fatalf("the tag is %s", tag)
	}
	for header, want := range map[string]int{tag: 304, "W/" + tag: 304, `"0-m", ` + tag: 304, `*`: 304, `"1-m"`: 200, `"2-m"`: 200, `1-m`: 200, ``: 200} {
		w := y.do(call{path: ida, header: http.Header{"If-None-Match": {header}}})
		if w.Code != want || (w.Code == 304) != (w.Body.Len() == 0) {
			t.Errorf("If-None-Match %s: %d with %d bytes", header, w.Code, w.Body.Len())
		}
		if w.Header().Get("ETag") != tag {
			t.Errorf("If-None-Match %s: the tag is %q", header, w.Header().Get("ETag"))
		}
	}
	if w := y.do(call{path: "/feeds/secret/calendar.ics", token: "-", header: http.Header{"If-None-Match": {"*"}}}); w.Code != 304 {
		t.Errorf("a feed: %d", w.Code)
	}
	if w := y.do(call{method: "HEAD", path: "/feeds/secret/calendar.ics", token: "-"}); w.Code != 200 || w.Body.Len() != 0 {
		t.Errorf("HEAD of a feed: %d with %d bytes", w.Code, w.Body.Len())
	}
}

// position is what a list's handler remembers of the last row.
type position struct {
	Name string
	ID   supervision.PersonID
}

// TestCursors (51): a cursor opens where it was made and nowhere else.
func TestCursors(t *testing.T) {
	y := newToy(t)
	cursors := api.NewCursors([]byte("a key of this installation, 32 B"))
	last := position{"Ida Holm", supervision.PersonID{7}}
	var made string
	var opened *position
	list := func(ctx context.Context, _ any) (any, error) {
		opened = nil
		var p position
		ok, err := cursors.Open(ctx, &p)
		if err != nil {
			return nil, err
		}
		if ok {
			opened = &p
		}
		if made, err = cursors.Seal(ctx, last); err != nil {
			return nil, err
		}
		return contract.ListPeople200JSONResponse{Items: []contract.Person{}, NextCursor: api.Null(&made)}, nil
	}
	y.answer["listPeople"] = list
	y.answer["listOrganisations"] = func(ctx context.Context, r any) (any, error) {
		_, err := list(ctx, r)
		return contract.ListOrganisations200JSONResponse{Items: []contract.Organisation{}, NextCursor: api.Null[string](nil)}, err
	}
	y.do(call{path: "/v1/people?role=mentor"})
	cursor := made
	if w := y.do(call{path: "/v1/people?role=mentor&page_size=10&cursor=" + cursor}); w.Code != 200 || opened == nil || *opened != last {
		t.Fatalf("its own list: %d %v", w.Code, opened)
	}
	if w := y.do(call{path: "/v1/people?role=mentor&order=name&cursor=" + cursor}); w.Code != 200 {
		t.Errorf("the default said aloud is the same list: %d", w.Code)
	}
	for name, c := range map[string]call{
		"other filter":    {path: "/v1/people?role=supervisor&cursor=" + cursor},
		"no filter":       {path: "/v1/people?cursor=" + cursor},
		"other order":     {path: "/v1/people?role=mentor&order=-name&cursor=" + cursor},
		"other caller":    {path: "/v1/people?role=mentor&cursor=" + cursor, token: selfOnly},
		"other operation": {path: "/v1/organisations?cursor=" + cursor},
		"garbage":         {path: "/v1/people?role=mentor&cursor=abc"},
		"no base64":       {path: "/v1/people?role=mentor&cursor=%25"},
	} {
		if w := y.do(c); w.Code != 422 || problem(t, w).Code != "invalid-cursor" {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	for i := range cursor {
		changed := []byte(cursor)
		if changed[i] = 'A'; cursor[i] == 'A' {
			changed[i] = 'B'
		}
		if w := y.do(call{path: "/v1/people?role=mentor&cursor=" + string(changed)}); w.Code != 422 {
			t.Fatalf("character %d changed: %d", i, w.Code)
		}
	}
	cursors = api.NewCursors([]byte("another key"))
	if w := y.do(call{path: "/v1/people?role=mentor&cursor=" + cursor}); w.Code != 422 {
		t.Errorf("another key: %d", w.Code)
	}
}

func TestCursorsOfPartsKnowTheirParent(t *testing.T) {
	y := newToy(t)
	cursors := api.NewCursors([]byte("key"))
	var made string
	y.answer["listPlanSessions"] = func(ctx context.Context, _ any) (any, error) {
		var p position
		if _, err := cursors.Open(ctx, &p); err != nil {
			return nil, err
		}
		var err error
		made, err = cursors.Seal(ctx, position{})
		return contract.ListPlanSessions200JSONResponse{Items: []contract.PlanSession{}, NextCursor: api.Null(&made)}, err
	}
	y.do(call{path: plan + "/sessions"})
	if w := y.do(call{path: strings.Replace(plan, "e2", "e9", 1) + "/sessions?cursor=" + made}); w.Code != 422 {
		t.Errorf("the cursor of another plan: %d", w.Code)
	}
}

// TestAccept: the form of the reply is the one that the reader likes best.
func TestAccept(t *testing.T) {
	y := newToy(t)
	for header, want := range map[string]string{
		"": "application/json", "*/*": "application/json", "application/*": "application/json", "text/html": "text/html",
		"text/html;q=0.5, application/json;q=0.4": "text/html", "text/html;q=0, */*": "application/json", "application/json;q=0.1, text/*": "text/html",
		"nonsense, text/html": "text/html",
	} {
		w := y.do(call{path: "/problems/slot-taken", token: "-", header: http.Header{"Accept": {header}}})
		if got := w.Header().Get("Content-Type"); w.Code != 200 || got != want {
			t.Errorf("Accept %q: %d %s, want %s", header, w.Code, got, want)
		}
	}
	for _, header := range []string{"application/problem+json", "image/png", "application/json;q=0"} {
		if w := y.do(call{path: "/v1/people", header: http.Header{"Accept": {header}}}); w.Code != 406 {
			t.Errorf("Accept %q: %d", header, w.Code)
		}
	}
}

// TestSecretsDoNotShow: a secret that slips into a log line or an error shows nothing.
func TestSecretsDoNotShow(t *testing.T) {
	c := api.Credential{Scheme: api.PersonalToken, Secret: "hunter2"}
	for _, text := range []string{fmt.Sprint(c), fmt.Sprintf("%v %+v %#v %s %q", c, c, c, c.Secret, c.Secret)} {
		if strings.Contains(text, "hunter2") {
			t.Error(text)
		}
	}
}
