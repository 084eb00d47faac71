package planning

import (
	"context"

	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

type seenTemplate = service.Seen[supervision.Template]

// ListTemplates is a page of the templates that the actor may see, and whether there are more.
func (s *Service) ListTemplates(ctx context.Context, actor supervision.Actor, p store.Page) (list []seenTemplate, more bool, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		rows, err := tx.ListTemplates(p)
		if err != nil {
			return err
		}
		rows, more = store.Cut(rows, p.Size)
		list, err = service.SeenAll(tx, store.Templates, "listCycleTemplates", rows, func(t supervision.Template) supervision.UUID { return t.ID.Any() })
		return err
	})
	return list, more, err
}

// GetTemplate returns one template.
func (s *Service) GetTemplate(ctx context.Context, actor supervision.Actor, id supervision.TemplateID) (seen seenTemplate, err error) {
	err = s.Store.View(ctx, actor, func(tx *store.Tx) error {
		seen, err = s.template(tx, id)
		return err
	})
	return seen, err
}

func (s *Service) template(tx *store.Tx, id supervision.TemplateID) (seen seenTemplate, err error) {
	if seen.View, err = tx.See(store.Templates, "getCycleTemplate", id.Any()); err != nil {
		return seen, err
	}
	seen.Object, err = tx.Template(id)
	return seen, err
}

// CreateTemplate adds a template. It belongs to the tenant, names nobody, and never changes.
func (s *Service) CreateTemplate(ctx context.Context, c service.Call, t supervision.Template) (service.Outcome[seenTemplate], error) {
	return service.Act(ctx, s.House, c, service.Step[seenTemplate]{
		May: func(tx *store.Tx) (service.Target, error) {
			_, err := tx.MayOn("createCycleTemplate", tx.Tenant().Any())
			return service.Target{Noun: store.Templates}, err
		},
		Act: func(tx *store.Tx) (seenTemplate, error) {
			t := t
			t.ID, t.Name, t.BuiltIn, t.Format = service.New[supervision.TemplateID](s.House), service.Tidy(t.Name), false, supervision.FormatOf(t.Steps)
			var f supervision.Faults
			supervision.CheckSteps(t.Steps, &f, "/rounds")
			if err := f.Err(); err != nil {
				return seenTemplate{}, err
			}
			t.Steps = dated(t.Steps)
			if err := tx.PutTemplate(t); err != nil {
				return seenTemplate{}, err
			}
			return s.template(tx, t.ID)
		},
		Made: func(x seenTemplate) supervision.UUID { return x.Object.ID.Any() },
	})
}

// dated gives introductions that say nothing of it their one date.
func dated(steps []supervision.TemplateStep) []supervision.TemplateStep {
	out := make([]supervision.TemplateStep, len(steps))
	for i, step := range steps {
		if step.Kind == supervision.KindIntroduction {
			step.Dates = max(1, step.Dates)
		}
		out[i] = step
	}
	return out
}
