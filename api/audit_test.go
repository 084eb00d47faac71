package api_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"kreds/instance/scenario"
	"kreds/store"
	"kreds/supervision"
)

// audited lists the audit of an action in the order in which it was written.
func (b *built) audited(a supervision.Action) (list []supervision.Audit) {
	b.t.Helper()
	err := b.Store.View(b.t.Context(), b.actor, func(tx *store.Tx) (err error) {
		list, err = tx.ListAudit(store.AuditFilter{Action: a}, store.Page{Size: 1000})
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return list
}

// outcomes counts the audit of an action by outcome.
func (b *built) outcomes(a supervision.Action) map[string]int {
	n := map[string]int{}
	for _, e := range b.audited(a) {
		n[e.Outcome]++
	}
	return n
}

// Whatever is made stands in the audit by its id, whoever made it and by whichever operation.
func TestTheAuditNamesWhatWasMade(t *testing.T) {
	w := newWorld(t)
	told := 0
	for _, row := range slices.Concat(accessToPeople, accessToCycles, accessToCalendars) {
		op, _, _ := strings.Cut(row.op, " ")
		by := strings.Index(strings.ReplaceAll(row.cells, " ", ""), "+")
		if !strings.HasPrefix(op, "create") || by < 0 {
			continue
		}
		b := w.copy(t)
		b.actor = w.actor
		r := b.do(w.secret[actors[by]], "POST", w.fill(row.path), bodyOf(w.fill(row.body)))
		if r.Code >= 300 {
			t.Errorf("%s as %s: %d %s", row.op, actors[by], r.Code, r.Body)
			continue
		}
		made := r.JSON["id"]
		if feed, ok := r.JSON["feed"].(object); ok {
			made = feed["id"]
		}
		entries := b.audited(supervision.Action(strings.TrimSuffix(op, ":")))
		if len(entries) == 0 {
			t.Errorf("%s is not in the audit", row.op)
			continue
		}
		if last := entries[len(entries)-1]; last.Object.String() != fmt.Sprint(made) || last.Outcome != "done" {
			t.Errorf("%s made %v, the audit names %s of the kind %s", row.op, made, last.Object, last.ObjectKind)
		}
		told++
	}
	if told < 15 {
		t.Errorf("only %d operations make something", told)
	}
}

// What the law refuses is noted beside what was done: of the plan, by whom and how often, and not why. Whoever tries out who
// may sit with whom leaves a trace.
func TestRefusedMovesAndChecksAreNoted(t *testing.T) {
	onBoth(t, func(t *testing.T, b *built) {
		s := scenario.S1(scenario.Plain)
		manager := b.stage(s)[s.Programme.Lead]
		path := b.planned(s, manager)
		one := b.planSession(manager, path, "individual")
		start, _ := time.Parse(time.RFC3339, fmt.Sprint(one["start"]))
		night := object{"plan_session_id": one["id"], "start": time.Date(start.Year(), start.Month(), start.Day(), 1, 0, 0, 0, time.UTC)}
		tag := b.want(200, manager, "GET", path, nil).etag()

		b.want(422, manager, "POST", path+"/moves", night, "If-Match", tag)
		b.want(422, manager, "POST", path+"/moves", night, "If-Match", tag)
		if n := b.outcomes("movePlanSession"); n["refused"] != 2 || n["done"] != 0 {
			t.Errorf("after two refused moves the audit holds %v", n)
		}
		b.want(412, manager, "POST", path+"/moves", night, "If-Match", `"77-m"`)
		if n := b.outcomes("movePlanSession"); n["refused"] != 2 {
			t.Errorf("a stale tag is no refusal of the law: %v", n)
		}
		same := object{"plan_session_id": one["id"], "start": start}
		b.want(200, manager, "POST", path+"/move-checks", object{"moves": []object{same}})
		if n := b.outcomes("checkMoves"); len(n) != 0 {
			t.Errorf("a lawful check is in the audit: %v", n)
		}
		b.want(200, manager, "POST", path+"/move-checks", object{"moves": []object{same, night, night}})
		if n := b.outcomes("checkMoves"); n["refused"] != 1 {
			t.Errorf("after a check of unlawful moves the audit holds %v", n)
		}
		for _, e := range append(b.audited("movePlanSession"), b.audited("checkMoves")...) {
			if e.Actor.Person != s.Programme.Lead || "/v1/plans/"+e.Object.String() != path || e.ObjectKind != "plan" || e.Note != "" {
				t.Errorf("the entry %+v", e)
			}
		}
	})
}

// More refusals of one person than happen by accident are a warning to the operator, which names the person by id alone.
func TestManyRefusalsAreAWarning(t *testing.T) {
	onBoth(t, func(t *testing.T, b *built) {
		s := scenario.S1(scenario.Plain)
		manager := b.stage(s)[s.Programme.Lead]
		path := b.planned(s, manager)
		one := b.planSession(manager, path, "individual")
		check := object{"moves": []object{{"plan_session_id": one["id"], "start": "2027-01-01T00:00:00Z"}}}
		var log bytes.Buffer
		b.Log = slog.New(slog.NewTextHandler(&log, nil))
		for n := 1; n <= 11; n++ {
			if log.Len() > 0 {
				t.Fatalf("before the %dth refusal the log says %s", n, &log)
			}
			b.want(200, manager, "POST", path+"/move-checks", check)
			b.now = b.now.Add(time.Hour)
		}
		if !strings.Contains(log.String(), "many refused steps") || !strings.Contains(log.String(), s.Programme.Lead.String()) {
			t.Errorf("after 11 refusals within a day the log says %q", &log)
		}
		log.Reset()
		b.now = b.now.Add(24 * time.Hour)
		b.want(200, manager, "POST", path+"/move-checks", check)
		if log.Len() > 0 {
			t.Errorf("a day later one refusal is one too many: %s", &log)
		}
	})
}

// planSession is a session of a plan of one kind.
func (b *built) planSession(token, path, kind string) object {
	b.t.Helper()
	for _, x := range b.want(200, token, "GET", path+"/sessions?page_size=200", nil).JSON["items"].([]any) {
		if x.(object)["kind"] == kind {
			return x.(object)
		}
	}
	b.t.Fatalf("%s has no session of the kind %s", path, kind)
	return nil
}

// Who runs the programme reads an objection in the placement itself, and the audit says so; lists leave it out.
func TestReadingAnObjectionIsNoted(t *testing.T) {
	b := build(t)
	s := scenario.S1(scenario.Plain)
	tokens := b.stage(s)
	manager, mentor := tokens[s.Programme.Lead], tokens[s.Enrolments[0].Mentor]
	path := b.planned(s, manager)
	b.want(200, manager, "POST", path+"/publication", object{}, "If-Match", b.want(200, manager, "GET", path, nil).JSON["etag"].(string))
	seat := b.want(200, mentor, "GET", "/v1/placements", nil).JSON["items"].([]any)[0].(object)
	at := fmt.Sprintf("/v1/placements/%v", seat["id"])
	b.want(200, mentor, "POST", at+"/objection", object{"reason": "Tuesdays do not suit me."}, "If-Match", fmt.Sprint(seat["etag"]))

	list := b.want(200, manager, "GET", "/v1/placements", nil)
	if strings.Contains(list.Body.String(), "Tuesdays") {
		t.Errorf("the list tells it: %s", list.Body)
	}
	if n := b.outcomes("getPlacement"); len(n) != 0 {
		t.Errorf("before anybody has read it the audit says %v", n)
	}
	for _, token := range []string{manager, mentor} {
		if got := b.want(200, token, "GET", at, nil).JSON["objection"]; got != "Tuesdays do not suit me." {
			t.Errorf("the objection reads %v", got)
		}
	}
	if n := b.outcomes("getPlacement"); n["done"] != 1 {
		t.Errorf("a reading by the manager, and one by the mentor, are in the audit as %v", n)
	}
}
