package api_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kreds/instance/scenario"
	"kreds/internal/seal"
	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// Who may sit with whom is private: a check of a move tells of it what the move itself tells, in one and the same sentence,
// and never beside other reasons, which would say whom it concerns.
func TestACheckTellsNoMoreThanTheMove(t *testing.T) {
	b := build(t)
	s := scenario.S1(scenario.Plain)
	tokens := b.stage(s)
	path := b.planned(s, tokens[s.Programme.Lead])
	leader := tokens[s.Assignments[0].Supervisor]
	one := b.planSession(leader, path, "group")
	tag := b.want(200, leader, "GET", path, nil).etag()
	private := map[string]bool{}
	told := map[string]int{}
	for i := range s.Enrolments {
		for j := i + 1; j < len(s.Enrolments); j++ {
			for k := j + 1; k < len(s.Enrolments); k++ {
				move := object{"plan_session_id": one["id"], "mentor_ids": []any{s.Enrolments[i].Mentor, s.Enrolments[j].Mentor, s.Enrolments[k].Mentor}}
				v := b.want(200, leader, "POST", path+"/move-checks", object{"moves": []object{move}}).JSON["results"].([]any)[0].(object)
				if v["ok"] == true {
					continue
				}
				r := b.do(leader, "POST", path+"/moves", move, "If-Match", tag)
				reasons := v["reasons"].([]any)
				told[fmt.Sprint(r.JSON["code"])]++
				if r.JSON["code"] == "placement-not-possible" {
					text, _ := json.Marshal(v)
					private[string(text)] = true
					if len(reasons) != 1 || reasons[0].(object)["rule"] != r.JSON["code"] || r.JSON["reasons"] != nil {
						t.Errorf("the move says %v, its check %v", r.JSON, v)
					}
					continue
				}
				if diff := cmp.Diff(r.JSON["reasons"], v["reasons"]); diff != "" {
					t.Errorf("the move is refused otherwise than its check: %s", diff)
				}
				if slices.ContainsFunc(reasons, func(x any) bool { return x.(object)["rule"] == "placement-not-possible" }) {
					t.Errorf("a private reason beside others: %v", v)
				}
			}
		}
	}
	if len(private) != 1 || told["placement-not-possible"] < 2 || len(told) < 2 {
		t.Errorf("private refusals are told in %d ways; moves were refused by %v", len(private), told)
	}
}

// Who may not see a plan cannot find out by a check or a move whether there is one.
func TestAStrangersCheckTellsNothing(t *testing.T) {
	b := build(t)
	s := scenario.S1(scenario.Plain)
	tokens := b.stage(s)
	path := b.planned(s, tokens[s.Programme.Lead])
	stranger := tokens[s.Enrolments[0].Mentor]
	one := b.planSession(tokens[s.Programme.Lead], path, "group")
	move := object{"plan_session_id": one["id"], "start": one["start"]}
	for _, to := range []string{path, "/v1/plans/01a303c2-e000-7000-8000-0000000000d4"} {
		b.want(403, stranger, "POST", to+"/move-checks", object{"moves": []object{move}})
		b.want(403, stranger, "POST", to+"/moves", move, "If-Match", `"1-s"`)
	}
	if n := b.outcomes("checkMoves"); len(n) != 0 {
		t.Errorf("what nobody was told is in the audit: %v", n)
	}
}

// scoped gives a person a token of some scopes.
func (b *built) scoped(p supervision.PersonID, scopes ...supervision.Scope) string {
	b.t.Helper()
	secret, hash := seal.Bearer("kreds_pt_")
	b.must(func(tx *store.Tx) error {
		return tx.PutToken(&supervision.Token{ID: service.New[supervision.TokenID](b.House), Kind: supervision.PersonalToken, Name: "scoped", Prefix: "kreds_pt_",
			Scopes: scopes, Person: p, MadeAt: tx.Now(), ExpiresAt: tx.Now().AddDate(0, 3, 0)}, hash)
	})
	return secret.Reveal()
}

// A manager plans by a token for planning. One for logistics moves sessions, as far as a supervisor leads them.
func TestATokenForLogisticsPlansNothing(t *testing.T) {
	b := build(t)
	s := scenario.S1(scenario.Plain)
	tokens := b.stage(s)
	path := b.planned(s, tokens[s.Programme.Lead])
	leader := s.Assignments[0].Supervisor
	one := b.planSession(tokens[leader], path, "individual")
	pin := fmt.Sprintf("%s/pins/%v", path, one["id"])
	check := object{"moves": []object{{"plan_session_id": one["id"], "start": one["start"]}}}
	logistics := []supervision.Scope{supervision.ScopeLogisticsRead, supervision.ScopeLogisticsWrite}

	manager := b.scoped(s.Programme.Lead, logistics...)
	for _, r := range []reply{
		b.do(manager, "GET", path, nil), b.do(manager, "GET", path+"/sessions", nil),
		b.do(manager, "PUT", pin, object{"start": true}, "If-Match", `"1-m"`), b.do(manager, "DELETE", pin, nil, "If-Match", `"1-m"`),
		b.do(manager, "POST", path+"/moves", check["moves"].([]object)[0], "If-Match", `"1-m"`), b.do(manager, "POST", path+"/move-checks", check),
	} {
		if r.Code != 403 && r.Code != 404 {
			t.Errorf("a manager's token for logistics: %d %s", r.Code, r.Body)
		}
	}
	planning := b.scoped(s.Programme.Lead, supervision.ScopePlanning)
	b.want(200, planning, "POST", path+"/move-checks", check)

	own := b.scoped(leader, logistics...)
	b.want(200, own, "POST", path+"/move-checks", check)
	b.want(200, own, "PUT", pin, object{"start": true}, "If-Match", b.want(200, own, "GET", path, nil).etag())
}
