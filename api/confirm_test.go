package api_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"kreds/calendar"
	"kreds/instance/scenario"
	"kreds/service/booking"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// held is a published pilot, with a group session that lies ahead.
type held struct {
	*built
	s      scenario.Scenario
	tokens map[supervision.PersonID]string
	id     supervision.SessionID
}

func published(b *built, kind supervision.RoundKind) *held {
	b.t.Helper()
	h := &held{built: b, s: scenario.S1(scenario.Plain)}
	h.tokens = b.stage(h.s)
	b.published(h.s, h.tokens[h.s.Programme.Lead])
	h.id = b.one(h.s, kind).ID
	return h
}

func (h *held) session() (x supervision.Session) {
	h.t.Helper()
	err := h.Store.View(h.t.Context(), h.actor, func(tx *store.Tx) (err error) { x, err = tx.Session(h.id); return err })
	if err != nil {
		h.t.Fatal(err)
	}
	return x
}

// accept lets the mentors of the session accept it, save these.
func (h *held) accept(save int, more ...any) {
	h.t.Helper()
	mentors := h.session().MentorIDs()
	for _, m := range mentors[:len(mentors)-save] {
		if r := h.answered(h.tokens[m], h.id, m, "accepted", more...); r.Code != 200 {
			h.t.Fatalf("an acceptance: %d %s", r.Code, r.Body)
		}
	}
}

// prepare records that the session's mentors were trained before.
func (h *held) prepare() {
	h.t.Helper()
	for _, m := range h.session().MentorIDs() {
		h.want(201, h.tokens[h.s.Programme.Lead], "POST", "/v1/preparations", object{"person_id": m, "programme_id": h.s.Programme.ID, "kind": "training", "completed_on": "2026-12-01"})
	}
}

// confirm answers the bell that the last acceptance leads to, and says how the session stands and what refused it.
func (h *held) confirm() (supervision.SessionState, []string) {
	h.t.Helper()
	x := h.session()
	if err := booking.New(h.House).Confirm(h.t.Context(), task.Confirm{Tenant: h.actor.Tenant, Session: x.ID, Revision: x.Revision}); err != nil {
		h.t.Fatal(err)
	}
	return h.stands()
}

func (h *held) stands() (supervision.SessionState, []string) {
	x := h.session()
	var rules []string
	for _, r := range x.Attention {
		rules = append(rules, r.Rule)
	}
	return x.State, rules
}

// recheck answers every bell of recheck that was rung.
func (h *held) recheck() {
	h.t.Helper()
	for _, r := range bells[task.Recheck](h.built) {
		if err := booking.New(h.House).Recheck(h.t.Context(), r); err != nil {
			h.t.Fatal(err)
		}
	}
}

// rung says whether the calendars of the session's people are to be read again for its confirmation, as its present revision.
func (h *held) rung() bool {
	h.t.Helper()
	x := h.session()
	return slices.Contains(bells[task.Refresh](h.built), task.Refresh{Tenant: h.actor.Tenant, Session: x.ID, Revision: x.Revision})
}

// near lets the time pass until the session is nearer than its notice; everybody's calendar has just been read then.
func (h *held) near() {
	h.now = h.session().Start.Add(-24 * time.Hour)
	h.again()
}

// withoutIntroduction takes the introduction away by which the mentors would have been prepared.
func (h *held) withoutIntroduction() {
	h.t.Helper()
	x := h.one(h.s, supervision.KindIntroduction)
	x.State = supervision.Cancelled
	h.must(func(tx *store.Tx) error { return tx.Claim([]*supervision.Session{&x}, func() error { return nil }) })
}

// sweep sweeps for a quarter of an hour, in which each session that is ready has its turn once.
func (h *held) sweep() {
	h.t.Helper()
	for range 15 {
		h.now = h.now.Add(time.Minute)
		if err := booking.New(h.House).Sweep(h.t.Context(), h.actor.Tenant); err != nil {
			h.t.Fatal(err)
		}
	}
}

func TestTheSweepTriesEachReadySessionOnceInAQuarterOfAnHour(t *testing.T) {
	h := published(build(t), supervision.KindGroup)
	ready := func() (n int) {
		bells[task.Refresh](h.built)
		h.sweep()
		for _, r := range bells[task.Refresh](h.built) {
			if r.Session == h.id {
				n++
			}
		}
		return n
	}
	h.accept(1)
	if n := ready(); n != 0 {
		t.Errorf("while somebody has not answered it was rung %d times", n)
	}
	h.accept(0)
	if n := ready(); n != 1 {
		t.Errorf("when all have accepted it was rung %d times", n)
	}
	h.again()
	if state, rules := h.confirm(); state != supervision.Confirmed {
		t.Fatalf("it is %s, refused by %v", state, rules)
	}
	if n := ready(); n != 0 {
		t.Errorf("when it is confirmed it was rung %d times", n)
	}
}

// TestAConfirmationIsRefusedByEachGuard: what refuses it is noted with the session, and what may lift it rings for the session to
// be looked at again.
func TestAConfirmationIsRefusedByEachGuard(t *testing.T) {
	for _, c := range []struct {
		rule string
		set  func(h *held)
		lift func(h *held) // ends with the session rung
	}{
		{"H24", func(h *held) { h.prepare(); h.accept(1) }, func(h *held) { h.accept(0) }},
		{"H11", func(h *held) { h.accept(0); h.withoutIntroduction() }, func(h *held) { h.prepare(); h.recheck() }},
		{"H27", func(h *held) { h.accept(0); h.now = h.now.Add(time.Hour) }, func(h *held) { h.sweep(); h.again() }},
		{"H14", func(h *held) { h.prepare(); h.accept(0); h.near() }, func(h *held) { h.accept(0, "short_notice_ok", true) }},
		{"H03", func(h *held) {
			h.prepare()
			h.accept(0)
			x := h.session()
			m := x.MentorIDs()[0]
			h.read(m, append(slices.Clone(h.says[m]), busy(x)))
		}, func(h *held) {
			x := h.session()
			m := x.MentorIDs()[0]
			h.read(m, h.says[m][:len(h.says[m])-1])
			h.must(func(tx *store.Tx) error { return tx.Enqueue(task.Recheck{Tenant: h.actor.Tenant, Person: m}) }) // as the reading of it rings
			h.recheck()
		}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			h := published(build(t), supervision.KindGroup)
			c.set(h)
			if state, rules := h.confirm(); state != supervision.OnHold || fmt.Sprint(rules) != fmt.Sprint([]string{c.rule}) {
				t.Fatalf("it is %s, refused by %v", state, rules)
			}
			manager := h.tokens[h.s.Programme.Lead]
			list := h.want(200, manager, "GET", "/v1/sessions?needs_attention=true", nil).JSON["items"].([]any)
			if len(list) != 1 || list[0].(object)["attention"].([]any)[0].(object)["rule"] != c.rule {
				t.Errorf("the manager is told of %v", list)
			}
			h.rung()
			c.lift(h)
			if !h.rung() {
				t.Error("nobody looks at it again")
			}
			if state, rules := h.confirm(); state != supervision.Confirmed || len(rules) > 0 {
				t.Errorf("it is %s, refused by %v", state, rules)
			}
		})
	}
}

func busy(x supervision.Session) calendar.Busy {
	return calendar.Busy{Interval: calendar.Interval{Start: x.Start, End: x.End}, Kind: calendar.BusyTime}
}
