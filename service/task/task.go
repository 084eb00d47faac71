// Package task holds the bells of the house: plain structs, enqueued in the transaction that causes the work. A task says
// that something may have to be done; what is true stands in the rows. Tasks may run twice, late, or on another machine.
package task

import "kreds/supervision"

// The queues beside the default one: what waits for outside calendars, and what computes for long.
const (
	Calendars = "calendars"
	Plans     = "plans"
)

// Sync asks for a connection to be read. Unique: the row says how often it was wanted.
type Sync struct {
	Tenant     supervision.TenantID     `json:"tenant"`
	Connection supervision.ConnectionID `json:"connection"`
}

// Kind names the task.
func (Sync) Kind() string { return "sync" }

// Queue names where it is worked.
func (Sync) Queue() string { return Calendars }

// Unique says that one bell is enough.
func (Sync) Unique() bool { return true }

// Refresh asks for the calendars of a session's people to be read again before its revision is confirmed.
type Refresh struct {
	Tenant   supervision.TenantID  `json:"tenant"`
	Session  supervision.SessionID `json:"session"`
	Revision int                   `json:"revision"`
}

// Kind names the task.
func (Refresh) Kind() string { return "refresh" }

// Queue names where it is worked.
func (Refresh) Queue() string { return Calendars }

// Confirm asks for a revision of a session to be confirmed, if all guards hold.
type Confirm struct {
	Tenant   supervision.TenantID  `json:"tenant"`
	Session  supervision.SessionID `json:"session"`
	Revision int                   `json:"revision"`
}

// Kind names the task.
func (Confirm) Kind() string { return "confirm" }

// Recheck asks whether the sessions of a person that lie ahead still keep the law.
type Recheck struct {
	Tenant supervision.TenantID `json:"tenant"`
	Person supervision.PersonID `json:"person"`
}

// Kind names the task.
func (Recheck) Kind() string { return "recheck" }

// Deliver asks for a session to be written into a person's calendar as it shall stand there. Unique, as Sync.
type Deliver struct {
	Tenant  supervision.TenantID  `json:"tenant"`
	Session supervision.SessionID `json:"session"`
	Person  supervision.PersonID  `json:"person"`
}

// Kind names the task.
func (Deliver) Kind() string { return "deliver" }

// Queue names where it is worked.
func (Deliver) Queue() string { return Calendars }

// Unique says that one bell is enough.
func (Deliver) Unique() bool { return true }

// Render asks for a person's feed to be rendered anew. Unique, as Sync.
type Render struct {
	Tenant supervision.TenantID `json:"tenant"`
	Person supervision.PersonID `json:"person"`
}

// Kind names the task.
func (Render) Kind() string { return "render" }

// Unique says that one bell is enough.
func (Render) Unique() bool { return true }

// Solve asks for a plan run to be run.
type Solve struct {
	Tenant supervision.TenantID `json:"tenant"`
	Run    supervision.RunID    `json:"run"`
}

// Kind names the task.
func (Solve) Kind() string { return "solve" }

// Queue names where it is worked.
func (Solve) Queue() string { return Plans }

// Import asks for an import to be checked and, if it shall be, applied.
type Import struct {
	Tenant supervision.TenantID `json:"tenant"`
	Import supervision.ImportID `json:"import"`
}

// Kind names the task.
func (Import) Kind() string { return "import" }

// Sweep asks for every bell that was lost to be rung again. It comes each minute.
type Sweep struct{}

// Kind names the task.
func (Sweep) Kind() string { return "sweep" }
