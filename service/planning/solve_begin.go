package planning

import (
	"bytes"
	"context"
	"encoding/json"

	"kreds/instance"
	"kreds/scheduling"
	"kreds/store"
	"kreds/supervision"
)

// runJob is one run at work.
type runJob struct {
	run   supervision.Run
	built instance.Built
	basis int
}

// begin reads the facts of a queued run and keeps its instance; of one that a dead worker left behind it opens the one that
// was kept. It returns nil when there is nothing to do any more.
func (s *Service) begin(ctx context.Context, actor supervision.Actor, id supervision.RunID) (*runJob, error) {
	var job *runJob
	var invalid error
	err := s.Store.Update(ctx, actor, func(tx *store.Tx) error {
		job, invalid = nil, nil
		r, err := tx.LockRun(id)
		if err != nil {
			return err
		}
		if !r.State.Active() {
			return tx.FinishJob()
		}
		if r.Stop == supervision.StopClear {
			return discard(tx, r) // a worker died before it saw that nobody wants the plan any more
		}
		j := &runJob{run: r}
		sealed, mapping, basis, err := tx.Instance(id)
		switch {
		case err == nil:
			j.basis = basis
			if err := s.reopen(tx, j, sealed, mapping); err != nil {
				return err
			}
		case supervision.KindOf(err) != supervision.NotFound:
			return err
		default:
			if invalid = s.instantiate(tx, j); supervision.KindOf(invalid) == supervision.Internal && invalid != nil {
				return invalid
			}
		}
		if j.run.State == supervision.RunQueued && invalid == nil {
			j.run.State, j.run.StartedAt = supervision.RunRunning, tx.Now()
			if err := tx.PutRun(&j.run); err != nil {
				return err
			}
		}
		job = j
		return tx.PutProgress(supervision.Progress{Run: id, Planned: budget(j.run), At: tx.Now()})
	})
	if err == nil && invalid != nil {
		return nil, s.fail(ctx, actor, id, invalid)
	}
	return job, err
}

// discard ends a run without a plan, as its caller asked.
func discard(tx *store.Tx, r supervision.Run) error {
	r.State, r.Stop, r.EndedBy, r.FinishedAt = supervision.RunStopped, supervision.StopClear, "caller", tx.Now()
	if err := tx.PutRun(&r); err != nil {
		return err
	}
	return tx.FinishJob()
}

// instantiate builds the problem of a run from today's facts and keeps it.
func (s *Service) instantiate(tx *store.Tx, j *runJob) error {
	facts, err := tx.CycleFacts(j.run.Cycle)
	if err != nil {
		return err
	}
	j.basis = facts.Cycle.Version
	facts.Weights = j.run.Weights
	if !j.run.Base.IsZero() {
		base, err := tx.PlanSessions(j.run.Base)
		if err != nil {
			return err
		}
		for _, p := range base {
			if p.Pinned.Any() {
				facts.Pins = append(facts.Pins, p)
			}
		}
		if j.run.Purpose == "replan" {
			facts.Reference = base
		}
	}
	if j.built, err = instance.Build(facts); err != nil {
		return &supervision.Error{Kind: supervision.Invalid, Code: "invalid", Detail: err.Error()}
	}
	j.built.Problem.Seed = j.run.Seed
	var text bytes.Buffer
	if err := scheduling.Encode(&text, j.built.Problem); err != nil {
		return &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: err}
	}
	mapping, err := json.Marshal(j.built.Map)
	if err != nil {
		return &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: err}
	}
	key, err := s.DataKey(tx, store.TenantKey, tx.Tenant().Any())
	if err != nil {
		return err
	}
	return tx.PutInstance(j.run.ID, key.Seal(instancePlace(tx, j.run.ID), text.Bytes()), mapping, j.basis)
}

func (s *Service) reopen(tx *store.Tx, j *runJob, sealed, mapping []byte) error {
	text, err := s.Open(tx, instancePlace(tx, j.run.ID), sealed)
	if err != nil {
		return err
	}
	problem, err := scheduling.Decode(bytes.NewReader(text))
	if err != nil {
		return &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: err}
	}
	j.built = instance.Built{Problem: problem, Map: &instance.Mapping{}}
	if err := json.Unmarshal(mapping, j.built.Map); err != nil {
		return &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: err}
	}
	return nil
}
