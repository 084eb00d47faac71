package api_test

import (
	"fmt"
	"testing"

	"kreds/instance/scenario"
	"kreds/store"
	"kreds/supervision"
)

// A supervisor whose assignment has ended, by its state or by its last day, is a stranger to the cycle from that moment on, to
// its plans as to the rest, though their name stands in them.
func TestAnEndedAssignmentClosesThePlans(t *testing.T) {
	for _, c := range []struct {
		name string
		end  func(*supervision.Assignment)
	}{
		{"ended", func(a *supervision.Assignment) { a.State = supervision.AssignmentEnded }},
		{"not accepted", func(a *supervision.Assignment) { a.State = supervision.AssignmentProposed }},
		{"its last day is over", func(a *supervision.Assignment) { a.Valid.To = supervision.MustDate("2027-01-03") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, b *built) {
				s := scenario.S1(scenario.Plain)
				tokens := b.stage(s)
				path := b.planned(s, tokens[s.Programme.Lead])
				leader := s.Assignments[0].Supervisor
				token := tokens[leader]
				one := b.planSession(token, path, "individual")
				tag := b.want(200, token, "GET", path, nil).etag()
				b.must(func(tx *store.Tx) error {
					all, err := tx.AssignmentsIn(s.Cycle.ID)
					if err != nil {
						return err
					}
					for _, a := range all {
						if a.Supervisor == leader {
							c.end(&a)
							return tx.PutAssignment(&a)
						}
					}
					return fmt.Errorf("nobody is assigned")
				})
				move := object{"plan_session_id": one["id"], "start": one["start"]}
				b.want(403, token, "GET", path, nil)
				b.want(403, token, "GET", path+"/sessions", nil)
				b.want(403, token, "PUT", fmt.Sprintf("%s/pins/%v", path, one["id"]), object{"start": true}, "If-Match", tag)
				b.want(403, token, "POST", path+"/moves", move, "If-Match", tag)
				b.want(403, token, "POST", path+"/move-checks", object{"moves": []object{move}})
				// They have nothing to do with any plan now, so that a plan and what never was are refused alike, at the door.
				b.want(403, token, "GET", "/v1/plans/01a303c2-e000-7000-8000-0000000000ff", nil)
			})
		})
	}
}
