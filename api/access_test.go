package api_test

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kreds"
	"kreds/api"
)

// TestWhoMayDoWhat asks each request of the tables as each actor. What is done is done in a copy of the world of its own; what
// is refused changes nothing, and what is hidden is refused as what never was.
func TestWhoMayDoWhat(t *testing.T) {
	document, err := api.LoadDocument(kreds.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	rows := slices.Concat(accessToPeople, accessToCycles, accessToCalendars)
	told := map[string]bool{}
	for _, row := range rows {
		id, _, _ := strings.Cut(row.op, " ")
		id = strings.TrimSuffix(id, ":")
		o, ok := document.ByID(id)
		if !ok {
			t.Errorf("the contract has no operation %s", id)
			continue
		}
		told[o.ID] = true
		t.Run(row.op, func(t *testing.T) { w.access(t, document, o, row) })
	}
	for _, o := range document.Operations() {
		if !told[o.ID] {
			t.Errorf("%s has no row in the access tables", o.ID)
		}
	}
}

// noted are the reads that leave a trace: the audit, and when a feed was read.
var noted = map[string]bool{"getPlanRunInstance": true, "readFeed": true}

func (w *world) access(t *testing.T, document *api.Document, o *api.Operation, row access) {
	cells := strings.ReplaceAll(row.cells, " ", "")
	if len(cells) != len(actors) {
		t.Fatalf("%d cells for %d actors", len(cells), len(actors))
	}
	path, body := w.fill(row.path), w.fill(row.body)
	r, _ := http.NewRequest(o.Method, path, nil)
	if hit, _, ok := document.Match(r); !ok || hit.ID != o.ID {
		t.Fatalf("%s %s is not %s", o.Method, path, o.ID)
	}
	shared := w.copy(t)
	for i, actor := range actors {
		b, want := shared, cells[i]
		if want == '+' && (o.Method != http.MethodGet || noted[o.ID]) {
			b = w.copy(t)
		}
		headers := w.headers(b, o, row, actor)
		got := b.do(w.secret[actor], o.Method, path, bodyOf(body), headers...)
		is := verdict(got, w.fill(row.seek))
		if want == 'n' && strings.IndexByte("xo.", is) >= 0 {
			want = is
			if is == 'x' {
				want = '.' // a refusal by role alone is the same for what never was
			}
		} else if is != want {
			t.Errorf("%s: %c, want %c: %d %.300s", actor, is, want, got.Code, got.Body)
			if got.Code < 300 && o.Method != http.MethodGet {
				shared = w.copy(t) // whoever comes next finds the world as it was
			}
			continue
		}
		if want == '.' || want == '?' {
			never := b.do(w.secret[actor], o.Method, w.unknown(row.path, want == '.'), bodyOf(w.unknown(row.body, want == '?')), headers...)
			if diff := cmp.Diff(anonymous(never), anonymous(got)); diff != "" {
				t.Errorf("%s: what is hidden is told from what never was: %s", actor, diff)
			}
		}
	}
	if diff := cmp.Diff(w.held, contents(t, shared.path)); diff != "" {
		t.Errorf("refusals or reads have changed what is kept: %s", diff)
	}
}

func bodyOf(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// verdict is the cell of an answer.
func verdict(r reply, seek string) byte {
	code, _ := r.JSON["code"].(string)
	switch {
	case r.Code < 300 && seek == "":
		return '+'
	case r.Code < 300:
		if rowOf(r, seek) != nil {
			return '+'
		}
		return 'o'
	case r.Code == 401 && code == "unauthenticated":
		return '-'
	case r.Code == 403 && code == "insufficient-scope":
		return 's'
	case r.Code == 403 && (code == "forbidden" || code == "sign-in-required"):
		return 'x'
	case r.Code == 404 && code == "not-found":
		return '.'
	case r.Code == 422 && (strings.Contains(r.Body.String(), `"unknown-reference"`) || strings.Contains(r.Body.String(), `"unknown-person"`)):
		return '?'
	}
	return '!'
}

// rowOf finds an object in a list.
func rowOf(r reply, id string) object {
	items, _ := r.JSON["items"].([]any)
	for _, x := range items {
		if x.(object)["id"] == id {
			return x.(object)
		}
	}
	return nil
}

// headers gives a request the tag that the actor reads, so that nothing but the policy can refuse it.
func (w *world) headers(b *copied, o *api.Operation, row access, actor string) []string {
	if row.tag == "" {
		return nil
	}
	tag := w.ids["answer_tag"]
	path, id, isList := strings.Cut(w.fill(row.tag), "#")
	if row.tag != "answer" {
		read := b.do(w.secret[actor], "GET", path, nil)
		switch found := rowOf(read, id); {
		case isList && found != nil:
			tag = fmt.Sprint(found["etag"])
		case read.Code == 200 && !isList:
			tag = read.etag()
		}
	}
	return []string{"If-Match", tag}
}

var reference = regexp.MustCompile(`\$[a-z_0-9]+`)

// unknown puts ids that never were for $names that stand for ids.
func (w *world) unknown(text string, ids bool) string {
	return reference.ReplaceAllStringFunc(text, func(name string) string {
		is := w.fill(name)
		if _, err := uuid.Parse(is); err != nil || !ids {
			return is
		}
		return uuid.NewString()
	})
}

// anonymous is a refusal without what is of this request alone.
func anonymous(r reply) object {
	out := maps.Clone(r.JSON)
	delete(out, "instance")
	return out
}

// contents is what a database holds: the rows of each table, hashed.
func contents(t *testing.T, path string) map[string]string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	column := func(query string) (out []string) {
		rows, err := db.Query(query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var one string
			if err := rows.Scan(&one); err != nil {
				t.Fatal(err)
			}
			out = append(out, one)
		}
		return out
	}
	held := map[string]string{}
	for _, table := range column("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name") {
		var quoted []string
		for _, c := range column("SELECT name FROM pragma_table_info('" + table + "')") {
			quoted = append(quoted, "quote("+c+")")
		}
		all := column("SELECT " + strings.Join(quoted, "||','||") + " FROM " + table + " ORDER BY 1")
		held[table] = fmt.Sprintf("%d rows, %x", len(all), sha256.Sum256([]byte(strings.Join(all, "\n"))))
	}
	return held
}
