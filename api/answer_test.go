package api_test

import (
	"testing"

	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

func TestADeclinedHoldIsReleasedAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, b *built) {
		h := published(b, supervision.KindGroup)
		h.accept(1)
		before, x := b.occupied(h.s.Cycle.ID), h.session()
		outside := func() (wanted int, shown supervision.SessionState) {
			b.must(func(tx *store.Tx) error {
				list, err := tx.DeliveriesOf([]supervision.SessionID{h.id})
				for _, d := range list {
					wanted, shown = wanted+d.Wanted, d.Shown.State
				}
				return err
			})
			return wanted, shown
		}
		wanted, _ := outside()
		mentors := x.MentorIDs()
		last := mentors[len(mentors)-1]
		bells[task.Deliver](b)
		if r := b.answered(h.tokens[last], h.id, last, "declined"); r.Code != 200 || r.JSON["answer"] != "declined" {
			t.Fatalf("%d %s", r.Code, r.Body)
		}
		if got, rules := h.stands(); got != supervision.Proposed || len(rules) > 0 {
			t.Errorf("it is %s with %v", got, rules)
		}
		if n := b.occupied(h.s.Cycle.ID); n != before-len(x.People()) {
			t.Errorf("%d seats are taken after %d", n, before)
		}
		if n, shown := outside(); n != wanted+len(x.People()) || shown != supervision.Proposed {
			t.Errorf("outside it is wanted as %s, %d times after %d", shown, n, wanted)
		}
		if n := len(bells[task.Deliver](b)); n != len(x.People()) {
			t.Errorf("%d calendars are told", n)
		}
		if h.rung() {
			t.Error("it is to be confirmed")
		}
		// Nobody is asked about it any more, until a plan holds it again.
		b.refused(409, "invalid-transition", b.answered(h.tokens[mentors[0]], h.id, mentors[0], "declined"))
		b.published(h.s, h.tokens[h.s.Programme.Lead])
		if again := h.session(); again.State == supervision.OnHold && again.Answered() {
			t.Error("held again it is answered by who had declined it")
		}
	})
}

func TestOnlyTheLastAcceptanceRings(t *testing.T) {
	h := published(build(t), supervision.KindGroup)
	mentors := h.session().MentorIDs()
	bells[task.Refresh](h.built)
	for i, m := range mentors {
		if i < len(mentors)-1 {
			h.want(200, h.tokens[m], "GET", "/v1/sessions/"+h.id.String(), nil)
			h.answered(h.tokens[m], h.id, m, "accepted")
			if h.rung() {
				t.Errorf("it rang after %d of %d", i+1, len(mentors))
			}
			continue
		}
		if r := h.answered(h.tokens[m], h.id, m, "tentative"); r.JSON["answer"] != "tentative" || h.rung() {
			t.Errorf("perhaps is no yes: %s", r.Body)
		}
		if state, rules := h.confirm(); state != supervision.OnHold || len(rules) != 1 || rules[0] != "H24" {
			t.Errorf("with a perhaps it is %s, refused by %v", state, rules)
		}
		first := h.answered(h.tokens[m], h.id, m, "accepted")
		if !h.rung() {
			t.Error("the last acceptance did not ring")
		}
		again := h.answered(h.tokens[m], h.id, m, "accepted")
		if first.Code != 200 || again.Code != 200 || again.JSON["etag"] != first.JSON["etag"] || h.rung() {
			t.Errorf("the same answer again: %d %s", again.Code, again.Body)
		}
	}
}

func TestAnAnswerIsOnesOwnAndToThePresentRevision(t *testing.T) {
	h := published(build(t), supervision.KindGroup)
	x := h.session()
	ida, bob := x.MentorIDs()[0], x.MentorIDs()[1]
	path := "/v1/sessions/" + h.id.String() + "/answers/"
	yes := object{"answer": "accepted", "revision": x.Revision}
	h.refused(403, "forbidden", h.do(h.tokens[bob], "PUT", path+ida.String(), yes, "If-Match", `"1-o"`))
	h.refused(404, "not-found", h.do(h.tokens[x.Supervisor], "PUT", path+x.Supervisor.String(), yes, "If-Match", `"1-o"`))
	h.refused(428, "tag-required", h.do(h.tokens[ida], "PUT", path+ida.String(), yes))
	h.refused(412, "stale-tag", h.do(h.tokens[ida], "PUT", path+ida.String(), yes, "If-Match", `"7-o"`))
	h.refused(409, "revision-changed", h.do(h.tokens[ida], "PUT", path+ida.String(), object{"answer": "accepted", "revision": x.Revision - 1}, "If-Match", `"1-o"`))
	if r := h.answered(h.tokens[ida], h.id, ida, "accepted"); r.Code != 200 {
		t.Fatal(r.Body)
	}

	// A moved session asks anew: what was answered is no answer to it.
	h.must(func(tx *store.Tx) error {
		moved := h.session()
		moved.Start, moved.End, moved.Revision = moved.Start.AddDate(0, 0, 7), moved.End.AddDate(0, 0, 7), moved.Revision+1
		return tx.Claim([]*supervision.Session{&moved}, func() error { return nil })
	})
	if a, _ := h.session().Attendance(ida); a.Accepts(h.session().Revision) {
		t.Error("the answer to the former time holds for the new one")
	}
	h.refused(409, "revision-changed", h.do(h.tokens[bob], "PUT", path+bob.String(), yes, "If-Match", `"1-o"`))
	h.now = h.session().Start
	h.refused(409, "invalid-transition", h.answered(h.tokens[bob], h.id, bob, "accepted"))
}
