package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kreds/calendar/ics"
	"kreds/instance/scenario"
	"kreds/internal/testkit/caldavserver"
	"kreds/internal/testkit/postgres"
	"kreds/supervision"
)

// pilot is the small pilot of the scenario S1 on a real Radicale, taken over HTTP alone through a Kreds that runs on PostgreSQL.
// Its calendars are filled, and looked at, by other programs.
type pilot struct {
	*serving
	scenario  scenario.Scenario
	manager   string
	radicale  *caldavserver.Server
	tokens    map[string]string // by external id
	ids       map[string]string // of people, by external id
	passwords map[string]string
	calendars map[string]string // URLs, by external id
	cycle     string            // path
}

func TestThePilotIsPlannedPublishedAcceptedAndWrittenOverHTTP(t *testing.T) {
	p := openPilot(t)
	p.fill()
	p.design()
	p.connect()
	plan := p.plan()
	p.publish(plan)
	p.accept()
	confirmed := p.confirmed()
	p.written(confirmed)
	p.again(plan)
	p.disturbed(confirmed)
}

func openPilot(t *testing.T) *pilot {
	p := &pilot{scenario: scenario.S1(scenario.Plain).Shift(weeksUntil(time.Now())), tokens: map[string]string{}, passwords: map[string]string{}, calendars: map[string]string{}}
	var users []caldavserver.User
	for _, who := range p.scenario.People {
		if takesPart(p.scenario, who.ID) {
			p.passwords[who.ExternalID] = "pw of " + who.ExternalID
			users = append(users, caldavserver.User{Name: who.ExternalID, Password: p.passwords[who.ExternalID]})
		}
	}
	p.radicale = caldavserver.RadicaleFor(t, users...)
	for _, u := range users {
		p.calendars[u.Name] = p.radicale.Calendar(t, u)
	}
	lead, _ := p.scenario.Person(p.scenario.Programme.Lead)
	p.serving, p.manager = serve(t, map[string]string{"KREDS_DATABASE": postgres.New(t), "KREDS_OUTBOUND_ALLOW": fmt.Sprintf("http://127.0.0.1:%d=127.0.0.1/32", p.radicale.Port())},
		"--tenant", "Demo Pilot", "--organisation", p.organisation(lead.Organisation).ExternalID, "--country", "DK", "--time-zone", "Europe/Copenhagen",
		"--manager", lead.Name, "--email", lead.Email, "--external-id", lead.ExternalID)
	return p
}

func (p *pilot) organisation(id supervision.OrganisationID) supervision.Organisation {
	return p.scenario.Organisations[slices.IndexFunc(p.scenario.Organisations, func(o supervision.Organisation) bool { return o.ID == id })]
}

func (p *pilot) called(id supervision.PersonID) string {
	who, _ := p.scenario.Person(id)
	return who.ExternalID
}

func (p *pilot) user(external string) caldavserver.User {
	return caldavserver.User{Name: external, Password: p.passwords[external]}
}

// monday is the first Monday of a week of the cycle, counted from 0.
func (p *pilot) monday(week int) supervision.Date {
	return p.scenario.Cycle.Span.From.AddDays(7 * week)
}

// fill fills the calendars by khal and vdirsyncer, by python-caldav, and with files in the manner of big programs.
func (p *pilot) fill() {
	desk := p.desk("m0")
	day := p.monday(2)
	desk.khal("new", day.String(), "09:00", "12:00", "Strategy day (confidential)")
	desk.khal("new", day.AddDays(1).String(), "13:00", "16:00", "--repeat", "weekly", "--until", day.AddDays(60).String(), "Weekly")
	desk.sync()
	p.python("m1", p.monday(3).AddDays(2), 9, 15)
	p.python("s0", p.monday(4), 8, 12)
	for user, program := range map[string]string{"m2": "google-export", "m3": "apple", "m4": "outlook", "m5": "thunderbird"} {
		p.program(user, program)
	}
}

// exec runs a program that must succeed and returns what it prints.
func (p *pilot) exec(stdin, name string, args ...string) string {
	p.t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		p.t.Fatalf("%s is not installed; run sh scripts/test-deps.sh: %v", name, err)
	}
	c := exec.CommandContext(p.t.Context(), path, args...)
	c.Stdin = strings.NewReader(stdin)
	c.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "TZ=Europe/Copenhagen")
	var out, said bytes.Buffer
	c.Stdout, c.Stderr = &out, &said
	if err := c.Run(); err != nil {
		p.t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, &out, &said)
	}
	return out.String()
}

// python saves an event by python-caldav, on a day between two hours of Copenhagen.
func (p *pilot) python(user string, day supervision.Date, from, to int) {
	p.t.Helper()
	p.exec(fmt.Sprintf(`
import caldav
from datetime import datetime
from zoneinfo import ZoneInfo
client = caldav.DAVClient(url=%q, username=%q, password=%q)
calendar = caldav.Calendar(client=client, url=%q)
zone = ZoneInfo("Europe/Copenhagen")
calendar.save_event(dtstart=datetime(%[5]d, %[6]d, %[7]d, %[8]d, tzinfo=zone), dtend=datetime(%[5]d, %[6]d, %[7]d, %[9]d, tzinfo=zone), summary="Planning (confidential)")
`, p.radicale.URL, user, p.passwords[user], p.calendars[user], day.Year, int(day.Month), day.Day, from, to), debianPython(p.t), "-")
}

// debianPython is the interpreter that Debian's packages are installed for.
func debianPython(t *testing.T) string {
	if _, err := os.Stat("/usr/bin/python3"); err != nil {
		t.Fatalf("python3-caldav is not installed; run sh scripts/test-deps.sh: %v", err)
	}
	return "/usr/bin/python3"
}

// program puts a file in the manner of a big program into a calendar as its events, moved to weeks of the cycle.
func (p *pilot) program(user, program string) {
	p.t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "calendar", "ics", "testdata", "programs", program+".ics"))
	if err != nil {
		p.t.Fatal(err)
	}
	away := supervision.MustDate("2026-03-16").DaysUntil(p.monday(5)) // the files' events lie around that Monday
	moved := regexp.MustCompile(`\b2026\d{4}`).ReplaceAllStringFunc(string(text), func(day string) string {
		d, err := supervision.ParseDate(day[:4] + "-" + day[4:6] + "-" + day[6:])
		if err != nil {
			return day
		}
		return strings.ReplaceAll(d.AddDays(away).String(), "-", "")
	})
	// A file holds a whole calendar; on a CalDAV server each UID is an object of its own (RFC 4791 section 4.1).
	p.exec(fmt.Sprintf(`
import sys, caldav, icalendar
client = caldav.DAVClient(url=%q, username=%q, password=%q)
calendar = caldav.Calendar(client=client, url=%q)
whole = icalendar.Calendar.from_ical(open(%q, newline="").read())
zones = [c for c in whole.subcomponents if c.name == "VTIMEZONE"]
by_uid = {}
for c in whole.subcomponents:
    if c.name == "VEVENT":
        by_uid.setdefault(str(c["UID"]), []).append(c)
for uid, events in by_uid.items():
    one = icalendar.Calendar()
    one.add("prodid", whole["PRODID"]); one.add("version", "2.0")
    for c in zones + events:
        one.add_component(c)
    calendar.save_event(one.to_ical().decode())
print(len(by_uid))
`, p.radicale.URL, user, p.passwords[user], p.calendars[user], p.keep(moved)), debianPython(p.t), "-")
}

func (p *pilot) keep(text string) string {
	path := filepath.Join(p.t.TempDir(), "calendar.ics")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
	return path
}

// table writes rows as CSV.
func table(rows ...[]string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.WriteAll(rows)
	return b.String()
}

// design brings people, lines and pairs in as CSV, and makes programme, template and cycle.
func (p *pilot) design() {
	organisations := [][]string{{"external_id", "name", "kind", "country", "time_zone"}}
	for _, o := range p.scenario.Organisations {
		organisations = append(organisations, []string{o.ExternalID, o.Name, string(o.Kind), o.Country, o.TimeZone})
	}
	people := [][]string{{"external_id", "name", "email", "organisation", "time_zone", "languages", "roles", "seniority", "experience", "unit", "work_hours"}}
	for _, x := range p.scenario.People {
		var roles []string
		for _, r := range p.scenario.Roles {
			if r.Person == x.ID {
				roles = append(roles, string(r.Role))
			}
		}
		people = append(people, []string{x.ExternalID, x.Name, x.Email, p.organisation(x.Organisation).ExternalID, x.TimeZone, strings.Join(x.Languages, ";"),
			strings.Join(roles, ";"), strings.TrimSuffix(fmt.Sprintf("%d", x.Seniority), "0"), string(x.Experience), x.Unit, "Mon-Fri 08:00-17:00"})
	}
	lines := [][]string{{"person", "manager", "kind"}}
	for _, l := range p.scenario.Lines {
		lines = append(lines, []string{p.called(l.Person), p.called(l.Manager), string(l.Kind)})
	}
	pairs := [][]string{{"external_id", "kind", "mentors", "mentees", "start_on"}}
	for _, x := range p.scenario.Pairs {
		pairs = append(pairs, []string{x.ExternalID, string(x.Kind), p.called(x.Mentors[0]), p.called(x.Mentees[0]), x.Span.From.String()})
	}
	p.imported(p.manager, "organisations", table(organisations...))
	p.ids = p.imported(p.manager, "people", table(people...))
	p.imported(p.manager, "lines", table(lines...))
	p.imported(p.manager, "pairs", table(pairs...))

	g, c := p.scenario.Programme, p.scenario.Cycle
	programme := p.ask(http.StatusCreated, p.manager, "POST", "/v1/programmes", object{"name": g.Name, "mode": g.Mode, "scope": g.Scope, "setting": g.Setting,
		"purpose": g.Purpose, "start_on": g.Span.From.String(), "end_on": g.Span.To.String()})
	templates := p.ask(http.StatusOK, p.manager, "GET", "/v1/cycle-templates", nil).items()
	combined := slices.IndexFunc(templates, func(t object) bool { return strings.Contains(strings.ToLower(str(t, "name")), "combined") })
	if combined < 0 {
		p.t.Fatalf("there is no combined template among %v", templates)
	}
	cycle := p.ask(http.StatusCreated, p.manager, "POST", "/v1/cycles", object{"programme_id": programme.str("id"), "template_id": templates[combined]["id"],
		"name": c.Name, "time_zone": c.TimeZone, "from_on": c.Span.From.String(), "to_on": c.Span.To.String()})
	p.cycle = "/v1/cycles/" + cycle.str("id")
	for _, e := range p.scenario.Enrolments {
		p.ask(http.StatusCreated, p.manager, "POST", "/v1/enrolments", object{"cycle_id": cycle.str("id"), "mentor_id": p.ids[p.called(e.Mentor)]})
	}
	for _, a := range p.scenario.Assignments {
		p.ask(http.StatusCreated, p.manager, "POST", "/v1/supervisor-assignments",
			object{"cycle_id": cycle.str("id"), "supervisor_id": p.ids[p.called(a.Supervisor)], "share": a.Share})
	}
	now := p.ask(http.StatusOK, p.manager, "GET", p.cycle, nil)
	p.ask(http.StatusOK, p.manager, "PUT", p.cycle+"/state", object{"state": "designed"}, "If-Match", now.tag)
}

// connect lets everybody connect their calendar with a token of their own and waits until each was read.
func (p *pilot) connect() {
	for user, password := range p.passwords {
		p.tokens[user] = p.token(user, "self,logistics.read")
		made := p.ask(http.StatusCreated, p.tokens[user], "POST", "/v1/calendar-connections", object{"kind": "caldav", "url": p.radicale.URL + "/", "user": user, "password": password})
		p.await(p.tokens[user], "/v1/calendar-connections/"+made.str("id"), "the reading of "+user, func(a reply) bool {
			if a.str("state") == "degraded" || a.str("state") == "revoked" {
				p.t.Fatalf("the calendar of %s could not be read: %s", user, a.body)
			}
			return a.str("health") == "known"
		})
	}
}

// plan runs the planner and returns the path of a complete plan.
func (p *pilot) plan() string {
	begun := p.ask(http.StatusAccepted, p.manager, "POST", "/v1/plan-runs", object{"cycle_id": strings.TrimPrefix(p.cycle, "/v1/cycles/"), "seed": 1, "iterations": []int{20000}})
	done := p.await(p.manager, "/v1/plan-runs/"+begun.str("id"), "the run", func(a reply) bool { return a.str("state") != "queued" && a.str("state") != "running" })
	ids, _ := done.json["plan_ids"].([]any)
	if len(ids) != 1 {
		p.t.Fatalf("the run ended as %s", done.body)
	}
	path := "/v1/plans/" + fmt.Sprint(ids[0])
	plan := p.ask(http.StatusOK, p.manager, "GET", path, nil)
	if plan.json["session_count"] != 17.0 || len(plan.json["unassigned"].([]any)) != 0 || plan.json["score"].(object)["hard"] != 0.0 {
		p.t.Fatalf("the plan is %s", plan.body)
	}
	return path
}

func (p *pilot) publish(plan string) {
	draft := p.ask(http.StatusOK, p.manager, "GET", plan, nil)
	done := p.ask(http.StatusOK, p.manager, "POST", plan+"/publication", object{}, "If-Match", draft.tag)
	if done.json["put"] != 17.0 {
		p.t.Errorf("the publication is %s", done.body)
	}
}

func (p *pilot) accept() {
	for _, e := range p.scenario.Enrolments {
		token := p.tokens[p.called(e.Mentor)]
		for _, seat := range p.ask(http.StatusOK, token, "GET", "/v1/placements", nil).items() {
			p.ask(http.StatusOK, token, "POST", "/v1/placements/"+str(seat, "id")+"/acceptance", object{}, "If-Match", str(seat, "etag"))
		}
	}
}

// confirmed waits until all sessions are.
func (p *pilot) confirmed() []object {
	return p.await(p.manager, "/v1/sessions?state=confirmed&page_size=200", "the confirmation of all", func(a reply) bool { return len(a.items()) == 17 }).items()
}

// people are the external ids of those who are in a session.
func (p *pilot) people(session object) (in []string) {
	external := map[string]string{}
	for name, id := range p.ids {
		external[id] = name
	}
	in = append(in, external[str(session["supervisor"].(object), "id")])
	for _, m := range session["mentors"].([]any) {
		in = append(in, external[str(m.(object), "id")])
	}
	return in
}

// written waits for the events and looks at them through khal: each session is in each participant's calendar exactly once.
func (p *pilot) written(sessions []object) {
	want := map[string][]string{}
	for _, x := range sessions {
		at, err := time.Parse(time.RFC3339, str(x, "start"))
		if err != nil {
			p.t.Fatal(err)
		}
		for _, who := range p.people(x) {
			want[who] = append(want[who], at.In(copenhagen(p.t)).Format("2006-01-02 15:04"))
		}
	}
	events := 0
	for user, token := range p.tokens {
		p.await(token, "/v1/sessions?page_size=200", "the writing for "+user, func(a reply) bool {
			return !slices.ContainsFunc(a.items(), func(x object) bool { return str(x, "delivery") != "done" })
		})
		got := p.shown(user)
		slices.Sort(got)
		slices.Sort(want[user])
		if !slices.Equal(got, want[user]) {
			p.t.Errorf("khal shows %s %q, want %q", user, got, want[user])
		}
		events += len(got)
	}
	if events != 47 {
		p.t.Errorf("%d events stand in the calendars, want 47", events)
	}
}

func copenhagen(t *testing.T) *time.Location {
	loc, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// shown are the starts of the sessions that khal shows a user, over the whole cycle.
func (p *pilot) shown(user string) (starts []string) {
	span := p.scenario.Cycle.Span
	for line := range strings.Lines(p.desk(user).khal("list", "--format", "{start-long-full}|{title}", "--day-format", "", span.From.String(), span.To.String())) {
		if at, title, ok := strings.Cut(strings.TrimSpace(line), "|"); ok && title == ics.Summary {
			starts = append(starts, at)
		}
	}
	return starts
}

// again publishes the plan that is published: nothing changes.
func (p *pilot) again(plan string) {
	before := p.ask(http.StatusOK, p.manager, "GET", "/v1/sessions?page_size=200", nil)
	there := p.ask(http.StatusOK, p.manager, "GET", plan, nil)
	done := p.ask(http.StatusOK, p.manager, "POST", plan+"/publication", object{}, "If-Match", there.tag)
	after := p.ask(http.StatusOK, p.manager, "GET", "/v1/sessions?page_size=200", nil)
	if !bytes.Equal(before.body, after.body) || done.str("etag") != there.str("etag") {
		p.t.Errorf("a second publication changed %s into %s", before.body, after.body)
	}
}

// disturbed puts an event over a session by another program: the next reading sees it, and the session is flagged.
func (p *pilot) disturbed(sessions []object) {
	x := sessions[slices.IndexFunc(sessions, func(x object) bool { return str(x, "kind") == "group" })]
	mentor := p.people(x)[1]
	at, err := time.Parse(time.RFC3339, str(x, "start"))
	if err != nil {
		p.t.Fatal(err)
	}
	local := at.In(copenhagen(p.t))
	p.python(mentor, supervision.DateOf(local), local.Hour(), local.Hour()+2)
	token := p.tokens[mentor]
	connection := p.ask(http.StatusOK, token, "GET", "/v1/calendar-connections", nil).items()[0]
	p.ask(http.StatusAccepted, token, "POST", "/v1/calendar-connections/"+str(connection, "id")+"/sync", nil, "If-Match", str(connection, "etag"))
	flagged := p.await(p.manager, "/v1/sessions/"+str(x, "id"), "the flag", func(a reply) bool { return len(a.json["attention"].([]any)) > 0 })
	if bytes.Contains(flagged.body, []byte("Planning")) {
		p.t.Errorf("the session tells a title of %s: %s", mentor, flagged.body)
	}
	for _, other := range sessions {
		now := p.ask(http.StatusOK, p.manager, "GET", "/v1/sessions/"+str(other, "id"), nil)
		if n := len(now.json["attention"].([]any)); n > 0 && str(other, "id") != str(x, "id") {
			p.t.Errorf("a session that nothing touches is flagged: %s", now.body)
		}
	}
}
