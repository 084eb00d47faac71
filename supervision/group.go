package supervision

// Group is a group of mentors and their supervisor who meet through a cycle.
type Group struct {
	ID         GroupID
	Cycle      CycleID
	Number     int // from 1, in the cycle
	Supervisor PersonID
	Members    []PersonID
	Language   string
	State      GroupState
	MadeOn     Date
	Version    int
}

// GroupState is where a group stands.
type GroupState string

const (
	GroupOffered   GroupState = "offered"
	GroupActive    GroupState = "active"
	GroupDissolved GroupState = "dissolved"
)
