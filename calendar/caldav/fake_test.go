package caldav_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"kreds/calendar"
)

// fake is a CalDAV server whose manners a test can spoil. Its calendar is /ada/c/.
type fake struct {
	*httptest.Server
	t *testing.T

	mu      sync.Mutex
	objects map[string]object // by the last segment of the path, unescaped
	version int
	seen    []string // "METHOD path" of each request
	headers []http.Header
	// spoil gets each request first; true: it has answered. The fake's lock is held.
	spoil func(w http.ResponseWriter, r *http.Request, body string) bool
	// etag is the form in which ETags are told; "" tells none.
	etag func(version int) string
	// echo is the form in which the path of an object is told.
	echo func(name string) string
	// noSync: the server knows no sync-collection; noTag: nor getctag.
	noSync, noTag bool
	// blind: preconditions are ignored.
	blind bool
}

type object struct {
	data    string
	version int
	gone    bool
}

func newFake(t *testing.T) *fake {
	f := &fake{
		t: t, objects: map[string]object{},
		etag: func(v int) string { return strconv.Quote("v" + strconv.Itoa(v)) },
		echo: func(name string) string { return "/ada/c/" + name },
	}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

// source opens Ada's account.
func (f *fake) source() calendar.Source {
	f.t.Helper()
	return open(f.t, provider(f.t, f.URL), calendar.Account{URL: f.URL, User: "ada", Password: "pw"})
}

func (f *fake) ref() string { return f.URL + "/ada/c/" }

// put stores an object behind the client's back.
func (f *fake) put(name, data string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.store(name, data)
}

func (f *fake) store(name, data string) {
	f.version++
	f.objects[name] = object{data: data, version: f.version}
}

func (f *fake) remove(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.version++
	f.objects[name] = object{version: f.version, gone: true}
}

// calls returns the requests that were made since the last call, and forgets them.
func (f *fake) calls() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	seen := f.seen
	f.seen, f.headers = nil, nil
	return seen
}

// count says how many of the requests begin like that.
func count(calls []string, prefix string) (n int) {
	for _, c := range calls {
		if strings.HasPrefix(c, prefix) {
			n++
		}
	}
	return n
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client gave up
	}
	body := string(data)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = append(f.seen, r.Method+" "+r.URL.EscapedPath())
	f.headers = append(f.headers, r.Header.Clone())
	if f.spoil != nil && f.spoil(w, r, body) {
		return
	}
	if user, password, _ := r.BasicAuth(); user != "ada" || password != "pw" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	name, inside := strings.CutPrefix(r.URL.Path, "/ada/c/")
	switch {
	case r.Method == "PROPFIND" && r.URL.Path == "/":
		multistatus(w, response("/", `<D:current-user-principal><D:href>/ada/</D:href></D:current-user-principal>`))
	case r.Method == "PROPFIND" && r.URL.Path == "/ada/" && r.Header.Get("Depth") == "0":
		multistatus(w, response("/ada/", `<C:calendar-home-set><D:href>/ada/</D:href></C:calendar-home-set>`))
	case r.Method == "PROPFIND" && r.URL.Path == "/ada/":
		multistatus(w, response("/ada/", `<D:resourcetype><D:collection/></D:resourcetype>`), response("/ada/c/", calendarType))
	case r.Method == "PROPFIND" && inside && name == "" && r.Header.Get("Depth") == "0":
		multistatus(w, response("/ada/c/", calendarType+f.state()))
	case r.Method == "PROPFIND" && inside && name == "":
		multistatus(w, append([]string{response("/ada/c/", calendarType)}, f.list(-1)...)...)
	case r.Method == "REPORT" && strings.Contains(body, "sync-collection") && !f.noSync:
		f.sync(w, body)
	case r.Method == "REPORT" && strings.Contains(body, "calendar-multiget"):
		f.multiget(w, body)
	case inside && name != "":
		f.resource(w, r, name, body)
	default:
		http.NotFound(w, r)
	}
}

const calendarType = `<D:resourcetype><D:collection/><C:calendar/></D:resourcetype>`

func (f *fake) state() string {
	s := ""
	if !f.noSync {
		s += fmt.Sprintf("<D:sync-token>urn:v:%d</D:sync-token>", f.version)
	}
	if !f.noTag {
		s += fmt.Sprintf("<S:getctag>ctag%d</S:getctag>", f.version)
	}
	return s
}

// list lists the members that changed after a version; -1 lists what is there.
func (f *fake) list(after int) (list []string) {
	for _, name := range slices.Sorted(maps.Keys(f.objects)) {
		o := f.objects[name]
		switch {
		case o.gone && after >= 0 && o.version > after:
			list = append(list, `<D:response><D:href>`+f.echo(name)+`</D:href><D:status>HTTP/1.1 404 Not Found</D:status></D:response>`)
		case !o.gone && o.version > after:
			list = append(list, response(f.echo(name), f.tagElement(o)+`<D:resourcetype/>`))
		}
	}
	return list
}

func (f *fake) tagElement(o object) string {
	if tag := f.etag(o.version); tag != "" {
		return "<D:getetag>" + escape(tag) + "</D:getetag>"
	}
	return ""
}

func (f *fake) sync(w http.ResponseWriter, body string) {
	_, rest, _ := strings.Cut(body, "<D:sync-token>")
	token, _, _ := strings.Cut(rest, "</D:sync-token>")
	after := -1
	if token != "" {
		if n, err := fmt.Sscanf(token, "urn:v:%d", &after); n != 1 || err != nil {
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(http.StatusForbidden)
			io.WriteString(w, `<?xml version="1.0"?><D:error xmlns:D="DAV:"><D:valid-sync-token/></D:error>`)
			return
		}
	}
	multistatus(w, append(f.list(after), fmt.Sprintf("<D:sync-token>urn:v:%d</D:sync-token>", f.version))...)
}

func (f *fake) multiget(w http.ResponseWriter, body string) {
	// RFC 4791 §9.10: the properties come first, and strict servers insist.
	if strings.Index(body, "<D:prop>") > strings.Index(body, "<D:href>") {
		f.t.Error("multiget names hrefs before properties")
	}
	var list []string
	for _, part := range strings.Split(body, "<D:href>")[1:] {
		href, _, _ := strings.Cut(part, "</D:href>")
		name := f.named(href)
		if o, ok := f.objects[name]; ok && !o.gone {
			list = append(list, response(f.echo(name), f.tagElement(o)+"<C:calendar-data>"+escape(o.data)+"</C:calendar-data>"))
		} else {
			list = append(list, `<D:response><D:href>`+href+`</D:href><D:status>HTTP/1.1 404 Not Found</D:status></D:response>`)
		}
	}
	multistatus(w, list...)
}

// named finds the object of an href in whatever form.
func (f *fake) named(href string) string {
	req, err := http.NewRequest(http.MethodGet, "http://x"+href, nil)
	if err != nil {
		f.t.Errorf("href %q: %v", href, err)
		return ""
	}
	return strings.TrimPrefix(req.URL.Path, "/ada/c/")
}

func (f *fake) resource(w http.ResponseWriter, r *http.Request, name, body string) {
	o := f.objects[name]
	stands := o.data != "" && !o.gone
	tag := f.etag(o.version)
	match := r.Header.Get("If-Match")
	if !f.blind && (stands && r.Header.Get("If-None-Match") == "*" || match != "" && (!stands || match != tag)) {
		w.WriteHeader(http.StatusPreconditionFailed)
		return
	}
	switch {
	case r.Method == http.MethodPut:
		if len(r.TransferEncoding) > 0 || r.ContentLength != int64(len(body)) || r.Header.Get("Content-Type") != "text/calendar; charset=utf-8" {
			f.t.Errorf("PUT with %v, length %d, type %q", r.TransferEncoding, r.ContentLength, r.Header.Get("Content-Type"))
		}
		f.store(name, body)
		w.WriteHeader(http.StatusCreated)
	case !stands:
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodDelete:
		f.version++
		f.objects[name] = object{version: f.version, gone: true}
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodGet:
		w.Header().Set("Content-Type", "text/calendar")
		if tag != "" {
			w.Header().Set("ETag", tag)
		}
		io.WriteString(w, o.data)
	}
}

// multistatus answers with 207 and the given parts.
func multistatus(w http.ResponseWriter, parts ...string) {
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.WriteHeader(http.StatusMultiStatus)
	io.WriteString(w, xml.Header+`<D:multistatus xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:S="http://calendarserver.org/ns/">`)
	for _, p := range parts {
		io.WriteString(w, p)
	}
	io.WriteString(w, `</D:multistatus>`)
}

// response is one member with properties that are there.
func response(href, props string) string {
	return `<D:response><D:href>` + escape(href) + `</D:href><D:propstat><D:prop>` + props +
		`</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>`
}

func escape(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic(err)
	}
	return b.String()
}
