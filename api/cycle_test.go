package api_test

import (
	"fmt"
	"slices"
	"testing"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// templates gives the house the built-in templates and returns their ids by name.
func (b *built) templates() map[string]string {
	b.t.Helper()
	ids := map[string]string{}
	b.must(func(tx *store.Tx) error {
		for _, t := range supervision.BuiltInTemplates() {
			t.ID = service.New[supervision.TemplateID](b.House)
			ids[t.Name] = t.ID.String()
			if err := tx.PutTemplate(t); err != nil {
				return err
			}
		}
		return nil
	})
	return ids
}

var newCycle = object{"name": "Spring", "time_zone": "Europe/Copenhagen", "from_on": "2027-02-01", "to_on": "2027-06-30"}

// cycle makes a cycle and returns its path.
func (b *built) cycle(manager, programme, template string, members ...any) string {
	b.t.Helper()
	body := amend(amend(newCycle, "programme_id", last(programme), "template_id", template), members...)
	return "/v1/cycles/" + idIn(b.want(201, manager, "POST", "/v1/cycles", body))
}

// rounds are the rounds of a cycle as they are sent back: without what is only shown.
func (b *built) rounds(manager, cycle string) (list []object, tag string) {
	b.t.Helper()
	r := b.want(200, manager, "GET", cycle, nil)
	for _, x := range r.JSON["rounds"].([]any) {
		list = append(list, amend(x.(object), "n", nil))
	}
	return list, fmt.Sprint(r.JSON["etag"])
}

func roundKinds(cycle reply) (kinds, ns []string) {
	for _, x := range cycle.JSON["rounds"].([]any) {
		kinds = append(kinds, fmt.Sprint(x.(object)["kind"]))
		ns = append(ns, fmt.Sprint(x.(object)["n"]))
	}
	return kinds, ns
}

func TestACycleIsMadeFromEachBuiltInTemplate(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	programme, templates := b.programme(manager), b.templates()
	i, g, n := "individual", "group", "introduction"
	for name, want := range map[string][]string{"Individual": {n, i, i, i, i}, "Group": {n, g, g, g, g}, "Combined": {n, i, g, g, i}} {
		path := b.cycle(manager, programme, templates[name])
		cycle := b.want(200, manager, "GET", path, nil)
		kinds, ns := roundKinds(cycle)
		if !slices.Equal(kinds, want) || !slices.Equal(ns, []string{"<nil>", "1", "2", "3", "4"}) {
			t.Errorf("%s has the rounds %v numbered %v", name, kinds, ns)
		}
		if format := map[string]string{"Individual": i, "Group": g, "Combined": "combined"}[name]; cycle.JSON["format"] != format || cycle.JSON["state"] != "draft" {
			t.Errorf("%s is %v, %v", name, cycle.JSON["format"], cycle.JSON["state"])
		}
	}
	// 150 days: the targets lie at an eighth, three eighths …, each window 14 days on both sides and within the programme.
	cycle := b.want(200, manager, "GET", b.cycle(manager, programme, templates["Combined"], "introduction_dates", 3), nil)
	var windows []string
	for _, x := range cycle.JSON["rounds"].([]any) {
		r := x.(object)
		windows = append(windows, fmt.Sprintf("%v %v %v", r["open_on"], r["target_on"], r["close_on"]))
	}
	want := []string{"2027-02-01 2027-02-02 2027-02-04", "2027-02-05 2027-02-19 2027-03-05", "2027-03-15 2027-03-29 2027-04-12", "2027-04-21 2027-05-05 2027-05-19", "2027-05-29 2027-06-12 2027-06-26"}
	if !slices.Equal(windows, want) {
		t.Errorf("the windows are\n%v, want\n%v", windows, want)
	}
	if dates := cycle.JSON["rounds"].([]any)[0].(object)["dates"]; dates != 3.0 {
		t.Errorf("the introduction has %v dates", dates)
	}
}

func TestACycleSaysByWhatItIsPlanned(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	programme, templates := b.programme(manager), b.templates()
	blackouts := []object{{"from_on": "2027-03-22", "to_on": "2027-03-29", "name": "Easter"}}
	path := b.cycle(manager, programme, templates["Group"], "settings", object{"blackouts": blackouts, "weights": []object{{"wish": "W06", "weight": 50}}})
	made := b.want(200, manager, "GET", path, nil)
	settings := made.JSON["settings"].(object)
	if size := settings["group_size"].(object); size["min"] != 3.0 || size["max"] != 5.0 || size["target"] != 4.0 {
		t.Errorf("groups of %v", size)
	}
	if got := settings["blackouts"].([]any); len(got) != 1 || got[0].(object)["name"] != "Easter" {
		t.Errorf("blackouts %v", got)
	}
	weights := map[any]any{}
	for _, w := range settings["weights"].([]any) {
		weights[w.(object)["wish"]] = w.(object)["weight"]
	}
	if weights["W06"] != 50.0 || weights["W01"] != 80.0 {
		t.Errorf("weights %v", weights)
	}
	changed := b.want(200, manager, "PATCH", path, object{"name": "Summer", "settings": object{
		"group_size": object{"min": 4, "max": 5, "target": 5}, "gap": object{"min_days": 21, "max_days": nil}, "buffer_minutes": 0}}, "If-Match", made.etag())
	settings = changed.JSON["settings"].(object)
	if changed.JSON["name"] != "Summer" || settings["group_size"].(object)["target"] != 5.0 || settings["buffer_minutes"] != 0.0 || len(settings["blackouts"].([]any)) != 1 {
		t.Errorf("it became %s", changed.Body)
	}
	b.refused(412, "stale-tag", b.do(manager, "PATCH", path, object{"name": "Autumn"}, "If-Match", made.etag()))
	b.want(200, manager, "PATCH", path, object{"name": "Summer"}, "If-Match", made.etag()) // the step is already taken
}

func TestACycleThatCannotBeRightIsRefused(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	programme, templates := b.programme(manager), b.templates()
	_, foreign := b.stranger()
	body := amend(newCycle, "programme_id", last(programme), "template_id", templates["Group"])
	sized := func(min, max, target int) object {
		return amend(body, "settings", object{"group_size": object{"min": min, "max": max, "target": target}})
	}
	nowhere := "01a303c2-e000-7000-8000-0000000000d1"
	for name, c := range map[string]struct {
		body    object
		code    string
		pointer string
	}{
		"groups of two":                    {sized(2, 5, 4), "invalid", "/settings/group_size/min"},
		"groups of six":                    {sized(3, 6, 4), "invalid", "/settings/group_size/max"},
		"a target outside":                 {sized(3, 4, 5), "invalid", "/settings/group_size/target"},
		"an end before its start":          {amend(body, "to_on", "2027-01-31"), "invalid", "/to_on"},
		"a zone of no place":               {amend(body, "time_zone", "Mars/Olympus"), "invalid", "/time_zone"},
		"a zone of Windows":                {amend(body, "time_zone", "Romance Standard Time"), "invalid", "/time_zone"},
		"days before the programme":        {amend(body, "from_on", "2027-01-31"), "outside-programme", "/from_on"},
		"days after the programme":         {amend(body, "to_on", "2027-07-01"), "outside-programme", "/to_on"},
		"no programme":                     {amend(body, "programme_id", nowhere), "invalid", "/programme_id"},
		"no template":                      {amend(body, "template_id", nowhere), "invalid", "/template_id"},
		"one wish weighed twice":           {amend(body, "settings", object{"weights": []object{{"wish": "W06", "weight": 1}, {"wish": "W06", "weight": 2}}}), "invalid", "/settings/weights/1/wish"},
		"a step no day is divided by":      {amend(body, "settings", object{"start_step_minutes": 75}), "invalid", "/settings/start_step_minutes"},
		"silence that would speak":         {amend(body, "settings", object{"silence_is_consent": true}), "invalid", "/settings/silence_is_consent"},
		"a longest gap below the shortest": {amend(body, "settings", object{"gap": object{"min_days": 20, "max_days": 10}}), "invalid", "/settings/gap/max_days"},
		"a blackout that ends before it starts": {amend(body, "settings", object{"blackouts": []object{{"from_on": "2027-03-02", "to_on": "2027-03-01", "name": "x"}}}),
			"invalid", "/settings/blackouts/0/to_on"},
		"supervisors without any limit": {amend(body, "settings", object{"supervisor_limits": object{"day_sessions": nil, "day_minutes": nil, "week_sessions": nil, "week_minutes": nil}}),
			"invalid", "/settings/supervisor_limits"},
	} {
		t.Run(name, func(t *testing.T) {
			b := b.in(t)
			b.refused(422, c.code, b.do(manager, "POST", "/v1/cycles", c.body), c.pointer)
		})
	}
	b.programme(foreign)
	b.refused(422, "invalid", b.do(foreign, "POST", "/v1/cycles", body), "/programme_id")

	short := b.want(201, manager, "POST", "/v1/cycle-templates", object{"name": "No introduction", "rounds": []object{{"kind": "individual"}}})
	b.refused(422, "invalid", b.do(manager, "POST", "/v1/cycles", amend(body, "template_id", idIn(short), "introduction_dates", 2)), "/introduction_dates")
}

func TestATemplateIsAddedAndNeverChanges(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	_, mentor := b.person("ida", supervision.RoleMentor)
	_, foreign := b.stranger()
	b.templates()
	body := object{"name": "Short", "rounds": []object{
		{"kind": "introduction", "duration_minutes": 90}, {"kind": "group", "grouping": "remix", "duration_by_size": []object{{"size": 3, "duration_minutes": 90}}, "mode": "in_person"}}}
	made := b.want(201, manager, "POST", "/v1/cycle-templates", body, "Idempotency-Key", "k1")
	if again := b.want(201, manager, "POST", "/v1/cycle-templates", body, "Idempotency-Key", "k1"); idIn(again) != idIn(made) {
		t.Error("a repeat made another")
	}
	rounds := made.JSON["rounds"].([]any)
	if made.JSON["format"] != "group" || made.JSON["built_in"] != false || rounds[0].(object)["dates"] != 1.0 || rounds[1].(object)["mode"] != "in_person" {
		t.Errorf("it is %s", made.Body)
	}
	read := b.want(200, manager, "GET", "/v1/cycle-templates/"+idIn(made), nil)
	b.want(304, manager, "GET", "/v1/cycle-templates/"+idIn(made), nil, "If-None-Match", read.etag())
	list := b.want(200, manager, "GET", "/v1/cycle-templates", nil).JSON["items"].([]any)
	if len(list) != 4 || list[0].(object)["built_in"] != true || list[3].(object)["id"] != made.JSON["id"] {
		t.Errorf("the templates are %v", list)
	}
	b.want(404, foreign, "GET", "/v1/cycle-templates/"+idIn(made), nil)
	if r := b.do(mentor, "GET", "/v1/cycle-templates/"+idIn(made), nil); r.Code != 403 && r.Code != 404 {
		t.Errorf("a mentor without a cycle reads it: %d", r.Code)
	}
	b.want(403, mentor, "POST", "/v1/cycle-templates", body)

	one := func(members ...any) object {
		return object{"name": "x", "rounds": []object{amend(object{"kind": "group", "grouping": "closed"}, members...)}}
	}
	for name, c := range map[string]struct {
		body    object
		pointer string
	}{
		"a group without a grouping":      {one("grouping", nil), "/rounds/0/grouping"},
		"a talk with a grouping":          {one("kind", "individual"), "/rounds/0/grouping"},
		"a group of an hour":              {one("duration_minutes", 60), "/rounds/0/duration_minutes"},
		"no whole quarters":               {one("duration_minutes", 80), "/rounds/0/duration_minutes"},
		"two lengths":                     {one("duration_minutes", 90, "duration_by_size", []object{{"size": 3, "duration_minutes": 90}}), "/rounds/0/duration_by_size"},
		"one size twice":                  {one("duration_by_size", []object{{"size": 3, "duration_minutes": 90}, {"size": 3, "duration_minutes": 120}}), "/rounds/0/duration_by_size"},
		"groups of two":                   {one("duration_by_size", []object{{"size": 2, "duration_minutes": 90}}), "/rounds/0/duration_by_size/0/size"},
		"an introduction and no more":     {object{"name": "x", "rounds": []object{{"kind": "introduction"}}}, "/rounds"},
		"an introduction that comes late": {object{"name": "x", "rounds": []object{{"kind": "individual"}, {"kind": "introduction"}}}, "/rounds/1/kind"},
	} {
		t.Run(name, func(t *testing.T) {
			b := b.in(t)
			b.refused(422, "invalid", b.do(manager, "POST", "/v1/cycle-templates", c.body), c.pointer)
		})
	}
}

func TestTheRoundsOfADraftAreEdited(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	path := b.cycle(manager, b.programme(manager), b.templates()["Combined"])
	rounds, tag := b.rounds(manager, path)
	same := b.want(200, manager, "PUT", path+"/rounds", object{"rounds": rounds}, "If-Match", `"9-m"`)
	if same.etag() != tag {
		t.Errorf("what is there already has become %s", same.etag())
	}
	kept := rounds[1]["id"]
	edited := []object{rounds[0], amend(rounds[1], "close_on", "2027-03-10", "priority", 3, "site", "Aarhus"),
		{"kind": "group", "grouping": "remix", "duration_by_size": []object{{"size": 3, "duration_minutes": 90}, {"size": 4, "duration_minutes": 120}}, "open_on": "2027-03-01", "close_on": "2027-03-31"}}
	put := b.want(200, manager, "PUT", path+"/rounds", object{"rounds": edited}, "If-Match", tag)
	got, _ := b.rounds(manager, path)
	if len(got) != 3 || got[1]["id"] != kept || got[1]["close_on"] != "2027-03-10" || got[1]["priority"] != 3.0 || got[1]["site"] != "Aarhus" || got[2]["grouping"] != "remix" || got[2]["target_on"] != nil {
		t.Errorf("the rounds are %v", got)
	}
	if put.etag() == tag {
		t.Error("the cycle has kept its tag")
	}
	b.refused(412, "stale-tag", b.do(manager, "PUT", path+"/rounds", object{"rounds": rounds[:2]}, "If-Match", tag))
	alone := b.want(200, manager, "PUT", path+"/rounds", object{"rounds": got[:2]}, "If-Match", put.etag())
	if alone.JSON["format"] != "individual" {
		t.Errorf("with talks alone it is %v", alone.JSON["format"])
	}
}

func TestRoundsThatCannotBeRightAreRefused(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	programme, templates := b.programme(manager), b.templates()
	path := b.cycle(manager, programme, templates["Combined"], "from_on", "2027-02-15", "to_on", "2027-05-31")
	theirs, _ := b.rounds(manager, b.cycle(manager, programme, templates["Combined"]))
	rounds, tag := b.rounds(manager, path)
	edit := func(i int, members ...any) object {
		list := slices.Clone(rounds)
		list[i] = amend(list[i], members...)
		return object{"rounds": list}
	}
	for name, c := range map[string]struct {
		body    object
		code    string
		pointer string
	}{
		"a window before the programme":     {edit(1, "open_on", "2027-01-31"), "outside-programme", "/rounds/1/open_on"},
		"a window after the programme":      {edit(4, "close_on", "2027-07-01"), "outside-programme", "/rounds/4/close_on"},
		"a window outside of the cycle":     {edit(4, "open_on", "2027-06-01", "close_on", "2027-06-20", "target_on", nil), "invalid", "/rounds/4/open_on"},
		"a window that ends before it":      {edit(2, "open_on", "2027-04-01", "close_on", "2027-03-01"), "invalid", "/rounds/2/close_on"},
		"a target outside of its window":    {edit(2, "target_on", "2027-02-16"), "invalid", "/rounds/2/target_on"},
		"a round over before the one ahead": {object{"rounds": []object{rounds[0], rounds[3], rounds[1]}}, "invalid", "/rounds/2/close_on"},
		"an introduction after a talk":      {object{"rounds": []object{rounds[1], rounds[0]}}, "invalid", "/rounds/1/kind"},
		"a round of another cycle":          {object{"rounds": []object{rounds[0], amend(rounds[1], "id", theirs[1]["id"])}}, "invalid", "/rounds/1/id"},
		"one round twice":                   {object{"rounds": []object{rounds[0], rounds[1], rounds[1]}}, "invalid", "/rounds/2/id"},
		"a talk of three hours":             {edit(1, "duration_minutes", 180), "invalid", "/rounds/1/duration_minutes"},
		"no round at all":                   {object{"rounds": []object{}}, "invalid", "/rounds"},
	} {
		t.Run(name, func(t *testing.T) {
			b := b.in(t)
			b.refused(422, c.code, b.do(manager, "PUT", path+"/rounds", c.body, "If-Match", tag), c.pointer)
		})
	}
}

func TestDaysAndRoundsOfADraftMoveOneAfterTheOther(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	lea, _ := b.person("lea", supervision.RoleSupervisor)
	path := b.cycle(manager, b.programme(manager, "end_on", "2027-12-31"), b.templates()["Individual"], "to_on", "2027-05-31")
	b.want(201, manager, "POST", "/v1/supervisor-assignments", object{"cycle_id": last(path), "supervisor_id": lea.ID})
	moved := b.want(200, manager, "PATCH", path, object{"from_on": "2027-08-01", "to_on": "2027-12-31"}, "If-Match", `"1-m"`)
	open := b.do(manager, "PUT", path+"/state", object{"state": "designed"}, "If-Match", moved.etag())
	b.refused(409, "checklist-open", open)
	if reasons := open.JSON["reasons"].([]any); len(reasons) != 1 || reasons[0].(object)["rule"] != "rounds" {
		t.Errorf("the reasons are %v", reasons)
	}
	rounds, tag := b.rounds(manager, path)
	for i, day := range []string{"2027-08-0", "2027-09-0", "2027-10-0", "2027-11-0", "2027-12-0"} {
		rounds[i] = amend(rounds[i], "open_on", day+"1", "close_on", day+"9", "target_on", day+"5")
	}
	put := b.want(200, manager, "PUT", path+"/rounds", object{"rounds": rounds}, "If-Match", tag)
	designed := b.want(200, manager, "PUT", path+"/state", object{"state": "designed"}, "If-Match", put.etag())
	b.refused(422, "invalid", b.do(manager, "PATCH", path, object{"to_on": "2027-11-30"}, "If-Match", designed.etag()), "/from_on")
}

func TestTheStatesOfACycle(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	lea, _ := b.person("lea", supervision.RoleSupervisor)
	programme := b.programme(manager, "purpose", "Too short.")
	path := b.cycle(manager, programme, b.templates()["Combined"])
	state := func(to, tag string) reply {
		return b.do(manager, "PUT", path+"/state", object{"state": to, "note": "as agreed"}, "If-Match", tag)
	}
	open := state("designed", `"1-m"`)
	b.refused(409, "checklist-open", open)
	var rules []string
	for _, r := range open.JSON["reasons"].([]any) {
		rules = append(rules, fmt.Sprint(r.(object)["rule"]))
	}
	if !slices.Equal(rules, []string{"purpose", "supervisor"}) {
		t.Errorf("the checklist lacks %v", rules)
	}
	b.want(200, manager, "PATCH", programme, object{"purpose": "New leaders find their own way of leading."}, "If-Match", `"1-m"`)
	b.want(201, manager, "POST", "/v1/supervisor-assignments", object{"cycle_id": last(path), "supervisor_id": lea.ID})

	b.refused(412, "stale-tag", state("designed", `"7-m"`))
	running := state("running", `"1-m"`)
	b.refused(409, "invalid-transition", running)
	designed := state("designed", `"1-m"`)
	if designed.Code != 200 || designed.JSON["state"] != "designed" || designed.etag() != `"2-m"` {
		t.Fatalf("designed: %d %s", designed.Code, designed.Body)
	}
	if again := state("designed", `"1-m"`); again.Code != 200 || again.etag() != `"2-m"` {
		t.Errorf("a step already taken was answered by %d", again.Code)
	}
	for _, to := range []string{"running", "paused", "closing", "closed"} {
		b.refused(409, "invalid-transition", state(to, `"2-m"`))
	}
	b.want(200, manager, "PUT", path+"/state", object{"state": "draft"}, "If-Match", `"2-m"`)
	b.want(200, manager, "PUT", path+"/state", object{"state": "cancelled"}, "If-Match", `"3-m"`)
	b.refused(409, "invalid-transition", state("draft", `"4-m"`))
	b.refused(409, "cycle-closed", b.do(manager, "PATCH", path, object{"name": "Late"}, "If-Match", `"4-m"`))
	rounds, tag := b.rounds(manager, path)
	b.refused(409, "cycle-closed", b.do(manager, "PUT", path+"/rounds", object{"rounds": rounds[:2]}, "If-Match", tag))
}

func TestACycleIsSeenByItsPeopleWithoutItsSettings(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	ida, mentor := b.person("ida", supervision.RoleMentor)
	jon, outsider := b.person("jon", supervision.RoleMentor)
	other, elsewhere := b.person("otto")
	_, foreign := b.stranger()
	programme, templates := b.programme(manager), b.templates()
	path := b.cycle(manager, programme, templates["Combined"])
	b.give(other, supervision.RoleProgrammeManager, supervision.ScopeProgramme, last(b.programme(manager, "name", "Another")))
	b.want(403, mentor, "GET", path, nil) // who takes part in nothing sees none
	b.want(201, manager, "POST", "/v1/enrolments", object{"cycle_id": last(path), "mentor_id": ida.ID})
	aside := b.cycle(manager, programme, templates["Group"])
	b.want(201, manager, "POST", "/v1/enrolments", object{"cycle_id": last(aside), "mentor_id": jon.ID})
	b.programme(foreign)

	seen := b.want(200, mentor, "GET", path, nil)
	if _, shown := seen.JSON["settings"]; shown || seen.JSON["etag"] != `"1-r"` || len(seen.JSON["rounds"].([]any)) != 5 {
		t.Errorf("a mentor sees %s", seen.Body)
	}
	if _, shown := seen.JSON["published_plan_id"]; shown {
		t.Error("a mentor sees the plan")
	}
	b.want(403, mentor, "PATCH", path, object{"name": "Mine"}, "If-Match", seen.etag())
	b.want(403, mentor, "PUT", path+"/state", object{"state": "cancelled"}, "If-Match", seen.etag())
	b.want(403, mentor, "GET", path+"/readiness", nil)
	for who, token := range map[string]string{"a manager of another programme": elsewhere, "a mentor of another cycle": outsider, "another house": foreign} {
		for _, at := range []string{"", "/criteria"} {
			if r := b.do(token, "GET", path+at, nil); r.Code != 404 {
				t.Errorf("%s reads %q: %d", who, at, r.Code)
			}
		}
		for _, x := range b.want(200, token, "GET", "/v1/cycles", nil).JSON["items"].([]any) {
			if x.(object)["id"] == last(path) {
				t.Errorf("%s lists it", who)
			}
		}
	}
	for _, put := range []struct {
		at   string
		body object
	}{{"/state", object{"state": "cancelled"}}, {"/rounds", object{"rounds": []object{{"kind": "individual", "open_on": "2027-03-01", "close_on": "2027-03-09"}}}}} {
		b.want(404, elsewhere, "PUT", path+put.at, put.body, "If-Match", `"1-m"`)
	}
	b.want(404, elsewhere, "GET", path+"/readiness", nil)
}

func TestCyclesAreListedByTheirFirstDay(t *testing.T) {
	b := build(t)
	_, manager := b.person("mona", supervision.RoleProgrammeManager)
	programme, template := b.programme(manager), b.templates()["Individual"]
	for _, day := range []string{"2027-03-01", "2027-02-01", "2027-04-01"} {
		b.cycle(manager, programme, template, "name", day, "from_on", day)
	}
	b.cycle(manager, b.programme(manager), template, "name", "of another")
	walk := func(query string) (names []string) {
		for cursor := ""; ; {
			page := b.want(200, manager, "GET", "/v1/cycles?page_size=1&programme_id="+last(programme)+query+cursor, nil)
			for _, x := range page.JSON["items"].([]any) {
				names = append(names, fmt.Sprint(x.(object)["name"]))
			}
			if page.JSON["next_cursor"] == nil {
				return names
			}
			cursor = "&cursor=" + fmt.Sprint(page.JSON["next_cursor"])
		}
	}
	if got := walk(""); !slices.Equal(got, []string{"2027-04-01", "2027-03-01", "2027-02-01"}) {
		t.Errorf("the newest first: %v", got)
	}
	if got := walk("&order=from_on"); !slices.Equal(got, []string{"2027-02-01", "2027-03-01", "2027-04-01"}) {
		t.Errorf("the oldest first: %v", got)
	}
	if got := walk("&state=running,paused"); len(got) != 0 {
		t.Errorf("none runs: %v", got)
	}
}
