package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kreds/store"
	"kreds/supervision"
)

// The view in the migrations decides in production, its pure twin says what it should decide: both derive the same relations
// from a tenant of any shape.
func TestTheRelationViewIsItsTwin(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		seen := map[supervision.RelationKind]int{}
		rapid.Check(t, func(rt *rapid.T) {
			h.actor = h.tenant(id[supervision.UUID]().String())
			shape := shape{T: rt, tenant: h.actor.Tenant}
			h.must(shape.build)
			var facts supervision.RelationFacts
			h.view(func(tx *store.Tx) (err error) { facts, err = relationFacts(tx); return err })
			var want []string
			for _, r := range supervision.Relations(facts) {
				want = append(want, fmt.Sprint(r.Viewer, " ", r.Kind, " ", r.Subject, " ", r.Valid.From, "..", r.Valid.To))
				seen[r.Kind]++
			}
			slices.Sort(want)
			if got := h.relations(); !slices.Equal(got, want) {
				rt.Fatalf("the view alone:\n%s\nthe twin alone:\n%s", strings.Join(without(got, want), "\n"), strings.Join(without(want, got), "\n"))
			}
		})
		for _, k := range supervision.RelationKinds() {
			if seen[k] == 0 {
				t.Errorf("no tenant had a relation %s", k)
			}
		}
	})
}

// relations reads the view for the present tenant.
func (h *house) relations() (list []string) {
	h.t.Helper()
	rows, err := h.SQL().QueryContext(h.t.Context(), "SELECT DISTINCT viewer, kind, subject, from_on, to_on FROM relation WHERE tenant = $1", h.actor.Tenant)
	if err != nil {
		h.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var r supervision.Relation
		if err := rows.Scan(&r.Viewer, &r.Kind, &r.Subject, &r.Valid.From, &r.Valid.To); err != nil {
			h.t.Fatal(err)
		}
		list = append(list, fmt.Sprint(r.Viewer, " ", r.Kind, " ", r.Subject, " ", r.Valid.From, "..", r.Valid.To))
	}
	if err := rows.Err(); err != nil {
		h.t.Fatal(err)
	}
	slices.Sort(list)
	return list
}

func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
}

// relationFacts reads what relations follow from.
func relationFacts(tx *store.Tx) (f supervision.RelationFacts, err error) {
	f.Tenant = tx.Tenant()
	for _, read := range []func() error{
		func() error { f.People, err = tx.AllPeople(); return err }, func() error { f.Tokens, err = tx.AllTokens(); return err },
		func() error { f.Roles, err = tx.AllRoles(); return err }, func() error { f.Lines, err = tx.Lines(); return err },
		func() error { f.Pairs, err = tx.Pairs(); return err }, func() error { f.Programmes, err = tx.AllProgrammes(); return err },
		func() error { f.Cycles, err = tx.AllCycles(); return err }, func() error { f.Groups, err = tx.AllGroups(); return err },
		func() error { f.Sessions, err = tx.AllSessions(); return err },
	} {
		if err := read(); err != nil {
			return f, err
		}
	}
	for _, c := range f.Cycles {
		e, err := tx.EnrolmentsIn(c.ID)
		if err != nil {
			return f, err
		}
		a, err := tx.AssignmentsIn(c.ID)
		if err != nil {
			return f, err
		}
		f.Enrolments, f.Assignments = append(f.Enrolments, e...), append(f.Assignments, a...)
	}
	return f, nil
}
