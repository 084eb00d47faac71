package service

import (
	"log/slog"
	"time"

	"kreds/internal/seal"
	"kreds/store"
	"kreds/supervision"
)

// House is what every use case works with. Clock and ids are fields, so that a test sets them.
type House struct {
	Store   *store.Store
	Masters *seal.Masters
	Now     func() time.Time
	// NewID makes ids that tell their time of making (UUIDv7).
	NewID func() supervision.UUID
	Log   *slog.Logger
	// BaseURL is the address by which the installation is reached, without a slash at the end.
	BaseURL string
}

// New makes an id of a kind.
func New[ID ~[16]byte](h *House) ID { return ID(h.NewID()) }

// Task is the actor of work that nobody's request waits for.
func Task(t supervision.TenantID) supervision.Actor {
	return supervision.Actor{Tenant: t, Kind: supervision.ByTask}
}

// Command is the actor of a command on the machine itself.
func Command(t supervision.TenantID) supervision.Actor {
	return supervision.Actor{Tenant: t, Kind: supervision.ByCommand}
}
