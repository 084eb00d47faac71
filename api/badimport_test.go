package api_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kreds/supervision"
)

const (
	columnsOfPeople = "external_id,name,email,organisation,time_zone,languages,roles\n"
	goodRow         = "n1,New One,n1@a.example,pilot,Europe/Copenhagen,da;en,mentor\n"
)

// badList is a list that is read and whose faults are told line by line.
type badList struct {
	row, kind, text string
	findings        []string // line, place and code of the faults
}

// badLists are what spreadsheets and exports bring. A list without faults at its good rows is not imported in part.
var badLists = []badList{
	{"an unclosed quote", "people", columnsOfPeople + goodRow + `n2,"New Two,n2@a.example,pilot,Europe/Copenhagen,da,mentor` + "\n", []string{"3  csv"}},
	{"a quote inside of a value", "people", columnsOfPeople + goodRow + `n2,New "Two" X,n2@a.example,pilot,Europe/Copenhagen,da,mentor` + "\n", []string{"3  csv"}},
	{"semicolons for commas", "people", strings.ReplaceAll(columnsOfPeople+goodRow, ",", ";"), []string{"1  csv", "1 email required", "1 external_id required", "1 name required", "1 organisation required", "1 time_zone required"}},
	{"no header", "people", goodRow, []string{"1 New One unknown-field", "1 n1 unknown-field", "1 n1@a.example unknown-field", "1 pilot unknown-field", "1 Europe~1Copenhagen unknown-field",
		"1 da;en unknown-field", "1 mentor unknown-field", "1 email required", "1 external_id required", "1 name required", "1 organisation required", "1 time_zone required"}},
	{"a header alone, with a column missing", "people", "external_id,name,email,organisation\n", []string{"1 time_zone required"}},
	{"a column twice", "people", "external_id,name,email,organisation,time_zone,name\n", []string{"1 name duplicate-key"}},
	{"a column of another kind", "people", "external_id,name,email,organisation,time_zone,manager\nn1,New One,n1@a.example,pilot,UTC,boss\n", []string{"1 manager unknown-field"}},
	{"a value too many", "people", columnsOfPeople + "n1,One, New,n1@a.example,pilot,Europe/Copenhagen,da,mentor\n", []string{"2  csv", "2 email email", "2 languages format", "2 languages max-length", "2 organisation unknown-reference", "2 roles enum", "2 time_zone unknown-zone"}},
	{"an unknown zone", "people", columnsOfPeople + goodRow + "n2,New Two,n2@a.example,pilot,Mars/Olympus,da,mentor\n", []string{"3 time_zone unknown-zone"}},
	{"an unknown organisation", "people", columnsOfPeople + goodRow + "n2,New Two,n2@a.example,nowhere,Europe/Copenhagen,da,mentor\n", []string{"3 organisation unknown-reference"}},
	{"a key twice", "people", columnsOfPeople + goodRow + "n1,New Two,n2@a.example,pilot,Europe/Copenhagen,da,mentor\n", []string{"3 external_id duplicate-items"}},
	{"an address twice", "people", columnsOfPeople + goodRow + "n2,New Two,n1@a.example,pilot,Europe/Copenhagen,da,mentor\n", []string{"3 email duplicate-items"}},
	{"somebody else's address", "people", columnsOfPeople + "n2,New Two,house@world.example,pilot,Europe/Copenhagen,da,mentor\n", []string{"2 email email-taken"}},
	{"no address", "people", columnsOfPeople + "n2,New Two,,pilot,Europe/Copenhagen,da,mentor\n", []string{"2 email required"}},
	{"half an address", "people", columnsOfPeople + "n2,New Two,n2@,pilot,Europe/Copenhagen,da,mentor\n", []string{"2 email email"}},
	{"a role that is none", "people", columnsOfPeople + "n2,New Two,n2@a.example,pilot,Europe/Copenhagen,da,direct_manager\n", []string{"2 roles enum"}},
	{"an operator by a manager", "people", columnsOfPeople + "n2,New Two,n2@a.example,pilot,Europe/Copenhagen,da,platform_operator\n", []string{"2 roles not-yours"}},
	{"HR who supervises", "people", columnsOfPeople + "n2,New Two,n2@a.example,pilot,Europe/Copenhagen,da,hr;supervisor\n", []string{"2 roles roles-exclude-each-other"}},
	{"NUL", "people", columnsOfPeople + "n2,New\x00Two,n2@a.example,pilot,Europe/Copenhagen,da,mentor\n", []string{"2 name control-character"}},
	{"a name that turns the line", "people", columnsOfPeople + "n2,New \u202eTwo,n2@a.example,pilot,Europe/Copenhagen,da,mentor\n", []string{"2 name unsafe-character"}},
	{"a name of two lines", "people", columnsOfPeople + "n2,\"New\nTwo\",n2@a.example,pilot,Europe/Copenhagen,da,mentor\n", []string{"2 name control-character"}},
	{"a name without end", "people", columnsOfPeople + "n2," + strings.Repeat("x", 201) + ",n2@a.example,pilot,Europe/Copenhagen,da,mentor\n", []string{"2 name max-length"}},
	{"a line to nobody", "lines", "person,manager\nm0,nobody\n", []string{"2 manager unknown-person"}},
	{"one's own manager", "lines", "person,manager\nm0,m0\n", []string{"2 manager same-person"}},
	{"a circle of managers", "lines", "person,manager\nm0,m1\n", []string{"2 manager line-cycle"}},
	{"a line that ends first", "lines", "person,manager,valid_from,valid_to\nm4,m5,2027-03-01,2027-02-01\n", []string{"2 valid_to end-before-start"}},
	{"a day that is none", "lines", "person,manager,valid_from\nm4,m5,2027-02-30\n", []string{"2 valid_from format"}},
	{"a pair that ends first", "pairs", "external_id,mentors,mentees,start_on,end_on\nq1,x-spare,x-sparementee,2027-03-01,2027-02-01\n", []string{"2 end_on end-before-start"}},
	{"a pair of one", "pairs", "external_id,mentors,mentees,start_on\nq1,x-spare,x-spare,2027-03-01\n", []string{"2 mentees same-person"}},
	{"an organisation of nowhere", "organisations", "external_id,name,kind,country,time_zone\no1,O,company,XX1,Nowhere/At_all\n", []string{"2 country format", "2 time_zone unknown-zone"}},
}

// importCSV imports a list as the tenant's manager and returns it as it stands when it has been run.
func (w *world) importCSV(t *testing.T, b *copied, kind, text string) reply {
	t.Helper()
	made := b.want(202, w.secret["house"], "POST", "/v1/imports?kind="+kind, text, "Content-Type", "text/csv")
	id, err := supervision.ParseID[struct{}](idOf(made))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.roster().RunImport(t.Context(), b.actor.Tenant, supervision.ImportID(id)); err != nil {
		t.Fatalf("the list was not run: %v", err)
	}
	return b.want(200, w.secret["house"], "GET", "/v1/imports/"+idOf(made)+"?page_size=200", nil)
}

// roster is what lists write into.
var rosterTables = []string{"organisation", "person", "role_assignment", "reporting_line", "pair", "pair_party"}

func onlyRoster(held map[string]string) map[string]string {
	out := maps.Clone(held)
	maps.DeleteFunc(out, func(table, _ string) bool { return !slices.Contains(rosterTables, table) })
	return out
}

// TestBadListsAreToldLineByLine: every fault is named by its line and column, nothing of the list is imported, and another list
// may follow.
func TestBadListsAreToldLineByLine(t *testing.T) {
	w := newWorld(t)
	b := w.copy(t)
	before := onlyRoster(w.held)
	for _, x := range badLists {
		t.Run(x.row, func(t *testing.T) {
			done := w.importCSV(t, b, x.kind, x.text)
			var got []string
			for _, f := range done.JSON["rows"].([]any) {
				f := f.(object)
				if f["severity"] == "fault" {
					got = append(got, fmt.Sprintf("%v %s %v", f["line"], strings.TrimPrefix(fmt.Sprint(f["pointer"]), "/"), f["code"]))
				}
				if f["detail"] == "" {
					t.Errorf("no word of what is wrong: %v", f)
				}
			}
			slices.Sort(got)
			slices.Sort(x.findings)
			if diff := cmp.Diff(x.findings, got); diff != "" {
				t.Errorf("faults: %s", diff)
			}
			if done.JSON["state"] != "checked" {
				t.Errorf("it is %v", done.JSON["state"])
			}
			tag := done.etag()
			r := b.do(w.secret["house"], "POST", "/v1/imports/"+idOf(done)+"/application", object{}, "If-Match", tag)
			if r.Code != 409 || r.JSON["code"] != "import-has-errors" {
				t.Errorf("it may be applied: %d %s", r.Code, r.Body)
			}
		})
	}
	if diff := cmp.Diff(before, onlyRoster(contents(t, b.path))); diff != "" {
		t.Errorf("a list with faults was imported in part: %s", diff)
	}
}

// TestListsThatCannotBeRead are refused at the door.
func TestListsThatCannotBeRead(t *testing.T) {
	w := newWorld(t)
	list := func(row, text string, status int, code string, faults ...string) wrong {
		x := wrongly(row, "house", "POST", "/v1/imports?kind=people", text, faults...).as(status, code)
		return x.with("Content-Type", "text/csv")
	}
	w.refuse(t, []wrong{
		list("Latin-1", columnsOfPeople+"n1,J\xf8rgen,n1@a.example,pilot,Europe/Copenhagen,da,mentor\n", 400, "invalid-utf8"),
		list("UTF-16", "\xff\xfee\x00x\x00t\x00", 400, "invalid-utf8"),
		list("2 MB", columnsOfPeople+strings.Repeat(goodRow, 2<<20/len(goodRow)+1), 413, "body-too-large"),
		list("for JSON", columnsOfPeople, 400, "malformed-json").with("Content-Type", "application/json"),
		list("for a spreadsheet", columnsOfPeople, 415, "content-type", "content-type Content-Type").with("Content-Type", "application/vnd.ms-excel"),
		wrongly("no rows", "house", "POST", "/v1/imports?kind=people", `{"rows":[]}`, "min-items #/rows"),
		wrongly("rows that are none", "house", "POST", "/v1/imports?kind=people", `{"rows":["a,b"]}`, "type #/rows/0"),
		wrongly("a column that is none", "house", "POST", "/v1/imports?kind=people", `{"rows":[{"external_id":"n1","salary":1}]}`, "unknown-field #/rows/0/salary"),
		wrongly("a kind that is none", "house", "POST", "/v1/imports?kind=salaries", `{"rows":[{}]}`, "enum kind"),
		wrongly("no kind", "house", "POST", "/v1/imports", `{"rows":[{}]}`, "required kind"),
	})
}

// TestTheSameListAgainChangesNothing, not even a version.
func TestTheSameListAgainChangesNothing(t *testing.T) {
	w := newWorld(t)
	b := w.copy(t)
	first := w.importCSV(t, b, "people", columnsOfPeople+goodRow)
	if first.JSON["state"] != "applied" || first.JSON["created"] != 1.0 {
		t.Fatalf("a good list is %s", first.Body)
	}
	before := onlyRoster(contents(t, b.path))
	for _, text := range []string{columnsOfPeople + goodRow, "\ufeff" + strings.ReplaceAll(columnsOfPeople+goodRow, "\n", "\r\n"), columnsOfPeople + `"n1","New One","n1@A.example","pilot","Europe/Copenhagen","da;en","mentor"` + "\n"} {
		again := w.importCSV(t, b, "people", text)
		if again.JSON["state"] != "applied" || again.JSON["unchanged"] != 1.0 || again.JSON["updated"] != 0.0 {
			t.Errorf("the same list again is %s", again.Body)
		}
	}
	if diff := cmp.Diff(before, onlyRoster(contents(t, b.path))); diff != "" {
		t.Errorf("the same list again has changed %s", diff)
	}
}
