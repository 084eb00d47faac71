package api_test

import (
	"context"
	"testing"

	"kreds/service/roster"
	"kreds/supervision"
)

// late is a context whose time can be made to be over.
type late struct{ context.Context }

func (l late) Err() error {
	if l.Context.Err() != nil {
		return context.DeadlineExceeded
	}
	return nil
}

// An import that takes too long has failed, says so, and leaves nothing behind; it is not run again and again.
func TestAnImportThatTakesTooLongFailsOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, b *built) {
		_, manager := b.person("mona", supervision.RoleProgrammeManager)
		made := b.want(202, manager, "POST", "/v1/imports?kind=organisations&apply=if_clean",
			object{"rows": []object{{"external_id": "x", "name": "X", "kind": "company", "country": "DK", "time_zone": "Europe/Copenhagen"}}})
		id, err := supervision.ParseID[struct{}](idIn(made))
		if err != nil {
			t.Fatal(err)
		}
		ctx, over := context.WithCancel(t.Context())
		newID := b.NewID
		b.NewID = func() supervision.UUID { over(); return newID() } // asked for in the middle of the import
		r := roster.New(b.House)
		if err := r.RunImport(late{ctx}, b.actor.Tenant, supervision.ImportID(id)); supervision.CodeOf(err) != "timeout" {
			t.Errorf("it ended with %v", err)
		}
		b.NewID = newID
		if err := r.RunImport(t.Context(), b.actor.Tenant, supervision.ImportID(id)); err != nil {
			t.Error(err)
		}
		got := b.want(200, manager, "GET", "/v1/imports/"+idIn(made), nil)
		if f, _ := got.JSON["rows"].([]any); got.JSON["state"] != "failed" || len(f) != 1 || f[0].(object)["code"] != "timeout" {
			t.Errorf("the import is %s", got.Body)
		}
		if n := len(b.want(200, manager, "GET", "/v1/organisations", nil).JSON["items"].([]any)); n != 1 {
			t.Errorf("there are %d organisations", n)
		}
	})
}
