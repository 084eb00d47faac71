package roster

import (
	"context"
	"errors"
	"slices"
	"time"

	"kreds/service"
	"kreds/service/task"
	"kreds/store"
	"kreds/supervision"
)

type seenImport = service.Seen[supervision.Import]

// CreateImport keeps a list and rings for it to be checked and, if it shall be applied and is clean, applied.
func (s *Service) CreateImport(ctx context.Context, c service.Call, i supervision.Import) (service.Outcome[seenImport], error) {
	return service.Act(ctx, s.House, c, service.Step[seenImport]{
		May: func(tx *store.Tx) (service.Target, error) {
			return s.onTenant(tx, mayImport(i.Kind), store.Imports)
		},
		Act: func(tx *store.Tx) (seenImport, error) {
			i := i
			i.ID, i.Version, i.State = service.New[supervision.ImportID](s.House), 0, supervision.ImportQueued
			i.Actor, i.MadeAt = tx.Actor(), tx.Now()
			if err := s.putImport(tx, &i); err != nil {
				return seenImport{}, err
			}
			i.Rows = nil // they are nobody's answer
			return seenImport{Object: i, View: supervision.ViewOwner}, nil
		},
		Made: func(x seenImport) supervision.UUID { return x.Object.ID.Any() },
	})
}

func mayImport(k supervision.ImportKind) supervision.Action {
	return supervision.Action("createImport/" + string(k))
}

func (s *Service) putImport(tx *store.Tx, i *supervision.Import) error {
	if err := tx.PutImport(i); err != nil {
		return err
	}
	return tx.Enqueue(task.Import{Tenant: tx.Tenant(), Import: i.ID})
}

// GetImport returns an import. Nothing of its rows can be read back but what was found in them, and external id → id.
func (s *Service) GetImport(ctx context.Context, actor supervision.Actor, id supervision.ImportID) (seen seenImport, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		seen, err = s.importSeen(tx, id)
		seen.Object.Rows = nil
		return err
	})
	return seen, err
}

func (s *Service) importSeen(tx *store.Tx, id supervision.ImportID) (seen seenImport, err error) {
	if seen.View, err = tx.See(store.Imports, "getImport", id.Any()); err != nil {
		return seen, err
	}
	seen.Object, err = tx.Import(id)
	return seen, err
}

// ApplyImport rings for a checked import to be applied. sure applies it even if more than a fifth of what is there would end.
func (s *Service) ApplyImport(ctx context.Context, c service.Call, id supervision.ImportID, sure bool) (service.Outcome[seenImport], error) {
	return service.Act(ctx, s.House, c, service.Step[seenImport]{
		May: func(tx *store.Tx) (service.Target, error) { return on(tx, store.Imports, "applyImport", id.Any()) },
		Act: func(tx *store.Tx) (seenImport, error) {
			seen, err := s.importSeen(tx, id)
			if err != nil {
				return seen, err
			}
			i := &seen.Object
			rows := i.Rows
			defer func() { i.Rows = nil }()
			if i.State == supervision.ImportApplied || i.State == supervision.ImportQueued && i.Apply {
				return seen, nil // the step is already taken
			}
			if err := c.Tagged(i.Version, seen.View); err != nil {
				return seen, err
			}
			switch {
			case i.State != supervision.ImportChecked:
				return seen, &supervision.Error{Kind: supervision.Conflict, Code: "invalid-transition", Detail: "Only an import that has been checked is applied.",
					Step: &supervision.Step{From: string(i.State), To: string(supervision.ImportApplied), Allowed: allowedImport(i.State)}}
			case i.Faults() > 0:
				return seen, supervision.Fault(supervision.Conflict, "import-has-errors", "%d of its findings are faults. Correct the rows and import them again.", i.Faults())
			case !sure && slices.ContainsFunc(i.Findings, func(f supervision.Finding) bool { return f.Code == massChange }):
				return seen, supervision.Fault(supervision.Conflict, "mass-change", "%d would end, which is more than a fifth of what is there. Apply it with confirm_mass_change if that is meant.", i.Ended)
			}
			i.State, i.Apply, i.Confirmed, i.Rows = supervision.ImportQueued, true, sure, rows
			return seen, s.putImport(tx, i)
		},
	})
}

func allowedImport(from supervision.ImportState) []string {
	if from == supervision.ImportQueued || from == supervision.ImportRunning {
		return []string{string(supervision.ImportChecked), string(supervision.ImportFailed)}
	}
	return []string{}
}

// RunImport checks a list against what is there and applies it, if it shall be applied and is clean: all of it or nothing. It
// asks the policy for the one who made the import, as it is now. Running it again does no harm; one that took too long is not run
// again.
func (s *Service) RunImport(ctx context.Context, tenant supervision.TenantID, id supervision.ImportID) error {
	var i supervision.Import
	err := s.Store.View(ctx, service.Task(tenant), func(tx *store.Tx) (err error) {
		i, err = tx.Import(id)
		return err
	})
	if err != nil || i.State != supervision.ImportQueued {
		return err
	}
	may, err := s.rights(ctx, i)
	if err != nil {
		return err
	}
	actor := i.Actor
	actor.Kind = supervision.ByTask
	err = s.Store.Update(ctx, actor, func(tx *store.Tx) error {
		i, err := tx.Import(id)
		if err != nil || i.State != supervision.ImportQueued {
			return err
		}
		if err := s.runImport(tx, &i, may); err != nil {
			return err
		}
		if err := tx.PutImport(&i); err != nil {
			return err
		}
		return tx.FinishJob()
	})
	switch {
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded): // once more would take as long once more
		return s.failImport(ctx, actor, id, err, "timeout", "The list takes longer than one may take; nothing was imported. Import it in parts.")
	case supervision.KindOf(err) == supervision.Internal:
		return s.failImport(ctx, actor, id, err, "internal", "Something went wrong on our side; nothing was imported. Import the list again.")
	}
	return err
}

// importRights is what the maker of an import may do today.
type importRights struct {
	rows      error // nil: import rows of its kind
	managing  error // nil: give roles that run the house
	operators error // nil: give the role of an operator
}

func (s *Service) rights(ctx context.Context, i supervision.Import) (r importRights, err error) {
	err = s.Store.View(ctx, i.Actor, func(tx *store.Tx) error {
		for action, may := range map[supervision.Action]*error{mayImport(i.Kind): &r.rows, "createRoleAssignment": &r.managing, "createRoleAssignment/operator": &r.operators} {
			if _, *may = tx.MayOn(action, tx.Tenant().Any()); *may != nil && supervision.KindOf(*may) != supervision.Forbidden {
				return *may
			}
		}
		return nil
	})
	return r, err
}

// noting is how long it may take to note that an import failed, though its own time is over.
const noting = 20 * time.Second

// failImport notes that an import could not be run, and why; the error is for the log.
func (s *Service) failImport(ctx context.Context, actor supervision.Actor, id supervision.ImportID, cause error, code, detail string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noting)
	defer cancel()
	err := s.Store.Update(ctx, actor, func(tx *store.Tx) error {
		i, err := tx.Import(id)
		if err != nil || i.State != supervision.ImportQueued {
			return err
		}
		i.State, i.Rows = supervision.ImportFailed, nil
		i.Findings = []supervision.Finding{{Line: 1, Code: code, Detail: detail}}
		return tx.PutImport(&i)
	})
	if err != nil {
		return err
	}
	return cause
}
