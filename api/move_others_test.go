package api_test

import (
	"fmt"
	"slices"
	"testing"

	"kreds/instance/scenario"
	"kreds/supervision"
)

func TestACheckOfAMoveNamesWhoIsLeftOut(t *testing.T) {
	b := build(t)
	s := scenario.S1(scenario.FourReports)
	for i := range s.Rounds {
		if s.Rounds[i].Kind == supervision.KindGroup {
			s.Rounds[i].Grouping = supervision.Remix // so that one session may have other members than the next
		}
	}
	manager := b.stage(s)[s.Programme.Lead]
	path := b.planned(s, manager)
	ok := 0
	for _, x := range b.want(200, manager, "GET", path+"/sessions?page_size=200", nil).JSON["items"].([]any) {
		o := x.(object)
		mentors := o["mentors"].([]any)
		for i, left := range mentors {
			if o["kind"] != "group" {
				continue
			}
			var stay []any
			for _, m := range slices.Delete(slices.Clone(mentors), i, i+1) {
				stay = append(stay, m.(object)["id"])
			}
			v := b.want(200, manager, "POST", path+"/move-checks", object{"moves": []object{{"plan_session_id": o["id"], "mentor_ids": stay}}}).JSON["results"].([]any)[0].(object)
			if others := fmt.Sprint(v["others_moved"]); v["ok"] == true {
				if ok++; others != fmt.Sprint([]any{left}) {
					t.Errorf("without %v others are %v", left, others)
				}
			} else if others != "[]" {
				t.Errorf("a move that is refused names %v", others)
			}
		}
	}
	if ok == 0 {
		t.Error("nobody can be left out")
	}
}
