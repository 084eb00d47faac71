package roster

import (
	"context"
	"slices"

	"kreds/store"
	"kreds/supervision"
)

// Me is who is calling, what the credential opens, and what waits for them. An integration is no person.
type Me struct {
	Actor   supervision.Actor
	Tenant  string
	Person  supervision.Person
	Label   string // the token's name
	Roles   []supervision.RoleAssignment
	Waiting store.Waiting
}

// GetMe tells the caller who they are.
func (s *Service) GetMe(ctx context.Context, actor supervision.Actor) (me Me, err error) {
	me.Actor = actor
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		tenant, _, err := tx.TenantOf()
		if err != nil {
			return err
		}
		me.Tenant = tenant.Name
		if !actor.Token.IsZero() {
			t, err := tx.Token(actor.Token)
			if err != nil {
				return err
			}
			me.Label = t.Name
		}
		if actor.Person.IsZero() {
			return nil
		}
		if me.Person, err = tx.Person(actor.Person); err != nil {
			return err
		}
		all, err := tx.RolesOf(actor.Person)
		if err != nil {
			return err
		}
		me.Roles = slices.DeleteFunc(all, func(r supervision.RoleAssignment) bool { return !r.Valid.Holds(tx.Today()) })
		me.Waiting, err = tx.Waiting(actor.Person)
		return err
	})
	return me, err
}
