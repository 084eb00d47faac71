package store

import "kreds/supervision"

type importRow struct {
	Of        owned                `gorm:"embedded"`
	ID        supervision.ImportID `gorm:"primaryKey"`
	Kind      string
	Whole     bool
	Apply     bool
	Confirmed bool
	State     string
	Rows      doc[[]supervision.ImportRow]
	Findings  doc[[]supervision.Finding]
	Created   int
	Updated   int
	Unchanged int
	Ended     int
	IDs       doc[map[string]supervision.UUID] `gorm:"column:ids"`
	Maker     supervision.UUID
	Actor     doc[supervision.Actor]
	MadeAt    instant
	Version   int
}

func (importRow) TableName() string { return "import" }

// PutImport writes an import over the version it has and raises it; version 0 is new.
func (tx *Tx) PutImport(i *supervision.Import) error {
	i.Version++
	return named(tx.put(&importRow{tx.owned(), i.ID, string(i.Kind), i.Full, i.Apply, i.Confirmed, string(i.State), docOf(orEmpty(i.Rows)), docOf(orEmpty(i.Findings)),
		i.Created, i.Updated, i.Unchanged, i.Ended, docOf(i.IDs), i.Actor.Viewer(), docOf(i.Actor), at(i.MadeAt), i.Version}, i.ID.Any(), i.Version))
}

// Import returns one import.
func (tx *Tx) Import(id supervision.ImportID) (supervision.Import, error) {
	r, err := first[importRow](tx.from("import").Where("t.id = ?", id))
	return supervision.Import{ID: r.ID, Kind: supervision.ImportKind(r.Kind), Full: r.Whole, Apply: r.Apply, Confirmed: r.Confirmed, State: supervision.ImportState(r.State),
		Rows: r.Rows.v, Findings: r.Findings.v, Created: r.Created, Updated: r.Updated, Unchanged: r.Unchanged, Ended: r.Ended, IDs: r.IDs.v,
		Actor: r.Actor.v, MadeAt: r.MadeAt.get(), Version: r.Version}, err
}

type jobRow struct {
	Of         owned             `gorm:"embedded"`
	ID         supervision.JobID `gorm:"primaryKey"`
	Kind       string
	Subject    supervision.UUID
	Wanted     int
	State      string
	FaultCode  string
	FaultText  string
	Retryable  bool
	PersonID   supervision.PersonID
	MadeAt     instant
	FinishedAt instant
	Version    int
}

func (jobRow) TableName() string { return "job" }

func (r jobRow) job() supervision.Job {
	return supervision.Job{ID: r.ID, Kind: r.Kind, Subject: r.Subject, Wanted: r.Wanted, State: r.State, FaultCode: r.FaultCode, FaultText: r.FaultText,
		Retryable: r.Retryable, Person: r.PersonID, MadeAt: r.MadeAt.get(), FinishedAt: r.FinishedAt.get(), Version: r.Version}
}

// PutJob writes a job over the version it has and raises it; version 0 is new.
func (tx *Tx) PutJob(j *supervision.Job) error {
	j.Version++
	return named(tx.put(&jobRow{tx.owned(), j.ID, j.Kind, j.Subject, j.Wanted, j.State, j.FaultCode, j.FaultText, j.Retryable, j.Person, at(j.MadeAt),
		at(j.FinishedAt), j.Version}, j.ID.Any(), j.Version))
}

// Job returns one job.
func (tx *Tx) Job(id supervision.JobID) (supervision.Job, error) {
	r, err := first[jobRow](tx.from("job").Where("t.id = ?", id))
	return r.job(), err
}

// OpenJobs lists the unfinished jobs on a subject.
func (tx *Tx) OpenJobs(subject supervision.UUID) ([]supervision.Job, error) {
	rows, err := many[jobRow](tx.from("job").Where("t.subject = ? AND t.state IN ('queued', 'running')", subject).Order("t.id"))
	return each(rows, err, jobRow.job)
}

// JobFilter narrows a list of jobs.
type JobFilter struct {
	Kind  string
	State []string
}

// ListJobs is a page of those that the actor may see.
func (tx *Tx) ListJobs(f JobFilter, p Page) ([]supervision.Job, error) {
	q := tx.visible(tx.from("job"), Jobs, "listJobs")
	if f.Kind != "" {
		q = q.Where("t.kind = ?", f.Kind)
	}
	if len(f.State) > 0 {
		q = q.Where("t.state IN ?", f.State)
	}
	rows, err := many[jobRow](p.byID(q))
	return each(rows, err, jobRow.job)
}

type auditRow struct {
	Of         owned               `gorm:"embedded"`
	ID         supervision.AuditID `gorm:"primaryKey"`
	At         instant
	PersonID   supervision.PersonID
	TokenID    supervision.TokenID
	Via        string
	Action     string
	ObjectKind string
	Object     supervision.UUID
	Outcome    string
	Request    supervision.UUID
	Note       string
}

func (auditRow) TableName() string { return "audit_entry" }

// Audit notes a step that was taken or refused, in the transaction of its effect, with a word of who took it.
func (tx *Tx) Audit(a supervision.Action, n Noun, object supervision.UUID, outcome string, request supervision.UUID, note string) error {
	return tx.insert(&auditRow{tx.owned(), supervision.AuditID(tx.s.newID()), at(tx.now), tx.actor.Person, tx.actor.Token, string(tx.actor.Kind), string(a),
		n.Name(), object, outcome, request, note})
}

// RefusalsSince counts what the actor was refused from an instant on, by whatever token of theirs.
func (tx *Tx) RefusalsSince(since supervision.Instant) (int, error) {
	who, id := "t.person_id = ?", tx.actor.Person.Any()
	if id.IsZero() {
		who, id = "t.token_id = ?", tx.actor.Token.Any()
	}
	return count(tx.from("audit_entry").Where("t.at >= ? AND t.outcome = 'refused'", at(since)).Where(who, id))
}

// AuditFilter narrows a list of audit entries.
type AuditFilter struct {
	From, To supervision.Instant // half-open
	Person   supervision.PersonID
	Object   supervision.UUID
	Action   supervision.Action
}

// ListAudit is a page, by time, of those that the actor may see.
func (tx *Tx) ListAudit(f AuditFilter, p Page) ([]supervision.Audit, error) {
	q := tx.visible(tx.from("audit_entry"), Audits, "listAuditEntries")
	if !f.From.IsZero() {
		q = q.Where("t.at >= ?", at(f.From))
	}
	if !f.To.IsZero() {
		q = q.Where("t.at < ?", at(f.To))
	}
	if !f.Person.IsZero() {
		q = q.Where("t.person_id = ?", f.Person)
	}
	if !f.Object.IsZero() {
		q = q.Where("t.object = ?", f.Object)
	}
	if f.Action != "" {
		q = q.Where("t.action = ?", f.Action)
	}
	rows, err := many[auditRow](p.by(q, "t.at", at(p.Start)))
	return each(rows, err, func(r auditRow) supervision.Audit {
		return supervision.Audit{ID: r.ID, At: r.At.get(), Actor: supervision.Actor{Tenant: r.Of.Tenant, Person: r.PersonID, Token: r.TokenID, Kind: supervision.ActorKind(r.Via)},
			Action: supervision.Action(r.Action), ObjectKind: r.ObjectKind, Object: r.Object, Outcome: r.Outcome, Request: r.Request, Note: r.Note}
	})
}
