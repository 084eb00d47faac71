package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"kreds"
	"kreds/api"
	"kreds/store"
	"kreds/supervision"
)

// endings are what takes access away, and what of it its holder keeps: what is their own, and what is everybody's.
var endings = []struct {
	what, actor string
	end         func(w *world, tx *store.Tx) error
	keeps       string // operations
}{
	{"an assignment that has ended", "sup", func(w *world, tx *store.Tx) error {
		list, err := tx.AssignmentsIn(w.s.Cycle.ID)
		if err != nil {
			return err
		}
		for _, a := range list {
			if a.Supervisor == w.person["sup"].ID {
				a.State = supervision.AssignmentEnded
				err = tx.PutAssignment(&a)
			}
		}
		return err
	}, "getMe listSupervisorAssignments listConstraints readFeed headFeed getHealth getReady getProblem"},
	{"a reporting line that ended yesterday", "boss", func(w *world, tx *store.Tx) error { return w.endLine(tx, "boss_line") },
		"getMe listReportingLines listConstraints readFeed headFeed getHealth getReady getProblem"},
	{"a line of a mentee that ended yesterday", "mboss", func(w *world, tx *store.Tx) error { return w.endLine(tx, "mboss_line") },
		"getMe listConstraints readFeed headFeed getHealth getReady getProblem"},
	{"a role that ended yesterday", "hr", func(w *world, tx *store.Tx) error { return w.endRole(tx, "hr") },
		"getMe listConstraints readFeed headFeed getHealth getReady getProblem"},
	{"the manager's role that ended yesterday", "house", func(w *world, tx *store.Tx) error { return w.endRole(tx, "house") },
		"getMe getImport listConstraints readFeed headFeed getHealth getReady getProblem"},
	{"a token that was revoked", "lr", func(w *world, tx *store.Tx) error {
		id, err := supervision.ParseID[struct{}](w.ids["lr_token"])
		if err != nil {
			return err
		}
		t, err := tx.Token(supervision.TokenID(id))
		if err != nil {
			return err
		}
		return tx.RevokeToken(&t)
	}, "readFeed headFeed getHealth getReady getProblem"},
}

func (w *world) endLine(tx *store.Tx, name string) error {
	id, err := supervision.ParseID[struct{}](w.ids[name])
	if err != nil {
		return err
	}
	l, err := tx.Line(supervision.LineID(id))
	if err != nil {
		return err
	}
	l.Valid.To = tx.Today().AddDays(-1)
	return tx.PutLine(&l)
}

func (w *world) endRole(tx *store.Tx, actor string) error {
	list, err := tx.RolesOf(w.person[actor].ID)
	if err != nil {
		return err
	}
	for _, r := range list {
		r.Valid.To = tx.Today().AddDays(-1)
		if err := tx.PutRole(&r); err != nil {
			return err
		}
	}
	return nil
}

// TestAccessEndsWithWhatGaveIt: from the moment, or the day, on which what gave access is over, every read that it opened is
// refused or no longer lists what it did.
func TestAccessEndsWithWhatGaveIt(t *testing.T) {
	document, err := api.LoadDocument(kreds.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	for _, e := range endings {
		t.Run(e.what, func(t *testing.T) {
			b := w.copy(t)
			b.must(func(tx *store.Tx) error { return e.end(w, tx) })
			opened := 0
			for _, row := range slices.Concat(accessToPeople, accessToCycles, accessToCalendars) {
				id, _, _ := strings.Cut(row.op, " ")
				o, ok := document.ByID(strings.TrimSuffix(id, ":"))
				if !ok || o.Method != http.MethodGet || strings.ReplaceAll(row.cells, " ", "")[slices.Index(actors, e.actor)] != '+' {
					continue
				}
				kept := slices.Contains(strings.Fields(e.keeps), o.ID)
				if !kept {
					opened++
				}
				r := b.do(w.secret[e.actor], "GET", w.fill(row.path), nil)
				if is := verdict(r, w.fill(row.seek)); (is == '+') != kept {
					t.Errorf("%s is %c now: %d %.200s", row.op, is, r.Code, r.Body)
				}
			}
			if opened == 0 {
				t.Error("nothing was open before")
			}
		})
	}
}
