package planning

import (
	"context"

	"kreds/scheduling"
	"kreds/scheduling/check"
	"kreds/service"
	"kreds/store"
	"kreds/supervision"
)

// PlanFile is a plan in the words of the instance that its run was given, as a file of the published format. Like the
// instance it is for those who may read that: it names nobody, but it fits a file that holds busy time.
func (s *Service) PlanFile(ctx context.Context, c service.Call, id supervision.PlanID) (scheduling.Plan, error) {
	out, err := service.Act(ctx, s.House, c, service.Step[scheduling.Plan]{
		May: func(tx *store.Tx) (service.Target, error) {
			plan, err := tx.Plan(id)
			if err != nil {
				return service.Target{}, err
			}
			return on(tx, store.Runs, "getPlanRunInstance", plan.Run.Any())
		},
		Act: func(tx *store.Tx) (file scheduling.Plan, err error) {
			plan, err := tx.Plan(id)
			if err != nil {
				return file, err
			}
			j := &runJob{}
			if j.run, err = tx.Run(plan.Run); err != nil {
				return file, err
			}
			sealed, mapping, _, err := tx.Instance(plan.Run)
			if err != nil {
				return file, err
			}
			if err := s.reopen(tx, j, sealed, mapping); err != nil {
				return file, err
			}
			sessions, err := tx.PlanSessions(id)
			if err != nil {
				return file, err
			}
			file = j.built.Plan(sessions, plan.Unassigned)
			file.Seed, file.Iterations = j.run.Seed, j.run.Done
			file.Score = check.Check(j.built.Problem, &file).Score
			return file, nil
		},
	})
	return out.Value, err
}
