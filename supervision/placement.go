package supervision

// Placement is a mentor's seat in a cycle, made by the first publication that names the mentor.
type Placement struct {
	ID         PlacementID
	Cycle      CycleID
	Mentor     PersonID
	Group      GroupID // closed groups only
	State      PlacementState
	Objection  []byte // sealed with the mentor's key
	ProposedAt Instant
	AnsweredAt Instant // zero: not answered
	Version    int
}

// PlacementState is where a placement stands.
type PlacementState string

const (
	PlacementProposed  PlacementState = "proposed"
	PlacementAccepted  PlacementState = "accepted"
	PlacementObjected  PlacementState = "objected"
	PlacementWithdrawn PlacementState = "withdrawn"
)
