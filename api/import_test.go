package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kreds/service/roster"
	"kreds/supervision"
)

// importing is a house with an organisation and a manager who brings lists.
type importing struct {
	*built
	manager string
}

func newImporting(t *testing.T, b *built) *importing {
	t.Helper()
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	m := &importing{b, manager}
	m.brings("organisations", "external_id,name,kind,country,time_zone\na,A,company,DK,Europe/Copenhagen\n", "", "applied")
	return m
}

// brings imports a list and returns what became of it.
func (m *importing) brings(kind, list, query, state string) reply {
	m.t.Helper()
	begun := m.want(202, m.manager, "POST", "/v1/imports?kind="+kind+query, list, "Content-Type", "text/csv")
	m.work(begun)
	return m.read(begun, state)
}

// work does what was rung for.
func (m *importing) work(begun reply) {
	m.t.Helper()
	id, err := supervision.ParseID[struct{}](idIn(begun))
	if err != nil {
		m.t.Fatal(err)
	}
	if err := roster.New(m.House).RunImport(m.t.Context(), m.actor.Tenant, supervision.ImportID(id)); err != nil {
		m.t.Fatal(err)
	}
}

func (m *importing) read(begun reply, state string) reply {
	m.t.Helper()
	r := m.want(200, m.manager, "GET", "/v1/imports/"+idIn(begun)+"?page_size=200", nil)
	if r.JSON["state"] != state {
		m.t.Fatalf("the import is %v, want %s: %s", r.JSON["state"], state, r.Body)
	}
	return r
}

// counts is how many were created, updated, unchanged and ended, and how many faults and warnings there are.
func counts(r reply) string {
	var list []string
	for _, name := range []string{"created", "updated", "unchanged", "ended", "faults", "warnings"} {
		list = append(list, fmt.Sprint(r.JSON[name]))
	}
	return strings.Join(list, " ")
}

// found lists the findings of an import: line, column and code.
func found(r reply) (list []string) {
	for _, x := range r.JSON["rows"].([]any) {
		f := x.(object)
		list = append(list, fmt.Sprintf("%v%v %v", f["line"], f["pointer"], f["code"]))
	}
	return list
}

// there lists the people whom the manager sees, by external id.
func (m *importing) there() (list []string) {
	m.t.Helper()
	for _, x := range m.want(200, m.manager, "GET", "/v1/people?page_size=200", nil).JSON["items"].([]any) {
		list = append(list, fmt.Sprint(x.(object)["external_id"]))
	}
	slices.Sort(list)
	return list
}

const peopleHeader = "external_id,name,email,organisation,time_zone,languages,work_hours,unit,roles\n"

const idaAndOle = peopleHeader +
	"ida,Ida Holm,Ida@a.example,a,Europe/Copenhagen,da;en,Mon-Fri 09:00-16:00,Sales,mentor\n" +
	"ole,Ole Dam,ole@a.example,a,Europe/Copenhagen,,,,mentor;supervisor\n"

func TestAListOfPeopleIsAppliedAndAppliedAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, b *built) {
		m := newImporting(t, b)
		first := m.brings("people", idaAndOle, "", "applied")
		if got := counts(first); got != "2 0 0 0 0 2" {
			t.Errorf("the list: %s", got)
		}
		if got := found(first); !slices.Equal(got, []string{"3/languages default-used", "3/work_hours default-used"}) {
			t.Errorf("its findings: %q", got)
		}
		ids := first.JSON["ids"].(object)
		ida := m.want(200, m.manager, "GET", fmt.Sprintf("/v1/people/%v", ids["ida"]), nil)
		if ida.JSON["email"] != "Ida@a.example" || ida.JSON["unit"] != "Sales" || fmt.Sprint(ida.JSON["languages"], ida.JSON["roles"]) != "[da en] [mentor]" {
			t.Errorf("Ida is %s", ida.Body)
		}
		again := m.brings("people", idaAndOle, "", "applied")
		if got := counts(again); got != "0 0 2 0 0 0" || fmt.Sprint(again.JSON["ids"]) != fmt.Sprint(ids) {
			t.Errorf("the same list again: %s, ids %v after %v", got, again.JSON["ids"], ids)
		}
		other := strings.Replace(idaAndOle, "Sales", "HR", 1)
		other = strings.Replace(other, "Ida Holm", "Ida Berg", 1)
		if got := counts(m.brings("people", other, "", "applied")); got != "0 1 1 0 0 0" {
			t.Errorf("one row is another: %s", got)
		}
		ida = m.want(200, m.manager, "GET", fmt.Sprintf("/v1/people/%v", ids["ida"]), nil)
		if ida.JSON["name"] != "Ida Berg" || ida.JSON["unit"] != "HR" {
			t.Errorf("Ida is %s", ida.Body)
		}
	})
}

// One bad row keeps all others out; the list names each fault at its line.
func TestNothingIsHalfImported(t *testing.T) {
	m := newImporting(t, build(t))
	before := m.there()
	bad := idaAndOle +
		"eva,Eva Lund,eva@a.example,nowhere,Mars/Olympus,danish,Mon 9,,wizard\n" +
		"ida,Ida Again,ida2@a.example,a,Europe/Copenhagen,da,,,\n" +
		"kim,Kim Juul,ole@a.example,a,Europe/Copenhagen,da,,,mentor\n" +
		"mona2,,mona@a.example,a,Europe/Copenhagen,da,,,\n"
	r := m.brings("people", bad, "", "checked")
	want := []string{"3/languages default-used", "3/work_hours default-used", "4/languages format", "4/organisation unknown-reference", "4/roles enum", "4/time_zone unknown-zone",
		"4/work_hours format", "5/external_id duplicate-items", "5/work_hours default-used", "6/email duplicate-items", "6/work_hours default-used", "7/email email-taken", "7/name required", "7/work_hours default-used"}
	if got := found(r); !slices.Equal(got, want) {
		t.Errorf("findings\n%q, want\n%q", got, want)
	}
	if now := m.there(); !slices.Equal(now, before) || len(r.JSON["ids"].(object)) != 0 {
		t.Errorf("of a bad list there are %q now, after %q, and it tells %v", now, before, r.JSON["ids"])
	}
	refused := m.do(m.manager, "POST", "/v1/imports/"+idIn(r)+"/application", object{}, "If-Match", fmt.Sprint(r.JSON["etag"]))
	if refused.Code != 409 || refused.JSON["code"] != "import-has-errors" {
		t.Errorf("its application: %d %s", refused.Code, refused.Body)
	}
}

// A list that is only to be checked is applied when somebody says so, as things are then.
func TestAListIsCheckedFirstAndAppliedLater(t *testing.T) {
	m := newImporting(t, build(t))
	before := m.there()
	checked := m.brings("people", idaAndOle, "&apply=never", "checked")
	if got := counts(checked); got != "2 0 0 0 0 2" || !slices.Equal(m.there(), before) {
		t.Errorf("checked: %s, and there are %q", got, m.there())
	}
	m.work(m.want(202, m.manager, "POST", "/v1/imports/"+idIn(checked)+"/application", object{}, "If-Match", fmt.Sprint(checked.JSON["etag"])))
	m.read(checked, "applied")
	if now := m.there(); !slices.Contains(now, "ida") || !slices.Contains(now, "ole") {
		t.Errorf("applied, there are %q", now)
	}
}

// A full list of lines or pairs ends those that it does not name; if that is more than a fifth, it waits for a word. People
// stay, whatever a list leaves out.
func TestAFullListEndsWhatItDoesNotName(t *testing.T) {
	onBoth(t, func(t *testing.T, b *built) {
		m := newImporting(t, b)
		people, lines, pairs := peopleHeader, "person,manager\n", "external_id,mentors,mentees,start_on\n"
		for i := range 10 {
			people += fmt.Sprintf("p%d,P %d,p%d@a.example,a,Europe/Copenhagen,da,Mon-Fri 09:00-16:00,,mentor\n", i, i, i)
			if i > 0 {
				lines += fmt.Sprintf("p%d,p0\n", i)
				pairs += fmt.Sprintf("pair%d,p%d,p%d,2027-01-01\n", i, i, i%9+1)
			}
		}
		m.brings("people", people, "", "applied")
		if got := counts(m.brings("people", peopleHeader+strings.Split(people, "\n")[1]+"\n", "&mode=full", "applied")); got != "0 0 1 0 0 1" {
			t.Errorf("a full list of one person: %s", got)
		}
		for kind, list := range map[string]string{"lines": lines, "pairs": pairs} {
			rows := strings.Split(strings.TrimSpace(list), "\n")
			if got := counts(m.brings(kind, list, "&mode=full", "applied")); got != "9 0 0 0 0 0" {
				t.Errorf("%s: %s", kind, got)
			}
			if got := counts(m.brings(kind, strings.Join(rows[:len(rows)-1], "\n"), "&mode=full", "applied")); got != "0 0 8 1 0 0" {
				t.Errorf("%s without the last: %s", kind, got)
			}
			many := m.brings(kind, strings.Join(rows[:2], "\n"), "&mode=full", "checked")
			if got := counts(many); got != "0 0 1 7 0 1" || !slices.Equal(found(many), []string{"1 mass-change"}) {
				t.Errorf("the first of %s alone: %s %q", kind, got, found(many))
			}
			apply := "/v1/imports/" + idIn(many) + "/application"
			if r := m.do(m.manager, "POST", apply, object{}, "If-Match", fmt.Sprint(many.JSON["etag"])); r.Code != 409 || r.JSON["code"] != "mass-change" {
				t.Errorf("%s, applied without a word: %d %s", kind, r.Code, r.Body)
			}
			m.work(m.want(202, m.manager, "POST", apply, object{"confirm_mass_change": true}, "If-Match", fmt.Sprint(many.JSON["etag"])))
			if got := counts(m.read(many, "applied")); got != "0 0 1 7 0 1" {
				t.Errorf("%s, applied with a word: %s", kind, got)
			}
		}
	})
}

// Circles are named at the rows that bring them.
func TestALineListWithACircleIsRefused(t *testing.T) {
	m := newImporting(t, build(t))
	m.brings("people", idaAndOle+"eva,Eva Lund,eva@a.example,a,Europe/Copenhagen,da,Mon-Fri 09:00-16:00,,\n", "", "applied")
	m.brings("lines", "person,manager\nida,ole\n", "", "applied")
	r := m.brings("lines", "person,manager,valid_from,valid_to\nole,eva,,\neva,ida,,\nida,ida,,\neva,ole,2027-05-02,2027-05-01\neva,nobody,,\nole,eva,,\n", "", "checked")
	want := []string{"2/manager line-cycle", "3/manager line-cycle", "4/manager same-person", "5/valid_to end-before-start", "6/manager unknown-person", "7/person duplicate-items"}
	if got := found(r); !slices.Equal(got, want) {
		t.Errorf("findings %q, want %q", got, want)
	}
}

// A list of thousands gives more warnings than are kept. It is clean all the same, and a single fault of it is not lost.
func TestWarningsDoNotKeepALongListOut(t *testing.T) {
	m := newImporting(t, build(t))
	rows := make([]string, 5100)
	for i := range rows {
		rows[i] = fmt.Sprintf("e%d,N,e%d@a.example,a,Europe/Copenhagen,mentor", i, i)
	}
	list := func() string {
		return "external_id,name,email,organisation,time_zone,roles\n" + strings.Join(rows, "\n") + "\n"
	}
	good := rows[len(rows)-1]
	rows[len(rows)-1] = strings.Replace(good, "mentor", "wizard", 1)
	r := m.brings("people", list(), "", "checked")
	if got := counts(r); got != "5099 0 0 0 1 9999" {
		t.Errorf("with one fault at the end: %s", got)
	}
	rows[len(rows)-1] = good
	r = m.brings("people", list(), "", "applied")
	if got := counts(r); got != "5100 0 0 0 0 10000" {
		t.Errorf("the clean list: %s", got)
	}
}
