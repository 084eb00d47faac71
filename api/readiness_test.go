package api_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"kreds/supervision"
)

func TestReadinessSaysWhoLacksWhat(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	ida, _ := b.person("ida", supervision.RoleMentor)
	jon, _ := b.person("jon", supervision.RoleMentor)
	lea, _ := b.person("lea", supervision.RoleSupervisor)
	programme := b.programme(manager)
	talks := b.want(201, manager, "POST", "/v1/cycle-templates", object{"name": "Talks", "rounds": []object{{"kind": "individual"}}})
	cycle := b.cycle(manager, programme, idIn(talks))
	for _, m := range []supervision.Person{jon, ida} {
		b.want(201, manager, "POST", "/v1/enrolments", object{"cycle_id": last(cycle), "mentor_id": m.ID})
	}
	b.want(201, manager, "POST", "/v1/supervisor-assignments", object{"cycle_id": last(cycle), "supervisor_id": lea.ID})
	b.want(201, manager, "POST", "/v1/preparations", object{"person_id": ida.ID, "programme_id": last(programme), "kind": "training", "completed_on": "2026-12-01"})
	b.read(ida.ID, nil)
	b.read(lea.ID, nil)
	b.now = b.now.Add(20 * time.Minute) // what was read is stale now
	b.read(ida.ID, nil)

	look := func() (open, people []string) {
		for cursor := ""; ; {
			r := b.want(200, manager, "GET", cycle+"/readiness?page_size=2"+cursor, nil)
			open = nil
			for _, x := range r.JSON["checklist"].([]any) {
				if step := x.(object); step["ok"] == false {
					open = append(open, fmt.Sprint(step["rule"]))
				}
			}
			for _, x := range r.JSON["items"].([]any) {
				row := x.(object)
				people = append(people, fmt.Sprintf("%v %v prepared %v calendar %v rules %v", row["person"].(object)["name"], row["role"], row["prepared"], row["calendar"], row["rules_accepted"]))
			}
			if r.JSON["next_cursor"] == nil {
				return open, people
			}
			cursor = "&cursor=" + fmt.Sprint(r.JSON["next_cursor"])
		}
	}
	open, people := look()
	if !slices.Equal(open, []string{"preparation"}) {
		t.Errorf("the checklist lacks %v", open)
	}
	want := []string{"ida mentor prepared true calendar known rules <nil>", "jon mentor prepared false calendar unknown rules <nil>", "lea supervisor prepared <nil> calendar stale rules <nil>"}
	if !slices.Equal(people, want) {
		t.Errorf("the people are\n%v, want\n%v", people, want)
	}
	b.want(201, manager, "POST", "/v1/preparations", object{"person_id": jon.ID, "programme_id": last(programme), "kind": "equivalent", "completed_on": "2026-12-01"})
	if open, _ := look(); len(open) != 0 {
		t.Errorf("the checklist lacks %v", open)
	}
}

func TestTheCriteriaAreReadByAllWhoTakePart(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	ida, mentor := b.person("ida", supervision.RoleMentor)
	cycle := b.cycle(manager, b.programme(manager), b.templates()["Combined"], "settings", object{
		"group_size": object{"min": 3, "max": 4, "target": 4}, "gap": object{"min_days": 21, "max_days": 60}, "weights": []object{{"wish": "W06", "weight": 50}},
		"blackouts": []object{{"from_on": "2027-03-22", "to_on": "2027-03-29", "name": "Easter"}}})
	b.want(201, manager, "POST", "/v1/enrolments", object{"cycle_id": last(cycle), "mentor_id": ida.ID})
	seen := b.want(200, mentor, "GET", cycle+"/criteria", nil)
	b.want(304, mentor, "GET", cycle+"/criteria", nil, "If-None-Match", seen.etag())
	values := map[any]any{}
	for _, x := range seen.JSON["rules"].([]any) {
		values[x.(object)["id"]] = x.(object)["value"]
	}
	for rule, want := range map[string]any{
		"H01": "3 to 4, target 4", "H14": "group 14 days, individual 7 days", "H16": "blackouts 2027-03-22 to 2027-03-29", "H18": "21 days",
		"H24": "5 working days to answer; silence is no answer", "H32": nil, "H33": "at most 60 days",
	} {
		if got, told := values[rule]; !told || got != want {
			t.Errorf("of %s it says %v, want %v", rule, got, want)
		}
	}
	for _, unbuilt := range []string{"H19", "H28", "H35", "H37", "H29"} { // a cohort asks for no living pair, and the others judge nothing yet
		if _, told := values[unbuilt]; told {
			t.Errorf("it promises %s", unbuilt)
		}
	}
	weights := map[any]any{}
	for _, x := range seen.JSON["wishes"].([]any) {
		weights[x.(object)["id"]] = x.(object)["weight"]
	}
	if weights["W06"] != 50.0 || weights["W01"] != 80.0 {
		t.Errorf("the wishes weigh %v", weights)
	}
}

func TestTheLawIsListed(t *testing.T) {
	b := build(t)
	_, anybody := b.person("jon")
	walk := func(query string) (ids []string) {
		for cursor := ""; ; {
			page := b.want(200, anybody, "GET", "/v1/constraints?page_size=7"+query+cursor, nil)
			for _, x := range page.JSON["items"].([]any) {
				ids = append(ids, fmt.Sprint(x.(object)["id"]))
			}
			if page.JSON["next_cursor"] == nil {
				return ids
			}
			cursor = "&cursor=" + fmt.Sprint(page.JSON["next_cursor"])
		}
	}
	all, rules, wishes := walk(""), walk("&kind=rule"), walk("&kind=wish")
	if !slices.IsSorted(all) || !slices.Equal(all, slices.Concat(rules, wishes)) || rules[0] != "H01" || wishes[0] != "W01" || slices.Contains(all, "pref") {
		t.Errorf("all %v, rules %v, wishes %v", all, rules, wishes)
	}
	first := b.want(200, anybody, "GET", "/v1/constraints?page_size=1", nil).JSON["items"].([]any)[0].(object)
	if first["never_relaxed"] != true || first["kind"] != "rule" || first["weight"] != nil || !slices.Equal(first["judged"].([]any), []any{"plan", "afterwards"}) {
		t.Errorf("H01 is %v", first)
	}
	b.want(401, "nobody", "GET", "/v1/constraints", nil)
}
