package api_test

import (
	"strings"
	"testing"

	"kreds/instance/scenario"
	"kreds/service/booking"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

// TestAnEventThatWentAstrayIsToldToThoseWhoAnswerForItsSession, and no more than that: not whose it is, nor what became of it.
func TestAnEventThatWentAstrayIsToldToThoseWhoAnswerForItsSession(t *testing.T) {
	b := build(t)
	s := scenario.S1(scenario.Plain)
	tokens := b.stage(s)
	manager := tokens[s.Programme.Lead]
	b.published(s, manager)
	x := b.one(s, supervision.KindGroup)
	m := x.MentorIDs()[0]
	book := booking.New(b.House)
	becomes := func(state supervision.DeliveryState, fault string) {
		t.Helper()
		b.must(func(tx *store.Tx) error {
			d, err := tx.LockDelivery(x.ID, m)
			if err != nil {
				return err
			}
			d.State, d.Fault = state, fault
			return tx.PutDelivery(d)
		})
		if err := book.Recheck(t.Context(), task.Recheck{Tenant: b.actor.Tenant, Person: m}); err != nil {
			t.Fatal(err)
		}
	}
	path := "/v1/sessions/" + x.ID.String()
	before := b.want(200, manager, "GET", path, nil)

	var told []string
	for _, fault := range []string{"event-moved", "event-removed"} {
		becomes(supervision.DeliveryDiverged, fault)
		for who, token := range map[string]string{"the manager": manager, "the supervisor": tokens[x.Supervisor]} {
			reply := b.want(200, token, "GET", path, nil)
			reasons, _ := reply.JSON["attention"].([]any)
			if len(reasons) != 1 || reasons[0].(object)["rule"] != "event-diverged" || reasons[0].(object)["subject"] != nil {
				t.Fatalf("%s reads %v", who, reply.JSON["attention"])
			}
			told = append(told, reasons[0].(object)["detail"].(string))
			if reply.JSON["delivery"] != "none" {
				t.Errorf("%s reads of their own calendar that it is %v", who, reply.JSON["delivery"])
			}
		}
		for _, fellow := range x.MentorIDs() {
			reply := b.want(200, tokens[fellow], "GET", path, nil)
			if strings.Contains(reply.Body.String(), "diverged") || reply.JSON["attention"] != nil {
				t.Errorf("mentor %s reads %s", fellow, reply.Body)
			}
		}
	}
	for _, words := range told {
		if words != told[0] {
			t.Errorf("what it says depends on what happened: %q, %q", told[0], words)
		}
	}
	now := b.want(200, manager, "GET", path, nil)
	if now.etag() == before.etag() {
		t.Error("the session has changed for its readers, and its tag has not")
	}
	list := b.want(200, manager, "GET", "/v1/sessions?needs_attention=true", nil)
	if items := list.JSON["items"].([]any); len(items) != 1 || items[0].(object)["id"] != x.ID.String() {
		t.Errorf("what needs attention: %s", list.Body)
	}

	becomes(supervision.DeliveryDone, "")
	if after := b.want(200, manager, "GET", path, nil); len(after.JSON["attention"].([]any)) != 0 {
		t.Errorf("when all is well again: %v", after.JSON["attention"])
	}
}

// TestAnEventThatWentAstrayRefusesNoConfirmation: a calendar is no answer, and what it tells is not forgotten.
func TestAnEventThatWentAstrayRefusesNoConfirmation(t *testing.T) {
	b := build(t)
	s := scenario.S1(scenario.Plain)
	b.published(s, b.stage(s)[s.Programme.Lead])
	x := b.one(s, supervision.KindIntroduction)
	b.must(func(tx *store.Tx) error {
		d, err := tx.LockDelivery(x.ID, x.MentorIDs()[0])
		d.State = supervision.DeliveryDiverged
		if err != nil {
			return err
		}
		return tx.PutDelivery(d)
	})
	b.again()
	if err := booking.New(b.House).Confirm(t.Context(), task.Confirm{Tenant: b.actor.Tenant, Session: x.ID, Revision: x.Revision}); err != nil {
		t.Fatal(err)
	}
	x = b.one(s, supervision.KindIntroduction)
	if x.State != supervision.Confirmed || len(x.Attention) != 1 || x.Attention[0].Rule != "event-diverged" {
		t.Errorf("it is %s: %v", x.State, x.Attention)
	}
}
