package service

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"kreds/internal/seal"
	"kreds/store"
	"kreds/supervision"
)

// Call is one acting request: who asks, by which operation, under which key, and starting from which version.
type Call struct {
	Actor     supervision.Actor
	Operation supervision.Action
	Path      string           // of the request: the same key on another object is another call
	Key       string           // Idempotency-Key; empty for sets, changes and deletions, which a tag protects
	Hash      []byte           // of what the key stands for
	Match     Match            // If-Match, or If-None-Match: *
	Request   supervision.UUID // as log and audit name it
	Note      string           // for the audit, where the step takes one; nothing confidential
}

// Match is the condition of a call on the object's present tag; the empty tag means that there is no object yet.
type Match interface{ Holds(present string) bool }

// Always is the condition of those who ask for none: commands and tasks.
type Always struct{}

// Holds says yes.
func (Always) Holds(string) bool { return true }

// Outcome is what came of a call, the first time and each time that it is repeated.
type Outcome[T any] struct {
	Value    T
	Replayed bool
}

// Seen is an object in the view that its reader gets.
type Seen[T any] struct {
	Object T
	View   supervision.View
}

// Target is what a call works on: the policy is asked about it and the audit names it. Without an id it is something new.
type Target struct {
	Noun store.Noun
	ID   supervision.UUID
}

// Step is an acting use case. May asks the policy and names the target; it reads without locks. Act takes the step: it
// answers with the present object if the step is already taken, checks the tag, and acts. Both may run more than once. Made
// tells the id of what was made, for the audit; a step whose target has no id yet needs it.
type Step[T any] struct {
	May  func(tx *store.Tx) (Target, error)
	Act  func(tx *store.Tx) (T, error)
	Made func(T) supervision.UUID
}

// Act runs a step under the call's key, in one transaction: policy, key row, and then the step; the result is stored with
// its effect, so that a repeat gets the same answer. A call without a key is not kept.
func Act[T any](ctx context.Context, h *House, c Call, s Step[T]) (Outcome[T], error) {
	var out Outcome[T]
	var target Target
	err := h.Store.Update(ctx, c.Actor, func(tx *store.Tx) error {
		var err error
		out = Outcome[T]{}
		if target, err = s.May(tx); err != nil {
			return err
		}
		var row store.KeyRow
		if c.Key != "" {
			var sealed []byte
			key := store.CallKey{Principal: c.Actor.Viewer(), Operation: c.Operation, Path: c.Path, Key: c.Key, Hash: c.Hash}
			row, sealed, out.Replayed, err = tx.Once(key)
			if err != nil {
				return err
			}
			if out.Replayed {
				return h.reopen(tx, row, sealed, &out.Value)
			}
		}
		if out.Value, err = s.Act(tx); err != nil {
			return err
		}
		if s.Made != nil {
			target.ID = s.Made(out.Value)
		}
		if target.ID.IsZero() {
			return internal(fmt.Errorf("service: %s does not say what it made", c.Operation))
		}
		if err := tx.Audit(c.Operation, target.Noun, target.ID, "done", c.Request, c.Note); err != nil {
			return err
		}
		if c.Key == "" {
			return nil
		}
		return h.keep(tx, row, out.Value)
	})
	if supervision.RefusedByLaw(err) {
		h.NoteRefusal(ctx, c, target)
	}
	return out, err
}

// keep stores a result under its key, sealed with the caller's own key.
func (h *House) keep(tx *store.Tx, row store.KeyRow, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: err}
	}
	kind, owner := store.PersonKey, tx.Actor().Person.Any()
	if owner.IsZero() {
		kind, owner = store.TenantKey, tx.Tenant().Any()
	}
	key, err := h.DataKey(tx, kind, owner)
	if err != nil {
		return err
	}
	return tx.Keep(row, key.Seal(resultPlace(tx, row), text))
}

func (h *House) reopen(tx *store.Tx, row store.KeyRow, sealed []byte, into any) error {
	text, err := h.Open(tx, resultPlace(tx, row), sealed)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: err}
	}
	return nil
}

func resultPlace(tx *store.Tx, row store.KeyRow) seal.Place {
	return seal.Place{Table: "call_key", Column: "result", Tenant: tx.Tenant(), Row: row.ID}
}

// Tagged checks the call's condition on an object of a version in a view.
func (c Call) Tagged(version int, v supervision.View) error {
	present := supervision.Tag{Version: version, View: v}.String()
	if c.Match == nil || c.Match.Holds(present) {
		return nil
	}
	return &supervision.Error{Kind: supervision.Conflict, Code: "stale-tag", Tag: present,
		Detail: "The object has changed since it was read. Read it again, decide, and send the request with the new tag."}
}

// Untouched checks the condition on an object that is not there yet.
func (c Call) Untouched() error {
	if c.Match == nil || c.Match.Holds("") {
		return nil
	}
	return &supervision.Error{Kind: supervision.Conflict, Code: "stale-tag", Detail: "There is no such object yet. Send If-None-Match: * to make it."}
}

// Unknown makes the fault of a member out of "there is no such thing": a reference to what is absent, foreign or hidden is a
// request that cannot be right. Other errors stay.
func Unknown(err error, pointer, code string) error {
	if err != nil && supervision.KindOf(err) == supervision.NotFound {
		return supervision.Faulty(pointer, code, "There is none that you may name here. Maybe the id is mistyped.")
	}
	return err
}

// Same says whether an object is what it was: then a change of it is a step that is already taken.
func Same[T any](a, b T) bool { return reflect.DeepEqual(a, b) }
