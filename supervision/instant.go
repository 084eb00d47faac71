package supervision

import "time"

// Instant is a point of time in UTC, cut to microseconds, which both databases hold. The zero Instant means "not yet".
type Instant = time.Time

// At cuts t to an Instant.
func At(t time.Time) Instant { return t.UTC().Truncate(time.Microsecond) }
