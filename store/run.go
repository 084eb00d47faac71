package store

import (
	"encoding/json"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"kreds/supervision"
)

type runRow struct {
	Of         owned             `gorm:"embedded"`
	ID         supervision.RunID `gorm:"primaryKey"`
	CycleID    supervision.CycleID
	Purpose    string
	BasePlan   supervision.PlanID
	Seed       int64
	Chains     int
	Iterations doc[[]int]
	Deadline   int
	Weights    doc[map[string]int]
	State      string
	Plans      doc[[]supervision.PlanID]
	Score      doc[*supervision.Score]
	Done       doc[[]int]
	EndedBy    string
	Stop       string
	FaultCode  string
	FaultText  string
	MadeBy     supervision.PersonID
	MadeAt     instant
	StartedAt  instant
	FinishedAt instant
	Version    int
}

func (runRow) TableName() string { return "plan_run" }

func (r runRow) run() supervision.Run {
	return supervision.Run{ID: r.ID, Cycle: r.CycleID, Purpose: r.Purpose, Base: r.BasePlan, Seed: uint64(r.Seed), Chains: r.Chains,
		Iterations: r.Iterations.v, Deadline: r.Deadline, Weights: r.Weights.v, State: supervision.RunState(r.State), Plans: r.Plans.v,
		Score: r.Score.v, Done: r.Done.v, EndedBy: r.EndedBy, Stop: supervision.Stop(r.Stop), FaultCode: r.FaultCode, FaultText: r.FaultText,
		MadeBy: r.MadeBy, MadeAt: r.MadeAt.get(), StartedAt: r.StartedAt.get(), FinishedAt: r.FinishedAt.get(), Version: r.Version}
}

// PutRun writes a run over the version it has and raises it; version 0 is new. A second active run of a cycle is refused.
func (tx *Tx) PutRun(x *supervision.Run) error {
	x.Version++
	err := tx.put(&runRow{tx.owned(), x.ID, x.Cycle, x.Purpose, x.Base, int64(x.Seed), x.Chains, docOf(orEmpty(x.Iterations)), x.Deadline,
		docOf(x.Weights), string(x.State), docOf(orEmpty(x.Plans)), docOf(x.Score), docOf(orEmpty(x.Done)), x.EndedBy, string(x.Stop),
		x.FaultCode, x.FaultText, x.MadeBy, at(x.MadeAt), at(x.StartedAt), at(x.FinishedAt), x.Version}, x.ID.Any(), x.Version)
	if duplicate(err) {
		return supervision.Fault(supervision.Conflict, "run-active", "The planner is already at work on this cycle. Wait for it, or cancel it.")
	}
	return named(err)
}

// Run returns one run.
func (tx *Tx) Run(id supervision.RunID) (supervision.Run, error) {
	r, err := first[runRow](tx.from("plan_run").Where("t.id = ?", id))
	return r.run(), err
}

// LockRun returns a run that nobody else changes until the transaction ends. It is locked after people, sessions and cycle.
func (tx *Tx) LockRun(id supervision.RunID) (supervision.Run, error) {
	r, err := first[runRow](tx.lockedRun().Where("t.id = ?", id))
	return r.run(), err
}

// LockActiveRuns returns the runs of a cycle that are under way, locked as by LockRun.
func (tx *Tx) LockActiveRuns(cycle supervision.CycleID) ([]supervision.Run, error) {
	rows, err := many[runRow](tx.lockedRun().Where("t.cycle_id = ? AND t.state IN ('queued', 'running')", cycle).Order("t.id"))
	return each(rows, err, runRow.run)
}

func (tx *Tx) lockedRun() *gorm.DB {
	q := tx.from("plan_run")
	if !tx.s.sqlite {
		q = q.Clauses(clause.Locking{Strength: "NO KEY UPDATE"})
	}
	return q
}

// RunFilter narrows a list of runs.
type RunFilter struct {
	Cycle supervision.CycleID
	State []supervision.RunState
}

// ListRuns is a page of those that the actor may see.
func (tx *Tx) ListRuns(f RunFilter, p Page) ([]supervision.Run, error) {
	q := tx.visible(tx.from("plan_run"), Runs, "listPlanRuns")
	if !f.Cycle.IsZero() {
		q = q.Where("t.cycle_id = ?", f.Cycle)
	}
	if len(f.State) > 0 {
		q = q.Where("t.state IN ?", f.State)
	}
	rows, err := many[runRow](p.byID(q))
	return each(rows, err, runRow.run)
}

// StalledRuns lists the active runs whose progress is older than an instant, or that have none and were made before it.
func (tx *Tx) StalledRuns(before supervision.Instant) ([]supervision.RunID, error) {
	var of []supervision.RunID
	err := tx.from("plan_run").Joins("LEFT JOIN plan_run_progress p ON p.tenant = t.tenant AND p.run_id = t.id").
		Where("t.state IN ('queued', 'running') AND coalesce(p.at, t.made_at) < ?", at(before)).Order("t.id").Pluck("t.id", &of).Error
	return of, classify(err)
}

type progressRow struct {
	Of         owned             `gorm:"embedded"`
	RunID      supervision.RunID `gorm:"primaryKey"`
	Iterations int
	Planned    int
	Score      doc[*supervision.Score]
	At         instant
}

func (progressRow) TableName() string { return "plan_run_progress" }

// PutProgress writes how far a run is.
func (tx *Tx) PutProgress(p supervision.Progress) error {
	return tx.upsert(&progressRow{tx.owned(), p.Run, p.Iterations, p.Planned, docOf(p.Score), at(p.At)})
}

// Progress says how far a run is; a run that has not begun is at nothing.
func (tx *Tx) Progress(run supervision.RunID) (supervision.Progress, error) {
	r, err := first[progressRow](tx.from("plan_run_progress").Where("t.run_id = ?", run))
	if supervision.KindOf(err) == supervision.NotFound && err != nil {
		return supervision.Progress{Run: run}, nil
	}
	return supervision.Progress{Run: run, Iterations: r.Iterations, Planned: r.Planned, Score: r.Score.v, At: r.At.get()}, err
}

type instanceRow struct {
	Of       owned             `gorm:"embedded"`
	RunID    supervision.RunID `gorm:"primaryKey"`
	Instance []byte
	Mapping  doc[json.RawMessage]
	Basis    int
}

func (instanceRow) TableName() string { return "plan_instance" }

// PutInstance keeps what a run's planner was given: the sealed instance, the mapping of its names, and the cycle's version.
func (tx *Tx) PutInstance(run supervision.RunID, sealed, mapping []byte, basis int) error {
	return tx.upsert(&instanceRow{tx.owned(), run, sealed, docOf(json.RawMessage(mapping)), basis})
}

// Instance returns what a run's planner was given.
func (tx *Tx) Instance(run supervision.RunID) (sealed, mapping []byte, basis int, err error) {
	r, err := first[instanceRow](tx.from("plan_instance").Where("t.run_id = ?", run))
	return r.Instance, r.Mapping.v, r.Basis, err
}
