package api_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kreds/supervision"
)

// views are the members that each actor reads of an object; who is not named reads nothing at all. They are written from the
// access matrix.
var views = []struct {
	what, path string
	members    map[string]string // by actors
}{
	{"a group's session", "/v1/sessions/$group_session1", map[string]string{
		"mentor fellow":          "cycle_id delivery end etag group_id hold_until id join_url kind mentors mode my_answer place planned revision round_id start state supervisor time_zone",
		"sup":                    "answers attention cycle_id delivery end etag group_id hold_until id join_url kind mentors mode my_answer place planned revision round_id start state supervisor time_zone",
		"house pm planning":      "answers attention cycle_id delivery end etag group_id hold_until id kind mentors mode my_answer place planned revision round_id start state supervisor time_zone", // no join link
		"lr":                     "end etag id mode place revision start state time_zone",                                                                                                            // no people, no group, no link
		"boss mboss mentee":      "",                                                                                                                                                                 // neither when nor that
		"hr sponsor op":          "",
		"sup2 other orgpm pm2":   "",
		"foreign nobody self bw": "",
	}},
	{"a talk", "/v1/sessions/$individual_session1", map[string]string{
		"mentor":            "cycle_id delivery end etag group_id hold_until id join_url kind mentors mode my_answer place planned revision round_id start state supervisor time_zone",
		"sup":               "answers attention cycle_id delivery end etag group_id hold_until id join_url kind mentors mode my_answer place planned revision round_id start state supervisor time_zone",
		"house pm planning": "answers attention cycle_id delivery end etag group_id hold_until id kind mentors mode my_answer place planned revision round_id start state supervisor time_zone",
		"lr":                "end etag id mode place revision start state time_zone",
	}},
	{"a plan", "/v1/plans/$draft", map[string]string{
		"house pm planning": "bound cancelled created_at cycle_id etag gap id moved n outdated private_terms proven published_at put run_id score session_count state terms unassigned unknown_count",
		"sup sup2":          "created_at cycle_id etag id n published_at run_id state", // no score: it speaks of everybody
	}},
	{"a plan's session", "/v1/plans/$draft/sessions", map[string]string{
		"house pm planning sup sup2": "end group id kind mentors mode pinned plan_id round_id session_id start supervisor time_zone unknown_count",
	}},
	{"a group", "/v1/groups/$group", map[string]string{
		"house pm planning sup mentor fellow": "cycle_id etag form id language members method name state supervisor time_zone",
	}},
	{"a placement", "/v1/placements/$placement", map[string]string{
		"mentor":            "answered_at cycle_id etag group_id id mentor objection proposed_at state why",
		"house pm planning": "answered_at cycle_id etag group_id id mentor objection proposed_at state",
		"sup":               "answered_at cycle_id etag group_id id mentor proposed_at state", // not why somebody objects
	}},
	{"a person", "/v1/people/$mentor", map[string]string{
		"mentor house planning": "email etag experience extended_hours external_id id languages name organisation_id roles seniority site time_zone unit work_hours",
		"sup":                   "etag extended_hours id languages name time_zone work_hours",
	}},
	{"a pair", "/v1/pairs/$pair", map[string]string{
		"mentor mentee":  "alias end_on etag ground_rules_agreed_on id kind mentees mentors met_minutes start_on state",
		"house planning": "alias end_on etag external_id ground_rules_agreed_on id kind mentees mentors start_on state warnings", // not how often they meet
		"boss mboss":     "alias end_on etag id kind mentees mentors start_on state",
		"sup":            "alias end_on etag id kind met_minutes start_on state", // an alias and hours, nobody
	}},
	{"a connection", "/v1/calendar-connections/$connection", map[string]string{
		"mentor": "calendars consent_url etag fault health id kind last_read_at name person push state url user",
		"op":     "etag health id kind last_read_at state", // that it works, not whose it is nor what it holds
	}},
	{"availability", "/v1/people/$mentor/availability?from=2027-01-04T00:00:00Z&to=2027-01-11T00:00:00Z", map[string]string{
		"mentor": "as_of_at from intervals person_id sources to",
	}},
	{"declared availability", "/v1/people/$mentor/declared-availability", map[string]string{
		"mentor": "etag exceptions person_id time_zone valid_to warnings weekly",
	}},
	{"a cycle", "/v1/cycles/$cycle", map[string]string{
		"house pm planning":                          "etag format from_on id name programme_id published_plan_id rounds settings state template_id time_zone to_on",
		"sup sup2 mentor fellow other hr sponsor lr": "etag format from_on id name programme_id rounds state template_id time_zone to_on",
	}},
	{"a programme", "/v1/programmes/$programme", map[string]string{
		"house pm planning sup sup2 mentor fellow other boss mboss mentee hr sponsor op lr": "end_on etag goals id integration k lead mode name organisation_id purpose scope setting start_on strategic_link",
	}},
}

// TestWhatEachRoleSees holds what each actor reads of an object against the table: these members, and no other actor reads any.
func TestWhatEachRoleSees(t *testing.T) {
	w := newWorld(t)
	b := w.copy(t)
	for _, v := range views {
		of := map[string]string{}
		for names, members := range v.members {
			for name := range strings.FieldsSeq(names) {
				of[name] = members
			}
		}
		for _, actor := range actors {
			r := b.do(w.secret[actor], "GET", w.fill(v.path), nil)
			got := ""
			if r.Code == http.StatusOK {
				one := r.JSON
				if items, isList := one["items"].([]any); isList {
					one = items[0].(object)
				}
				got = strings.Join(slices.Sorted(maps.Keys(one)), " ")
			}
			if got != of[actor] {
				t.Errorf("%s, for %s:\n got %s\nwant %s", v.what, actor, got, of[actor])
			}
		}
	}
}

// TestAManagerAmongTheMembersIsOneOfThem: who runs the programme and sits in a group sees its sessions as the others do, and
// those of other groups as a manager.
func TestAManagerAmongTheMembersIsOneOfThem(t *testing.T) {
	w := newWorld(t)
	b := w.copy(t)
	b.give(w.person["fellow"], supervision.RoleProgrammeManager, supervision.ScopeProgramme, w.ids["programme"])
	own := b.want(200, w.secret["fellow"], "GET", w.fill("/v1/sessions/$group_session1"), nil)
	if own.JSON["answers"] != nil || own.JSON["my_answer"] == nil {
		t.Errorf("of the own group they read %s", own.Body)
	}
	talk := b.want(200, w.secret["fellow"], "GET", w.fill("/v1/sessions/$individual_session1"), nil)
	if talk.JSON["answers"] == nil {
		t.Errorf("of another's session they read %s", talk.Body)
	}
}

// TestNobodyReadsPeopleWhereTheyMayNot: what line managers, HR, sponsor, operator and integrations read holds no day of any
// session and nobody's name beside their own matters, whatever they ask for.
func TestNobodyReadsPeopleWhereTheyMayNot(t *testing.T) {
	w := newWorld(t)
	b := w.copy(t)
	session := b.want(200, w.secret["mentor"], "GET", w.fill("/v1/sessions/$group_session1"), nil).JSON
	talk := b.want(200, w.secret["mentor"], "GET", w.fill("/v1/sessions/$individual_session1"), nil).JSON
	secrets := []string{fmt.Sprint(session["start"]), fmt.Sprint(talk["start"]), w.ids["group"], w.ids["group_session1"], w.ids["individual_session1"], w.ids["placement"]}
	names := map[string]string{"fellow": w.person["fellow"].Name, "mentee": w.person["mentee"].Name, "mentor": w.person["mentor"].Name}
	may := map[string][]string{ // whom they may read of: who takes part of their own people, and the lead of the programme
		"boss": {"mentor", "mentee"}, "mboss": {"mentor", "mentee"}, "mentee": {"mentor", "mentee"},
	}
	var paths []string
	for _, row := range slices.Concat(accessToPeople, accessToCycles, accessToCalendars) {
		if row.body == "" && row.tag == "" && strings.HasPrefix(row.path, "/v1/") && !strings.HasPrefix(row.op, "listAuditEntries") {
			paths = append(paths, row.path)
		}
	}
	for _, actor := range []string{"boss", "mboss", "mentee", "hr", "sponsor", "op", "lr", "pe", "bw", "pm2", "orgpm", "foreign"} {
		for _, path := range paths {
			if r := b.do(w.secret[actor], "GET", w.fill(path), nil); r.Code == http.StatusOK {
				text := r.Body.String()
				for who, name := range names {
					allowed := slices.Contains(may[actor], who) || actor == "op" && strings.HasPrefix(path, "/v1/role-assignments") // who gives roles knows to whom
					if strings.Contains(text, name) && !allowed {
						t.Errorf("%s reads of the %s at %s: %s", actor, who, path, text)
					}
				}
				for _, secret := range secrets {
					if strings.Contains(text, secret) && actor != "lr" {
						t.Errorf("%s reads %s at %s", actor, secret, path)
					}
				}
			}
		}
	}
}

// move asks for a session of the draft with other people, or at another time, and returns the refusal.
func (w *world) move(t *testing.T, b *copied, actor string, body object) reply {
	t.Helper()
	plan := b.do(w.secret[actor], "GET", w.fill("/v1/plans/$draft"), nil)
	return b.do(w.secret[actor], "POST", w.fill("/v1/plans/$draft/moves"), body, "If-Match", plan.etag())
}

// TestRefusalsDoNotTellWhoStandsToWhom: two pairs of people who may not meet, for two causes, and the manager and the
// supervisor who try to seat them together hear the same words and no name.
func TestRefusalsDoNotTellWhoStandsToWhom(t *testing.T) {
	w := newWorld(t)
	b := w.copy(t)
	find := func(key string) string {
		p, _ := w.s.Called(key)
		return p.ID.String()
	}
	var heard, checked []object
	for _, actor := range []string{"pm", "sup", "sup2"} {
		items := b.want(200, w.secret[actor], "GET", w.fill("/v1/plans/$draft/sessions?page_size=200"), nil).JSON["items"].([]any)
		for _, apart := range [][2]string{{find("m0"), find("m1")}, {find("m4"), find("m5")}} { // manager and report; a mentor and their mentee's manager
			for _, x := range items {
				one := x.(object)
				var ids []any
				for _, m := range one["mentors"].([]any) {
					ids = append(ids, m.(object)["id"])
				}
				if one["kind"] != "group" || slices.Contains(ids, any(apart[0])) == slices.Contains(ids, any(apart[1])) {
					continue
				}
				in, out := apart[0], apart[1]
				if slices.Contains(ids, any(out)) {
					in, out = out, in
				}
				for i, id := range ids {
					if id != in {
						ids[i] = out // beside the one whom they may not meet
						break
					}
				}
				r := w.move(t, b, actor, object{"plan_session_id": one["id"], "mentor_ids": ids})
				if r.Code != 422 || r.JSON["code"] != "placement-not-possible" {
					t.Fatalf("%s seats them together: %d %s", actor, r.Code, r.Body)
				}
				heard = append(heard, anonymous(r))
				checks := b.want(200, w.secret[actor], "POST", w.fill("/v1/plans/$draft/move-checks"), object{"moves": []any{object{"plan_session_id": one["id"], "mentor_ids": ids}}})
				checked = append(checked, checks.JSON["results"].([]any)[0].(object))
				break
			}
		}
	}
	if len(heard) < 4 {
		t.Fatalf("only %d refusals were tried", len(heard))
	}
	for _, c := range checked {
		if diff := cmp.Diff(checked[0], c); diff != "" || c["ok"] != false {
			t.Errorf("two causes are told apart by a check: %s", diff)
		}
	}
	for _, h := range heard {
		if diff := cmp.Diff(heard[0], h); diff != "" {
			t.Errorf("two causes are told apart: %s", diff)
		}
		if h["reasons"] != nil || h["errors"] != nil {
			t.Errorf("the refusal gives reasons: %v", h)
		}
	}
}

// TestRefusalsDoNotTellWhoIsBusy: a move onto a time at which one mentor is taken is refused, and neither the manager nor the
// supervisor hears who that is.
func TestRefusalsDoNotTellWhoIsBusy(t *testing.T) {
	w := newWorld(t)
	b := w.copy(t)
	for _, actor := range []string{"pm", "sup"} {
		heard := map[string]object{}
		items := b.want(200, w.secret["sup"], "GET", w.fill("/v1/plans/$draft/sessions?page_size=200"), nil).JSON["items"].([]any)
		for _, x := range items {
			one := x.(object)
			if one["kind"] != "group" {
				continue
			}
			for _, m := range one["mentors"].([]any) {
				id, name := fmt.Sprint(m.(object)["id"]), fmt.Sprint(m.(object)["name"])
				r, ok := w.ontoBusy(t, b, actor, one, id)
				if !ok {
					continue
				}
				text := r.Body.String()
				if strings.Contains(text, id) || strings.Contains(text, name) {
					t.Errorf("%s hears that %s is busy: %s", actor, name, text)
				}
				heard[id] = anonymous(r)
			}
		}
		if len(heard) < 2 {
			t.Fatalf("%s tried the busy time of %d people only", actor, len(heard))
		}
		ids := slices.Sorted(maps.Keys(heard))
		for _, id := range ids[1:] {
			if diff := cmp.Diff(heard[ids[0]], heard[id]); diff != "" {
				t.Errorf("%s tells people apart by their calendars: %s", actor, diff)
			}
		}
	}
}

// ontoBusy moves a session onto a time that is refused for nothing but one mentor's calendar.
func (w *world) ontoBusy(t *testing.T, b *copied, actor string, session object, mentor string) (r reply, ok bool) {
	t.Helper()
	for p, busy := range w.says {
		if p.String() != mentor {
			continue
		}
		var moves []any
		for _, taken := range busy[:min(len(busy), 50)] {
			moves = append(moves, object{"plan_session_id": session["id"], "start": taken.Start.Truncate(30 * time.Minute)})
		}
		checks := b.want(200, w.secret[actor], "POST", w.fill("/v1/plans/$draft/move-checks"), object{"moves": moves}).JSON["results"].([]any)
		for i, check := range checks {
			reasons := check.(object)["reasons"].([]any)
			if len(reasons) != 1 || reasons[0].(object)["detail"] != "1 person is not free at that time." {
				continue
			}
			r = w.move(t, b, actor, moves[i].(object))
			return r, r.Code == 409 && r.JSON["code"] == "slot-taken"
		}
	}
	return r, false
}
